"""Fields of influence and propagation lengths: frames, order, refusals."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.kernels.propagation import reachable
from tests.unit.small import CODES, X, Z, built

A = (Z / X).to_numpy()
L = np.linalg.inv(np.eye(3) - A)


def model() -> iom.Leontief:
    return iom.leontief(built(final_demand=(X - Z.sum(axis=1)).to_frame("household")))


def test_influence_in_order_of_size() -> None:
    found = iom.influence(model())
    frame = found.to_frame()
    assert len(frame) == 9
    assert frame["influence"].is_monotonic_decreasing
    first = frame.iloc[0]
    assert first["influence"] == found.matrix.loc[first["supplier"], first["user"]]
    assert found.field("a", "s").to_numpy() == pytest.approx(np.outer(L[:, 0], L[2]))
    assert first["product"] == found.product_matrix.loc[first["supplier"], first["user"]]
    assert "first order" in found.title


def test_influence_of_a_closed_model_has_households() -> None:
    closed = iom.close_households(model(), total_income=400.0)
    assert iom.influence(closed).matrix.index.to_list() == [*CODES, "households"]


def test_influence_refuses_what_cannot_be() -> None:
    with pytest.raises(iom.LabelError, match="unknown"):
        iom.influence(model()).field("a", "q")
    with pytest.raises(iom.NotProductiveError, match="9 coefficients"):
        iom.influence(model(), change=1e3)
    with pytest.raises(ValueError, match="finite"):
        iom.influence(model(), change=np.nan)


def test_propagation_frames() -> None:
    found = iom.propagation(model())
    frame = found.to_frame()
    assert frame["strength"].is_monotonic_decreasing
    strong = frame.iloc[0]
    assert strong["length"] == found.matrix.loc[strong["supplier"], strong["user"]]
    ghosh = np.linalg.inv(np.eye(3) - Z.div(X, axis=0).to_numpy())
    assert found.strength.to_numpy() == pytest.approx((L + ghosh) / 2 - np.eye(3))
    means = found.by_sector()
    lengths = found.matrix
    assert means.loc["a", "forward"] == pytest.approx(lengths.loc["a", ["m", "s"]].mean())
    assert means.loc["a", "backward"] == pytest.approx(lengths.loc[["m", "s"], "a"].mean())


def test_pairs_without_a_path_have_no_length() -> None:
    """Two chains that never meet; rounding in the inverse must not connect them."""
    codes = list("abcd")
    flows = pd.DataFrame(0.0, codes, codes)
    flows.loc["a", "b"], flows.loc["b", "a"], flows.loc["c", "d"] = 3.0, 7.0, 1.0
    found = iom.propagation(iom.leontief(iom.table(flows, output=pd.Series(10.0, codes))))
    linked = np.argwhere(found.matrix.notna().to_numpy())
    assert {(codes[i], codes[j]) for i, j in linked} == {
        ("a", "a"), ("a", "b"), ("b", "a"), ("b", "b"), ("c", "d"),
    }  # fmt: skip
    assert len(found.to_frame()) == 5
    assert found.by_sector()["forward"].isna().tolist() == [False, False, False, True]


def test_reachable_by_powers() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        pattern = (rng.random((8, 8)) < 0.12).astype(float)
        paths, power = pattern > 0, pattern
        for _ in range(8):
            power = ((power @ pattern) > 0).astype(float)
            paths |= power > 0
        np.testing.assert_array_equal(reachable(pattern), paths)


def test_propagation_refuses_a_closed_model() -> None:
    with pytest.raises(iom.AccountingError, match="open"):
        iom.propagation(iom.close_households(model(), total_income=400.0))
