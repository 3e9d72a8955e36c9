"""Published examples of balancing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.constrained import kras
from tests.reference.cases import Case, load


def parts(case: Case) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    matrix = pd.DataFrame(case.array("A0"))
    return matrix, pd.Series(case.array("u")), pd.Series(case.array("v"))


def test_gras_of_junius_and_oosterhaven(shared: Path) -> None:
    """Junius and Oosterhaven (2003), Economic Systems Research 15(1): margins and signs."""
    case = load(shared, "gras-jo2003-margins")
    found = iom.gras(*parts(case)).matrix
    case.expect("rows", found.sum(axis=1))
    case.expect("cols", found.sum())
    case.expect("sign", np.sign(found))


def test_gras_with_a_column_of_negative_cells_only(shared: Path) -> None:
    """Variant of that example; cells from the routine of Temurshoev et al. (2013)."""
    case = load(shared, "gras-jo2003-variant")
    matrix, rows, columns = parts(case)
    found = iom.gras(matrix, rows, columns)
    case.expect("X", found.matrix)
    np.testing.assert_allclose(found.after, case.printed["X"], rtol=0, atol=1e-6)
    case.expect("X", kras(matrix, rows=rows, columns=columns).matrix)


def test_ras_by_hand_on_two_sectors() -> None:
    """A 2 x 2 matrix keeps its cross ratio, so that the answer is the root of a quadratic."""
    given = pd.DataFrame([[4.0, 2.0], [1.0, 3.0]])
    found = iom.ras(given, pd.Series([9.0, 6.0]), pd.Series([7.0, 8.0])).after
    # (x)(8 - 9 + x) = 6 (9 - x)(7 - x): 5 x^2 - 95 x + 378 = 0
    assert found[0, 0] == pytest.approx((95 - np.sqrt(95**2 - 4 * 5 * 378)) / 10)
