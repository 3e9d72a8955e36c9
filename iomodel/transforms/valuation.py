"""Uses at basic prices: margins to the products that render them, taxes to a row of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.alignment import aligned, numbers
from iomodel.accounts.labels import Labels
from iomodel.accounts.supply_use import SupplyUseTable
from iomodel.errors import AccountingError, SpecError, listed
from iomodel.kernels.linear import Array
from iomodel.kernels.valuation import in_proportion, with_renderers
from iomodel.results import Result, amount, figure, must_add_up

Valuation = pd.DataFrame | Literal["proportional"]
TAXES, TAXES_ROLE = "product_taxes", "product taxes"
CANCEL = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class ValuationCertificate(Result):
    """How uses by product came from purchasers' to basic prices.

    Attributes
    ----------
    labels : Labels
        The m products.
    purchasers, margins, taxes, basic : ndarray, shape (m,)
        Uses at purchasers' prices, the margins and taxes taken out, uses at basic prices.
        Margins are negative on the products that render them: these grow.
    how : str
        The method for margins and for taxes.
    """

    labels: Labels
    purchasers: Array
    margins: Array
    taxes: Array
    basic: Array
    how: str
    unit: str
    provenance: tuple[str, ...]
    residual: float

    def __post_init__(self) -> None:
        must_add_up(self.basic + self.margins + self.taxes, self.purchasers, what="uses by product")

    @property
    def title(self) -> str:
        """What is certified."""
        return f"Uses from purchasers' to basic prices ({self.unit or 'unit of the table'})"

    def facts(self) -> list[tuple[str, object]]:
        """Return totals and the method."""
        moved = float(self.margins[self.margins > 0].sum())
        return [
            ("method", self.how),
            ("uses at purchasers' prices", amount(float(self.purchasers.sum()), self.unit)),
            ("margins moved between products", amount(moved, self.unit)),
            ("taxes less subsidies taken out", amount(float(self.taxes.sum()), self.unit)),
            ("uses at basic prices", amount(float(self.basic.sum()), self.unit)),
            ("largest difference from the supply side", f"{self.residual:.2e}"),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of the table."""
        return dict.fromkeys(("purchasers", "margins", "taxes", "basic"), self.unit)

    def to_frame(self) -> pd.DataFrame:
        """Return uses, margins and taxes by product."""
        return self.labels.describe().assign(
            purchasers=self.purchasers, margins=self.margins, taxes=self.taxes, basic=self.basic
        )


def to_basic_prices(
    sut: SupplyUseTable,
    *,
    margins: Valuation = "proportional",
    taxes: Valuation = "proportional",
) -> SupplyUseTable:
    """State the uses of a supply and use table at basic prices.

    Parameters
    ----------
    sut : SupplyUseTable
        With a use table at purchasers' prices, and margins or product taxes by product.
    margins : DataFrame (m x (n + k)) or "proportional", optional
        Valuation matrix of trade and transport margins on each use, industries then final
        demand columns: negative on the products that render them, so that columns sum to
        zero. ``proportional``: all users of a product pay the margin of its supply in
        proportion to their purchases, and each product that renders margins has its share of
        every user's.
    taxes : DataFrame (m x (n + k)) or "proportional", optional
        Valuation matrix of taxes less subsidies on products; or all users of a product pay in
        proportion to their purchases.

    Returns
    -------
    SupplyUseTable
        Uses at basic prices, without margins and taxes in the supply. The taxes are a row
        ``product_taxes`` of primary inputs, of industries and of final demand, so that the
        inputs of every industry still cost what they did. Its `certificate` states totals by
        product.

    Raises
    ------
    AccountingError
        If there is no use table or nothing to convert, margins do not cancel, a valuation
        matrix does not give the column of the supply side, or a product with margins or taxes
        has no uses.
    LabelError
        If labels of a valuation matrix differ.
    IdentityError
        If a total changes.

    Notes
    -----
    U_b = U_p - M - T, Y likewise. One rate for all users of a product is the roughest method:
    exports bear few taxes, and households most trade margins; give matrices where they are
    published. Eurostat Manual of Supply, Use and Input-Output Tables (2008), chapter 6; 2008
    SNA, paragraphs 14.127-14.136.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> from iomodel.transforms.valuation import to_basic_prices
    >>> goods, makers = ["food", "trade"], ["farms", "shops"]
    >>> sut = iom.supply_use(
    ...     pd.DataFrame([[80.0, 0.0], [0.0, 30.0]], goods, makers),
    ...     pd.DataFrame([[10.0, 20.0], [0.0, 0.0]], goods, makers),
    ...     final_demand=pd.DataFrame({"household": [90.0, 0.0]}, goods),
    ...     margins=pd.Series([30.0, -30.0], goods),
    ...     product_taxes=pd.Series([10.0, 0.0], goods),
    ... )
    >>> basic = to_basic_prices(sut)
    >>> basic.use.round(2).to_numpy().tolist()
    [[6.67, 13.33], [2.5, 5.0]]
    """
    use = sut.flows.use
    if use is None:
        raise AccountingError(f"{sut.meta.title!r} has no use table whose prices could change.")
    if not sut.flows.margins.any() and not sut.flows.product_taxes.any():
        raise AccountingError(
            f"{sut.meta.title!r} has neither margins nor taxes less subsidies on products: its "
            "uses are at basic prices already, or iom.supply_use(..., margins=, product_taxes=) "
            "was not given them."
        )
    uses = np.hstack([use, sut.flows.final_demand])
    moved, left = _margins(sut, margins, uses), _taxes(sut, taxes, uses)
    how = f"margins {_said(margins)}, taxes {_said(taxes)}"
    return _converted(sut, uses, moved, left, how)


def _margins(sut: SupplyUseTable, given: Valuation, uses: Array) -> Array:
    column = sut.flows.margins
    size = float(np.abs(column).sum())
    if abs(float(column.sum())) > CANCEL * size:
        raise AccountingError(
            f"margins of {sut.meta.title!r} sum to {figure(float(column.sum()))} where they have "
            "to cancel: state them as negative numbers on the products that render them."
        )
    if not isinstance(given, str):
        found = _matrix(sut, given, column, "margins")
        sums = np.abs(found.sum(axis=0))
        bad = np.flatnonzero(sums > CANCEL * np.maximum(np.abs(found).sum(axis=0), 1e-300))
        if len(bad):
            users = [*sut.industries.shown, *sut.final_labels.shown]
            lines = [f"{users[j]}: {figure(float(sums[j]))}" for j in bad]
            raise AccountingError(
                f"margins paid by {len(bad)} users do not cancel (sum of the column):\n  "
                f"{listed(lines)}\nGive the products that render margins as negative numbers."
            )
        return found
    paid = _spread(sut, np.maximum(column, 0.0), uses, given, "margins")
    return with_renderers(paid, column) if size else paid


def _taxes(sut: SupplyUseTable, given: Valuation, uses: Array) -> Array:
    column = sut.flows.product_taxes
    if not isinstance(given, str):
        return _matrix(sut, given, column, "taxes")
    return _spread(sut, column, uses, given, "taxes")


def _spread(sut: SupplyUseTable, column: Array, uses: Array, method: str, what: str) -> Array:
    if method != "proportional":
        raise SpecError(f"{what}={method!r}: give a DataFrame or 'proportional'.")
    found = in_proportion(column, uses)
    bad = np.flatnonzero(np.isnan(found).any(axis=1))
    if len(bad):
        lines = [f"{sut.products.shown[i]}: {figure(float(column[i]))}" for i in bad]
        raise AccountingError(
            f"{len(bad)} products have {what} but uses that sum to zero:\n  {listed(lines)}\n"
            f"Give {what} by use as a DataFrame."
        )
    return found


def _matrix(sut: SupplyUseTable, given: pd.DataFrame, column: Array, what: str) -> Array:
    """Align a valuation matrix and compare its rows with the supply side."""
    users = sut.industries.index.append(sut.final_labels.index)
    ordered = aligned(given, sut.products.index, f"{what} rows", 0, of="products")
    found = numbers(aligned(ordered, users, f"{what} columns", 1, of="industries and final demand"))
    gap = found.sum(axis=1) - column
    bad = np.flatnonzero(~(np.abs(gap) <= CANCEL * max(float(np.abs(column).max()), 1e-300)))
    if len(bad):
        lines = [f"{sut.products.shown[i]}: {figure(float(gap[i]))}" for i in bad]
        raise AccountingError(
            f"{what} by use of {len(bad)} products do not sum to those of the supply (difference):"
            f"\n  {listed(lines)}\nThe two come from one source or are balanced first."
        )
    return found


def _said(given: Valuation) -> str:
    return given if isinstance(given, str) else "by valuation matrix"


def _converted(
    sut: SupplyUseTable, uses: Array, margins: Array, taxes: Array, how: str
) -> SupplyUseTable:
    flows, n = sut.flows, len(sut.industries)
    basic, paid = uses - margins - taxes, taxes.sum(axis=0)
    row = Labels(
        codes=(TAXES,), names={"en": ("Taxes less subsidies on products",)}, groups=(TAXES_ROLE,)
    )
    zero = np.zeros(len(sut.products))
    after = sut.replace(
        primary_labels=sut.primary_labels.extended(row),
        flows=replace(
            flows,
            use=basic[:, :n],
            final_demand=basic[:, n:],
            primary_inputs=np.vstack([flows.primary_inputs, paid[:n]]),
            final_primary=np.vstack([flows.final_primary, paid[n:]]),
            margins=zero,
            product_taxes=zero,
        ),
        meta=sut.meta.after("to_basic_prices", how, valuation="basic prices"),
    )
    scale = float(np.abs(uses).sum())
    must_add_up(
        np.append(after.flows.industry_residual, scale),
        np.append(flows.industry_residual, scale),
        what="imbalance of industries",
    )
    drift = must_add_up(
        np.append(after.flows.product_residual, scale),
        np.append(flows.product_residual, scale),
        what="imbalance of products",
        tolerance=CANCEL,
    )
    certificate = ValuationCertificate(
        labels=sut.products,
        purchasers=uses.sum(axis=1),
        margins=margins.sum(axis=1),
        taxes=taxes.sum(axis=1),
        basic=basic.sum(axis=1),
        how=how,
        unit=sut.meta.unit,
        provenance=after.meta.provenance,
        residual=drift,
    )
    return after.replace(certificate=certificate)
