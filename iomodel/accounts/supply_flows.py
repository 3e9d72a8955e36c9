"""The figures of a supply and use table: read-only arrays, and the same as labelled frames."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.linear import Array
from iomodel.kernels.supply_use import market_shares, product_mix
from iomodel.results import Shown


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SupplyUseFlows(Shown):
    """Read-only arrays of a supply and use table of m products and n industries.

    Attributes
    ----------
    supply : ndarray, shape (m, n), or None
        V', domestic output of the row product by the column industry at basic prices. None
        where only a use table is known.
    use : ndarray, shape (m, n), or None
        U, purchases of the row product by the column industry. None where only a supply
        (make) table is known.
    final_demand : ndarray, shape (m, k)
        Y, final uses of products.
    primary_inputs : ndarray, shape (p, n)
        W, value added and other primary inputs of industries.
    final_primary : ndarray, shape (p, k)
        Primary inputs bought by final demand directly, such as taxes on products.
    product_output, industry_output : ndarray, shape (m,) and (n,)
        q and g, domestic output at basic prices.
    imports : ndarray, shape (m,)
        Imports by product, positive, part of the supply.
    margins : ndarray, shape (m,)
        Trade and transport margins of the supply at purchasers' prices: positive on goods,
        negative on the products that render them, zero in total. Zero at basic prices.
    product_taxes : ndarray, shape (m,)
        Taxes less subsidies on products of the supply at purchasers' prices. Zero at basic
        prices.
    """

    supply: Array | None
    use: Array | None
    final_demand: Array
    primary_inputs: Array
    final_primary: Array
    product_output: Array
    industry_output: Array
    imports: Array
    margins: Array
    product_taxes: Array

    def __post_init__(self) -> None:
        given = [item.name for item in fields(self) if getattr(self, item.name) is not None]
        for name in given:
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        m, n = len(self.product_output), len(self.industry_output)
        k, p = self.final_demand.shape[-1], len(self.primary_inputs)
        want = {
            **dict.fromkeys(("supply", "use"), (m, n)),
            "final_demand": (m, k),
            "primary_inputs": (p, n),
            "final_primary": (p, k),
            "industry_output": (n,),
            **dict.fromkeys(("product_output", "imports", "margins", "product_taxes"), (m,)),
        }
        wrong = [
            f"{name}: shape {getattr(self, name).shape} where {want[name]} is needed"
            for name in given
            if getattr(self, name).shape != want[name]
        ]
        if wrong:
            raise LabelError(f"the blocks of the table do not fit:\n  {listed(wrong)}")
        bad = [
            f"{name}{tuple(spot)}"
            for name in given
            for spot in np.argwhere(~np.isfinite(getattr(self, name))).tolist()
        ]
        if bad:
            raise AccountingError(
                f"{len(bad)} cells are not finite numbers (block and position):\n  {listed(bad)}\n"
                "Fill them, with zero where zero is meant."
            )

    def __repr__(self) -> str:
        m, n = len(self.product_output), len(self.industry_output)
        have = [name for name in ("supply", "use") if getattr(self, name) is not None]
        return f"<SupplyUseFlows> {m} products, {n} industries: {' and '.join(have) or 'neither'}"

    @property
    def total_supply(self) -> Array:
        """Domestic output, imports, margins and taxes on products, by product."""
        return self.product_output + self.imports + self.margins + self.product_taxes

    @property
    def product_residual(self) -> Array:
        """Intermediate and final uses less total supply, by product; zero without a use table."""
        if self.use is None:
            return np.zeros(len(self.product_output))
        uses: Array = self.use.sum(axis=1) + self.final_demand.sum(axis=1)
        return uses - self.total_supply

    @property
    def industry_residual(self) -> Array:
        """Intermediate and primary inputs less output, by industry; zero without a use table."""
        if self.use is None:
            return np.zeros(len(self.industry_output))
        inputs: Array = self.use.sum(axis=0) + self.primary_inputs.sum(axis=0)
        return inputs - self.industry_output


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SupplyUseFrames(Shown):
    """The blocks of a supply and use table as fresh labelled frames.

    Attributes
    ----------
    products, industries : Labels
        The m products and n industries.
    final_labels, primary_labels : Labels
        The k final demand columns and p primary input rows; their groups are roles.
    flows : SupplyUseFlows
        The figures, read-only arrays.
    """

    products: Labels
    industries: Labels
    final_labels: Labels
    primary_labels: Labels
    flows: SupplyUseFlows

    @property
    def supply(self) -> pd.DataFrame:
        """Supply V', domestic output of m products by n industries, at basic prices."""
        return self._block("supply")

    @property
    def make(self) -> pd.DataFrame:
        """Make V, the supply transposed: n industries by m products."""
        return self._block("supply").T

    @property
    def use(self) -> pd.DataFrame:
        """Use U, purchases of m products by n industries."""
        return self._block("use")

    @property
    def final_demand(self) -> pd.DataFrame:
        """Final demand Y by product and column, m x k."""
        return pd.DataFrame(
            np.array(self.flows.final_demand), self.products.index, self.final_labels.index
        )

    @property
    def primary_inputs(self) -> pd.DataFrame:
        """Primary inputs W by row and industry, p x n."""
        return pd.DataFrame(
            np.array(self.flows.primary_inputs), self.primary_labels.index, self.industries.index
        )

    @property
    def product_output(self) -> pd.Series:
        """Domestic output by product q, m."""
        return self.products.series(self.flows.product_output, "product_output")

    @property
    def industry_output(self) -> pd.Series:
        """Output by industry g, n."""
        return self.industries.series(self.flows.industry_output, "industry_output")

    @property
    def imports(self) -> pd.Series:
        """Imports by product, positive, m."""
        return self.products.series(self.flows.imports, "imports")

    @property
    def margins(self) -> pd.Series:
        """Trade and transport margins by product, negative on the products that render them."""
        return self.products.series(self.flows.margins, "margins")

    @property
    def product_taxes(self) -> pd.Series:
        """Taxes less subsidies on products, m."""
        return self.products.series(self.flows.product_taxes, "product_taxes")

    @property
    def market_shares(self) -> pd.DataFrame:
        """Market shares D = V diag(q)^-1: industry's share of each product's output, n x m.

        Of a product that nobody makes the shares are not numbers (NaN).
        """
        shares = market_shares(self._block("supply").to_numpy())
        return pd.DataFrame(shares, self.industries.index, self.products.index)

    @property
    def product_mix(self) -> pd.DataFrame:
        """Product mix C = V' diag(g)^-1: product's share of each industry's output, m x n.

        Of an industry without output the shares are not numbers (NaN).
        """
        shares = product_mix(self._block("supply").to_numpy())
        return pd.DataFrame(shares, self.products.index, self.industries.index)

    def _block(self, name: str) -> pd.DataFrame:
        array = getattr(self.flows, name)
        if array is None:
            raise AccountingError(
                f"there is no {name} table: give it as iom.supply_use({name}=...), products in "
                "the rows and industries in the columns."
            )
        return pd.DataFrame(np.array(array), self.products.index, self.industries.index)
