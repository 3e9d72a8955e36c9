"""Falsification runs against routes that share no code with them."""

from dataclasses import replace

import numpy as np
import pytest

import iomodel as iom
from iomodel.studies.derivation import Derivation
from iomodel.studies.placebo import Placebo, placebo, placebo_lines, placebo_record
from tests.studies import recomputation as plain

FILM = "87144"


@pytest.fixture(scope="module")
def china() -> iom.IOTable:
    table: iom.IOTable = iom.read(iom.example("china-2020"))
    return table


@pytest.fixture(scope="module")
def derivation(china: iom.IOTable) -> Derivation:
    return iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)


@pytest.fixture(scope="module")
def found(derivation: Derivation, china: iom.IOTable) -> Placebo:
    return placebo(derivation, china, permutations=99)


def row(found: Placebo, start: str) -> dict[str, float]:
    name = next(name for name in found.rows.index if str(name).startswith(start))
    return {str(scope): float(value) for scope, value in found.rows.loc[name].items()}


def test_a_sector_of_the_table_through_insert(
    found: Placebo, derivation: Derivation, china: iom.IOTable
) -> None:
    """Inserted as if it were new, with its own column: the same ratio, pattern by pattern."""
    account = derivation.account
    table = iom.full_time(
        derivation.local,
        farming=account.value("fte_agriculture"),
        productivity=account.value("productivity_drift"),
    )
    j = china.labels.codes.index(FILM)
    jobs = table.satellite("employment")
    e = jobs.intensity(table.flows.output, price_year=2020)[:, j] * jobs.unit_value
    flows = china.flows
    shares = dict(zip(china.labels.codes, flows.intermediate[:, j] / flows.output[j], strict=True))
    pay = table.flows.primary_inputs[table.primary_labels.in_group("compensation"), j]
    ratios = []
    for level in e:
        sector = iom.NewSector(
            code="new", output=1e9, purchases={k: float(v) for k, v in shares.items()},
            labour_income=float(pay[0] / flows.output[j]), basis="fte",
            levels={"employment": float(level * 1e9 / table.meta.unit_size)},
        )  # fmt: skip
        model = iom.leontief(iom.insert(table, sector))
        closed = iom.close_households(model, propensity=account.respending)
        ratios.append([iom.channels(one, direct="new").ratio.to_numpy() for one in (model, closed)])
    both = [np.mean([ratios[k][i][k] for k in range(len(e))]) for i in (0, 1)]
    told = row(found, FILM)
    assert [told["supply"], told["supply+households"]] == pytest.approx(both, rel=1e-9)


def test_the_industry_itself_is_the_derivation(found: Placebo, derivation: Derivation) -> None:
    told = row(found, "the industry")
    for scope in derivation.central:
        assert told[str(scope)] == pytest.approx(derivation.central[scope].mean(), rel=1e-12)


def test_permutations_keep_the_staff_and_the_seed(
    found: Placebo, derivation: Derivation, china: iom.IOTable
) -> None:
    again = placebo(derivation, china, permutations=99)
    assert again.rows.equals(found.rows)
    other = placebo(derivation, china, permutations=99, seed=2)
    assert not other.rows.equals(found.rows)
    low, high = row(found, "permuted labour, 5"), row(found, "permuted labour, 95")
    staff = derivation.by_channel["platform_staff"].mean()
    assert low["chain"] > staff
    assert high["chain"] > low["chain"]


def test_one_permutation_by_hand(derivation: Derivation, china: iom.IOTable) -> None:
    """Jobs of the scope all with exchanged coefficients, from destinations of the derivation."""
    told = placebo(derivation, china, permutations=1, seed=5).rows
    table = derivation.table
    jobs = table.satellite("employment")
    e = jobs.intensity(table.flows.output, price_year=2020)[0]
    order = np.random.default_rng(5).permutation(153)
    reached = derivation.destinations.loc["census2020"].to_numpy()
    ratio = (reached[:153] / e[:153]) @ e[:153][order] + reached[153]
    assert told.loc["permuted labour, median", "all"] == pytest.approx(ratio, rel=1e-10)


def test_imports_taken_as_domestic_are_refused_and_raise_every_scope(
    found: Placebo, derivation: Derivation
) -> None:
    told = row(found, "competitive table forced")
    assert "is competitive: separate imports first" in found.refusal
    for scope in derivation.central:
        assert told[str(scope)] > derivation.central[scope].mean()


def test_the_table_of_2018_by_the_second_route(
    found: Placebo, derivation: Derivation, china: iom.IOTable
) -> None:
    """Bordered systems from the two workbooks alone, and the base codes of another year."""
    table, _, study = plain.read(plain.TABLE.with_name("china_2018.xlsx"), plain.STUDY)
    model = plain.economy(table, study, plain.proportional(table))
    direct = plain.direct_labour(study)["fte"]
    value = study.value
    staff = value["p_staff"] / (value["p_wage"] * value["p_on_cost"]) * 1e3
    jobs = [plain.labour(table, study, pattern) for pattern in plain.PATTERNS]
    told = row(found, "table of 2018")
    for scope in plain.SCOPES:
        respent = scope in ("chain+households", "all")
        matrix = np.eye(plain.FIRST + len(table.codes)) - plain.bordered(model, respent)
        output = np.linalg.solve(matrix, plain.demand(model, scope))
        count = [e @ output[plain.FIRST :] + staff * output[plain.P] for e in jobs]
        assert told[scope] == pytest.approx(np.mean(count) / direct, rel=1e-10)
    other = iom.read(iom.example("china-2018"))
    given = placebo(derivation, china, permutations=1, other=other)
    assert row(given, "table of 2018") == pytest.approx(told, nan_ok=True)


@pytest.mark.parametrize(
    ("base", "words"), [("", "the study names none"), ("china-1987", "no embedded workbook")]
)
def test_no_table_of_another_year(
    derivation: Derivation, china: iom.IOTable, base: str, words: str
) -> None:
    without = replace(derivation, account=replace(derivation.account, placebo_base=base))
    told = placebo(without, china, permutations=1)
    assert not any(str(name).startswith("table of") for name in told.rows.index)
    assert words in told.other_base
    assert words in placebo_record(told)["table of another year"]
    assert words in "".join(placebo_lines(told))
    assert words in str(told.facts())


def test_an_unknown_placebo(derivation: Derivation, china: iom.IOTable) -> None:
    with pytest.raises(iom.LabelError, match="99999"):
        placebo(derivation, china, sectors=["99999"], permutations=1)


def test_record_and_lines_hold_every_run(found: Placebo) -> None:
    told = placebo_record(found)["ratios"]
    assert list(told) == list(found.rows.index)
    assert set(told[next(k for k in told if k.startswith(FILM))]) == {"supply", "supply+households"}
    assert len(list(placebo_lines(found))) == len(found.rows) + 3
    assert "Falsification" in repr(found)
