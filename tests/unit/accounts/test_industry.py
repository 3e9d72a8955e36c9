"""Values of an account change in the units of the workbook, and in no other."""

import pytest

import iomodel as iom


@pytest.fixture(scope="module")
def drama() -> iom.IndustryAccount:
    return iom.read_sectors(iom.example("micro-drama-2025"))


def test_a_value_in_the_base_unit_is_refused(drama: iom.IndustryAccount) -> None:
    for key in ("gmv", "cost_per_title", "revenue", "tourism"):
        assert drama.value(key) > 100 * drama.values[key]
        with pytest.raises(iom.SpecError, match=f"{key}: .* the unit here is .*RMB.* as in values"):
            drama.at(**{key: 2 * drama.value(key)})


def test_values_of_the_workbook_may_leave_their_range(drama: iom.IndustryAccount) -> None:
    assert drama.at(gmv=10 * drama.values["gmv"]).values["gmv"] == 10 * drama.values["gmv"]
    assert drama.at(titles=1e6 * drama.values["titles"]).value("titles") > 1e9
    assert drama.at(gmv=0).value("gmv") == 0


def test_all_problems_are_said_at_once(drama: iom.IndustryAccount) -> None:
    with pytest.raises(iom.SpecError) as caught:
        drama.at(gmv=drama.value("gmv"), mpc=1.2, gnv=3, tourism=-1)
    for words in ("not the base unit", "share above 1", "unknown id 'gnv'", "zero or above"):
        assert words in str(caught.value)
