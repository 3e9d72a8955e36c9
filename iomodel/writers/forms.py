"""The forms that an exhibit can be written in, by suffix, and what each can hold."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from iomodel.writers import latex, parquet, stata, word
from iomodel.writers.atomic import WriteError
from iomodel.writers.exhibit import RATIO, Exhibit
from iomodel.writers.workbook import SheetSpec, workbook_bytes

SHEET = re.compile(r"[\[\]:*?/\\]")
HTML = (
    (
        "body{{font-family:Georgia,'Noto Serif CJK SC',serif;margin:2em}}"
        "table{{border-collapse:collapse;border-top:1.5px solid;border-bottom:1.5px solid;"
        "font-variant-numeric:tabular-nums}}thead{{border-bottom:1px solid}}"
        "td,th{{padding:.15em .7em;text-align:left;vertical-align:top}}.n{{text-align:right}}"
        "caption{{text-align:left;font-weight:bold;padding:.4em 0}}p{{font-size:85%}}"
    )
    .replace("{{", "{")
    .replace("}}", "}")
)


class Form(NamedTuple):
    """One form: what it is, how it is made, and whether it is printed or holds data whole."""

    what: str
    made: Callable[[Exhibit, Path], bytes]
    printed: bool = True
    words: bool = True


def csv_bytes(shown: Exhibit, place: Path) -> bytes:
    """Return comma-separated values: UTF-8 with a byte order mark, shortest exact figures.

    Without the mark Excel takes UTF-8 for the code page of the computer and spoils Chinese
    text; pandas, R (``readr``) and Stata 14 skip it. Lines end with a line feed.
    """
    text: str = shown.frame.to_csv(index=False, lineterminator="\n")
    try:
        return text.encode("utf-8-sig")
    except UnicodeEncodeError as error:
        raise WriteError(f"{place}: a text cannot be stored: {error}.") from error


def sheet_bytes(shown: Exhibit, place: Path) -> bytes:
    """Return a workbook of one sheet: caption, notes, heads with units, full figures."""
    units = shown.units
    heads = {
        name: f"{name} ({units[name]})" if units.get(name, RATIO) not in ("", RATIO) else name
        for name in shown.frame.columns
    }
    frame = shown.frame.rename(columns=heads)
    formats = {heads[name]: _number_format(count) for name, count in shown.decimals.items()}
    sheet = SheetSpec(
        SHEET.sub(" ", shown.label or "exhibit").strip("'")[:31] or "exhibit",
        shown.caption, " ".join(shown.notes), frame.set_index(frame.columns[0]), formats=formats,
    )  # fmt: skip
    return workbook_bytes([sheet])


def _number_format(decimals: int) -> str:
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def html_bytes(shown: Exhibit, place: Path) -> bytes:
    """Return a page with the table, everything escaped; it needs no other file."""
    classes = [" class=n" if shown.is_figure(name) else "" for name in shown.frame.columns]

    def row(cells: list[str], tag: str) -> str:
        parts = zip(cells, classes, strict=True)
        return f"<tr>{''.join(f'<{tag}{c}>{html.escape(t)}</{tag}>' for t, c in parts)}</tr>"

    heads = [row(shown.heads, "th")]
    if any(shown.unit_row):
        heads.append(row([f"({unit})" if unit else "" for unit in shown.unit_row], "th"))
    caption = html.escape(shown.caption)
    body = "\n".join(row(cells, "td") for cells in shown.rows())
    notes = f"<p><em>Notes:</em> {html.escape(' '.join(shown.notes))}</p>" if shown.notes else ""
    name = f" id='{html.escape(shown.label)}'" if shown.label else ""
    return (
        f"<!doctype html>\n<html><head><meta charset='utf-8'><title>{caption}</title>"
        f"<style>{HTML}</style></head><body>\n<table{name}><caption>{caption}</caption>\n"
        f"<thead>{''.join(heads)}</thead>\n<tbody>\n{body}\n</tbody></table>\n{notes}\n"
        "</body></html>\n"
    ).encode("utf-8", "replace")


def markdown_bytes(shown: Exhibit, place: Path) -> bytes:
    """Return a pipe table with a caption above and notes below."""

    def plain(text: str) -> str:
        return re.sub(r"([\\`*_{}\[\]<>|#&~$^])", r"\\\1", " ".join(text.split()))

    def row(cells: list[str]) -> str:
        return f"| {' | '.join(cells)} |"

    pairs = zip(shown.heads, shown.unit_row, strict=True)
    heads = [plain(f"{head} ({unit})" if unit else head) for head, unit in pairs]
    marks = ["--:" if shown.is_figure(name) else ":--" for name in shown.frame.columns]
    lines = [row(heads), row(marks), *(row([plain(t) for t in cells]) for cells in shown.rows())]
    above = [f"**{plain(shown.caption)}**", ""] if shown.caption else []
    below = ["", f"*Notes:* {plain(' '.join(shown.notes))}"] if shown.notes else []
    return ("\n".join([*above, *lines, *below]) + "\n").encode("utf-8", "replace")


def _latex(shown: Exhibit, place: Path) -> bytes:
    return latex.content(shown)


EXHIBITS = {
    ".tex": Form("a LaTeX table (booktabs)", _latex),
    ".docx": Form("a Word table", word.content),
    ".xlsx": Form("a workbook of one sheet", sheet_bytes),
    ".html": Form("a page", html_bytes),
    ".md": Form("a Markdown table", markdown_bytes),
    ".dta": Form("a Stata data set", stata.content, printed=False),
    ".parquet": Form("one parquet file", parquet.exhibit_content, printed=False),
    ".csv": Form("comma-separated values", csv_bytes, printed=False, words=False),
}
