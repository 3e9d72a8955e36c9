"""Published linkages, fields of influence, Ghosh inverses and price changes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.reference.cases import Array, load, names, table

# Miller and Blair (2009), tables 2.3 and 2.4: the two-sector example of chapter 2.
FLOWS = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], ["1", "2"], ["1", "2"])
OUTPUT = pd.Series([1000.0, 2000.0], ["1", "2"])


def test_brazil_linkages(shared: Path) -> None:
    """Vale and Perobelli's script on IBGE's table of Brazil 2015: BL, FL and Ghosh FL, mean 1."""
    case = load(shared, "brazil-2015-linkages")
    found = iom.linkages(iom.leontief(table(case)))
    case.expect("BL", found.power_of_dispersion)
    case.expect("FL", found.sensitivity_of_dispersion)
    case.expect("FLG", found.normalised_forward)


def test_brazil_pure_linkages(shared: Path) -> None:
    """The same script: pure backward, forward and total linkages (GHS) over their mean."""
    case = load(shared, "brazil-2015-pure-linkages")
    made = table(case)
    np.testing.assert_allclose(made.final_demand["final_demand"], case.given["y"], rtol=1e-12)
    frame = iom.linkages(iom.leontief(made)).normalised()
    case.expect("PBLN", frame["pure_backward"])
    case.expect("PFLN", frame["pure_forward"])
    case.expect("PTL", frame["pure_total"])


def test_brazil_field_of_influence(shared: Path) -> None:
    """The same script: sum of squares of the field of each coefficient, change of 0.001."""
    case = load(shared, "brazil-2015-field-of-influence")
    model = iom.leontief(table(case))
    found = iom.influence(model, change=case.given["epsilon"])
    case.expect("SI", found.matrix)
    first_order = iom.influence(model).matrix.to_numpy()
    assert np.abs(first_order - case.printed["SI"]).max() > case.tolerance["SI"][0]  # type: ignore[index]


def test_eurostat_ghosh(shared: Path) -> None:
    """Eurostat (2008), Manual of Supply, Use and Input-Output Tables, chapter 15: Germany 1995.

    Output coefficients, a column of the Ghosh inverse, forward linkages (tables 15.4 to 15.20).
    The printed forward linkage of manufacturing, 1.6691, is not the row sum of the printed
    matrix (1.6910); the others agree to their last digit.
    """
    case = load(shared, "eurostat-de1995-ghosh")
    model = iom.ghosh(table(case))
    case.expect("B_40", model.B.iloc[4, 0])
    case.expect("B_44", model.B.iloc[4, 4])
    case.expect("G_col0", model.G.iloc[:, 0])
    forward = iom.linkages(model.quantity).total_forward
    case.expect("forward", forward)
    others = np.arange(6) != 1
    printed = np.asarray(case.printed["forward"])
    np.testing.assert_allclose(forward[others], printed[others], atol=6e-5)


def test_eurostat_backward(shared: Path) -> None:
    """Eurostat (2008), chapter 15: output multipliers, which the manual calls backward linkages."""
    case = load(shared, "eurostat-de1995-leontief")
    case.expect("output_mult", iom.linkages(iom.leontief(table(case))).total_backward)


def test_korea_dispersion(shared: Path) -> None:
    """Bank of Korea 2010, 82 sectors, domestic L: 영향력계수 (columns), 감응도계수 (rows)."""
    case = load(shared, "korea-2010-coefficients")
    found = iom.linkages(iom.leontief(table(case, flows="Z_domestic"), idle="keep"))
    case.expect("backward", found.power_of_dispersion)
    case.expect("forward", found.sensitivity_of_dispersion)
    case.expect("row_sum", found.total_forward_leontief)
    case.expect("col_sum", found.total_backward)


def test_key_sectors_of_fio() -> None:
    """fio (R), tests/testthat/test-computations.R: classes of a 3 x 3 example, Rasmussen's rows."""
    codes = names(3)
    flows = pd.DataFrame(np.arange(1.0, 10.0).reshape(3, 3).T, codes, codes)
    made = iom.table(flows, output=pd.Series([100.0, 200.0, 300.0], codes))
    found = iom.linkages(iom.leontief(made), forward="leontief")
    assert found.classes == ("weak", "backward", "key")


def test_small_world_ghosh(shared: Path) -> None:
    """pymrio, small world table of two regions (tests/test_math.py): B and Ghosh inverse."""
    case = load(shared, "pymrio-small-mrio")
    pairs = [(r, s) for r in case.given["regions"] for s in case.given["sectors"]]
    index = pd.MultiIndex.from_tuples(pairs)
    final = pd.DataFrame(case.array("Y"), index, ["one", "two"])
    model = iom.ghosh(iom.table(pd.DataFrame(case.array("Z"), index, index), final_demand=final))
    case.expect("B", model.B)
    case.expect("G", model.G)


def test_miller_blair_price_model() -> None:
    """Miller and Blair (2009), section 2.6: wages of sector 1 up by 30 per cent.

    Labour costs rise from 0.30 to 0.39 per unit; the printed new prices are 1.113 and 1.030.
    The printed prices are recalled, not read.
    """
    rows = pd.DataFrame(
        [[300.0, 500.0], [350.0, 900.0]], ["compensation", "other"], list(OUTPUT.index)
    )
    made = iom.table(FLOWS, output=OUTPUT, primary_inputs=rows)
    found = iom.prices(made, primary_inputs={"compensation": pd.Series({"1": 0.30})})
    np.testing.assert_allclose(found.to_frame()["price"], [1.113, 1.030], atol=5e-4)
    by_unit = iom.prices(made, cost=pd.Series({"1": 0.09}))
    np.testing.assert_allclose(by_unit.change, found.change, rtol=1e-12)


def test_miller_blair_ghosh() -> None:
    """Miller and Blair (2009), section 12.1, B of the two-sector example, by hand."""
    model = iom.ghosh(iom.table(FLOWS, output=OUTPUT))
    np.testing.assert_allclose(model.B, [[0.15, 0.5], [0.1, 0.05]])
    np.testing.assert_allclose(model.G, by_hand(np.array([[0.85, -0.5], [-0.1, 0.95]])))
    more = model.solve(pd.Series({"1": 100.0}))
    assert more.to_list() == pytest.approx(
        (100 * by_hand(np.array([[0.85, -0.5], [-0.1, 0.95]]))[0]).tolist()
    )


def by_hand(matrix: Array) -> Array:
    """Inverse of a 2 x 2 matrix by Cramer's rule."""
    (a, b), (c, d) = matrix
    return np.asarray(np.array([[d, -b], [-c, a]]) / (a * d - b * c))


def test_one_way_chain() -> None:
    """A chain a -> b -> c, by hand: lengths 1 and 2, stages 3, 2, 1 where all is passed on."""
    codes = names(3)
    flows = pd.DataFrame(np.diag([10.0, 10.0], k=1), codes, codes)
    model = iom.leontief(iom.table(flows, output=pd.Series([10.0, 10.0, 10.0], codes)))
    lengths = iom.propagation(model).matrix.to_numpy()
    np.testing.assert_array_equal(lengths, [[np.nan, 1, 2], [np.nan, np.nan, 1], [np.nan] * 3])
    found = iom.linkages(model)
    np.testing.assert_allclose(found.upstreamness, [3.0, 2.0, 1.0])
    np.testing.assert_allclose(found.downstreamness, [1.0, 2.0, 3.0])
