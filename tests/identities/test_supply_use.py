"""Laws of symmetric tables made from supply and use, on random accounts."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.transforms.construction import ConstructionCertificate, gdp
from iomodel.transforms.valuation import to_basic_prices
from tests.identities.supply_use import Accounts, made_accounts, rectangular, square

EXACT = 1e-9


def near(found: object, expected: object, scale: float | None = None) -> None:
    left, right = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    size = float(np.abs(right).max(initial=0.0)) if scale is None else scale
    np.testing.assert_allclose(left, right, rtol=EXACT, atol=EXACT * size)


def construct(sut: iom.SupplyUseTable, model: Any, **options: Any) -> iom.IOTable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", iom.NegativeFlowWarning)
        return iom.sut_to_iot(sut, model, **options)


def without_jobs(sut: iom.SupplyUseTable) -> iom.SupplyUseTable:
    return sut.replace(satellites={})


def gives_its_output_back(sut: iom.SupplyUseTable, table: iom.IOTable) -> None:
    right = sut.product_output if table.meta.kind == "product" else sut.industry_output
    near(table.output, right)
    assert list(table.output.index) == list(right.index)
    demand = table.final_demand.sum(axis=1) - table.imports
    with warnings.catch_warnings():  # product technology may break the Hawkins-Simon condition
        warnings.simplefilter("ignore")
        found = table.flows.solver.solve(demand.to_numpy())
    near(found, right)
    near(table.flows.row_residual, 0.0 * right, float(right.max()))
    near(table.flows.column_residual, 0.0 * right, float(right.max()))


def keeps_its_totals(sut: iom.SupplyUseTable, table: iom.IOTable) -> None:
    near(gdp(table), gdp(sut))
    near(min(gdp(sut)), max(gdp(sut)))
    near(table.final_demand.sum(), sut.final_demand.sum())
    near(table.imports.sum(), sut.imports.sum())
    near(table.primary_inputs.sum(axis=1)[sut.primary_inputs.index],
         sut.primary_inputs.sum(axis=1))  # fmt: skip
    for name, satellite in sut.satellites.items():
        near(table.satellite(name).values.sum(), satellite.values.sum())


@pytest.mark.parametrize("model", ["A", "C"])
@given(accounts=square())
def test_square_models_solve_back_to_their_output(model: str, accounts: Accounts) -> None:
    sut = without_jobs(accounts.table())
    if model == "C":  # whose imports by industry may come out negative: tested apart
        sut = iom.supply_use(accounts.supply, accounts.use, primary_inputs=accounts.primary)
    table = construct(sut, model)
    gives_its_output_back(sut, table)
    keeps_its_totals(sut, table)


@pytest.mark.parametrize("model", ["B", "D"])
@given(accounts=rectangular())
def test_rectangular_models_solve_back_to_their_output(model: str, accounts: Accounts) -> None:
    sut = accounts.table()
    table = construct(sut, model)
    assert len(table) == len(sut.products if model == "B" else sut.industries)
    assert (table.intermediate >= 0).all(axis=None)
    gives_its_output_back(sut, table)
    keeps_its_totals(sut, table)


@given(accounts=square(), data=st.data())
def test_models_do_not_depend_on_the_order_of_the_labels(accounts: Accounts, data: Any) -> None:
    size = len(accounts.supply)
    rows = data.draw(st.permutations(range(size)))
    columns = data.draw(st.permutations(range(size)))
    for model in "ABD":
        one = construct(without_jobs(accounts.table()), model)
        mixed = construct(without_jobs(accounts.permuted(rows, columns).table()), model)
        order = one.output.index
        near(mixed.intermediate.loc[order, order], one.intermediate)
        near(mixed.primary_inputs[order], one.primary_inputs)
        near(mixed.imports[order], one.imports)


@given(accounts=square())
def test_without_secondary_products_all_models_agree(accounts: Accounts) -> None:
    diagonal = accounts.supply.to_numpy() * np.eye(len(accounts.supply))
    sut = iom.supply_use(accounts.supply * 0 + diagonal, accounts.use)
    tables = [construct(sut, model) for model in "ABCD"]
    for table in tables:
        near(table.flows.intermediate, sut.use)
        near(table.final_demand, sut.final_demand)


@given(accounts=square())
def test_product_technology_recovers_the_recipes_it_was_made_from(accounts: Accounts) -> None:
    """Industries use what their products need: A and Almon's method find the needs again."""
    recipes = accounts.use.to_numpy() / accounts.supply.sum(axis=1).to_numpy()
    recipes /= np.maximum(recipes.sum(axis=0) / 0.7, 1.0)
    use = accounts.use * 0 + recipes @ accounts.supply.to_numpy()
    sut = iom.supply_use(accounts.supply, use)
    scale = float(accounts.supply.sum().sum())
    for rule in ("keep", "almon"):
        table = construct(sut, "A", negatives=rule)
        wanted = recipes * sut.product_output.to_numpy()
        np.testing.assert_allclose(table.flows.intermediate, wanted, atol=1e-9 * scale)


@given(accounts=square())
def test_almon_leaves_no_negatives_and_keeps_every_row(accounts: Accounts) -> None:
    sut = accounts.table()
    table = construct(sut, "A", negatives="almon")
    assert (table.intermediate >= 0).all(axis=None)
    near(table.intermediate.sum(axis=1), sut.use.sum(axis=1))
    assert (table.satellite("employment").values >= 0).all()
    gives_its_output_back(sut, table)
    keeps_its_totals(sut, table)
    certificate = table.certificate
    assert isinstance(certificate, ConstructionCertificate)
    near(table.primary_inputs.loc["almon_adjustment"], certificate.adjustment)
    scale = float(sut.industry_output.sum())
    assert abs(certificate.adjustment.sum()) <= EXACT * scale
    plain = construct(without_jobs(sut), "A")
    assert certificate.negatives == int((plain.intermediate < 0).sum().sum())


@given(accounts=square())
def test_imports_of_model_c_solve_back_or_are_refused(accounts: Accounts) -> None:
    sut = accounts.table()
    shares = np.linalg.solve(sut.product_mix.to_numpy(), sut.imports.to_numpy())
    if (shares < -1e-9 * shares.max()).any():
        with pytest.raises(iom.AccountingError, match="imports negative"):
            construct(sut, "C")
    elif (shares > 0).all():
        table = construct(sut, "C")
        near(table.imports, shares)
        gives_its_output_back(sut, table)
        keeps_its_totals(sut, table)


@pytest.mark.parametrize("model", ["A", "D"])
@given(seed=st.integers(0, 2**32 - 1), intermediate=st.floats(0.1, 1.0))
def test_products_not_produced_move_and_gdp_stays(
    model: str, seed: int, intermediate: float
) -> None:
    base = made_accounts(4, 4, 0.02, np.random.default_rng(seed))
    sut = without_jobs(base.with_product("x", intermediate, 3.0).table())
    with pytest.raises(iom.AccountingError, match="not produced at home") as caught:
        construct(sut, model)
    assert "x" in str(caught.value)
    table = construct(sut, model, not_produced="primary")
    near(table.output.sum(), sut.product_output.sum())
    near(gdp(table), gdp(sut))
    row = table.primary_inputs.loc["not_produced_imports"]
    near(row.sum(), 4 * intermediate)
    direct = table.flows.final_primary[table.primary_labels.in_group("imports")].sum()
    near(row.sum() + direct + table.imports.sum(), sut.imports.sum())
    near(table.flows.column_residual, np.zeros(4), float(table.output.max()))


@given(accounts=rectangular())
def test_market_shares_and_product_mix_add_to_one(accounts: Accounts) -> None:
    sut = accounts.table()
    near(sut.market_shares.sum(), np.ones(len(sut.products)))
    near(sut.product_mix.sum(), np.ones(len(sut.industries)))
    near(sut.market_shares @ sut.product_output, sut.industry_output)
    near(sut.product_mix @ sut.industry_output, sut.product_output)


@given(accounts=rectangular(), factor=st.sampled_from([1e-6, 1e3, 1e8]))
def test_a_change_of_unit_scales(accounts: Accounts, factor: float) -> None:
    sut = iom.supply_use(accounts.supply, accounts.use)
    big = iom.supply_use(accounts.supply * factor, accounts.use * factor)
    for model in "BD":
        near(construct(big, model).intermediate, factor * construct(sut, model).intermediate)


@given(accounts=rectangular(), seed=st.integers(0, 2**32 - 1))
def test_prices_go_up_and_come_back(accounts: Accounts, seed: int) -> None:
    """Margins and taxes put on the uses and taken off again leave the accounts as they were."""
    rng = np.random.default_rng(seed)
    users = pd.concat([accounts.use, accounts.final], axis=1)
    margins = users * rng.uniform(0, 0.3, users.shape)
    margins.iloc[-1] = 0.0
    margins.iloc[-1] = -margins.sum()  # the last product renders all margins
    taxes = users * rng.uniform(-0.1, 0.2, users.shape)
    paid = users + margins + taxes
    n = accounts.use.shape[1]
    primary = accounts.primary.copy()
    primary.loc["other value added"] -= taxes.iloc[:, :n].sum()
    sut = iom.supply_use(
        accounts.supply,
        paid.iloc[:, :n],
        final_demand=paid.iloc[:, n:],
        primary_inputs=primary,
        imports=accounts.imports,
        margins=margins.sum(axis=1),
        product_taxes=taxes.sum(axis=1),
    )
    basic = to_basic_prices(sut, margins=margins, taxes=taxes)
    scale = float(users.max().max())
    near(basic.use, accounts.use, scale)
    near(basic.final_demand, accounts.final, scale)
    near(basic.primary_inputs.loc["product_taxes"], taxes.iloc[:, :n].sum(), scale)
    near(gdp(basic)[1:], [primary.drop("imports").sum().sum() + taxes.sum().sum()] * 2)
