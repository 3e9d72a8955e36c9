"""An exhibit as a Word document with one table that can be pasted into a manuscript."""

from io import BytesIO
from pathlib import Path
from typing import Any

from iomodel.writers.atomic import WriteError
from iomodel.writers.exhibit import Exhibit
from iomodel.writers.workbook import ILLEGAL

ADVICE = "needs python-docx, which is not installed: pip install 'iomodel[report]'"
WIDE = 8  # columns from which the page lies on its side
LATIN, CHINESE = "Times New Roman", "SimSun"
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
    if len(shown.frame.columns) >= WIDE:
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = page.page_height, page.page_width
    page.left_margin = page.right_margin = Cm(2)
    if shown.caption:
        line = _write(document.add_paragraph(), shown.caption, BODY + 1, bold=True)
        line.paragraph_format.keep_with_next = True
    _table(document, shown)
    if shown.notes:
        notes = _write(document.add_paragraph(), "Notes: ", SMALL, italic=True)
        _write(notes, " ".join(shown.notes), SMALL)
        notes.paragraph_format.space_before = docx.shared.Pt(3)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document: Any, shown: Exhibit) -> None:
    """Fill the table: heads, units where they differ, rows."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    figures = [shown.is_figure(name) for name in shown.frame.columns]
    heads = [shown.heads, *([shown.unit_row] if any(shown.unit_row) else [])]
    rows = shown.rows()
    table = document.add_table(rows=len(heads) + len(rows), cols=len(figures))
    table.autofit = True
    for at, (line, row) in enumerate(zip([*heads, *rows], table.rows, strict=True)):
        head = at < len(heads)
        _keep_whole(row, repeated=head)
        edges = ["top"] if at == 0 else []
        edges += ["bottom"] if at in (len(heads) - 1, len(heads) + len(rows) - 1) else []
        for text, cell, figure in zip(line, row.cells, figures, strict=True):
            told = f"({text})" if head and at and text else text
            shown_text = told.replace("-", "\N{MINUS SIGN}", 1) if figure and not head else told
            paragraph = _write(cell.paragraphs[0], shown_text, BODY, bold=head and not at)
            paragraph.paragraph_format.space_after = 0
            if figure:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _rule(cell, edges, heavy=at in (0, len(heads) + len(rows) - 1))


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
