"""The open model: solving with partial, wrong and several demands."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, JOBS, F, X, Z, built, in_two_regions, pairs

A = Z.to_numpy() / X.to_numpy()
L = np.linalg.inv(np.eye(3) - A)


def test_coefficients_and_inverse() -> None:
    model = iom.leontief(built())
    assert model.A.to_numpy().tolist() == A.tolist()
    assert model.L.to_numpy() == pytest.approx(L, rel=1e-14)
    assert list(model.A.index) == list(model.L.columns) == CODES


def test_frames_of_the_model_are_copies() -> None:
    model = iom.leontief(built())
    for frame in (model.A, model.L):
        frame[:] = 0.0
    assert model.L.iloc[0, 0] == pytest.approx(L[0, 0])
    assert model.A.iloc[0, 0] == A[0, 0]


def test_solve_gives_output_back() -> None:
    got = iom.leontief(built()).solve(F.sum(axis=1))
    assert isinstance(got, pd.Series)
    assert got.to_dict() == pytest.approx(X.to_dict())


def test_a_partial_demand_has_none_elsewhere() -> None:
    model = iom.leontief(built())
    got = model.solve(pd.Series({"s": 2.0, "a": 1.0}, name="test"))
    assert got.to_numpy() == pytest.approx(L @ [1.0, 0.0, 2.0])
    assert list(got.index) == CODES
    assert got.name == "test"
    assert not model.solve(pd.Series(dtype=float, index=pd.Index([], dtype=object))).any()


def test_several_demands_at_once() -> None:
    got = iom.leontief(built()).solve(F.iloc[[2, 0]])
    assert isinstance(got, pd.DataFrame)
    want = F.to_numpy().copy()
    want[1] = 0.0
    assert got.to_numpy() == pytest.approx(L @ want)
    assert list(got.columns) == ["household", "exports"]


def test_the_transposed_solution() -> None:
    got = iom.leontief(built()).solve_transposed(pd.Series({"m": 2.0}))
    assert got.to_numpy() == pytest.approx(L.T @ [0.0, 2.0, 0.0])


def test_unknown_and_duplicate_sectors() -> None:
    model = iom.leontief(built())
    with pytest.raises(iom.LabelError, match="2 unknown codes") as caught:
        model.solve(pd.Series([1.0, 1.0, 1.0], ["x", "a", "y"]))
    assert "x" in str(caught.value)
    with pytest.raises(iom.LabelError, match="more than once"):
        model.solve(pd.Series([1.0, 2.0], ["a", "a"]))
    with pytest.raises(iom.LabelError, match="more than once"):
        model.solve_transposed(pd.DataFrame({"d": [1.0, 2.0]}, ["m", "m"]))


@pytest.mark.parametrize("kind", [int, np.int64])
def test_whole_numbers_as_sectors_find_their_place(kind: Any) -> None:
    """The table takes 1, 2, 3 as codes; the demand 2 must not vanish."""
    numbers = [kind(n) for n in (1, 2, 3)]
    z = Z.set_axis(numbers, axis=0).set_axis(numbers, axis=1)
    model = iom.leontief(iom.table(z, output=X.set_axis(numbers)))
    got = model.solve(pd.Series([1.0], [kind(2)]))
    assert got.to_numpy() == pytest.approx(L[:, 1])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_demand_that_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(iom.IOModelError, match="m"):
        iom.leontief(built()).solve(pd.Series({"a": 1.0, "m": bad}))


def test_a_demand_that_is_text_is_refused_in_words() -> None:
    with pytest.raises(iom.IOModelError, match="m"):
        iom.leontief(built()).solve(pd.Series({"a": 1.0, "m": "many"}, dtype=object))


def test_two_regions_are_solved_by_pairs() -> None:
    z, f = in_two_regions()
    model = iom.leontief(iom.table(z, final_demand=f))
    got = model.solve(pd.Series({("S", "m"): 1.0}))
    assert got.to_numpy() == pytest.approx(model.L.to_numpy()[:, 3])


def test_one_region_is_solved_by_codes() -> None:
    z = Z.set_axis(pairs(), axis=0).set_axis(pairs(), axis=1)
    model = iom.leontief(iom.table(z, output=X))
    assert model.solve(pd.Series({"m": 1.0})).to_numpy() == pytest.approx(L[:, 1])


def test_a_competitive_table_is_refused_unless_asked_for() -> None:
    table = built(imports=pd.Series([0.0, 0.0, 0.0], CODES), import_treatment="competitive")
    with pytest.raises(iom.AccountingError, match=r"iom\.domestic"):
        iom.leontief(table)
    model = iom.leontief(table, imports="as_domestic")
    assert model.L.to_numpy() == pytest.approx(L)


@pytest.mark.filterwarnings("ignore::iomodel.IOModelWarning")
def test_idle_sectors_and_inputs_without_output() -> None:
    z = Z.copy()
    z.loc["m"] = z["m"] = 0.0
    idle = iom.table(z, output=X * [1.0, 0.0, 1.0], satellites={"jobs": JOBS * [1, 0, 1]})
    with pytest.raises(iom.NotProductiveError, match=r"m") as caught:
        iom.leontief(idle)
    assert "idle" in str(caught.value)
    model = iom.leontief(idle, idle="keep")
    assert model.L.to_numpy()[1].tolist() == [0.0, 1.0, 0.0]
    with pytest.raises(iom.NotProductiveError, match="buy inputs but have no output"):
        iom.leontief(iom.table(Z, output=X * [1.0, 0.0, 1.0]), idle="keep")


@pytest.mark.filterwarnings("ignore::iomodel.IOModelWarning")
@pytest.mark.parametrize("factor", [1.0, 1.2, 3.0])
def test_an_economy_without_value_added_is_not_productive(factor: float) -> None:
    """With factor 1 inputs are exactly the output: I - A is singular but for rounding."""
    z = pd.DataFrame(np.full((3, 3), factor), CODES, CODES)
    with pytest.raises(iom.NotProductiveError):
        iom.leontief(iom.table(z, output=pd.Series(3.0, CODES)))


@pytest.mark.filterwarnings("ignore::iomodel.IOModelWarning")
def test_a_group_of_sectors_without_value_added_is_named() -> None:
    z = pd.DataFrame([[0.1, 0.9, 0.0], [0.9, 0.3, 0.0], [0.0, 0.0, 0.2]], CODES, CODES)
    with pytest.raises(iom.NotProductiveError, match="Hawkins-Simon") as caught:
        iom.leontief(iom.table(z, output=pd.Series(1.0, CODES)))
    assert "a a" in str(caught.value)
    assert "s s" not in str(caught.value)


def test_describe() -> None:
    facts = iom.leontief(built()).describe()
    assert facts["sectors"] == 3
    assert facts["spectral radius of A"] == pytest.approx(
        float(np.abs(np.linalg.eigvals(A)).max()), abs=1e-6
    )
