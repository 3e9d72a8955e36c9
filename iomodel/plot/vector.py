"""A picture as SVG text: the same picture gives the same text."""

from io import StringIO
from typing import TYPE_CHECKING

from iomodel.plot.style import pyplot

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

NO_STAMP = {"Date": None, "Creator": None}
RIM = "rim"  # id of texts that are to have a white rim; several parts may have it


def vector(ax: "Axes", name: str) -> str:
    """Return the figure of a picture as SVG, and close it.

    Parameters
    ----------
    ax : Axes
        What a picture returned.
    name : str
        Makes the names of parts differ between pictures on one page.

    Returns
    -------
    str
        No clock and no chance in it. Words stay words, in the fonts of the reader: they can be
        found and read aloud, and characters need no font that the writer has. Parts with the
        id `RIM` hold words that want a white rim: the page draws it.
    """
    plt, stream, figure = pyplot(), StringIO(), ax.get_figure(root=True)
    assert figure is not None, "axes of a picture stand in a figure"
    for text in figure.findobj(_is_rimmed):
        text.set_path_effects([])  # drawn as outlines otherwise: heavy, and no words
        text.set_gid(RIM)
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(stream, format="svg", bbox_inches="tight", metadata=NO_STAMP)
    plt.close(figure)
    return stream.getvalue()


def _is_rimmed(artist: "Artist") -> bool:
    """Tell whether an artist is a text with a rim around its letters."""
    return bool(artist.get_path_effects()) and hasattr(artist, "get_text")


def drawable() -> bool:
    """Tell whether pictures can be drawn here: whether matplotlib is installed."""
    try:
        pyplot()
    except ImportError:
        return False
    return True
