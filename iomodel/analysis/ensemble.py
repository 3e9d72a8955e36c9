"""Chunks of draws worked through here or by an executor."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from iomodel.accounts.priors import Priors, Values
from iomodel.errors import ExecutionError, IOModelError, SpecError
from iomodel.kernels.linear import Array
from iomodel.kernels.sampling import CHUNK, Mask, chunks, seeds

Key = tuple[str, ...]
Outcome = Callable[[Values], Mapping[Any, Array]]
Screens = Mapping[str, Callable[[Values], Mask]]

WINDOW = 32  # chunks that are with an executor at one time
DRAW = "draw"  # seeds, one for each draw, of an outcome that draws more than its inputs
Span = tuple[int, int, int]  # number of a chunk, its first and its last draw plus one


class Part(NamedTuple):
    """What one chunk gives.

    Attributes
    ----------
    kept : ndarray of bool, shape (n,)
        Which of its draws passed every screen.
    values : ndarray, shape (q, accepted)
    failed : dict of screen to int
        Draws that it rejects.
    """

    kept: Mask
    values: Array
    failed: dict[str, int]


class Work(NamedTuple):
    """Everything a worker needs; called with a span of draws.

    An outcome with a whole number `batch` draws more than its inputs: it is given a seed for
    each draw beside them, under `DRAW`, and no more draws at a time than `batch`.
    """

    outcome: Outcome
    screens: Screens
    priors: Priors
    seed: int
    keys: tuple[Key, ...]

    def plan(self, draws: int) -> list[Span]:
        """Return the spans that give a number of draws."""
        batch = getattr(self.outcome, "batch", CHUNK)
        return [
            (number, first, min(first + batch, count))
            for number, count in chunks(draws)
            for first in range(0, count, batch)
        ]

    def part(self, number: int, first: int, end: int) -> Part:
        """Draw one span, screen it and evaluate the outcome."""
        count = end - first
        drawn = self.priors.marginals.draws(self.seed, number, end)[first:]
        more = {}
        if hasattr(self.outcome, "batch"):
            more[DRAW] = seeds(self.seed, number, end)[first:]
        passed = {
            rule: np.asarray(test(self.priors.named(drawn) | more), dtype=bool)
            for rule, test in self.screens.items()
        }
        kept = np.ones(count, dtype=bool)
        for mask in passed.values():
            kept &= mask
        failed = {rule: int(count - mask.sum()) for rule, mask in passed.items()}
        if not kept.any():
            return Part(kept, np.zeros((len(self.keys), 0)), failed)
        if not kept.all():
            drawn, more = drawn[kept], {key: column[kept] for key, column in more.items()}
        found = self.outcome(self.priors.named(drawn) | more)
        values = np.stack(list(found.values()))
        if not np.isfinite(values).all():
            column, row = np.argwhere(~np.isfinite(values))[0]
            raise SpecError(
                f"{', '.join(self.keys[column])} is not a number in draw {first + row} of chunk "
                f"{number} (and {int((~np.isfinite(values)).sum()) - 1} more). Add a screen, or "
                "narrow the ranges of its inputs."
            )
        return Part(kept, values, failed)


def _guarded(work: Work, span: Span) -> Part | Exception:
    """Work through a span in a worker; an error of the outcome is a value, not a dead worker."""
    try:
        return work.part(*span)
    except Exception as error:
        return error


def worked(work: Work, plan: list[Span], executor: Executor | None) -> Iterator[Part]:
    """Yield the parts in order, from this process or from an executor.

    Parameters
    ----------
    work : Work
    plan : list of (int, int, int)
        Spans of draws, as `Work.plan` gives them.
    executor : concurrent.futures.Executor or None

    Raises
    ------
    ExecutionError
        If the executor fails; an error that the outcome raised comes back as it is.
    """
    if executor is None:
        for chunk in plan:
            yield work.part(*chunk)
        return
    waiting = iter(plan)
    running: list[Future[Part | Exception]] = []
    done = 0
    try:
        running = [_submitted(executor, work, chunk) for chunk in islice(waiting, WINDOW)]
        while running:
            part = running.pop(0).result()
            if isinstance(part, Exception):
                raise _Told(part)
            done += 1
            running += [_submitted(executor, work, chunk) for chunk in islice(waiting, 1)]
            yield part
    except _Told as told:
        raise told.error from None
    except IOModelError:
        raise
    except Exception as error:
        raise ExecutionError(
            f"the executor failed after {done} of {len(plan)} chunks ({type(error).__name__}: "
            f"{error}). Nothing is returned; run again, with fewer workers or without an executor."
        ) from error
    finally:
        for future in running:
            future.cancel()


def _submitted(executor: Executor, work: Work, span: Span) -> "Future[Part | Exception]":
    return executor.submit(_guarded, work, span)


class _Told(Exception):
    """An error that a worker reported, as against one of the executor."""

    def __init__(self, error: Exception) -> None:
        self.error = error
