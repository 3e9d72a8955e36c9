"""How far a long run is: told to a caller, or shown as a bar where somebody looks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
DELAY = 2.0  # seconds before a bar appears


def unseen(done: int, total: int) -> None:
    """Show nothing: hand this in as `progress` where no bar is wanted."""


@contextmanager
def followed(progress: Progress | None, total: int) -> Iterator[Progress]:
    """Give what to call after each step: the caller's own, or a bar.

    Parameters
    ----------
    progress : callable or None
        The caller's. Without one a tqdm bar is drawn if tqdm is installed, standard error is
        a terminal or a notebook, and the run takes more than `DELAY` seconds.
    total : int
        Draws in all.

    Yields
    ------
    callable
        Takes draws done and draws in all.
    """
    if progress is not None or not _watched():
        yield progress or unseen
        return
    try:
        from tqdm import tqdm
    except ImportError:
        yield unseen
        return
    with tqdm(total=total, unit=" draws", delay=DELAY, leave=False, file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.update(done - bar.n)

        yield step


def _watched() -> bool:
    """Whether standard error is a terminal or the output of a notebook."""
    stream = sys.stderr
    notebook = type(stream).__module__.startswith("ipykernel")
    return notebook or bool(stream is not None and stream.isatty())
