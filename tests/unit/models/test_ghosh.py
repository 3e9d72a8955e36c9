"""The Ghosh model: coefficients, what it gives back, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, V, X, Z, built, in_two_regions


def balanced() -> iom.IOTable:
    """Three sectors whose rows and columns both give output."""
    other = (X - Z.sum(axis=1)).rename("final")
    return built(final_demand=other.to_frame())


def test_coefficients_are_shares_of_sales() -> None:
    model = iom.ghosh(balanced())
    np.testing.assert_allclose(model.B, Z.div(X, axis=0))
    assert model.B.index.tolist() == CODES
    edited = model.B
    edited.iloc[0, 0] = 9.0
    assert model.B.iloc[0, 0] == pytest.approx(0.1)
    with pytest.raises(ValueError, match="read-only"):
        model.coefficients[0, 0] = 9.0


def test_output_comes_back() -> None:
    model = iom.ghosh(balanced())
    assert model.solve(V.sum()).to_list() == pytest.approx(X.to_list())
    by_row = model.solve(V.T)
    assert list(by_row.columns) == ["compensation", "surplus"]
    assert by_row.sum(axis=1).to_list() == pytest.approx(X.to_list())
    assert model.residual < 1e-10


def test_residual_is_what_the_columns_lack() -> None:
    short = V.copy()
    short.loc["surplus", "a"] = 15.0  # ten less than before
    with pytest.warns(iom.ImbalanceWarning):
        made = built(final_demand=(X - Z.sum(axis=1)).to_frame("final"), primary_inputs=short)
    model = iom.ghosh(made)
    assert model.residual == pytest.approx(10 * model.G.loc["a"].max())
    assert "output not given back" in repr(model)


def test_prices_of_the_same_inputs_are_one() -> None:
    assert iom.ghosh(balanced()).prices(V.sum()).to_list() == pytest.approx([1.0] * 3)


def test_competitive_table_is_refused() -> None:
    made = built(
        final_demand=(X - Z.sum(axis=1) + 5.0).to_frame("final"),
        imports=pd.Series(5.0, CODES),
    )
    with pytest.raises(iom.AccountingError, match="competitive"):
        iom.ghosh(made)
    model = iom.ghosh(made, imports="as_domestic")
    assert model.solve(V.sum()).to_list() == pytest.approx(X.to_list())


def test_sales_without_output_are_refused() -> None:
    codes = ["a", "b"]
    flows = pd.DataFrame([[0.0, 0.0], [10.0, 0.0]], codes, codes)
    made = iom.table(flows, output=pd.Series([50.0, 0.0], codes))
    assert iom.leontief(made, idle="keep").L.to_numpy()[1, 0] > 0
    with pytest.raises(iom.NotProductiveError, match="sell but have no output"):
        iom.ghosh(made, idle="keep")
    with pytest.raises(iom.NotProductiveError, match="idle"):
        iom.ghosh(made)


def test_unknown_sectors_and_no_numbers_are_refused() -> None:
    model = iom.ghosh(balanced())
    with pytest.raises(iom.LabelError, match="unknown"):
        model.solve(pd.Series({"z": 1.0}))
    with pytest.raises(iom.LabelError, match="more than once"):
        model.solve(pd.Series([1.0, 2.0], ["a", "a"]))
    with pytest.raises(iom.AccountingError, match="finite"):
        model.solve(pd.Series({"a": np.nan}))
    with pytest.raises(iom.LabelError, match="pandas"):
        model.solve(np.ones(3))  # type: ignore[type-var]


def test_several_regions() -> None:
    flows, demand = in_two_regions()
    model = iom.ghosh(iom.table(flows, final_demand=demand))
    assert model.G.index.names == ["region", "code"]
    back = model.solve(model.table.primary_inputs.sum())
    assert back.to_list() == pytest.approx(model.table.output.to_list())
