"""An exhibit as a Word document with one table that can be pasted into a manuscript."""

from io import BytesIO
from pathlib import Path
from typing import Any

from iomodel.writers.atomic import WriteError
from iomodel.writers.exhibit import Exhibit
from iomodel.writers.pages import ILLEGAL

ADVICE = "needs python-docx, which is not installed: pip install 'iomodel[report]'"
WIDE = 95  # characters of a line from which the page lies on its side
LATIN, CHINESE = "Times New Roman", "SimSun"
WIDEST, MARGIN = 36, 3  # characters of a column of text, and between columns
BODY, SMALL = 9, 8  # points


def content(shown: Exhibit, place: Path) -> bytes:
    """Return the .docx file of an exhibit.

    Rules above, below and under the head, which is repeated on each page; figures flush right;
    caption above, notes below. Wide tables lie on their side.

    Raises
    ------
    WriteError
        If python-docx is not installed.
    """
    try:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm
    except ImportError as error:
        raise WriteError(f"{place}: writing .docx {ADVICE}") from error

    document = docx.Document()
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.title = _clean(shown.caption)[:255]
    page = document.sections[0]
    lines = _lines(shown)
    shares = _widths(*lines)
    if sum(shares) > WIDE:
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = page.page_height, page.page_width
    page.left_margin = page.right_margin = Cm(2)
    if shown.caption:
        line = _write(document.add_paragraph(), shown.caption, BODY + 1, bold=True)
        line.paragraph_format.keep_with_next = True
    _table(document, shown, *lines, shares)
    if shown.notes:
        notes = _write(document.add_paragraph(), "Notes: ", SMALL, italic=True)
        _write(notes, " ".join(shown.notes), SMALL)
        notes.paragraph_format.space_before = docx.shared.Pt(3)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _lines(shown: Exhibit) -> tuple[list[list[str]], list[list[str]]]:
    """Return the lines of the head, units in brackets, and the rows; minus signs are such."""
    units = [f"({unit})" if unit else "" for unit in shown.unit_row]
    heads = [shown.heads, *([units] if any(units) else [])]
    figures = [shown.is_figure(name) for name in shown.frame.columns]
    rows = [
        [f"\N{MINUS SIGN}{text[1:]}" if is_figure and text[:1] == "-" else text
         for text, is_figure in zip(row, figures, strict=True)]
        for row in shown.rows()
    ]  # fmt: skip
    return heads, rows or [[""] * len(figures)]


def _table(
    document: Any, shown: Exhibit, heads: list[list[str]], rows: list[list[str]], shares: list[int]
) -> None:
    """Fill the table: heads, units where they differ, rows."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    figures = [shown.is_figure(name) for name in shown.frame.columns]
    table = document.add_table(rows=len(heads) + len(rows), cols=len(figures))
    table.autofit = False
    _widen(table, shares, _room(document))
    for at, (line, row) in enumerate(zip([*heads, *rows], table.rows, strict=True)):
        head = at < len(heads)
        _keep_whole(row, repeated=head)
        edges = ["top"] if at == 0 else []
        edges += ["bottom"] if at in (len(heads) - 1, len(heads) + len(rows) - 1) else []
        for text, cell, figure in zip(line, row.cells, figures, strict=True):
            paragraph = _write(cell.paragraphs[0], text, BODY, bold=head and not at)
            paragraph.paragraph_format.space_after = 0
            if figure:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _rule(cell, edges, heavy=at in (0, len(heads) + len(rows) - 1))


def _room(document: Any) -> int:
    """Width between the margins, in the units of the document."""
    page = document.sections[0]
    return int(page.page_width - page.left_margin - page.right_margin)


def _widths(heads: list[list[str]], rows: list[list[str]]) -> list[int]:
    """Return the characters that each column takes: no word is broken, long text is wrapped."""
    found = []
    for head, body in zip(zip(*heads, strict=True), zip(*rows, strict=True), strict=True):
        words = [word for text in (*head, *body) for word in text.split()]
        least = max(map(len, words), default=1)
        found.append(max(least, min(max(map(len, body), default=1), WIDEST)) + MARGIN)
    return found


def _widen(table: Any, shares: list[int], room: int) -> None:
    """Give columns widths in proportion to the characters they take."""
    for column, share in zip(table.columns, shares, strict=True):
        column.width = room * share // sum(shares)
    for row in table.rows:
        for cell, column in zip(row.cells, table.columns, strict=True):
            cell.width = column.width


def _write(
    paragraph: Any, text: str, size: int, *, bold: bool = False, italic: bool = False
) -> Any:
    """Add text in the fonts of journals, Latin and Chinese."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(_clean(text))
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), LATIN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE)
    return paragraph


def _keep_whole(row: Any, *, repeated: bool) -> None:
    """Keep a row on one page; repeat a head on each."""
    from docx.oxml import OxmlElement

    facts = row._tr.get_or_add_trPr()
    facts.append(OxmlElement("w:cantSplit"))
    if repeated:
        facts.append(OxmlElement("w:tblHeader"))


def _rule(cell: Any, edges: list[str], *, heavy: bool) -> None:
    """Draw rules at edges of a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if not edges:
        return
    borders = OxmlElement("w:tcBorders")
    for edge in edges:
        rule = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", "8" if heavy else "4"), ("color", "000000")):
            rule.set(qn(f"w:{key}"), value)
        borders.append(rule)
    cell._tc.get_or_add_tcPr().append(borders)


def _clean(text: str) -> str:
    return ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
