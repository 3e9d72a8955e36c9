"""The what-if panel: which inputs can be moved, and where results are written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from iomodel.accounts.assumptions import is_share
from iomodel.report.material import Material
from iomodel.report.names import RATE
from iomodel.report.parts import number, plain
from iomodel.report.whatif import model, moving, script_of
from iomodel.studies.forward import PATTERN, Forward

MAIN = 8
STEP = 1e-30
SCOPE_LEVELS = ("indirect", "total")
NET = ("gross", "lost", "staying", "net")
GROSS = "contribution: "
SPOKEN = ("number", "share", "outside", "status", "nothing", "paradox", "more_fewer", "less_more")


@dataclass(frozen=True, kw_only=True)
class Control:
    """An input that can be moved: its slider and its field.

    Attributes
    ----------
    id, label : str
    low, high, value : str
        In full precision.
    hint : str
        Unit, range of the evidence, grade.
    share : bool
        Whether it cannot exceed one.
    """

    id: str
    label: str
    low: str
    high: str
    value: str
    hint: str
    share: bool


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number that the script writes anew: what it is of, and the central one."""

    of: str
    text: str
    digits: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of results: its head, its numbers, the key of its bar."""

    head: str
    figures: Sequence[Figure]
    bar: str = ""
    strong: bool = False
    apart: bool = False


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What the template ``panel.html`` shows.

    Attributes
    ----------
    data : mapping
        For the script, as JSON.
    script : str
    main : sequence of Control
        Inputs with the largest effect, the largest first.
    rest : sequence of (group, sequence of Control)
        All others.
    patterns : sequence of (name, text)
        Employment patterns to choose from; none where there is only one.
    tiles, scopes, channels, levels : sequence of Line
    published : str
        Words of the published figure; empty without one.
    """

    data: Mapping[str, Any]
    script: str
    main: Sequence[Control]
    rest: Sequence[tuple[str, Sequence[Control]]]
    patterns: Sequence[tuple[str, str]]
    tiles: Sequence[Line]
    scopes: Sequence[Line]
    channels: Sequence[Line]
    levels: Sequence[Line]
    published: str = ""

    @property
    def others(self) -> int:
        """How many inputs stand in the fold."""
        return sum(len(controls) for _, controls in self.rest)


def panel(material: Material) -> Panel | None:
    """Return the what-if panel of a derivation; None where no input has a range.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Panel or None

    Notes
    -----
    Inputs are ordered by their swing if the material has a sensitivity, else by the derivative
    of the headline (complex step) times the width of their range.
    """
    words, value = material.words, material.published
    chosen = moving(material.derivation)
    if not chosen:
        return None
    run = material.derivation.forward
    chosen = _ordered(material, run, chosen)
    data, script = model(material.derivation, words, run)
    spoken = {key: words(f"panel.{key}", **_fields(key)) for key in SPOKEN}
    return Panel(
        data={**data, "published": value, "digits": material.digits, "words": spoken},
        script=script_of(script),
        main=[_control(material, key) for key in chosen[:MAIN]],
        rest=_blocks(material, chosen[MAIN:]),
        patterns=[(name, material.names.pattern(name)) for name in material.patterns]
        if len(material.patterns) > 1
        else [],
        tiles=list(_tiles(material)),
        scopes=list(_scopes(material)),
        channels=list(_channels(material)),
        levels=list(_net(material)),
        published="" if value is None else words("panel.published", value=f"{value:g}"),
    )


def _fields(key: str) -> dict[str, str]:
    """Fields that the script fills in stay as they are."""
    names = ("ratio", "direct", "indirect", "total") if key == "status" else ()
    return {name: f"{{{name}}}" for name in names}


def _ordered(material: Material, run: Forward, names: Sequence[str]) -> list[str]:
    """Put inputs that move the headline most first."""
    if material.drivers is not None:
        swings = material.drivers.inputs["swing"].to_dict()
        effect = {name: float(swings.get(name, 0.0)) for name in names}
    else:
        effect = _effects(material, run, names)
    return sorted(names, key=lambda name: -effect[name])


def _effects(material: Material, run: Forward, names: Sequence[str]) -> dict[str, float]:
    """Change of the headline over the range of each input, to first order."""
    derivation = material.derivation
    account, n = derivation.account, len(names)
    values: dict[str, Any] = {
        key: np.full(n, value, dtype=complex) for key, value in account.values.items()
    }
    for k, name in enumerate(names):
        values[name][k] += 1j * STEP
    values[PATTERN] = np.full(n, material.patterns[0])
    found = run(values)
    ratios = [found["ratio", derivation.headline, row].imag for row in material.patterns]
    slopes = np.sum(ratios, axis=0) / STEP
    return {
        name: abs(float(slope)) * _width(material, name)
        for name, slope in zip(names, slopes, strict=True)
    }


def _width(material: Material, name: str) -> float:
    item = material.derivation.account.assumptions[name]
    assert item.low is not None and item.high is not None, "chosen because it has a range"
    return item.high - item.low


def _control(material: Material, name: str) -> Control:
    words, account = material.words, material.derivation.account
    item, value = account.assumptions[name], float(account.values[name])
    parts = [
        words.known("unit", item.unit),
        words("panel.evidence", low=plain(item.low), high=plain(item.high), value=plain(value)),
        words("panel.grade", grade=item.grade) if item.grade else "",
        words("panel.scaled") if name.startswith(account.equations.families) else "",
    ]
    return Control(
        id=name,
        label=material.names.input(name),
        low=repr(item.low),
        high=repr(item.high),
        value=repr(value),
        hint=words("page.clause").join(filter(None, parts)),
        share=is_share(item.unit),
    )


def _blocks(material: Material, names: Sequence[str]) -> list[tuple[str, list[Control]]]:
    """Group other inputs by block of the workbook, within it by effect."""
    items = material.derivation.account.assumptions
    blocks = dict.fromkeys(item.block for item in items.values())
    grouped = {
        block: [_control(material, name) for name in names if items[name].block == block]
        for block in blocks
    }
    return [(material.names.group(block), found) for block, found in grouped.items() if found]


def _mean(material: Material, level: str) -> str:
    return number(float(material.derivation.levels[level].mean()), 0)


def _tiles(material: Material) -> Iterator[Line]:
    """Yield the headline ratio with the jobs beside it, always."""
    words, names = material.words, material.names
    heads = [
        (f"ratio {scope}", names.scope(scope), material.mean(scope), material.digits)
        for scope in material.pair
    ]
    scope = material.pair[0]
    heads += [("direct", words("answer.direct_head"), _mean(material, "direct"), 0)]
    heads += [
        (f"{kind} {scope}", words(f"answer.{kind}_head"), _mean(material, f"{kind}, {scope}"), 0)
        for kind in SCOPE_LEVELS
    ]
    for of, head, text, digits in heads:
        figure = Figure(of=of, text=text, digits=digits)
        yield Line(head=head, figures=[figure], strong=of.startswith("ratio"))


def _scopes(material: Material) -> Iterator[Line]:
    names, levels = material.names, material.derivation.levels
    rates = {found[2]: name for name in levels if (found := RATE.fullmatch(str(name)))}
    for scope in material.scopes:
        rate = float(levels[rates[scope]].mean())
        yield Line(
            head=names.scope(scope),
            bar=f"ratio {scope}",
            figures=[
                Figure(of=f"ratio {scope}", text=material.mean(scope), digits=material.digits),
                *(
                    Figure(of=f"{kind} {scope}", text=_mean(material, f"{kind}, {scope}"), digits=0)
                    for kind in SCOPE_LEVELS
                ),
                Figure(of=f"rate {scope}", text=number(rate), digits=2),
            ],
            strong=scope in material.pair,
            apart=scope == material.pair[-1],
        )


def _channels(material: Material) -> Iterator[Line]:
    shares = material.derivation.by_channel.mean()
    digits = material.digits + 1
    for code in shares.index:
        text = number(float(shares[code]), digits)
        yield Line(
            head=material.names.channel(str(code)),
            bar=f"channel {code}",
            figures=[Figure(of=f"channel {code}", text=text, digits=digits)],
        )


def _net(material: Material) -> Iterator[Line]:
    """Gross jobs, what is lost, and net jobs, where the study declares it."""
    names = [str(name) for name in material.derivation.levels]
    start = next((k for k, name in enumerate(names) if name.startswith(GROSS)), len(names))
    for of, name in zip(NET, names[start : start + len(NET)], strict=False):
        text = _mean(material, name)
        yield Line(
            head=material.names.level(name),
            figures=[Figure(of=of, text=text, digits=0)],
            strong=of == "net",
        )
