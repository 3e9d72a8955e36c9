"""Random supply and use tables: square or rectangular, balanced, with imports and jobs."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from hypothesis import strategies as st

import iomodel as iom

Array = npt.NDArray[np.float64]
Rng = np.random.Generator
PRIMARIES = ["compensation", "other value added", "imports"]


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """Supply and use as pandas objects, before they are a table."""

    supply: pd.DataFrame
    use: pd.DataFrame
    final: pd.DataFrame
    primary: pd.DataFrame
    imports: pd.Series
    jobs: pd.Series

    def table(self, **facts: Any) -> iom.SupplyUseTable:
        return iom.supply_use(
            self.supply,
            self.use,
            final_demand=self.final,
            primary_inputs=self.primary,
            imports=self.imports,
            satellites={"employment": self.jobs},
            **facts,
        )

    def permuted(self, rows: list[int], columns: list[int]) -> "Accounts":
        """List products and industries in another order."""
        return Accounts(
            supply=self.supply.iloc[rows, columns],
            use=self.use.iloc[rows, columns],
            final=self.final.iloc[rows],
            primary=self.primary.iloc[:, columns],
            imports=self.imports.iloc[rows],
            jobs=self.jobs.iloc[columns],
        )

    def with_product(self, code: str, intermediate: float, final: float) -> "Accounts":
        """Add a product that is imported only."""
        n = self.use.shape[1]
        extra = pd.DataFrame([[intermediate] * n], [code], self.use.columns)
        primary = self.primary.copy()
        primary.loc["other value added"] -= intermediate
        demand = pd.DataFrame([[final, 0.0]], [code], self.final.columns)
        return replace(
            self,
            supply=pd.concat([self.supply, 0.0 * extra]),
            use=pd.concat([self.use, extra]),
            final=pd.concat([self.final, demand]),
            primary=primary,
            imports=pd.concat([self.imports, pd.Series({code: intermediate * n + final})]),
        )


def made_accounts(m: int, n: int, secondary: float, rng: Rng) -> Accounts:
    """Make accounts; `secondary` is the most that a product is made outside its main industry."""
    products, industries = [f"p{i:02d}" for i in range(m)], [f"i{j:02d}" for j in range(n)]
    shares = rng.random((n, m)) * (rng.random((n, m)) < 0.5) * secondary
    shares /= np.maximum(shares.sum(axis=0) / secondary, 1.0)
    main = np.arange(m) % n
    shares[main, np.arange(m)] = 0.0
    shares[main, np.arange(m)] = 1.0 - shares.sum(axis=0)
    output = 10 ** rng.uniform(1, 4, m)
    supply = shares.T * output[:, None]
    if n > m:  # every industry makes something
        supply += 0.1 * output[:, None] * rng.random((m, n))
    q, g = supply.sum(axis=1), supply.sum(axis=0)
    mix = rng.random((m, n)) * (rng.random((m, n)) < 0.7) + 1e-3
    use = mix / mix.sum(axis=0) * rng.uniform(0.1, 0.7, n) * g
    home = output * rng.random(m)
    imports = np.maximum(use.sum(axis=1) + home - q, 0.0) + output * rng.random(m) * 0.2
    final = np.column_stack([home, q + imports - use.sum(axis=1) - home])
    added = g - use.sum(axis=0)
    parts = rng.dirichlet([5.0, 3.0, 1.0], n).T
    return Accounts(
        supply=pd.DataFrame(supply, products, industries),
        use=pd.DataFrame(use, products, industries),
        final=pd.DataFrame(final, products, ["household", "exports"]),
        primary=pd.DataFrame(added * parts, PRIMARIES, industries),
        imports=pd.Series(imports, products),
        jobs=pd.Series(g * 10 ** rng.uniform(-3, -1, n), industries),
    )


def _seeds() -> st.SearchStrategy[Rng]:
    return st.integers(0, 2**32 - 1).map(np.random.default_rng)


def square(secondary: float = 0.45) -> st.SearchStrategy[Accounts]:
    """Accounts of 2 to 10 products and as many industries, each product mainly made by one."""
    return st.builds(
        lambda size, rng: made_accounts(size, size, secondary, rng), st.integers(2, 10), _seeds()
    )


def rectangular() -> st.SearchStrategy[Accounts]:
    """Accounts of 2 to 10 products and 2 to 10 industries."""
    return st.builds(
        lambda m, n, rng: made_accounts(m, n, 0.45, rng),
        st.integers(2, 10),
        st.integers(2, 10),
        _seeds(),
    )
