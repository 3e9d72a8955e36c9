"""Systems with the attributes of pymrio's IOSystem, made without pymrio."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

REGIONS, SECTORS = ("reg1", "reg2"), ("food", "mining")
CATEGORIES = ("Final consumption expenditure by households", "Gross fixed capital formation")
UNIT = "Mill USD"


def pairs(first: tuple[str, ...], second: tuple[str, ...], names: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_product([first, second], names=names)


ROWS = pairs(REGIONS, SECTORS, ["region", "sector"])
COLUMNS = pairs(REGIONS, CATEGORIES, ["region", "category"])
STRESSORS = pd.MultiIndex.from_tuples(
    [("co2", "air"), ("energy", ""), ("co2", "water")], names=["stressor", "compartment"]
)
Z = np.array([[10.0, 4, 3, 0.5], [2, 20, 1, 4], [5, 0, 8, 2.25], [1, 6, 3, 30]])
Y = np.array([[40.0, 5, 2, 0.125], [30, 6, 1, 7], [3, 1, 50, 4], [2, 2, 60, 10]])
X = Z.sum(axis=1) + Y.sum(axis=1)
TAXES, TAXES_Y = np.array([1.0, 2, 0.5, 1.5]), np.array([7.0, 1, 8, 2])
F = np.array([[1.0, 2, 3, 4], [10, 20, 30, 40], [0.5, 0, 0, 0.25]])
F_Y = np.array([[9.0, 0, 8, 0], [5, 0, 6, 0], [0, 0, 0, 0.5]])


def units(values: list[str], index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame({"unit": values}, index)


def system(**changes: Any) -> SimpleNamespace:
    """Make a balanced system with primary inputs and emissions."""
    inputs = pd.Index(["Taxes", "Value Added"], name="inputtype")
    parts: dict[str, Any] = {
        "Z": pd.DataFrame(Z, ROWS, ROWS),
        "Y": pd.DataFrame(Y, ROWS, COLUMNS),
        "x": pd.DataFrame({"indout": X}, ROWS),
        "A": None,
        "unit": units([UNIT] * 4, ROWS),
        "population": pd.DataFrame([[7.0, 0.1]], ["Population"], list(REGIONS)),
        "meta": SimpleNamespace(
            name="made", description="A made system", system="pxp", version="v1"
        ),
        "factor_inputs": SimpleNamespace(
            name="Factor Inputs",
            F=pd.DataFrame([TAXES, X - Z.sum(axis=0) - TAXES], inputs, ROWS),
            F_Y=pd.DataFrame([TAXES_Y, np.zeros(4)], inputs, COLUMNS),
            unit=units([UNIT] * 2, inputs),
        ),
        "emissions": SimpleNamespace(
            name="Emissions",
            F=pd.DataFrame(F, STRESSORS, ROWS),
            F_Y=pd.DataFrame(F_Y, STRESSORS, COLUMNS),
            unit=units(["kg", "TJ", "kg"], STRESSORS),
        ),
    }
    return SimpleNamespace(**{**parts, **changes})


def changed(part: str, **changes: Any) -> SimpleNamespace:
    """Make a system with changes in one of its extensions."""
    whole = system()
    for name, value in changes.items():
        setattr(getattr(whole, part), name, value)
    return whole
