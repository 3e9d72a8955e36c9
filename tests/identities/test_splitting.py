"""Split then aggregate gives the table back."""

import numpy as np
import pandas as pd
from hypothesis import given, strategies as st

import iomodel as iom
from tests.identities.tables import Economy, economies


@given(economies(), st.integers(0, 2**32 - 1), st.booleans())
def test_split_then_aggregate_is_the_original(economy: Economy, seed: int, known: bool) -> None:
    rng = np.random.default_rng(seed)
    table, codes = economy.table(year=2020), economy.codes
    sector = str(rng.choice(codes))
    weights = dict(zip(["x", "y", "z"], rng.dirichlet([5.0, 5.0, 5.0]).tolist(), strict=True))
    inputs = None
    others = [code for code in codes if code != sector]
    if known:
        # Near the weights, so that value added and final use can give way.
        near = np.array(list(weights.values())) * rng.uniform(0.8, 1.25, (len(others), 3))
        inputs = pd.DataFrame(near / near.sum(axis=1, keepdims=True), others, list(weights))
    fine = iom.split(table, sector, weights, inputs=inputs)
    link = {code: code for code in others} | dict.fromkeys(weights, sector)
    back = iom.aggregate(fine, {code: link[code] for code in fine.labels.codes})
    scale = float(table.output.max())
    for block in ("intermediate", "final_demand", "primary_inputs", "output", "imports"):
        left, right = getattr(back.flows, block), getattr(table.flows, block)
        np.testing.assert_allclose(left, right, rtol=1e-6, atol=1e-8 * scale)
    assert fine.check().residual <= 1e-7 * scale
    np.testing.assert_allclose(back.satellite("employment").values,
                               table.satellite("employment").values, rtol=1e-12)  # fmt: skip
