"""Findings on a table: what, where, how much, what to do."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import F, V, X, Z, built

COLUMNS = ["severity", "check", "place", "code", "name", "value", "advice"]


def test_a_balanced_table_has_no_findings() -> None:
    found = built().check()
    assert found.ok
    assert found.items == ()
    assert found.residual == 0.0
    assert list(found.to_frame().columns) == COLUMNS
    assert "0 errors, 0 warnings, 0 notes" in repr(found)
    assert "Three sectors" in found.title


@pytest.mark.filterwarnings("ignore::iomodel.ImbalanceWarning")
def test_imbalances_are_findings_with_sign_and_place() -> None:
    more = pd.Series({"a": 0.0, "m": 30.0, "s": 0.0})
    found = built(output=X + more, primary_inputs=V).check()
    assert [(i.severity, i.place, i.code, i.value) for i in found.items] == [
        ("warning", "row", "m", -30.0),
        ("warning", "column", "m", -30.0),
    ]
    assert not found.ok
    assert found.row_gap == found.column_gap == found.residual == 30.0
    assert found.unit == "million EUR"


def test_a_rounding_is_a_note() -> None:
    found = built(output=X * 1.001).check()
    assert {item.severity for item in found.items} == {"note"}
    assert found.ok


@pytest.mark.filterwarnings("ignore::iomodel.IOModelWarning")
def test_negative_flow_output_and_value_added() -> None:
    z = Z.copy()
    z.loc["a", "m"] = -40.0
    v = V.copy()
    v.loc["surplus", "s"] = -110.0
    table = built(intermediate=z, primary_inputs=v, output=X * [1.0, 1.0, -1.0])
    found = {i.check: (i.severity, i.code, i.value) for i in table.check().items}
    assert found["negative flow"] == ("warning", "a > m", -40.0)
    assert found["negative output"] == ("error", "s", -200.0)
    assert found["negative value added"] == ("note", "s", -10.0)


@pytest.mark.filterwarnings("ignore::iomodel.IOModelWarning")
def test_idle_sectors_and_inputs_without_output() -> None:
    z = Z.copy()
    z.loc["a"] = z["a"] = 0.0
    idle = iom.table(z, output=X * [0.0, 1.0, 1.0])
    assert [(i.severity, i.check, i.code) for i in idle.check().items] == [
        ("warning", "idle sector", "a")
    ]
    broken = iom.table(Z, output=X * [0.0, 1.0, 1.0])
    first = broken.check().items[0]
    assert (first.severity, first.check, first.code) == ("error", "inputs but no output", "a")
    assert first.value == 45.0


def test_a_residual_column_is_a_note_with_its_size() -> None:
    f = F.assign(gap=[1.0, -2.0, 1.0])
    f["household"] -= f["gap"]
    found = built(final_demand=f, final_roles={"gap": "residual"}).check()
    assert [(i.severity, i.code, i.value) for i in found.items] == [("note", "gap", 4.0)]


@pytest.mark.filterwarnings("ignore::iomodel.IOModelWarning")
def test_errors_stand_first() -> None:
    z = Z.copy()
    z.loc["a", "m"] = -40.0
    found = iom.table(z, output=X * [0.0, 1.0, 1.001])
    order = ["error", "warning", "note"]
    ranks = [order.index(item.severity) for item in found.check().items]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1


def test_names_are_in_the_findings() -> None:
    table = built(output=X * 1.001, names={"en": ["Farms", "Works", "Shops"]})
    assert set(table.check().to_frame()["name"]) == {"Farms", "Works", "Shops"}


def test_the_findings_of_the_embedded_table_are_no_errors() -> None:
    found = iom.read(iom.example("china-2020")).check()
    assert not [item for item in found.items if item.severity == "error"]
    assert np.isfinite(found.residual)
    assert isinstance(found.to_frame(), pd.DataFrame)
