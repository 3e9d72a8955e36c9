"""Published figures beside ours: what the pages of this folder share.

The workbooks are in tables/replications; tables/build_replications.py makes them.
"""

import contextlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
WORKBOOKS = HERE.parents[1] / "tables" / "replications"
FACTS = ["what", "unit", "source", "precision"]
pd.set_option("display.max_colwidth", None)
CELL = re.compile(r"^```\{code-cell\} python3\n(?::[^\n]*\n)*(.*?)^```$", re.M | re.S)


class Replication:
    """A published table, what its publisher computed from it, and what we compute.

    Parameters
    ----------
    name : str
        A workbook of tables/replications.
    """

    def __init__(self, name: str) -> None:
        self.path = WORKBOOKS / f"{name}.xlsx"
        self.facts, self.answers = self.sheet("published")
        about = pd.read_excel(self.path, sheet_name="about", engine="calamine", index_col=0)
        self.about: dict[str, Any] = about["value"].to_dict()
        self.found: dict[str, pd.DataFrame] = {}

    def sheet(self, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Facts (four rows) and figures of a sheet with published answers."""
        frame = pd.read_excel(
            self.path, sheet_name=name, engine="calamine", index_col=0, keep_default_na=False
        )
        frame.index = frame.index.map(str)
        frame.columns = frame.columns.map(str)
        figures = frame.drop(index=FACTS).replace("", np.nan)
        return frame.loc[FACTS], figures.astype(float)

    def compare(self, ours: Mapping[str, Any]) -> None:
        """Set figures by sector against the column of the sheet `published` of the same name."""
        for key, values in ours.items():
            self.put(key, self.facts[key], self.answers[key], values)

    def compare_matrix(self, sheet: str, ours: Any, *, key: str = "") -> None:
        """Set a matrix against a sheet; each coefficient is one figure."""
        facts, answers = self.sheet(sheet)
        values = np.asarray(ours, dtype=float)
        if values.shape != answers.shape:
            raise ValueError(f"{sheet}: {values.shape} for {answers.shape}")
        # Two codes name a coefficient: row and column.
        pairs = [f"{row}, {column}" for row in answers.index for column in answers.columns]
        flat = pd.Series(answers.to_numpy().ravel(), pairs)
        self.put(key or sheet.removeprefix("published "), facts.iloc[:, 0], flat, values.ravel())

    def put(self, key: str, facts: Any, published: pd.Series, ours: Any) -> None:
        """Keep published and ours side by side, with their difference."""
        frame = pd.DataFrame({"published": published, "ours": np.asarray(ours, dtype=float)})
        frame["difference"] = frame["ours"] - frame["published"]
        frame.attrs = dict(facts)
        self.found[key] = frame

    def show(self, keys: Sequence[str], sectors: Mapping[str, str]) -> pd.DataFrame:
        """Published and ours of a few sectors: one row per figure and sector."""
        parts = []
        for key in keys:
            part = self.found[key].loc[list(sectors)].copy()
            part.attrs = {}
            part.insert(0, "sector", list(sectors.values()))
            part.insert(0, "figure", self.found[key].attrs["what"])
            parts.append(part)
        frame = pd.concat(parts)
        frame["difference"] = frame["difference"].map("{:.1e}".format)
        return frame.set_index("figure").rename_axis(None)

    def differences(self) -> pd.DataFrame:
        """The largest difference of each figure over all sectors, and where it is."""
        rows = {key: summary(frame) for key, frame in self.found.items()}
        frame = pd.DataFrame.from_dict(rows, orient="index")
        return frame.drop(columns=["what", "times precision"])

    def worst(self) -> dict[str, Any]:
        """The figure whose largest difference is the greatest multiple of its precision."""
        rows = [summary(frame) | {"figure": key} for key, frame in self.found.items()]
        good = sum(row["within precision"] == "yes" for row in rows)
        worst = max(rows, key=lambda row: row["times precision"])
        return worst | {"within": f"{good} of {len(rows)}"}


def summary(frame: pd.DataFrame) -> dict[str, Any]:
    """One line on a figure: how many were compared, the largest difference, where, how precise."""
    facts, both = frame.attrs, frame.dropna()
    stated = str(facts["precision"])
    gap = both["difference"].abs()
    times = gap / allowance(both["published"].abs(), stated)
    relative = stated.endswith("%")
    largest = (gap / both["published"].abs() if relative else gap).max()
    return {
        "what": facts["what"],
        "source": facts["source"],
        "compared": f"{len(both):,} of {len(frame):,}",
        "largest difference": f"{largest:.2%}" if relative else f"{largest:.1e}",
        "at": gap.idxmax(),
        "precision": stated if not stated[-1].isdigit() else f"{float(stated):.2g}",
        "within precision": "yes" if (times <= 1.0 + 1e-6).all() else "no",
        "times precision": float(times.max()),
    }


def allowance(published: pd.Series, stated: str) -> pd.Series:
    """What the precision of the print allows each figure to be off.

    `stated` is a number, a part of the figure (``6%``), or how many significant digits are
    printed (``5 digits``): then half of the last one.
    """
    if stated.endswith("%"):
        return published * float(stated.removesuffix("%")) / 100.0
    if stated.endswith(" digits"):
        place = np.floor(np.log10(published.where(published > 0, 1.0)))
        return 0.5 * 10.0 ** (place - float(stated.removesuffix(" digits")) + 1.0)
    return pd.Series(float(stated), published.index)


def run(page: str) -> dict[str, Any]:
    """Run the code of a page of this folder and return its names; the page shows the same."""
    text = (HERE / f"{page}.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": page}
    code = compile("\n".join(CELL.findall(text)), f"{page}.md", "exec")
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, names)
    return names
