"""What a page is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from iomodel.analysis.inverse import Inverse
from iomodel.analysis.sensitivity import Sensitivity
from iomodel.analysis.uncertainty import Uncertainty
from iomodel.report.names import Names
from iomodel.report.parts import between, number
from iomodel.report.texts import Texts
from iomodel.results import Result
from iomodel.studies.comparison import Comparison, published_ratio
from iomodel.studies.derivation import Derivation
from iomodel.studies.placebo import Placebo
from iomodel.studies.scopes import ordered, pair
from iomodel.studies.spread import Spreads

SMALL = 0.1


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """Everything that a page may show; all but the derivation may be absent.

    Attributes
    ----------
    derivation : Derivation
    comparison : Comparison or None
    intervals : Spreads, Uncertainty or None
    placebo : Placebo or None
    asked : mapping of scope to Inverse
    inputs : mapping of file name to sha256
    beside : sequence of Result
    words : Texts
    drawable : bool
        Whether pictures can be drawn.
    """

    derivation: Derivation
    words: Texts
    comparison: Comparison | None = None
    intervals: Spreads | Uncertainty | None = None
    placebo: Placebo | None = None
    asked: Mapping[str, Inverse] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    beside: Sequence[Result] = ()
    drawable: bool = False

    @property
    def names(self) -> Names:
        """The names by which the page calls things."""
        return Names(self.derivation, self.words)

    @property
    def stated(self) -> Uncertainty | None:
        """Draws with distributions as stated."""
        return self.intervals.stated if isinstance(self.intervals, Spreads) else self.intervals

    @property
    def drivers(self) -> Sensitivity | None:
        """What drives the headline, if it was asked."""
        return self.intervals.drivers if isinstance(self.intervals, Spreads) else None

    @property
    def published(self) -> float | None:
        """The published ratio, if there is one to compare with."""
        return published_ratio(self.comparison)

    @property
    def patterns(self) -> list[str]:
        """Employment patterns."""
        return [str(name) for name in self.derivation.central.index]

    @property
    def pair(self) -> list[str]:
        """The headline, and the upper bound that is read with it."""
        return list(pair(self.derivation.central.columns))

    @property
    def scopes(self) -> list[str]:
        """Scopes, the headline pair first."""
        return ordered(map(str, self.derivation.central.columns))

    @property
    def widest(self) -> str:
        """The scope in which channels and destinations are counted."""
        return self.derivation.fullest

    @property
    def digits(self) -> int:
        """Decimals of ratios: more where the headline is small."""
        return 2 if float(self.derivation.central[self.pair[0]].mean()) >= SMALL else 4

    def spread(self, scope: str) -> str:
        """Return the range of a scope over employment patterns."""
        values = self.derivation.central[scope]
        return between(float(values.min()), float(values.max()), self.digits)

    def mean(self, scope: str) -> str:
        """Return the mean of a scope over employment patterns."""
        return number(float(self.derivation.central[scope].mean()), self.digits)

    def transposed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return what has patterns as rows with patterns as columns, the mean first."""
        flipped = frame.T
        return pd.concat([flipped.mean(axis=1).rename("mean"), flipped], axis=1)
