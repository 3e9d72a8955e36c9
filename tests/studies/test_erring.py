"""Errors in the coefficients of the base table against a plain loop and against derivatives."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.accounts.priors import priors
from iomodel.analysis.coefficients import important_coefficients
from iomodel.analysis.ensemble import DRAW
from iomodel.kernels.sampling import seeds
from iomodel.studies.derivation import Derivation
from iomodel.studies.either import EitherErring, either
from iomodel.studies.erring import RULE, ErringForward, erring
from iomodel.studies.forward import POOLED
from iomodel.studies.spread import lines, record_of, spreads
from tests.studies import recomputation as plain
from tests.studies.test_uncertainty import looped

DRAWS, SEED = 60, 20


@pytest.fixture(scope="module")
def china() -> iom.IOTable:
    table: iom.IOTable = iom.read(iom.example("china-2020"))
    return table


@pytest.fixture(scope="module")
def derivation(china: iom.IOTable) -> Derivation:
    return iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)


def made(derivation: Derivation, error: float | pd.DataFrame, **more: str) -> ErringForward:
    return erring(derivation.account, derivation.local, error, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", ["cell", "block"])
def test_every_draw_gives_the_ratios_of_the_plain_loop(derivation: Derivation, by: str) -> None:
    """The loop solves whole bordered systems with the drawn matrix in place of A."""
    run = made(derivation, 0.2, by=by)
    found = iom.uncertainty(run, derivation.account, draws=DRAWS, seed=SEED)
    numbers = seeds(SEED, 0, DRAWS)[found.kept]
    matrices = [run.errors.drawn(int(number)) for number in numbers]
    expected = pd.DataFrame(looped(found.inputs, matrices))
    for scope in plain.SCOPES:
        for pattern in plain.PATTERNS:
            ours = found.of("ratio", scope, pattern).to_numpy()
            assert ours == pytest.approx(expected[scope, pattern].to_numpy(), rel=1e-10, abs=0)


def test_no_error_is_the_same_to_the_last_bit(derivation: Derivation) -> None:
    without = iom.uncertainty(derivation.forward, derivation.account, draws=9_000, seed=SEED)
    run = made(derivation, 0.0)
    none = iom.uncertainty(run, derivation.account, draws=9_000, seed=SEED)
    assert np.array_equal(none.kept, without.kept)
    assert np.array_equal(none.values, without.values)
    some = iom.uncertainty(made(derivation, 0.1), derivation.account, draws=DRAWS, seed=SEED)
    assert np.array_equal(some.central, without.central)
    assert some.inputs.equals(without.inputs.head(some.accepted))


def test_small_errors_move_the_ratio_as_its_derivatives_say(derivation: Derivation) -> None:
    """First order: sum of dM/dA_ij times what each coefficient errs by; the rest is quadratic."""
    account, n = derivation.account, len(derivation.local)
    gradient = important_coefficients(iom.leontief(derivation.table), direct="m")
    centre = priors(account).centre[None, :]
    values = priors(account).named(np.repeat(centre, DRAWS, axis=0))
    rest: dict[str, list[float]] = {}
    for error in (0.01, 0.005):
        run = made(derivation, error)
        values[DRAW] = seeds(SEED, 0, DRAWS)
        moved = np.array([run.errors.drawn(int(k)) - run.errors.coefficients for k in values[DRAW]])
        for pattern, slope in gradient.gradients.items():
            key = ("ratio", "chain+consumer", pattern)
            told = run(values)[key] - run.run(values)[key]
            linear = np.einsum("kij,ij->k", moved, slope.coefficients[:n, :n])
            assert told == pytest.approx(linear, abs=0.1 * np.abs(linear).max())
            assert np.corrcoef(told, linear)[0, 1] > 0.999
            rest.setdefault(pattern, []).append(float(np.abs(told - linear).mean()))
    for larger, smaller in rest.values():
        assert larger / smaller == pytest.approx(4.0, rel=0.3)


def test_errors_have_mean_one_and_the_size_asked_for(derivation: Derivation) -> None:
    run = made(derivation, 0.25)
    base = run.errors.coefficients
    drawn = np.array([run.errors.drawn(k) for k in range(200)])[:, base > 0] / base[base > 0]
    assert (drawn > 0).all()
    assert drawn.mean() == pytest.approx(1.0, abs=0.001)
    assert drawn.std() == pytest.approx(0.25, rel=0.01)
    assert (run.errors.drawn(1)[base == 0] == 0).all()


def test_errors_of_blocks_are_common_and_do_not_average_out(derivation: Derivation) -> None:
    run, groups = made(derivation, 0.25, by="block"), derivation.local.labels.groups
    base = run.errors.coefficients
    some = np.array([group == "I" for group in groups])
    block = np.ix_(some, some)
    factors = (run.errors.drawn(7)[block] / np.where(base[block] > 0, base[block], np.nan)).ravel()
    assert np.nanmax(factors) == pytest.approx(np.nanmin(factors), rel=1e-12)
    centre = np.repeat(priors(derivation.account).centre[None, :], 300, axis=0)
    values = priors(derivation.account).named(centre) | {DRAW: seeds(1, 0, 300)}
    key = ("ratio", "supply", "census2020")
    assert run(values)[key].std() > 1.5 * made(derivation, 0.25)(values)[key].std()


def test_workers_and_spans_change_nothing(derivation: Derivation) -> None:
    run, account = made(derivation, 0.1, by="block"), derivation.account
    alone = iom.uncertainty(run, account, draws=600, seed=SEED)
    steps: list[tuple[int, int]] = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        shared = iom.uncertainty(
            run, account, draws=600, seed=SEED, executor=pool,
            progress=lambda *step: steps.append(step),
        )  # fmt: skip
    assert np.array_equal(alone.values, shared.values)
    assert steps == [(512, 600), (600, 600)]
    fewer = iom.uncertainty(run, account, draws=530, seed=SEED)
    assert np.array_equal(fewer.values, alone.values[: fewer.accepted])


def test_columns_that_buy_more_than_they_make_are_refused(derivation: Derivation) -> None:
    run = made(derivation, 0.8, by="block")
    found = iom.uncertainty(run, derivation.account, draws=200, seed=SEED)
    drawn = [run.errors.drawn(int(k)).sum(axis=0).max() for k in seeds(SEED, 0, 200)]
    over = np.array(drawn) > 1.0
    assert found.rejected[RULE] == over.mean() > 0.05
    assert not found.kept[over].any()


def test_errors_by_sector_and_by_section(derivation: Derivation) -> None:
    labels = derivation.local.labels
    sections = sorted(set(labels.groups))
    blocks = pd.DataFrame(0.0, index=sections[::-1], columns=sections)
    blocks.loc["I", "R"] = 0.3
    cells = pd.DataFrame(0.0, index=labels.codes, columns=labels.codes)
    for i, supplier in enumerate(labels.groups):
        for j, user in enumerate(labels.groups):
            if (supplier, user) == ("I", "R"):
                cells.iloc[i, j] = 0.3
    one, other = made(derivation, blocks), made(derivation, cells)
    assert np.array_equal(one.errors.drawn(5), other.errors.drawn(5))
    changed = one.errors.drawn(5) != one.errors.coefficients
    rows, columns = np.nonzero(changed)
    assert {labels.groups[i] for i in rows} == {"I"}
    assert {labels.groups[j] for j in columns} == {"R"}


def test_bad_errors(derivation: Derivation) -> None:
    with pytest.raises(iom.SpecError, match="0 or more and below 1"):
        made(derivation, -0.1)
    with pytest.raises(iom.SpecError, match="by cell or by block"):
        made(derivation, 0.1, by="row")
    with pytest.raises(iom.LabelError, match="must be the 153 sectors"):
        made(derivation, pd.DataFrame([[0.1]], index=["A"], columns=["A"]))


def test_imports_and_coefficients_drawn_together(
    derivation: Derivation, china: iom.IOTable
) -> None:
    found = either(derivation.account, china, lambda a, b: erring(a, b, 0.1))
    assert isinstance(found, EitherErring)
    drawn = iom.uncertainty(found, found.account, draws=40, seed=SEED)
    chosen = drawn.inputs["import_method"].to_numpy()
    inputs = drawn.inputs.to_dict("series")
    values = {str(k): v.to_numpy() for k, v in inputs.items()}
    values[DRAW] = seeds(SEED, 0, 40)[drawn.kept]
    key = ("ratio", "all", POOLED)
    for method in plain.METHODS:
        one = erring(derivation.account, iom.domestic(china, method), 0.1)(values)[key]
        same = chosen == method
        assert drawn.of(*key).to_numpy()[same] == pytest.approx(one[same], rel=1e-12)


def test_spreads_say_what_was_drawn(derivation: Derivation, china: iom.IOTable) -> None:
    steps: list[int] = []
    found = spreads(
        derivation, draws=30, seed=1, coefficient_error=0.1, imports_of=china,
        progress=lambda done, total: steps.append(done),
    )  # fmt: skip
    assert steps == [30, 30, 30]
    assert record_of(found, None)["drawn_beside_inputs"] == list(found.beside)
    assert any("relative error 10.0%, each by itself" in line for line in lines(found, None))
    assert RULE in found.stated.rejected
