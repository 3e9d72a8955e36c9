"""A table or an exhibit as one parquet file, labels and facts in its metadata."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from iomodel.accounts.blocks import Block, blocks, cell_labels
from iomodel.accounts.forms import PARQUET_ADVICE, PARQUET_KEY, PARQUET_LAYOUT
from iomodel.accounts.table import IOTable
from iomodel.writers.atomic import WriteError
from iomodel.writers.description import description, json_bytes
from iomodel.writers.exhibit import Exhibit


def content(table: IOTable, place: Path) -> bytes:
    """Return the parquet file of a table.

    One row per figure: ``block`` (``intermediate``, ``final_demand``, ...), ``account`` (the
    satellite), region, code, name and group of its row and of its column, ``value``, ``unit``.
    The key ``iomodel`` of the file's metadata holds the rest as JSON. Why the long form:
    docs/decisions/0010-parquet.md.

    Parameters
    ----------
    table : IOTable
    place : Path
        The file, for messages.

    Raises
    ------
    WriteError
        If pyarrow is not installed, or a text or a fact cannot be stored.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise WriteError(f"{place}: writing parquet {PARQUET_ADVICE}") from error

    parts = list(blocks(table))
    text = description(table, PARQUET_LAYOUT)
    text["shapes"] = {block.name: list(block.values.shape) for block in parts}
    facts = json_bytes(text, place)
    frames = [_frame(pa, block) for block in parts]
    schema = frames[0].schema.with_metadata({PARQUET_KEY: facts})
    sink = pa.BufferOutputStream()
    labels = [field.name for field in schema if field.name != "value"]
    with pq.ParquetWriter(sink, schema, compression="zstd", use_dictionary=labels) as writer:
        for frame in frames:
            writer.write_table(frame.replace_schema_metadata(schema.metadata))
    return bytes(sink.getvalue().to_pybytes())


def _frame(pa: Any, block: Block) -> Any:
    """Return a block in long form, row by row."""
    columns = {
        head: pa.DictionaryArray.from_arrays(pa.array(spots), pa.array(texts, pa.string()))
        for head, (spots, texts) in cell_labels(block).items()
    }
    unit = columns.pop("unit")
    values = np.ascontiguousarray(block.values, dtype=np.float64).reshape(-1)
    return pa.table({**columns, "value": pa.array(values), "unit": unit})


def exhibit_content(shown: Exhibit, place: Path) -> bytes:
    """Return the parquet file of an exhibit: its columns, every bit of the figures.

    The key ``iomodel_exhibit`` of the metadata holds caption, label, notes and units as JSON.

    Raises
    ------
    WriteError
        If pyarrow is not installed, or a text cannot be stored.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise WriteError(f"{place}: writing parquet {PARQUET_ADVICE}") from error

    facts = {
        "caption": shown.caption,
        "label": shown.label,
        "notes": list(shown.notes),
        "units": dict(shown.units),
    }
    try:
        whole = pa.Table.from_pandas(shown.frame, preserve_index=False)
        told = json.dumps(facts, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise WriteError(f"{place}: a text cannot be stored: {error}.") from error
    kept = {**(whole.schema.metadata or {}), b"iomodel_exhibit": told}
    sink = pa.BufferOutputStream()
    pq.write_table(whole.replace_schema_metadata(kept), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())
