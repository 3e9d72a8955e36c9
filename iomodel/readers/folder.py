"""Read a table from a folder: table.json and one .npy file per array, as `write` makes it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from iomodel.accounts.flows import Flows
from iomodel.accounts.forms import BLOCKS, FOLDER_FILE, FOLDER_LAYOUT
from iomodel.accounts.imports import DomesticShares, ImportSplit
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta, Step
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import IOModelError, ReadError, listed

ARRAY = re.compile(r"[a-z0-9_]+\.npy")
SPLIT = ("domestic", "imported", "final_domestic", "final_imported")
FACTS = (
    *("title", "publisher", "published", "address", "region", "unit", "currency", "valuation"),
    *("import_treatment", "kind"),
)
NounT = TypeVar("NounT")


def recognises(path: str | Path) -> bool:
    """Tell whether a path is a folder that holds a table."""
    return (Path(path) / FOLDER_FILE).is_file()


def read(path: str | Path) -> IOTable:
    """Read a table from a folder.

    Raises
    ------
    ReadError
        With every part that is missing or cannot be used.
    """
    parts = _Parts(Path(path))
    text = parts.text()
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
class _Parts:
    """Parts of one folder, with a list of what cannot be used."""

    folder: Path
    bad: list[str] = field(default_factory=list)

    def finish(self) -> None:
        """Raise if any part was bad."""
        if self.bad:
            noun = "problem" if len(self.bad) == 1 else "problems"
            raise ReadError(
                f"{self.folder}: {len(self.bad)} {noun} in the folder:\n  {listed(self.bad)}\n"
                "Write the table again with iom.write(...), or correct the files."
            )

    def text(self) -> dict[str, Any]:
        """Return what table.json holds."""
        try:
            text = json.loads((self.folder / FOLDER_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ReadError(
                f"{self.folder / FOLDER_FILE}: cannot be read ({error}). Write the table again."
            ) from error
        stated = text.get("layout") if isinstance(text, dict) else None
        if stated != FOLDER_LAYOUT:
            raise ReadError(
                f"{self.folder / FOLDER_FILE}: layout {stated!r}, not {FOLDER_LAYOUT!r}. "
                "Another version may have written it."
            )
        return dict(text)

    def item(self, text: Any, place: str, kind: type) -> Any:
        """Return an item of table.json by its path; record one that is missing or another kind."""
        value = text
        for key in place.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, kind):
            return value
        what = "missing" if value is None else f"{value!r}"
        self.bad.append(f"{FOLDER_FILE}, {place}: {what} where a {kind.__name__} is needed")
        return None

    def array(self, name: object, *, whole: bool = False) -> Any:
        """Return an array by its file name, as floats or as whole numbers."""
        if name is None:
            return None
        if not isinstance(name, str) or not ARRAY.fullmatch(name):
            self.bad.append(f"{FOLDER_FILE}: {name!r} is not the name of an array of this folder")
            return None
        try:
            values = np.load(self.folder / name, allow_pickle=False)
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
            f"{FOLDER_FILE}, {place}.{key}: a list of texts is needed"
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
                self.bad.append(f"{FOLDER_FILE}, meta.{key}: {value!r} cannot be used")

        def make() -> Meta:
            steps = [Step(str(verb), str(arguments)) for verb, arguments in item.pop("steps", [])]
            return Meta(**item, steps=(*steps, Step("read", self.folder.resolve().name)))

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
            self.bad.append(f"{FOLDER_FILE}, {place}.units: a list of texts is needed")
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
