"""Parts of the flagship: channels of every scope add up, bases keep the ratio."""

from dataclasses import replace

import numpy as np
import pytest

import iomodel as iom
from iomodel.errors import IdentityError, SpecError
from iomodel.studies.parts import bases, channel_jobs


@pytest.fixture(scope="module")
def derivation() -> iom.Derivation:
    china = iom.read(iom.example("china-2020"))
    return iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)


def test_channels_of_every_scope_add_up(derivation: iom.Derivation) -> None:
    for scope in derivation.central:
        jobs = channel_jobs(derivation, str(scope))
        ratio = jobs.sum(axis=1) / derivation.levels["direct"]
        np.testing.assert_allclose(ratio, derivation.central[scope], rtol=1e-9)
        assert (jobs != 0.0).any().all()
    assert list(channel_jobs(derivation, "supply")) == ["production_supply"]
    assert list(channel_jobs(derivation, "all")) == list(derivation.by_channel)


def test_fullest_and_headline_scopes(derivation: iom.Derivation) -> None:
    assert derivation.fullest == "all"
    assert derivation.headline == "chain+consumer"


def test_ratio_is_the_same_in_every_basis(derivation: iom.Derivation) -> None:
    frame = bases(derivation)
    labour = derivation.labour
    direct = frame.xs("direct", level="quantity")["mean"]
    assert direct["heads"] == pytest.approx(labour.heads)
    assert direct["fte"] == pytest.approx(labour.fte)
    assert direct["workdays"] == pytest.approx(labour.workdays)
    assert ("heads", "indirect") not in frame.index and ("heads", "total") not in frame.index
    ratio = frame.xs("indirect", level="quantity")["mean"] / direct.drop("heads")
    np.testing.assert_allclose(ratio, derivation.central["chain+consumer"].mean())
    assert (frame["low"] <= frame["mean"]).all() and (frame["mean"] <= frame["high"]).all()


def test_unknown_scope_is_named(derivation: iom.Derivation) -> None:
    for verb in (channel_jobs, bases):
        with pytest.raises(SpecError, match="scope 'half': the derivation has supply, chain"):
            verb(derivation, "half")


def test_channels_that_do_not_add_up_are_refused(derivation: iom.Derivation) -> None:
    levels = derivation.levels.assign(**{"indirect, chain": 1.0})
    with pytest.raises(IdentityError, match="channels of the scope chain"):
        channel_jobs(replace(derivation, levels=levels), "chain")
