"""One small object of every result class of the package, and how to find those without one."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pandas as pd

import iomodel as iom
from iomodel.accounts.matrix import Matrix
from iomodel.analysis.coefficients import important_coefficients
from iomodel.analysis.income import by_income
from iomodel.models.mixed import mixed
from iomodel.results import Result
from iomodel.studies.placebo import placebo
from iomodel.transforms.valuation import to_basic_prices
from tests.unit import small, small_sut


def economy() -> iom.IOTable:
    """Three sectors with Chinese names and domestic flows."""
    return small.built(
        names={
            "en": ["Farming", "Making & more", "Services"],
            "zh": ["农业", "制造业", "服务业"],
        },
        import_treatment="domestic",
        satellites={"employment": small.V.iloc[:1]},
    )


def priced() -> iom.IOTable:
    """Competitive flows, for imports and for a new sector."""
    imports = pd.Series([17.0, 46.0, 36.0], small.CODES)
    return small.built(
        final_demand=small.F.assign(household=small.F["household"] + imports),
        imports=imports,
        unit_value=1e6,
        satellites={"employment": small.V.iloc[:1]},
    )


def extended() -> iom.IOTable:
    new = iom.NewSector(
        code="n", names={"en": "New"}, output=5e6, purchases={"a": 0.2, "s": 0.1},
        labour_income=0.4, levels={"employment": 7.0}, currency="EUR", price_year=2020,
    )  # fmt: skip
    return iom.insert(iom.domestic(priced()), new)


@cache
def account() -> iom.IndustryAccount:
    return iom.read_sectors(iom.example("micro-drama-2025"))


@cache
def china() -> iom.IOTable:
    table: iom.IOTable = iom.read(iom.example("china-2020"))
    return table


@cache
def derivation() -> iom.Derivation:
    return iom.derive(account(), china())


def sides() -> list[iom.Assumption]:
    return [
        iom.Assumption(id=name, block=name, item=f"{name} side", unit="ratio",
                       distribution="uniform", low=1.0, central=2.0, high=3.0)
        for name in ("long", "wide")
    ]  # fmt: skip


def area(values: Any) -> dict[str, Any]:
    return {"area": values["long"] * values["wide"]}


def regional() -> Any:
    output = pd.Series({"a": 50.0, "m": 60.0, "s": 70.0})
    table = small.built(import_treatment="domestic")
    return iom.regionalise(table, output=output, method="FLQ", delta=0.25).certificate


def construction() -> Any:
    return iom.sut_to_iot(to_basic_prices(small_sut.paid()), "B").certificate


def social() -> iom.SAM:
    codes = ["farms", "homes", "state"]
    matrix = pd.DataFrame([[0.0, 8, 2], [6, 0, 4], [4, 2, 0]], codes, codes)
    return iom.sam(matrix, endogenous={"making": codes[:1], "living": codes[1:2]})


def printed() -> Matrix:
    labels = economy().labels
    values = iom.leontief(economy()).L.to_numpy()
    meta = iom.Meta(title="Table 3", year=2020)
    return Matrix(kind="Leontief inverse", rows=labels, columns=labels, values=values, meta=meta)


def balanced() -> iom.Balanced:
    return iom.ras(small.Z, small.Z.sum(axis=1) * 1.1, small.Z.sum() * 1.1)


def area_asked() -> iom.Inverse:
    return iom.inverse(area, sides(), of="area", target=5.0, draws=500)


def linked() -> Any:
    """Two regions that differ in what they send and receive."""
    other = priced()
    one = small.built(
        final_demand=small.F.assign(
            household=small.F["household"] + pd.Series([17.0, 46.0, 36.0], small.CODES)
        ),
        imports=pd.Series([17.0, 46.0, 36.0], small.CODES),
        unit_value=1e6,
        satellites={"employment": small.V.iloc[:1]},
    )
    return iom.link({"N": one, "S": other}, unmatched="keep").certificate


MADE: dict[str, Callable[[], Any]] = {
    "Balanced": balanced,
    "Channels": lambda: iom.channels(iom.leontief(extended()), direct=["n"]),
    "Comparison": lambda: iom.compare(
        derivation(), iom.read_published(iom.example("micro-drama-2025"))
    ),
    "ConstructionCertificate": construction,
    "Derivation": derivation,
    "ElementaryPaths": lambda: iom.elementary_paths(iom.leontief(economy()), "a", "s"),
    "Extraction": lambda: iom.extraction(iom.leontief(economy()), of=["employment"]),
    "Findings": lambda: small.built(output=small.X * 1.004).check(),
    "ImportAudit": lambda: iom.domestic(priced()).certificate,
    "ImportantCoefficients": lambda: important_coefficients(iom.leontief(extended()), direct="n"),
    "IncomeFlows": lambda: by_income(iom.channels(iom.leontief(extended()), direct=["n"])),
    "Influence": lambda: iom.influence(iom.leontief(economy())),
    "InsertionCertificate": lambda: extended().certificate,
    "Inspection": lambda: iom.inspect(iom.example("china-2020")),
    "Inverse": area_asked,
    "Linkages": lambda: iom.linkages(iom.leontief(economy())),
    "Linking": linked,
    "Matrix": printed,
    "Mixed": lambda: mixed(iom.leontief(economy()), output={"m": 310.0}),
    "Multipliers": lambda: iom.multipliers(iom.leontief(economy()), of="employment"),
    "Paths": lambda: iom.paths(iom.leontief(economy()), demand="m", of="employment", top=7),
    "Placebo": lambda: placebo(derivation(), china(), permutations=3),
    "PriceChange": lambda: iom.prices(
        iom.leontief(economy()), primary_inputs={"compensation": 0.1}
    ),
    "Propagation": lambda: iom.propagation(iom.leontief(economy())),
    "Regionalisation": regional,
    "Rounds": lambda: social().decompose(),
    "Sensitivity": lambda: iom.sensitivity(area, sides(), of="area", samples=256),
    "SplitRange": lambda: iom.split_range(economy(), "s", {"s1": 0.4, "s2": 0.6}, draws=20),
    "Surface": lambda: area_asked().surface("long", "wide"),
    "Uncertainty": lambda: iom.uncertainty(area, sides(), draws=500),
    "Upstreamness": lambda: iom.upstreamness(priced()),
    "ValuationCertificate": lambda: to_basic_prices(small_sut.paid()).certificate,
}


@cache
def made(name: str) -> Any:
    """The result of this class, made once."""
    return MADE[name]()


def classes(of: type = Result) -> set[type]:
    """All result classes of the package that have no subclass of their own.

    A class is known when its module is imported, so all are.
    """
    for module in walk_packages(iom.__path__, "iomodel."):
        if not module.name.endswith("__main__"):  # would run the command
            import_module(module.name)
    return _lowest(of)


def _lowest(of: type) -> set[type]:
    found: set[type] = set()
    below: list[type] = of.__subclasses__()
    for kind in below:
        found |= _lowest(kind) if kind.__module__.startswith("iomodel.") else set()
    return found or {of}
