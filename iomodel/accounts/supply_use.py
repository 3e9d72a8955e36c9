"""The supply and use table: an immutable noun of products and industries."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from iomodel.accounts.checks import Findings
from iomodel.accounts.meta import Meta
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.supply_checks import check_supply_use
from iomodel.accounts.supply_flows import SupplyUseFrames
from iomodel.errors import AccountingError, LabelError
from iomodel.kernels.linear import Array
from iomodel.kernels.supply_use import total_requirements
from iomodel.results import Result, amount, html_facts


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SupplyUseTable(SupplyUseFrames):
    """An immutable supply and use table; either half may stand alone.

    Supply is V', products in the rows and industries in the columns, as Eurostat prints it;
    `make` is its transpose V. Use U has the same shape. Frames handed out are fresh copies:
    edit them, the table is safe. A change is a new table.

    Attributes
    ----------
    products, industries : Labels
        The m products and n industries.
    final_labels, primary_labels : Labels
        The k final demand columns and p primary input rows; their groups are roles.
    flows : SupplyUseFlows
        The figures, read-only arrays.
    meta : Meta
        Title, unit, years, valuation of the use table, import treatment, steps.
    satellites : mapping of str to Satellite
        Accounts by industry beside the table, by name.
    certificate : Result or None
        What the last step certifies about itself.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> supply = pd.DataFrame([[90.0, 10.0], [0.0, 50.0]], ["a", "b"], ["A", "B"])
    >>> use = pd.DataFrame([[20.0, 5.0], [10.0, 15.0]], ["a", "b"], ["A", "B"])
    >>> final = pd.DataFrame({"household": [75.0, 25.0]}, ["a", "b"])
    >>> made = iom.supply_use(supply=supply, use=use, final_demand=final)
    >>> iom.sut_to_iot(made, "D").output.to_dict()
    {'A': 90.0, 'B': 60.0}
    """

    meta: Meta
    satellites: Mapping[str, Satellite] = field(default_factory=dict)
    certificate: Result | None = None

    def __post_init__(self) -> None:
        have = {
            "products": (len(self.products), len(self.flows.product_output)),
            "industries": (len(self.industries), len(self.flows.industry_output)),
            "final demand columns": (len(self.final_labels), self.flows.final_demand.shape[1]),
            "primary input rows": (len(self.primary_labels), len(self.flows.primary_inputs)),
            **{
                f"satellite {name}": (len(self.industries), sat.values.shape[1])
                for name, sat in self.satellites.items()
            },
        }
        wrong = [f"{what}: {a} labels, {b} figures" for what, (a, b) in have.items() if a != b]
        if wrong:
            raise LabelError("labels and figures do not fit: " + "; ".join(wrong))
        if self.flows.supply is None and self.flows.use is None:
            raise AccountingError(f"{self.meta.title!r} has neither a supply nor a use table.")
        if len(self.final_labels.in_group("imports")):
            raise AccountingError(
                f"imports of {self.meta.title!r} are a column of final demand: take them out and "
                "give them as iom.supply_use(..., imports=...), positive."
            )
        object.__setattr__(self, "satellites", MappingProxyType(dict(self.satellites)))

    @property
    def complete(self) -> bool:
        """True if both the supply and the use table are known."""
        return self.flows.supply is not None and self.flows.use is not None

    def both(self) -> tuple[Array, Array]:
        """Return supply and use as arrays, for verbs that need both.

        Returns
        -------
        supply, use : ndarray, shape (m, n)

        Raises
        ------
        AccountingError
            If one of them is not known, saying which.
        """
        supply, use = self.flows.supply, self.flows.use
        if supply is None or use is None:
            lacking = "supply (make)" if supply is None else "use"
            raise AccountingError(
                f"{self.meta.title!r} has no {lacking} table, and this needs supply and use: give "
                "both to iom.supply_use(supply, use), for one year and one classification."
            )
        return supply, use

    def total_requirements(self) -> pd.DataFrame:
        """Industry output needed per unit of final demand for each product, n x m.

        Returns
        -------
        DataFrame
            D (I - B D)^-1 under industry technology, industries by products, with market
            shares D and B = U diag(g)^-1; zero for a product that nobody makes at home. Uses
            that include imports give requirements as if all products were made at home.
            Miller and Blair (2009), section 5.4.

        Raises
        ------
        AccountingError
            If a half is missing.
        NotProductiveError
            If the requirements are unbounded.
        """
        found = total_requirements(*self.both())
        return pd.DataFrame(found, self.industries.index, self.products.index)

    def satellite(self, name: str) -> Satellite:
        """Return the satellite of this name.

        Raises
        ------
        LabelError
            Naming the satellites that there are.
        """
        if name not in self.satellites:
            have = ", ".join(self.satellites) or "none"
            raise LabelError(
                f"{self.meta.title!r} has no satellite {name!r}; it has: {have}. Give it one: "
                "iom.supply_use(..., satellites=...)."
            )
        return self.satellites[name]

    def replace(self, **changes: object) -> "SupplyUseTable":
        """Return a new table with some parts replaced; everything is checked again."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def check(self) -> Findings:
        """Return findings: product and industry balances, negative flows, margins.

        Returns
        -------
        Findings
            A table of findings (severity, check, place, code, name, value, what to do).
        """
        return check_supply_use(
            self.flows, self.products, self.industries, title=self.meta.title, unit=self.meta.unit
        )

    def describe(self) -> pd.Series:
        """Return the facts a reader looks for first: what, when, how large, does it balance."""
        meta, flows = self.meta, self.flows
        halves = [name for name in ("supply", "use") if getattr(flows, name) is not None]
        facts: dict[str, object] = {
            "title": meta.title,
            "publisher": meta.publisher,
            "year": meta.year,
            "prices": f"{meta.price_year or ''} {meta.valuation}".strip(),
            "unit": meta.unit,
            "imports": meta.import_treatment,
            "tables": " and ".join(halves) + ("" if self.complete else " only"),
            "products": len(self.products),
            "industries": len(self.industries),
            "final demand columns": ", ".join(self.final_labels.codes),
            "primary input rows": ", ".join(self.primary_labels.codes),
            "satellites": ", ".join(self.satellites),
            "domestic output": amount(float(flows.product_output.sum()), meta.unit),
            "imports by product": amount(float(flows.imports.sum()), meta.unit),
            "taxes less subsidies on products": amount(float(flows.product_taxes.sum()), meta.unit),
            "product imbalance": _largest(flows.product_residual, flows.total_supply, "supply"),
            "industry imbalance": _largest(
                flows.industry_residual, flows.industry_output, "output"
            ),
            "steps": " > ".join(meta.provenance) or "none",
        }
        if flows.use is None:
            del facts["product imbalance"], facts["industry imbalance"]
        return pd.Series({key: v for key, v in facts.items() if v not in ("", None)}, dtype=object)

    def _repr_html_(self) -> str:
        facts = self.describe()
        return html_facts(str(facts.pop("title")), [(str(k), v) for k, v in facts.items()])

    def __repr__(self) -> str:
        facts = self.describe()
        lines = "".join(f"\n  {key}: {value}" for key, value in facts.items() if key != "title")
        return f"<SupplyUseTable> {facts['title']}{lines}"


def _largest(gap: Array, of: Array, what: str) -> str:
    scale = float(np.max(np.abs(of), initial=0.0)) or 1.0
    return f"{float(np.max(np.abs(gap), initial=0.0)) / scale:.1e} of the largest {what}"
