"""A table as one parquet file: what others read in it, and what is refused."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.accounts.blocks import blocks, cell_labels
from iomodel.accounts.forms import PARQUET_KEY
from iomodel.writers.atomic import WriteError
from tests.unit.small import CODES, F, X, Z, built

WHY = "pyarrow is not installed (extra `parquet`)"


@pytest.fixture
def pa() -> Any:
    return pytest.importorskip("pyarrow", reason=WHY)


@pytest.fixture
def pq(pa: Any) -> Any:
    return pytest.importorskip("pyarrow.parquet", reason=WHY)


def written(folder: Path) -> Path:
    names = {"en": ["Farms", "Factories", "Services"], "zh": ["农", "工", "服务"]}
    return iom.write(built(names=names, sections="ABC"), folder / "t.parquet")


# --- what others read in it ----------------------------------------------------------------------


def test_other_programs_find_codes_names_and_roles(tmp_path: Path, pq: Any) -> None:
    frame = pd.read_parquet(written(tmp_path))
    inner = frame[frame["block"] == "intermediate"]
    z = inner.pivot_table("value", "row", "column", aggfunc="sum", observed=True)
    assert z.loc[CODES, CODES].to_numpy().tolist() == Z.to_numpy().tolist()
    demand = frame[frame["block"] == "final_demand"]
    sold = demand[demand["column_group"] == "household"]
    assert sold["value"].tolist() == F["household"].tolist()
    assert sold["row_name"].tolist() == ["Farms", "Factories", "Services"]
    assert sold["row_group"].tolist() == list("ABC")
    jobs = frame[frame["account"] == "employment"]
    assert set(jobs["block"]) == {"satellite_1"} and set(jobs["row"]) == {"old", "new"}
    assert frame.loc[frame["block"] == "output", "value"].tolist() == X.tolist()
    assert set(frame.loc[frame["block"] == "output", "unit"]) == {"million EUR"}
    assert not frame.isna().any().any()


def test_one_row_for_each_figure_also_of_zeros(tmp_path: Path, pq: Any) -> None:
    china = iom.read(iom.example("china-2020"))
    frame = pd.read_parquet(iom.write(china, tmp_path / "c.parquet"))
    assert (frame["block"] == "intermediate").sum() == 153**2
    growth = frame[frame["block"] == "satellite_1_growth"]
    assert len(growth) == 153 and set(growth["unit"]) == {"ratio"}


def test_every_array_is_a_block_with_its_labels() -> None:
    china = iom.domestic(iom.read(iom.example("china-2020")), method="official")
    for block in blocks(china):
        size = len(block.rows.codes) * len(block.columns.codes)
        assert block.values.size == size, block.name
        assert {len(spots) for spots, _ in cell_labels(block).values()} == {size}
    rows, texts = cell_labels(next(blocks(china)))["row"]
    assert [texts[rows[k]] for k in (0, 152, 153)] == [china.labels.codes[k] for k in (0, 0, 1)]


def test_content_not_name_tells(tmp_path: Path, pq: Any) -> None:
    path = written(tmp_path).rename(tmp_path / "t.xlsx")
    assert iom.read(path).output.tolist() == X.tolist()


# --- what is refused -----------------------------------------------------------------------------


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(WriteError, match="pip install pyarrow"):
        iom.write(built(), tmp_path / "t.parquet")
    assert not list(tmp_path.iterdir())
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    with pytest.raises(iom.ReadError, match="pip install pyarrow"):
        iom.read(tmp_path / "t.parquet")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no parquet at all", b"PAR1" * 9])
def test_a_damaged_file(tmp_path: Path, pq: Any, content: bytes) -> None:
    (tmp_path / "t.parquet").write_bytes(content)
    with pytest.raises(iom.ReadError, match="cannot be read as parquet"):
        iom.read(tmp_path / "t.parquet")


def test_a_file_cut_off_or_changed(tmp_path: Path, pq: Any) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(iom.ReadError, match="damaged or cut off"):
        iom.read(path)
    path.write_bytes(whole[:8] + b"\xff" * 60 + whole[68:])
    with pytest.raises(iom.ReadError):
        iom.read(path)


def test_another_parquet_file(tmp_path: Path, pq: Any) -> None:
    Z.to_parquet(tmp_path / "z.parquet")
    with pytest.raises(iom.UnknownLayoutError, match=r"columns: a, m, s.*iom\.table"):
        iom.read(tmp_path / "z.parquet")


def changed(path: Path, pq: Any, change: Any) -> None:
    """Write the file again with other rows and the same metadata."""
    frame = pq.read_table(path)
    other = change(frame)
    pq.write_table(other.replace_schema_metadata(frame.schema.metadata), path)


def put(frame: Any, spot: int, head: str, value: Any) -> Any:
    """Return the rows with one cell changed, in the same kinds of columns."""
    texts = frame.column(head).to_pylist()
    texts[spot] = value
    at = frame.schema.get_field_index(head)
    kind = frame.schema.field(head).type
    plain = type(frame.column(head)).__module__  # pyarrow.lib, however it was loaded
    made = sys.modules[plain].array(texts, getattr(kind, "value_type", kind))
    return frame.set_column(at, head, made.dictionary_encode() if kind != made.type else made)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda frame: frame.slice(1), "33 figures where its metadata name 34|rows were"),
        (lambda frame: frame.take(list(range(len(frame)))[::-1]), "labels do not fit"),
        (lambda frame: put(frame, 4, "row", "z"), "row 5, row: 'z' where 'm' is needed"),
        (lambda frame: put(frame, 0, "unit", "EUR"), "row 1, unit: 'EUR'"),
        (lambda frame: put(frame, 2, "value", None), "blank cells in the columns value"),
        (lambda frame: frame.drop_columns(["row"]), "columns row are missing"),
        (lambda frame: put(frame, 2, "value", float("nan")), "intermediate"),
    ],
)
def test_rows_that_were_changed(tmp_path: Path, pq: Any, change: Any, problem: str) -> None:
    path = written(tmp_path)
    changed(path, pq, change)
    with pytest.raises(iom.ReadError, match=problem) as caught:
        iom.read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("layout", "iomodel table parquet 2", "Another version"),
        ("shapes", None, "its metadata name 0"),
        ("shapes", {"intermediate": "3"}, "metadata are damaged"),
        ("flows", {}, "flows.intermediate: missing"),
        ("labels", {}, "labels.sectors: missing"),
        ("meta", None, "meta: missing"),
    ],
)
def test_metadata_that_were_changed(
    tmp_path: Path, pq: Any, key: str, value: Any, problem: str
) -> None:
    path = written(tmp_path)
    frame = pq.read_table(path)
    text = json.loads(frame.schema.metadata[PARQUET_KEY])
    text[key] = value
    metadata = {**frame.schema.metadata, PARQUET_KEY: json.dumps(text).encode()}
    pq.write_table(frame.replace_schema_metadata(metadata), path)
    with pytest.raises(iom.ReadError, match=problem):
        iom.read(path)
    pq.write_table(frame.replace_schema_metadata({PARQUET_KEY: b"{"}), path)
    with pytest.raises(iom.ReadError, match="metadata are damaged"):
        iom.read(path)


def test_a_value_changed_in_place_is_read(tmp_path: Path, pq: Any) -> None:
    path = written(tmp_path)
    changed(path, pq, lambda frame: put(frame, 1, "value", 41.0))
    with pytest.warns(iom.ImbalanceWarning):
        again = iom.read(path)
    assert again.intermediate.loc["a", "m"] == 41.0
    assert np.array_equal(again.output, X)
