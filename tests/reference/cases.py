"""Published answers as stored in data/cases, and the tables they were computed from."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import iomodel as iom

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One published case: what goes in, what was printed, and to which precision."""

    id: str
    given: dict[str, Any]
    printed: dict[str, Any]
    tolerance: dict[str, float | list[float]]

    def array(self, key: str) -> Array:
        return np.asarray(self.given[key], dtype=np.float64)

    def expect(self, key: str, found: object, *, printed: object = None) -> None:
        """Compare with the answer printed under `key`, to the precision of the case."""
        stated = self.tolerance[key]
        absolute, relative = stated if isinstance(stated, list) else (stated, 0.0)
        right = np.asarray(self.printed[key] if printed is None else printed, dtype=np.float64)
        left = np.asarray(found, dtype=np.float64)
        assert left.shape == right.shape, f"{self.id} {key}: {left.shape} for {right.shape}"
        np.testing.assert_allclose(left, right, rtol=relative, atol=absolute, err_msg=self.id)


def load(shared: Path, name: str) -> Case:
    """Read a case; its arrays are in the .npz of the same name where the JSON has none."""
    path = shared / "data" / "cases" / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"no {path.name} in {path.parent}")
    text = json.loads(path.read_text(encoding="utf-8"))
    given, printed = dict(text["inputs"]), dict(text.get("expected", {}))
    if "arrays" in text:
        with np.load(path.with_suffix(".npz")) as arrays:
            stored = {key: arrays[key] for key in arrays.files}
        given |= {k.removeprefix("in_"): v for k, v in stored.items() if k.startswith("in_")}
        printed |= {k.removeprefix("exp_"): v for k, v in stored.items() if k.startswith("exp_")}
    return Case(text["id"], given, printed, text["tolerance"])


def names(size: int) -> list[str]:
    return [f"{place + 1:03d}" for place in range(size)]


def rows(codes: list[str], **parts: object) -> pd.DataFrame:
    """Arrange rows by sector as a frame."""
    return pd.DataFrame({key: np.asarray(row) for key, row in parts.items()}, codes).T


def table(case: Case, *, flows: str = "Z", **parts: Any) -> iom.IOTable:
    """Build the table of a case: flows and output; final demand is what is left."""
    z = case.array(flows)
    codes = names(len(z))
    return iom.table(
        pd.DataFrame(z, codes, codes), output=pd.Series(case.array("x"), codes), **parts
    )


def with_households(case: Case, consumption: Array, primary: pd.DataFrame, **parts: Any) -> Any:
    """Build the table of a case with household consumption apart from other final demand."""
    codes = names(len(case.array("Z")))
    other = case.array("x") - case.array("Z").sum(axis=1) - consumption
    final = pd.DataFrame({"households": consumption, "other": other}, codes)
    roles = {"households": "household"}
    return table(case, final_demand=final, primary_inputs=primary, final_roles=roles, **parts)


def effect(model: iom.Leontief, of: str) -> Array:
    """Effects per unit of final demand of a single account."""
    return np.asarray(iom.multipliers(model, of=of).effect[0])


def ratio(model: iom.Leontief, of: str) -> Array:
    """Effects over direct effects of a single account."""
    return np.asarray(iom.multipliers(model, of=of).multiplier[0])
