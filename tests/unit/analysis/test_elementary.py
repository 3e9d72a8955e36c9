"""Elementary paths: minors against determinants, and influences that add up."""

from itertools import pairwise, permutations

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.analysis.elementary import elementary_paths
from iomodel.kernels.paths import elementary, path_multiplier
from tests.unit.small import Z, built

ACCOUNTS = ["farms", "shops", "labour", "households", "others"]
FLOWS = [
    [10, 20, 0, 40, 30],
    [30, 10, 0, 80, 30],
    [40, 60, 0, 0, 0],
    [0, 0, 100, 0, 50],
    [20, 60, 0, 30, 0],
]


def small_sam() -> iom.SAM:
    frame = pd.DataFrame(FLOWS, ACCOUNTS, ACCOUNTS)
    return iom.sam(frame, endogenous=ACCOUNTS[:-1])


def random(seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    rng = np.random.default_rng(seed)
    a = rng.random((5, 5)) * (rng.random((5, 5)) < 0.6)
    return a * 0.18


@pytest.mark.parametrize("seed", range(8))
def test_all_elementary_paths_are_found_in_order(seed: int) -> None:
    a = random(seed)
    right = {}
    for length in range(4):
        for middle in permutations([1, 2, 3], length):
            path = (0, *middle, 4)
            value = np.prod([a[j, i] for i, j in pairwise(path)])
            if value:
                right[path] = value
    found = list(elementary(a, 0, 4))
    assert dict(found) == {path: pytest.approx(value) for path, value in right.items()}
    sizes = [value for _, value in found]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("seed", range(8))
def test_total_influences_are_the_global_one(seed: int) -> None:
    a = random(seed)
    inverse = np.asarray(np.linalg.inv(np.eye(5) - a), dtype=np.float64)
    for origin, destination in ((0, 4), (3, 1), (2, 2)):
        found = elementary(a, origin, destination)
        total = np.sum([value * path_multiplier(inverse, path) for path, value in found])
        assert total == pytest.approx(inverse[destination, origin], abs=1e-14)


def test_path_multiplier_is_a_ratio_of_determinants() -> None:
    a = random(3)
    whole = np.eye(5) - a
    inverse = np.asarray(np.linalg.inv(whole), dtype=np.float64)
    for path in ((0, 4), (1, 3, 2), (2,)):
        left = [k for k in range(5) if k not in path]
        minor = np.linalg.det(whole[np.ix_(left, left)])
        assert path_multiplier(inverse, path) == pytest.approx(minor / np.linalg.det(whole))


def test_influence_in_a_social_accounting_matrix() -> None:
    model = small_sam()
    found = elementary_paths(model, "farms", "households")
    assert found.complete
    assert set(found.to_frame()["path"]) == {
        "farms ← labour ← households",
        "farms ← shops ← labour ← households",
    }
    assert found.influence == pytest.approx(1.101, abs=5e-4)
    assert found.to_frame()["share"].sum() == pytest.approx(1.0)
    assert found.rest == pytest.approx(0.0, abs=1e-12)
    first = elementary_paths(model, "farms", "households", top=1)
    assert not first.complete and first.rest > 0
    assert "Largest" in repr(first) and "All" in repr(found)


def test_an_account_and_itself_and_none() -> None:
    model = iom.leontief(built())
    same = elementary_paths(model, "a", "a")
    assert same.total == pytest.approx([model.L["a"].to_numpy()[0]])
    flows = Z.copy()
    flows.loc["s", ["a", "m"]] = 0.0
    apart = elementary_paths(iom.leontief(iom.table(flows, output=built().output)), "a", "s")
    assert apart.complete and not len(apart.to_frame()) and apart.influence == 0.0
    assert "none of the global influence" in repr(apart)


def test_refusals() -> None:
    model = iom.leontief(built())
    with pytest.raises(iom.LabelError):
        elementary_paths(model, "a", "z")
    with pytest.raises(iom.AccountingError, match="top is 0"):
        elementary_paths(model, "a", "m", top=0)
