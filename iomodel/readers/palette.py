"""How parts of a sheet are painted: colours that all can tell apart, patterns for print in grey."""

from typing import NamedTuple


class Look(NamedTuple):
    """Colours and pattern of a kind of part, and what became of it.

    Attributes
    ----------
    fill, ink : str
        Colours of the ground and of pattern, border and words.
    pattern : str
        ``plain``, ``rising``, ``falling``, ``level``, ``upright``, ``dots``, ``crossed`` or
        ``grid``.
    meaning : str
        For the legend: what it is and what becomes of it.
    """

    fill: str
    ink: str
    pattern: str
    meaning: str


LOOKS: dict[str, Look] = {
    "labels": Look("#ececec", "#555555", "plain", "labels of rows and columns"),
    "intermediate": Look("#cfe3f5", "#0b4f8a", "plain", "intermediate flows"),
    "final demand": Look("#fde3c0", "#9a5300", "upright", "final demand"),
    "imports": Look("#ecd7ea", "#7a2f73", "rising", "imports"),
    "output": Look("#4a4a4a", "#ffffff", "plain", "output"),
    "primary input": Look("#d3ecd5", "#1b6b3a", "level", "primary inputs"),
    "total": Look("#ffffff", "#777777", "falling", "totals: checked, then left out"),
    "satellite": Look("#fff6b8", "#6b5d00", "dots", "beside the balance: kept as accounts"),
    "matrix": Look("#d5eef0", "#00636b", "grid", "coefficients or an inverse"),
    "part of the matrix": Look("#d5eef0", "#00636b", "dots", "lines of the matrix"),
    "make": Look("#dcd9f2", "#40358a", "falling", "make or supply table"),
    "columns by sector": Look("#d5eef0", "#00636b", "upright", "columns of figures by sector"),
    "not used": Look("#ffffff", "#a3341c", "crossed", "not used"),
    "no figures": Look("#ffffff", "#999999", "plain", "lines without figures"),
    "figures not read": Look("#ffffff", "#8a8a8a", "dots", "other figures: not read"),
    "text": Look("#f7f7f7", "#888888", "plain", "titles and notes"),
}
LINES = {
    "rising": "M-1 1l2-2M0 8l8-8M7 9l2-2",
    "falling": "M-1 7l2 2M0 0l8 8M7-1l2 2",
    "level": "M0 4h8",
    "upright": "M4 0v8",
    "crossed": "M0 0l8 8M0 8l8-8",
    "grid": "M0 4h8M4 0v8",
}


def pattern(name: str, kind: str) -> str:
    """Return the SVG pattern of a kind under a name, or empty text where it is plain."""
    look = LOOKS[kind]
    if look.pattern == "plain":
        return ""
    if look.pattern == "dots":
        mark = f"<circle cx='4' cy='4' r='1.1' fill='{look.ink}' fill-opacity='.45'/>"
    else:
        mark = (
            f"<path d='{LINES[look.pattern]}' stroke='{look.ink}' stroke-opacity='.38' "
            "stroke-width='1' fill='none'/>"
        )
    return (
        f"<pattern id='{name}' width='8' height='8' patternUnits='userSpaceOnUse'>"
        f"<rect width='8' height='8' fill='{look.fill}'/>{mark}</pattern>"
    )
