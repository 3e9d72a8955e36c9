"""The reduced coefficients of a study, by which others compute the chain anew."""

import numpy as np
import pytest

import iomodel as iom
from iomodel.studies.forward import Forward
from iomodel.studies.reduced import HOUSEHOLDS


@pytest.fixture(scope="module")
def derivation() -> iom.Derivation:
    base = iom.read(iom.example("china-2020"))
    return iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=base), base)


@pytest.fixture(scope="module")
def run(derivation: iom.Derivation) -> Forward:
    return derivation.forward


def test_groups_hold_every_item_once(run: Forward) -> None:
    bought = (*run.declared.of("purchase"), *run.declared.of("spending"))
    assert [row for group in run.groups for row in group.rows] == sorted(
        bought, key=lambda row: [(g.channel, g.buyer) for g in run.groups].index(
            (row.channel, row.sector)
        ),
    )  # fmt: skip
    places = [place for group in run.groups for place in group.places]
    assert sorted([*places, run.items[HOUSEHOLDS]]) == list(range(len(run.reach)))
    for group in run.groups:
        assert group.places == [run.items[row.item] for row in group.rows]
        assert {row.sector for row in group.rows} == {group.buyer}


def test_additional_shares_are_those_of_their_channels(run: Forward) -> None:
    assert {channel: share.text for channel, share in run.additional.items()} == {
        "e_commerce": "gmv_additional",
        "tourism": "tourism_additional",
    }


def test_reach_is_that_of_the_leontief_inverse(derivation: iom.Derivation, run: Forward) -> None:
    """A unit of household spending with numpy alone: e' (I - A)^-1 s, w' (I - A)^-1 s."""
    flows, labels = derivation.local.flows, derivation.local.labels
    used, final = flows.output, flows.final_demand
    inverse = np.linalg.inv(np.eye(len(used)) - flows.intermediate / used)
    house = derivation.local.final_labels.in_group("household")
    basket = final[:, house].sum(axis=1)
    basket = basket / (basket.sum() + flows.final_primary[:, house].sum())
    jobs = derivation.local.satellite("employment")
    scale = jobs.unit_value / derivation.local.meta.unit_size
    each = jobs.intensity(used, price_year=derivation.local.meta.price_year) * scale
    farming = np.isin(np.arange(len(used)), labels.in_group("A"))
    paid = flows.primary_inputs[derivation.local.primary_labels.in_group("compensation")].sum(
        axis=0
    )
    set_off = inverse @ basket
    wanted = [*(each * farming @ set_off), *(each * ~farming @ set_off), paid / used @ set_off]
    assert run.reach[run.items[HOUSEHOLDS]] == pytest.approx(wanted, rel=1e-10)
