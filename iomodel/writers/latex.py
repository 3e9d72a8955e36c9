"""An exhibit as a LaTeX table in the style of journals: rules above, below and under the head."""

import re
from collections.abc import Iterable

from iomodel.writers.exhibit import Exhibit

LONG = 45  # rows from which a table runs over pages
WIDE = 40  # characters from which a column of text is set in lines
ESCAPED = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": "{[}",  # after a row it would be taken for a distance
    "*": "{*}",
    "\N{MINUS SIGN}": "$-$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
}
SPECIAL = re.compile("|".join(map(re.escape, ESCAPED)))
CONTROL = re.compile(r"[\x00-\x1f\x7f\s]+")
LABEL = re.compile(r"[^A-Za-z0-9:._-]+")
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?")
BROAD = 85  # characters of a line from which the table is set small
LINES = r">{\raggedright\arraybackslash}p{0.28\linewidth}"
PLAIN = "% Needs in the preamble: "
WIDER = "% Text beyond Latin letters: compile with xelatex (or lualatex)"


def escape(text: str) -> str:
    r"""Return text that LaTeX prints as it is; blanks and line ends become one blank.

    Examples
    --------
    >>> from iomodel.writers.latex import escape
    >>> escape("R&D_1 <50%")
    'R\\&D\\_1 \\textless{}50\\%'
    """
    flat = CONTROL.sub(" ", text)
    return SPECIAL.sub(lambda found: ESCAPED[found[0]], flat).replace("--", "-{}-")


def content(shown: Exhibit) -> bytes:
    r"""Return the LaTeX source of a table, to be taken in by ``\input``.

    Up to `LONG` rows a ``table`` with notes of threeparttable; a ``longtable`` beyond.
    """
    rows = [_row(_cell(text) for text in row) for row in shown.rows()]
    heads = [_row(f"{{{escape(text)}}}" if text else "" for text in shown.heads)]
    if any(shown.unit_row):
        units = (escape(f"({unit})") if unit else "" for unit in shown.unit_row)
        heads.append(_row(f"{{{unit}}}" if unit else "" for unit in units))
    body = _long(shown, heads, rows) if len(rows) > LONG else _short(shown, heads, rows)
    packages = "array,booktabs," + ("longtable" if len(rows) > LONG else "threeparttable")
    preamble = [f"{PLAIN}\\usepackage{{{packages}}}"]
    text = "\n".join(body) + "\n"
    if not text.isascii():
        preamble.append(WIDER)
    if re.search(r"[\u2e80-\u9fff\uf900-\ufaff]", text):
        preamble.append("% Chinese text: \\usepackage{ctex} in the preamble.")
    return ("\n".join(preamble) + "\n" + text).encode()


def _row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


def _cell(text: str) -> str:
    """Return a cell; the hyphen of a negative number becomes a minus sign."""
    if text.startswith("-") and NUMBER.fullmatch(text):
        return f"$-${text[1:]}"
    return escape(text)


def _form(shown: Exhibit) -> str:
    """Alignment of the columns: figures right, text left, long text in lines."""
    letters = []
    for name in shown.frame.columns:
        texts = [] if shown.is_figure(name) else list(map(str, shown.frame[name].tolist()))
        wide = max(map(len, texts), default=0) > WIDE
        letters.append("r" if shown.is_figure(name) else LINES if wide else "l")
    return "@{}" + "".join(letters) + "@{}"


def _size(shown: Exhibit) -> str:
    """Return the command for small type where lines are long, or empty text."""
    columns = zip(shown.heads, *shown.rows(), strict=True)
    line = sum(min(max(map(len, column)), WIDE) + 2 for column in columns)
    return r"\footnotesize" if line > BROAD else ""


def _named(shown: Exhibit) -> str:
    """Caption and label, where there are any."""
    parts = f"\\caption{{{escape(shown.caption)}}}" if shown.caption else ""
    return parts + (f"\\label{{{LABEL.sub('-', shown.label)}}}" if shown.label else "")


def _short(shown: Exhibit, heads: list[str], rows: list[str]) -> list[str]:
    notes = []
    if shown.notes:
        told = escape(" ".join(shown.notes))
        notes = [r"\begin{tablenotes}[flushleft]\footnotesize", rf"\item \emph{{Notes:}} {told}",
                 r"\end{tablenotes}"]  # fmt: skip
    return [
        r"\begin{table}[htbp]",
        rf"\centering{_size(shown)}",
        r"\begin{threeparttable}",
        *filter(None, [_named(shown)]),
        rf"\begin{{tabular}}{{{_form(shown)}}}",
        r"\toprule",
        *heads,
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        *notes,
        r"\end{threeparttable}",
        r"\end{table}",
    ]


def _long(shown: Exhibit, heads: list[str], rows: list[str]) -> list[str]:
    notes, named = [], _named(shown)
    if shown.notes:
        told = escape(" ".join(shown.notes))
        notes = [r"\noindent\begin{minipage}{\linewidth}\footnotesize",
                 rf"\emph{{Notes:}} {told}", r"\end{minipage}"]  # fmt: skip
    size = _size(shown)
    return [
        *([rf"\begingroup{size}\setlength{{\tabcolsep}}{{4pt}}"] if size else []),
        rf"\begin{{longtable}}{{{_form(shown)}}}",
        *([rf"{named} \\"] if named else []),
        r"\toprule",
        *heads,
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        *heads,
        r"\midrule",
        r"\endhead",
        r"\bottomrule",
        r"\endfoot",
        *rows,
        r"\end{longtable}",
        *([r"\endgroup"] if size else []),
        *notes,
    ]
