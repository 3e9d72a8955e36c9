"""Balancing to any linear sums: KRAS and weighted least squares."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.constrained import LinearSum, kras, weighted_least_squares

A = pd.DataFrame([[4.0, 2.0, -1.0], [1.0, 3.0, 5.0]], ["a", "m"], ["x", "y", "z"])


def cells(*pairs: tuple[str, str], weight: float = 1.0) -> pd.Series:
    return pd.Series(weight, pd.MultiIndex.from_tuples(pairs))


def test_a_sum_of_any_cells_is_met_and_the_others_stay() -> None:
    own = LinearSum(name="corner", weights=cells(("a", "x"), ("m", "z")), target=18.0)
    found = kras(A, [own]).matrix
    assert found.loc["a", "x"] == pytest.approx(8.0)
    assert found.loc["m", "z"] == pytest.approx(10.0)
    pd.testing.assert_series_equal(found["y"], A["y"])


def test_coefficients_of_any_size_and_sign_give_the_minimum_of_the_objective() -> None:
    # x = a exp(t g sign(a)) for one sum: with g = (2, -1), 2 * 4 e^2t - 3 e^-t = 0.
    ratio = LinearSum(
        name="ratio",
        weights=pd.Series({("a", "x"): 2.0, ("m", "y"): -1.0}),
        target=0.0,
    )
    found = kras(A, [ratio]).matrix
    t = np.log(3.0 / 8.0) / 3.0
    assert found.loc["a", "x"] == pytest.approx(4.0 * np.exp(2 * t))
    assert found.loc["m", "y"] == pytest.approx(3.0 * np.exp(-t))


def test_conflicting_targets_give_way_in_proportion_to_their_errors() -> None:
    same = cells(("a", "x"), ("m", "x"))
    sums = [
        LinearSum(name="survey", weights=same, target=10.0, error=3.0),
        LinearSum(name="register", weights=same, target=6.0, error=1.0),
    ]
    result = kras(A, sums, rows=A.sum(axis=1))
    total = result.matrix["x"].sum()
    assert total == pytest.approx(7.0, abs=0.3)
    assert result.sums.set_index("label")["gap"]["survey"] == pytest.approx(total - 10.0)
    np.testing.assert_allclose(result.matrix.sum(axis=1), A.sum(axis=1), rtol=1e-8)
    # Least squares splits the conflict by variances instead: 9 to 1.
    squares = weighted_least_squares(A, sums, variance=A.abs() * 1e9)
    assert squares.matrix["x"].sum() == pytest.approx(6.4, abs=1e-3)


def test_exact_conflicts_do_not_converge_and_are_named() -> None:
    same = cells(("a", "x"), ("m", "x"))
    sums = [LinearSum(name=f"target {k}", weights=same, target=k) for k in (8.0, 9.0)]
    with pytest.raises(iom.NotConvergedError, match=r"KRAS did not converge.*\s+sum target"):
        kras(A, sums, iterations=50)
    with pytest.raises(iom.NotConvergedError, match=r"least squares did not converge"):
        weighted_least_squares(A, sums)


def test_impossible_sums_are_named_before_any_round() -> None:
    empty = LinearSum(name="nothing", weights=cells(("a", "z")), target=2.0)
    with pytest.raises(iom.AccountingError, match=r"sums cannot be met.*\s+sum nothing: target 2"):
        kras(A, [empty])
    with pytest.raises(iom.AccountingError, match="no sums to meet"):
        kras(A)
    with pytest.raises(iom.LabelError, match=r"1 cells are not in the matrix:\s+\('q', 'x'\)"):
        kras(A, [LinearSum(name="lost", weights=cells(("q", "x")), target=2.0)])


def test_a_sum_is_finite_and_by_row_and_column() -> None:
    with pytest.raises(iom.LabelError, match=r"'flat': weights are a Series by \(row, column\)"):
        LinearSum(name="flat", weights=pd.Series({"a": 1.0}), target=1.0)
    with pytest.raises(iom.AccountingError, match="error -1"):
        LinearSum(name="odd", weights=cells(("a", "x")), target=1.0, error=-1.0)


def test_least_squares_moves_cells_by_their_variance() -> None:
    variance = pd.DataFrame([[3.0, 1.0, 0.0], [0.0, 0.0, 0.0]], A.index, A.columns)
    held = weighted_least_squares(
        A, [LinearSum(name="row", weights=cells(*[("a", c) for c in "xyz"]), target=9.0)],
        variance=variance,
    ).matrix  # fmt: skip
    np.testing.assert_allclose(held, [[7.0, 3.0, -1.0], [1.0, 3.0, 5.0]])
    with pytest.raises(iom.AccountingError, match="1 variances are negative"):
        weighted_least_squares(A, rows=A.sum(axis=1), variance=variance - np.eye(2, 3)[::-1])
    with pytest.raises(iom.LabelError, match="variance: rows and columns"):
        weighted_least_squares(A, rows=A.sum(axis=1), variance=variance[["y", "x", "z"]])


def test_least_squares_counts_cells_that_change_sign() -> None:
    low = LinearSum(name="low", weights=cells(("m", "z"), ("a", "z")), target=-40.0)
    result = weighted_least_squares(A, [low])
    assert ("cells that changed sign", 1) in result.facts()
