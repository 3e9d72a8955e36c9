"""An economy of three sectors with round figures, as pandas objects and as a table."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

import iomodel as iom

CODES = ["a", "m", "s"]
Z = pd.DataFrame([[10.0, 40.0, 5.0], [20.0, 60.0, 30.0], [15.0, 50.0, 25.0]], CODES, CODES)
X = pd.Series([100.0, 300.0, 200.0], CODES)
F = pd.DataFrame(
    {"household": [30.0, 120.0, 90.0], "exports": [15.0, 70.0, 20.0]}, index=pd.Index(CODES)
)
V = pd.DataFrame(
    [[30.0, 80.0, 100.0], [25.0, 70.0, 40.0]], index=["compensation", "surplus"], columns=CODES
)
JOBS = pd.DataFrame([[20.0, 30.0, 50.0], [10.0, 60.0, 0.0]], ["old", "new"], CODES)


def built(**changes: Any) -> iom.IOTable:
    """Build the whole table, with some parts changed."""
    parts: dict[str, Any] = {
        "final_demand": F,
        "output": X,
        "primary_inputs": V,
        "satellites": {"employment": JOBS},
        "unit": "million EUR",
        "currency": "EUR",
        "year": 2020,
        "title": "Three sectors",
    }
    frame = changes.pop("intermediate", Z)
    return iom.table(frame, **{**parts, **changes})


def pairs(codes: Iterable[str] = CODES, region: str = "CN") -> pd.MultiIndex:
    """Return the codes in one region as (region, code)."""
    return pd.MultiIndex.from_tuples([(region, code) for code in codes])


def in_two_regions() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Intermediate flows and final demand of two regions with equal codes."""
    index = pairs(["a", "m"], "N").append(pairs(["a", "m"], "S"))
    flows = pd.DataFrame([[float(4 * i + j + 1) for j in range(4)] for i in range(4)], index, index)
    demand = pd.DataFrame({"household": [50.0, 60.0, 70.0, 80.0]}, index)
    return flows, demand
