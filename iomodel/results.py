"""What every result can do: a tidy frame, a short summary, a readable notebook view."""

import html
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from iomodel.errors import IdentityError, PictureError
from iomodel.kernels.linear import Array

Picture = Callable[..., Any]
PICTURES: dict[str, dict[str, Picture]] = {}
MOST_ITEMS = 12
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


def public_names(thing: object) -> list[str]:
    """Return what tab completion shows of an object: names without a leading underscore."""
    return sorted(name for name in object.__dir__(thing) if not name.startswith("_"))


def _brief(value: object) -> str:
    """Write the value of a field in one line: long sequences by number, arrays by shape."""
    if isinstance(value, np.ndarray):
        return f"array of shape {value.shape}"
    if isinstance(value, Mapping):
        items = [f"{key}: {_brief(inner)}" for key, inner in value.items()]
    elif isinstance(value, tuple | list):
        items = [_brief(item) for item in value]
    else:
        return figure(value) if type(value) is float else str(value)
    more = [f"... {len(items)} in all"] if len(items) > MOST_ITEMS else []
    return ", ".join([*items[:MOST_ITEMS], *more])


class Shown:
    """Notebook view and tab completion of nouns: their public fields that are not empty."""

    __slots__ = ()

    def __dir__(self) -> list[str]:
        return public_names(self)

    def _told(self) -> list[tuple[str, str]]:
        """Public fields with their values in one line each."""
        names = [item.name for item in fields(self) if not item.name.startswith("_")]  # type: ignore[arg-type]
        told = [(name, _brief(getattr(self, name))) for name in names]
        return [(name, text) for name, text in told if text not in ("", "None")]

    def _repr_html_(self) -> str:
        return html_facts(type(self).__name__, self._told())

    def __repr__(self) -> str:
        lines = "".join(f"\n  {name}: {text}" for name, text in self._told())
        return f"<{type(self).__name__}>{lines}"


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

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of each column of figures of `to_frame`; a ratio has the unit ``1``.

        Empty text where the table states no unit. A frame whose rows have units of their own
        has a column ``unit`` instead, which stands before what is said here.
        """
        return {}

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

    def __dir__(self) -> list[str]:
        return public_names(self)

    def _repr_html_(self) -> str:
        return html_facts(self.title, self.facts()) + html_frame(self.summary())

    def __repr__(self) -> str:
        facts = "".join(f"\n  {key}: {value}" for key, value in self.facts())
        frame = self.summary()
        return f"{self.title}{facts}" + (f"\n{shown(frame).to_string()}" if len(frame) else "")
