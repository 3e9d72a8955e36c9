import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from iomodel.kernels.totals import BASE, Rounding, Total, find_totals, step_of

EXACT = Rounding(step=0.0)
RNG = np.random.default_rng(7)


def lines(count: int, size: int = 9) -> list[np.ndarray]:
    return list(RNG.random((count, size)) * 100 + 1)


def parts(found: list[Total], line: int) -> list[tuple[int, ...]]:
    return [total.parts for total in found if total.line == line]


def test_the_step_of_printed_figures() -> None:
    assert step_of(np.array([3.0, 20.0, np.nan])) == 1.0
    assert step_of(np.array([0.1, 20.0])) == pytest.approx(0.1)
    assert step_of(np.array([np.pi, 2.0])) == 0.0


def test_subtotals_and_the_total_of_uses() -> None:
    base, (rural, urban, state, fixed, exports) = lines(1)[0], lines(5)
    private = rural + urban
    consumption = private + state
    final = consumption + fixed + exports
    table = [base, rural, urban, private, state, consumption, fixed, exports, final, base + final]
    found = find_totals(base, table, EXACT)
    assert parts(found, 0) == [(BASE,)]
    assert parts(found, 3) == [(1, 2)]
    assert parts(found, 5) == [(3, 4)]
    assert parts(found, 8) == [(5, 6, 7)]
    assert parts(found, 9) == [(0, 8)]


def test_positive_imports_are_deducted_only_where_they_are_named() -> None:
    base, (use, imports) = lines(1)[0], lines(2)
    table = [use, imports, base + use - imports]
    assert parts(find_totals(base, table, EXACT), 2) == []
    found = find_totals(base, table, EXACT, deducted=[1])
    assert [(t.parts, t.signs) for t in found] == [((BASE, 0, 1), (1, 1, -1))]


def test_a_total_printed_before_its_parts() -> None:
    base, (one, two) = lines(1)[0], lines(2)
    found = find_totals(base, [one + two, one, two, base + one + two], EXACT)
    assert parts(found, 0) == [(1, 2)]
    assert parts(found, 3) == [(BASE, 0)]


def test_total_use_that_is_also_output_and_imports() -> None:
    base, (use, imports) = lines(1)[0], lines(2)
    whole = base + use
    found = find_totals(base, [use, whole, whole - imports, imports], EXACT)
    assert parts(found, 1) == [(BASE, 0), (2, 3)]


def test_a_slip_in_a_line_that_says_it_is_a_total() -> None:
    base, (use,) = lines(1)[0], lines(1)
    wrong = base + use
    wrong[3] += 50
    assert parts(find_totals(base, [use, wrong], EXACT), 1) == []
    (total,) = find_totals(base, [use, wrong], EXACT, told=[1])
    assert total.wrong == (3,)
    assert total.gap == pytest.approx(50)


def test_zeros_and_chance_are_no_totals() -> None:
    base = lines(1)[0]
    found = find_totals(base, [np.zeros(9), *lines(6)], EXACT)
    assert found == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.integers(0, 10_000))
def test_every_group_of_any_sizes_is_found(sizes: list[int], seed: int) -> None:
    """Groups of lines, each followed by its total, then the total of all: a printed account."""
    rng = np.random.default_rng(seed)
    base = np.round(rng.random(8) * 1000)
    table: list[np.ndarray] = []
    want, groups = {}, []
    for size in sizes:
        members = [np.round(rng.random(8) * 1000) + 1 for _ in range(size)]
        first = len(table)
        table += members
        if size > 1:
            want[len(table)] = tuple(range(first, first + size))
            table.append(np.sum(members, axis=0))
        groups.append(len(table) - 1)
    want[len(table)] = (BASE, *groups)
    table.append(base + np.sum([table[k] for k in groups], axis=0))
    found = find_totals(base, table, Rounding(step=1.0))
    for line, members_of in want.items():
        assert members_of in parts(found, line)
