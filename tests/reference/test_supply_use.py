"""Published and known answers of tables made from supply and use.

The cases in data/cases give arrays only: codes are running numbers of ours.
"""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.reference.cases import Array, Case, load, names

FACTORS = ["first", "second"]


def construct(sut: iom.SupplyUseTable, model: Any, **options: Any) -> iom.IOTable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", iom.NegativeFlowWarning)
        return iom.sut_to_iot(sut, model, **options)


# --- known results of another package (pySUT, tests/test_known_results.py) -----------------------


def pysut(case: Case) -> iom.SupplyUseTable:
    """Supply is products by industries in the case; F are factors of industries."""
    codes = names(5)
    factors = pd.DataFrame(case.array("F"), FACTORS, codes)
    return iom.supply_use(
        pd.DataFrame(case.array("V_product_by_industry"), codes, codes),
        pd.DataFrame(case.array("U"), codes, codes),
        satellites=factors,
    )


def factor_intensity(table: iom.IOTable) -> Array:
    return np.vstack([table.satellite(name).values for name in FACTORS]) / table.flows.output


@pytest.mark.parametrize(
    ("name", "by_product", "by_industry"), [("pysut-ctc", "A", "C"), ("pysut-itc", "B", "D")]
)
def test_technology_constructs_of_pysut(
    shared: Path, name: str, by_product: str, by_industry: str
) -> None:
    case = load(shared, name)
    products, industries = (construct(pysut(case), model) for model in (by_product, by_industry))
    case.expect("A_cxc", products.flows.coefficients)
    case.expect("A_ixi", industries.flows.coefficients)
    case.expect("S", factor_intensity(products))


# --- National Bureau of Statistics of China, 2007 ------------------------------------------------


def test_china_2007_make_table_gives_the_published_shares(shared: Path) -> None:
    """Tables 0302 and 0303: 42 products, in the orientation of the sheet (no labels in the case).

    The sheet prints market shares as products by industries: the transpose of D.
    """
    case = load(shared, "china-2007-make-shares")
    codes = names(42)
    sut = iom.supply_use(pd.DataFrame(case.array("V"), codes, codes), unit="10,000 CNY", year=2007)
    assert not sut.complete
    case.expect("C", sut.product_mix)
    case.expect("D", sut.market_shares.T)


# --- U.S. Bureau of Economic Analysis, 2015 ------------------------------------------------------

BEA_USE = "us-bea-summary/IOUse_Before_Redefinitions_PRO_1997-2015_Summary.xlsx"


def bea_use(shared: Path) -> pd.DataFrame:
    path = shared / "data" / "corpus" / BEA_USE
    if not path.is_file():
        pytest.skip(f"no {path.name} in {path.parent}")
    sheet = pd.read_excel(path, sheet_name="2015", header=None, engine="calamine")
    return sheet.iloc[7:, 2:].replace("...", 0)


def figures(block: Any) -> Array:
    return np.asarray(block.to_numpy(dtype=np.float64))


def test_bea_2015_requirements_follow_from_use_and_market_shares(shared: Path) -> None:
    """Industry-by-commodity requirements R: output from final uses, and column totals.

    No make table is in hand. The market shares are recovered from the published requirements
    R = D (I - B D)^-1 as D = (I + R B)^-1 R, with B of the published use table. That is stated
    before redefinitions, R after them, so that the recovered shares sum to one only nearly:
    that they do is the evidence that this is how R was made. Scaled to one they give back the
    output of the economy to the rounding of the use table, and column totals to a per cent.
    """
    case = load(shared, "bea-2015-total-requirements")
    published, uses = case.array("TR"), case.array("final_uses")
    case.expect("col_total", published.sum(axis=0))
    case.expect("total_output", [(published @ uses).sum()])
    sheet = bea_use(shared)
    use, output = figures(sheet.iloc[:73, :71]), figures(sheet.iloc[82, :71])
    q = figures(sheet.iloc[:73, 97])
    assert np.array_equal(figures(sheet.iloc[:73, 96]), uses)
    shares = np.linalg.solve(np.eye(71) + published @ (use / output), published)
    gap = np.abs(shares.sum(axis=0) - 1.0)
    assert np.median(gap) < 0.005
    assert gap.max() < 0.09
    assert shares.min() > -0.03
    products, industries = names(73), [f"i{code}" for code in names(71)]
    supply = (shares / shares.sum(axis=0)).T * q[:, None]
    sut = iom.supply_use(
        pd.DataFrame(supply, products, industries), pd.DataFrame(use, products, industries)
    )
    found = sut.total_requirements().to_numpy()
    rounding = np.abs(q - use.sum(axis=1) - uses)
    assert rounding.max() <= 5.0
    printed = float(case.printed["total_output"][0])
    assert abs((found @ uses).sum() - printed) <= rounding @ found.sum(axis=0) + 1.0
    assert abs(q.sum() - printed) <= 73 * 0.5
    off = np.abs(found.sum(axis=0) / case.printed["col_total"] - 1.0)
    assert np.median(off) < 0.01
    assert np.quantile(off, 0.9) < 0.06


# --- Miller and Blair (2009), section 5.2 --------------------------------------------------------

GOODS, MAKERS = ["commodity 1", "commodity 2"], ["industry 1", "industry 2"]


def miller_blair() -> iom.SupplyUseTable:
    """Two commodities, two industries: U, V, E and W of the example.

    The four inputs are recalled from the book; the answers below are recomputed from them by
    hand as fractions, not copied from print.
    """
    make = pd.DataFrame([[90.0, 0.0], [10.0, 100.0]], MAKERS, GOODS)
    return iom.supply_use(
        make.T,
        pd.DataFrame([[12.0, 8.0], [10.0, 7.0]], GOODS, MAKERS),
        final_demand=pd.Series([80.0, 83.0], GOODS),
        primary_inputs=pd.Series([68.0, 95.0], MAKERS),
    )


def test_miller_blair_tables_balance() -> None:
    sut = miller_blair()
    assert sut.check().ok
    assert sut.check().residual == 0.0
    assert sut.industry_output.tolist() == [90.0, 110.0]
    assert sut.product_output.tolist() == [100.0, 100.0]
    np.testing.assert_allclose(sut.market_shares, [[0.9, 0.0], [0.1, 1.0]])
    np.testing.assert_allclose(sut.product_mix, [[1.0, 1 / 11], [0.0, 10 / 11]])


@pytest.mark.parametrize(
    ("model", "coefficients"),
    [
        # B C^-1 with B = [[12/90, 8/110], [10/90, 7/110]], C^-1 = [[1, -1/10], [0, 11/10]]
        ("A", [[2 / 15, 1 / 15], [1 / 9, 53 / 900]]),
        # B D with D = [[9/10, 0], [1/10, 1]]
        ("B", [[7 / 55, 4 / 55], [117 / 1100, 7 / 110]]),
        # C^-1 B
        ("C", [[11 / 90, 73 / 1100], [11 / 90, 7 / 100]]),
        # D B
        ("D", [[3 / 25, 18 / 275], [28 / 225, 39 / 550]]),
    ],
)
def test_miller_blair_technology_matrices(model: Any, coefficients: list[list[float]]) -> None:
    table = iom.sut_to_iot(miller_blair(), model)
    np.testing.assert_allclose(table.flows.coefficients, coefficients, rtol=1e-14)


def test_miller_blair_total_requirements() -> None:
    """D (I - B D)^-1 recomputed from the fractions above."""
    determinant = (1 - 7 / 55) * (1 - 7 / 110) - 4 / 55 * 117 / 1100
    inverse = np.array([[1 - 7 / 110, 4 / 55], [117 / 1100, 1 - 7 / 55]]) / determinant
    expected = np.array([[0.9, 0.0], [0.1, 1.0]]) @ inverse
    found = miller_blair().total_requirements()
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    np.testing.assert_allclose(found @ np.array([80.0, 83.0]), [90.0, 110.0], rtol=1e-14)


# --- Almon's method, by hand ---------------------------------------------------------------------


def test_almon_by_hand() -> None:
    """Two products; rennet goes into cheese only, yet the cheese industry reports too little.

    Industry 1 makes 80 of product 1; industry 2 makes 20 of product 1 and 100 of product 2.
    Of input 1, industry 1 uses 8 and industry 2 uses 1. Product technology: r1 = 8 / 0.8 = 10,
    r2 = 1 - 0.2 * 10 = -1. Almon: industry 2 hands over no more than its 1, so r2 = 0, r1 = 9.
    """
    codes = ["1", "2"]
    sut = iom.supply_use(
        pd.DataFrame([[80.0, 20.0], [0.0, 100.0]], codes, codes),
        pd.DataFrame([[8.0, 1.0], [4.0, 11.0]], codes, codes),
    )
    exact = construct(sut, "A")
    np.testing.assert_allclose(exact.flows.intermediate, [[10.0, -1.0], [5.0, 10.0]], rtol=1e-12)
    table = iom.sut_to_iot(sut, "A", negatives="almon")
    np.testing.assert_allclose(
        table.flows.intermediate, [[9.0, 0.0], [5.0, 10.0]], rtol=1e-9, atol=1e-9
    )
    np.testing.assert_allclose(table.primary_inputs.loc["almon_adjustment"], [1.0, -1.0], rtol=1e-9)
