"""What every noun and result shows: escaped, without clock or id, the same every time."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.valuation import to_basic_prices
from tests.unit.small import CODES, F, V, Z, built
from tests.unit.small_sut import paid

REPOSITORY = Path(__file__).resolve().parents[2]
EVIL = "<script>alert('&')</script>"


def evil() -> iom.IOTable:
    """A table whose texts are all markup."""
    imports = pd.Series([17.0, 46.0, 36.0], CODES)
    return built(
        final_demand=F.assign(household=F["household"] + imports),
        imports=imports,
        title=EVIL,
        unit=f"{EVIL} EUR",
        unit_value=1e6,
        names={"en": [EVIL] * 3},
        sections=[EVIL] * 3,
        satellites={EVIL: V, "employment": V},
    )


def inserted() -> iom.IOTable:
    table = iom.domestic(evil())
    new = iom.NewSector(
        code="<b>",
        names={"en": EVIL},
        output=5e6,
        purchases={"a": 0.2, "s": 0.1},
        labour_income=0.4,
        levels={EVIL: 7.0, "employment": 7.0},
        currency="EUR",
        price_year=2020,
    )
    return iom.insert(table, new)


def social() -> iom.SAM:
    """Two accounts that pay each other, and a third one, with markup for names."""
    codes = [EVIL, "<b>", "state"]
    matrix = pd.DataFrame([[0.0, 8, 2], [6, 0, 4], [4, 2, 0]], codes, codes)
    return iom.sam(matrix, endogenous={EVIL: codes[:1], "<b>": codes[1:2]}, title=EVIL)


def account() -> iom.IndustryAccount:
    return iom.read_sectors(iom.example("micro-drama-2025"))


def derivation() -> iom.Derivation:
    return iom.derive(account(), iom.read(iom.example("china-2020")))


def supply_use() -> iom.SupplyUseTable:
    """Supply and use at purchasers' prices whose texts are all markup."""
    return paid(
        title=EVIL,
        unit=f"{EVIL} EUR",
        product_names={"en": [EVIL] * 3},
        industry_names={"en": [EVIL] * 2},
    )


THINGS: dict[str, Callable[[], Any]] = {
    "inspection": lambda: iom.inspect(iom.example("china-2020")),
    "table": evil,
    "findings": lambda: evil().check(),
    "domestic table": lambda: iom.domestic(evil()),
    "import audit": lambda: iom.domestic(evil()).certificate,
    "inserted table": inserted,
    "insertion certificate": lambda: inserted().certificate,
    "supply and use": supply_use,
    "supply and use findings": lambda: supply_use().check(),
    "valuation certificate": lambda: to_basic_prices(supply_use()).certificate,
    "construction certificate": lambda: (
        iom.sut_to_iot(to_basic_prices(supply_use()), "B").certificate
    ),
    "model": lambda: iom.leontief(inserted()),
    "closed model": lambda: iom.close_households(iom.leontief(inserted()), propensity=0.5),
    "grouped model": lambda: iom.close_households(
        iom.leontief(inserted()),
        income={EVIL: "compensation"},
        consumption={EVIL: "household"},
        propensity=0.5,
    ),
    "social accounts": social,
    "rounds": lambda: social().decompose(),
    "multipliers": lambda: iom.multipliers(iom.leontief(inserted()), of="employment"),
    "channels": lambda: iom.channels(iom.leontief(inserted()), direct=["<b>"]),
    "account": account,
    "derivation": derivation,
    "comparison": lambda: iom.compare(
        derivation(), iom.read_published(iom.example("micro-drama-2025"))
    ),
}
PLAIN: dict[str, Callable[[], Any]] = {
    "labels": lambda: evil().labels,
    "satellite": lambda: evil().satellite("employment"),
    "meta": lambda: evil().meta,
    "assumption": lambda: account().assumptions["titles"],
    "new sector": lambda: account().direct,
    "demand": lambda: account().demand[0],
    "flows": lambda: evil().flows,
    "supply and use flows": lambda: supply_use().flows,
    "series": lambda: account().to_frame(),
}


@pytest.mark.parametrize("name", [*THINGS, *PLAIN])
def test_a_repr_has_no_id_and_is_the_same_for_the_same_thing(name: str) -> None:
    make = {**THINGS, **PLAIN}[name]
    one, other = repr(make()), repr(make())
    assert one == other
    assert not re.search(r"0x[0-9a-f]{6,}", one), one
    assert "object at" not in one
    assert one.strip()


@pytest.mark.parametrize("name", THINGS)
def test_html_is_escaped_and_the_same_for_the_same_thing(name: str) -> None:
    one, other = THINGS[name]()._repr_html_(), THINGS[name]()._repr_html_()
    assert one == other
    assert "<script" not in one
    assert "<b>" not in one
    assert not re.search(r"0x[0-9a-f]{6,}", one)
    assert one.count("<table") == one.count("</table>") >= 1


@pytest.mark.parametrize("name", ["table", "inserted table", "model", "multipliers", "findings"])
def test_the_text_is_there_although_it_is_markup(name: str) -> None:
    assert "&lt;script&gt;" in THINGS[name]()._repr_html_()


RESULTS = ["findings", "rounds", "import audit", "insertion certificate", "multipliers", "channels"]
RESULTS += ["derivation", "comparison"]


@pytest.mark.parametrize("name", RESULTS)
def test_common_members_of_results(name: str) -> None:
    result = THINGS[name]()
    frame = result.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert len(result.summary(2)) <= 2
    assert len(result.summary()) <= 10
    assert isinstance(result.residual, float)
    assert result.residual < 1e-3
    assert all(isinstance(step, str) for step in result.provenance)
    assert result.title in repr(result)


def columns_and_index(frame: pd.DataFrame) -> tuple[Any, ...]:
    return list(frame.columns), frame.columns.name, list(frame.index), frame.index.name


@pytest.mark.parametrize("part", ["central", "wide", "by_channel", "destinations", "levels"])
def test_looking_at_a_derivation_does_not_change_it(part: str) -> None:
    from iomodel.studies.record import record
    from iomodel.studies.screen import screen

    result = derivation()
    before = columns_and_index(getattr(result, part))
    repr(result)
    result._repr_html_()
    result.to_frame()
    screen(result, None)
    record(result, None, version="1", inputs={})
    assert columns_and_index(getattr(result, part)) == before


@pytest.mark.parametrize("name", RESULTS)
def test_a_frame_handed_out_is_a_copy(name: str) -> None:
    result = THINGS[name]()
    before = repr(result)
    frame = result.to_frame()
    frame.index.name = "mine"
    for column in frame.columns:
        frame[column] = "spoilt"
    assert repr(result) == before


SCRIPT = """
import iomodel as iom
from tests.unit.test_reprs import PLAIN, THINGS
for name, make in {**THINGS, **PLAIN}.items():
    if name != "flows":  # has a test of its own
        print(repr(make()))
"""


def test_reprs_do_not_depend_on_the_process() -> None:
    seen = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", SCRIPT],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        seen.add(done.stdout)
    assert len(seen) == 1


def test_small_things_show_themselves() -> None:
    assert repr(iom.Labels(codes=("a", "b"))) == "<Labels> 2: a, b; names: none"
    assert repr(built()).startswith("<IOTable> Three sectors\n")
    assert "sectors: 3" in repr(built())
    assert repr(built().satellite("employment")).startswith("<Satellite> employment (old, new)")
    assert repr(account()).startswith("<IndustryAccount> Jobs of the micro drama industry")


def test_an_empty_list_of_findings_is_shown() -> None:
    assert "Findings on" in built().check()._repr_html_()


def test_a_table_of_one_sector_is_shown() -> None:
    one = iom.table(Z.iloc[:1, :1], final_demand=F.iloc[:1])
    assert "sectors: 1" in repr(one)
    assert iom.leontief(one).L.iloc[0, 0] == pytest.approx(55 / 45)
