"""Parts of a table that was saved: labels, facts and arrays, with a list of what is bad."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from iomodel.accounts.flows import Flows
from iomodel.accounts.forms import BLOCKS
from iomodel.accounts.imports import DomesticShares, ImportSplit
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta, Step
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import IOModelError, ReadError, listed

SPLIT = ("domestic", "imported", "final_domestic", "final_imported")
FACTS = (
    *("title", "publisher", "published", "address", "region", "unit", "currency", "valuation"),
    *("import_treatment", "kind"),
)
NounT = TypeVar("NounT")


def table_of(text: Mapping[str, Any], parts: "Parts") -> IOTable:
    """Make a table of its description and its arrays.

    Parameters
    ----------
    text : mapping
        What `writers.description.description` gave.
    parts : Parts
        Gives the arrays and collects what is wrong.

    Raises
    ------
    ReadError
        With every part that is missing or cannot be used.
    """
    labels = {
        name: parts.labels(parts.item(text, f"labels.{name}", dict), f"labels.{name}")
        for name in ("sectors", "final_demand", "primary_inputs")
    }
    arrays = {name: parts.array(parts.item(text, f"flows.{name}", str)) for name in BLOCKS}
    meta = parts.meta(parts.item(text, "meta", dict))
    found = [parts.satellite(item) for item in parts.item(text, "satellites", list) or ()]
    shares = parts.shares(text.get("domestic_shares"))
    split = parts.split(text.get("import_split"))
    parts.finish()
    parts.one_each(
        len(labels["sectors"]),
        {
            "import_split.group": None if split is None else split.group,
            "domestic_shares.intermediate": None if shares is None else shares.intermediate,
            "domestic_shares.consumption": None if shares is None else shares.consumption,
        },
    )
    table = parts.made(
        "table",
        lambda: IOTable(
            labels=labels["sectors"],
            final_labels=labels["final_demand"],
            primary_labels=labels["primary_inputs"],
            flows=Flows(**arrays),
            meta=meta,
            satellites={item[0]: item[1] for item in found if item is not None},
            domestic_shares=shares,
            import_split=split,
        ),
    )
    parts.finish()
    assert table is not None, "finish raises where it could not be made"
    return table


@dataclass(eq=False)
class Parts:
    """Parts of one table in a folder or a file, with a list of what cannot be used.

    Attributes
    ----------
    place : Path
        The folder or file.
    kind : str
        ``folder`` or ``file``, for messages.
    source : str
        Where the description stands, for messages.
    suffix : str
        How the names of arrays end.
    load : callable
        Returns an array by its name; FileNotFoundError if there is none, ValueError, OSError
        or EOFError if it is damaged.
    bad : list of str
        What cannot be used.
    """

    place: Path
    kind: str
    source: str
    suffix: str
    load: Callable[[str], Any]
    bad: list[str] = field(default_factory=list)

    def finish(self) -> None:
        """Raise if any part was bad."""
        if self.bad:
            noun = "problem" if len(self.bad) == 1 else "problems"
            raise ReadError(
                f"{self.place}: {len(self.bad)} {noun} in the {self.kind}:\n"
                f"  {listed(self.bad)}\n"
                "Write the table again with iom.write(...), or correct what is named."
            )

    def item(self, text: Any, place: str, kind: type) -> Any:
        """Return an item by its path; record one that is missing or of another kind."""
        value = text
        for key in place.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, kind):
            return value
        what = "missing" if value is None else f"{value!r}"
        self.bad.append(f"{self.source}, {place}: {what} where a {kind.__name__} is needed")
        return None

    def array(self, name: object, *, whole: bool = False) -> Any:
        """Return an array by its file name, as floats or as whole numbers."""
        if name is None:
            return None
        if not isinstance(name, str) or not re.fullmatch(
            rf"[a-z0-9_]+{re.escape(self.suffix)}", name
        ):
            problem = f"{name!r} is not the name of an array of this {self.kind}"
            self.bad.append(f"{self.source}: {problem}")
            return None
        try:
            values = self.load(name)
        except (OSError, ValueError, EOFError) as error:
            problem = "missing" if isinstance(error, FileNotFoundError) else f"damaged ({error})"
            self.bad.append(f"{name}: {problem}")
            return None
        kinds = "iu" if whole else "fiu"
        if not isinstance(values, np.ndarray) or values.dtype.kind not in kinds:
            kind = getattr(values, "dtype", "another kind")
            self.bad.append(f"{name}: {kind} where {'whole ' if whole else ''}numbers are needed")
            return None
        return values.astype(np.intp if whole else np.float64)

    def one_each(self, size: int, found: Mapping[str, Any]) -> None:
        """Record arrays that do not have one figure for each sector."""
        for place, values in found.items():
            if values is not None and values.shape != (size,):
                self.bad.append(f"{place}: shape {values.shape}, but there are {size} sectors")

    def made(self, place: str, make: Callable[[], NounT]) -> NounT | None:
        """Return what is made of parts; record why it cannot be."""
        try:
            return make()
        except (IOModelError, TypeError, ValueError) as error:
            self.bad.append(f"{place}: {error}")
            return None

    def labels(self, item: Any, place: str) -> Any:
        """Return labels from their lists of texts."""
        if item is None:
            return None
        names = item.get("names", {})
        lists = {key: item.get(key) for key in ("codes", "regions", "groups")}
        lists |= {f"names.{key}": texts for key, texts in dict(names).items()}
        wrong = [
            f"{self.source}, {place}.{key}: a list of texts is needed"
            for key, texts in lists.items()
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts)
        ]
        self.bad += wrong
        if wrong:
            return None
        tuples = {key: tuple(lists[key] or ()) for key in ("codes", "regions", "groups")}
        return self.made(place, lambda: Labels(names=names, **tuples))

    def meta(self, item: Any) -> Any:
        """Return the facts, with the step of this reading."""
        if item is None:
            return None

        kinds: dict[str, Any] = {**dict.fromkeys(FACTS, str), "year": int, "price_year": int}
        kinds |= {"unit_value": int | float, "notes": dict, "steps": list}
        for key, kind in kinds.items():
            value = item.get(key)
            if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
                self.bad.append(f"{self.source}, meta.{key}: {value!r} cannot be used")

        def make() -> Meta:
            steps = [Step(str(verb), str(arguments)) for verb, arguments in item.pop("steps", [])]
            return Meta(**item, steps=(*steps, Step("read", self.place.resolve().name)))

        return self.made("meta", make)

    def satellite(self, item: Any) -> Any:
        """Return a satellite with its key in the table."""
        place = f"satellites.{item.get('key')}" if isinstance(item, dict) else "satellites"
        rows = self.labels(self.item(item, "rows", dict), f"{place}.rows")
        values = self.array(self.item(item, "values", str))
        if rows is None or values is None:
            return None
        growth, final = self.array(item.get("growth")), self.array(item.get("final"))
        units = item.get("units") or []
        if not isinstance(units, list) or not all(isinstance(unit, str) for unit in units):
            self.bad.append(f"{self.source}, {place}.units: a list of texts is needed")
            return None
        facts = ("name", "unit", "unit_value", "year", "basis", "source")
        taken = {key: item[key] for key in facts if key in item}
        account = self.made(
            place,
            lambda: Satellite(
                rows=rows, values=values, growth=growth, final=final, units=tuple(units), **taken
            ),
        )
        return None if account is None else (str(item.get("key")), account)

    def shares(self, item: Any) -> Any:
        """Return domestic shares, if there are any."""
        if item is None:
            return None
        found = {
            key: self.array(self.item(item, key, str)) for key in ("intermediate", "consumption")
        }
        method = self.item(item, "method", str)
        if any(part is None for part in found.values()):
            return None
        return self.made("domestic_shares", lambda: DomesticShares(method=method, **found))

    def split(self, item: Any) -> Any:
        """Return the official split of imports, if there is one."""
        if item is None:
            return None
        found: dict[str, Any] = {key: self.array(self.item(item, key, str)) for key in SPLIT}
        found["group"] = self.array(self.item(item, "group", str), whole=True)
        for key in ("codes", "final_codes"):
            found[key] = tuple(map(str, self.item(item, key, list) or ()))
        source = self.item(item, "source", str)
        if any(part is None for part in found.values()):
            return None
        return self.made("import_split", lambda: ImportSplit(source=source, **found))
