"""A made-up study on a table of three sectors: any part of it may be left out."""

import pandas as pd

import iomodel as iom
from iomodel.accounts.assumptions import Assumption
from iomodel.accounts.declarations import Channel, Equation, Equations, Role
from iomodel.accounts.equations import parse
from iomodel.accounts.industry import IndustryAccount, MapRow
from iomodel.accounts.table import IOTable
from tests.unit.small import CODES, JOBS, V, X, Z

UNSAFE = "=cmd|' /C calc'!A1"
VALUES = {
    "tour1": (30.0, "million EUR"),
    "R": (0.4, "share"),
    "c": (0.2, "share"),
    "jobs_a_year": (4.0, "jobs"),
    "sales": (50.0, "million EUR"),
    "visits": (12.0, "million EUR"),
    "extra": (0.25, "share"),
    "spend": (0.5, "share"),
    "lost": (3.0, "million EUR"),
}


def table(**changes: object) -> IOTable:
    """Three sectors with imports by product, two employment patterns in heads."""
    final = pd.DataFrame({"household": [40.0, 130.0, 95.0], "exports": [15.0, 70.0, 20.0]}, CODES)
    parts = {
        "final_demand": final,
        "output": X,
        "imports": pd.Series([10.0, 10.0, 5.0], CODES),
        "import_treatment": "competitive",
        "primary_inputs": V,
        "satellites": {"employment": JOBS},
        "names": {"en": ["@farms", UNSAFE, "-services <b>&amp;</b>"]},
        "unit": "million EUR",
        "currency": "EUR",
        "year": 2020,
        "title": "+Three sectors",
    }
    return iom.table(Z, **{**parts, **changes})  # type: ignore[arg-type]


def study(*, linked: bool, spending: bool, households: bool) -> IndustryAccount:
    """One direct sector, with or without a linked one, final spending and re-spending."""
    rows: list[Equation] = []

    def declare(
        quantity: str,
        text: str,
        sector: str = "",
        item: str = "",
        channel: str = "",
        additional: str = "",
    ) -> None:
        known = [*VALUES, *(row.name for row in rows if row.name)]
        place = f"equations!{len(rows) + 2}"
        extra = parse(additional, known, place=place) if additional else None
        found = parse(text, known, place=place)
        rows.append(Equation(quantity, found, sector, item, channel, extra, "=note", len(rows)))

    declare("output", "tour1", "f")
    declare("jobs", "jobs_a_year", "f")
    declare("labour_income", "R", "f")
    declare("purchase", "c", "f", "goods", "suppliers")
    declare("purchase", "c / 2", "f", "help", "suppliers")
    if linked:
        declare("output", "sales", "g")
        declare("jobs", "output_g / 1000000 * 3", "g", channel="staff")
        declare("labour_income", "R / 2", "g")
        declare("from", "c", "g", "f")
        declare("purchase", "c - 0.05", "g", "rent", "inputs")
    if spending:
        declare("spending", "visits * (1 - c)", item="visits", channel="trips", additional="extra")
    if households:
        declare("respending", "spend")
        declare("displaced", "lost")
        declare("moved", "extra")
    declare("at_most", "lost", additional="visits")
    roles = [Role("f", "direct", {"en": "Films"})]
    roles += [Role("g", "linked", {"en": "Cinemas"})] if linked else []
    channels = ("suppliers", "inputs", "staff", "trips")
    spread = {"goods": {"a": 0.25, "m": 0.75}, "help": {"s": 1.0}}
    spread |= {"rent": {"s": 1.0}} if linked else {}
    spread |= {"visits": {"m": 0.4, "s": 0.6}} if spending else {}
    return IndustryAccount(
        title=f"{UNSAFE} & <Films>",
        equations=Equations(
            sectors=tuple(roles),
            channels=tuple(Channel(code, {"en": code}) for code in channels),
            rows=tuple(rows),
        ),
        assumptions={
            key: Assumption(
                id=key,
                block="block",
                item=UNSAFE,
                unit=unit,
                central=value,
                low=value / 2,
                high=min(1.0, value * 2) if unit == "share" else value * 2,
                distribution="triangular",
                grade="A",
                note="long " * 8000,
            )
            for key, (value, unit) in VALUES.items()
        },
        map=tuple(
            MapRow(item, code, share, "@note")
            for item, shares in spread.items()
            for code, share in shares.items()
        ),
        currency="EUR",
    )
