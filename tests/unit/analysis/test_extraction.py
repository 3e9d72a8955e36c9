"""Extraction of groups and regions, its accounts, and bad groups."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, JOBS, X, Z, built, in_two_regions


def model(**changes: Any) -> iom.Leontief:
    return iom.leontief(built(final_demand=(X - Z.sum(axis=1)).to_frame("household"), **changes))


def test_parts_and_accounts() -> None:
    found = iom.extraction(model())
    frame = found.to_frame()
    assert frame["own"].to_list() == pytest.approx(X.to_list())
    assert (frame["own"] + frame["elsewhere"]).to_list() == pytest.approx(frame["loss"].to_list())
    assert found.by_sector().sum().to_list() == pytest.approx(frame["loss"].to_list())
    jobs = (JOBS / X).to_numpy() @ found.losses
    assert frame["loss_of_employment_old"].to_numpy() == pytest.approx(jobs[0])
    assert frame["loss_of_employment_new"].to_numpy() == pytest.approx(jobs[1])
    assert frame["per_output"].to_numpy() == pytest.approx((frame["loss"] / X).to_numpy())
    assert found.summary(1)["loss"].iloc[0] == frame["loss"].max()


def test_accounts_asked_for() -> None:
    frame = iom.extraction(model(), of=["compensation"]).to_frame()
    assert [c for c in frame if str(c).startswith("loss_of")] == ["loss_of_compensation"]
    with pytest.raises(iom.LabelError, match="no account"):
        iom.extraction(model(), of=["rent"])


def test_regions_lose_their_trade() -> None:
    flows, demand = in_two_regions()
    regions = iom.leontief(iom.table(flows, final_demand=demand))
    found = iom.extraction(regions, kind="isolated", groups="region")
    assert found.groups.codes == ("N", "S")
    a = regions.A.to_numpy()
    alone = np.linalg.solve(np.eye(2) - a[:2, :2], demand["household"].to_numpy()[:2])
    x = regions.table.output.to_numpy()
    assert found.by_sector()["N"].to_numpy()[:2] == pytest.approx(x[:2] - alone)
    np.testing.assert_allclose(found.losses[:, 0], found.losses[:, 1])  # two cut from each other
    pair = iom.extraction(regions, groups={"north": [("N", "a"), ("N", "m")]})
    assert pair.own[0] == pytest.approx(x[:2].sum())


def test_sections() -> None:
    found = iom.extraction(model(sections=["goods", "goods", "services"]), groups="section")
    assert found.groups.codes == ("goods", "services")
    assert found.own.tolist() == pytest.approx([400.0, 200.0])


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"x": ["q"]}, "unknown"),
        ({"x": ["a", "a"]}, "more than once"),
        ({"x": []}, "no sector"),
        ({}, "none is given"),
        ("region", "no region"),
        ("letters", "not known"),
    ],
)
def test_bad_groups(groups: Any, words: str) -> None:
    with pytest.raises(iom.LabelError, match=words):
        iom.extraction(model(), groups=groups)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="complete"):
        iom.extraction(model(), kind="total")  # type: ignore[arg-type]
    with pytest.raises(iom.AccountingError, match="open"):
        iom.extraction(iom.close_households(model(), total_income=400.0))


def test_groups_may_share_sectors() -> None:
    found = iom.extraction(model(), groups={"one": ["a", "m"], "two": ["m", "s"]})
    assert found.own.tolist() == pytest.approx([400.0, 500.0])


def test_result_that_does_not_add_up_is_refused() -> None:
    found = iom.extraction(model())
    parts = {name: getattr(found, name) for name in found.__dataclass_fields__}
    with pytest.raises(iom.IdentityError, match="lost"):
        iom.Extraction(**{**parts, "total": found.total * 1.01})
    assert found.labels.codes == tuple(CODES)
    assert isinstance(found.to_frame(), pd.DataFrame)
