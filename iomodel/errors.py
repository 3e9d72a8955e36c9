"""One family of errors and warnings.

Every message says where the problem is, what it is, how large it is and what to do next;
where there are several problems, all of them are in the one message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class IOModelError(Exception):
    """Base class of all errors raised on purpose by this package."""


class ReadError(IOModelError, ValueError):
    """A file could not be read: missing, not a workbook, or damaged."""


class UnknownLayoutError(ReadError):
    """The workbook is readable, but none of the known table layouts was recognised in it."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """One cell that cannot be used.

    Attributes
    ----------
    sheet, address : str
        Where it is, as a spreadsheet shows it (``inputs``, ``F12``).
    found : str
        What the cell holds.
    problem : str
        What is wrong with it and what would be right.
    """

    sheet: str
    address: str
    found: str
    problem: str

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.address}" if self.address else f"sheet {self.sheet}"
        found = f" {self.found!r}" if self.found else ""
        return f"{place}{found}: {self.problem}"


def listed(items: Iterable[object], limit: int = 40) -> str:
    """Join problems line by line; past `limit`, say how many more there are."""
    lines = [str(item) for item in items]
    shown = lines[:limit]
    if len(lines) > limit:
        shown.append(f"... and {len(lines) - limit} more")
    return "\n  ".join(shown)


class BadCellsError(ReadError):
    """Cells that cannot be used, all at once, each with sheet and address.

    Attributes
    ----------
    path : str
        The file.
    cells : tuple of BadCell
        Every cell that was found wanting.
    """

    def __init__(self, path: object, cells: Sequence[BadCell]) -> None:
        self.path = str(path)
        self.cells = tuple(cells)
        noun = "problem" if len(self.cells) == 1 else "problems"
        super().__init__(
            f"{self.path}: {len(self.cells)} {noun} in the workbook:\n  {listed(self.cells)}\n"
            "Correct the cells and read the file again."
        )


class LabelError(IOModelError, ValueError):
    """Labels are missing, unknown, duplicate or in the wrong place."""


class AccountingError(IOModelError, ValueError):
    """The accounts contradict each other: sums, units, price years, bases or import treatment."""


class NotProductiveError(IOModelError, ArithmeticError):
    """A sector buys inputs but sells nothing, or the Hawkins-Simon condition fails."""


class NotConvergedError(IOModelError, RuntimeError):
    """An iteration did not reach its tolerance.

    Attributes
    ----------
    iterations : int
        Rounds made.
    worst : tuple of str
        Where the gaps are largest.
    best : object
        The best result so far, marked as not converged; None if there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        iterations: int = 0,
        worst: Sequence[str] = (),
        best: object = None,
    ) -> None:
        self.iterations = iterations
        self.worst = tuple(worst)
        self.best = best
        super().__init__(message)


class IdentityError(IOModelError, ArithmeticError):
    """Parts do not give the total."""


class SpecError(IOModelError, ValueError):
    """A study or a sector is described in a way that cannot be used."""


class ExecutionError(IOModelError, RuntimeError):
    """Work that was handed to an executor did not come back: nothing of it is returned."""


class PictureError(IOModelError, ValueError):
    """A picture that a result does not have, or that cannot be drawn as asked."""


class MissingLibraryError(IOModelError, ImportError):
    """An optional library that a request needs is not installed."""


class IOModelWarning(UserWarning):
    """Base class of all warnings raised on purpose by this package."""


class ImbalanceWarning(IOModelWarning):
    """Rows or columns of a table do not balance."""


class NegativeFlowWarning(IOModelWarning):
    """A table has negative intermediate flows."""
