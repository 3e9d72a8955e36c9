"""Facts about a table with their steps, and accounts in other units."""

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

import iomodel as iom
from tests.unit.small import built


def jobs(**changes: Any) -> iom.Satellite:
    parts: dict[str, Any] = {
        "name": "employment",
        "rows": iom.Labels(codes=("old", "new")),
        "values": [[20.0, 30.0, 50.0], [10.0, 60.0, 0.0]],
        "unit": "persons",
        "year": 2025,
        "growth": [1.25, 1.0, 2.0],
        "basis": "heads",
    }
    return iom.Satellite(**{**parts, **changes})


OUTPUT = np.array([100.0, 300.0, 200.0])


def test_steps_are_added_and_the_former_facts_stay() -> None:
    first = iom.Meta(title="T", unit="EUR")
    second = first.after("domestic", "proportional", import_treatment="domestic")
    third = second.after("insert", "m, p")
    assert first.provenance == ()
    assert second.provenance == ("domestic(proportional)",)
    assert third.provenance == ("domestic(proportional)", "insert(m, p)")
    assert (first.import_treatment, third.import_treatment) == ("not stated", "domestic")
    assert (third.title, third.unit) == ("T", "EUR")
    with pytest.raises(FrozenInstanceError):
        setattr(first, "title", "other")  # noqa: B010 - an assignment that mypy would refuse


SIZES = {"10,000 CNY": 1e4, "million EUR": 1e6, "100 million CNY": 1e8, "bn RMB": 1e9, "EUR": 1.0}


@pytest.mark.parametrize("unit", SIZES)
def test_size_of_a_unit(unit: str) -> None:
    assert iom.Meta(unit=unit).unit_size == SIZES[unit]


@pytest.mark.parametrize("unit", ["wan yuan", "mn EUR", "m. EUR"])
def test_a_size_that_nobody_states_is_asked_for(unit: str) -> None:
    with pytest.raises(iom.AccountingError, match=unit):
        _ = iom.Meta(unit=unit).unit_size
    assert iom.Meta(unit=unit, unit_value=1e4).unit_size == 1e4


@pytest.mark.parametrize("unit", ["10 000 CNY", "1 000 000 EUR", "0 EUR"])
def test_a_size_is_never_zero(unit: str) -> None:
    try:
        size = iom.Meta(unit=unit).unit_size
    except iom.AccountingError:
        return
    assert size == float("".join(unit.split()[:-1]))
    assert size > 0


def test_intensity_in_the_year_of_the_table() -> None:
    got = jobs(year=2020, growth=None).intensity(OUTPUT, price_year=2020)
    assert got == pytest.approx(np.array([[0.2, 0.1, 0.25], [0.1, 0.2, 0.0]]))


def test_intensity_of_a_later_year_uses_growth() -> None:
    got = jobs().intensity(OUTPUT, price_year=2020)
    assert got == pytest.approx(np.array([[0.16, 0.1, 0.125], [0.08, 0.2, 0.0]]))


def test_growth_is_not_used_within_one_year() -> None:
    assert jobs().intensity(OUTPUT, price_year=2025)[0, 0] == pytest.approx(0.2)


def test_another_year_without_growth_is_refused() -> None:
    with pytest.raises(iom.AccountingError, match="employment") as caught:
        jobs(growth=None).intensity(OUTPUT, price_year=2020)
    assert "2025" in str(caught.value)
    assert "2020" in str(caught.value)


def test_years_that_nobody_states_do_not_differ() -> None:
    plain = jobs(year=None, growth=None)
    assert plain.intensity(OUTPUT, price_year=2020)[0, 0] == pytest.approx(0.2)
    assert jobs(growth=None).intensity(OUTPUT, price_year=None)[0, 0] == pytest.approx(0.2)


def test_growth_without_its_years_is_refused() -> None:
    with pytest.raises(iom.AccountingError, match="give `year`"):
        jobs(year=None)
    with pytest.raises(iom.AccountingError, match="price year"):
        jobs().intensity(OUTPUT, price_year=None)


def test_negative_jobs_are_refused() -> None:
    with pytest.raises(iom.AccountingError, match="negative jobs in 1 sectors"):
        jobs(values=[[1.0, -1.0, 1.0], [1.0, 1.0, 1.0]])


def test_levels_without_output_are_refused() -> None:
    with pytest.raises(iom.AccountingError, match="no output"):
        jobs().intensity(np.array([100.0, 0.0, 200.0]), price_year=2025)
    idle = jobs(values=[[1.0, 0.0, 1.0], [1.0, 0.0, 1.0]])
    assert idle.intensity(np.array([1.0, 0.0, 1.0]), price_year=2025)[0].tolist() == [1, 0, 1]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_and_growth_must_be_numbers(bad: float) -> None:
    with pytest.raises(iom.AccountingError, match="employment"):
        jobs(values=[[1.0, bad, 1.0], [1.0, 1.0, 1.0]])
    with pytest.raises(iom.AccountingError, match="growth"):
        jobs(growth=[1.0, bad, 1.0])


@pytest.mark.parametrize("bad", [0.0, -0.5])
def test_growth_is_above_zero(bad: float) -> None:
    with pytest.raises(iom.AccountingError, match="above zero"):
        jobs(growth=[1.0, bad, 1.0])


@pytest.mark.parametrize("growth", [[1.25, 1.0], [1.25], [[1.25, 1.0, 2.0]], 1.25])
def test_growth_has_one_factor_per_sector(growth: Any) -> None:
    with pytest.raises(iom.LabelError, match="growth"):
        jobs(growth=growth)


def test_rows_and_values_must_fit() -> None:
    with pytest.raises(iom.LabelError, match="2 rows"):
        jobs(values=[[1.0, 2.0, 3.0]])
    with pytest.raises(iom.LabelError, match="satellite"):
        built().with_satellite(jobs(values=[[1.0], [2.0]], growth=None))


def test_values_are_read_only_and_a_copy() -> None:
    source = np.ones((2, 3))
    account = jobs(values=source)
    source[:] = 7.0
    assert account.values.max() == 1.0
    with pytest.raises(ValueError, match="read-only"):
        account.values[0, 0] = 5.0
    assert account.growth is not None
    with pytest.raises(ValueError, match="read-only"):
        account.growth[0] = 5.0


def test_with_satellite_is_a_new_table_with_one_more_step() -> None:
    table = built()
    other = table.with_satellite(jobs(name="hours"))
    assert list(table.satellites) == ["employment"]
    assert list(other.satellites) == ["employment", "hours"]
    assert other.meta.provenance[-1] == "with_satellite(hours, persons)"


def test_an_absent_satellite_names_those_there_are() -> None:
    with pytest.raises(iom.LabelError, match="employment") as caught:
        built().satellite("hours")
    assert "hours" in str(caught.value)


def test_scaled() -> None:
    account = jobs().scaled(np.array([0.5, 1.0, 2.0]), unit="FTE", basis="fte")
    assert account.values[0].tolist() == [10.0, 30.0, 100.0]
    assert (account.unit, account.basis, account.year) == ("FTE", "fte", 2025)


def test_full_time_is_not_applied_twice() -> None:
    table = built().with_satellite(jobs())
    once = iom.full_time(table, farming=0.5)
    assert once.satellite("employment").basis == "fte"
    with pytest.raises(iom.AccountingError, match="fte"):
        iom.full_time(once)
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(iom.AccountingError, match="above 0"):
            iom.full_time(table, farming=wrong)


def stressors(**changes: Any) -> iom.Satellite:
    parts: dict[str, Any] = {
        "name": "emissions",
        "rows": iom.Labels(codes=("co2", "energy")),
        "values": [[1.0, 2.0, 3.0], [0.5, 0.0, 4.0]],
        "units": ("kg", "TJ"),
        "final": [[7.0, 0.0], [8.0, 1.0]],
    }
    return iom.Satellite(**{**parts, **changes})


def test_rows_have_units_of_their_own() -> None:
    account = stressors()
    assert (account.unit, account.units, account.unit_text) == ("", ("kg", "TJ"), "kg, TJ")
    assert "kg, TJ" in repr(account)
    one = stressors(units=("kg", "kg"))
    assert (one.unit, one.units, one.unit_text) == ("kg", (), "kg")
    codes = tuple(f"r{k}" for k in range(9))
    many = stressors(
        rows=iom.Labels(codes=codes), values=np.ones((9, 3)), units=codes, final=np.ones((9, 2))
    )
    assert many.unit_text == "r0, r1, r2, r3, 5 other units"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"units": ("kg",)}, "1 units for 2 rows"),
        ({"unit": "kg"}, r"its unit is 'kg', but rows have \['TJ'\]"),
        ({"final": [[7.0, 0.0]]}, r"2 rows but final demand of shape \(1, 2\)"),
        ({"final": [7.0, 0.0]}, r"2 rows but final demand of shape \(2,\)"),
    ],
)
def test_units_and_levels_of_final_demand_fit_the_rows(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(iom.LabelError, match=said):
        stressors(**changes)


def test_levels_of_final_demand_are_numbers_and_read_only() -> None:
    final = stressors().final
    assert final is not None
    with pytest.raises(ValueError, match="read-only"):
        final[0, 0] = 1.0
    with pytest.raises(iom.AccountingError, match="1 levels of final demand are not numbers"):
        stressors(final=[[np.nan, 0.0], [8.0, 1.0]])


def test_levels_of_final_demand_have_no_factor() -> None:
    with pytest.raises(iom.AccountingError, match="final demand has levels of its own"):
        stressors().scaled(np.ones(3))
    scaled = stressors(final=None).scaled(np.array([2.0, 1.0, 1.0]))
    assert (scaled.values[0, 0], scaled.units) == (2.0, ("kg", "TJ"))
    assert stressors(final=None).scaled(np.ones(3), unit="t").units == ()


def test_levels_of_final_demand_fit_the_table() -> None:
    table = built(satellites={"emissions": stressors()})
    assert "emissions (co2, energy, kg, TJ)" in str(table.describe()["satellites"])
    with pytest.raises(iom.LabelError, match="satellite emissions, final demand: 2 labels, 3 fig"):
        built(satellites={"emissions": stressors(final=np.ones((2, 3)))})
