"""Random productive economies, and random industries to insert into them.

hypothesis draws sizes and a seed, so that a case is cheap to make and can be replayed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from hypothesis import strategies as st

import iomodel as iom
from iomodel.accounts.sectors import Purchase

Array = npt.NDArray[np.float64]
Rng = np.random.Generator

HOUSEHOLDS = ("rural", "urban")
FINALS = (*HOUSEHOLDS, "government", "exports")
FINAL_ROLES = {**dict.fromkeys(HOUSEHOLDS, "household"), "exports": "exports"}
PRIMARIES = ("compensation", "surplus")
PERSONS = 1e4  # employment is stated in 10,000 persons


@dataclass(frozen=True, kw_only=True)
class Economy:
    """An economy as pandas objects, before it is a table.

    `shares` are the domestic shares it was made with: one for all users of a product at home.
    """

    flows: pd.DataFrame
    final: pd.DataFrame
    primary: pd.DataFrame
    employment: pd.DataFrame
    imports: pd.Series | None
    shares: pd.Series

    @property
    def codes(self) -> list[str]:
        return list(self.flows.index)

    @property
    def coefficients(self) -> Array:
        """Domestic coefficients, from the shares the economy was made with."""
        own = self.shares.to_numpy()[:, None] if self.imports is not None else 1.0
        return np.asarray(own * self.flows.to_numpy() / self.output)

    @property
    def output(self) -> Array:
        return np.asarray((self.flows.sum() + self.primary.sum()).to_numpy())

    @property
    def intensity(self) -> Array:
        """Persons per unit of output, by account and sector."""
        return np.asarray(PERSONS * self.employment.to_numpy() / self.output)

    @property
    def wages(self) -> Array:
        return np.asarray(self.primary.loc["compensation"].to_numpy() / self.output)

    def table(self, **facts: Any) -> iom.IOTable:
        """Build the table as stated: competitive where the economy imports."""
        employment = iom.Satellite(
            name="employment",
            rows=iom.Labels(codes=tuple(self.employment.index)),
            values=self.employment.to_numpy(),
            unit="10,000 persons",
            unit_value=PERSONS,
            basis="fte",
            year=facts.get("year"),
        )
        return iom.table(
            self.flows,
            final_demand=self.final,
            primary_inputs=self.primary,
            imports=self.imports,
            satellites={"employment": employment},
            final_roles=FINAL_ROLES,
            **facts,
        )

    def domestic(self, **facts: Any) -> iom.IOTable:
        """Build the table of domestic flows."""
        table = self.table(**facts)
        return table if self.imports is None else iom.domestic(table)

    def permuted(self, order: npt.NDArray[np.intp]) -> "Economy":
        """List the sectors in another order."""
        return Economy(
            flows=self.flows.iloc[order, order],
            final=self.final.iloc[order],
            primary=self.primary.iloc[:, order],
            employment=self.employment.iloc[:, order],
            imports=None if self.imports is None else self.imports.iloc[order],
            shares=self.shares.iloc[order],
        )

    def in_units_of(self, size: float) -> "Economy":
        """State the same money in a unit that is `size` times as large."""
        return replace(
            self,
            flows=self.flows / size,
            final=self.final / size,
            primary=self.primary / size,
            imports=None if self.imports is None else self.imports / size,
        )


def made_economy(size: int, rng: Rng, *, imports: bool) -> Economy:
    """Make an economy whose columns buy less than their output and whose rows balance."""
    codes = [f"s{i:02d}" for i in range(size)]
    mix = rng.random((size, size)) * (rng.random((size, size)) < 0.7)
    mix[rng.integers(size), :] += 0.05  # no column is empty
    technical = mix / mix.sum(axis=0) * rng.uniform(0.05, 0.7, size)
    home = 10 ** rng.uniform(0, 3, (size, 3)) * (rng.random((size, 3)) < 0.8)
    home[rng.integers(size), 0] += 1.0  # rural and urban households both buy something
    home[rng.integers(size), 1] += 1.0
    exports = 10 ** rng.uniform(0, 3, size)
    shares = rng.uniform(0.3, 1.0, size) if imports else np.ones(size)
    right = shares * home.sum(axis=1) + exports
    output = np.linalg.solve(np.eye(size) - shares[:, None] * technical, right)
    flows = technical * output
    added = output - flows.sum(axis=0)
    wages = added * rng.uniform(0.1, 0.9, size)
    levels = output * 10 ** rng.uniform(-5, -2, (2, size))
    use = flows.sum(axis=1) + home.sum(axis=1)
    return Economy(
        flows=pd.DataFrame(flows, codes, codes),
        final=pd.DataFrame(np.column_stack([home, exports]), codes, list(FINALS)),
        primary=pd.DataFrame([wages, added - wages], list(PRIMARIES), codes),
        employment=pd.DataFrame(levels, ["census", "survey"], codes),
        imports=pd.Series((1 - shares) * use, codes) if imports else None,
        # A product without any use at home has no share; bought new, it would be domestic.
        shares=pd.Series(np.where(use > 0, shares, 1.0), codes),
    )


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Sectors m and p with the spending of consumers, and the economy they enter."""

    economy: Economy
    sectors: tuple[iom.NewSector, ...]
    demand: tuple[iom.NewDemand, ...]
    propensity: float
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> iom.IOTable:
        base = self.economy.domestic(**self.facts)
        return iom.insert(base, self.sectors, demand=self.demand)

    @property
    def open(self) -> iom.Leontief:
        return iom.leontief(self.table)

    @property
    def closed(self) -> iom.ClosedLeontief:
        return iom.close_households(self.open, propensity=self.propensity)

    def with_purchases(
        self, change: Callable[[tuple[Purchase, ...]], tuple[Purchase, ...]]
    ) -> "Activity":
        """Change the list of purchases of every sector."""
        sectors = tuple(replace(item, purchases=change(item.bought)) for item in self.sectors)
        return replace(self, sectors=sectors)


def purchases(codes: list[str], items: Mapping[str, str], total: float, rng: Rng) -> Any:
    """Spread items (with their channels) over one to three base sectors each."""
    rows = [
        (item, channel, str(code))
        for item, channel in items.items()
        for code in rng.choice(codes, size=min(len(codes), int(rng.integers(1, 4))), replace=False)
    ]
    shares = rng.dirichlet(np.ones(len(rows))) * total
    return tuple(Purchase(*row, float(share)) for row, share in zip(rows, shares, strict=True))


def made_activity(economy: Economy, rng: Rng) -> Activity:
    """Make production m and distribution p, which pays out to m, and two items of demand."""
    codes, scale = economy.codes, float(economy.output.mean())
    labour_m, labour_p = rng.uniform(0.05, 0.5, 2)
    payout = float(rng.uniform(0, 0.3))
    supply = {"m_script": "supply", "m_venue": "supply", "m_meals": "hospitality"}
    inputs = {"p_ads": "traffic", "p_cloud": "platform_inputs", "p_fees": "platform_inputs"}
    m = iom.NewSector(
        code="m",
        output=float(scale * rng.uniform(0.01, 1)),
        purchases=purchases(codes, supply, (1 - labour_m) * rng.uniform(0.3, 1), rng),
        labour_income=float(labour_m),
        levels={"employment": float(rng.uniform(1, 1000))},
        channel="production_staff",
        basis="fte",
    )
    p = iom.NewSector(
        code="p",
        output=float(scale * rng.uniform(0.01, 2)),
        purchases=purchases(codes, inputs, (1 - labour_p - payout) * rng.uniform(0.3, 1), rng),
        labour_income=float(labour_p),
        from_new={"m": payout},
        levels={"employment": float(rng.uniform(1, 1000))},
        channel="platform_staff",
        basis="fte",
    )
    demand = tuple(
        iom.NewDemand(
            item=item,
            channel=channel,
            amounts={code: float(scale * rng.random()) for code in codes if rng.random() < 0.7},
            additional=float(rng.uniform(0, 1)),
        )
        for item, channel in (("gmv", "e_commerce"), ("trips", "tourism"))
    )
    propensity = float(rng.uniform(0.05, 0.8))
    return Activity(economy=economy, sectors=(m, p), demand=demand, propensity=propensity)


def _seeds() -> st.SearchStrategy[Rng]:
    return st.integers(0, 2**32 - 1).map(np.random.default_rng)


def economies(imports: bool | None = None) -> st.SearchStrategy[Economy]:
    """Economies of 2 to 12 sectors, with imports, without, or with either (None)."""
    kinds = st.booleans() if imports is None else st.just(imports)
    return st.builds(
        lambda size, rng, kind: made_economy(size, rng, imports=kind),
        st.integers(2, 12),
        _seeds(),
        kinds,
    )


def activities() -> st.SearchStrategy[Activity]:
    """Activities in economies of either kind."""
    return st.builds(made_activity, economies(), _seeds())
