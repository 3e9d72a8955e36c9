"""Labels of sectors, final demand columns and primary input rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from iomodel.errors import LabelError, listed
from iomodel.kernels.linear import Array
from iomodel.results import Shown


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Labels(Shown):
    """Codes with names in several languages, each in a region and a group.

    Parameters
    ----------
    codes : sequence of str
        Stable codes, text as published (leading zeros and suffixes stay).
    names : mapping of str to sequence of str, optional
        Names by language (``{"en": [...], "zh": [...]}``), each in the order of the codes.
    regions : sequence of str, optional
        Region of each label. One region, or none, is a table of one region.
    groups : sequence of str, optional
        What each label belongs to: the section of a sector, the role of a final demand
        column (``household``, ``exports``) or of a primary input (``compensation``).

    Raises
    ------
    LabelError
        If a (region, code) pair stands twice, or a sequence has another length.

    Examples
    --------
    >>> import iomodel as iom
    >>> labels = iom.Labels(codes=("01", "02"), names={"en": ("Farming", "Fishing")})
    >>> labels.named()
    ('Farming', 'Fishing')
    """

    codes: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        size = len(self.codes)
        regions = tuple(self.regions) or ("",) * size
        groups = tuple(self.groups) or ("",) * size
        names = {str(lang): tuple(map(str, texts)) for lang, texts in self.names.items()}
        object.__setattr__(self, "codes", tuple(map(str, self.codes)))
        object.__setattr__(self, "regions", regions)
        object.__setattr__(self, "groups", groups)
        object.__setattr__(self, "names", MappingProxyType(names))
        lengths = {"regions": regions, "groups": groups, **names}
        wrong = {what: len(seq) for what, seq in lengths.items() if len(seq) != size}
        if wrong:
            raise LabelError(f"{size} codes, but other lengths of {wrong}.")
        blank = [spot for spot, code in enumerate(self.codes) if not code.strip()]
        if blank:
            raise LabelError(f"{len(blank)} labels have no code, at positions {blank[:20]}.")
        keys = list(zip(regions, self.codes, strict=True))
        twice = sorted({key for key in keys if keys.count(key) > 1}) if _repeats(keys) else []
        if twice:
            raise LabelError(
                f"{len(twice)} labels stand more than once:\n  {listed(twice)}\n"
                "Give every sector a code of its own."
            )

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        ends = ", ".join(self.codes if len(self) < 4 else (self.codes[0], "...", self.codes[-1]))
        return f"<Labels> {len(self)}: {ends}; names: {', '.join(self.names) or 'none'}"

    @property
    def index(self) -> pd.Index:
        """Index of the frames: codes alone for one region, (region, code) for several."""
        if len(set(self.regions)) <= 1:
            return pd.Index(self.codes, name="code")
        pairs = list(zip(self.regions, self.codes, strict=True))
        return pd.MultiIndex.from_tuples(pairs, names=["region", "code"])

    @property
    def shown(self) -> tuple[str, ...]:
        """Codes for messages; with the region where there are several."""
        if len(set(self.regions)) <= 1:
            return self.codes
        return tuple(f"{r} {c}" for r, c in zip(self.regions, self.codes, strict=True))

    def named(self, language: str = "en") -> tuple[str, ...]:
        """Names in a language; another language, then the code, where there is none."""
        order = [language, *[lang for lang in self.names if lang != language]]
        choices = [self.names[lang] for lang in order if lang in self.names] + [self.codes]
        return tuple(next(text for text in texts if text) for texts in zip(*choices, strict=True))

    def positions(self, keys: Iterable[object]) -> npt.NDArray[np.intp]:
        """Positions of codes (or (region, code) pairs), in the order asked for.

        Raises
        ------
        LabelError
            Naming every unknown code.
        """
        where = {key: spot for spot, key in enumerate(self.index)}
        wanted = [key if isinstance(key, tuple) else str(key) for key in keys]
        unknown = [key for key in wanted if key not in where]
        if unknown:
            known = f"{self.codes[0]} ... {self.codes[-1]}" if self.codes else "none"
            raise LabelError(
                f"{len(unknown)} unknown codes: {listed(unknown)}. Known: {known} "
                f"({len(self)} labels)."
            )
        return np.array([where[key] for key in wanted], dtype=np.intp)

    def in_group(self, group: str) -> npt.NDArray[np.intp]:
        """Positions of the labels of one group (a section or a role)."""
        return np.flatnonzero([item == group for item in self.groups])

    def extended(self, other: "Labels") -> "Labels":
        """Return these labels followed by others; languages missing on a side are left empty.

        Others without a region join the region of these, if that is one.
        """
        own = set(self.regions)
        if len(own) == 1 and not any(other.regions):
            other = replace(other, regions=self.regions[:1] * len(other))
        languages = dict.fromkeys([*self.names, *other.names])
        blank = {id(part): ("",) * len(part) for part in (self, other)}
        names = {
            lang: self.names.get(lang, blank[id(self)]) + other.names.get(lang, blank[id(other)])
            for lang in languages
        }
        return Labels(
            codes=self.codes + other.codes,
            names=names,
            regions=self.regions + other.regions,
            groups=self.groups + other.groups,
        )

    def series(self, values: Array, name: str) -> pd.Series:
        """Return values as a fresh Series on these labels."""
        return pd.Series(np.array(values), index=self.index, name=name)

    def square(self, values: Array) -> pd.DataFrame:
        """Return a square array as a fresh frame with these labels on both sides."""
        return pd.DataFrame(np.array(values), index=self.index, columns=self.index)

    def describe(self, language: str = "en") -> pd.DataFrame:
        """Return codes, names and groups as a frame."""
        frame = pd.DataFrame({"name": self.named(language), "group": self.groups}, self.index)
        return frame if any(self.groups) else frame[["name"]]


def _repeats(keys: Sequence[object]) -> bool:
    return len(set(keys)) != len(keys)
