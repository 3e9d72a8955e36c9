"""Aggregation of three sectors with round figures: sums, labels, what is kept and refused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, F, V, X, built, in_two_regions

LINK = {"a": "goods", "m": "goods", "s": "services"}
M = pd.Series([17.0, 46.0, 36.0], CODES)
GROWTH = np.array([1.25, 1.0, 2.0])


def jobs(**changes: Any) -> iom.Satellite:
    parts: dict[str, Any] = {
        "name": "employment",
        "rows": iom.Labels(codes=("old", "new")),
        "values": [[20.0, 30.0, 50.0], [10.0, 60.0, 0.0]],
        "unit": "persons",
        "year": 2025,
        "growth": GROWTH,
        "basis": "heads",
        "source": "census",
    }
    return iom.Satellite(**{**parts, **changes})


def competitive(**changes: Any) -> iom.IOTable:
    finals = F.assign(household=F["household"] + M)
    return built(**{"final_demand": finals, "imports": M, "unit_value": 1e6, **changes})


def test_blocks_are_sums() -> None:
    table = iom.aggregate(competitive(), LINK)
    assert table.intermediate.to_numpy().tolist() == [[130.0, 35.0], [65.0, 25.0]]
    assert dict(table.output) == {"goods": 400.0, "services": 200.0}
    assert table.imports.tolist() == [63.0, 36.0]
    assert table.final_demand.T["goods"].tolist() == [213.0, 85.0]
    assert table.primary_inputs["goods"].tolist() == [110.0, 95.0]
    assert table.value_added.sum() == V.to_numpy().sum()
    assert table.satellite("employment").values.tolist() == [[50.0, 50.0], [70.0, 0.0]]
    assert table.check().ok


def test_the_old_table_stays() -> None:
    table = competitive()
    before = table.intermediate
    iom.aggregate(table, LINK)
    pd.testing.assert_frame_equal(table.intermediate, before)


def test_facts_and_other_labels_stay_and_the_step_is_named() -> None:
    table = competitive()
    coarse = iom.aggregate(table, iom.Concordance.of(LINK, title="goods and services"))
    assert coarse.final_labels is table.final_labels
    assert coarse.primary_labels is table.primary_labels
    assert coarse.meta.import_treatment == "competitive"
    assert coarse.meta.unit_size == 1e6
    assert coarse.meta.provenance[-1] == "aggregate(3 to 2 sectors, goods and services)"


def test_targets_stand_in_the_order_of_the_concordance() -> None:
    link = iom.Concordance.of(LINK, order=["services", "goods"])
    assert iom.aggregate(competitive(), link).output.to_dict() == {"services": 200, "goods": 400}


def test_names_come_from_the_concordance_else_the_code() -> None:
    table = competitive(names={"en": ["Farms", "Mills", "Shops"], "zh": ["农", "工", "商"]})
    labels = iom.aggregate(table, LINK).labels
    assert labels.named("en") == ("goods", "Shops")
    assert labels.named("zh") == ("goods", "商")
    link = iom.Concordance.of(LINK, names={"en": {"goods": "Goods", "services": "Services"}})
    labels = iom.aggregate(table, link).labels
    assert labels.named("en") == labels.named("zh") == ("Goods", "Services")


def test_a_section_that_all_members_share_is_kept() -> None:
    assert iom.aggregate(competitive(sections=["A", "C", "S"]), LINK).labels.groups == ("", "S")
    assert iom.aggregate(competitive(sections=["A", "A", "S"]), LINK).labels.groups == ("A", "S")


def test_growth_is_weighted_by_output_and_jobs_per_carried_output_add_up() -> None:
    table = built(satellites={"employment": jobs()})
    coarse = iom.aggregate(table, LINK).satellite("employment")
    assert coarse.growth is not None
    assert coarse.growth.tolist() == [(100 * 1.25 + 300) / 400, 2.0]
    carried = np.array([400.0, 200.0]) * coarse.growth
    assert carried.sum() == (X.to_numpy() * GROWTH).sum()
    facts = coarse.unit, coarse.year, coarse.basis, coarse.source, coarse.rows.codes
    assert facts == ("persons", 2025, "heads", "census", ("old", "new"))


def test_growth_of_sectors_without_output_is_the_plain_mean() -> None:
    zero = pd.DataFrame(np.zeros((3, 3)), CODES, CODES)
    idle = built(
        intermediate=zero,
        final_demand=F.mul([0, 0, 1], axis=0),
        output=None,
        primary_inputs=None,
        satellites={"employment": jobs()},
    )
    growth = iom.aggregate(idle, LINK).satellite("employment").growth
    assert growth is not None
    assert growth.tolist() == [1.125, 2.0]


@pytest.mark.filterwarnings("ignore::iomodel.errors.IOModelWarning")
@pytest.mark.parametrize("output", [[-300.0, 300.0, 200.0], [-280.0, 300.0, 200.0]])
def test_growth_that_has_no_mean_is_refused(output: list[float]) -> None:
    table = built(output=pd.Series(output, CODES), satellites={"employment": jobs()})
    with pytest.raises(iom.AccountingError, match=r"no mean growth.*goods"):
        iom.aggregate(table, LINK)


def test_all_sectors_that_do_not_fit_are_named() -> None:
    with pytest.raises(iom.LabelError) as caught:
        iom.aggregate(competitive(), {"a": "goods", "x": "goods", "y": "services"})
    text = str(caught.value)
    assert "2 sectors without a target:\n  m\n  s" in text
    assert "2 sources that the table has not:\n  x\n  y" in text


def test_a_frame_does_and_a_path_does_not() -> None:
    frame = pd.DataFrame(list(LINK.items()))
    assert len(iom.aggregate(competitive(), frame)) == 2
    wrong: Any = "map.xlsx"
    with pytest.raises(iom.LabelError, match="read_concordance"):
        iom.aggregate(competitive(), wrong)


def test_regions_are_aggregated_by_themselves() -> None:
    flows, demand = in_two_regions()
    added = flows.sum(axis=1) + demand["household"] - flows.sum()
    primary = pd.DataFrame([added], ["compensation"], flows.index)
    table = iom.table(flows, final_demand=demand, primary_inputs=primary)
    coarse = iom.aggregate(table, {"a": "all", "m": "all"})
    assert list(coarse.output.index) == [("N", "all"), ("S", "all")]
    z = flows.to_numpy()
    assert coarse.intermediate.to_numpy().tolist() == [
        [z[:2, :2].sum(), z[:2, 2:].sum()],
        [z[2:, :2].sum(), z[2:, 2:].sum()],
    ]
    assert coarse.final_demand["household"].tolist() == [110.0, 150.0]


def test_domestic_shares_are_dropped_and_insert_says_what_to_do() -> None:
    coarse = iom.aggregate(iom.domestic(competitive(satellites=None)), LINK)
    assert coarse.domestic_shares is None
    assert coarse.certificate is None
    assert coarse.meta.import_treatment == "domestic"
    assert coarse.meta.provenance[-1].endswith("domestic shares dropped)")
    with pytest.raises(iom.AccountingError, match="insert into the table before aggregating"):
        iom.insert(coarse, newcomer("goods"))


def test_insert_takes_a_competitive_table_aggregated_first() -> None:
    table = iom.domestic(iom.aggregate(competitive(satellites=None), LINK))
    assert len(iom.insert(table, newcomer("goods"))) == 3


def test_insert_takes_a_domestic_table_without_imports() -> None:
    table = iom.aggregate(built(satellites=None, import_treatment="domestic"), LINK)
    assert len(iom.insert(table, newcomer("goods"))) == 3


def test_inserted_sectors_are_refused() -> None:
    table = iom.insert(iom.domestic(competitive(satellites=None)), newcomer("a"))
    with pytest.raises(iom.AccountingError, match="inserted sectors \\(new\\)"):
        iom.aggregate(table, {**LINK, "new": "services"})


def test_stressors_keep_their_units_and_what_final_demand_causes() -> None:
    rows = iom.Labels(codes=("co2", "energy"))
    final = np.array([[7.0, 1.0], [8.0, 0.0]])
    account = iom.Satellite(
        name="emissions",
        rows=rows,
        values=np.array([[1.0, 2, 3], [4, 5, 6]]),
        units=("kg", "TJ"),
        final=final,
    )
    table = built(satellites={"emissions": account}, import_treatment="domestic")
    coarse = iom.aggregate(table, LINK).satellite("emissions")
    assert coarse.values.sum(axis=1).tolist() == [6.0, 15.0]
    assert coarse.units == ("kg", "TJ")
    np.testing.assert_array_equal(coarse.final, final)
    new = replace(newcomer("a"), levels={"emissions": 9.0})
    with pytest.raises(iom.AccountingError, match=r"several units \(kg, TJ\), a new sector"):
        iom.insert(table, new)
    one = table.with_satellite(replace(account, units=("kg", "kg")))
    grown = iom.insert(one, new).satellite("emissions")
    assert grown.unit == "kg"
    np.testing.assert_array_equal(grown.final, np.pad(final, ((0, 0), (0, 1))))


def newcomer(supplier: str) -> iom.NewSector:
    return iom.NewSector(
        code="new", output=5e6, purchases={supplier: 0.3}, labour_income=0.4, currency="EUR"
    )
