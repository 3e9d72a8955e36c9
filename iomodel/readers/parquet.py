"""Read a table from one parquet file, as `write` makes it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from iomodel.accounts.blocks import blocks, cell_labels
from iomodel.accounts.forms import PARQUET_ADVICE, PARQUET_KEY, PARQUET_LAYOUT
from iomodel.accounts.table import IOTable
from iomodel.errors import ReadError, UnknownLayoutError, listed
from iomodel.readers.saved import Parts, table_of

MAGIC = b"PAR1"
KEYS = ("block", "account", "row_region", "row", "column_region", "column", "unit")
BUILD = "Read it with pandas.read_parquet and build the table with iom.table(...)."
AGAIN = "Write the table again with iom.write(...), or build it from frames with iom.table(...)."


def recognises(path: str | Path) -> bool:
    """Tell whether a path is a parquet file, by its name or by how it begins."""
    file = Path(path)
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        return file.suffix.lower() == ".parquet" or stream.read(len(MAGIC)) == MAGIC


def read(path: str | Path) -> IOTable:
    """Read a table from a parquet file.

    Raises
    ------
    UnknownLayoutError
        If the file holds something else than a table of ours.
    ReadError
        If pyarrow is not installed, the file is damaged, or labels and figures do not fit.
    """
    file = Path(path)
    text, columns = _content(file)
    found = _arrays(file, text, columns)

    def load(name: str) -> Any:
        if name not in found:
            raise FileNotFoundError(name)
        values = found[name]
        return values.astype(np.int64) if name == "split_group" else values

    source = f"metadata {PARQUET_KEY.decode()!r}"
    table = table_of(text, Parts(place=file, kind="file", source=source, suffix="", load=load))
    _refuse(file, list(_moved(table, columns)))
    return table


def _refuse(file: Path, moved: list[str]) -> None:
    """Raise if labels do not fit the figures beside them."""
    if moved:
        raise ReadError(
            f"{file}: labels do not fit the figures:\n  {listed(moved)}\n"
            f"Rows were sorted or changed. {AGAIN}"
        )


def _content(file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the description, the figures and the (positions, texts) of the label columns."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ReadError(f"{file}: reading parquet {PARQUET_ADVICE}") from error

    try:
        schema = pq.read_schema(file)
        text = _text(file, (schema.metadata or {}).get(PARQUET_KEY), schema.names)
        with pq.ParquetFile(file, read_dictionary=list(KEYS)) as book:
            frame = book.read(columns=[*KEYS, "value"]).unify_dictionaries()
    except (pa.ArrowException, OSError) as error:
        raise ReadError(
            f"{file}: cannot be read as parquet ({error}). The file is damaged or cut off: "
            "copy it again, or write the table again."
        ) from error
    kinds = [name for name in KEYS if not pa.types.is_dictionary(frame.schema.field(name).type)]
    if kinds or frame.schema.field("value").type != pa.float64():
        raise ReadError(f"{file}: {[*kinds, 'value']}: columns of another kind. {AGAIN}")
    blank = [name for name in frame.column_names if frame[name].null_count]
    if blank:
        raise ReadError(f"{file}: blank cells in the columns {', '.join(blank)}. {AGAIN}")
    columns = {"value": frame["value"].to_numpy()}
    for name in KEYS:
        chunks = frame[name].chunks
        spots = [chunk.indices.to_numpy() for chunk in chunks]
        texts = chunks[0].dictionary.to_pylist() if chunks else []
        columns[name] = (np.concatenate([np.zeros(0, np.int32), *spots]), texts)
    return text, columns


def _text(file: Path, dumped: bytes | None, heads: list[str]) -> dict[str, Any]:
    """Return what the metadata say about the table."""
    if dumped is None:
        raise UnknownLayoutError(
            f"{file}: a parquet file, but not one that iom.write made: its metadata have no key "
            f"{PARQUET_KEY.decode()!r} (columns: {', '.join(heads[:12])}). {BUILD}"
        )
    try:
        text = json.loads(dumped)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{file}: its metadata are damaged ({error}). {AGAIN}") from error
    stated = text.get("layout") if isinstance(text, dict) else None
    if stated != PARQUET_LAYOUT:
        raise ReadError(
            f"{file}: layout {stated!r}, not {PARQUET_LAYOUT!r}. Another version may have "
            "written it."
        )
    lost = [name for name in (*KEYS, "value") if name not in heads]
    if lost:
        raise ReadError(f"{file}: the columns {', '.join(lost)} are missing. {AGAIN}")
    return dict(text)


def _arrays(file: Path, text: dict[str, Any], columns: dict[str, Any]) -> dict[str, Any]:
    """Return the arrays by name, cut from the column of figures."""
    values, stated = columns["value"], text.get("shapes")
    shapes = stated if isinstance(stated, dict) else {}
    if not all(
        isinstance(shape, list) and all(type(size) is int and size >= 0 for size in shape)
        for shape in shapes.values()
    ):
        raise ReadError(f"{file}: its metadata are damaged (shapes {stated!r:.80}). {AGAIN}")
    sizes = [int(np.prod(shape, dtype=np.int64)) for shape in shapes.values()]
    if sum(sizes) != len(values):
        raise ReadError(
            f"{file}: {len(values):,} figures where its metadata name {sum(sizes):,}: rows were "
            f"added or removed. {AGAIN}"
        )
    spots, names = columns["block"]
    of = np.repeat(np.arange(len(shapes)), sizes)
    place = {name: spot for spot, name in enumerate(shapes)}
    known = np.array([place.get(name, -1) for name in names], dtype=np.int64)
    wrong = np.flatnonzero(known[spots] != of) if len(of) else of
    if len(wrong):
        row, wanted = int(wrong[0]), list(shapes)
        what = f"{names[spots[row]]!r} where {wanted[of[row]]!r} is needed"
        _refuse(file, [f"row {row + 1:,}, block: {what} ({len(wrong):,} rows)"])
    pieces = np.split(values, np.cumsum(sizes)[:-1]) if sizes else []
    return {
        name: piece.reshape(shape)
        for (name, shape), piece in zip(shapes.items(), pieces, strict=True)
    }


def _moved(table: IOTable, columns: dict[str, Any]) -> Iterator[str]:
    """Yield, for each block and column, the first row whose label is not that of its figure."""
    start = 0
    for block in blocks(table):
        wanted = cell_labels(block)
        stop = start + len(wanted["block"][0])
        for head in KEYS:
            want, texts = wanted[head]
            spots, have = columns[head]
            place = {text: spot for spot, text in enumerate(texts)}
            known = np.array([place.get(text, -1) for text in have], dtype=np.int64)
            if not len(want):
                continue
            wrong = np.flatnonzero(known[spots[start:stop]] != want)
            if len(wrong):
                first = int(wrong[0])
                row = start + first
                yield (
                    f"row {row + 1:,}, {head}: {have[spots[row]]!r} where "
                    f"{texts[want[first]]!r} is needed ({len(wrong):,} rows of {block.name})"
                )
        start = stop
