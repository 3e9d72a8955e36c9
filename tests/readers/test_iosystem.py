"""Tables from pymrio's systems: what comes over, and what is refused."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.readers import systems
from tests.readers.systems import changed, system


def test_every_part_of_a_system_has_its_place() -> None:
    table = iom.from_pymrio(system(), year=2010, valuation="basic prices")
    flows, emissions = table.flows, table.satellite("emissions")
    np.testing.assert_array_equal(flows.intermediate, systems.Z)
    np.testing.assert_array_equal(flows.final_demand, systems.Y)
    np.testing.assert_array_equal(flows.output, systems.X)
    np.testing.assert_array_equal(flows.primary_inputs[0], systems.TAXES)
    np.testing.assert_array_equal(flows.final_primary[0], systems.TAXES_Y)
    np.testing.assert_array_equal(emissions.values, systems.F)
    np.testing.assert_array_equal(emissions.final, systems.F_Y)
    assert emissions.rows.codes == ("co2 | air", "energy | ", "co2 | water")
    assert (emissions.unit, emissions.units) == ("", ("kg", "TJ", "kg"))
    assert table.labels.regions == ("reg1", "reg1", "reg2", "reg2")
    assert table.labels.codes == ("food", "mining") * 2
    assert table.final_labels.regions == ("reg1", "reg1", "reg2", "reg2")
    assert table.final_labels.groups == ("household", "capital formation") * 2
    assert table.primary_labels.codes == ("Taxes", "Value Added")
    meta = table.meta
    assert (meta.title, meta.unit, meta.unit_size, meta.currency) == (
        "made",
        "Mill USD",
        1e6,
        "USD",
    )
    assert (meta.year, meta.price_year, meta.kind) == (2010, 2010, "product")
    assert meta.import_treatment == "domestic"
    assert table.check().ok


def test_labels_and_not_positions_count() -> None:
    whole, other = system(), system()
    other.Z = other.Z.iloc[:, ::-1]
    other.Y, other.x, other.unit = other.Y.iloc[::-1], other.x.iloc[[2, 0, 1, 3]], other.unit[::-1]
    part = other.emissions
    part.F, part.F_Y, part.unit = part.F.iloc[:, [3, 1, 0, 2]], part.F_Y.iloc[::-1], part.unit[::-1]
    one, two = iom.from_pymrio(whole), iom.from_pymrio(other)
    pd.testing.assert_frame_equal(one.intermediate, two.intermediate)
    pd.testing.assert_frame_equal(one.final_demand, two.final_demand)
    pd.testing.assert_series_equal(one.output, two.output)
    for account in (one.satellite("emissions"), two.satellite("emissions")):
        np.testing.assert_array_equal(account.values, systems.F)
        np.testing.assert_array_equal(account.final, systems.F_Y)
        assert account.units == ("kg", "TJ", "kg")


def test_output_is_the_sum_of_the_row_where_there_is_none() -> None:
    table = iom.from_pymrio(system(x=None))
    np.testing.assert_array_equal(table.flows.output, systems.X)


@pytest.mark.parametrize("kept", [True, False])
def test_value_added_is_what_is_left_where_no_extension_has_it(kept: bool) -> None:
    whole = system()
    if not kept:
        del whole.factor_inputs
    table = iom.from_pymrio(whole, primary_inputs="" if kept else None)
    np.testing.assert_array_equal(table.flows.primary_inputs, [systems.X - systems.Z.sum(axis=0)])
    assert table.primary_labels.codes == ("value_added",)
    assert "value_added(output less intermediate inputs)" in table.meta.provenance
    assert ("factor_inputs" in table.satellites) is kept


def test_an_extension_in_other_units_is_not_taken_for_value_added() -> None:
    inputs = system().factor_inputs.F.index
    other = systems.units([systems.UNIT, "persons"], inputs)
    table = iom.from_pymrio(changed("factor_inputs", unit=other))
    assert table.primary_labels.codes == ("value_added",)
    assert table.satellite("factor_inputs").units == (systems.UNIT, "persons")
    with pytest.raises(iom.AccountingError, match="rows in Mill USD, persons, the flows are in"):
        iom.from_pymrio(changed("factor_inputs", unit=other), primary_inputs="factor_inputs")
    with pytest.raises(iom.LabelError, match="no extension 'labour'; it has: factor_inputs, emis"):
        iom.from_pymrio(system(), primary_inputs="labour")


def test_a_wrong_unit_can_be_corrected_and_roles_given() -> None:
    table = iom.from_pymrio(
        system(),
        unit="thousand USD",
        final_roles={systems.CATEGORIES[1]: "investment"},
        primary_roles={"Taxes": "product taxes"},
    )
    assert (table.meta.unit, table.meta.unit_size) == ("thousand USD", 1e3)
    assert table.final_labels.groups == ("household", "investment") * 2
    assert table.primary_labels.groups == ("product taxes", "")
    with pytest.raises(iom.LabelError, match="roles of unknown labels"):
        iom.from_pymrio(system(), primary_roles={"taxes": "product taxes"})


def test_flows_in_several_units_are_refused() -> None:
    mixed = systems.units(["Mill USD", "Mill USD", "tonnes", "TJ"], systems.ROWS)
    with pytest.raises(iom.AccountingError, match="in 3 units:\n  Mill USD: 2 rows\n  tonnes: 1"):
        iom.from_pymrio(system(unit=mixed))


@pytest.mark.parametrize("part", ["Z", "Y", "unit"])
def test_what_is_needed_is_named(part: str) -> None:
    with pytest.raises(iom.LabelError, match=f"the system has no {part}: .*calc_all"):
        iom.from_pymrio(system(**{part: None}))
    with pytest.raises(iom.LabelError, match="has no Z, Y, unit"):
        iom.from_pymrio(SimpleNamespace())


def renamed(frame: pd.DataFrame, axis: Literal[0, 1]) -> pd.DataFrame:
    found = frame.copy()
    index = found.axes[axis]
    keys = [*index[:-1], ("reg9", index[-1][1])]
    return found.set_axis(pd.MultiIndex.from_tuples(keys, names=index.names), axis=axis)


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (system(Y=renamed(system().Y, 0)), r"Y: rows differ.*\n  1 missing: \('reg2', 'mining'\)"),
        (system(Z=renamed(system().Z, 1)), "Z: columns differ"),
        (system(unit=renamed(system().unit, 0)), "unit: rows differ"),
        (changed("emissions", F=renamed(system().emissions.F, 1)), "F of 'emissions': columns"),
        (changed("emissions", F_Y=renamed(system().emissions.F_Y, 1)), "F_Y of 'emissions': col"),
        (changed("emissions", unit=system().emissions.unit[:2]), "unit of 'emissions': rows"),
        (changed("emissions", F=None), "'emissions' has no F.*calc_all"),
        (system(x=pd.DataFrame(np.ones((4, 2)), systems.ROWS)), "x has 2 columns"),
        (system(Z=system().Z.droplevel(0).droplevel(0, axis=1)), "rows of Z have 1 levels"),
        (system(Z=system().Z.iloc[[0, 0, 1, 2, 3]]), "1 rows of Z stand more than once"),
    ],
)  # fmt: skip
def test_labels_that_differ_are_named(whole: Any, said: str) -> None:
    with pytest.raises(iom.LabelError, match=said):
        iom.from_pymrio(whole)


def test_columns_of_z_that_stand_twice_are_named() -> None:
    with pytest.raises(iom.LabelError, match=r"Z: columns.*\n  1 more than once"):
        iom.from_pymrio(system(Z=system().Z.iloc[:, [0, 0, 1, 2, 3]]))


def test_missing_figures_are_refused() -> None:
    z = system().Z.copy()
    z.iloc[1, 2] = np.nan
    with pytest.raises(iom.AccountingError, match=r"intermediate\(1, 2\)"):
        iom.from_pymrio(system(Z=z))


def test_an_imbalance_warns_where_it_is_read() -> None:
    part = system().factor_inputs.F * 2
    with pytest.warns(iom.ImbalanceWarning, match="columns do not balance") as caught:
        iom.from_pymrio(changed("factor_inputs", F=part))
    assert caught[0].filename == __file__


def test_stressors_whose_names_hold_the_separator_stay_apart() -> None:
    index = pd.MultiIndex.from_tuples(
        [("co2 | fossil", "air"), ("co2", "fossil | air")], names=["stressor", "compartment"]
    )
    whole = system()
    whole.emissions = SimpleNamespace(
        name="Emissions", F=pd.DataFrame(systems.F[:2], index, systems.ROWS), F_Y=None, unit=None
    )
    rows = iom.from_pymrio(whole).satellite("emissions").rows
    assert rows.codes == ("co2 | fossil ¦ air", "co2 ¦ fossil | air")


def test_multipliers_name_all_units() -> None:
    model = iom.leontief(iom.from_pymrio(system()))
    found = iom.multipliers(model, of="emissions")
    assert found.unit == "kg, TJ per Mill USD of final demand"
    np.testing.assert_allclose(found.effect, systems.F / systems.X @ model.L.to_numpy())


# --- with pymrio: its parsers on files with made-up figures --------------------------------------


@pytest.mark.filterwarnings("ignore::iomodel.ImbalanceWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_our_reading_of_the_oecd_is_that_of_pymrio(shared: Path) -> None:
    """But for Mexico, whose parts pymrio adds up and we keep."""
    pymrio = pytest.importorskip("pymrio")
    path = shared / "data" / "corpus" / "oecd-icio-mock" / "ICIO2018_2010.CSV"
    ours, theirs = iom.read(path), iom.from_pymrio(pymrio.parse_oecd(path))
    rows = [key for key in ours.labels.index if key[0] not in {"MEX", "MX1"}]
    columns = list(ours.final_labels.index)
    for one, other, across in (
        (ours.intermediate, theirs.intermediate, rows),
        (ours.final_demand, theirs.final_demand, columns),
    ):
        np.testing.assert_allclose(one.loc[rows, across], other.loc[rows, across], rtol=1e-14)
    assert dict(zip(columns, ours.final_labels.groups, strict=True)) == dict(
        zip(theirs.final_labels.index, theirs.final_labels.groups, strict=True)
    )
    assert ours.flows.final_primary.sum() == pytest.approx(theirs.flows.final_primary.sum())


@pytest.mark.filterwarnings("ignore::iomodel.ImbalanceWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_exiobase_comes_through_pymrio(shared: Path) -> None:
    pymrio = pytest.importorskip("pymrio")
    name = "mrIOT_PxP_ita_coefficient_version2.2.2.zip"
    path = shared / "data" / "corpus" / "exiobase2-mock" / name
    system = pymrio.parse_exiobase2(path, charact=False, popvector=None)
    with pytest.raises(iom.LabelError, match=r"has no Z.*calc_all"):
        iom.from_pymrio(system)
    table = iom.from_pymrio(system.calc_all())
    assert (len(table), table.meta.unit, table.meta.unit_size) == (48, "M.EUR", 1e6)
    assert sorted(table.satellites) == ["emissions", "materials", "resources"]
    assert table.satellite("materials").unit == "Mm3"
    assert set(table.final_labels.groups) == {
        "household", "npish", "government", "capital formation", "inventories", "exports"
    }  # fmt: skip
    demand = table.final_demand.sum(axis=1)
    np.testing.assert_allclose(iom.leontief(table).solve(demand), table.output, rtol=1e-9)
