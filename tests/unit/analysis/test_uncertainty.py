"""Draws carried through a plain function, here and by executors, and what is refused."""

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

import iomodel as iom
from iomodel.accounts.priors import priors
from iomodel.kernels.sampling import CHUNK

DRAWS = 3 * CHUNK + 100


def made(name: str = "a", **changes: Any) -> iom.Assumption:
    facts = {"low": 1.0, "central": 2.0, "high": 4.0, "distribution": "triangular"}
    return iom.Assumption(id=name, block="b", item=name, unit="ratio", **{**facts, **changes})


PAIR = [made("a"), made("b", distribution="uniform")]


def product(values: Any) -> dict[str, Any]:
    return {"product": values["a"] * values["b"], "a": values["a"]}


def broken(values: Any) -> dict[str, Any]:
    if len(values["a"]) > 1:
        raise LookupError("mine")
    return product(values)


def fatal(values: Any) -> dict[str, Any]:
    if len(values["a"]) == 100:  # the last chunk
        os._exit(3)
    return product(values)


def pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


class Dying(Executor):
    """Does what is asked twice, then fails as a cluster does."""

    def __init__(self) -> None:
        self.left = 2
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.futures.append(future)
        if self.left:
            future.set_result(fn(*args, **kwargs))
            self.left -= 1
        elif len(self.futures) == 3:
            future.set_exception(OSError("worker lost"))
        return future


def test_outcome_is_that_of_the_inputs() -> None:
    found = iom.uncertainty(product, PAIR, draws=DRAWS, seed=4)
    assert found.accepted == found.draws == DRAWS
    assert found.values[:, 0] == pytest.approx((found.inputs["a"] * found.inputs["b"]).to_numpy())
    frame = found.to_frame()
    ordered = frame[["p025", "p05", "median", "p95", "p975"]].to_numpy()
    assert (np.diff(ordered, axis=1) > 0).all()
    assert frame["central"].tolist() == [4.0, 2.0]
    assert frame["mean"]["product"] == pytest.approx(7 / 3 * 2.5, abs=0.05)
    assert found.share_at_or_above(4.0)["product"] == (found.values[:, 0] >= 4).mean()
    assert found.convergence("product").index[-1] == DRAWS
    assert (
        found.convergence("product")["mc_se"].iloc[-1]
        < found.convergence("product")["mc_se"].iloc[0]
    )
    assert "seed 4" in repr(found)
    assert not found.values.flags.writeable


def test_screens_say_what_they_reject() -> None:
    rules = {"small": lambda v: v["a"] < 2.0, "none": lambda v: v["a"] > 0}
    found = iom.uncertainty(product, PAIR, draws=20_000, screens=rules)
    assert found.rejected["none"] == 0
    assert found.rejected["small"] == pytest.approx(2 / 3, abs=0.02)
    assert found.accepted == round((1 - found.rejected["small"]) * 20_000)
    assert (found.inputs["a"] < 2.0).all()
    assert ("rejected: none", "0.00%") in found.facts()


def test_same_seed_same_draws_whatever_the_workers() -> None:
    alone = iom.uncertainty(product, PAIR, draws=DRAWS, seed=9)
    with pool() as workers:
        shared = iom.uncertainty(product, PAIR, draws=DRAWS, seed=9, executor=workers)
    assert np.array_equal(alone.values, shared.values)
    other = iom.uncertainty(product, PAIR, draws=DRAWS, seed=10)
    assert not np.array_equal(alone.values, other.values)


def test_progress_is_told() -> None:
    steps: list[tuple[int, int]] = []
    iom.uncertainty(product, PAIR, draws=DRAWS, progress=lambda *step: steps.append(step))
    assert steps == [(CHUNK, DRAWS), (2 * CHUNK, DRAWS), (3 * CHUNK, DRAWS), (DRAWS, DRAWS)]


def test_a_progress_bar_can_stop_the_work() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    executor = Dying()
    with pytest.raises(KeyboardInterrupt):
        iom.uncertainty(product, PAIR, draws=DRAWS, executor=executor, progress=stop)
    assert executor.futures[-1].cancelled()


def test_an_executor_that_dies_midway() -> None:
    executor = Dying()
    with pytest.raises(iom.ExecutionError, match=r"after 2 of 4 chunks .*worker lost"):
        iom.uncertainty(product, PAIR, draws=DRAWS, executor=executor)
    assert executor.futures[3].cancelled()


def test_a_worker_that_is_killed() -> None:
    with pool() as workers, pytest.raises(iom.ExecutionError, match="BrokenProcessPool"):
        iom.uncertainty(fatal, PAIR, draws=DRAWS, executor=workers)


def test_a_function_that_cannot_travel() -> None:
    with pool() as workers, pytest.raises(iom.ExecutionError, match="pickle"):
        iom.uncertainty(lambda v: {"a": v["a"]}, PAIR, draws=DRAWS, executor=workers)


def test_an_error_of_the_outcome_comes_back_as_it_is() -> None:
    with pytest.raises(LookupError, match="mine"):
        iom.uncertainty(broken, PAIR, draws=DRAWS)
    with pool() as workers, pytest.raises(LookupError, match="mine"):
        iom.uncertainty(broken, PAIR, draws=DRAWS, executor=workers)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"draws": -5}, "draws: -5"),
        ({"draws": 0}, "draws: 0"),
        ({"draws": 2.5}, "draws: 2.5"),
        ({"seed": -1}, "seed: -1"),
        ({"spread": "broad"}, "spread: 'broad'"),
        ({"screens": {"never": lambda v: v["a"] > 9}}, "never: rejects 100.0%"),
        ({"correlations": {("a", "b"): 1.0}}, "positive definite"),
    ],
)
def test_bad_requests(request_: dict[str, Any], words: str) -> None:
    with pytest.raises(iom.SpecError, match=words):
        iom.uncertainty(product, PAIR, **{"draws": 100, **request_})


def test_results_that_are_not_numbers_are_refused() -> None:
    def rooted(values: Any) -> dict[str, Any]:
        with np.errstate(invalid="ignore"):
            return {"root": np.sqrt(2.0 - values["a"])}

    with pytest.raises(iom.SpecError, match="root is not a number in draw"):
        iom.uncertainty(rooted, [made()], draws=100)


def test_a_part_that_is_not_there() -> None:
    found = iom.uncertainty(product, PAIR, draws=100)
    with pytest.raises(iom.SpecError, match=r"no part \('sum',\).*\n.*product"):
        found.of("sum")


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], "nothing to draw"),
        ([made(), made()], "stand twice: a"),
        ([made(low=2.0, high=2.0)], "a: triangular without width"),
        ([made(low=None)], "a: triangular needs low"),
        ([made(distribution="log-triangular", low=0.0)], "a: .*above zero"),
        ([made(central="x", distribution="categorical")], "a: a category 'x'"),
        ([made(central="x", low=None, high=None)], "a: the central value 'x' is text"),
        ([made(distribution="dirichlet")], "a: a Dirichlet block needs one concentration"),
        (
            [
                made("a", distribution="dirichlet", concentration=2.0),
                made("c", distribution="dirichlet", concentration=3.0),
            ],
            "a, c: a Dirichlet block",
        ),
    ],
)
def test_inputs_that_cannot_be_drawn(items: list[iom.Assumption], words: str) -> None:
    with pytest.raises(iom.SpecError, match=words):
        priors(items)


def test_low_above_central_is_refused_where_it_is_stated() -> None:
    with pytest.raises(iom.SpecError, match=r"'a'.*not in order"):
        made(low=3.0)


def test_normalised_and_dirichlet_blocks_sum_to_one() -> None:
    shares = [
        iom.Assumption(id=f"{kind}{k}", block=kind, item="", unit="share", low=low, central=mid,
                       high=high, distribution=kind,
                       concentration=30.0 if kind == "dirichlet" else None)
        for kind in ("triangular-normalised", "dirichlet")
        for k, (low, mid, high) in enumerate([(0.1, 0.2, 0.4), (0.3, 0.4, 0.5), (0.1, 0.2, 0.3)])
    ]  # fmt: skip
    known = priors(shares)
    values = known.marginals.draws(1, 0, 4_000)
    assert values[:, :3].sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert values[:, 3:].sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert values[:, 3:].mean(axis=0) == pytest.approx([0.25, 0.5, 0.25], abs=0.01)


def test_categories_reach_the_outcome_as_text() -> None:
    item = made(central="y", low=None, high=None, distribution="categorical", categories=("x", "y"))

    def is_x(values: Any) -> dict[str, Any]:
        return {"x": 1.0 * (values["a"] == "x")}

    found = iom.uncertainty(is_x, [item], draws=4_000)
    assert found.central[0] == 0.5  # the mean over categories, as none is more central
    assert found.values.mean() == pytest.approx(0.5, abs=0.03)
    assert set(found.inputs["a"]) == {"x", "y"}
