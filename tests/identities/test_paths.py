"""Laws of structural paths on random tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.analysis.paths import paths
from tests.identities.tables import Activity, Economy, activities, economies


@given(economies(imports=False), st.integers(1, 60))
def test_paths_and_the_rest_are_the_multiplier(economy: Economy, top: int) -> None:
    model = iom.leontief(economy.domestic())
    code = economy.codes[0]
    found = paths(model, demand=code, of="value_added", top=top)
    effect = iom.multipliers(model, of="value_added").to_frame()["effect"]
    assert found.total == pytest.approx(effect[code])
    assert found.contributions.sum() + found.rest == pytest.approx(effect[code])
    assert (found.contributions > 0).all()
    assert found.rest >= -1e-12 * found.total


@given(economies(imports=False))
def test_sectors_in_another_order_have_the_same_paths(economy: Economy) -> None:
    demand = economy.final["exports"]
    turned = economy.permuted(np.arange(len(economy.codes))[::-1])
    frames = [
        paths(iom.leontief(one.domestic()), demand=demand, top=25).to_frame()
        for one in (economy, turned)
    ]
    values = [frame["contribution"].to_numpy() for frame in frames]
    assert values[0] == pytest.approx(values[1])
    apart = values[0] > values[0][-1] * (1 + 1e-9)  # equal ones at the end may change places
    assert set(frames[0]["path"][apart]) <= set(frames[1]["path"])


@given(economies(imports=False), st.floats(1e-3, 1e6))
def test_another_unit_scales_paths(economy: Economy, size: float) -> None:
    one, other = (
        paths(iom.leontief(item.domestic()), demand=item.final["exports"], top=10)
        for item in (economy, economy.in_units_of(size))
    )
    assert one.contributions == pytest.approx(other.contributions * size)


@given(activities())
def test_demand_in_parts_adds_up(activity: Activity) -> None:
    model = activity.closed
    codes = list(model.labels.index)
    parts = [pd.Series({codes[k]: 1.0 + k}) for k in range(2)]
    whole = pd.concat(parts)
    totals = [paths(model, demand=item, depth=2).orders for item in (*parts, whole)]
    assert totals[0] + totals[1] == pytest.approx(totals[2])
