"""Draws per second against a loop that factorises again, printed: `pytest tests/benchmarks -s`."""

import time
import tracemalloc

import pytest

import iomodel as iom
from iomodel.kernels.sampling import seeds
from iomodel.studies.erring import erring
from tests.studies import recomputation as plain
from tests.studies.test_uncertainty import looped

pytestmark = pytest.mark.benchmark

MANY, FEW = 100_000, 500


def test_bench_draws() -> None:
    """Six scopes, three patterns, channels and levels with us; ratios alone with the loop."""
    china = iom.read(iom.example("china-2020"))
    drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    run = iom.derive(drama, china).forward
    iom.uncertainty(run, drama, draws=10_000)
    times: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        found = iom.uncertainty(run, drama, draws=MANY)
        times.append(time.perf_counter() - start)
    ours = MANY / min(times)
    inputs = found.inputs.head(FEW)
    times = []
    for _ in range(5):  # the best: two pools of threads may get in each other's way
        start = time.perf_counter()
        rows = list(looped(inputs))
        times.append(time.perf_counter() - start)
    theirs = FEW / min(times)
    scope, pattern = "all", plain.PATTERNS[0]
    first = found.of("ratio", scope, pattern).to_numpy()[:FEW]
    assert first == pytest.approx([row[scope, pattern] for row in rows], rel=1e-10)
    print(f"\ndraws per second: {ours:,.0f} against {theirs:,.0f}, ratio {ours / theirs:,.0f}")


def test_bench_coefficient_errors() -> None:
    """The same with an error in every coefficient: each draw is a factorisation with us too."""
    china = iom.read(iom.example("china-2020"))
    drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    ours, theirs = 0.0, 0.0
    for _ in range(3):
        run = erring(drama, iom.domestic(china), 0.1)  # one that has solved nothing yet
        start = time.perf_counter()
        found = iom.uncertainty(run, drama, draws=FEW)
        ours = max(ours, FEW / (time.perf_counter() - start))
        inputs, numbers = found.inputs, seeds(found.seed, 0, FEW)[found.kept]
        start = time.perf_counter()
        rows = list(looped(inputs, [run.errors.drawn(int(number)) for number in numbers]))
        theirs = max(theirs, len(rows) / (time.perf_counter() - start))
    key = ("all", plain.PATTERNS[0])
    told = found.of("ratio", *key).to_numpy()
    assert told == pytest.approx([row[key] for row in rows], rel=1e-10)
    print(f"\ndraws per second: {ours:,.0f} against {theirs:,.0f}, ratio {ours / theirs:,.1f}")


def test_bench_memory() -> None:
    """Peak beside the outcome itself stays that of a few chunks."""
    china = iom.read(iom.example("china-2020"))
    drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    run = iom.derive(drama, china).forward
    iom.uncertainty(run, drama, draws=10_000)
    for draws in (10_000, MANY, 4 * MANY):
        tracemalloc.start()
        found = iom.uncertainty(run, drama, draws=draws)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        own = found.values.nbytes / 2**20
        print(f"\n{draws:,} draws: peak {peak / 2**20:,.0f} MiB, of it the outcome {own:,.0f} MiB")
