"""A table that is written and read again is the same table, bit for bit."""

import importlib.util
import json
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings, strategies as st

import iomodel as iom
from iomodel.accounts.flows import Flows
from iomodel.accounts.imports import DomesticShares, ImportSplit
from iomodel.accounts.meta import Step
from iomodel.writers.atomic import WriteError
from tests.identities.tables import Economy, activities, economies
from tests.unit.small import built, in_two_regions

pytestmark = [
    pytest.mark.filterwarnings("ignore::iomodel.ImbalanceWarning"),
    pytest.mark.filterwarnings("ignore::iomodel.NegativeFlowWarning"),
]

PARQUET = ("table.parquet",) if importlib.util.find_spec("pyarrow") else ()  # an extra
FORMS = ("table.xlsx", "table", *PARQUET)
ODD = [5e-324, 1e308, 0.1 + 0.2, -0.0, 1 / 3, -2.2250738585072014e-308, 123456789012345678.0, 0.0]


# --- what is the same ----------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Every part of a table as text, numbers and bytes; the order of names counts."""
    if isinstance(value, np.ndarray):
        kind = "float" if value.dtype.kind == "f" else "int"
        return kind, value.shape, np.ascontiguousarray(value).tobytes()
    if isinstance(value, iom.IOTable):
        parts = {item.name: getattr(value, item.name) for item in fields(value)}
        del parts["certificate"]
        return plain(parts)
    if is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return [(key, plain(item)) for key, item in value.items()]
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def same(written: iom.IOTable, read: iom.IOTable, name: str) -> None:
    """Assert that two tables have the same parts; reading adds its step."""
    steps = (*written.meta.steps, Step("read", name))
    meta = replace(written.meta, steps=steps, notes=dict(written.meta.notes or {}))
    again = replace(read.meta, notes=dict(read.meta.notes or {}))
    want, have = plain(written.replace(meta=meta)), plain(read.replace(meta=again))
    for (part, one), (_, other) in zip(want, have, strict=True):
        assert one == other, part


def returns(table: iom.IOTable, folder: Path, forms: tuple[str, ...] = FORMS) -> None:
    for name in forms:
        assert iom.write(table, folder / name) == folder / name
        same(table, iom.read(folder / name), name)


def figures(rng: np.random.Generator, *shape: int) -> Any:
    """Odd numbers of all sizes and signs."""
    values = rng.standard_normal(shape) * 10.0 ** rng.integers(-300, 300, shape)
    return np.where(rng.random(shape) < 0.4, rng.choice(ODD, shape), values)


def labels(stem: str, size: int, *languages: str, **more: Any) -> iom.Labels:
    names = {lang: tuple(f"{lang} {stem} {i}" for i in range(size)) for lang in languages}
    return iom.Labels(codes=tuple(f"{stem}{i}" for i in range(size)), names=names, **more)


def odd(seed: int = 0, *, n: int = 4, **changes: Any) -> iom.IOTable:
    """Make a table of odd numbers whose sums mean nothing."""
    rng, k, p = np.random.default_rng(seed), 3, 2
    meta = changes.get("meta", iom.Meta(title="Odd", import_treatment="competitive"))
    imports = np.maximum(figures(rng, n) / 1e5, -0.0)
    small = {"output": np.zeros(n) + [1e300, *ODD[2:]][:n] if n <= 7 else np.ones(n)}
    parts: dict[str, Any] = {
        "labels": labels("0", n, "zh"),
        "final_labels": labels("f", k, "en", "zh", groups=("household", "", "output")),
        "primary_labels": labels("v", p, groups=("", "imports")),
        "flows": Flows(
            intermediate=figures(rng, n, n) / 1e5,
            final_demand=figures(rng, n, k) / 1e5,
            primary_inputs=figures(rng, p, n) / 1e5,
            imports=imports if meta.import_treatment == "competitive" else np.zeros(n),
            final_primary=figures(rng, p, k),
            **small,
        ),
        "meta": meta,
    }
    return iom.IOTable(**{**parts, **changes})


@pytest.fixture(scope="module")
def china() -> iom.IOTable:
    table: iom.IOTable = iom.read(iom.example("china-2020"))
    return table


# --- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_the_embedded_table(tmp_path: Path, china: iom.IOTable, name: str) -> None:
    returns(china, tmp_path, (name,))


@pytest.mark.parametrize("method", ["proportional", "official"])
@pytest.mark.parametrize("name", FORMS)
def test_a_domestic_table(tmp_path: Path, china: iom.IOTable, method: Any, name: str) -> None:
    table = iom.domestic(china, method=method)
    returns(table, tmp_path, (name,))
    again = iom.read(tmp_path / name)
    assert again.certificate is None
    assert again.meta.provenance[:2] == ("read(china_2020.xlsx)", f"domestic({method})")


def test_full_time_employment(tmp_path: Path) -> None:
    returns(iom.full_time(built(sections="AAB"), farming=0.3), tmp_path)


@settings(max_examples=15)
@given(economies(), st.booleans())
def test_random_tables(economy: Economy, local: bool) -> None:
    facts = {"year": 2020, "unit": "million EUR"}
    table = economy.domestic(**facts) if local else economy.table(**facts)
    with tempfile.TemporaryDirectory() as folder:
        returns(table, Path(folder))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_any_number(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        returns(odd(seed), Path(folder))


def test_two_regions(tmp_path: Path) -> None:
    flows, demand = in_two_regions()
    table = iom.table(flows, final_demand=demand, names={"fr": list("abcd")})
    rows = labels("j", 2, "de", regions=("N", "S"), groups=("men", ""))
    jobs = iom.Satellite(name="jobs", rows=rows, values=np.array([[1.0, 2, 3, -0.0]] * 2))
    split = made_split([0, 1, 1, 0])
    regions = {"final_labels": replace(table.final_labels, regions=("S",))}
    table = table.with_satellite(jobs).replace(import_split=split, **regions)
    returns(table, tmp_path)
    assert iom.read(tmp_path / "table.xlsx").intermediate.loc[("N", "m"), ("S", "a")] == 7.0


def made_split(group: list[int]) -> ImportSplit:
    rng = np.random.default_rng(1)
    return ImportSplit(
        source="The office, table 7",
        group=np.array(group, dtype=np.intp),
        codes=("01", "2a"),
        domestic=figures(rng, 2, 2),
        imported=figures(rng, 2, 2),
        final_codes=("TC", "FU201", "FU202", "EX"),
        final_domestic=figures(rng, 2, 4),
        final_imported=figures(rng, 2, 4),
    )


CODES = [
    ("01001", "34072a", "407 LN", "1e5"),
    ("region", "name_fr", "role", "code"),
    ("unit", "year", "sources", "basis"),
    ("=1+1", "@a", "-", "+1"),
    ("TRUE", "#N/A", "2020-01-01", "ＩＭ"),
]


@pytest.mark.parametrize("codes", CODES)
def test_codes_stay_text(tmp_path: Path, codes: tuple[str, ...]) -> None:
    jobs = iom.Satellite(name="jobs", rows=iom.Labels(codes=("1", "region")), values=np.eye(4)[:2])
    table = odd(labels=iom.Labels(codes=codes, names={"zh": codes}, groups=codes))
    table = table.replace(
        satellites={"jobs": jobs},
        final_labels=iom.Labels(codes=("IM", "GO", "01"), groups=("sector", "output", "")),
        primary_labels=iom.Labels(codes=("code", "role"), groups=("sector", "final demand")),
        import_split=made_split([1, 0, 0, 1]),
    )
    returns(table, tmp_path)


def test_facts_and_notes(tmp_path: Path) -> None:
    notes = {
        "note_1": "=cmd|'/c calc'!A1",
        "layout": "@SUM(1)",
        "note:x": "two\nlines\tand more ",
        "quotation": "",
        "step_1": "微短剧 😀 <b>&amp;</b>",
    }
    meta = iom.Meta(
        title="=1+1",
        publisher="-",
        published="2020",
        address="+49",
        region="N",
        unit="odd",
        currency="CNY",
        unit_value=0.1 + 0.2,
        year=2020,
        price_year=2019,
        valuation="basic prices",
        import_treatment="not stated",
        kind="industry",
        notes=notes,
        steps=(Step("read", "a (1).xlsx"), Step("none"), Step("x", "f(y)")),
    )
    returns(odd(meta=meta), tmp_path)
    returns(odd(meta=iom.Meta()), tmp_path)


def test_satellites_of_any_name(tmp_path: Path) -> None:
    rows = labels("row", 2, "en", "zh")
    rng = np.random.default_rng(2)
    names = ["employment", "Employment", "flows", "satellite_2", "a/b:c", "x" * 40, "CO2", "排放"]
    found = {}
    for k, name in enumerate([*names, "History", ""]):
        grown = rng.uniform(0.5, 2, 4) if k % 2 else None
        found[name] = iom.Satellite(
            name=name or "other",
            rows=rows,
            values=np.maximum(figures(rng, 2, 4), -0.0),  # jobs are never negative
            unit=["10,000 persons", "kt", ""][k % 3],
            unit_value=[1e4, 1 / 3, 1.0][k % 3],
            year=[None, 2025][k % 2],
            growth=grown,
            basis=(*("heads", "fte", "work-days"), "")[k % 4],
            source="=a; b: c" if k else "",
        )
    returns(odd(satellites=found), tmp_path)


def test_domestic_shares_of_any_method(tmp_path: Path) -> None:
    share = np.array([0.0, 1.0, 1 / 3, 5e-324])
    shares = DomesticShares(method="", intermediate=share, consumption=share[::-1])
    returns(odd(domestic_shares=shares), tmp_path)


def test_a_folder_holds_what_a_workbook_cannot(tmp_path: Path) -> None:
    table = odd(
        labels=iom.Labels(codes=(" a ", "b\r", "c_x000D_", "d\x0b"), names={"a, b": ("",) * 4}),
        meta=iom.Meta(title=" t ", steps=(Step("a(b", "c"),), notes=None),
    )
    returns(table, tmp_path, ("table", *PARQUET))
    assert iom.read(tmp_path / "table").meta.notes is None
    with pytest.raises(WriteError) as caught:
        iom.write(table, tmp_path / "table.xlsx")
    assert "a(b" in str(caught.value) and "a, b" in str(caught.value)
    with pytest.raises(WriteError) as caught:
        iom.write(
            table.replace(labels=replace(table.labels, names={}), meta=iom.Meta()),
            tmp_path / "t.xlsx",
        )
    for place in ("sectors!A2", "sectors!A3", "sectors!A4", "sectors!A5", "flows!A5", "flows!H1"):
        assert place in str(caught.value)
    assert {path.name for path in tmp_path.iterdir()} == {"table", *PARQUET}


def emissions(**changes: Any) -> iom.IOTable:
    """Make a table with stressors in two units, which final demand causes too."""
    account = iom.Satellite(
        name="emissions", rows=labels("r", 2), values=np.ones((2, 3)), units=("kg", "TJ"),
        final=np.array([[0.1, -0.0], [5e-324, 3.0]]),
    )  # fmt: skip
    return built(satellites={"emissions": replace(account, **changes)})


def test_a_folder_holds_stressors_and_what_final_demand_causes(tmp_path: Path) -> None:
    returns(emissions(), tmp_path, ("table",))
    folder = tmp_path / "table"
    text = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    text["satellites"][0]["units"] = ["kg", 3]
    (folder / "table.json").write_text(json.dumps(text), encoding="utf-8")
    with pytest.raises(iom.ReadError, match=r"satellites.emissions.units: a list of texts"):
        iom.read(folder)


def test_a_workbook_refuses_several_units_and_levels_of_final_demand(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as caught:
        iom.write(emissions(), tmp_path / "table.xlsx")
    assert "rows in several units (kg, TJ)" in str(caught.value)
    assert "'emissions': levels of final demand" in str(caught.value)
    returns(emissions(units=("kg", "kg"), final=None), tmp_path)


# --- a workbook for people -----------------------------------------------------------------------


def test_the_workbook_reads_well(tmp_path: Path, china: iom.IOTable) -> None:
    small = built(names={"en": ["Farms", "Factories", "Services"]}, unit_value=1e6)
    book = openpyxl.load_workbook(iom.write(small, tmp_path / "small.xlsx"))
    assert book.sheetnames == ["about", "sectors", "flows", "employment"]
    flows = book["flows"]
    assert flows.freeze_panes == "E5"
    assert flows["E1"].font.bold and flows["A5"].font.bold and not flows["E5"].font.bold
    assert flows.column_dimensions["C"].width == 40
    assert (flows["E5"].value, flows["E5"].data_type, flows["A5"].data_type) == (10, "n", "s")
    assert flows["H4"].value == "household"


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    table = odd(meta=iom.Meta(title="=1+1"))
    about = openpyxl.load_workbook(iom.write(table, tmp_path / "t.xlsx"))["about"]
    cell = next(row[1] for row in about.iter_rows() if row[0].value == "title")
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=1+1", True)


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.csv", "t.feather", "t.xls", "t.2"])
def test_an_unknown_suffix(tmp_path: Path, name: str) -> None:
    with pytest.raises(WriteError, match=r"Known: \.xlsx .* no suffix"):
        iom.write(odd(), tmp_path / name)
    assert not list(tmp_path.iterdir())


@settings(max_examples=1)
@given(activities())
def test_inserted_sectors(activity: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMS:
            with pytest.raises(WriteError, match=r"\(m, p\).*Write the base table and insert"):
                iom.write(activity.table, Path(folder) / name)
        assert not list(Path(folder).iterdir())


def unfit() -> Iterator[tuple[str, iom.IOTable]]:
    rows = iom.Labels(codes=())
    grown = iom.Labels(codes=("nominal_growth",))
    yield (
        "has no rows",
        odd(satellites={"s": iom.Satellite(name="s", rows=rows, values=np.zeros((0, 4)))}),
    )
    yield (
        "growth factors",
        odd(satellites={"s": iom.Satellite(name="s", rows=grown, values=np.ones((1, 4)))}),
    )
    split = made_split([0, 1, 1, 0])
    for change, what in [
        ({"codes": ("GO", "b")}, "headers"),
        ({"codes": ("TC", "b")}, "twice"),
        ({"final_codes": ("TC", "FU201", "x", "y")}, "FU202"),
        ({"group": np.array([0, 1, 2, 0])}, "position of its group"),
        ({"group": np.array([0, 1])}, "position of its group"),
        ({"domestic": np.full((2, 2), np.nan)}, "imports_42!E2"),
    ]:
        yield what, odd(import_split=replace(split, **change))  # type: ignore[arg-type]
    yield "about!B", odd(meta=iom.Meta(title="x" * 40_000))
    yield "not a finite number", odd(meta=iom.Meta(unit_value=float("nan")))


@pytest.mark.parametrize(("what", "table"), list(unfit()))
def test_what_a_workbook_cannot_hold(tmp_path: Path, what: str, table: iom.IOTable) -> None:
    with pytest.raises(WriteError, match=what):
        iom.write(table, tmp_path / "t.xlsx")
    assert not list(tmp_path.iterdir())


def test_what_json_cannot_hold(tmp_path: Path) -> None:
    for meta in (iom.Meta(title="\ud800"), iom.Meta(unit_value=float("inf"))):
        with pytest.raises(WriteError, match="JSON"):
            iom.write(odd(meta=meta), tmp_path / "t")
    assert not list(tmp_path.iterdir())


# --- whole or not at all -------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_what_is_there_is_replaced(tmp_path: Path, name: str) -> None:
    jobs = iom.Satellite(name="s", rows=iom.Labels(codes=("r",)), values=np.ones((1, 4)))
    returns(odd(1, satellites={"s": jobs}), tmp_path, (name,))
    returns(odd(2), tmp_path, (name,))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert not (tmp_path / name / "satellite_1.npy").exists()


def test_an_empty_folder_is_filled_and_parents_are_made(tmp_path: Path) -> None:
    (tmp_path / "table").mkdir()
    returns(odd(), tmp_path)
    returns(odd(), tmp_path / "a" / "b")


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize("name", FORMS)
def test_a_failure_midway_keeps_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, failing: int
) -> None:
    old = odd(1)
    iom.write(old, tmp_path / name)
    move, calls = Path.replace, []

    def fails(self: Path, target: str | Path) -> Path:
        calls.append(target)
        if len(calls) == failing or name != "table":
            raise PermissionError(13, "held open by another program")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(WriteError, match=r"held open.*name another path"):
        iom.write(odd(2), tmp_path / name)
    monkeypatch.undo()
    same(old, iom.read(tmp_path / name), name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_full_disk_keeps_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    iom.write(odd(1), tmp_path / "table")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match="No space left"):
        iom.write(odd(2), tmp_path / "table")
    same(odd(1), iom.read(tmp_path / "table"), "table")
    assert [path.name for path in tmp_path.iterdir()] == ["table"]


def test_other_files_are_never_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.npy").write_bytes(b"")
    (tmp_path / "file").write_bytes(b"")
    iom.write(odd(), tmp_path / "table")
    (tmp_path / "both").mkdir()
    (tmp_path / "both" / "table.json").write_bytes(b"")
    (tmp_path / "both" / "notes.md").write_bytes(b"")
    monkeypatch.chdir(tmp_path / "table")
    for path, what in [
        (tmp_path / "mine", "thesis.npy"),
        (tmp_path / "both", "notes.md"),
        (tmp_path / "file", "is a file"),
        (Path(), "working folder"),
    ]:
        with pytest.raises(WriteError, match=what):
            iom.write(odd(), path)
    (tmp_path / "d.xlsx").mkdir()
    with pytest.raises(WriteError, match=r"d\.xlsx"):
        iom.write(odd(), tmp_path / "d.xlsx")


# --- reading what was changed by hand ------------------------------------------------------------


def spoil(path: Path, sheet: str, address: str, value: Any) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][address] = value
    book.save(path)


def two_regions() -> iom.IOTable:
    flows, demand = in_two_regions()
    table = iom.table(flows, final_demand=demand)
    jobs = iom.Satellite(name="jobs", rows=iom.Labels(codes=("r",)), values=np.ones((1, 4)))
    half = np.full(4, 0.5)
    shares = DomesticShares(method="x", intermediate=half, consumption=half)
    split = made_split([0, 1, 1, 0])
    return table.replace(satellites={"jobs": jobs}, domestic_shares=shares, import_split=split)


@pytest.mark.parametrize(
    ("sheet", "address", "value", "problem"),
    [
        ("flows", "E6", "X", "the sheet sectors has N"),
        ("flows", "F5", "X", "the sheet sectors has N"),
        ("flows", "E1", None, ""),
        ("sectors", "E5", "X", "the sheet sectors has X"),
        ("sectors", "E4", "N", "stands twice"),
        ("sectors", "F3", 1.5, "between 0 and 1"),
        ("sectors", "G3", "x", "text"),
        ("sectors", "G1", None, "lacks the header share_consumption"),
        ("jobs", "D1", None, "region"),
        ("jobs", "D8", "X", "is needed at this place"),
        ("jobs", "E6", "persons", "a basis is one of"),
        ("jobs", "E5", "x", "text"),
        ("jobs", "E3", "x", "text"),
        ("imports_42", "N3", "X", "without a group"),
        ("about", "B9", "gone", "missing"),
    ],
)
def test_a_bad_cell_is_named(
    tmp_path: Path, sheet: str, address: str, value: Any, problem: str
) -> None:
    path = iom.write(two_regions(), tmp_path / "t.xlsx")
    spoil(path, sheet, address, value)
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read(path)
    assert problem in str(caught.value)


FOLDER = [
    ("layout", "iomodel table folder 2", "Another version"),
    ("flows", {}, "flows.intermediate: missing"),
    ("flows.output", "../output.npy", "not the name of an array"),
    ("flows.output", "gone.npy", "gone.npy: missing"),
    ("flows.output", "imports.npy", None),
    ("flows.output", "intermediate.npy", "output: shape"),
    ("labels.sectors.codes", ["a", "b", 3, "d"], "labels.sectors.codes: a list of texts"),
    ("labels.sectors.codes", ["a", "a", "b", "c"], "more than once"),
    ("labels.sectors", None, "labels.sectors: missing"),
    ("meta.year", "2020", "meta.year: '2020'"),
    ("meta.color", "red", "color"),
    ("meta.steps", [1], "meta"),
    ("satellites", [{}], "rows: missing"),
    ("satellites", "none", "satellites: 'none'"),
    ("domestic_shares.method", None, "method: missing"),
    ("domestic_shares.intermediate", "flows.npy", "flows.npy: missing"),
    ("domestic_shares.intermediate", "satellite_1.npy", "import_split|domestic_shares|flows"),
    ("import_split.group", "output.npy", "whole numbers are needed"),
    ("import_split.codes", ["a"], "1 groups"),
]


@pytest.mark.parametrize(("place", "value", "problem"), FOLDER)
def test_a_bad_part_of_a_folder_is_named(
    tmp_path: Path, place: str, value: Any, problem: str | None
) -> None:
    folder = iom.write(two_regions(), tmp_path / "t")
    text = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    item = text
    *path, last = place.split(".")
    for key in path:
        item = item[key]
    item[last] = value
    (folder / "table.json").write_text(json.dumps(text), encoding="utf-8")
    if problem is None:
        assert iom.read(folder).output.sum() == 0.0
        return
    with pytest.raises(iom.ReadError, match=problem) as caught:
        iom.read(folder)
    assert str(folder) in str(caught.value)


def test_damaged_files_of_a_folder_are_named_together(tmp_path: Path) -> None:
    folder = iom.write(two_regions(), tmp_path / "t")
    (folder / "output.npy").write_bytes(b"no numbers")
    (folder / "imports.npy").unlink()
    whole = (folder / "intermediate.npy").read_bytes()
    (folder / "intermediate.npy").write_bytes(whole[:-8])
    np.save(folder / "final_demand.npy", np.array([{}]), allow_pickle=True)
    np.save(folder / "final_primary.npy", np.array(["x"]))
    with pytest.raises(iom.ReadError, match="5 problems") as caught:
        iom.read(folder)
    for name in ("output", "imports", "intermediate", "final_demand", "final_primary"):
        assert f"{name}.npy: " in str(caught.value)
    (folder / "table.json").write_text("{")
    with pytest.raises(iom.ReadError, match=r"table\.json: cannot be read"):
        iom.read(folder)
