"""Balancing by RAS, GRAS and SUT-RAS: labels, what is refused, what is reported."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.balance import Balanced, sut_ras

A = pd.DataFrame([[4.0, 2.0, 0.0], [1.0, 3.0, 5.0]], ["a", "m"], ["x", "y", "z"])
ROWS = pd.Series({"a": 7.0, "m": 10.0})
COLUMNS = pd.Series({"x": 6.0, "y": 5.0, "z": 6.0})


def test_margins_are_aligned_by_label_and_the_result_is_free_to_edit() -> None:
    result = iom.ras(A, ROWS[::-1], COLUMNS[["z", "x", "y"]])
    pd.testing.assert_series_equal(result.matrix.sum(axis=1), ROWS, rtol=1e-8)
    pd.testing.assert_series_equal(result.matrix.sum(), COLUMNS, rtol=1e-8)
    edited = result.matrix
    edited.iloc[0, 0] = 99.0
    assert result.after[0, 0] < 10.0
    assert result.matrix.to_numpy()[0, 0] == result.after[0, 0]
    again = result.r.to_numpy()[:, None] * A.to_numpy() * result.s.to_numpy()
    np.testing.assert_allclose(result.after, again, rtol=1e-12)


def test_result_shows_rounds_gaps_and_largest_changes() -> None:
    result = iom.ras(A, ROWS, COLUMNS)
    frame = result.to_frame()
    assert len(frame) == 5, "the cell that is and stays zero is left out"
    assert frame["change"].abs().is_monotonic_decreasing
    worst = frame.iloc[0]
    change = (result.matrix - A).abs()
    assert abs(worst["change"]) == change.to_numpy().max()
    assert change.loc[worst["row"], worst["column"]] == abs(worst["change"])
    pd.testing.assert_frame_equal(result.summary(2), frame.head(2))
    assert result.iterations > 1
    assert result.residual == result.sums["gap"].abs().max() < 1e-7
    assert "RAS" in repr(result)


def test_a_matrix_that_fits_already_has_no_changes() -> None:
    result = iom.ras(A, A.sum(axis=1), A.sum())
    pd.testing.assert_frame_equal(result.matrix, A)
    assert result.iterations == 1
    assert len(result.summary()) == 0


def test_arrays_go_with_arrays_only() -> None:
    result = iom.gras(A.to_numpy(), ROWS.to_numpy(), COLUMNS.to_numpy())
    np.testing.assert_array_equal(result.after, iom.gras(A, ROWS, COLUMNS).after)
    with pytest.raises(iom.LabelError, match="some parts have labels"):
        iom.ras(A, ROWS.to_numpy(), COLUMNS)
    with pytest.raises(iom.LabelError, match="2 column targets for 3 columns"):
        iom.ras(A.to_numpy(), ROWS.to_numpy(), np.array([8.0, 9.0]))


def test_other_labels_are_named() -> None:
    with pytest.raises(iom.LabelError, match=r"1 missing: m\s+1 unknown: q"):
        iom.ras(A, ROWS.rename({"m": "q"}), COLUMNS)
    double = pd.concat([ROWS, ROWS[["a"]]])
    with pytest.raises(iom.LabelError, match="1 more than once: a"):
        iom.ras(A, double, COLUMNS)
    with pytest.raises(iom.LabelError, match="1 rows stand more than once"):
        iom.ras(A.rename({"m": "a"}), ROWS, COLUMNS)


def test_totals_that_differ_are_named_with_the_difference() -> None:
    with pytest.raises(iom.AccountingError, match=r"17, the column targets to 18.*by -1"):
        iom.ras(A, ROWS, COLUMNS + pd.Series({"x": 1.0, "y": 0.0, "z": 0.0}))


def test_cells_that_are_no_numbers_are_named() -> None:
    with pytest.raises(iom.AccountingError, match=r"1 cells are not finite numbers:\s+m, y"):
        iom.ras(A.where(A != 3.0), ROWS, COLUMNS)
    with pytest.raises(iom.LabelError, match="matrix: not all cells are numbers"):
        iom.ras(A.astype(object).replace(3.0, "n.a."), ROWS, COLUMNS)


def test_every_target_over_zeros_is_named_before_any_round() -> None:
    empty = A.assign(z=0.0)
    with pytest.raises(iom.AccountingError, match="column z: target 6, only zeros"):
        iom.ras(empty, ROWS, COLUMNS)
    # Column z becomes zero, and with it the only cell of row m.
    alone = pd.DataFrame([[4.0, 2.0, 1.0], [0.0, 0.0, 5.0]], A.index, A.columns)
    columns = pd.Series({"x": 10.0, "y": 7.0, "z": 0.0})
    with pytest.raises(iom.AccountingError, match=r"row m: target 10, cells only where"):
        iom.ras(alone, ROWS, columns)


def test_signs_that_no_scaling_can_give_are_named() -> None:
    signed = A.assign(z=[0.0, -5.0])
    with pytest.raises(iom.AccountingError, match="column z: target 6, no cell of that sign"):
        iom.gras(signed, ROWS, COLUMNS)
    with pytest.raises(iom.AccountingError, match=r"1 cells are negative:\s+m, z: -5\s.*gras"):
        iom.ras(signed, ROWS, COLUMNS)
    with pytest.raises(iom.AccountingError, match=r"1 row targets are negative.*\s+m: -10"):
        iom.ras(A, pd.Series({"a": 27.0, "m": -10.0}), COLUMNS)


def test_targets_of_zero_give_zero_rows() -> None:
    result = iom.ras(A, pd.Series({"a": 0.0, "m": 17.0}), COLUMNS)
    assert (result.matrix.loc["a"] == 0).all()
    assert result.r["a"] == 0.0
    negative = pd.DataFrame([[4.0, -2.0], [1.0, 0.0]])
    answer = iom.gras(negative, pd.Series([3.0, 2.0]), pd.Series([5.0, 0.0])).matrix
    assert answer.to_numpy().tolist() == pytest.approx(np.array([[3.0, 0.0], [2.0, 0.0]]))


def test_zeros_in_the_way_do_not_converge_and_leave_the_best_so_far() -> None:
    blocked = pd.DataFrame([[1.0, 1.0], [0.0, 1.0]], ["a", "b"], ["x", "y"])
    with pytest.raises(iom.NotConvergedError, match="Zeros may stand") as caught:
        iom.ras(blocked, pd.Series({"a": 1.0, "b": 2.0}), pd.Series({"x": 2.0, "y": 1.0}))
    error = caught.value
    assert 100 < error.iterations < 1000, "stops once the multipliers run away"
    assert isinstance(error.best, Balanced)
    assert not error.best.converged
    assert error.best.residual == pytest.approx(error.best.sums["gap"].abs().max())
    assert any(text.startswith("row") for text in error.worst)


def test_a_result_whose_sums_are_wrong_cannot_be_made() -> None:
    good = iom.ras(A, ROWS, COLUMNS)
    with pytest.raises(iom.IdentityError, match="sums after RAS"):
        Balanced(method="RAS", rows=good.rows, columns=good.columns, before=good.before,
                 after=good.after, _sums=good.sums.assign(found=good.sums["found"] + 1.0),
                 iterations=1)  # fmt: skip


def test_supply_and_use_meet_their_totals_and_each_other() -> None:
    codes = ["p", "q", "r"]
    use = pd.DataFrame([[20.0, 10.0, 50.0, 1.0], [30.0, 40.0, 20.0, -3.0], [5.0, 0.0, 9.0, 0.0]],
                       codes, ["i", "j", "final", "stocks"])  # fmt: skip
    supply = pd.DataFrame([[70.0, 5.0, 3.0], [10.0, 60.0, 9.0], [0.0, 14.0, 0.0]],
                          codes, ["i", "j", "imports"])  # fmt: skip
    uses = pd.Series({"i": 60.0, "j": 55.0, "final": 90.0, "stocks": -4.0})
    output = pd.Series({"i": 90.0, "j": 95.0, "imports": 16.0})
    new_use, new_supply, result = sut_ras(
        use, supply.loc[["r", "p", "q"]], uses=uses, output=output
    )
    np.testing.assert_allclose(new_use.sum(), uses, rtol=1e-7)
    np.testing.assert_allclose(new_supply.sum(), output, rtol=1e-7)
    np.testing.assert_allclose(new_use.sum(axis=1), new_supply.sum(axis=1), rtol=1e-7)
    assert (np.sign(new_use) == np.sign(use)).all(axis=None)
    # U = r u s and V = v / (r t)
    positive = use.where(use > 0, 0.0).to_numpy() * result.r.to_numpy()[:, None]
    np.testing.assert_allclose(
        new_use.where(use > 0, 0.0), positive * result.s["use"].to_numpy(), rtol=1e-9
    )
    with pytest.raises(iom.LabelError, match=r"1 products stand in one.*\s+r"):
        sut_ras(use, supply.drop(index="r"), uses=uses, output=output)
