"""Splitting a sector: what the parts are, and what is refused."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit import small

PARTS = {"m1": 0.25, "m2": 0.75}


def test_parts_by_output_alone_have_the_multipliers_of_the_whole() -> None:
    table = iom.split(small.built(), "m", PARTS, names={"en": ["one", "two"]})
    assert table.labels.codes == ("a", "m1", "m2", "s")
    whole = iom.multipliers(iom.leontief(small.built())).effect[0]
    found = iom.multipliers(iom.leontief(table)).effect[0]
    np.testing.assert_allclose(found, whole[[0, 1, 1, 2]])
    assert table.output.tolist() == [100.0, 75.0, 225.0, 200.0]
    assert table.meta.provenance[-1] == "split(m into m1, m2)"
    assert table.certificate is None


def test_known_shares_shape_the_parts_and_totals_stay() -> None:
    inputs = pd.DataFrame({"m2": [0.9, 0.5], "m1": [0.1, 0.5]}, ["a", "compensation"])
    sales = pd.DataFrame({"m1": [0.6], "m2": [0.4]}, ["exports"])
    table = iom.split(small.built(), "m", PARTS, inputs=inputs, sales=sales,
                      levels={"employment": {"m1": 0.5, "m2": 0.5}})  # fmt: skip
    assert table.check().residual < 1e-6
    assert table.intermediate.loc["a", ["m1", "m2"]].sum() == pytest.approx(40.0)
    # m1 takes less than its quarter from a, and more of compensation and of exports
    flows = table.intermediate.to_numpy()
    assert flows[0, 1] < 0.25 * 40.0
    assert table.primary_inputs.to_numpy()[0, 1] > 0.25 * 80.0
    assert table.final_demand["exports"].to_numpy()[1] > 0.25 * 70.0
    assert table.satellite("employment").values[:, 1].tolist() == [15.0, 30.0]
    assert isinstance(table.certificate, iom.Balanced)
    back = iom.aggregate(table, {"a": "a", "m1": "m", "m2": "m", "s": "s"})
    np.testing.assert_allclose(back.intermediate, small.Z, rtol=1e-7)
    np.testing.assert_allclose(back.final_demand, small.F, rtol=1e-7)
    np.testing.assert_allclose(back.primary_inputs, small.V, rtol=1e-7)


@pytest.mark.parametrize(
    ("weights", "given", "message"),
    [
        ({"m1": 0.5, "m2": 0.6}, {}, r"weights: shares below zero or not.*\s+output: 0.5, 0.6"),
        ({"m1": -0.5, "m2": 1.5}, {}, "weights: shares below zero"),
        ({"m1": 0.0, "m2": 1.0}, {}, "parts without output: m1"),
        ({"m1": 0.5, "s": 0.5}, {}, "codes that the table has already: s"),
        (PARTS, {"inputs": pd.DataFrame({"m1": [0.5], "m2": [0.6]}, ["a"])}, r"inputs: shares"),
        (PARTS, {"inputs": pd.DataFrame({"m1": [0.5], "q": [0.5]}, ["a"])}, "one column for each"),
        (PARTS, {"sales": pd.DataFrame({"m1": [0.5], "m2": [0.5]}, ["m"])}, "'m' is the sector"),
        (PARTS, {"sales": pd.DataFrame({"m1": [0.5], "m2": [0.5]}, ["q"])}, "unknown codes: q"),
        (PARTS, {"levels": {"employment": {"m1": 1.0}}}, "give shares of m1, m2"),
        (PARTS, {"names": {"en": ["one"]}}, "2 parts need 2 names in en"),
    ],
)
def test_what_cannot_be_is_named(weights: dict, given: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises((iom.AccountingError, iom.LabelError), match=message):
        iom.split(small.built(), "m", weights, **given)
