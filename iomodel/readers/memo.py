"""Rows outside the balance, such as employment, become accounts beside the table."""

from collections.abc import Iterator

import numpy as np

from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.readers.found import Found
from iomodel.readers.lines import Line


def satellites(found: Found, language: str) -> dict[str, Satellite]:
    """Return rows outside the balance as accounts, total employment as ``employment``.

    Rows with a cell that holds no figure are left out: `gaps_in_memo` names them.
    """
    jobs = _jobs(found)
    accounts: dict[str, Satellite] = {}
    for line in _lines(found):
        if not np.isfinite(line.values).all():
            continue
        name = "employment" if line is jobs else line.name or line.code
        name = name if name not in accounts else f"{name} ({line.place + 1})"
        accounts[name] = _satellite(found, line, name, language)
    return accounts


def gaps_in_memo(found: Found) -> list[str]:
    """Return rows outside the balance that were left out, with the cells that hold no figure."""
    block, problems = found.block, []
    for line in _lines(found):
        holes = np.flatnonzero(~np.isfinite(line.values)).tolist()
        spots = [(line.place, block.columns[k]) for k in holes]
        cells = [f"{block.grid.sheet.address(*s)} {block.grid.text(*s)!r}" for s in spots[:5]]
        if spots:
            more = f" and {len(spots) - 5} more" if len(spots) > 5 else ""
            problems.append(f"row {line.place + 1} {line.name!r}: {', '.join(cells)}{more}")
    return problems


def _lines(found: Found) -> Iterator[Line]:
    """Yield the rows outside the balance, and the total of employment."""
    yield from found.statement.memo
    jobs = _jobs(found)
    if jobs is not None and jobs not in found.statement.memo:
        yield jobs


def _jobs(found: Found) -> Line | None:
    """Return the row of total employment: a total if there is one, else the first row of jobs."""
    rows = [line for line in found.statement.totals if line.by_row] + list(found.statement.memo)
    return next((line for line in rows if found.role(line) == "employment"), None)


def _satellite(found: Found, line: Line, name: str, language: str) -> Satellite:
    columns = [item.line.place for item in found.statement.columns]
    final = found.block.grid.numbers[line.place, columns]
    return Satellite(
        name=name,
        rows=Labels(codes=(line.code or line.name,), names={language: (line.title,)}),
        values=line.filled[None, :],
        final=np.nan_to_num(final)[None, :] if np.isfinite(final).any() else None,
        year=found.facts.year,
        source=f"row {line.place + 1} of sheet {found.sheet}",
    )
