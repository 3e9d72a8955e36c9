"""OECD input-output tables and national tables of the World Input-Output Database."""

from iomodel.readers.layout import Layout

OECD = Layout(
    name="OECD input-output tables",
    marks=(r"^hfce\b", r"^gfcf\b", r"^(?:valu|output)\b"),
    columns={
        r"hfce\b.*": "household",
        r"npish\b.*": "npish",
        r"ggfc\b.*": "government",
        r"gfcf\b.*": "capital formation",
        r"invnt\b.*": "inventories",
        r"dpabr\b.*": "household",
        r"cons abr\b.*": "imports",
        r"cons nonres\b.*": "exports",
        r"expo\b.*": "exports",
        r"impo\b.*": "imports",
    },
    rows={
        r"imp \w.*": "imports",
        r"txs .*": "product taxes",
        r"valu\b.*": "value added",
        r"output\b.*": "output",
        r"ttl int.*": "intermediate",
    },
    facts={
        "publisher": "OECD",
        "currency": "USD",
        "unit": "million USD",
        "valuation": "basic prices",
        "kind": "industry",
    },
    language="en",
)
WIOD_NATIONAL = Layout(
    name="World Input-Output Database, national",
    marks=(r"final consumption expenditure by households", r"international transport margins"),
    rows={r"international transport margins.*": "imports"},
    facts={
        "publisher": "World Input-Output Database",
        "currency": "USD",
        "unit": "million USD",
        "valuation": "basic prices",
    },
    language="en",
)
INTERNATIONAL = (OECD, WIOD_NATIONAL)
