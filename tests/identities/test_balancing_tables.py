"""A whole table balanced meets its totals, keeps zeros, and one that balances stays."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.transforms.balance import Balanced
from iomodel.transforms.balance_table import balance
from tests.identities.tables import Economy, economies


@given(economies(), st.sampled_from(["GRAS", "RAS", "least squares"]))
def test_a_balanced_table_stays(economy: Economy, method: str) -> None:
    table = economy.table(year=2020)
    again = balance(table, method=method)  # type: ignore[arg-type]
    scale = float(table.output.max())
    for block in ("intermediate", "final_demand", "primary_inputs", "output", "imports"):
        left, right = getattr(again.flows, block), getattr(table.flows, block)
        np.testing.assert_allclose(left, right, rtol=1e-6, atol=1e-8 * scale)


@given(economies(imports=False), st.integers(0, 2**32 - 1), st.sampled_from(["GRAS", "RAS"]))
def test_new_totals_are_met(economy: Economy, seed: int, method: str) -> None:
    """Totals of another final demand with the old coefficients: at least one table has them."""
    rng = np.random.default_rng(seed)
    table = economy.table(year=2020)
    flows = table.flows
    demand = flows.final_demand * rng.uniform(0.8, 1.5, flows.final_demand.shape)
    output = flows.solver.solve(demand.sum(axis=1))
    primary = (flows.primary_inputs / flows.output * output).sum(axis=1)
    final = pd.Series(demand.sum(axis=0), table.final_labels.index)
    later = balance(table, output=pd.Series(output, table.labels.index), final_demand=final,
                    primary_inputs=pd.Series(primary, table.primary_labels.index),
                    method=method)  # type: ignore[arg-type]  # fmt: skip
    scale = float(output.max())
    assert later.check().residual <= 1e-7 * scale
    np.testing.assert_array_equal(later.flows.output, output)
    np.testing.assert_allclose(later.flows.final_demand.sum(axis=0), final, rtol=1e-7)
    np.testing.assert_allclose(later.flows.primary_inputs.sum(axis=1), primary, rtol=1e-7)
    assert ((later.flows.intermediate == 0) == (flows.intermediate == 0)).all()


def test_a_disturbed_table_is_brought_back_to_balance() -> None:
    """One cell of 100 written as 110: rows and columns disagree by 10, and all give a little."""
    codes = ["a", "b"]
    flows = pd.DataFrame([[50.0, 100.0], [80.0, 40.0]], codes, codes)
    final = pd.DataFrame({"home": [150.0, 180.0]}, codes)
    rows = pd.DataFrame([[170.0, 160.0]], ["value added"], codes)
    wrong = flows.copy()
    wrong.loc["a", "b"] = 110.0
    with pytest.warns(iom.ImbalanceWarning):
        table = iom.table(wrong, final_demand=final, primary_inputs=rows,
                          output=pd.Series([300.0, 300.0], codes))  # fmt: skip
    later = balance(table)
    assert later.check().residual < 1e-6
    assert 100.0 < later.flows.intermediate[0, 1] < 110.0
    assert isinstance(later.certificate, Balanced)
    assert later.certificate.summary(1).iloc[0, :2].tolist() == ["sector a", "sector b"]
    assert later.meta.provenance[-1] == "balance(GRAS)"


def test_what_cannot_be_balanced_is_refused() -> None:
    codes = ["a", "b"]
    flows = pd.DataFrame([[50.0, 100.0], [80.0, 40.0]], codes, codes)
    table = iom.table(flows, output=pd.Series([300.0, 300.0], codes))
    with pytest.raises(iom.AccountingError, match=r"330 .* 400: -70 too much|400 .* 330: 70 too"):
        balance(table, final_demand=pd.Series({"final_demand": 400.0}))
    with pytest.raises(iom.LabelError, match="unknown method"):
        balance(table, method="entropy")  # type: ignore[arg-type]
    with pytest.raises(iom.LabelError, match="adjust 'both'"):
        balance(table, adjust="both")  # type: ignore[arg-type]
    with pytest.raises(iom.LabelError, match="output"):
        balance(table, output=pd.Series({"a": 1.0, "q": 2.0}))
