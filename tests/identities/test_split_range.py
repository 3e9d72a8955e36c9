"""Draws of a split keep every total, and are uniform where the answer is known."""

import numpy as np
import pandas as pd
import scipy
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.kernels.polytope import block, walk
from iomodel.transforms.split_range import split_range
from tests.identities.tables import Economy, economies


@given(economies(), st.integers(0, 2**32 - 1))
def test_every_draw_adds_up_to_the_sector(economy: Economy, seed: int) -> None:
    rng = np.random.default_rng(seed)
    table, codes = economy.table(year=2020), economy.codes
    sector = str(rng.choice(codes))
    weights = dict(zip(["x", "y", "z"], rng.dirichlet([5.0, 5.0, 5.0]).tolist(), strict=True))
    found = split_range(table, sector, weights, draws=3, seed=seed % 1000, steps=200)
    scale = float(table.output.max())
    assert found.residual <= 1e-9 * scale
    link = {code: code for code in codes if code != sector} | dict.fromkeys(weights, sector)
    for number, fine in enumerate(found.draws()):
        back = iom.aggregate(fine, {code: link[code] for code in fine.labels.codes})
        for block_name in ("intermediate", "final_demand", "primary_inputs", "output", "imports"):
            left, right = getattr(back.flows, block_name), getattr(table.flows, block_name)
            np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9 * scale)
        assert fine.flows.intermediate.min() >= 0
        assert fine.check().residual <= 1e-9 * scale
        plain = fine.flows.solver.solve_transposed(np.ones(len(fine)))
        np.testing.assert_allclose(found.multipliers[number], plain, rtol=1e-9)


def test_one_free_number_is_uniform_on_its_interval() -> None:
    """Two rows and two columns have one free cell, uniform on what the margins allow."""
    start = np.array([2.0, 4.0, 3.0, 1.0])  # rows 6, 4; columns 5, 5: cell (0, 0) in 1 ... 5
    cells = np.arange(4).reshape(2, 2)
    found = walk(start, (block(cells, start),), draws=4000, steps=20, seed=3).end[:, 0]
    assert scipy.stats.kstest(found, scipy.stats.uniform(1.0, 4.0).cdf).pvalue > 0.001


def test_walks_agree_with_rejection() -> None:
    """Three rows and two columns: two free cells, uniform on a polygon, by rejection as well."""
    start = np.array([1.0, 2.0, 4.0, 2.0, 1.5, 5.0])
    rows, total = np.array([3.0, 6.0, 6.5]), 6.5
    cells = np.arange(6).reshape(3, 2)
    found = walk(start, (block(cells, start),), draws=4000, steps=400, seed=5).end
    tried = np.random.default_rng(7).uniform(0, 1, (40_000, 2)) * rows[:2]
    left = total - tried.sum(axis=1)
    kept = tried[(left >= 0) & (left <= rows[2])]
    for k in range(2):
        assert scipy.stats.ks_2samp(found[:, 2 * k], kept[:, k]).pvalue > 0.001
    both = scipy.stats.ks_2samp(found[:, 0] + found[:, 2], kept.sum(axis=1))
    assert both.pvalue > 0.001


def test_range_of_a_split_by_hand() -> None:
    """One sector of one supplier (itself aside): multipliers can be enumerated.

    The sector buys 40 from a and pays 60; its halves can take 0 to 40 of a each, evenly
    likely, so that their multipliers are 1 + 1.25 u / 50 with u uniform on 0 ... 40.
    """
    flows = pd.DataFrame([[20.0, 40.0], [0.0, 0.0]], ["a", "b"], ["a", "b"])
    table = iom.table(flows, output=pd.Series({"a": 100.0, "b": 100.0}))
    found = split_range(table, "b", {"b1": 0.5, "b2": 0.5}, draws=4000, seed=11)
    spread = found.multipliers[:, found.parts[0]]
    law = scipy.stats.uniform(1.0, 1.0)
    assert scipy.stats.kstest(spread, law.cdf).pvalue > 0.001
    np.testing.assert_allclose(found.multipliers[:, found.parts].sum(axis=1), 3.0)
    assert found.drift < 5
