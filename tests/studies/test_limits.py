"""Limits that the derivation of the flagship must reach (METHOD, section 14), and separation."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openpyxl
import pandas as pd
import pytest

import iomodel as iom
from iomodel.accounts.imports import DomesticShares
from iomodel.analysis.channels import Spending

Array = npt.NDArray[np.float64]

PATTERNS = ("census2020", "academic2018", "economic2023")
RUNS: Mapping[str, tuple[bool, Spending]] = {
    "chain": (False, "none"),
    "chain+consumer": (False, "additional"),
    "chain+consumer-gross": (False, "attributed"),
    "chain+households": (True, "none"),
    "all": (True, "additional"),
}
SCOPES = ("supply", *RUNS)
OPEN = SCOPES[:4]
NO_CONSUMERS = {"gmv": 0.0, "tourism": 0.0}
EXACT = 1e-10


@cache
def base() -> iom.IOTable:
    table: iom.IOTable = iom.read(iom.example("china-2020"))
    return table


@cache
def local() -> iom.IOTable:
    return iom.domestic(base())


@cache
def drama() -> iom.IndustryAccount:
    return iom.read_sectors(iom.example("micro-drama-2025"), base=base())


@cache
def central() -> iom.Derivation:
    return iom.derive(drama(), base())


def at(**values: float) -> iom.Derivation:
    return iom.derive(drama().at(**values), base())


def near(found: object, expected: object, scale: float | None = None) -> None:
    left, right = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    size = np.abs(right).max(initial=0) if scale is None else scale
    np.testing.assert_allclose(left, right, rtol=EXACT, atol=EXACT * size)


def channels_by_scope(
    table: iom.IOTable, account: iom.IndustryAccount | None = None
) -> dict[str, iom.Channels]:
    """Derive with the verbs themselves, so that the table of domestic flows can be another one."""
    account = account or drama()
    labour = iom.full_time(
        table,
        farming=account.value("fte_agriculture"),
        productivity=account.value("productivity_drift"),
    )
    model = iom.leontief(iom.insert(labour, account))
    closed = iom.close_households(model, propensity=account.respending)
    return {
        scope: iom.channels(closed if induced else model, direct=["m"], spending=spending)
        for scope, (induced, spending) in RUNS.items()
    }


def imported(table: iom.IOTable, *, products: bool, consumption: bool) -> iom.IOTable:
    """Let imports take what sectors, consumers or both buy; the products made go abroad instead."""
    flows, finals = table.flows, table.final_labels
    z, f = np.array(flows.intermediate), np.array(flows.final_demand)
    v, outer = np.array(flows.primary_inputs), np.array(flows.final_primary)
    row = int(table.primary_labels.in_group("imports")[0])
    freed = np.zeros(len(table))
    if products:
        freed, v[row], z = freed + z.sum(axis=1), v[row] + z.sum(axis=0), np.zeros_like(z)
    if consumption:
        homes = finals.in_group("household")
        freed = freed + f[:, homes].sum(axis=1)
        outer[row, homes] += f[:, homes].sum(axis=0)
        f[:, homes] = 0.0
    f[:, finals.in_group("exports")[0]] += freed
    old = table.domestic_shares
    assert old is not None
    none = np.zeros(len(table))
    changed = table.replace(
        flows=replace(flows, intermediate=z, final_demand=f, primary_inputs=v, final_primary=outer),
        domestic_shares=DomesticShares(
            method="none of it at home",
            intermediate=none if products else old.intermediate,
            consumption=none if consumption and products else old.consumption,
        ),
    )
    near(changed.flows.row_residual, table.flows.row_residual, scale=float(table.output.max()))
    near(changed.flows.column_residual, table.flows.column_residual, float(table.output.max()))
    return changed


def staff(account: iom.IndustryAccount | None = None) -> float:
    """Jobs of the platform, e_p x_p."""
    return (account or drama()).sectors[1].levels["employment"]


def test_verbs_give_what_derive_gives() -> None:
    """The helper that takes other tables is the derivation itself where the table is the same."""
    for scope, run in channels_by_scope(local()).items():
        near(run.ratio, central().central[scope])


def test_l1_nothing_bought_nothing_caused() -> None:
    """L1: an industry that buys nothing, sells nothing on and whose pay is saved causes no jobs."""
    costs = {key: 0.0 for key in drama().values if key.startswith("m_") and key != "m_labour"}
    assert len(costs) >= 10
    sales = dict.fromkeys(("revenue", "paid_revenue", "gmv", "tourism"), 0.0)
    found = at(**costs, **sales, mpc=0.0)
    assert (found.central == 0.0).all(axis=None)
    assert (found.destinations == 0.0).all(axis=None)
    near(found.levels["direct"], drama().workdays / drama().value("days_per_fte"))
    near(found.levels["total, all"], found.levels["direct"])
    spent = at(**costs, **sales)
    assert (spent.central["chain"] == 0.0).all()
    assert (spent.central["all"] > 0.1).all()


def test_l2_nothing_respent_is_type_one() -> None:
    """L2: without re-spending the closed model is the open one; with it, never below it."""
    found, usual = at(mpc=0.0).central, central().central
    near(found["chain+households"], usual["chain"])
    near(found["all"], usual["chain+consumer"])
    near(found[list(OPEN)], usual[list(OPEN)])
    assert (usual["chain+households"] > usual["chain"]).all()
    assert (usual["all"] > usual["chain+consumer"]).all()
    more = at(mpc=1.0).central
    assert (more["all"] > usual["all"]).all()
    near(more[list(OPEN)], usual[list(OPEN)])


def test_l3_no_consumer_end() -> None:
    """L3: without e-commerce and tourism the scopes with them equal those without."""
    found = at(**NO_CONSUMERS).central
    near(found["chain+consumer"], found["chain"])
    near(found["chain+consumer-gross"], found["chain"])
    near(found["all"], found["chain+households"])
    usual = central().central
    near(found["chain"], usual["chain"])
    assert (usual["chain"] < usual["chain+consumer"]).all()
    assert (usual["chain+consumer"] < usual["chain+consumer-gross"]).all()


def test_l4_everything_imported_leaves_platform_staff() -> None:
    """L4: if no product is bought at home, only the platform's own staff is left, and a = 0."""
    runs = channels_by_scope(imported(local(), products=True, consumption=True))
    for scope, run in runs.items():
        near(run.total - run.direct, np.full(3, staff()))
        by = run.by_channel()
        near(by.pop("platform_staff"), np.full(3, staff()))
        assert (by == 0.0).all(axis=None), scope
    table = iom.insert(iom.full_time(imported(local(), products=True, consumption=True)), drama())
    n = len(base())
    assert not table.flows.intermediate[:n].any()
    assert table.flows.intermediate[n:].any()


def test_l5_without_purchases_the_platform_adds_its_staff_only() -> None:
    """L5: without traffic and platform inputs, p adds its staff in b, c and g, nothing else."""
    found = at(traffic_share=0.0, p_cloud=0.0, p_payment=0.0, p_services=0.0)
    usual = central()
    own = staff() / usual.levels["direct"]
    near(found.central["supply"], usual.central["supply"])
    near(found.central["chain"], found.central["supply"] + own)
    for scope in ("chain+consumer", "chain+consumer-gross"):
        added = usual.central[scope] - usual.central["chain"]
        near(found.central[scope], found.central["supply"] + own + added)
    assert (found.by_channel[["traffic_ads", "platform_inputs"]] == 0.0).all(axis=None)
    assert (usual.by_channel[["traffic_ads", "platform_inputs"]] > 0.01).all(axis=None)


def test_l6_half_the_work_days_double_the_ratio() -> None:
    """L6: half the work-days at the same cost double M, while total jobs fall by half of D."""
    half = at(workdays_per_title=drama().values["workdays_per_title"] / 2)
    usual = central()
    near(half.central, 2 * usual.central)
    near(half.levels["direct"], usual.levels["direct"] / 2)
    for scope in RUNS:
        near(half.levels[f"indirect, {scope}"], usual.levels[f"indirect, {scope}"])
        fall = usual.levels[f"total, {scope}"] - half.levels[f"total, {scope}"]
        near(fall, usual.levels["direct"] / 2)


@pytest.mark.parametrize("factor", [0.1, 3.0])
def test_l6_ratio_does_not_depend_on_the_size_of_the_industry(factor: float) -> None:
    """M is of degree zero: everything larger by one factor leaves it; levels grow with it."""
    sizes = ("titles", "revenue", "paid_revenue", "gmv", "tourism")
    found = at(**{key: drama().values[key] * factor for key in sizes})
    near(found.central, central().central)
    per = [name for name in found.levels if " per RMB million" in str(name)]
    assert len(per) == 6
    near(found.levels.drop(columns=per), factor * central().levels.drop(columns=per))
    near(found.levels[per], central().levels[per])


@pytest.mark.parametrize("factor", [0.5, 1.25])
def test_ratio_does_not_depend_on_the_unit_of_labour(factor: float) -> None:
    """M is of degree zero in e: every labour coefficient, m and p included, times one factor."""
    account, values = drama(), drama().values
    found = at(
        workdays_per_title=values["workdays_per_title"] * factor,
        p_wage=values["p_wage"] / factor,
        productivity_drift=account.value("productivity_drift") / factor,
    )
    near(found.central, central().central)
    near(found.levels, factor * central().levels)


@pytest.mark.parametrize("days", [200, 250, 300])
def test_l7_ratio_per_work_day_is_the_ratio_per_job_year(days: float) -> None:
    """L7: counted in work-days, both sides take the same days per job-year, whatever they are."""
    account = drama()
    usual = channels_by_scope(local())
    years = iom.full_time(local(), farming=account.value("fte_agriculture"))
    jobs = years.satellite("employment")
    unit = jobs.scaled(np.full(len(years), days), unit="10,000 work-days", basis="work-days")
    sectors = [
        replace(s, basis="work-days", levels={"employment": s.levels["employment"] * days})
        for s in account.sectors
    ]
    with pytest.raises(iom.AccountingError, match="bases are mixed"):
        iom.insert(years.with_satellite(unit), account)
    model = iom.leontief(iom.insert(years.with_satellite(unit), sectors, demand=account.demand))
    closed = iom.close_households(model, propensity=account.respending)
    for scope, (induced, spending) in RUNS.items():
        run = iom.channels(closed if induced else model, direct=["m"], spending=spending)
        assert run.basis == "work-days"
        near(run.ratio, usual[scope].ratio)
        near(run.direct, days * usual[scope].direct)
        near(run.total - run.direct, days * (usual[scope].total - usual[scope].direct))
    if days == account.value("days_per_fte"):
        near(run.direct, account.workdays)


@pytest.mark.parametrize("days", [200, 300])
def test_l7_another_length_of_the_job_year(days: float) -> None:
    """L7: direct work-days stay as counted; M moves only as the direct job-years do."""
    found, usual = at(days_per_fte=days), central()
    near(found.levels["direct"] * days, drama().workdays)
    for scope in RUNS:
        near(found.levels[f"indirect, {scope}"], usual.levels[f"indirect, {scope}"])
    near(found.central / days, usual.central / drama().value("days_per_fte"))


def test_l8_platform_staff_counted_as_direct() -> None:
    """L8: with m and p direct, platform staff moves from above the line to below it."""
    found = central()
    direct, own = found.levels["direct"], staff()
    assert "supply" not in found.wide
    assert list(found.wide) == list(RUNS)
    for scope in RUNS:
        expected = (found.levels[f"indirect, {scope}"] - own) / (direct + own)
        near(found.wide[scope], expected)
        assert (found.wide[scope] < found.central[scope]).all()


def test_l9_imported_consumption_induces_nothing() -> None:
    """L9: if households buy only imports, their re-spending makes no jobs at home."""
    runs = channels_by_scope(imported(local(), products=False, consumption=True))
    usual = central().central
    for scope in ("chain", "chain+consumer", "chain+consumer-gross"):
        near(runs[scope].ratio, usual[scope])
    near(runs["chain+households"].ratio, usual["chain"])
    near(runs["all"].ratio, usual["chain+consumer"])
    for scope in ("chain+households", "all"):
        assert (runs[scope].by_channel()["induced"] == 0.0).all()
    assert (central().by_channel["induced_core"] > 0.1).all()


def bought(account: iom.IndustryAccount, table: iom.IOTable, spending: Spending) -> pd.Series:
    """Domestic purchases of m, p and consumers by base sector, from the account alone."""
    shares = table.domestic_shares
    assert shares is not None
    index = table.output.index
    total = pd.Series(0.0, index)
    for sector in account.sectors:
        for item in sector.bought:
            total[item.sector] += item.share * sector.output
    total *= shares.intermediate
    for part in account.demand:
        share = {"none": 0.0, "additional": part.additional, "attributed": 1.0}[spending]
        amounts = pd.Series(part.amounts).reindex(index, fill_value=0.0)
        total += share * amounts * shares.consumption
    return total / table.meta.unit_size


@pytest.mark.parametrize("method", ["proportional", "official"])
def test_l10_inclusion_equals_the_final_demand_approach(method: Any) -> None:
    """L10: while no base sector buys from m or p, what they buy can as well be final demand."""
    found = iom.derive(drama(), base(), domestic=method)
    n = len(base())
    assert not found.table.flows.intermediate[n:, :n].any()
    alone = iom.full_time(
        iom.domestic(base(), method=method),
        farming=drama().value("fte_agriculture"),
        productivity=drama().value("productivity_drift"),
    )
    model, labour = iom.leontief(alone), alone.satellite("employment")
    effect = iom.multipliers(model, of="employment").effect * labour.unit_value
    direct = drama().direct.levels["employment"]
    for scope in ("chain", "chain+consumer", "chain+consumer-gross"):
        purchases = bought(drama(), alone, RUNS[scope][1])
        near(found.central[scope], (effect @ purchases + staff()) / direct)
        output = model.solve(purchases)
        near(np.dot(effect, purchases), labour.unit_value * intensities(alone) @ output)


def intensities(table: iom.IOTable) -> Array:
    labour = table.satellite("employment")
    return labour.intensity(table.flows.output, price_year=table.meta.price_year)


def test_t2_t12_channels_of_the_flagship_add_up() -> None:
    """T2 and T12: channels, destinations and folded channels give the same indirect jobs."""
    for scope, run in central().detail.items():
        indirect = run.total - run.direct
        for frame in (run.by_channel(), run.by_destination(), run.folded()):
            near(frame.sum(axis=1), indirect)
        near(run.total, run.direct * (1 + run.ratio))
        near(run.ratio, central().central[scope])
    near(central().by_channel.sum(axis=1), central().central["all"])
    near(central().destinations.sum(axis=1), central().central["all"])


# --- separation ----------------------------------------------------------------------------------

STUDY = iom.example("micro-drama-2025")
FORWARD_SHEETS = {"about", "inputs", "equations", "sectors", "channels", "purchases"}
FORWARD_SHEETS |= {"evidence", "screens"}


def mentions(cell: object, figure: float) -> bool:
    """Tell whether a cell is a figure, or a text with it; 1.950 and 1.95 are the same."""
    if isinstance(cell, int | float):
        return abs(cell - figure) < 1e-9
    numbers = re.findall(r"(?<![\d.])\d+(?:\.\d+)?", str(cell))
    return any(abs(float(number) - figure) < 1e-9 for number in numbers)


def published_ratio() -> float:
    figure = next(item for item in iom.read_published(STUDY) if item.id == "ratio")
    assert figure.central is not None
    return float(figure.central)


def holding(path: Path, figure: float) -> dict[str, list[str]]:
    """Cells of each sheet that hold a figure."""
    book = openpyxl.load_workbook(path, read_only=False)
    return {
        sheet.title: [
            cell.coordinate
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None and mentions(cell.value, figure)
        ]
        for sheet in book
    }


def test_s1_no_input_holds_the_published_ratio(tmp_path: Path) -> None:
    """S1: the published ratio stands on the sheet `published` and nowhere else."""
    places = holding(STUDY, published_ratio())
    assert set(places) >= FORWARD_SHEETS
    assert places.pop("published")
    assert not {sheet: cells for sheet, cells in places.items() if cells}
    book = openpyxl.load_workbook(STUDY)
    book["inputs"]["K9"] = f"so that the ratio is {published_ratio():.3f}"
    book.save(tmp_path / "leak.xlsx")
    assert holding(tmp_path / "leak.xlsx", published_ratio())["inputs"] == ["K9"]


def test_s1_no_forward_code_holds_the_published_ratio() -> None:
    """S1: no module of the package has the ratio in it, as a number or in a text."""
    package = Path(iom.__file__).parent
    modules = [path for path in package.rglob("*.py") if path.name != "published.py"]
    assert len(modules) > 30
    figure = re.compile(rf"(?<![\d.]){re.escape(f'{published_ratio():g}')}0*(?![\d])")
    found = [path.name for path in modules if figure.search(path.read_text(encoding="utf-8"))]
    assert not found
    assert figure.search("target = 1.950") and not figure.search("11.95 1.957")


@pytest.mark.parametrize("change", ["absent", "other"])
def test_s1_assumptions_do_not_depend_on_published_figures(change: str, tmp_path: Path) -> None:
    """S1: the account is the same where the sheet `published` says other things, or is absent."""
    book = openpyxl.load_workbook(STUDY)
    if change == "absent":
        del book["published"]
    else:
        sheet = book["published"]
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, int | float):
                    cell.value = cell.value * 7
    path = tmp_path / "micro_drama_2025.xlsx"
    book.save(path)
    other = iom.read_sectors(path, base=base())
    assert dict(other.values) == dict(drama().values)
    assert dict(other.assumptions) == dict(drama().assumptions)
    assert (other.map, dict(other.screens)) == (drama().map, dict(drama().screens))
    pd.testing.assert_frame_equal(other.evidence, drama().evidence)
    pd.testing.assert_frame_equal(iom.derive(other, base()).central, central().central)
