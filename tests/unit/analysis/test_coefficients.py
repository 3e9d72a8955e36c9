"""Elasticities of the ratio against a table whose coefficient was really changed."""

import numpy as np
import pytest

import iomodel as iom
from iomodel.analysis.coefficients import important_coefficients


@pytest.fixture(scope="module")
def closed() -> iom.ClosedLeontief:
    china = iom.read(iom.example("china-2020"))
    result = iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)
    return iom.close_households(iom.leontief(result.table), propensity=result.account.respending)


@pytest.mark.parametrize("household", [False, True])
def test_elasticities_are_those_of_a_changed_coefficient(
    closed: iom.ClosedLeontief, household: bool
) -> None:
    model = closed if household else closed.open
    found = important_coefficients(model, direct="m")
    frame = found.to_frame()
    assert found.residual < 1e-9
    a = np.array(model.coefficients)
    size, n = len(a), len(model.table)
    satellite = model.table.satellite("employment")
    jobs = satellite.intensity(model.table.flows.output, price_year=2020)[1]
    e = np.pad(jobs, (0, size - n)) * satellite.unit_value
    m = model.table.labels.codes.index("m")

    def ratio(matrix: np.ndarray) -> float:
        people = e * np.linalg.solve(np.eye(size) - matrix, found.demand)
        return float(people.sum() / people[m] - 1.0)

    expected = iom.channels(model, direct="m").ratio["academic2018"]
    assert ratio(a) == pytest.approx(expected, rel=1e-10)
    told = found.elasticities("academic2018").to_numpy()
    for i, j in [np.unravel_index(k, a.shape) for k in np.abs(told).ravel().argsort()[-5:]]:
        up, down = a.copy(), a.copy()
        up[i, j] *= 1 + 1e-5
        down[i, j] *= 1 - 1e-5
        slope = (ratio(up) - ratio(down)) / (2e-5 * ratio(a))
        assert told[i, j] == pytest.approx(slope, rel=1e-6)
    first = frame.iloc[0]
    assert first["mean"] == frame["mean"].abs().max()
    assert "64123" in str(first["supplier"])


def test_without_inserted_sectors_there_is_no_ratio() -> None:
    china = iom.domestic(iom.read(iom.example("china-2020")))
    with pytest.raises(iom.AccountingError, match="no inserted sectors"):
        important_coefficients(iom.leontief(china), direct="m")


def test_a_boundary_that_is_not_inserted(closed: iom.ClosedLeontief) -> None:
    with pytest.raises(iom.LabelError, match="inserted are m, p"):
        important_coefficients(closed, direct="q")
