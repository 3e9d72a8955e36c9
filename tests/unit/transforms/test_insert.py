"""Purchases that are stated as domestic: taken as they are, imports beside them a leak."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.accounts.imports import DomesticShares
from tests.unit.small import CODES, V, built

IMPORTS = pd.DataFrame([[5.0, 10.0, 20.0]], ["imported"], CODES)
SHARES = {"a": 0.1, "m": 0.3}


def table(**changes: Any) -> iom.IOTable:
    """Domestic flows of three sectors, imports in a row of their own."""
    rows = pd.concat([V.sub(IMPORTS.to_numpy() * [[0.0], [1.0]]), IMPORTS])
    roles = {"imported": "imports", "compensation": "compensation"}
    found = built(primary_inputs=rows, primary_roles=roles, satellites=None, **changes)
    return found.replace(meta=replace(found.meta, import_treatment="domestic"))


def shop(**changes: Any) -> iom.NewSector:
    wish = {"code": "new", "output": 10e6, "purchases": SHARES, "labour_income": 0.2}
    return iom.NewSector(**{**wish, "domestic": True, "imports": 0.25, **changes})


def test_column_is_as_stated_and_balances() -> None:
    found = iom.insert(table(), shop())
    at = found.labels.codes.index("new")
    assert found.flows.output[at] == 10.0
    assert found.flows.intermediate[:3, at] == pytest.approx([1.0, 3.0, 0.0])
    paid = dict(zip(found.primary_labels.codes, found.flows.primary_inputs[:, at], strict=True))
    assert paid == pytest.approx({"compensation": 2.0, "surplus": 1.5, "imported": 2.5})
    assert np.abs(found.flows.column_residual).max() < 1e-12


def test_domestic_shares_do_not_apply_twice() -> None:
    half = np.full(3, 0.5)
    split = table().replace(
        domestic_shares=DomesticShares(method="stated", intermediate=half, consumption=half)
    )
    spent = iom.NewDemand(item="trips", channel="trips", amounts={"s": 4e6}, domestic=True)
    own, mixed = (
        iom.insert(split, sector, demand=[demand]).insertion
        for sector, demand in (
            (shop(), spent),
            (
                shop(domestic=False, imports=0.0),
                iom.NewDemand(item="trips", channel="trips", amounts={"s": 4e6}),
            ),
        )
    )
    assert own is not None
    assert mixed is not None
    np.testing.assert_allclose(own.domestic.sum(axis=1), [1.0, 3.0, 4.0])
    np.testing.assert_allclose(mixed.domestic, 0.5 * own.domestic)


def test_without_shares_only_domestic_purchases_can_be_inserted() -> None:
    with pytest.raises(iom.AccountingError, match=r"no domestic shares.*state them so"):
        iom.insert(table(), shop(domestic=False, imports=0.0))
    demand = iom.NewDemand(item="trips", channel="trips", amounts={"s": 4e6})
    with pytest.raises(iom.AccountingError, match="no domestic shares"):
        iom.insert(table(), shop(), demand=[demand])


def test_imports_need_a_row_and_domestic_purchases() -> None:
    with pytest.raises(iom.AccountingError, match="no primary input row with the role imports"):
        iom.insert(built(satellites=None), shop())
    with pytest.raises(iom.SpecError, match="imports beside purchases that include them"):
        shop(domestic=False)
    with pytest.raises(iom.SpecError, match="residual"):
        shop(imports=0.5)
