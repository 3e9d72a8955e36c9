"""Symmetric input-output tables from supply and use, by models A to D."""

from dataclasses import replace
from typing import Literal, NamedTuple, get_args

import numpy as np

from iomodel.accounts.checks import ROUNDING, warn_about
from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.supply_use import SupplyUseTable
from iomodel.accounts.table import IOTable
from iomodel.errors import (
    AccountingError,
    NotConvergedError,
    SpecError,
    listed,
)
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.supply_use import Construction, Model, almon, dependent, market_shares
from iomodel.results import figure
from iomodel.transforms.construction import MODELS, Negatives, certify_construction

NegativeRule = Literal["keep", "almon"]
NotProduced = Literal["refuse", "primary"]
NOT_MADE, ADJUSTMENT = "not_produced_imports", "almon_adjustment"
ALMON_TOLERANCE = 1e-10


def sut_to_iot(
    sut: SupplyUseTable,
    model: Model,
    *,
    negatives: NegativeRule = "keep",
    not_produced: NotProduced = "refuse",
) -> IOTable:
    """Make a symmetric input-output table from a supply and use table.

    Parameters
    ----------
    sut : SupplyUseTable
        Supply and use, both at basic prices: no margins or taxes on products in the supply.
    model : {"A", "B", "C", "D"}
        A, product technology, and B, industry technology, give a table of products by
        products; C, fixed industry sales structure, and D, fixed product sales structure,
        one of industries by industries. A and C need as many industries as products and a
        supply table that can be inverted; B and D take rectangular tables. B and D give no
        negative flows where there were none.
    negatives : {"keep", "almon"}, optional
        Negative flows of model A: kept, with a warning, or avoided by Almon's method, which
        keeps the total use of every input. The sectors' inputs then change; a row
        ``almon_adjustment`` of primary inputs, zero in total, holds the difference.
    not_produced : {"refuse", "primary"}, optional
        Products that are used but not produced at home have no makers to whom models A, C and D
        could give them: refused, or moved among the primary inputs (row
        ``not_produced_imports``, role ``imports``) of those who use them.

    Returns
    -------
    IOTable
        Its output is the row (A, B) or column (C, D) sum of the supply. Its `certificate`
        states GDP by three approaches before and after, the negatives, the residuals.
        Primary inputs and satellites are transformed like other inputs (A, B) or kept (C, D);
        final demand and imports are kept (A, B) or transformed like other uses (C, D): an
        imported product competes with the industries that make it at home, in proportion to
        their sales of it. Imports stay a deduction at the end of the row, and keep their total.
        Growth of a satellite becomes the mean of the makers of a product.

    Raises
    ------
    AccountingError
        If a half is missing, prices are not basic, the supply table is not square or not
        regular where it has to be, an industry without output has inputs, a product is not
        produced, or imports or jobs become negative, all named.
    NotConvergedError
        If Almon's method does not settle.
    IdentityError
        If a total changes.

    Warns
    -----
    NegativeFlowWarning
        If flows are negative.
    ImbalanceWarning
        If the supply and use table does not balance; its imbalance is carried along.

    Notes
    -----
    With C = V' diag(g)^-1, D = V diag(q)^-1 and inputs R = (U, W): A, R V'^-1 diag(q);
    B, R diag(g)^-1 V; C, C^-1 (U, Y, m); D, D (U, Y, m). Eurostat Manual of Supply, Use and
    Input-Output Tables (2008), chapter 11; United Nations Handbook on Supply and Use Tables
    and Input-Output Tables (2018), chapter 12; Almon (2000), Economic Systems Research 12(1).

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> goods, makers = ["c1", "c2"], ["i1", "i2"]
    >>> supply = pd.DataFrame([[90.0, 10.0], [0.0, 100.0]], goods, makers)
    >>> use = pd.DataFrame([[12.0, 8.0], [10.0, 7.0]], goods, makers)
    >>> table = iom.sut_to_iot(iom.supply_use(supply, use), "B")
    >>> iom.leontief(table).A.round(4).to_numpy().tolist()
    [[0.1273, 0.0727], [0.1064, 0.0636]]
    """
    _known(model, negatives, not_produced)
    sut.both()
    _at_basic_prices(sut)
    moved = _with_makers(sut, model, not_produced)
    _constructible(moved.table, model)
    how = Construction(model, moved.table.both()[0])
    table, found = _built(moved.table, how, negatives)
    warn_about(table.flows, table.labels, unit=table.meta.unit, depth=3)
    certificate = certify_construction(moved.table, table, how, found, moved.gap)
    return table.replace(certificate=certificate)


class _Moved(NamedTuple):
    """A table of products with makers, and the imbalance of those that were moved."""

    table: SupplyUseTable
    gap: float


def _known(model: str, negatives: str, not_produced: str) -> None:
    options = {
        "model": (model, get_args(Model)),
        "negatives": (negatives, get_args(NegativeRule)),
        "not_produced": (not_produced, get_args(NotProduced)),
    }
    wrong = [
        f"{what}={value!r}: use {', '.join(map(repr, known))}"
        for what, (value, known) in options.items()
        if value not in known
    ]
    if not wrong and negatives == "almon" and model != "A":
        wrong = [f"negatives='almon' is a method for model 'A', not {model!r}"]
    if wrong:
        raise SpecError(f"sut_to_iot: {'; '.join(wrong)}.")


def _at_basic_prices(sut: SupplyUseTable) -> None:
    held = [
        f"{what} of {figure(float(np.abs(column).sum()))}"
        for what, column in (
            ("trade and transport margins", sut.flows.margins),
            ("taxes less subsidies on products", sut.flows.product_taxes),
        )
        if column.any()
    ]
    if held:
        raise AccountingError(
            f"{sut.meta.title!r} has {' and '.join(held)} {sut.meta.unit} (absolute sum) in its "
            "supply: its uses are at purchasers' prices, its supply at basic prices. Convert the "
            "uses first: iomodel.transforms.valuation.to_basic_prices(sut)."
        )


def _with_makers(sut: SupplyUseTable, model: Model, rule: NotProduced) -> _Moved:
    """Move products that nobody makes at home among primary inputs, or refuse them."""
    flows, (supply, use) = sut.flows, sut.both()
    uses = np.abs(use).sum(axis=1) + np.abs(flows.final_demand).sum(axis=1) + flows.imports
    lone = np.flatnonzero((supply == 0).all(axis=1) & (uses != 0))
    if not len(lone) or (model == "B" and rule == "refuse"):
        return _Moved(sut, 0.0)
    gap = flows.product_residual[lone]
    named = _named(sut.products, lone)
    if rule == "refuse":
        raise AccountingError(
            f"{len(lone)} products are used but not produced at home, so that model {model} has no "
            f"maker to give them to:\n  {listed(named)}\nMove them among the primary inputs of "
            'their users with not_produced="primary", use model B, or merge them with others.'
        )
    open_ = np.abs(gap) > ROUNDING * np.maximum(flows.imports[lone], 1e-300)
    if open_.any():
        lines = [f"{named[i]}: {figure(float(gap[i]))}" for i in np.flatnonzero(open_)]
        raise AccountingError(
            f"{len(lines)} products are not produced at home and their uses are not their imports "
            f"(uses less imports):\n  {listed(lines)}\nCorrect them, or merge them with others."
        )
    stay = np.setdiff1d(np.arange(len(sut.products)), lone)
    row = Labels(codes=(NOT_MADE,), names={"en": ("Imports not produced",)}, groups=("imports",))
    rest = replace(
        flows,
        supply=supply[stay],
        use=use[stay],
        final_demand=flows.final_demand[stay],
        primary_inputs=np.vstack([flows.primary_inputs, use[lone].sum(axis=0)]),
        final_primary=np.vstack([flows.final_primary, flows.final_demand[lone].sum(axis=0)]),
        product_output=flows.product_output[stay],
        imports=flows.imports[stay],
        margins=flows.margins[stay],
        product_taxes=flows.product_taxes[stay],
    )
    table = sut.replace(
        products=_taken(sut.products, stay),
        primary_labels=sut.primary_labels.extended(row),
        flows=rest,
        meta=sut.meta.after("not_produced", f"{', '.join(named)} moved to {NOT_MADE}"),
    )
    return _Moved(table, float(gap.sum()))


def _constructible(sut: SupplyUseTable, model: Model) -> None:
    """Refuse tables for which the model is not defined."""
    supply, use = sut.both()
    m, n = supply.shape
    if model in "AC":
        if m != n:
            raise AccountingError(
                f"model {model} needs as many industries as products, but {sut.meta.title!r} has "
                f"{m} products and {n} industries. Aggregate until each industry has one main "
                f"product, or use model {'B' if model == 'A' else 'D'}."
            )
        found = dependent(supply)
        if found is not None:
            raise AccountingError(
                f"model {model} inverts the supply table of {sut.meta.title!r}, which is singular: "
                "the product mixes of these industries are not independent:\n  "
                f"{listed(_named(sut.industries, found.industries))}\nProducts concerned:\n  "
                f"{listed(_named(sut.products, found.products))}\nMerge such industries and "
                f"products, or use model {'B' if model == 'A' else 'D'}."
            )
    inputs = np.abs(use).sum(axis=0) + np.abs(sut.flows.primary_inputs).sum(axis=0)
    empty = np.flatnonzero((supply == 0).all(axis=0) & (inputs != 0))
    if len(empty):
        raise AccountingError(
            f"{len(empty)} industries have inputs but no output in the supply table:\n  "
            f"{listed(_named(sut.industries, empty))}\nCheck their output, or merge them."
        )


def _built(sut: SupplyUseTable, how: Construction, rule: NegativeRule) -> tuple[IOTable, Negatives]:
    """Return the table, and the flows as the model gives them."""
    flows, use = sut.flows, sut.both()[1]
    sectors = sut.products if how.by_product else sut.industries
    plain = how.uses(how.inputs(use))
    recipes = _Recipes(sut, how, rule)
    z, primary = recipes.of(use, plain), recipes.of(flows.primary_inputs)
    labels, direct = sut.primary_labels, flows.final_primary
    adjustment = np.zeros(len(sectors))
    satellites = {name: _satellite(item, recipes) for name, item in sut.satellites.items()}
    if rule == "almon":
        exact = how.inputs(flows.primary_inputs)
        adjustment = (plain - z).sum(axis=0) + (exact - primary).sum(axis=0)
        primary = np.vstack([primary, adjustment])
        direct = np.vstack([direct, np.zeros(direct.shape[1])])
        labels = labels.extended(Labels(codes=(ADJUSTMENT,), groups=("other",)))
    imports = how.uses(flows.imports)
    _no_negative_imports(imports, sectors, how)
    found = Negatives(plain, adjustment, recipes.steps)
    table = IOTable(
        labels=sectors,
        final_labels=sut.final_labels,
        primary_labels=labels,
        flows=Flows(
            intermediate=z,
            final_demand=how.uses(flows.final_demand),
            primary_inputs=primary,
            output=how.output,
            imports=imports,
            final_primary=direct,
        ),
        satellites=satellites,
        meta=sut.meta.after(
            "sut_to_iot",
            MODELS[how.model] + _said(found, z),
            kind="product" if how.by_product else "industry",
        ),
    )
    return table, found


class _Recipes:
    """Rows of inputs transformed by a model, by Almon's method where it makes them negative."""

    def __init__(self, sut: SupplyUseTable, how: Construction, rule: NegativeRule) -> None:
        self.sut, self.how, self.rule, self.steps = sut, how, rule, 0
        if rule == "almon":
            self._must_suit()

    def of(self, rows: Array, exact: Array | None = None) -> Array:
        """Transform rows; a row that is negative for an industry keeps the model's figures."""
        found = self.how.inputs(rows) if exact is None else exact
        if self.rule == "keep":
            return found
        below = (found < 0).any(axis=1) & (rows >= 0).all(axis=1)
        if not below.any():
            return found
        recipes = almon(rows[below], self.how.supply)
        if not recipes.change <= ALMON_TOLERANCE:
            minor = np.flatnonzero(np.diag(market_shares(self.how.supply)) <= 0.5)
            raise NotConvergedError(
                f"Almon's method did not settle in {recipes.iterations} steps (last change "
                f"{recipes.change:.1e} of the largest figure). Its main maker makes no more than "
                f"half of these products:\n  {listed(_named(self.sut.products, minor)) or 'none'}\n"
                "Merge them with the other products of their makers, or use model B."
            )
        self.steps = max(self.steps, recipes.iterations)
        found = found.copy()
        found[below] = recipes.inputs
        return found

    def _must_suit(self) -> None:
        """Refuse supply that is negative, or whose products stand beside another main maker."""
        supply, products, industries = self.how.supply, self.sut.products, self.sut.industries
        main = supply.argmax(axis=1)
        apart = np.flatnonzero(supply[np.arange(len(supply)), main] > np.diag(supply))
        negative = np.flatnonzero((supply < 0).any(axis=1))
        problems = [
            f"{products.shown[i]} stands beside {industries.shown[i]} but is mainly made by "
            f"{industries.shown[main[i]]}"
            for i in apart
        ]
        problems += [f"{name} has negative supply" for name in _named(products, negative)]
        if problems:
            raise AccountingError(
                "Almon's method needs supply without negative figures, with every product in the "
                f"place of the industry that mainly makes it:\n  {listed(problems)}\nList the "
                "products in the order of their industries, merge them, or use model B."
            )


def _satellite(item: Satellite, recipes: _Recipes) -> Satellite:
    """Transform an account by industry like other inputs."""
    how, sut = recipes.how, recipes.sut
    if not how.by_product:
        return item
    values = recipes.of(item.values)
    below = np.flatnonzero((values < 0).any(axis=0))
    if item.counts_jobs and len(below):
        raise AccountingError(
            f"model {how.model} makes {item.name} negative for {len(below)} products:\n  "
            f"{listed(_named(sut.products, below))}\nAvoid it with negatives='almon', or use "
            "model B."
        )
    growth = item.growth
    if growth is not None:
        growth = growth @ market_shares(how.supply)
    return replace(item, values=values, growth=growth)


def _no_negative_imports(imports: Array, sectors: Labels, how: Construction) -> None:
    below = np.flatnonzero(imports < 0)
    if len(below) and not how.by_product:
        raise AccountingError(
            f"model {how.model} makes imports negative for {len(below)} industries:\n  "
            f"{listed(_named(sectors, below))}\nUse model D, or separate imports from the uses "
            "before (as rows of primary inputs)."
        )


def _taken(labels: Labels, spots: Positions) -> Labels:
    return Labels(
        codes=tuple(labels.codes[i] for i in spots),
        names={lang: tuple(texts[i] for i in spots) for lang, texts in labels.names.items()},
        regions=tuple(labels.regions[i] for i in spots),
        groups=tuple(labels.groups[i] for i in spots),
    )


def _named(labels: Labels, spots: Positions) -> list[str]:
    """Codes, with names where there are any."""
    names = labels.named()
    return [
        code if names[i] == labels.codes[i] else f"{code} {names[i]}"
        for i, code in ((int(i), labels.shown[int(i)]) for i in spots)
    ]


def _said(found: Negatives, z: Array) -> str:
    below = found.flows < 0
    if not found.iterations:
        return f", {int(below.sum())} negative flows kept" if below.any() else ""
    return (
        f"; Almon's method in {found.iterations} steps: {int(below.sum())} negative flows of "
        f"{figure(float(found.flows[below].sum()))} in all, {int((z < 0).sum())} left"
    )
