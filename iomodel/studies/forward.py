"""The whole chain of a study as one function of its inputs, for many draws at once.

Reduced form of the bordered system: what each item of spending sets off in the base sectors is
solved for once; a draw then costs a few products of small matrices.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from iomodel.accounts.assumptions import unit_value
from iomodel.accounts.industry import PAY, PLATFORM_ITEMS, IndustryAccount
from iomodel.accounts.priors import Values
from iomodel.accounts.sectors import SUM_TOLERANCE
from iomodel.accounts.table import IOTable
from iomodel.errors import SpecError
from iomodel.kernels.linear import Array
from iomodel.kernels.sampling import Mask

PATTERN = "labour_pattern"
POOLED = "pooled"
FARMING = "A"
HOUSEHOLDS = "households"
Key = tuple[str, ...]
Parts = Mapping[str, Array]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Forward:
    """Ratios, channels and levels of a study as a function of its inputs.

    Call it with a mapping of input to an array of n values, in the units of the workbook; it
    returns a mapping of (measure, item, pattern) to an array of n results. Real and complex
    numbers are taken alike, so that derivatives can be had by a complex step.

    Attributes
    ----------
    units : mapping of id to float
        Size of each input's unit in RMB, persons, days or shares.
    patterns : tuple of str, length r
        Employment patterns.
    items : mapping of item to int
        Rows of `reach`.
    reach : ndarray, shape (items, 2 r + 1)
        Jobs in farming by pattern, other jobs by pattern and labour income that one RMB of
        spending on an item sets off in the base sectors: s' (I - A_KK')^-1 [e, w].
    pay_range : tuple of float
        Plausible pay per direct work-day, RMB.
    destinations : ndarray, shape (items, n) or None
        Output by base sector per RMB of spending; None unless asked for.
    """

    units: Mapping[str, float]
    patterns: tuple[str, ...]
    items: Mapping[str, int]
    reach: Array
    pay_range: tuple[float, float]
    codes: tuple[str, ...] = ()
    intensity: Array = field(default_factory=lambda: np.zeros((0, 0)))
    destinations: Array | None = None

    def __call__(self, values: Values) -> dict[Key, Array]:
        """Return results by measure, item and pattern.

        Parameters
        ----------
        values : mapping of id to ndarray, shape (n,)

        Returns
        -------
        dict of tuple to ndarray, shape (n,)
            ``ratio`` by scope, ``channel`` in jobs per direct job (scope ``all``) and
            ``level`` in full-time job-years; pattern ``pooled`` takes the pattern drawn.
        """
        v = self._sized(values)
        spent = self._spent(v)
        jobs, wages = self._caused(spent, v)
        home = self._household(v, wages)
        direct = v["titles"] * v["workdays_per_title"] / v["days_per_fte"]
        per_direct = 1.0 / direct
        share = {name: count * per_direct for name, count in jobs.items()}
        share["induced_core"] = share[HOUSEHOLDS] * home["core"]
        share["induced_spill"] = share[HOUSEHOLDS] * (home["all"] - home["core"])
        return self._keyed(_measures(v, share, jobs[HOUSEHOLDS], direct), values, spent, v, home)

    @property
    def screens(self) -> dict[str, Callable[[Values], Mask]]:
        """Rules that a draw must pass, by name: accounting and plausibility."""
        return {
            "residual of the platform's costs not negative": self.residual_not_negative,
            "pay per direct work-day plausible": self.pay_plausible,
            "paid revenue within revenue": self.paid_within_revenue,
            "household re-spending ends": self.rounds_end,
        }

    def residual_not_negative(self, values: Values) -> Mask:
        """Tell in which draws costs of the platform stay within its revenue."""
        v = self._sized(values)
        costs = v["p_payment"] * v["paid_revenue"] + v["revenue"] * sum(
            v[key] for key in (*PLATFORM_ITEMS, "payout_share", "p_staff") if key != "p_payment"
        )
        return np.asarray(v["revenue"] - costs >= -SUM_TOLERANCE * v["revenue"])

    def pay_plausible(self, values: Values) -> Mask:
        """Tell in which draws the pay per direct work-day lies in its range."""
        v = self._sized(values)
        pay = v[PAY] / _block(v, "m_") * v["cost_per_title"] / v["workdays_per_title"]
        return np.asarray((pay >= self.pay_range[0]) & (pay <= self.pay_range[1]))

    def paid_within_revenue(self, values: Values) -> Mask:
        """Tell in which draws the paid part of revenue does not exceed the whole."""
        v = self._sized(values)
        return np.asarray(v["paid_revenue"] <= v["revenue"])

    def rounds_end(self, values: Values) -> Mask:
        """Tell in which draws one unit of household spending brings back less than one."""
        v = self._sized(values)
        wage = self.reach[self.items[HOUSEHOLDS], -1]
        return np.asarray(v["net_income"] * v["mpc"] * wage < 1.0)

    def _sized(self, values: Values) -> dict[str, Any]:
        """Bring inputs to RMB, persons, days and shares."""
        return {
            key: values[key] if size == 1.0 else values[key] * size
            for key, size in self.units.items()
        }

    def _spent(self, v: Mapping[str, Any]) -> dict[str, Array]:
        """Attributed spending in RMB by item, grouped by channel; each of shape (items, n)."""
        produced, revenue = v["titles"] * v["cost_per_title"], v["revenue"]
        scale, trips = produced / _block(v, "m_"), v["tourism"] / _block(v, "tour_")
        goods = v["gmv"] * (1.0 - v["gmv_ad_cost"])
        groups: dict[str, list[Any]] = {
            "production_supply": [v[k] * scale for k in self._named("production_supply")],
            "traffic_ads": [v["traffic_share"] * revenue],
            "platform_inputs": [
                v[k] * (v["paid_revenue"] if k == "p_payment" else revenue)
                for k in self._named("platform_inputs")
            ],
            "e_commerce": [goods],
            "tourism": [v[k] * trips for k in self._named("tourism")],
        }
        return {name: np.stack(rows) for name, rows in groups.items() if rows}

    def _named(self, channel: str) -> list[str]:
        return [item for item in self.items if _channel(item) == channel]

    def _caused(
        self, spent: Mapping[str, Array], v: Mapping[str, Any]
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Jobs (r, n) and labour income (n,) that each channel's spending sets off."""
        r = len(self.patterns)
        farm, each = v["fte_agriculture"], 1.0 / v["productivity_drift"]
        jobs, wages = {}, {}
        for name, amount in spent.items():
            found = self.reach[[self.items[item] for item in self._named(name)]].T @ amount
            jobs[name] = (found[:r] * farm + found[r : 2 * r]) * each
            wages[name] = found[-1]
        house = self.reach[self.items[HOUSEHOLDS]][:, None]
        jobs[HOUSEHOLDS] = (house[:r] * farm + house[r : 2 * r]) * each
        staff = v["p_staff"] * v["revenue"] / (v["p_wage"] * v["p_on_cost"])
        jobs["platform_staff"] = np.broadcast_to(staff, (r, len(staff)))
        return jobs, wages

    def _household(self, v: Mapping[str, Any], wages: Parts) -> dict[str, Array]:
        """Household spending x_h without and with additional consumer spending, (n,) each.

        S = 1 - chi mu_w' A_Kh is the Schur complement of the household sector.
        """
        chi = v["net_income"] * v["mpc"]
        rounds = chi / (1.0 - chi * self.reach[self.items[HOUSEHOLDS], -1])
        pay = v[PAY] / _block(v, "m_") * v["titles"] * v["cost_per_title"]
        core = pay + v["p_staff"] * v["revenue"]
        core = core + wages["production_supply"] + wages["traffic_ads"] + wages["platform_inputs"]
        spill = wages["e_commerce"] * v["gmv_additional"]
        spill = spill + wages["tourism"] * v["tourism_additional"]
        return {"core": rounds * core, "all": rounds * (core + spill)}

    def _keyed(
        self,
        measures: Mapping[tuple[str, str], Array],
        values: Values,
        spent: Parts,
        v: Mapping[str, Any],
        home: Parts,
    ) -> dict[Key, Array]:
        picked = self._picked(values)
        out: dict[Key, Array] = {}
        for (measure, item), found in measures.items():
            for k, pattern in enumerate(self.patterns):
                out[measure, item, pattern] = found[k]
            out[measure, item, POOLED] = found[picked, np.arange(len(picked))]
        if self.destinations is not None:
            out |= self._by_destination(picked, spent, v, home)
        return out

    def _picked(self, values: Values) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Position of the pattern of each draw, shape (n,)."""
        chosen = np.asarray(values[PATTERN])
        place = np.full(len(chosen), -1, dtype=np.intp)
        for k, pattern in enumerate(self.patterns):
            place[chosen == pattern] = k
        if (place < 0).any():
            strange = ", ".join(sorted(set(chosen[place < 0].tolist())))
            raise SpecError(
                f"{PATTERN}: {strange} is no row of the employment account "
                f"({', '.join(self.patterns)}). Change the list in the note of {PATTERN}."
            )
        return place

    def _by_destination(
        self, picked: Any, spent: Parts, v: Mapping[str, Any], home: Parts
    ) -> dict[Key, Array]:
        """Jobs per direct job by base sector in the scope ``all``, pattern as drawn."""
        assert self.destinations is not None, "asked for"
        n = len(self.codes)
        output = home["all"][:, None] * self.destinations[self.items[HOUSEHOLDS]]
        extra = {"e_commerce": v["gmv_additional"], "tourism": v["tourism_additional"]}
        for name, amount in spent.items():
            rows = self.destinations[[self.items[item] for item in self._named(name)]]
            output = output + (amount * extra.get(name, 1.0)).T @ rows
        r = len(self.patterns)
        farm, other = self.intensity[:r][picked], self.intensity[r:][picked]
        direct = v["titles"] * v["workdays_per_title"] / v["days_per_fte"]
        scale = 1.0 / (v["productivity_drift"] * direct)
        jobs = output * (farm * v["fte_agriculture"][:, None] + other) * scale[:, None]
        return {("destination", self.codes[j], POOLED): jobs[:, j] for j in range(n)}


def forward(account: IndustryAccount, base: IOTable, *, destinations: bool = False) -> Forward:
    """Make the chain of a study a function of its inputs.

    Parameters
    ----------
    account : IndustryAccount
    base : IOTable
        Table of domestic flows with employment in persons, as `derive` inserts into.
    destinations : bool
        Also give jobs by destination sector, pattern as drawn: one array more per sector.

    Returns
    -------
    Forward

    Raises
    ------
    SpecError
        If several employment patterns are given, but no input ``labour_pattern``.

    Notes
    -----
    With mu' = e' L_KK, chi the spending per unit of labour cost and s the domestic purchases
    of an item, M = (e_p x_p + mu'(A_Km x_m + A_Kp x_p + A_Kh x_h + f_K)) / (e_m x_m). Only
    scalars change from draw to draw; mu's and L_KK s are solved for once.
    """
    satellite, flows = base.satellite("employment"), base.flows
    if PATTERN not in account.assumptions:
        raise SpecError(f"{account.source or account.title}: no input {PATTERN!r} to draw.")
    size = base.meta.unit_size
    intensity = satellite.intensity(flows.output, price_year=base.meta.price_year)
    intensity = intensity * satellite.unit_value / size
    farming = np.zeros(len(base))
    farming[base.labels.in_group(FARMING)] = 1.0
    pay = flows.primary_inputs[base.primary_labels.in_group("compensation")].sum(axis=0)
    pay = pay / np.where(flows.output == 0.0, 1.0, flows.output)
    split = np.vstack([intensity * farming, intensity * (1.0 - farming)])
    spread = _spread(account, base)
    mu = flows.solver.solve_transposed(np.vstack([split, pay]).T)
    screen = account.screens.get("pay_per_workday")
    caused = flows.solver.solve(np.array(list(spread.values())).T).T if destinations else None
    return Forward(
        units={
            key: unit_value(item.unit) or 1.0
            for key, item in account.assumptions.items()
            if not isinstance(item.central, str)
        },
        patterns=satellite.rows.codes,
        items={item: k for k, item in enumerate(spread)},
        reach=np.array(list(spread.values())) @ mu,
        pay_range=(-np.inf, np.inf) if screen is None else (screen.low, screen.high),
        codes=base.labels.codes if destinations else (),
        intensity=split if destinations else np.zeros((0, 0)),
        destinations=caused,
    )


def _spread(account: IndustryAccount, base: IOTable) -> dict[str, Array]:
    """Domestic purchases by base sector per unit of spending on each item, households last."""
    n, flows = len(base), base.flows
    shares = base.domestic_shares
    inside = np.ones(n) if shares is None else shares.intermediate
    consumed = np.ones(n) if shares is None else shares.consumption
    spread: dict[str, Array] = {}
    for row in account.map:
        column = spread.setdefault(row.item, np.zeros(n))
        column[int(base.labels.positions([row.sector])[0])] += row.share
    final = ("e_commerce", "tourism")
    spread = {
        item: column * (consumed if _channel(item) in final else inside)
        for item, column in spread.items()
    }
    household = base.final_labels.in_group("household")
    spent = flows.final_demand[:, household].sum(axis=1)
    spread[HOUSEHOLDS] = spent / (spent.sum() + flows.final_primary[:, household].sum())
    return spread


def _channel(item: str) -> str:
    if item == "gmv":
        return "e_commerce"
    if item.startswith("tour_"):
        return "tourism"
    return "production_supply" if item.startswith("m_") else PLATFORM_ITEMS.get(item, "")


def _block(v: Mapping[str, Any], prefix: str) -> Any:
    """Sum of a block of shares, which brings it to one."""
    return sum(value for key, value in v.items() if key.startswith(prefix))


def _measures(
    v: Mapping[str, Any], share: Parts, per_spending: Array, direct: Array
) -> dict[tuple[str, str], Array]:
    """Ratios by scope, jobs per direct job by channel, and levels; each of shape (r, n)."""
    supply = share["production_supply"]
    chain = supply + share["traffic_ads"] + share["platform_inputs"] + share["platform_staff"]
    shop = share["e_commerce"] * v["gmv_additional"]
    trips = share["tourism"] * v["tourism_additional"]
    ratios = {
        "supply": supply,
        "chain": chain,
        "chain+consumer": chain + shop + trips,
        "chain+consumer-gross": chain + share["e_commerce"] + share["tourism"],
        "chain+households": chain + share["induced_core"],
        "all": chain + shop + trips + share["induced_core"] + share["induced_spill"],
    }
    kept = ("production_supply", "traffic_ads", "platform_inputs", "platform_staff")
    channels = {name: share[name] for name in kept} | {"e_commerce": shop, "tourism": trips}
    channels |= {name: share[name] for name in ("induced_core", "induced_spill")}
    lost = v["displaced_viewing"] * v["paid_revenue"] * per_spending
    net = (ratios["all"] - v["moved_workers"]) * direct - lost
    levels = {"direct": np.broadcast_to(direct, per_spending.shape)}
    levels |= {f"indirect, {scope}": ratio * direct for scope, ratio in ratios.items()}
    levels["impact: indirect, all (net)"] = net
    return {
        **{("ratio", scope): ratio for scope, ratio in ratios.items()},
        **{("channel", name): jobs for name, jobs in channels.items()},
        **{("level", name): jobs for name, jobs in levels.items()},
    }
