"""Multi-regional tables as files: the layouts of the OECD, FIGARO and WIOD, made small."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openpyxl

Array = npt.NDArray[np.float64]
Lines = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class World:
    """Flows between sectors of regions, and what final demand and the state take."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    finals: tuple[str, ...]
    buyers: tuple[str, ...]  # regions that have final demand
    flows: Array
    final: Array
    taxes: Array  # of sectors, then of final demand

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [(region, sector) for region in self.regions for sector in self.sectors]

    @property
    def demand(self) -> list[tuple[str, str]]:
        return [(region, item) for region in self.buyers for item in self.finals]

    @property
    def output(self) -> Array:
        return np.asarray(self.flows.sum(axis=1) + self.final.sum(axis=1))

    @property
    def added(self) -> Array:
        return np.asarray(self.output - self.flows.sum(axis=0) - self.taxes[: len(self.keys)])


def world(**changes: Any) -> World:
    """Two regions with two sectors and two items of final demand each."""
    made = World(
        regions=("AAA", "BBB"),
        sectors=("01T02", "03"),
        finals=("HFCE", "GFCF"),
        buyers=("AAA", "BBB"),
        flows=np.array([[10.0, 4, 3, 0.5], [2, 20, 1, 4], [5, 0, 8, 2.25], [1, 6, 3, 30]]),
        final=np.array([[40.0, 5, 2, 0.125], [30, 6, 1, 7], [3, 1, 50, 4], [2, 2, 60, 10]]),
        taxes=np.array([1.0, 2, 0.5, 1.5, 7, 1, 8, 2]),
    )
    return replace(made, **changes)


def text(values: Array) -> list[str]:
    return [repr(float(value)) for value in values]


def icio(made: World, *, taxes: str = "TLS", added: str = "VA", output: str = "OUT") -> Lines:
    """Lines of a csv file of the OECD's inter-country tables."""
    labels = ["_".join(key) for key in made.keys]
    last = "TOTAL" if output == "OUTPUT" else "OUT"
    demand = ["_".join(key) for key in made.demand]
    lines = [["V1", *labels, *demand, last]]
    for label, row in zip(labels, np.hstack([made.flows, made.final]), strict=True):
        lines.append([label, *text(row), repr(float(row.sum()))])
    nothing = np.zeros(made.final.shape[1])
    below = {
        taxes: made.taxes,
        added: np.r_[made.added, nothing],
        output: np.r_[made.output, made.final.sum(axis=0)],
    }
    return lines + [[name, *text(row), repr(float(row.sum()))] for name, row in below.items()]


FIGARO_FINALS = ("P3_S14", "P51G")
FIGARO_ROWS = ("W2_D21X31", "W2_OP_RES", "W2_OP_NRES", "W2_D1", "W2_D29X39", "W2_B2A3G")


def figaro(made: World) -> Lines:
    """Lines of a matrix of FIGARO: no output; value added is wages and surplus, half each."""
    named = replace(made, finals=FIGARO_FINALS)
    labels = ["_".join(key) for key in named.keys]
    lines = [["rowLabels", *labels, *("_".join(key) for key in named.demand)]]
    for label, row in zip(labels, np.hstack([made.flows, made.final]), strict=True):
        lines.append([label, *text(row)])
    nothing, none = np.zeros(made.final.shape[1]), np.zeros(len(made.taxes))
    half = np.r_[made.added / 2, nothing]
    rows = (made.taxes, none, none, half, none, half)
    return lines + [[name, *text(row)] for name, row in zip(FIGARO_ROWS, rows, strict=True)]


def flat(lines: Lines, *, letter: str = "I") -> Lines:
    """Write a matrix of FIGARO as its list: one line per cell."""
    side = letter.lower()
    heads = [f"icio{side}Row", f"icio{side}Col", "refArea", f"row{letter}i"]
    found = [[*heads, "counterpartArea", f"col{letter}i", "obsValue"]]
    for row in lines[1:]:
        for label, value in zip(lines[0][1:], row[1:], strict=True):
            found.append([row[0], label, *row[0].split("_", 1), *label.split("_", 1), value])
    return found


def written(lines: Lines, path: Path, *, separator: str = ",") -> Path:
    body = "".join(separator.join(line) + "\n" for line in lines)
    path.write_text(body, encoding="utf-8")
    return path


WIOD_ROWS = {
    "II_fob": "Total intermediate consumption",
    "TXSP": "taxes less subsidies on products",
    "EXP_adj": "Cif/ fob adjustments on exports",
    "PURR": "Direct purchases abroad by residents",
    "PURNR": "Purchases on the domestic territory by non-residents ",
    "VA": "Value added at basic prices",
    "IntTTM": "International Transport Margins",
    "GO": "Output at basic prices",
}
WIOD_FINALS = {"CONS_h": "Final consumption expenditure by households", "GFCF": "Capital"}


def wiod(made: World, *, first: bool, sheet: str = "2014") -> list[list[Any]]:
    """Cells of a workbook of WIOD: of release 2013 (`first`) or 2016."""
    numbers = ("c37", "c41") if first else ("c57", "c60")
    count = len(made.sectors)
    sectors = [f"c{k + 1}" for k in range(count)] * len(made.regions)
    demand = list(WIOD_FINALS) * len(made.buyers)
    total = [None, "Total output", "" if first else "TOT", "" if first else "c62"]
    heads: list[list[Any]] = [
        [
            "Made",
            *[None] * 3,
            *(s for _, s in made.keys),
            *([None] * len(demand) if first else demand),
        ],
        [None, None, None, None, *(f"sector {s}" for _, s in made.keys)],
        [None, None, None, None, *(region for region, _ in made.keys)],
        [None, None, None, None, *sectors, *numbers * len(made.buyers)],
    ]
    heads[1] += [WIOD_FINALS[code] for code in demand]
    heads[2] += [region for region, _ in made.demand]
    for line, cell in zip(heads, total, strict=True):
        line.append(cell)
    top: list[list[Any]] = [["World Input-Output Table"], ["(millions of US$)"]]
    rows: list[list[Any]] = []
    for k, (key, row) in enumerate(
        zip(made.keys, np.hstack([made.flows, made.final]), strict=True)
    ):
        region, sector = key
        mark = sectors[k] if first else f"r{k + 1}"
        rows.append([sector, f"sector {sector}", region, mark, *row.tolist(), float(row.sum())])
    if first:
        rows[0][3] = "c1"
    n, none = len(made.keys), np.zeros(len(made.keys))
    below = [
        made.flows.sum(axis=0),
        made.taxes[:n],
        none,
        none,
        none,
        made.added,
        none,
        made.output,
    ]
    for (code, name), values in zip(WIOD_ROWS.items(), below, strict=True):
        left = [None, name, None, "r60"] if first else [code, name, "TOT", "r60"]
        rest = [None] * len(demand) if first else [0.0] * len(demand)
        rows.append([*left, *values.tolist(), *rest, None])
    return [*top, *heads, *rows]


def workbook(cells: Sequence[Sequence[Any]], path: Path, sheet: str) -> Path:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for line in cells:
        page.append(list(line))
    book.save(path)
    return path
