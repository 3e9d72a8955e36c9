"""How purchases that a new sector does not know are to be filled, and what was filled."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from iomodel.errors import SpecError
from iomodel.results import Shown

Rule = Literal["remainder", "per worker"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Imputation(Shown):
    """How the unknown purchases of a new sector are filled from a sector of the table.

    Parameters
    ----------
    parent : str
        Code of the base sector whose purchases serve as the pattern.
    rule : {"remainder", "per worker"}
        ``remainder``: the parent's pattern, scaled to what known purchases, labour income and
        other value added leave of the output. ``per worker``: what the parent buys per unit
        of `satellite`, times the new sector's own level.
    suppliers : tuple of str, optional
        Codes of the suppliers that are unknown; if absent, all that the sector does not
        state. A purchase that is stated is never changed; state zero for what is not bought.
    other_value_added : float, optional
        Share of output for taxes, depreciation and surplus, for ``remainder`` only; if
        absent, that of the parent.
    satellite : str
        Account of the table that counts workers, for ``per worker``.
    estimate : str, optional
        Row of the satellite, if it has several.
    item, channel : str
        Cost item and channel that the imputed purchases are reported under.

    Raises
    ------
    SpecError
        If the rule is unknown or an argument does not go with it.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> new = iom.NewSector(code="n", names={"en": "New"}, output=1e9, purchases={"63122": 0.3},
    ...     labour_income=0.2, levels={"employment": 9e3}, basis="heads", currency="CNY",
    ...     price_year=2025)
    >>> how = iom.Imputation(parent="87144")
    >>> certificate = iom.insert(china, new, impute={"n": how}).certificate
    >>> dict(certificate.facts())["purchases of n that were imputed"]
    '33.76% of output, 98, from 87144 by remainder'
    """

    parent: str
    rule: Rule = "remainder"
    suppliers: tuple[str, ...] | None = None
    other_value_added: float | None = None
    satellite: str = "employment"
    estimate: str | None = None
    item: str = "imputed"
    channel: str = "supply"

    def __post_init__(self) -> None:
        problems = []
        if self.rule not in get_args(Rule):
            problems.append(f"rule {self.rule!r}: use {' or '.join(get_args(Rule))}")
        share = self.other_value_added
        if share is not None and self.rule != "remainder":
            problems.append("other_value_added goes with the rule remainder only")
        if share is not None and not 0 <= share <= 1:
            problems.append(f"other_value_added must lie between 0 and 1, not {share}")
        if problems:
            raise SpecError(f"imputation from {self.parent!r}: {'; '.join(problems)}.")


class Imputed(NamedTuple):
    """One purchase that was filled.

    Attributes
    ----------
    sector, supplier, parent, rule : str
    share : float
        Share of the new sector's output, domestic and imported together.
    """

    sector: str
    supplier: str
    parent: str
    rule: str
    share: float
