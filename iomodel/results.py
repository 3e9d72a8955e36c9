"""What every result can do: a tidy frame, a short summary, a readable notebook view."""

import html
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from iomodel.errors import IdentityError, PictureError
from iomodel.kernels.linear import Array

Picture = Callable[..., Any]
PICTURES: dict[str, dict[str, Picture]] = {}
_STYLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"


def must_add_up(parts: Array, total: Array, *, what: str, tolerance: float = 1e-9) -> float:
    """Refuse parts that do not give their total.

    Parameters
    ----------
    parts, total : ndarray
        Arrays of one shape: the sum of the parts and the total computed another way.
    what : str
        What is added up, for the message.
    tolerance : float
        Largest difference allowed, relative to the largest total.

    Returns
    -------
    float
        The largest absolute difference.

    Raises
    ------
    IdentityError
        If the difference exceeds the tolerance or is not a number.
    """
    gap = float(np.max(np.abs(parts - total), initial=0.0))
    scale = float(np.max(np.abs(total), initial=0.0)) or 1.0
    if not gap <= tolerance * scale:
        raise IdentityError(
            f"{what}: the parts differ from the total by up to {gap:.3g} "
            f"(total up to {scale:.6g}, tolerance {tolerance:.0e} of it)."
        )
    return gap


def figure(value: float) -> str:
    """Write a number as a reader of statistics expects it: 26,990,278,045, 2.4217 or 9.31e-10."""
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.5g}" if size >= 1e-4 or size == 0 else f"{value:.2e}"


def amount(value: float, unit: str) -> str:
    """Write a number with its unit; a unit that is itself a number is set off by a sign."""
    return f"{figure(value)} {'× ' if unit[:1].isdigit() else ''}{unit}".strip()


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame for reading: figures as text, empty text where there is none."""

    def text(value: object) -> object:
        if isinstance(value, float):
            return "" if np.isnan(value) else figure(value)
        return "" if value is None else value

    return frame.map(text)


def html_facts(title: str, facts: Iterable[tuple[str, object]]) -> str:
    """Render a title and a list of facts as a small HTML table, everything escaped."""
    rows = "".join(
        f"<tr><th style='text-align:left;padding-right:1em'>{html.escape(str(key))}</th>"
        f"<td style='text-align:left'>{html.escape(str(value))}</td></tr>"
        for key, value in facts
    )
    return f"<div><strong>{html.escape(title)}</strong><table style='{_STYLE}'>{rows}</table></div>"


def html_frame(frame: pd.DataFrame) -> str:
    """Render a frame as HTML; empty text without rows."""
    return shown(frame).to_html(border=0) if len(frame) else ""


def register_pictures(of: type, **pictures: Picture) -> None:
    """Tell which pictures a class of results has: the room `plot`, above, fills this in.

    Parameters
    ----------
    of : type
        A class of results; classes that inherit from it have its pictures too.
    **pictures : callable
        By kind, the first one of a class being its default: each takes a result, then `ax`,
        `language` and options by name, and returns the matplotlib Axes it drew on.
    """
    PICTURES[of.__name__] = PICTURES.get(of.__name__, {}) | pictures


class Result(ABC):
    """Common members of all results.

    Attributes
    ----------
    provenance : tuple of str
        The chain of steps that led to the result, oldest first.
    residual : float
        How far the result's own identity is from holding exactly, in the result's unit.
    """

    provenance: Sequence[str]
    residual: float

    @property
    @abstractmethod
    def title(self) -> str:
        """One line that says what the result is, with its unit."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return the whole result as a tidy frame with codes, names and values."""

    def facts(self) -> list[tuple[str, object]]:
        """Key figures shown above the table; none by default."""
        return []

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the first `top` rows of the frame."""
        return self.to_frame().head(top)

    @classmethod
    def pictures(cls) -> dict[str, Picture]:
        """Return the pictures of this kind of result by name, its default first."""
        found: dict[str, Picture] = {}
        for ancestor in cls.__mro__:
            found = found | {
                kind: picture
                for kind, picture in PICTURES.get(ancestor.__name__, {}).items()
                if kind not in found
            }
        return found

    def plot(
        self, kind: str | None = None, ax: Any = None, language: str = "en", **options: Any
    ) -> Any:
        """Draw this result.

        Parameters
        ----------
        kind : str, optional
            Which picture (`pictures` lists them); the first one if absent.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a figure of its own if absent.
        language : {"en", "zh"}
            Of the words in the picture; English where no font has Chinese characters.
        **options
            As the function of that name in `iomodel.plot` takes them.

        Returns
        -------
        matplotlib.axes.Axes
            Nothing is shown or saved: ``result.plot().figure.savefig("picture.pdf")``.

        Raises
        ------
        PictureError
            If this result has no picture, or none of that kind.
        MissingLibraryError
            If matplotlib is not installed.
        """
        known = self.pictures()
        if not known:
            raise PictureError(f"{type(self).__name__}: there is no picture of this result yet; "
                               "its numbers are in to_frame().")  # fmt: skip
        kind = next(iter(known)) if kind is None else kind
        if kind not in known:
            raise PictureError(
                f"{type(self).__name__} has no picture {kind!r}: choose one of {', '.join(known)}."
            )
        return known[kind](self, ax=ax, language=language, **options)

    def _repr_html_(self) -> str:
        return html_facts(self.title, self.facts()) + html_frame(self.summary())

    def __repr__(self) -> str:
        facts = "".join(f"\n  {key}: {value}" for key, value in self.facts())
        frame = self.summary()
        return f"{self.title}{facts}" + (f"\n{shown(frame).to_string()}" if len(frame) else "")
