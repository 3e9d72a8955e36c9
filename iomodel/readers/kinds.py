"""What a square of figures is: flows, coefficients, an inverse, an identity; told by algebra."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from iomodel.kernels.linear import Array
from iomodel.readers.blocks import Block
from iomodel.readers.vocabulary import plain

Kind = Literal[
    "flows",
    "use",
    "make",
    "imports",
    "input coefficients",
    "allocation coefficients",
    "Leontief inverse",
    "Leontief inverse less identity",
    "Ghosh inverse",
    "total requirements",
    "I less coefficients",
    "identity",
    "diagonal",
    "check",
    "other",
]
SCALES = (1.0, 100.0, 1000.0)
SMALL = 2e-3
IMPORTED = re.compile(
    r"수입거래|imported|imports? (?:matrix|use|flow|table)|进口矩阵|輸入表|importad"
)
BOTH = re.compile(r"domestic and|incl|total|including")


@dataclass(frozen=True)
class Reading:
    """A kind, the scale its figures are printed in, and why."""

    kind: Kind
    scale: float = 1.0
    reason: str = ""


def kind_of(block: Block, title: str, words: str) -> Reading:
    """Return what a block is.

    Parameters
    ----------
    block : Block
    title : str
        Name of its sheet and the first text above it.
    words : str
        All texts near it: they settle what algebra cannot (a make table from a table of flows).
    """
    values = np.nan_to_num(block.figures())
    told = plain(words)
    for test in (_trivial, _inverse, _coefficients):
        found = test(values, told)
        if found is not None:
            return found
    if _says_imports(block, plain(title)):
        return Reading("imports", reason="its title or the labels of its rows say imports")
    return _flows(values, told)


def _says_imports(block: Block, title: str) -> bool:
    """Tell whether a block of flows is of imported goods alone."""
    grid = block.grid
    labels = [grid.text(row, side).lower() for row in block.rows for side in block.sides]
    if sum(label.startswith("imp_") for label in labels) * 2 > len(block.rows):
        return True
    return bool(IMPORTED.search(title)) and not BOTH.search(title)


def _trivial(values: Array, _: str) -> Reading | None:
    size, off = np.abs(values).max(initial=0.0), values - np.diag(np.diag(values))
    if np.array_equal(values, np.eye(len(values))):
        return Reading("identity", reason="ones on the diagonal, zeros elsewhere")
    if size <= 1e-6:
        return Reading("check", reason="nothing but zeros")
    if not off.any():
        return Reading("diagonal", reason="zeros off the diagonal")
    diagonal = np.diag(values)
    if off.max() <= SMALL and diagonal.max() <= 1 + SMALL and diagonal.min() > 0:
        return Reading("I less coefficients", reason="positive on the diagonal only, none above 1")
    return None


def _inverse(values: Array, told: str) -> Reading | None:
    """Recognise (I - A)^-1, printed as it is or times 100 or 1,000: A must come out of it."""
    diagonal = np.diag(values)
    for scale in SCALES:
        near = (diagonal >= scale * (1 - SMALL)).mean() > 0.95 and np.median(diagonal) < 4 * scale
        if not near or (values < -SMALL * scale).mean() > 0.05:
            continue
        implied = _implied(values / scale)
        if implied is not None and _is_technical(implied):
            return _named_inverse(values, scale, told)
    return None


def _named_inverse(values: Array, scale: float, told: str) -> Reading:
    reason = "I less its inverse is a matrix of coefficients"
    if scale != 1.0:
        reason += f"; printed times {scale:,.0f}"
    kind: Kind = "Leontief inverse"
    if "ghosh" in told:
        kind = "Ghosh inverse"
    return Reading(kind, scale, reason)


def _implied(values: Array) -> Array | None:
    """Return I less the inverse, or None if there is none."""
    if np.linalg.cond(values) > 1e10:
        return None
    return np.asarray(np.eye(len(values)) - np.linalg.inv(values), dtype=np.float64)


def _is_technical(matrix: Array) -> bool:
    """Tell whether a matrix can be one of coefficients: hardly negative, sums below one."""
    room = max(SMALL, 5e-3 * float(np.abs(matrix).max(initial=0.0)))
    negative = float((matrix < -room).mean())
    sums = (matrix.sum(axis=0) < 1.05).mean(), (matrix.sum(axis=1) < 1.05).mean()
    return negative < 0.02 and max(sums) > 0.9


def _coefficients(values: Array, told: str) -> Reading | None:
    """Recognise coefficients: no figure far above one; and L - I, which leads back to some."""
    size = float(np.abs(values).max(initial=0.0))
    if size > 2.0 or float((values < -SMALL).mean()) > 0.2:
        return None
    whole = values == np.rint(values)
    if whole.mean() > 0.9 and len(values) < 20 and size > 1.0:
        return None
    cumulative = r"完全消耗", "完耗", "complete", "cumulative", "l-i", "less identity"
    if any(word in told for word in cumulative):
        implied = _implied(values + np.eye(len(values)))
        if implied is not None and _is_technical(implied):
            return Reading(
                "Leontief inverse less identity", reason="with I added, its inverse gives A"
            )
    columns = float((values.sum(axis=0) <= 1.0 + SMALL).mean())
    rows = float((values.sum(axis=1) <= 1.0 + SMALL).mean())
    if "total requirements" in told:
        return Reading("total requirements", reason="named so")
    if any(word in told for word in ("allocation", "ghosh", "分配系数", "産出係数")):
        return Reading("allocation coefficients", reason="named so; no row far above one")
    if columns >= 0.9:
        return Reading("input coefficients", reason="no column adds up to more than one")
    if rows >= 0.9:
        return Reading("allocation coefficients", reason="no row adds up to more than one")
    return None


def _flows(values: Array, told: str) -> Reading:
    diagonal = float(np.abs(np.diag(values)).sum())
    share = diagonal / float(np.abs(values).sum() or 1.0)
    named = any(
        word in told
        for word in (
            "make",
            "supply",
            "产出表",
            "供给",
            "产业部门总产出",
            "oferta",
            "produccion",
            "v表",
        )
    )
    if share > 0.6 and (named or share > 0.85):
        return Reading("make", reason=f"{share:.0%} of the figures' sum is on the diagonal")
    if any(word in told for word in ("use of commodities", "use table", "combined use", "使用表")):
        return Reading("use", reason="named a use table")
    return Reading("flows", reason="figures of money, sums above one")
