"""What follows from a base table for the blank study: facts, inputs and equations."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from iomodel.accounts.table import IOTable

NEW = "new"  # code of the sector, until a person gives another
PURCHASES = {
    "goods": ("goods and materials", "suppliers"),
    "energy": ("energy and water", "suppliers"),
    "premises": ("rent, premises and equipment", "premises"),
    "travel": ("transport, hotels and meals", "travel"),
    "digital": ("telecoms, software and platforms", "services"),
    "services": ("professional and business services", "services"),
}
Line = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class StudyPlan:
    """A blank study for a base table, and what follows from the table."""

    base: IOTable

    @property
    def currency(self) -> str:
        """Currency of the table."""
        return self.base.meta.currency

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of names: English, and Chinese where the table has it."""
        return ("en", "zh") if "zh" in self.base.labels.names else ("en",)

    @cached_property
    def domestic(self) -> bool:
        """Whether purchases can only be stated as domestic ones."""
        base = self.base
        imports = len(base.primary_labels.in_group("imports")) > 0
        separated = base.meta.import_treatment == "domestic"
        return separated and imports and base.domestic_shares is None

    @property
    def year(self) -> int | None:
        """Price year that demand must have: that of the labour coefficients."""
        jobs = self.base.satellite("employment")
        return jobs.year if jobs.growth is not None else self.base.meta.price_year

    @property
    def patterns(self) -> tuple[str, ...]:
        """Estimates of employment in the table; a study draws one where there are several."""
        return self.base.satellite("employment").rows.codes

    @property
    def codes(self) -> str:
        """Range of the sector codes."""
        return f"base_sectors!$A$2:$A${len(self.base) + 1}"

    @property
    def inputs(self) -> list[Line]:
        """Inputs that are there to be filled in."""
        money = f"million {self.currency or 'EUR'}"
        rows = [
            ("sales", "industry", "output of the industry at basic prices", money,
             "sales less taxes on products, of one year"),
            ("direct_jobs", "industry", "jobs in the industry, full-time", "FTE",
             "full-time equivalents, on average over the year"),
            ("pay", "costs", "compensation of employees", "share of output",
             "wages, and contributions of employers"),
            *((f"p_{key}", "costs", f"purchases: {text}", "share of output",
               "from all suppliers" if not self.domestic else "made in the country")
              for key, (text, _) in PURCHASES.items()),
        ]  # fmt: skip
        if self.domestic:
            text = "imported products, bought directly"
            rows.append(("imports_bought", "costs", text, "share of output", "a leak: no jobs"))
        text = "household spending per unit of labour cost"
        note = "after taxes, saving and what other income pays for: give a source"
        rows.append(("respent", "households", text, "share", note))
        found: list[Line] = [
            {"id": key, "block": block, "item": item, "unit": unit, "note": note}
            | {"distribution": "fixed"}
            for key, block, item, unit, note in rows
        ]
        if len(self.patterns) > 1:
            found.append({
                "id": "labour_pattern", "block": "labour", "item": "estimate of employment",
                "unit": "category", "central": self.patterns[0], "distribution": "categorical",
                "note": f"each as likely as the others: {', '.join(self.patterns)}",
            })  # fmt: skip
        return found

    @property
    def equations(self) -> list[Line]:
        """The commonest equations, written."""
        shares = "costs are shares of output"
        rows = [("output", NEW, "", "sales", "", "output of the new sector")]
        rows.append(("jobs", NEW, "", "direct_jobs", "", "the direct jobs"))
        rows.append(("labour_income", NEW, "", "pay", "", f"per unit of output: {shares}"))
        rows += [
            ("purchase", NEW, f"p_{key}", f"p_{key}", channel, "spread by the sheet purchases")
            for key, (_, channel) in PURCHASES.items()
        ]
        if self.domestic:
            rows.append(("imports", NEW, "", "imports_bought", "", "per unit of output"))
        rows.append(("respending", "", "", "respent", "", "delete the row: no household scope"))
        heads = ("quantity", "sector", "item", "formula", "channel", "note")
        return [dict(zip(heads, row, strict=True)) for row in rows]
