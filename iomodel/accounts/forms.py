"""Names that readers and writers of our own forms share."""

from dataclasses import fields

from iomodel.accounts.flows import Flows

TABLE_LAYOUT = "iomodel table 1"
STUDY_LAYOUT = "iomodel study 2"
STUDY_FAMILY = "iomodel study "
FOLDER_LAYOUT = "iomodel table folder 1"
FOLDER_FILE = "table.json"
PARQUET_LAYOUT = "iomodel table parquet 1"
PARQUET_KEY = b"iomodel"
PARQUET_ADVICE = (
    "needs pyarrow, which is not installed: python -m pip install pyarrow (or iomodel[parquet])."
)
SHEETS = frozenset({"about", "sectors", "flows", "imports_42"})
GROWTH = "nominal_growth"
SPLIT_FINALS = ("TC", "FU201", "FU202")
BLOCKS = tuple(block.name for block in fields(Flows))
IOSYSTEM_NOTE = "pymrio"  # what an IOSystem has beside the table, as JSON among the notes
