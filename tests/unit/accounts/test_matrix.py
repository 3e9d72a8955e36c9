import numpy as np
import pytest

import iomodel as iom
from iomodel.accounts.matrix import Matrix

LABELS = iom.Labels(codes=("01", "02"))
VALUES = np.array([[1.2, 0.3], [0.1, 1.4]])


def inverse(values: np.ndarray = VALUES) -> Matrix:
    meta = iom.Meta(title="Table 3", year=2013, notes={"sheet": "3", "range": "C10:D11"})
    return Matrix(kind="Leontief inverse", rows=LABELS, columns=LABELS, values=values, meta=meta)


def test_a_matrix_gives_fresh_frames_and_keeps_its_own_figures() -> None:
    matrix = inverse()
    frame = matrix.to_frame()
    frame.iloc[0, 0] = 99
    assert matrix.to_frame().loc["01", "01"] == 1.2
    with pytest.raises(ValueError, match="read-only"):
        matrix.values[0, 0] = 99


def test_it_says_where_it_stands() -> None:
    text = repr(inverse())
    assert "Leontief inverse: Table 3" in text
    assert "C10:D11" in text


def test_shapes_that_do_not_fit_and_blanks_are_refused() -> None:
    with pytest.raises(iom.LabelError, match=r"\(1, 2\) figures for 2 rows"):
        inverse(VALUES[:1])
    with pytest.raises(iom.AccountingError, match="1 cells are bad"):
        inverse(np.array([[1.2, np.nan], [0.1, 1.4]]))
