"""Chunks of draws worked through here or by an executor."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from iomodel.accounts.priors import Priors, Values
from iomodel.errors import ExecutionError, IOModelError, SpecError
from iomodel.kernels.linear import Array
from iomodel.kernels.sampling import Mask

Key = tuple[str, ...]
Outcome = Callable[[Values], Mapping[Any, Array]]
Screens = Mapping[str, Callable[[Values], Mask]]

WINDOW = 32  # chunks that are with an executor at one time


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
    """Everything a worker needs; called with a chunk."""

    outcome: Outcome
    screens: Screens
    priors: Priors
    seed: int
    keys: tuple[Key, ...]

    def part(self, number: int, count: int) -> Part:
        """Draw one chunk, screen it and evaluate the outcome."""
        drawn = self.priors.marginals.draws(self.seed, number, count)
        passed = {
            rule: np.asarray(test(self.priors.named(drawn)), dtype=bool)
            for rule, test in self.screens.items()
        }
        kept = np.ones(count, dtype=bool)
        for mask in passed.values():
            kept &= mask
        failed = {rule: int(count - mask.sum()) for rule, mask in passed.items()}
        if not kept.any():
            return Part(kept, np.zeros((len(self.keys), 0)), failed)
        some = drawn if kept.all() else drawn[kept]
        found = self.outcome(self.priors.named(some))
        values = np.stack(list(found.values()))
        if not np.isfinite(values).all():
            column, row = np.argwhere(~np.isfinite(values))[0]
            raise SpecError(
                f"{', '.join(self.keys[column])} is not a number in draw {row} of chunk {number} "
                f"(and {int((~np.isfinite(values)).sum()) - 1} more). Add a screen, or narrow the "
                "ranges of its inputs."
            )
        return Part(kept, values, failed)


def _guarded(work: Work, number: int, count: int) -> Part | Exception:
    """Work through a chunk in a worker; an error of the outcome is a value, not a dead worker."""
    try:
        return work.part(number, count)
    except Exception as error:
        return error


def worked(work: Work, plan: list[tuple[int, int]], executor: Executor | None) -> Iterator[Part]:
    """Yield the parts in order, from this process or from an executor.

    Parameters
    ----------
    work : Work
    plan : list of (int, int)
        Number and size of each chunk.
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


def _submitted(
    executor: Executor, work: Work, chunk: tuple[int, int]
) -> "Future[Part | Exception]":
    return executor.submit(_guarded, work, *chunk)


class _Told(Exception):
    """An error that a worker reported, as against one of the executor."""

    def __init__(self, error: Exception) -> None:
        self.error = error
