"""Warnings from within the readers point to the caller's line."""

import sys
import warnings


def told(message: str, category: type[Warning]) -> None:
    """Warn at the first line outside this package."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("iomodel."):
        frame, depth = frame.f_back, depth + 1
    warnings.warn(message, category, stacklevel=depth)
