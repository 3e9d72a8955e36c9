"""Numbers printed in textbooks, manuals and papers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.reference.cases import Case, effect, load, names, ratio, rows, table, with_households


def test_miller_blair_open_model(shared: Path) -> None:
    """Miller and Blair (2009), section 2.3, tables 2.3 and 2.4: A, L, a new final demand, labour.

    The printed inverse, output and labour, in dollars and persons, of the two-sector example.
    """
    case = load(shared, "mb2-ch2-open")
    codes = names(2)
    jobs = pd.Series(case.array("labour_coeff") * case.array("x"), codes, name="employment")
    made = table(case, satellites=jobs)
    model = iom.leontief(made)
    np.testing.assert_allclose(made.final_demand["final_demand"], case.given["f"])
    case.expect("A", model.A)
    case.expect("L", model.L)
    output = model.solve(pd.Series(case.array("f_new"), codes))
    case.expect("x_new", output)
    case.expect("labour_new", case.array("labour_coeff") * output.to_numpy())
    persons = effect(model, "employment") @ case.array("f_new")
    assert persons == pytest.approx(sum(case.printed["labour_new"]), abs=0.1)


def closed_example(case: Case) -> tuple[iom.Leontief, iom.ClosedLeontief]:
    """Households of section 2.5: income 300 and 500 from sectors, 50 from each other.

    Payments of households to households have no cell of their own here: they are taken out of
    income and outlay alike, which leaves the part of the inverse between sectors as it is.
    """
    a, output = np.asarray(case.given["A_closed"]), np.array([1000.0, 2000.0])
    income = 1000.0  # of households, 50 of it from households
    pay, spent = a[2, :2] * output, a[:2, 2] * income
    whole = Case(case.id, {"Z": a[:2, :2] * output, "x": output}, {}, {})
    other = output - (a[:2, :2] * output).sum(axis=0) - pay
    primary = rows(names(2), compensation=pay, other=other)
    model = iom.leontief(with_households(whole, spent, primary))
    closed = iom.close_households(model, total_income=income * (1 - a[2, 2]))
    return model, closed


def test_miller_blair_closed_model(shared: Path) -> None:
    """Miller and Blair (2009), section 2.5: the inverse closed with households, 2 x 2 part.

    Values recalled by the author of the case, not found as text. The household row and column
    of the printed inverse count payments between households and are not compared.
    """
    case = load(shared, "mb2-ch2-6-closed-income")
    _, closed = closed_example(case)
    printed = np.asarray(case.printed["L_closed"])[:2, :2]
    case.expect("L_closed", closed.L.to_numpy()[:2, :2], printed=printed)


def test_miller_blair_income_multipliers(shared: Path) -> None:
    """Miller and Blair (2009), section 6.2: simple income effects and Type I multipliers.

    Values recalled by the author of the case, not found as text.
    """
    case = load(shared, "mb2-ch2-6-closed-income")
    model, _ = closed_example(case)
    case.expect("simple_income", effect(model, "compensation"))
    case.expect("typeI", ratio(model, "compensation"))


def test_eurostat_manual_inverse(shared: Path) -> None:
    """Eurostat manual (2008), tables 15.4 to 15.20, pages 481-507: Germany 1995, six branches.

    Input coefficients, I - A, the diagonal of the inverse, output multipliers.
    """
    case = load(shared, "eurostat-de1995-leontief")
    model = iom.leontief(table(case))
    a = model.A.to_numpy()
    rest = np.eye(len(a)) - a
    case.expect("A_00", a[0, 0])
    case.expect("IminusA_diag3", np.diag(rest)[:3])
    case.expect("IminusA_12", rest[1, 2])
    case.expect("L_diag3", np.diag(model.L)[:3])
    case.expect("output_mult", effect(model, "output"))


def test_eurostat_manual_value_added_and_employment(shared: Path) -> None:
    """Eurostat manual (2008), tables 15.4 to 15.20, pages 481-507: indicators and multipliers."""
    case = load(shared, "eurostat-de1995-gva-emp")
    codes = names(len(case.array("x")))
    bought = case.array("x") - case.array("Z").sum(axis=0) - case.array("gva")
    made = table(
        case,
        primary_inputs=rows(codes, gva=case.array("gva"), imports=bought),
        satellites=pd.Series(case.array("employment"), codes, name="employment"),
    )
    model = iom.leontief(made)
    case.expect("gva_ind", iom.multipliers(model, of="value_added").direct[0])
    case.expect("gva_mult", effect(model, "value_added"))
    case.expect("emp_mult", effect(model, "employment"))


def test_un_handbook_emissions(shared: Path) -> None:
    """UN handbook on supply, use and input-output tables (2018), Germany 2009: CO2 per demand.

    The flows at hand are rounded to billions of euros, so the answers agree to 6 per cent only.
    """
    case = load(shared, "un-de2009-co2")
    co2 = pd.Series(case.array("co2"), names(len(case.array("x"))), name="co2")
    case.expect("co2_mult", effect(iom.leontief(table(case, satellites=co2)), "co2"))


def test_brazil_simple_multipliers(shared: Path) -> None:
    """Vale and Perobelli's script on IBGE's table of Brazil 2015: MP, ME and MR, simple parts.

    Its total parts close the table with all household consumption out of wages alone, 1.19 times
    their sum: such a closure is refused here, and the total parts are left out.
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
    accounts = {"ME": "employment", "MR": "compensation"}
    case.expect("MP", effect(model, "output"), printed=np.array(case.printed["MP"])[:, 0])
    for key, account in accounts.items():
        found = np.column_stack([effect(model, account), ratio(model, account)])
        case.expect(key, found, printed=np.array(case.printed[key])[:, :2])
    with pytest.raises(iom.AccountingError, match=r"3,185,733 exceeds income of 2,672,020"):
        iom.close_households(model)


def test_small_world_table(shared: Path) -> None:
    """pymrio, small world table of two regions (tests/test_math.py): A, L, intensities, effects."""
    case = load(shared, "pymrio-small-mrio")
    pairs = [(r, s) for r in case.given["regions"] for s in case.given["sectors"]]
    index = pd.MultiIndex.from_tuples(pairs)
    made = iom.table(
        pd.DataFrame(case.array("Z"), index, index),
        final_demand=pd.DataFrame(case.array("Y"), index, ["one", "two"]),
        satellites={"stress": pd.DataFrame(case.array("F"), ["land", "water"], index)},
    )
    model = iom.leontief(made)
    stress = iom.multipliers(model, of="stress")
    case.expect("x", made.output)
    case.expect("A", model.A)
    case.expect("L", model.L)
    case.expect("S", stress.direct)
    case.expect("M", stress.effect)


def test_value_added_in_exports_of_leather(shared: Path) -> None:
    """decompr, the leather example of Wang, Wei and Zhu (tests/testthat): V B E, two elements.

    Value added of one country and industry in the exports and output of another: the first
    element and the last, of nine by nine. In final demand (V B Y, nine by three): the first, and
    that of German agriculture in Turkey's, whose place the source does not state.
    """
    case = load(shared, "decompr-leather-leontief")
    pairs = [(c, i) for c in case.given["countries"] for i in case.given["industries"]]
    index = pd.MultiIndex.from_tuples(pairs)
    z, final = case.array("inter"), case.array("final")
    made = iom.table(
        pd.DataFrame(z, index, index),
        final_demand=pd.DataFrame(final, index, case.given["countries"]),
        output=pd.Series(case.array("out"), index),
    )
    content = (made.value_added / made.output).to_numpy()[:, None] * iom.leontief(made).L.to_numpy()
    country = np.repeat(np.arange(3), 3)
    abroad = country[:, None] != country[None, :]
    exports = (z * abroad).sum(axis=1) + (final * (country[:, None] != np.arange(3))).sum(axis=1)
    for key, sold in {"exports": exports, "output": case.array("out")}.items():
        flows = content * sold
        case.expect(key, [flows[0, 0], flows[-1, -1]])
    bought = content @ final
    case.expect("final", [bought[0, 0], bought[6, 1]])
