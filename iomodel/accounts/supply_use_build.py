"""Build a supply and use table from pandas objects, aligned by label."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from iomodel.accounts.alignment import (
    FINAL_ROLES,
    PRIMARY_ROLES,
    FrameLike,
    Key,
    aligned,
    columns,
    crossed,
    index_labels,
    numbers,
    role_labels,
    rows,
    satellites_of,
    vector,
)
from iomodel.accounts.checks import warn_of_gaps
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import ImportTreatment, Meta, Step
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.supply_flows import SupplyUseFlows
from iomodel.accounts.supply_use import SupplyUseTable
from iomodel.errors import LabelError
from iomodel.kernels.linear import Array


def supply_use(  # noqa: PLR0913 - the blocks and facts of a table are many, all keyword-only
    supply: pd.DataFrame | None = None,
    use: pd.DataFrame | None = None,
    *,
    final_demand: FrameLike | None = None,
    primary_inputs: FrameLike | None = None,
    final_primary: pd.DataFrame | None = None,
    product_output: pd.Series | None = None,
    industry_output: pd.Series | None = None,
    imports: pd.Series | None = None,
    margins: pd.Series | None = None,
    product_taxes: pd.Series | None = None,
    satellites: FrameLike | Mapping[str, FrameLike | Satellite] | None = None,
    product_names: Mapping[str, Sequence[str]] | None = None,
    industry_names: Mapping[str, Sequence[str]] | None = None,
    product_sections: Sequence[str] | None = None,
    industry_sections: Sequence[str] | None = None,
    final_roles: Mapping[str, str] | None = None,
    primary_roles: Mapping[str, str] | None = None,
    unit: str = "",
    unit_value: float | None = None,
    currency: str = "",
    year: int | None = None,
    price_year: int | None = None,
    title: str = "Supply and use table",
    publisher: str = "",
    valuation: str = "",
    import_treatment: ImportTreatment | None = None,
) -> SupplyUseTable:
    """Build a supply and use table from pandas objects, aligned by label.

    Parameters
    ----------
    supply : DataFrame, m x n, optional
        Domestic output at basic prices, products in the rows and industries in the columns
        (V', as Eurostat prints it). A make table has industries in the rows: give its
        transpose, ``make.T``. All other parts are brought into its order.
    use : DataFrame, m x n, optional
        Purchases of products by industries, U. One of `supply` and `use` may be absent.
    final_demand : DataFrame (m x k) or Series (m), optional
        Final uses of products. If absent and there is a use table: total supply less
        intermediate uses, as one column.
    primary_inputs : DataFrame (p x n) or Series (n), optional
        Value added and other primary inputs. If absent and there is a use table: one row
        ``value_added``, output less intermediate inputs.
    final_primary : DataFrame (p x k), optional
        Primary inputs bought by final demand directly, such as taxes on products where uses
        are at basic prices; rows as in `primary_inputs`, columns as in `final_demand`.
    product_output, industry_output : Series, optional
        q and g. If absent: row and column sums of `supply`; without it, uses less the rest of
        supply, and intermediate plus primary inputs.
    imports : Series, m, optional
        Imports by product, positive: uses then include imports.
    margins, product_taxes : Series, m, optional
        Trade and transport margins (negative on the products that render them) and taxes less
        subsidies on products: uses are then at purchasers' prices.
    satellites : DataFrame (rows x n), Series (n) or mapping of names to these, optional
        Accounts by industry in other units, as in `iom.table`.
    product_names, industry_names : mapping of language to names, optional
    product_sections, industry_sections : sequence of str, optional
        In the order of the products and industries.
    final_roles, primary_roles : mapping of label to role, optional
        Roles, as in `iom.table`.
    unit, unit_value, currency, year, price_year, title, publisher
        Facts kept in ``meta``; `price_year` is `year` if absent.
    valuation : str, optional
        Prices of the use table. If absent: ``purchasers' prices`` with `margins` or
        `product_taxes`, else not stated.
    import_treatment : {"competitive", "domestic", "not stated"}, optional
        If absent: ``competitive`` with `imports`, else ``not stated``.

    Returns
    -------
    SupplyUseTable

    Raises
    ------
    LabelError
        If labels are missing, extra or duplicate, or an output cannot be found out.
    AccountingError
        If a figure is not a finite number, or neither table is given.

    Warns
    -----
    ImbalanceWarning
        If a product or an industry is out of balance by more than a rounding.

    Examples
    --------
    Miller and Blair (2009), section 5.2: two commodities and two industries.

    >>> import iomodel as iom
    >>> import pandas as pd
    >>> goods, makers = ["c1", "c2"], ["i1", "i2"]
    >>> make = pd.DataFrame([[90.0, 0.0], [10.0, 100.0]], makers, goods)
    >>> use = pd.DataFrame([[12.0, 8.0], [10.0, 7.0]], goods, makers)
    >>> sut = iom.supply_use(make.T, use)
    >>> sut.final_demand["final_demand"].tolist(), sut.industry_output.tolist()
    ([80.0, 83.0], [90.0, 110.0])
    """
    products, industries = _axes(
        supply, use, (product_names, industry_names), (product_sections, industry_sections)
    )
    side = (product_output, imports, margins, product_taxes)
    blocks = _Blocks.of(products, industries, supply, use)
    blocks = blocks.with_outputs(side, industry_output, final_demand, primary_inputs)
    treatment = import_treatment or ("competitive" if imports is not None else "not stated")
    priced = margins is not None or product_taxes is not None
    meta = Meta(
        title=title, publisher=publisher, unit=unit, unit_value=unit_value, currency=currency,
        year=year, price_year=year if price_year is None else price_year,
        valuation=valuation or ("purchasers' prices" if priced else ""),
        import_treatment=treatment, kind="supply and use", steps=blocks.steps,
    )  # fmt: skip
    accounts = satellites_of(satellites, industries, year)
    built = blocks.table(meta, accounts, final_primary, (final_roles, primary_roles))
    warn_about_balances(built, depth=3)
    return built


def warn_about_balances(table: SupplyUseTable, *, depth: int) -> None:
    """Warn about products and industries out of balance by more than a rounding.

    Parameters
    ----------
    table : SupplyUseTable
    depth : int
        How far up the caller to blame stands.
    """
    flows, unit = table.flows, table.meta.unit
    products = (flows.product_residual, flows.total_supply, table.products, "products")
    industries = (flows.industry_residual, flows.industry_output, table.industries, "industries")
    for gap in (products, industries):
        warn_of_gaps(*gap, how="uses or inputs less supply or output", unit=unit, depth=depth + 1)


Texts = Mapping[str, Sequence[str]] | None


def _axes(
    supply: pd.DataFrame | None,
    use: pd.DataFrame | None,
    names: tuple[Texts, Texts],
    sections: tuple[Sequence[str] | None, Sequence[str] | None],
) -> tuple[Labels, Labels]:
    frame = use if supply is None else supply
    for part, what in ((supply, "supply"), (use, "use")):
        if part is not None and not isinstance(part, pd.DataFrame):
            raise LabelError(
                f"{what} must be a DataFrame, products in rows, industries in columns."
            )
    if frame is None:
        raise LabelError("give supply or use, or both: a table needs one of them.")
    return (
        index_labels(frame.index, names[0], sections[0]),
        index_labels(frame.columns, names[1], sections[1]),
    )


Side = tuple[pd.Series | None, pd.Series | None, pd.Series | None, pd.Series | None]


class _Blocks(NamedTuple):
    """The blocks on their way to being complete."""

    products: Labels
    industries: Labels
    supply: Array | None
    use: Array | None
    finals: list[Key]
    final: Array
    primaries: list[str]
    primary: Array
    product_side: tuple[Array, Array, Array, Array]
    output: Array
    steps: tuple[Step, ...]

    @classmethod
    def of(
        cls,
        products: Labels,
        industries: Labels,
        supply: pd.DataFrame | None,
        use: pd.DataFrame | None,
    ) -> "_Blocks":
        """Align supply and use."""

        def block(frame: pd.DataFrame | None, what: str) -> Array | None:
            if frame is None:
                return None
            part = aligned(frame, products.index, f"{what} rows", axis=0, of="products")
            index = industries.index
            return numbers(aligned(part, index, f"{what} columns", axis=1, of="industries"))

        m, n = len(products), len(industries)
        zero = np.zeros(m)
        return cls(
            products,
            industries,
            block(supply, "supply"),
            block(use, "use"),
            [],
            np.zeros((m, 0)),
            [],
            np.zeros((0, n)),
            (zero, zero, zero, zero),
            np.zeros(n),
            (Step(verb="supply_use", arguments=f"{m} products, {n} industries"),),
        )

    def with_outputs(
        self,
        side: Side,
        industry_output: pd.Series | None,
        final_demand: FrameLike | None,
        primary_inputs: FrameLike | None,
    ) -> "_Blocks":
        """Align the rest; derive the parts that follow from the others and say so."""
        steps, use = list(self.steps), self.use
        finals, y = columns(final_demand, self.products, of="products")
        primaries, w = rows(primary_inputs, self.industries, "primary inputs", of="industries")
        rest = [
            np.zeros(len(self.products)) if part is None else self._product(part, what)
            for part, what in zip(side[1:], ("imports", "margins", "product taxes"), strict=True)
        ]
        total = sum(rest[1:], rest[0])
        if side[0] is not None:
            q = self._product(side[0], "product output")
        elif self.supply is not None:
            q = self.supply.sum(axis=1)
        elif use is not None and final_demand is not None:
            q = use.sum(axis=1) + y.sum(axis=1) - total
            steps.append(Step(verb="product_output", arguments="uses less the rest of supply"))
        else:
            raise LabelError("a use table alone needs final_demand or product_output.")
        if industry_output is not None:
            g = vector(industry_output, self.industries, "industry output", of="industries")
        elif self.supply is not None:
            g = self.supply.sum(axis=0)
        elif use is not None and primary_inputs is not None:
            g = use.sum(axis=0) + w.sum(axis=0)
            steps.append(Step(verb="industry_output", arguments="sum of the inputs"))
        else:
            raise LabelError("a use table alone needs primary_inputs or industry_output.")
        if use is not None and final_demand is None:
            finals, y = ["final_demand"], (q + total - use.sum(axis=1))[:, None]
            steps.append(Step(verb="final_demand", arguments="supply less intermediate uses"))
        if use is not None and primary_inputs is None:
            primaries, w = ["value_added"], (g - use.sum(axis=0))[None, :]
            steps.append(Step(verb="value_added", arguments="output less intermediate inputs"))
        return self._replace(
            finals=finals,
            final=y,
            primaries=primaries,
            primary=w,
            product_side=(q, rest[0], rest[1], rest[2]),
            output=g,
            steps=tuple(steps),
        )

    def _product(self, part: pd.Series, what: str) -> Array:
        return vector(part, self.products, what, of="products")

    def table(
        self,
        meta: Meta,
        satellites: Mapping[str, Satellite],
        final_primary: pd.DataFrame | None,
        roles: tuple[Mapping[str, str] | None, Mapping[str, str] | None],
    ) -> SupplyUseTable:
        """Return the table."""
        finals = role_labels(self.finals, roles[0], FINAL_ROLES)
        primaries = role_labels(self.primaries, roles[1], PRIMARY_ROLES)
        q, imports, margins, taxes = self.product_side
        return SupplyUseTable(
            products=self.products,
            industries=self.industries,
            final_labels=finals,
            primary_labels=primaries,
            flows=SupplyUseFlows(
                supply=self.supply,
                use=self.use,
                final_demand=self.final,
                primary_inputs=self.primary,
                final_primary=crossed(final_primary, primaries, finals),
                product_output=q,
                industry_output=self.output,
                imports=imports,
                margins=margins,
                product_taxes=taxes,
            ),
            satellites=satellites,
            meta=meta,
        )
