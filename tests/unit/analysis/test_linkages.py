"""Linkages of three sectors against plain formulas; classes and refusals."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, X, Z, built

A = (Z / X).to_numpy()
L = np.linalg.inv(np.eye(3) - A)
G = np.linalg.inv(np.eye(3) - Z.div(X, axis=0).to_numpy())


def model() -> iom.Leontief:
    return iom.leontief(built(final_demand=(X - Z.sum(axis=1)).to_frame("household")))


def test_columns() -> None:
    frame = iom.linkages(model()).to_frame()
    assert frame.index.to_list() == CODES
    assert frame["direct_backward"].to_numpy() == pytest.approx(A.sum(axis=0))
    assert frame["direct_forward"].to_numpy() == pytest.approx((Z.sum(axis=1) / X).to_numpy())
    assert frame["total_backward"].to_numpy() == pytest.approx(L.sum(axis=0))
    assert frame["total_forward"].to_numpy() == pytest.approx(G.sum(axis=1))
    assert frame["total_forward_leontief"].to_numpy() == pytest.approx(L.sum(axis=1))
    assert frame["power_of_dispersion"].to_numpy() == pytest.approx(3 * L.sum(axis=0) / L.sum())
    spread = pd.DataFrame(L)
    assert frame["cv_backward"].to_numpy() == pytest.approx(
        (spread.std() / spread.mean()).to_numpy()
    )
    spread = spread.T
    assert frame["cv_forward"].to_numpy() == pytest.approx(
        (spread.std() / spread.mean()).to_numpy()
    )
    assert frame["pure_total"].to_numpy() == pytest.approx(
        (frame["pure_backward"] + frame["pure_forward"]).to_numpy()
    )


def test_class_follows_the_forward_linkage_that_was_named() -> None:
    by_ghosh, by_leontief = (iom.linkages(model(), forward=f) for f in ("ghosh", "leontief"))
    for found, ahead in (
        (by_ghosh, by_ghosh.normalised_forward),
        (by_leontief, by_leontief.sensitivity_of_dispersion),
    ):
        names = {(True, True): "key", (True, False): "backward", (False, True): "forward"}
        pairs = zip(found.power_of_dispersion > 1, ahead > 1, strict=True)
        assert found.classes == tuple(names.get((bool(b), bool(f)), "weak") for b, f in pairs)
    assert by_ghosh.classes != by_leontief.classes
    assert "row sums of G" in by_ghosh.title
    assert "row sums of L" in by_leontief.title


def test_equal_sectors_are_all_weak() -> None:
    codes = [f"s{i}" for i in range(7)]
    made = iom.table(pd.DataFrame(1 / 3, codes, codes), output=pd.Series(10 / 3, codes))
    assert set(iom.linkages(iom.leontief(made)).classes) == {"weak"}


def test_refusals() -> None:
    closed = iom.close_households(model(), total_income=400.0)
    with pytest.raises(iom.AccountingError, match=r"model\.open"):
        iom.linkages(closed)
    assert iom.linkages(closed.open).labels.codes == tuple(CODES)
    with pytest.raises(ValueError, match="ghosh"):
        iom.linkages(model(), forward="B")  # type: ignore[arg-type]


def test_competitive_table_taken_as_domestic_is_technical() -> None:
    made = built(
        final_demand=(X - Z.sum(axis=1) + 5.0).to_frame("household").assign(exports=0.0),
        imports=pd.Series(5.0, CODES),
    )
    found = iom.linkages(iom.leontief(made, imports="as_domestic"))
    assert found.total_backward == pytest.approx(L.sum(axis=0))
    assert (
        iom.linkages(iom.leontief(iom.domestic(made))).total_backward < found.total_backward
    ).all()


def test_result_that_does_not_add_up_is_refused() -> None:
    found = iom.linkages(model())
    parts = {name: getattr(found, name) for name in found.__dataclass_fields__}
    with pytest.raises(iom.IdentityError, match="output"):
        iom.Linkages(**{**parts, "activity": np.array([1.0, 1.0, 1.1])})
