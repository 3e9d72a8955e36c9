"""Regions linked into one table keep their accounts, and a known table is found again."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.kernels.trade import gravity, matched, traded
from iomodel.transforms.link import link
from iomodel.transforms.link_certificate import Linking
from tests.identities.tables import Rng, made_economy

Array = npt.NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def regions(count: int, size: int, rng: Rng) -> dict[str, iom.IOTable]:
    return {f"R{r}": made_economy(size, rng, imports=True).table(year=2020) for r in range(count)}


def certificate(table: iom.IOTable) -> Linking:
    assert isinstance(table.certificate, Linking)
    return table.certificate


@given(st.integers(2, 5), st.integers(2, 6), seeds)
def test_every_region_keeps_its_accounts(count: int, size: int, rng: Rng) -> None:
    tables = regions(count, size, rng)
    distances = pd.DataFrame(rng.uniform(1, 9, (count, count)), list(tables), list(tables))
    whole = link(tables, distances=distances, decay=float(rng.uniform(0, 2)), unmatched="keep")
    flows, audit = whole.flows, certificate(whole)
    scale = float(whole.output.max())
    assert min(flows.intermediate.min(), flows.final_demand.min()) >= 0
    assert whole.check().residual <= 1e-9 * scale
    for r, (name, table) in enumerate(tables.items()):
        here = np.array(whole.labels.regions) == name
        buyers = np.array(whole.final_labels.regions) == name
        old, inner = table.flows, len(table.primary_labels)
        np.testing.assert_array_equal(flows.output[here], old.output)
        np.testing.assert_array_equal(flows.primary_inputs[:inner, here], old.primary_inputs)
        # What a region uses of each product: its own, other regions' and imports.
        own = flows.intermediate[:, here].sum(axis=0) + flows.primary_inputs[inner:, here].sum(0)
        np.testing.assert_allclose(own, old.intermediate.sum(axis=0), rtol=1e-9)
        rest = flows.final_demand[:, buyers].sum(axis=0) + flows.final_primary[:, buyers].sum(0)
        home = table.final_labels.in_group("household")
        np.testing.assert_allclose(rest[home], old.final_demand[:, home].sum(axis=0), rtol=1e-9)
        sent = audit.between[:, r].sum(axis=1) + audit.unlinked_outflow[:, r]
        np.testing.assert_allclose(sent, old.final_demand[:, -1], rtol=1e-9, atol=1e-9 * scale)
        taken = audit.between[:, :, r].sum(axis=1) + audit.unlinked_inflow[:, r]
        np.testing.assert_allclose(taken, old.imports, rtol=1e-9, atol=1e-9 * scale)
    demand = flows.final_demand.sum(axis=1)
    np.testing.assert_allclose(flows.solver.solve(demand), flows.output, rtol=1e-8)


@given(st.integers(2, 4), st.integers(2, 5), seeds)
def test_flows_of_the_certificate_link_the_same_table(count: int, size: int, rng: Rng) -> None:
    tables = regions(count, size, rng)
    first = link(tables, unmatched="keep")
    again = link(tables, flows=certificate(first).flows)
    scale = float(first.output.max())
    for block in ("intermediate", "final_demand", "primary_inputs", "final_primary"):
        left, right = getattr(again.flows, block), getattr(first.flows, block)
        np.testing.assert_allclose(left, right, rtol=1e-8, atol=1e-9 * scale, err_msg=block)


class Known(NamedTuple):
    """An interregional table with one mix of origins per product and region."""

    intermediate: Array
    final: Array
    flows: pd.DataFrame
    tables: dict[str, iom.IOTable]


def known(count: int, size: int, rng: Rng) -> Known:
    mix = rng.dirichlet(np.ones(count), (size, count)).transpose(0, 2, 1)  # product, from, to
    mix[:, np.arange(count), np.arange(count)] += 1.0
    mix /= mix.sum(axis=1, keepdims=True)
    local = rng.random((count, size, size)) * 10
    home = rng.random((count, size)) * 50 + local.sum(axis=2)
    z = np.einsum("irs,sij->risj", mix, local)
    f = np.einsum("irs,si->ris", mix, home)
    trade = np.einsum("irs,si->irs", mix, local.sum(axis=2) + home)
    output = trade.sum(axis=2)
    own = np.einsum("irr->ir", trade)
    names, codes = [f"R{r}" for r in range(count)], [f"s{i}" for i in range(size)]
    tables = {
        name: iom.table(
            pd.DataFrame(local[r], codes, codes),
            final_demand=pd.DataFrame(
                {"home": home[r], "exports": output[:, r] - own[:, r]}, codes
            ),
            imports=pd.Series(trade[:, :, r].sum(axis=1) - own[:, r], codes),
            output=pd.Series(output[:, r], codes),
        )
        for r, name in enumerate(names)
    }
    rows = pd.MultiIndex.from_product([names, codes])
    frame = pd.DataFrame(trade.transpose(1, 0, 2).reshape(-1, count), rows, names)
    square = z.reshape(count * size, count * size)
    return Known(square, f.reshape(count * size, count), frame, tables)


@given(st.integers(2, 4), st.integers(1, 5), seeds)
def test_a_known_interregional_table_is_found_again(count: int, size: int, rng: Rng) -> None:
    truth = known(count, size, rng)
    whole = link(truth.tables, flows=truth.flows)
    np.testing.assert_allclose(whole.flows.intermediate, truth.intermediate, rtol=1e-9, atol=1e-9)
    home = [k for k, code in enumerate(whole.final_labels.codes) if code == "home"]
    np.testing.assert_allclose(whole.flows.final_demand[:, home], truth.final, rtol=1e-9)
    np.testing.assert_allclose(certificate(whole).flows, truth.flows, rtol=1e-9)
    assert not whole.primary_labels.in_group("imports").size or (
        whole.flows.primary_inputs[-1].max() < 1e-9 * whole.output.max()
    )


@given(st.integers(2, 4), st.integers(1, 4), seeds)
def test_pools_keep_the_balance_of_trade(count: int, size: int, rng: Rng) -> None:
    truth = known(count, size, rng)
    names = list(truth.tables)
    distances = pd.DataFrame(rng.uniform(1, 9, (count, count)), names, names)
    whole = link(truth.tables, method="pool", distances=distances)
    assert whole.check().residual <= 1e-7 * whole.output.max()
    away = certificate(whole).between
    net = away.sum(axis=2) - away.sum(axis=1)
    audit = certificate(whole)
    scale = float(whole.output.max())
    np.testing.assert_allclose(net, audit.outflow - audit.inflow, atol=1e-7 * scale)


@given(st.integers(1, 4), st.integers(2, 6), seeds)
def test_matched_pools_can_always_be_traded(products: int, count: int, rng: Rng) -> None:
    size = (products, count)
    parts = [10 ** rng.uniform(0, 4, size) * (rng.random(size) < 0.6) for _ in range(3)]
    pools = matched(*parts)
    scale = max(float(part.max()) for part in parts) + 1.0
    np.testing.assert_allclose(
        pools.sent.sum(axis=1), pools.received.sum(axis=1), atol=1e-9 * scale
    )
    assert (pools.sent <= np.minimum(parts[0], parts[2]) * (1 + 1e-9) + 1e-9).all()
    assert (pools.received <= parts[1] * (1 + 1e-9) + 1e-9).all()
    found = traded(gravity(pools, 1.0 - np.eye(count)), pools)
    assert all(item.converged for item in found)
    assert all(np.diagonal(item.matrix).max() == 0 for item in found)


def test_a_region_that_dominates_trades_with_all_others_only() -> None:
    """L = min(100, 90, 20 + 30): the others' 20 and 30 go to and come from the first."""
    sent, received = np.array([[80.0, 10.0, 10.0]]), np.array([[60.0, 20.0, 10.0]])
    pools = matched(sent, received, sent)
    np.testing.assert_allclose(pools.sent, [[30.0, 10.0, 10.0]])
    np.testing.assert_allclose(pools.received, [[20.0, 20.0, 10.0]])
    found = traded(gravity(pools, 1.0 - np.eye(3)), pools)[0].matrix
    np.testing.assert_allclose(found, [[0, 20, 10], [10, 0, 0], [10, 0, 0]], atol=1e-9)


@given(st.integers(2, 6), seeds)
def test_no_larger_trade_is_possible(count: int, rng: Rng) -> None:
    """The sum of matched pools is the largest flow, found by linear programming."""
    sent, received = rng.uniform(0, 10, (2, 1, count)) * (rng.random((2, 1, count)) < 0.8)
    pools = matched(sent, received, sent)
    away = ~np.eye(count, dtype=bool)
    rows = np.kron(np.eye(count), np.ones(count))
    columns = np.kron(np.ones(count), np.eye(count))
    best = scipy.optimize.linprog(
        -away.ravel().astype(float),
        A_ub=np.vstack([rows, columns]),
        b_ub=np.concatenate([sent[0], received[0]]),
        bounds=[(0, None if free else 0) for free in away.ravel()],
    )
    np.testing.assert_allclose(pools.sent.sum(), -best.fun, atol=1e-7)
