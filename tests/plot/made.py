"""Small results with round figures, made by hand: pictures of them never change with data."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd

import iomodel as iom
from iomodel.accounts.declarations import Channel, Equation, Equations
from iomodel.accounts.insertion import Injection
from iomodel.analysis.channels import Channels, Spending
from iomodel.analysis.surface import Surface, surface
from iomodel.readers.published import PublishedFigure
from iomodel.studies.comparison import Comparison
from iomodel.studies.consistency import DirectLabour
from iomodel.studies.derivation import Derivation

PATTERNS = ("census", "survey")
SECTORS = {
    "farm": ("Farming", "农业"),
    "food": ("Food and drink", "食品饮料"),
    "ads": ("Advertising", "广告"),
    "net": ("Internet services", "互联网服务"),
    "shop": ("Shops", "零售"),
    "m": ("Drama makers", "制作"),
    "p": ("Drama platforms", "平台"),
}
DIRECT = 1000.0
CHANNELS = {
    "production_supply": ("suppliers of makers", "制作供应商"),
    "traffic_ads": ("advertising", "广告投放"),
    "platform_inputs": ("platform inputs", "平台采购"),
    "platform_staff": ("platform staff", "平台人员"),
    "e_commerce": ("shopping", "电商"),
    "tourism": ("tourism", "旅游"),
}
ITEMS = (
    (Injection("m_script", "production_supply", "m"), 300.0),
    (Injection("m_meals", "production_supply", "m"), 100.0),
    (Injection("ads", "traffic_ads", "p"), 500.0),
    (Injection("cloud", "platform_inputs", "p"), 80.0),
)
CONSUMER = (
    (Injection("gmv", "e_commerce", ""), 60.0),
    (Injection("trips", "tourism", ""), 140.0),
)
KEYS = [("ratio", scope, "pooled") for scope in ("chain", "chain+consumer", "all")]


def declared() -> Equations:
    """Channels in their order, with spending and re-spending."""
    rows = [
        Equation(quantity=quantity, formula=cast(Any, None))
        for quantity in ("spending", "respending")
    ]  # fmt: skip
    channels = (Channel(code, {"en": en, "zh": zh}) for code, (en, zh) in CHANNELS.items())
    return Equations(channels=tuple(channels), rows=tuple(rows))


def run(spending: Spending = "none", *, households: bool = False, names: Any = SECTORS) -> Channels:
    """Jobs by channel and destination, spread over sectors by a fixed rule."""
    items = [*ITEMS, *(CONSUMER if spending != "none" else ())]
    if spending == "attributed":
        items = [(item, size * (3.0 if not item.buyer else 1.0)) for item, size in items]
    if households:
        items = [*items, (Injection("induced", "induced", ""), 400.0)]
    codes, n = list(names), len(names)
    jobs = np.zeros((len(PATTERNS), n, len(items)))
    for c, (_, size) in enumerate(items):
        weight = np.roll(np.array([5.0, 3.0, 2.0, 1.0, 1.0]), c)
        for r in range(len(PATTERNS)):
            jobs[r, : n - 2, c] = size * weight / weight.sum() * (1.0 + 0.1 * r)
    staff = np.zeros((len(PATTERNS), n, 2))
    staff[:, n - 1, 1] = 150.0
    direct = np.full(len(PATTERNS), DIRECT)
    causes = np.zeros(2 + len(items))
    if households:
        causes[: len(causes) - 1] = 1.0 / (len(causes) - 1)
    labels = iom.Labels(
        codes=tuple(codes),
        names={"en": tuple(names[c][0] for c in codes), "zh": tuple(names[c][1] for c in codes)},
    )
    return Channels(
        labels=labels,
        rows=iom.Labels(codes=PATTERNS, names={"en": ("Census", "Survey"), "zh": ("普查", "调查")}),
        items=tuple(item for item, _ in items),
        jobs=jobs,
        staff=staff,
        staff_channels=("production_staff", "platform_staff"),
        direct=direct,
        total=direct + jobs.sum(axis=(1, 2)) + staff.sum(axis=(1, 2)),
        induced_by=causes,
        boundary=("m",),
        spending=spending,
        basis="fte",
        provenance=("made",),
    )


def derivation(names: Any = SECTORS, *, alone: bool = False) -> Derivation:
    """Make a derivation of four scopes, or of one alone, without household re-spending."""
    detail = {"chain": run(names=names)}
    if not alone:
        detail = {
            "chain": run(names=names),
            "chain+consumer": run("additional", names=names),
            "all": run("additional", households=True, names=names),
        }
    central = pd.DataFrame({scope: found.ratio for scope, found in detail.items()})
    if not alone:
        central.insert(0, "supply", detail["chain"].by_channel()["production_supply"] / DIRECT)
    full = list(detail.values())[-1]
    channels = full.by_channel() / DIRECT
    if not alone:
        induced = channels.pop("induced")
        channels["induced_core"], channels["induced_spill"] = 0.9 * induced, 0.1 * induced
    levels = {"direct": pd.Series(DIRECT, central.index)}
    levels |= {f"indirect, {scope}": central[scope] * DIRECT for scope in central}
    levels |= {f"total, {scope}": (1.0 + central[scope]) * DIRECT for scope in central}
    labour = DirectLabour(
        workdays=250_000.0, fte=DIRECT, heads=5000.0, crew_workdays=(1.0, 2.0, 3.0),
        days_per_fte=250.0,
    )  # fmt: skip
    return Derivation(
        account=cast(Any, SimpleNamespace(title="A made industry", equations=declared())),
        method="proportional",
        boundary=("m",),
        labour=labour,
        central=central,
        wide=central,
        by_channel=channels,
        destinations=full.by_destination().drop(columns="m") / DIRECT,
        levels=pd.DataFrame(levels),
        detail=detail,
        checks=cast(Any, None),
        table=cast(Any, None),
        local=cast(Any, None),
        base=cast(Any, None),
        warnings=(),
        provenance=("made",),
    )


def published(**units: str) -> Comparison:
    """Make published figures for the made derivation: other numbers than it derives."""
    found = {
        "ratio": ("ratio", 1.25, None),
        "direct_heads": ("persons", 5100.0, None),
        "indirect_heads": ("persons", 6300.0, None),
        "total_heads": ("persons", 11_400.0, None),
        "workdays_chain": ("million work-days", None, 0.7),
    }
    figures = {
        key: PublishedFigure(
            id=key, kind="headline", item=key, low=low, central=central, high=None,
            unit=units.get(key, unit), publisher="made", published="2020", address="", note="",
        )
        for key, (unit, central, low) in found.items()
    }  # fmt: skip
    empty = pd.DataFrame()
    return Comparison(figures=figures, scopes=empty, external=empty, checks={})


def inputs(**items: str) -> list[iom.Assumption]:
    """Three inputs with ranges, in two groups; `items` renames them."""
    ranges = {"days": ("labour", 150.0, 250.0, 400.0, "days"),
              "costs": ("spending", 1.0, 2.0, 2.5, "bn RMB"),
              "share": ("spending", 0.2, 0.3, 0.6, "share")}  # fmt: skip
    return [
        iom.Assumption(
            id=key, block=block, item=items.get(key, f"input {key}"), unit=unit,
            distribution="triangular", low=low, central=central, high=high,
        )
        for key, (block, low, central, high, unit) in ranges.items()
    ]  # fmt: skip


def outcome(values: Any) -> dict[tuple[str, ...], Any]:
    """Three ratios, each larger than the one before."""
    base = values["costs"] * values["days"] / 500.0
    parts = (base, base * (1.0 + values["share"]), base * (1.3 + values["share"]))
    return dict(zip(KEYS, parts, strict=True))


def draws() -> iom.Uncertainty:
    return iom.uncertainty(outcome, inputs(), draws=2000, seed=4)


def drivers(**items: str) -> iom.Sensitivity:
    return iom.sensitivity(outcome, inputs(**items), of=KEYS[1], samples=256, seed=4)


def asked(target: float = 2.0) -> iom.Inverse:
    return iom.inverse(outcome, inputs(), of=KEYS[1], target=target, draws=500)


def plane() -> Surface:
    return surface(outcome, inputs(), of=KEYS[1], first="days", second="share", points=21)
