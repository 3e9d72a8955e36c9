"""Multipliers and household closures as printed: parts, forms, denominators, conventions."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import iomodel as iom
from tests.reference.cases import load, names, rows, with_households

Array = npt.NDArray[np.float64]

# --- Miller and Blair ----------------------------------------------------------------------------


def miller_blair() -> iom.IOTable:
    """Miller and Blair (2009), sections 2.3 and 2.5: two sectors, and households of income 1000.

    Households earn 300 and 500 from sectors, 50 from households, the rest from other final
    demand; they spend 50, 400 and 50. The cells follow from the printed coefficients and outputs
    1000, 2000 and 1000; how the rest of the income and of final demand splits is of no effect.
    """
    codes = names(2)
    return iom.table(
        pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes),
        final_demand=pd.DataFrame({"household": [50.0, 400.0], "other": [300.0, 1300.0]}, codes),
        primary_inputs=rows(codes, compensation=[300.0, 500.0], others=[350.0, 900.0]),
        final_primary=pd.DataFrame({"household": [50.0], "other": [150.0]}, ["compensation"]),
    )


def test_miller_blair_closed_model_with_households_that_pay_households(shared: Path) -> None:
    """Miller and Blair (2009), section 2.5: the whole 3 x 3 matrix and inverse.

    Values recalled by the author of the case, not found as text.
    """
    case = load(shared, "mb2-ch2-6-closed-income")
    closed = iom.close_households(iom.leontief(miller_blair()))
    np.testing.assert_allclose(closed.A, case.given["A_closed"], atol=1e-12)
    case.expect("L_closed", closed.L)


def test_miller_blair_income_multipliers_type_one_and_two(shared: Path) -> None:
    """Miller and Blair (2009), section 6.2.2: simple and total income, Type I and Type II.

    Total income multipliers count what households pay to households. Recalled values.
    """
    case = load(shared, "mb2-ch2-6-closed-income")
    model = iom.leontief(miller_blair())
    simple = iom.multipliers(model, of="compensation")
    total = iom.multipliers(iom.close_households(model), of="compensation", form="total")
    case.expect("simple_income", simple.effect[0])
    case.expect("typeI", simple.multiplier[0])
    case.expect("total_income", total.effect[0])
    case.expect("typeII", total.multiplier[0])


# Rules for the household column found in the source of five public codes, run on the table above:
# truncated and total output multipliers and the spectral radius of the closed matrix, as stated in
# design/FEATURES.md, section 4. The first one is ours; the others are written out here.
FIVE = {
    "consumption over household income": ([1.892, 1.773], [2.462, 2.262], 0.560),
    "outlay as the household cell": ([-0.152, 0.019], [-1.296, -0.963], 1.274),
    "consumption over output of the supplier": ([1.698, 1.606], [2.188, 2.027], 0.470),
    "shares of all final demand": ([2.580, 2.363], [3.305, 2.985], 0.703),
    "consumption over wages": ([1.982, 1.850], [2.547, 2.335], 0.582),
}


def by_rule(column: Array, own: float) -> tuple[Array, Array, float]:
    """Close the two sectors with a column and a household cell, without the package."""
    table = miller_blair()
    a, pay = table.flows.coefficients, table.flows.primary_inputs[0] / table.flows.output
    closed = np.block([[a, column[:, None]], [pay[None, :], np.array([[own]])]])
    inverse = np.linalg.inv(np.eye(3) - closed)
    radius = float(np.abs(np.linalg.eigvals(closed)).max())
    return inverse[:2, :2].sum(axis=0), inverse[:, :2].sum(axis=0), radius


def test_five_codes_give_five_answers_and_ours_is_the_textbook() -> None:
    closed = iom.close_households(iom.leontief(miller_blair()))
    truncated = iom.multipliers(closed).effect[0]
    total = iom.multipliers(closed, form="total").effect[0]
    radius = float(closed.describe()["spectral radius of A"])
    output, spent = np.array([1000.0, 2000.0]), np.array([50.0, 400.0])
    demand = np.array([350.0, 1700.0])
    found = {
        "consumption over household income": (truncated, total, radius),
        "outlay as the household cell": by_rule(spent / spent.sum(), 1.0),
        "consumption over output of the supplier": by_rule(spent / output, 0.0),
        "shares of all final demand": by_rule(demand / demand.sum(), 0.0),
        "consumption over wages": by_rule(spent / 800.0, 0.0),
    }
    assert found.keys() == FIVE.keys()
    for rule, stated in FIVE.items():
        for value, right in zip(found[rule], stated, strict=True):
            assert value == pytest.approx(right, abs=5.1e-4), rule
    textbook = by_rule(spent / 1000.0, 0.05)
    for value, right in zip((truncated, total), textbook, strict=False):
        assert value == pytest.approx(right, rel=1e-12)
    simple = iom.multipliers(closed.open).effect[0]
    assert simple == pytest.approx([1.518, 1.452], abs=5e-4)  # Miller and Blair, section 6.2.1


def test_the_rule_of_wages_is_ours_for_a_table_of_sectors_alone() -> None:
    """Where other income of households is not in the table, it cannot be in the denominator."""
    whole = miller_blair()
    table = whole.replace(
        flows=type(whole.flows)(
            **{
                name: getattr(whole.flows, name)
                for name in ("intermediate", "final_demand", "primary_inputs", "output", "imports")
            },
            final_primary=np.zeros((2, 2)),
        )
    )
    closed = iom.close_households(iom.leontief(table))
    assert iom.multipliers(closed).effect[0] == pytest.approx([1.982, 1.850], abs=5.1e-4)


# --- Brazil --------------------------------------------------------------------------------------


def test_brazil_total_and_truncated(shared: Path) -> None:
    """Vale and Perobelli's script on IBGE's table of Brazil 2015, 12 sectors: all columns.

    MP: simple, total (household row counted) and truncated output multipliers. ME and MR: simple
    effect, Type I, truncated effect, Type II, of jobs and of wages. All consumption is paid out of
    wages there, 1.19 times their sum, which has to be asked for.
    """
    case = load(shared, "brazil-2015-multipliers")
    codes = names(len(case.array("x")))
    wages = case.array("r")
    other = case.array("x") - case.array("Z").sum(axis=0) - wages
    made = with_households(
        case,
        case.array("c"),
        rows(codes, compensation=wages, other=other),
        satellites=pd.Series(case.array("e"), codes, name="employment"),
    )
    model = iom.leontief(made)
    closed = iom.close_households(model, beyond_income="keep")
    assert closed.respending == pytest.approx(1.1923, abs=1e-4)
    forms = [
        iom.multipliers(model),
        iom.multipliers(closed, form="total"),
        iom.multipliers(closed),
    ]
    case.expect("MP", np.column_stack([found.effect[0] for found in forms]))
    for key, account in {"ME": "employment", "MR": "compensation"}.items():
        pair = [iom.multipliers(of, of=account) for of in (model, closed)]
        columns = [part for found in pair for part in (found.effect[0], found.multiplier[0])]
        case.expect(key, np.column_stack(columns))


# --- Australia -----------------------------------------------------------------------------------


def australia(shared: Path, name: str) -> tuple[object, iom.Leontief]:
    case = load(shared, name)
    codes = names(len(case.array("x")))
    pay = case.array("wages")
    other = case.array("x") - case.array("Z").sum(axis=0) - pay
    spent = case.array("household_consumption")
    rest = float(case.given["total_household_expenditure"]) - spent.sum()
    made = with_households(
        case,
        spent,
        rows(codes, compensation=pay, other=other),
        satellites=pd.Series(case.array("employment"), codes, name="employment"),
        final_primary=pd.DataFrame({"households": [rest]}, ["other"]),
        unit="million AUD",
        currency="AUD",
    )
    return case, iom.leontief(made)


@pytest.mark.parametrize(
    ("name", "of", "first"),
    [
        ("abs5246-output", "output", "ones"),
        ("abs5246-income", "compensation", "initial"),
        ("abs5246-employment", "employment", "coeff"),
    ],
)
def test_australia_parts_in_one_frame(shared: Path, name: str, of: str, first: str) -> None:
    """ABS 5246.0, tables 1-5: initial, first round, industrial support, simple, from one call."""
    case, model = australia(shared, name)
    frame = iom.multipliers(model, of=of).to_frame()
    if first in case.printed:  # type: ignore[attr-defined]
        case.expect(first, frame["direct"])  # type: ignore[attr-defined]
    case.expect("first_round", frame["first_round"])  # type: ignore[attr-defined]
    case.expect("simple", frame["effect"])  # type: ignore[attr-defined]
    if of == "output":
        case.expect("industrial_support", frame["industrial_support"])  # type: ignore[attr-defined]
        assert frame["unit"].unique().tolist() == ["million AUD per million AUD"]


def test_australia_spends_every_dollar(shared: Path) -> None:
    """ABS 5246.0, table 2: the household column is consumption over household expenditure.

    Its sum, 0.895 with 255,829 of 285,941 million dollars, follows from the printed totals; the
    multipliers that the paper prints follow from another column (see test_offices).
    """
    case, model = australia(shared, "abs5246-output")
    closed = iom.close_households(model, total_income="outlay")
    spent = np.asarray(case.given["household_consumption"])  # type: ignore[attr-defined]
    column = closed.A["households"].to_numpy()[:-1]
    assert column == pytest.approx(spent / 285941.0, rel=1e-12)
    assert closed.respending == 1.0
    assert closed.describe()["leakage per unit of income"] == "0.1053"


# --- Scotland ------------------------------------------------------------------------------------


def test_scotland_2019_denominators(shared: Path) -> None:
    """Scottish Government 2019: the published Type II needs household income from all sources.

    With compensation of employees alone as the denominator the household column is larger, and
    output multipliers leave the published ones by up to several tenths.
    """
    case = load(shared, "scotland-2019-type2")
    x, pay, added = (case.array(key) for key in ("x", "coe", "gva"))
    codes = names(len(x))
    bought = x - case.array("Z").sum(axis=0) - added
    made = with_households(
        case,
        case.array("household_consumption"),
        rows(codes, compensation=pay, other=added - pay, imports=bought),
        unit="million GBP",
        currency="GBP",
    )
    model = iom.leontief(made, idle="keep")
    income = float(case.array("household_income_denominator"))
    right = iom.close_households(model, total_income=income)
    case.expect("output", iom.multipliers(right).effect[0])
    other = iom.close_households(model)
    gap = iom.multipliers(other).effect[0] - np.asarray(case.printed["output"])
    assert gap.min() > -1e-6
    assert 0.1 < gap.max() < 2.0
    facts = right.describe()
    assert facts["which is"] == "total_income as given"
    assert facts["income rows"] == "compensation"
