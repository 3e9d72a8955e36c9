"""The whole chain of a study as one function of its inputs, for many draws at once.

Reduced form of the bordered system: what each item of spending sets off in the base sectors is
solved for once; a draw then costs a few products of small matrices.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from iomodel.accounts.assumptions import unit_value
from iomodel.accounts.declarations import Equation, Equations
from iomodel.accounts.equations import Formula
from iomodel.accounts.industry import IndustryAccount, Screen
from iomodel.accounts.priors import Values
from iomodel.accounts.sectors import SUM_TOLERANCE
from iomodel.accounts.table import IOTable
from iomodel.errors import SpecError
from iomodel.kernels.linear import Array
from iomodel.kernels.sampling import Mask
from iomodel.studies import scopes
from iomodel.studies.drawn import (
    Above,
    AtMost,
    Caused,
    Drawn,
    Group,
    NotNegative,
    Plausible,
    Spent,
)
from iomodel.studies.reduced import HOUSEHOLDS, counted_of, spread_of

PATTERN = "labour_pattern"
POOLED = "pooled"
ROUNDS = "household re-spending ends"
COSTS = frozenset({"purchase", "from", "imports"})
Key = tuple[str, ...]
Parts = Mapping[str, Array]
Rule = Callable[[Values], Mask]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Forward:
    """Ratios, channels and levels of a study as a function of its inputs.

    Call it with a mapping of input to an array of n values, in the units of the workbook; it
    returns a mapping of (measure, item, pattern) to an array of n results. Real and complex
    numbers are taken alike, so that derivatives can be had by a complex step.

    Attributes
    ----------
    declared : Equations
        What the study declares.
    ranges : mapping of id to Screen
        Plausible ranges.
    units : mapping of id to float
        Size of each input's unit in units of the currency, persons, days or shares.
    patterns : tuple of str, length r
        Employment patterns.
    items : mapping of item to int
        Rows of `reach`.
    reach : ndarray, shape (items, 2 r + 1) or (items, 2 r + 1, n)
        Jobs in farming by pattern, other jobs by pattern and labour income that one unit of
        spending on an item sets off in the base sectors: s' (I - A_KK')^-1 [e, w]. By draw as
        well where coefficients are drawn.
    destinations : ndarray, shape (items, n) or None
        Output by base sector per unit of spending; None unless asked for.
    """

    declared: Equations
    ranges: Mapping[str, Screen]
    units: Mapping[str, float]
    patterns: tuple[str, ...]
    items: Mapping[str, int]
    reach: Array
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
            ``ratio`` by scope, ``channel`` in jobs per direct job (fullest scope) and
            ``level`` in full-time job-years; pattern ``pooled`` takes the pattern drawn.
        """
        drawn = self.drawn(values)
        spent = self._spent(drawn)
        found = self._caused(spent, drawn)
        home = self._household(drawn, found)
        measures = self._measures(drawn, found, home)
        return self._keyed(measures, values, spent, drawn, home)

    def reaching(self, reach: Array) -> "Forward":
        """Return the same chain with another `reach`, such as one by draw."""
        return replace(self, reach=reach)

    @property
    def screens(self) -> dict[str, Rule]:
        """Rules that a draw must pass, by name: accounting and plausibility."""
        rules: dict[str, Rule] = {"residual of costs not negative": NotNegative(self.left_of_costs)}
        for row in self.declared.of("check"):
            screen = self.ranges[row.item]
            rules[f"{screen.item} plausible"] = Plausible(self.drawn, row, screen)
        for row in self.declared.of("at_most"):
            name = row.item or f"{row.formula.text} within its bound"
            rules[name] = AtMost(self.drawn, row)
        if self.declared.has("respending"):
            rules[ROUNDS] = Above(self.left_of_rounds)
        return rules

    def left_of_costs(self, values: Values) -> Array:
        """Return what costs leave of a unit of output, (new sectors, n); one without output.

        A tolerance for sums of shares is added, so that what is above zero passes.
        """
        drawn = self.drawn(values)
        left = []
        for role in self.declared.sectors:
            idle = drawn.of(f"output_{role.code}") == 0.0
            costs = drawn.of(f"labour_income_{role.code}")
            for row in self.declared.rows:
                if row.sector == role.code and row.quantity in COSTS:
                    costs = costs + drawn.result(row.formula)
            left.append(np.where(idle, 1.0, 1.0 + SUM_TOLERANCE - costs))
        return np.array(left)

    def left_of_rounds(self, values: Values) -> Array:
        """Return what one unit of household spending does not bring back, (n,)."""
        chi = self.drawn(values).of("respending")
        return np.asarray(1.0 - chi * self.reach[self.items[HOUSEHOLDS], -1])

    def drawn(self, values: Values) -> Drawn:
        """Return inputs in plain units, with every quantity that has a name.

        Parameters
        ----------
        values : mapping of id to ndarray, shape (n,)

        Returns
        -------
        Drawn
        """
        sized = {
            key: values[key] if size == 1.0 else values[key] * size
            for key, size in self.units.items()
        }
        sums: dict[str, Any] = {}
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.declared.evaluated(sized, sums)
        return Drawn(found, sums, len(next(iter(values.values()))))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Spending by channel and buyer, in the order of the equations, with rows of `reach`."""
        found: dict[tuple[str, str], list[Equation]] = {}
        for row in (*self.declared.of("purchase"), *self.declared.of("spending")):
            found.setdefault((row.channel, row.sector), []).append(row)
        return tuple(
            Group(channel, buyer, tuple(rows), [self.items[row.item] for row in rows])
            for (channel, buyer), rows in found.items()
        )

    @cached_property
    def additional(self) -> Mapping[str, Formula]:
        """Formula of the additional share by channel of spending."""
        rows = reversed(self.declared.of("spending"))
        return {row.channel: row.additional for row in rows if row.additional is not None}

    def _spent(self, drawn: Drawn) -> list[Spent]:
        """Spending of each group."""
        out = []
        for group in self.groups:
            rows, buyer = group.rows, group.buyer
            with np.errstate(divide="ignore", invalid="ignore"):
                amounts = np.stack([drawn.result(row.formula) for row in rows])
            scale = drawn.of(f"output_{buyer}") if buyer else np.ones(drawn.n)
            if not scale.all():  # shares of a sector without output may be 0 / 0
                amounts = np.where(scale == 0.0, 0.0, amounts)
            out.append(Spent(group, amounts, scale))
        return out

    def _caused(self, spent: list[Spent], drawn: Drawn) -> Caused:
        """Jobs and labour income that spending sets off, and staff of the linked sectors."""
        r = len(self.patterns)
        farm, each = drawn.of("farming", 1.0), 1.0 / drawn.of("productivity", 1.0)
        none = np.zeros((r, drawn.n))
        found = Caused({}, none, np.zeros(drawn.n), np.zeros(drawn.n))
        extra = self._additional(drawn)
        for group, amounts, scale in spent:
            reached = self._reached(group.places, amounts) * scale
            jobs = (reached[:r] * farm + reached[r : 2 * r]) * each
            found.jobs[group.channel] = found.jobs.get(group.channel, none) + jobs
            if group.buyer == self.declared.direct.code:
                found = found._replace(supply=found.supply + jobs)
            if group.buyer:
                found = found._replace(core=found.core + reached[-1])
            else:
                found = found._replace(spill=found.spill + reached[-1] * extra[group.channel])
        for role in self.declared.linked:
            channel = self.declared.of("jobs", role.code)[0].channel
            staff = drawn.of(f"jobs_{role.code}")
            found.jobs[channel] = found.jobs.get(channel, none) + staff
        return found

    def _reached(self, places: list[int], amounts: Array) -> Array:
        """Jobs and labour income, (2 r + 1, n), set off by amounts of items, (items, n)."""
        if self.reach.ndim == 2:
            return np.asarray(self.reach[places].T @ amounts)
        return np.asarray(np.einsum("iqn,in->qn", self.reach[places], amounts))

    def _additional(self, drawn: Drawn) -> dict[str, Array]:
        """Additional share by channel of spending."""
        return {channel: drawn.result(share) for channel, share in self.additional.items()}

    def _household(self, drawn: Drawn, found: Caused) -> dict[str, Array]:
        """Household spending x_h without and with additional consumer spending, (n,) each.

        S = 1 - chi mu_w' A_Kh is the Schur complement of the household sector.
        """
        if not self.declared.has("respending"):
            return {}
        chi = drawn.of("respending")
        rounds = chi / (1.0 - chi * self.reach[self.items[HOUSEHOLDS], -1])
        core = found.core
        for role in self.declared.sectors:
            pay = drawn.of(f"labour_income_{role.code}") * drawn.of(f"output_{role.code}")
            core = core + pay
        return {"core": rounds * core, "all": rounds * (core + found.spill)}

    def _per_spending(self, drawn: Drawn) -> Array:
        """Jobs that a unit of household spending sets off in the base sectors, (r, n)."""
        r = len(self.patterns)
        house = self.reach[self.items[HOUSEHOLDS]]
        house = house[:, None] if house.ndim == 1 else house
        each = 1.0 / drawn.of("productivity", 1.0)
        jobs: Array = (house[:r] * drawn.of("farming", 1.0) + house[r : 2 * r]) * each
        return jobs

    def _measures(self, drawn: Drawn, found: Caused, home: Parts) -> dict[tuple[str, str], Array]:
        """Ratios by scope, jobs per direct job by channel, and levels; each of shape (r, n)."""
        direct = drawn.of(f"jobs_{self.declared.direct.code}")
        per_direct = 1.0 / direct
        share = {name: jobs * per_direct for name, jobs in found.jobs.items()}
        extra = self._additional(drawn)
        none = np.zeros((len(self.patterns), drawn.n))
        chain = sum((jobs for name, jobs in share.items() if name not in extra), none)
        counted = {name: jobs * extra[name] for name, jobs in share.items() if name in extra}
        consumer = chain + sum(counted.values(), none)
        ratios = {scopes.SUPPLY: found.supply * per_direct, scopes.CHAIN: chain}
        ratios[scopes.CONSUMER] = consumer
        ratios[scopes.GROSS] = chain + sum((share[name] for name in counted), none)
        per_spending = self._per_spending(drawn)
        if home:
            share[scopes.CORE] = per_spending * per_direct * home["core"]
            share[scopes.SPILL] = per_spending * per_direct * (home["all"] - home["core"])
            ratios[scopes.HOUSEHOLDS] = chain + share[scopes.CORE]
            ratios[scopes.ALL] = consumer + share[scopes.CORE] + share[scopes.SPILL]
        ratios = {scope: ratios[scope] for scope in scopes.scopes_of(self.declared)}
        levels = {"direct": np.broadcast_to(direct, none.shape)}
        levels |= {f"indirect, {scope}": ratio * direct for scope, ratio in ratios.items()}
        if self.declared.has("displaced") or self.declared.has("moved"):
            full = scopes.fullest(ratios)
            lost = drawn.of("displaced") * per_spending
            net = (ratios[full] - drawn.of("moved")) * direct - lost
            levels[f"impact: indirect, {full} (net)"] = net
        channels = scopes.channel_names(self.declared)
        return {
            **{("ratio", scope): ratio for scope, ratio in ratios.items()},
            **{("channel", n): counted.get(n, share.get(n, none)) for n in channels},
            **{("level", name): jobs for name, jobs in levels.items()},
        }

    def _keyed(
        self,
        measures: Mapping[tuple[str, str], Array],
        values: Values,
        spent: list[Spent],
        drawn: Drawn,
        home: Parts,
    ) -> dict[Key, Array]:
        picked = self._picked(values, drawn.n)
        out: dict[Key, Array] = {}
        for (measure, item), found in measures.items():
            for k, pattern in enumerate(self.patterns):
                out[measure, item, pattern] = found[k]
            out[measure, item, POOLED] = found[picked, np.arange(drawn.n)]
        if self.destinations is not None:
            out |= self._by_destination(picked, spent, drawn, home)
        return out

    def _picked(self, values: Values, n: int) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Position of the pattern of each draw, shape (n,); the only one where there is one."""
        if PATTERN not in values and len(self.patterns) == 1:
            return np.zeros(n, dtype=np.intp)
        chosen = np.asarray(values[PATTERN])
        place = np.full(n, -1, dtype=np.intp)
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
        self, picked: Any, spent: list[Spent], drawn: Drawn, home: Parts
    ) -> dict[Key, Array]:
        """Jobs per direct job by base sector in the fullest scope, pattern as drawn."""
        assert self.destinations is not None, "asked for"
        extra, r = self._additional(drawn), len(self.patterns)
        output = np.zeros((drawn.n, len(self.codes)))
        if home:
            output = home["all"][:, None] * self.destinations[self.items[HOUSEHOLDS]]
        for group, amounts, scale in spent:
            counted = scale if group.buyer else extra[group.channel]
            output = output + (amounts * counted).T @ self.destinations[group.places]
        farm, other = self.intensity[:r][picked], self.intensity[r:][picked]
        direct = drawn.of(f"jobs_{self.declared.direct.code}")
        scale = 1.0 / (drawn.of("productivity", 1.0) * direct)
        jobs = output * (farm * drawn.of("farming", 1.0)[:, None] + other) * scale[:, None]
        return {("destination", code, POOLED): jobs[:, j] for j, code in enumerate(self.codes)}


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
    With mu' = e' L_KK, chi the spending per unit of labour cost, s the domestic purchases of
    an item, m the direct and p the linked sectors,
    M = (e_p x_p + mu'(A_Km x_m + A_Kp x_p + A_Kh x_h + f_K)) / (e_m x_m). Only scalars change
    from draw to draw; mu's and L_KK s are solved for once.
    """
    satellite, flows = base.satellite("employment"), base.flows
    if PATTERN not in account.assumptions and len(satellite.rows) > 1:
        raise SpecError(f"{account.source or account.title}: no input {PATTERN!r} to draw.")
    spread = spread_of(account, base)
    counted = counted_of(base)
    mu = flows.solver.solve_transposed(counted.T)
    caused = flows.solver.solve(np.array(list(spread.values())).T).T if destinations else None
    return Forward(
        declared=account.equations,
        ranges=dict(account.screens),
        units={
            key: unit_value(item.unit) or 1.0
            for key, item in account.assumptions.items()
            if not isinstance(item.central, str)
        },
        patterns=satellite.rows.codes,
        items={item: k for k, item in enumerate(spread)},
        reach=np.array(list(spread.values())) @ mu,
        codes=base.labels.codes if destinations else (),
        intensity=counted[:-1] if destinations else np.zeros((0, 0)),
        destinations=caused,
    )
