"""One look for all pictures: colours, fonts, numbers and axes.

Matplotlib is imported inside functions only, and its settings are changed inside `drawing`
only: a picture leaves the reader's settings as they were.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from iomodel.errors import MissingLibraryError, PictureError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

Language = Literal["en", "zh"]
Size = tuple[float, float]

# Okabe and Ito (2008): told apart by colour-blind readers. Dark and light take turns, so that
# neighbours differ in a grey print too; hatches tell apart what is farther away.
PALETTE = (
    "#0072B2",  # blue
    "#56B4E9",  # sky blue
    "#D55E00",  # vermilion
    "#E69F00",  # orange
    "#009E73",  # green
    "#F0E442",  # yellow
    "#CC79A7",  # purple
    "#4D4D4D",  # grey
)
HATCHES = ("", "////", "\\\\\\\\", "....", "", "", "--", "xxxx")
INK, QUIET, PALE, ACCENT = "#222222", "#767676", "#D9D9D9", "#B3003C"
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "SimHei",
    "SimSun",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
SAMPLE = "就业乘数直接间接万人"
MYRIAD, TEN_MILLION = 10_000, 10_000_000


def pyplot() -> Any:
    """Return matplotlib.pyplot.

    Raises
    ------
    MissingLibraryError
        If matplotlib cannot be imported.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise MissingLibraryError(
            f"pictures need matplotlib, which cannot be imported ({error}). Install it: "
            "pip install 'iomodel[report]'."
        ) from error
    return plt


@cache
def chinese_font() -> str | None:
    """Return the first font at hand that has Chinese characters; None without one."""
    for name in CHINESE_FONTS:
        path = _fonts().get(name)
        if path is not None and _has(path, SAMPLE):
            return name
    return None


@cache
def _fonts() -> dict[str, str]:
    """Files of the Chinese fonts by name; those newer than matplotlib's own list are added."""
    pyplot()
    from matplotlib import font_manager

    manager = font_manager.fontManager
    known = {entry.fname for entry in manager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known and _family(path) in CHINESE_FONTS:
            manager.addfont(path)
    return {entry.name: entry.fname for entry in manager.ttflist if entry.name in CHINESE_FONTS}


def _family(path: str) -> str:
    from matplotlib import font_manager

    try:
        return str(font_manager.get_font(path).family_name)
    except (OSError, RuntimeError):  # a file that is no usable font
        return ""


def _has(path: str, text: str) -> bool:
    from matplotlib import font_manager

    font = font_manager.get_font(path)
    return all(font.get_char_index(ord(character)) for character in text)


def spoken(language: str) -> Language:
    """Return the language that can be drawn: Chinese only where a font has its characters.

    Raises
    ------
    PictureError
        For a language other than English and Chinese.
    """
    if language not in ("en", "zh"):
        raise PictureError(f"language {language!r}: pictures speak en and zh.")
    return "zh" if language == "zh" and chinese_font() else "en"


@contextmanager
def drawing(language: str) -> Iterator[Language]:
    """Draw in one look; give the language that can be drawn, restore all settings after.

    Parameters
    ----------
    language : {"en", "zh"}

    Yields
    ------
    {"en", "zh"}
    """
    plt = pyplot()
    used = spoken(language)
    families = list(plt.rcParams["font.family"])
    if used == "zh":  # first, so that figures and letters beside characters match them
        families.insert(0, chinese_font())
    look = {
        "font.family": families,
        "axes.unicode_minus": used == "en",
        "axes.labelsize": "small",
        "axes.labelcolor": INK,
        "axes.edgecolor": QUIET,
        "axes.titlesize": "medium",
        "axes.titleweight": "bold" if used == "en" else "normal",
        "axes.titlelocation": "left",
        "hatch.linewidth": 0.5,
        "legend.frameon": False,
        "legend.fontsize": "small",
        "text.color": INK,
        "text.parse_math": True,
        "text.usetex": False,
        "xtick.color": INK,
        "ytick.color": INK,
    }
    with plt.rc_context(look):
        yield used
        # A notebook switches this on with its first figure: restored, no later one would show.
        interactive = plt.isinteractive()
    plt.matplotlib.interactive(interactive)


def axes(ax: "Axes | None" = None, size: Size = (7.0, 4.0)) -> "Axes":
    """Return the axes to draw on, without the frame above and at the right.

    Parameters
    ----------
    ax : Axes, optional
        The reader's own; if absent, one in a new figure.
    size : tuple of float
        Width and height of the new figure, inches.
    """
    plt = pyplot()
    if ax is None:
        _, ax = plt.subplots(figsize=size, layout="constrained")
    assert ax is not None, "given or made"
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    tick_fonts(ax)
    return ax


def titled(ax: "Axes", head: str, below: str = "", *, above: int = 0, colour: str = INK) -> None:
    """Write a title, and a line below it in a lighter hand.

    Parameters
    ----------
    ax : Axes
    head, below : str
        Both ready to be drawn.
    above : int
        Lines left free between the axes and the title, for labels there.
    colour : str
        Of the line below.
    """
    room = 6 + 13 * above
    lines = below.count("\n") + 1 if below else 0
    ax.set_title(head, pad=room + 13 * lines)
    if below:
        ax.annotate(below, (0.0, 1.0), xycoords="axes fraction", xytext=(0, room), va="bottom",
                    textcoords="offset points", fontsize="small", color=colour)  # fmt: skip


def tick_fonts(ax: Any) -> None:
    """Fix the font of tick labels: they are made when the figure is drawn, after `drawing`."""
    ax.tick_params(labelfontfamily=list(pyplot().rcParams["font.family"]), labelsize="small")


def legend_below(ax: "Axes", handles: Sequence[Any], columns: int) -> None:
    """Put the legend below the axis and its label, whatever the height of the axes."""
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), borderaxespad=4.5,
              ncols=columns, handleheight=1.1, columnspacing=1.4)  # fmt: skip


def beside(
    ax: "Axes", text: str, at: tuple[float, float], *, left: bool = False, **looks: Any
) -> None:
    """Write beside a point, readable over lines: a white rim around the letters."""
    pyplot()
    from matplotlib.patheffects import withStroke

    ax.annotate(
        text,
        at,
        xytext=(-4 if left else 4, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        zorder=5,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
        **{"fontsize": "small", **looks},
    )


def look(colour: str, hatch: str = "") -> dict[str, Any]:
    """Return the fill of one area, for patches: colour, hatch and a thin white edge."""
    return {"facecolor": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.6}


def fills(count: int) -> list[dict[str, Any]]:
    """Return fills of `count` neighbouring areas: colour and hatch, for patches.

    Past the palette the colours come again with hatches of others.
    """
    size = len(PALETTE)
    return [look(PALETTE[k % size], HATCHES[(k + 2 * (k // size)) % size]) for k in range(count)]


def plain(text: object) -> str:
    """Return text that matplotlib draws letter by letter: a dollar sign starts no formula."""
    return str(text).replace("\\$", "$").replace("$", "\\$")


def count(value: float, language: str = "en") -> str:
    """Write a number of jobs: 212,066 and 36.85 million, or in Chinese 21.21万."""
    if language == "zh" and abs(value) >= MYRIAD:
        size, name = (MYRIAD**2, "亿") if abs(value) >= MYRIAD**2 else (MYRIAD, "万")
        return f"{value / size:,.2f}{name}"
    if language == "en" and abs(value) >= TEN_MILLION:
        return f"{value / 1e6:,.2f} million"
    return f"{value:,.0f}"


def round_count(value: float, language: str = "en") -> str:
    """Write a round number, as at a tick: 200,000 and 50 million, or in Chinese 20万."""
    text = count(value, language)
    for name in ("万", "亿", " million"):
        if text.endswith(name):
            return text.removesuffix(name).rstrip("0").removesuffix(".") + name
    return text


def thousands(axis: "Axis", language: str = "en") -> None:
    """Write the ticks of an axis with thousands separators, in Chinese in 万."""
    pyplot()
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: round_count(value, language)))


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
