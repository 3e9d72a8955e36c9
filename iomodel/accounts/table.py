"""The input-output table: an immutable noun that every verb takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from iomodel.accounts.checks import Findings, check_flows
from iomodel.accounts.flows import Flows
from iomodel.accounts.imports import DomesticShares, ImportSplit
from iomodel.accounts.insertion import Insertion
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.valued import gross_value_added_rows
from iomodel.errors import AccountingError, LabelError
from iomodel.results import Result, Shown, amount, html_facts


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class IOTable(Shown):
    """An immutable symmetric input-output table.

    Frames handed out are fresh copies: edit them, the table is safe. A change is a new table.

    Attributes
    ----------
    labels : Labels
        The n sectors.
    final_labels, primary_labels : Labels
        The k final demand columns and p primary input rows; their groups are roles.
    flows : Flows
        The figures, read-only arrays.
    satellites : mapping of str to Satellite
        Accounts beside the table, by name.
    meta : Meta
        Title, unit, years, valuation, import treatment, steps.
    domestic_shares : DomesticShares or None
        Shares used to separate imports, for sectors inserted later.
    import_split : ImportSplit or None
        An official split of imports, where the source has one.
    insertion : Insertion or None
        What was inserted, with its injections.
    certificate : Result or None
        What the last step certifies about itself.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> china.meta.unit, len(china)
    ('10,000 CNY', 153)
    >>> china.output.index[:2].tolist()
    ['01001', '02002']
    """

    labels: Labels
    final_labels: Labels
    primary_labels: Labels
    flows: Flows
    meta: Meta
    satellites: Mapping[str, Satellite] = field(default_factory=dict)
    domestic_shares: DomesticShares | None = None
    import_split: ImportSplit | None = None
    insertion: Insertion | None = None
    certificate: Result | None = None

    def __post_init__(self) -> None:
        have = {
            "sectors": (len(self.labels), len(self.flows.output)),
            "final demand columns": (len(self.final_labels), self.flows.final_demand.shape[1]),
            "primary input rows": (len(self.primary_labels), len(self.flows.primary_inputs)),
            **{
                f"satellite {name}": (len(self.labels), sat.values.shape[1])
                for name, sat in self.satellites.items()
            },
            **{
                f"satellite {name}, final demand": (len(self.final_labels), sat.final.shape[1])
                for name, sat in self.satellites.items()
                if sat.final is not None
            },
        }
        wrong = [f"{what}: {a} labels, {b} figures" for what, (a, b) in have.items() if a != b]
        if wrong:
            raise LabelError("labels and figures do not fit: " + "; ".join(wrong))
        object.__setattr__(self, "satellites", MappingProxyType(dict(self.satellites)))
        self._check_imports()

    def _check_imports(self) -> None:
        """Refuse imports whose sign or treatment would let them pass as domestic output."""
        imports, stated = self.flows.imports, self.meta.import_treatment
        negative = np.flatnonzero(imports < 0)
        mostly = 2 * len(negative) > np.count_nonzero(imports)  # a few can be corrections
        below = [self.labels.codes[i] for i in negative] if mostly else []
        problems = []
        if below:
            problems.append(f"negative in {len(below)} sectors ({', '.join(below[:10])}): state "
                            "them as positive numbers, they are deducted")  # fmt: skip
        if imports.any() and stated != "competitive":
            problems.append(f"given by product, but the import treatment is {stated!r}: with them "
                            "it is competitive")  # fmt: skip
        if len(self.final_labels.in_group("imports")):
            problems.append("a column of final demand: take them out and give them as "
                            "iom.table(..., imports=...), positive")  # fmt: skip
        if problems:
            raise AccountingError(f"imports of {self.meta.title!r} are {'; '.join(problems)}.")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def intermediate(self) -> pd.DataFrame:
        """Intermediate flows Z, n x n, in `meta.unit`."""
        return self.labels.square(self.flows.intermediate)

    @property
    def final_demand(self) -> pd.DataFrame:
        """Final demand by sector and column, n x k."""
        return pd.DataFrame(
            np.array(self.flows.final_demand), self.labels.index, self.final_labels.index
        )

    @property
    def primary_inputs(self) -> pd.DataFrame:
        """Primary inputs by row and sector, p x n."""
        return pd.DataFrame(
            np.array(self.flows.primary_inputs), self.primary_labels.index, self.labels.index
        )

    @property
    def output(self) -> pd.Series:
        """Total output x, n."""
        return self.labels.series(self.flows.output, "output")

    @property
    def imports(self) -> pd.Series:
        """Imports by product deducted in a competitive table (positive), n."""
        return self.labels.series(self.flows.imports, "imports")

    @property
    def value_added(self) -> pd.Series:
        """Primary inputs without imported ones, summed by sector, n; taxes on products too."""
        inner = np.array([group != "imports" for group in self.primary_labels.groups], dtype=bool)
        return self.labels.series(self.flows.primary_inputs[inner].sum(axis=0), "value_added")

    @property
    def gross_value_added(self) -> pd.Series:
        """Gross value added at basic prices, n: `value_added` less taxes on products.

        Raises
        ------
        AccountingError
            If the roles and the valuation of the table do not say which taxes to leave out.
        """
        rows = gross_value_added_rows(self.primary_labels, self.meta)
        values = self.flows.primary_inputs[rows].sum(axis=0)
        return self.labels.series(values, "gross_value_added")

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
                f"iom.table(..., satellites=...), or a sheet {name!r} in the workbook."
            )
        return self.satellites[name]

    def with_satellite(self, satellite: Satellite) -> "IOTable":
        """Return a table with one satellite added or replaced."""
        name = satellite.name
        return self.replace(
            satellites={**self.satellites, name: satellite},
            meta=self.meta.after("with_satellite", f"{name}, {satellite.unit}"),
        )

    def replace(self, **changes: object) -> "IOTable":
        """Return a new table with some parts replaced; everything is checked again."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def check(self) -> Findings:
        """Return findings: balances, negative flows, idle sectors, residual columns.

        Returns
        -------
        Findings
            A table of findings (severity, check, place, sector, value, what to do).
        """
        return check_flows(
            self.flows,
            self.labels,
            self.final_labels,
            self.primary_labels,
            title=self.meta.title,
            unit=self.meta.unit,
        )

    def describe(self) -> pd.Series:
        """Return the facts a reader looks for first: what, when, how large, does it balance."""
        meta, flows = self.meta, self.flows
        unit = meta.unit
        scale = float(np.max(np.abs(flows.output), initial=0.0)) or 1.0
        facts: dict[str, object] = {
            "title": meta.title,
            "publisher": meta.publisher,
            "year": meta.year,
            "prices": f"{meta.price_year or ''} {meta.valuation}".strip(),
            "unit": unit,
            "imports": meta.import_treatment,
            "sectors": f"{len(self)} ({meta.kind})" if meta.kind else len(self),
            "regions": len(set(self.labels.regions)) if len(set(self.labels.regions)) > 1 else "",
            "final demand columns": _codes(self.final_labels),
            "primary input rows": _codes(self.primary_labels),
            "satellites": ", ".join(map(_named, self.satellites.items())) or "none",
            "total output": amount(float(flows.output.sum()), unit),
            "value added": amount(float(self.value_added.sum()), unit),
            "final demand": amount(float(flows.final_demand.sum()), unit),
            "imports deducted": amount(float(flows.imports.sum()), unit),
            "row imbalance": f"{np.max(np.abs(flows.row_residual), initial=0) / scale:.1e}"
            " of the largest output",
            "column imbalance": f"{np.max(np.abs(flows.column_residual), initial=0) / scale:.1e}"
            " of the largest output",
            "steps": " > ".join(meta.provenance) or "none",
        }
        return pd.Series({key: v for key, v in facts.items() if v not in ("", None)}, dtype=object)

    def _repr_html_(self) -> str:
        facts = self.describe()
        return html_facts(str(facts.pop("title")), [(str(k), v) for k, v in facts.items()])

    def __repr__(self) -> str:
        facts = self.describe()
        lines = "".join(f"\n  {key}: {value}" for key, value in facts.items() if key != "title")
        return f"<IOTable> {facts['title']}{lines}"


def _codes(labels: Labels) -> str:
    """Codes, each once; of many regions, how many."""
    codes, regions = tuple(dict.fromkeys(labels.codes)), len({*labels.regions} - {""})
    shown = codes if len(codes) < 20 else (*codes[:5], f"{len(codes) - 5} more")
    return ", ".join(shown) + (f" of {regions} regions" if regions > 1 else "")


def _named(item: tuple[str, Satellite]) -> str:
    """Name a satellite with its rows and unit."""
    name, account = item
    return f"{name} ({', '.join(filter(None, [_codes(account.rows), account.unit_text]))})"
