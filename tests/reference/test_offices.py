"""Numbers published by statistical offices and central banks beside their tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.reference.cases import (
    Case,
    effect,
    load,
    names,
    ratio,
    rows,
    table,
    with_households,
)


def test_chile_2013(shared: Path) -> None:
    """Banco Central de Chile, MIP 2013, 12 x 12: domestic coefficients, inverse, column totals."""
    case = load(shared, "chile-2013-leontief")
    model = iom.leontief(table(case))
    case.expect("A", model.A)
    case.expect("L", model.L)
    case.expect("col_total", effect(model, "output"))


def test_korea_2010(shared: Path) -> None:
    """Bank of Korea, benchmark table 2010, basic prices, 82 sectors: coefficients, inverse, sums.

    Total, import and domestic input coefficients; the inverse of the domestic ones
    (생산유발계수), its row and column sums.
    """
    case = load(shared, "korea-2010-coefficients")
    total = iom.leontief(table(case, flows="Z_total"))
    domestic = iom.leontief(table(case, flows="Z_domestic"))
    abroad = iom.leontief(table(case, flows="Z_import"))
    case.expect("A", total.A)
    case.expect("Ad", domestic.A)
    case.expect("Am", abroad.A)
    case.expect("L", domestic.L)
    case.expect("col_sum", effect(domestic, "output"))
    everything = pd.Series(1.0, domestic.L.index)
    case.expect("row_sum", domestic.solve(everything))


@pytest.mark.parametrize("name", ["china-2000-17", "china-2007-42"])
def test_china(shared: Path, name: str) -> None:
    """NBS China, tables of 2000 (17 sectors) and 2007 (42): direct and complete consumption.

    完全消耗系数 is (I - A)^-1 - I of the competitive table, imported inputs included.
    """
    case = load(shared, name)
    made = table(case, import_treatment="competitive")
    with pytest.raises(iom.AccountingError, match="competitive"):
        iom.leontief(made)
    model = iom.leontief(made, imports="as_domestic")
    case.expect("A", model.A)
    case.expect("C", model.L.to_numpy() - np.eye(len(model.L)))


# --- United Kingdom ------------------------------------------------------------------------------

ONS_ROWS = ("imports", "taxes", "coe", "gos", "taxes_prod")


def ons(shared: Path, name: str) -> tuple[Case, iom.Leontief]:
    case = load(shared, name)
    codes = names(len(case.array("x")))
    primary = rows(codes, **{row: case.array(row) for row in ONS_ROWS})
    roles = {"coe": "gva", "gos": "gva", "taxes_prod": "gva"}
    return case, iom.leontief(table(case, primary_inputs=primary, primary_roles=roles))


def test_united_kingdom_2019_inverse(shared: Path) -> None:
    """ONS, input-output analytical tables 2019, industry by industry, sheets A and Leontief.

    Coefficients, inverse and output multipliers of 105 industries.
    """
    case, model = ons(shared, "uk-ons-2019-leontief")
    case.expect("A", model.A)
    case.expect("L", model.L)
    case.expect("output_mult", effect(model, "output"))


def test_united_kingdom_2019_effects(shared: Path) -> None:
    """ONS, input-output analytical tables 2019, sheet Effects, nine columns.

    Domestic inputs, imports, taxes, their sum (inputs at purchasers' prices), compensation,
    surplus, taxes on production, value added, output, per unit of final demand.
    """
    case, model = ons(shared, "uk-ons-2019-effects")
    inputs = effect(model, "output") - 1.0
    imports, taxes = effect(model, "imports"), effect(model, "taxes")
    columns = [
        inputs, imports, taxes, inputs + imports + taxes,
        *(effect(model, row) for row in ("coe", "gos", "taxes_prod", "gva", "output")),
    ]  # fmt: skip
    case.expect("effects", np.column_stack(columns))
    case.expect("unit_price_identity", imports + taxes + effect(model, "gva"))


def test_united_kingdom_2019_multipliers(shared: Path) -> None:
    """ONS, input-output analytical tables 2019, sheet Multipliers: ratios to the direct effect.

    Domestic inputs, imports, taxes, inputs at purchasers' prices, compensation, surplus, value
    added, output. Marks for missing values are left out.
    """
    case, model = ons(shared, "uk-ons-2019-effects")
    printed = np.asarray(case.printed["multipliers"])
    accounts = {1: "imports", 2: "taxes", 4: "coe", 5: "gos", 6: "gva"}
    columns = {column: ratio(model, account) for column, account in accounts.items()}
    domestic = model.A.sum().to_numpy(), effect(model, "output") - 1.0
    outside = [iom.multipliers(model, of=account) for account in ("imports", "taxes")]
    direct = domestic[0] + sum(item.direct[0] for item in outside)
    total = domestic[1] + sum(item.effect[0] for item in outside)
    with np.errstate(invalid="ignore"):
        columns |= {0: domestic[1] / domestic[0], 3: total / direct}
    columns[7] = effect(model, "output")
    assert sorted(columns) == list(range(printed.shape[1]))
    for column, found in columns.items():
        there = np.isfinite(printed[:, column])
        assert there.sum() >= len(printed) - 2
        case.expect("multipliers", found[there], printed=printed[there, column])


# --- Scotland ------------------------------------------------------------------------------------


def scotland(shared: Path, name: str) -> tuple[Case, iom.Leontief, iom.ClosedLeontief]:
    case = load(shared, name)
    x, pay, added = (case.array(key) for key in ("x", "coe", "gva"))
    codes = names(len(x))
    bought = x - case.array("Z").sum(axis=0) - added
    parts = {}
    if "employment_coeff_implied" in case.given:
        jobs = case.array("employment_coeff_implied") * x
        parts["satellites"] = pd.Series(jobs, codes, name="employment")
    made = with_households(
        case,
        case.array("household_consumption"),
        rows(codes, compensation=pay, other=added - pay, imports=bought),
        **parts,
    )
    model = iom.leontief(made, idle="keep")
    income = float(case.array("household_income_denominator"))
    return case, model, iom.close_households(model, total_income=income)


def test_scotland_2019_type_one(shared: Path) -> None:
    """Scottish Government, analytical tables 2019: Type I inverse, output, income, value added."""
    case, model, _ = scotland(shared, "scotland-2019-type1")
    case.expect("L1", model.L)
    compare(case, model)


def test_scotland_2019_type_two(shared: Path) -> None:
    """Scottish Government, analytical tables 2019: Type II inverse and what follows from it.

    Household column = consumption over total household income of GBP 156,241 million (recovered
    from the published inverse), household row = compensation over output. Output multipliers
    count industries only. Ratios are to the direct effect.
    """
    case, _, closed = scotland(shared, "scotland-2019-type2")
    case.expect("L2", closed.L)
    compare(case, closed)


def compare(case: Case, model: iom.Leontief) -> None:
    case.expect("output", effect(model, "output"))
    for key, account in (("income", "compensation"), ("gva", "value_added")):
        case.expect(f"{key}_effect", effect(model, account))
        printed = np.asarray(case.printed[f"{key}_mult"])
        there = iom.multipliers(model, of=account).direct[0] != 0
        found = ratio(model, account)[there]
        case.expect(f"{key}_mult", found, printed=printed[there])


def test_scotland_2019_employment(shared: Path) -> None:
    """Scottish Government, analytical tables 2019: employment multipliers, Types I and II.

    Direct jobs are those implied by the published Type I effects; Type I ratios, Type II effects
    and ratios are then answers of their own.
    """
    case, model, closed = scotland(shared, "scotland-2019-employment")
    there = case.array("employment_coeff_implied") > 1e-12
    assert there.sum() > 90
    for key, of in (("typeI_mult", model), ("typeII_mult", closed)):
        printed = np.asarray(case.printed[key])[there]
        case.expect(key, ratio(of, "employment")[there], printed=printed)
    case.expect("typeII_effect", effect(closed, "employment"))


# --- Australia -----------------------------------------------------------------------------------


def australia(shared: Path, name: str, consumption: str) -> tuple[Case, iom.Leontief]:
    """Build the seven sectors of the paper; jobs per million dollars, pay as the income row."""
    case = load(shared, name)
    x, pay = case.array("x"), case.array("wages")
    spent = case.array(consumption)
    spent = spent * pay.sum() if consumption.endswith("recovered") else spent
    codes = names(len(x))
    other = x - case.array("Z").sum(axis=0) - pay
    made = with_households(
        case,
        spent,
        rows(codes, compensation=pay, other=other),
        satellites=pd.Series(case.array("employment"), codes, name="employment"),
    )
    return case, iom.leontief(made)


def test_australia_output(shared: Path) -> None:
    """ABS 5246.0, introduction to input-output multipliers, tables 1-5: A, L, output multipliers.

    First round: column sums of A; industrial support: the rest of the simple multiplier.
    """
    case, model = australia(shared, "abs5246-output", "household_consumption")
    case.expect("A", model.A)
    case.expect("L", model.L)
    first, simple = model.A.sum().to_numpy(), effect(model, "output")
    case.expect("first_round", first)
    case.expect("industrial_support", simple - 1 - first)
    case.expect("simple", simple)


def test_australia_income(shared: Path) -> None:
    """ABS 5246.0, tables 1-5: initial, first round and simple income effects."""
    case, model = australia(shared, "abs5246-income", "household_consumption")
    found = iom.multipliers(model, of="compensation")
    case.expect("initial", found.direct[0])
    case.expect("first_round", found.direct[0] @ model.A.to_numpy())
    case.expect("simple", found.effect[0])


def test_australia_employment(shared: Path) -> None:
    """ABS 5246.0, tables 1-5: persons per million dollars, in full-time equivalents."""
    case, model = australia(shared, "abs5246-employment", "household_consumption")
    found = iom.multipliers(model, of="employment")
    case.expect("coeff", found.direct[0])
    case.expect("first_round", found.direct[0] @ model.A.to_numpy())
    case.expect("simple", found.effect[0])


def test_australia_closed(shared: Path) -> None:
    """ABS 5246.0, tables 1-5: the closed inverse between sectors and the total effects it gives.

    The printed inverse follows from another household column than the printed one: the column
    recovered from it, dollars of purchases per dollar of pay, is the input here.
    """
    case, model = australia(shared, "abs5246-typeII-recovered", "household_column_recovered")
    closed = iom.close_households(model, total_income=float(case.array("wages").sum()))
    n = len(model.A)
    case.expect("Bstar", closed.L.to_numpy()[:n, :n])
    case.expect("total", effect(closed, "output"))
    case.expect("income_total", effect(closed, "compensation"))
    case.expect("employment_total", effect(closed, "employment"))
