"""Which sector of one classification belongs to which of another."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from iomodel.errors import LabelError, listed
from iomodel.results import Shown


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Concordance(Shown):
    """One target code for each source code; several sources may share a target.

    Parameters
    ----------
    sources : sequence of str
        Codes of the finer classification, each once.
    targets : sequence of str
        Target code of each source.
    order : sequence of str, optional
        Targets in the order they are to have; the order of first appearance if absent.
    names : mapping of language to mapping of target to name, optional
        Names of the targets (``{"en": {"A": "Agriculture"}}``).
    title, source : str
        What the concordance is called and where it comes from.

    Raises
    ------
    LabelError
        If sources are mapped twice, codes are blank, or `order` or `names` do not fit the
        targets; each time with all of them.

    Examples
    --------
    >>> import iomodel as iom
    >>> fold = iom.Concordance(sources=("01", "02", "05"), targets=("A", "A", "B"))
    >>> fold.to_frame()["to"].tolist()
    ['A', 'A', 'B']
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    order: tuple[str, ...] = ()
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    title: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        sources, targets = _codes(self.sources, "sources"), _codes(self.targets, "targets")
        if not sources or len(sources) != len(targets):
            raise LabelError(
                f"{len(sources)} sources, {len(targets)} targets: a concordance gives each "
                "source one target, and has at least one."
            )
        _refuse_double(sources, targets)
        order = _codes(self.order, "order") or tuple(dict.fromkeys(targets))
        known = set(targets)
        problems = [f"order: {c} stands more than once" for c, k in Counter(order).items() if k > 1]
        problems += [f"order: {c} is no target" for c in dict.fromkeys(order) if c not in known]
        problems += [f"order lacks {c}" for c in dict.fromkeys(targets) if c not in set(order)]
        names = {
            str(lang): {str(c): str(n) for c, n in v.items()} for lang, v in self.names.items()
        }
        problems += [
            f"names ({lang}): {code} is no target"
            for lang, texts in names.items()
            for code in texts
            if code not in known
        ]
        if problems:
            raise LabelError(f"{len(problems)} problems with targets:\n  {listed(problems)}")
        frozen = {lang: MappingProxyType(texts) for lang, texts in names.items()}
        object.__setattr__(self, "sources", sources)
        object.__setattr__(self, "targets", targets)
        object.__setattr__(self, "order", order)
        object.__setattr__(self, "names", MappingProxyType(frozen))

    def __repr__(self) -> str:
        what = f" {self.title}:" if self.title else ""
        names = ", ".join(self.names) or "none"
        return (
            f"<Concordance>{what} {len(self.sources)} sources to {len(self.order)} targets "
            f"({self.sources[0]} > {self.targets[0]}, ...); names: {names}"
        )

    @classmethod
    def of(
        cls,
        given: "Concordance | Mapping[str, str] | pd.DataFrame",
        *,
        order: Sequence[str] = (),
        names: Mapping[str, Mapping[str, str]] | None = None,
        title: str = "",
    ) -> "Concordance":
        """Return a concordance from a mapping or a frame.

        Parameters
        ----------
        given : mapping of source to target, DataFrame or Concordance
            A frame has the columns ``from``, ``to`` and, if wanted, ``name_en``,
            ``name_zh``, ...; or two columns of any name, sources and targets, and a third
            with the (English) names of the targets. A concordance is returned as it is.
        order, names, title
            As for the class; `names` come before those of the frame.

        Raises
        ------
        LabelError
            As for the class; also for codes that are neither text nor whole numbers, for a
            target with two names in one language, and for a frame with other columns.
        """
        if isinstance(given, Concordance):
            return given
        found: Mapping[str, Mapping[str, str]] = {}
        if isinstance(given, pd.DataFrame):
            sources, targets, found = _from_frame(given)
        elif isinstance(given, Mapping):
            sources, targets = list[object](given), list[object](given.values())
        else:
            raise LabelError(
                f"a concordance is a mapping or a DataFrame, not {type(given).__name__}; from a "
                "workbook: iom.read_concordance(path)."
            )
        return cls(
            sources=_codes(sources, "sources"),
            targets=_codes(targets, "targets"),
            order=tuple(order),
            names={**found, **(names or {})},
            title=title,
        )

    @property
    def pairs(self) -> dict[str, str]:
        """Target by source, as a fresh dict."""
        return dict(zip(self.sources, self.targets, strict=True))

    def then(self, other: "Concordance") -> "Concordance":
        """Return the concordance from these sources to the targets of another one.

        Parameters
        ----------
        other : Concordance
            Its sources are the targets of this one.

        Raises
        ------
        LabelError
            If targets of this one have no target there, or sources there are no targets here.
        """
        onward = other.pairs
        lacking = [code for code in self.order if code not in onward]
        extra = [code for code in onward if code not in set(self.order)]
        if lacking or extra:
            lines = [f"{code}: target here, no source there" for code in lacking]
            lines += [f"{code}: source there, no target here" for code in extra]
            raise LabelError(
                f"{len(lines)} codes do not link the two concordances:\n  {listed(lines)}"
            )
        return Concordance(
            sources=self.sources,
            targets=tuple(onward[code] for code in self.targets),
            order=other.order,
            names=other.names,
            title=" > ".join(filter(None, (self.title, other.title))),
            source="; ".join(dict.fromkeys(filter(None, (self.source, other.source)))),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per source: ``from``, ``to`` and a column of names per language."""
        frame = pd.DataFrame({"from": self.sources, "to": self.targets})
        for lang, texts in self.names.items():
            frame[f"name_{lang}"] = [texts.get(code, "") for code in self.targets]
        return frame


def _codes(values: Iterable[object], what: str) -> tuple[str, ...]:
    """Codes as text; whole numbers are taken, blanks and other values refused."""
    found = list(values)
    bad = [
        f"{what}, position {place}: {value!r}"
        for place, value in enumerate(found)
        if isinstance(value, bool)
        or not isinstance(value, str | int | np.integer)
        or not str(value).strip()
    ]
    if bad:
        raise LabelError(
            f"{len(bad)} codes are neither text nor whole numbers:\n  {listed(bad)}\n"
            "Read codes as text, for leading zeros: pandas.read_csv(..., dtype=str)."
        )
    return tuple(map(str, found))


def _refuse_double(sources: Sequence[str], targets: Sequence[str]) -> None:
    counts = Counter(sources)
    double: dict[str, list[str]] = {code: [] for code, count in counts.items() if count > 1}
    if not double:
        return
    for source, target in zip(sources, targets, strict=True):
        if source in double:
            double[source].append(target)
    lines = [f"{source} to {', '.join(found)}" for source, found in double.items()]
    raise LabelError(
        f"{len(lines)} sources are mapped more than once:\n  {listed(lines)}\n"
        "Give each source one target; a sector that lies in two must be split first."
    )


def _from_frame(
    frame: pd.DataFrame,
) -> tuple[list[object], list[object], dict[str, dict[str, str]]]:
    heads = [str(head) for head in frame.columns]
    if heads.count("from") == 1 and heads.count("to") == 1:
        places = heads.index("from"), heads.index("to")
        texts = {c: head for c, head in enumerate(heads) if head.startswith("name_")}
    elif len(heads) in (2, 3):
        places = 0, 1
        texts = {2: heads[2]} if len(heads) == 3 else {}
    else:
        raise LabelError(
            f"a concordance has the columns from and to, or two or three columns, not: "
            f"{', '.join(heads)}."
        )
    sources, targets = (list(frame.iloc[:, place]) for place in places)
    names: dict[str, dict[str, str]] = {}
    problems: list[str] = []
    for column, head in texts.items():
        lang = head.removeprefix("name_") if head.startswith("name_") else "en"
        own = names.setdefault(lang, {})
        for target, name in zip(targets, frame.iloc[:, column], strict=True):
            text = "" if pd.isna(name) else str(name).strip()
            if text and own.setdefault(str(target), text) != text:
                problems.append(f"{target} ({lang}): {own[str(target)]!r} and {text!r}")
    if problems:
        raise LabelError(f"{len(problems)} targets with two names:\n  {listed(problems)}")
    return sources, targets, names
