"""The figures of a table are read-only; what is handed out is a copy."""

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

import iomodel as iom
from iomodel.accounts.flows import Flows
from tests.unit.small import F, V, X, Z, built

BLOCKS = ["intermediate", "final_demand", "primary_inputs", "output", "imports", "final_primary"]


def flows(**changes: Any) -> Flows:
    parts: dict[str, Any] = {
        "intermediate": Z.to_numpy(),
        "final_demand": F.to_numpy(),
        "primary_inputs": V.to_numpy(),
        "output": X.to_numpy(),
        "imports": np.zeros(3),
        "final_primary": np.zeros((2, 2)),
    }
    return Flows(**{**parts, **changes})


@pytest.mark.parametrize("block", BLOCKS)
def test_arrays_are_read_only(block: str) -> None:
    array = getattr(built().flows, block)
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 0.0


def test_the_arrays_given_can_be_changed_afterwards() -> None:
    source = Z.to_numpy().copy()
    made = flows(intermediate=source)
    source[0, 0] = -1.0
    assert made.intermediate[0, 0] == 10.0


@pytest.mark.parametrize("block", BLOCKS[:5])
def test_frames_handed_out_are_copies(block: str) -> None:
    table = built()
    frame = getattr(table, block)
    frame[:] = -1.0
    assert (getattr(table, block) != -1.0).to_numpy().any()
    assert table.flows.output.tolist() == X.tolist()


def test_value_added_is_a_copy_too() -> None:
    table = built()
    added = table.value_added
    added[:] = 0.0
    assert table.value_added.tolist() == [55.0, 150.0, 140.0]


def test_renaming_a_frame_handed_out_does_not_rename_the_table() -> None:
    table = built()
    frame = table.intermediate
    frame.index.name, frame.columns.name = "mine", "yours"
    assert (table.intermediate.index.name, table.intermediate.columns.name) == ("code", "code")


def test_a_table_cannot_be_assigned_to() -> None:
    table: Any = built()
    for name in ("flows", "labels", "meta"):
        with pytest.raises(FrozenInstanceError):
            setattr(table, name, None)
    with pytest.raises(TypeError):
        table.satellites["hours"] = table.satellite("employment")
    with pytest.raises(ValueError, match="read-only"):
        iom.leontief(table).coefficients[0, 0] = 1.0


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_every_figure_is_finite(block: str, bad: float) -> None:
    array = np.array(getattr(flows(), block))
    array.flat[-1] = bad
    with pytest.raises(iom.AccountingError, match=block):
        flows(**{block: array})


SHAPES = {
    "intermediate": (3, 2),
    "final_demand": (2, 2),
    "primary_inputs": (2, 4),
    "imports": (2,),
    "final_primary": (2, 3),
}


@pytest.mark.parametrize("block", SHAPES)
def test_blocks_must_fit(block: str) -> None:
    with pytest.raises(iom.LabelError, match=block):
        flows(**{block: np.zeros(SHAPES[block])})


def test_residuals() -> None:
    made = flows(output=np.array([101.0, 300.0, 200.0]), imports=np.array([0.0, 5.0, 0.0]))
    assert made.row_residual.tolist() == [-1.0, -5.0, 0.0]
    assert made.column_residual.tolist() == [-1.0, 0.0, 0.0]


def test_idle_and_inputs_without_output() -> None:
    z = Z.to_numpy().copy()
    z[0, :] = z[:, 0] = 0.0
    without = {"intermediate": z, "output": np.array([0.0, 1.0, 1.0])}
    assert not flows(**without).idle.any()  # still sold to final demand: an imported product
    final = flows().final_demand.copy()
    final[0, :] = 0.0
    assert flows(**without, final_demand=final).idle.tolist() == [1, 0, 0]
    made = flows(output=np.array([0.0, 1.0, 1.0]))
    assert made.inputs_without_output.tolist() == [1, 0, 0]
    assert not made.idle.any()


def test_replacing_a_part_checks_everything_again() -> None:
    with pytest.raises(iom.LabelError, match="sectors"):
        built().replace(labels=iom.Labels(codes=("a", "m")))
