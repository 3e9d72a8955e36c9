"""A made-up study of one scope: no second sector, no consumers, no households, no persons."""

from typing import Any

import iomodel as iom
from iomodel.accounts.declarations import Channel, Equation, Equations, Role
from iomodel.accounts.equations import parse
from iomodel.accounts.industry import MapRow
from iomodel.studies.derivation import Derivation
from tests.unit import small

INPUTS = {"sales": ("million EUR", 12.0), "staff": ("persons", 4.0), "pay": ("share", 0.3)}
BOUGHT = 0.4


def narrow(title: str = "Studios", name: str = "Studios") -> Derivation:
    """Derive the one ratio of the study from the economy of three sectors."""

    def row(quantity: str, formula: str, **parts: Any) -> Equation:
        return Equation(
            quantity, parse(formula, [*INPUTS, "goods"], place="here"), sector="f", **parts
        )

    items = {
        key: iom.Assumption(id=key, block="size", item=f"{key} of {name}", unit=unit, central=value)
        for key, (unit, value) in INPUTS.items()
    }
    items["goods"] = iom.Assumption(
        id="goods",
        block="costs",
        item=f"goods for {name}",
        unit="share",
        low=0.3,
        central=BOUGHT,
        high=0.5,
        distribution="triangular",
        grade="C",
    )
    account = iom.IndustryAccount(
        id="studios",
        title=title,
        currency="EUR",
        price_year=2020,
        assumptions=items,
        equations=Equations(
            sectors=(Role("f", "direct", {"en": name}),),
            channels=(Channel("wares", {"en": f"goods for {name}"}),),
            rows=(
                row("output", "sales"),
                row("jobs", "staff"),
                row("labour_income", "pay"),
                row("purchase", "goods", item="goods", channel="wares"),
            ),
        ),
        map=(MapRow("goods", "a", 0.5), MapRow("goods", "m", 0.5)),
    )
    jobs = small.JOBS.loc[["old"]]
    return iom.derive(account, small.built(satellites={"employment": jobs}, price_year=2020))
