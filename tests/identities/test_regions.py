"""Laws of regional tables on random economies."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from tests.identities.tables import Economy, economies

METHODS: dict[Any, float | None] = {"SLQ": None, "CILQ": None, "RLQ": None, "FLQ": 0.2, "AFLQ": 0.2}
EXACT: dict[Any, float | None] = {"SLQ": None, "CILQ": None, "FLQ": 0.0}
pytestmark = pytest.mark.filterwarnings("ignore::iomodel.errors.NegativeFlowWarning")


def region(economy: Economy, seed: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    part = rng.uniform(0.01, 0.9, len(economy.codes)) * (rng.random(len(economy.codes)) < 0.8)
    part[rng.integers(len(part))] = 0.5
    return pd.Series(part * economy.output, economy.codes)


@given(economies(imports=False), st.floats(0.05, 1.0))
def test_a_scaled_down_nation_has_its_coefficients(economy: Economy, part: float) -> None:
    table = economy.table()
    for method, delta in EXACT.items():
        same = iom.regionalise(table, output=table.output * part, method=method, delta=delta)
        np.testing.assert_allclose(
            iom.leontief(same).A, iom.leontief(table).A, rtol=1e-12, atol=1e-15
        )


@given(economies(imports=False), st.integers(0, 2**32 - 1))
def test_regional_tables_balance_and_import_what_is_not_made(economy: Economy, seed: int) -> None:
    table, output = economy.table(), region(economy, seed)
    for method, delta in METHODS.items():
        found = iom.regionalise(
            table,
            output=output,
            method=method,
            delta=delta,
            final_demand="share",
        )
        scale = float(output.sum())
        assert found.check().residual <= 1e-9 * scale
        absent = output.index[output == 0]
        assert not found.intermediate.loc[absent].any(axis=None)
        assert not found.intermediate[absent].any(axis=None)
        national = (table.intermediate / table.output * output).to_numpy()
        assert (found.intermediate.to_numpy() <= national * (1 + 1e-12)).all()
        back = iom.leontief(found, idle="keep").solve(found.final_demand.sum(axis=1))
        np.testing.assert_allclose(back, output, rtol=1e-8, atol=1e-9 * scale)


@given(economies(imports=False), st.integers(0, 2**32 - 1))
def test_a_larger_delta_leaves_less_inside(economy: Economy, seed: int) -> None:
    table, output = economy.table(), region(economy, seed)
    inside = [
        iom.regionalise(table, output=output, method="FLQ", delta=delta).intermediate.to_numpy()
        for delta in (0.0, 0.1, 0.3, 0.6)
    ]
    for wider, tighter in pairwise(inside):
        assert (tighter <= wider * (1 + 1e-12)).all()


@given(economies(imports=False), st.integers(0, 2**32 - 1))
def test_another_order_permutes_the_region(economy: Economy, seed: int) -> None:
    output = region(economy, seed)
    order = np.random.default_rng(seed).permutation(len(economy.codes))
    plain = iom.regionalise(economy.table(), output=output, method="AFLQ", delta=0.3)
    other = iom.regionalise(economy.permuted(order).table(), output=output, method="AFLQ",
                            delta=0.3)  # fmt: skip
    codes = economy.codes
    np.testing.assert_allclose(
        other.intermediate.loc[codes, codes], plain.intermediate, rtol=1e-9, atol=1e-12
    )


@given(economies(imports=True), st.integers(0, 2**32 - 1))
def test_charm_keeps_trade_within_output_and_use(economy: Economy, seed: int) -> None:
    table, output = economy.table(), region(economy, seed)
    found = iom.regionalise(table, output=output, method="CHARM", final_demand="share")
    outflow = found.final_demand["outflow"]
    slack = 1e-9 * float(output.sum())
    assert (outflow >= -slack).all()
    assert (outflow <= output + slack).all()
    assert found.check().residual <= slack
