"""Facts near a table: title, unit, year, prices, kind; from texts in several languages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from iomodel.readers.blocks import Block
from iomodel.readers.vocabulary import plain

NEAR = 14  # rows above a block that are read for facts
YEAR = re.compile(r"(?<![\d-])(19[4-9]\d|20[0-4]\d)(?!\d|-\d{2})")


@dataclass(frozen=True)
class Facts:
    """What the texts near a table say; empty where they say nothing."""

    title: str = ""
    unit: str = ""
    unit_value: float | None = None
    currency: str = ""
    year: int | None = None
    valuation: str = ""
    kind: str = ""
    region: str = ""


UNITS: tuple[tuple[str, str, float, str], ...] = (
    (r"亿元", "100 million CNY", 1e8, "CNY"),
    (r"万元|10,?000 yuan|10 000 yuan", "10,000 CNY", 1e4, "CNY"),
    (r"百万円", "million JPY", 1e6, "JPY"),
    (r"億円", "100 million JPY", 1e8, "JPY"),
    (r"백만 ?원", "million KRW", 1e6, "KRW"),
    (r"십억 ?원", "billion KRW", 1e9, "KRW"),
    (r"新臺幣百萬|百萬元|million ntd?\b|nt\$ ?million", "million TWD", 1e6, "TWD"),
    (r"mil\. ?kc", "million CZK", 1e6, "CZK"),
    (r"juta rupiah|million rupiah", "million IDR", 1e6, "IDR"),
    (r"miliar rupiah", "billion IDR", 1e9, "IDR"),
    (r"miles de millones de pesos", "billion CLP", 1e9, "CLP"),
    (r"millones de pesos", "million pesos", 1e6, ""),
    (r"(?:valores correntes|r\$).{0,40}1[. ]?000[. ]?000|milhoes de r|1[. ]000[. ]000 r\$",
     "million BRL", 1e6, "BRL"),
    (r"us dollar,? million|million(?:s)?(?: of)? us ?(?:d|\$)|million usd|millions of dollars",
     "million USD", 1e6, "USD"),
    (r"£ ?million|millions? (?:of )?(?:gbp|pounds)|gbp million|£m\b", "million GBP", 1e6, "GBP"),
    (r"million(?:s)?(?: of)? (?:eur|€)|mio\.? ?(?:eur|€)|€ ?million|millones de euros"
     r"|millions d.euros|milioni di euro|mln eur", "million EUR", 1e6, "EUR"),
    (r"mrd\.? ?(?:eur|€)|billion (?:eur|€)", "billion EUR", 1e9, "EUR"),
    (r"\$ ?million|million aud|\$m\b", "million dollars", 1e6, ""),
    (r"mil\. ?kn|million(?:s)? (?:of )?hrk|milijun\w* kuna", "million HRK", 1e6, "HRK"),
    (r"million(?:s)? (?:of )?([a-z]{3})\b", "", 1e6, ""),
)  # fmt: skip
VALUATIONS = (
    (r"purchas\w*'? pric|购买者价格|購入者価格|구매자가격|\bpc[tdb]\b|hp pembeli|harga pembeli"
     r"|kupni ceny", "purchasers' prices"),
    (r"produc\w*[' ]?s?'? (?:pric|valu)|生产[者着]价格|生産者価格|생산자가격|\bp[dc][td]\b.*aceh"
     r"|harga produsen|before redefinitions.*producer", "producers' prices"),
    (r"basic pric|基本价格|基本価格|기초가격|precios? basic|preco\w* basic|zakladni ceny"
     r"|zakl\w* cen|harga dasar|herstellungspreis|osnovn\w* cijen", "basic prices"),
)  # fmt: skip
YEAR_ALONE = re.compile(r"(?<![A-Za-z\d-])(19[4-9]\d|20[0-4]\d)(?![A-Za-z\d]|-\d{2})")
KINDS = (
    (r"product.by.product|产品部门|product x product|produkt x produkt|pxp|commodity.by.commodity"
     r"|producto por producto|proizvod", "product"),
    (r"industry.by.industry|industry x industry|ixi|odvetvi x odvetvi|actividad por actividad"
     r"|industria por industria|djelatnost", "industry"),
)  # fmt: skip


DOMESTIC = re.compile(r"domesti(?!.*import)|国内|非竞争|국산|inland|\bixd\b|\bdom\b|tuzems")
PRICES = ("basic prices", "", "producers' prices", "purchasers' prices")


def says_domestic(facts: Facts, sheet: str) -> bool:
    """Tell whether a title or the name of a sheet says that flows are domestic."""
    return bool(DOMESTIC.search(plain(f"{sheet} {facts.title}")))


def rank_of(facts: Facts, sheet: str, treatment: str) -> tuple[int, int, int]:
    """Return where a table stands in the rule of choice: kind, import treatment and prices."""
    kinds = ("industry", "", "product")
    domestic = treatment == "domestic" or says_domestic(facts, sheet)
    return kinds.index(facts.kind), int(domestic), PRICES.index(facts.valuation)


def texts_near(block: Block) -> list[str]:
    """Return texts above a block and in its corner, from the top of the sheet down."""
    grid = block.grid
    first = max(0, min(block.heads) - NEAR)
    right = max(max(block.columns) + 40, 1)
    found = [
        text
        for row in range(first, block.top)
        if row not in block.heads
        for column, text in grid.by_row.get(row, [])
        if column <= right and row < min(block.heads)
    ]
    corner = [
        text
        for row in block.heads
        for column, text in grid.by_row.get(row, [])
        if column < block.left
    ]
    foot = range(max(block.rows) + 1, grid.sheet.height)
    notes = [text for row in foot for column, text in grid.by_row.get(row, []) if len(text) > 40]
    return [*found, *corner, *notes]


def facts_of(block: Block, others: Iterable[str] = ()) -> Facts:
    """Return the facts that texts near a block state.

    Parameters
    ----------
    block : Block
    others : iterable of str
        Other texts to look in last, such as the file's name and a page of notes.
    """
    near, sheet = texts_near(block), block.grid.sheet.name
    above = [*near, *_years_in_cells(block), sheet, *others]
    unit, size, currency = _unit(above)
    return Facts(
        title=next((text for text in near if _is_title(text)), ""),
        unit=unit,
        unit_value=size,
        currency=currency,
        year=_year(block, [*near, sheet, *others]),
        valuation=_first(VALUATIONS, [sheet, *near, *others]),
        kind=_first(KINDS, [sheet, *near]),
    )


def _is_title(text: str) -> bool:
    words = len(text.split()) > 1 or not text.isascii()
    return len(text) > 4 and words and not text.lower().startswith(("sorry", "menu", "http"))


def _unit(texts: Sequence[str]) -> tuple[str, float | None, str]:
    for text in texts:
        word = plain(text)
        for pattern, unit, size, currency in UNITS:
            found = re.search(pattern, word)
            if found:
                own = unit or f"million {found.group(1).upper()}"
                return own, size, currency or ("" if unit else found.group(1).upper())
    return "not stated", None, ""


def _year(block: Block, texts: Sequence[str]) -> int | None:
    """Return the year of a table: in its title, a cell of its own, the sheet's or file's name.

    Spans such as 1998-2019 are no year.
    """
    for text in (*texts[:1], *_years_in_cells(block), block.grid.sheet.name, *texts):
        found = YEAR_ALONE.findall(text) or YEAR.findall(text)
        if found:
            return int(found[0])
    return None


def _years_in_cells(block: Block) -> list[str]:
    """Return years that stand alone in a cell above the block or beside each of its rows."""
    grid = block.grid
    above = range(max(0, min(block.heads) - NEAR), min(block.heads))
    cells = [grid.sheet.text(row, c) for row in above for c in range(min(4, grid.sheet.width))]
    for column in range(block.left):
        beside = {grid.sheet.text(row, column) for row in block.rows}
        cells += beside if len(beside) == 1 else ()
    return [text for text in cells if re.fullmatch(r"(19|20)\d\d", text)]


def _first(patterns: Sequence[tuple[str, str]], texts: Sequence[str]) -> str:
    for text in texts:
        for pattern, answer in patterns:
            if re.search(pattern, plain(text)):
                return answer
    return ""
