"""What was found in a file, block by block, and what was taken for what."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from iomodel.errors import IOModelError, ReadError, listed
from iomodel.readers import elsewhere, own
from iomodel.readers.choice import Choice, choice_of
from iomodel.readers.detect import quoted, ranked, survey
from iomodel.readers.found import Found
from iomodel.readers.layouts import LAYOUTS
from iomodel.readers.map import draw, legend
from iomodel.readers.regions import Region
from iomodel.readers.registry import BOOKS, FILES, BookForm, FileForm
from iomodel.readers.rows import COLUMNS, Row, row_of_block, row_of_strip, row_of_table
from iomodel.readers.taken import range_of, taken
from iomodel.readers.views import View, marked, named_view, views_of
from iomodel.readers.workbook import Workbook, open_workbook
from iomodel.results import Result, html_facts, html_frame

SUMMARY = ("sheet", "range", "kind", "sectors", "unit", "year", "prices", "confidence", "chosen")
MAPS = 24  # as many sheets are drawn on one page; `map` draws any of them
ROWS = 60  # as many blocks are listed
LISTED = 6  # as many sheets without a block are listed above the frame
STYLE = (
    "body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:960px;padding:0 1em}"
    "table{border-collapse:collapse;font-size:13px;margin:.4em 0}"
    "th,td{text-align:left;padding:.15em .8em .15em 0;vertical-align:top}th{white-space:nowrap}"
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Inspection(Result):
    """What a file holds: every block on every sheet, and what `iom.read` takes.

    Attributes
    ----------
    file : str
        Name of the file.
    form : str
        What it is: a kind of workbook, a text file, or a table that `write` saved.
    views : tuple of View
        The sheets, in the order of the file.
    choice : Choice
        What `iom.read` takes, why, and the order of the others.
    rows : tuple of Row
        One for each block; `to_frame` says what they hold.

    Examples
    --------
    >>> import iomodel as iom
    >>> seen = iom.inspect(iom.example("china-2020"))
    >>> seen.to_frame()[["sheet", "sectors", "chosen"]].values.tolist()
    [['flows', 153, True]]
    """

    file: str
    form: str
    views: tuple[View, ...]
    choice: Choice
    rows: tuple[Row, ...]
    provenance: tuple[str, ...]
    residual: float = 0.0

    @property
    def title(self) -> str:
        """What the file is."""
        return f"{self.file}: {self.form}"

    @cached_property
    def _chosen(self) -> Found | None:
        spot = (self.choice.sheet, self.choice.range)
        found = (item for view in self.views for item in view.found)
        return next((item for item in found if (item.sheet, item.range) == spot), None)

    def facts(self) -> list[tuple[str, object]]:
        """Return what is read and why, and the sheets without a block."""
        facts: list[tuple[str, object]] = [("iom.read takes", self.choice)]
        facts.append(("why", self.choice.why))
        if self.choice.call:
            facts.append(("the same by", self.choice.call))
        told = {row.sheet for row in self.rows}
        empty = [view for view in self.views if view.name not in told]
        facts += [(f"sheet {marked(view)}", view.holds) for view in empty[:LISTED]]
        if len(empty) > LISTED:
            names = ", ".join(marked(view) for view in empty[LISTED:])
            facts.append((f"{len(empty) - LISTED} more sheets", f"{names}: see .sheets()"))
        return facts

    @property
    def units(self) -> Mapping[str, str]:
        """Counts, years, confidence from 0 to 1 and place in the rule of choice."""
        return {"sectors": "sectors", "year": "year", "confidence": "1", "order": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each block.

        Returns
        -------
        DataFrame
            ``sheet``, ``hidden``, ``range``, ``kind``, ``sectors``, ``layout`` (the declared
            layout, or ``structure``), ``unit``, ``year``, ``prices``, ``confidence`` (0 to 1),
            ``balances`` and ``does_not_balance`` (the sums that it states), ``order`` (place in
            the rule of choice; missing where the reading is not sure enough), ``chosen``, and
            ``call``, which reads the block.
        """
        frame = pd.DataFrame(list(self.rows), columns=list(Row._fields))[list(COLUMNS)]
        kinds = {"sectors": "Int64", "year": "Int64", "order": "Int64", "confidence": "float64"}
        return frame.astype(kinds)

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the blocks in short, those that are read first."""
        frame = self.to_frame().sort_values("order", kind="stable", na_position="last")
        frame = frame[list(SUMMARY)].head(top).reset_index(drop=True)
        frame["chosen"] = frame["chosen"].map({True: "yes", False: ""})
        return frame.astype(object).where(frame.notna(), "")

    def sheets(self) -> pd.DataFrame:
        """Return one row for each sheet: its size, whether it is hidden, and what it holds."""
        columns = ["sheet", "hidden", "rows", "columns", "blocks", "holds"]
        rows = [(v.name, v.hidden, *v.size, len(v.found), v.holds) for v in self.views]
        return pd.DataFrame(rows, columns=columns)

    def lines(self, at: str | None = None) -> pd.DataFrame:
        """Return every row and column beside a block with what it was taken for.

        Parameters
        ----------
        at : str, optional
            A block as ``Sheet!C7:N18`` or ``C7:N18``, or the name of a sheet; the block that
            `iom.read` takes if absent.

        Returns
        -------
        DataFrame
            ``side``, ``address`` of the figures, ``code``, ``label``, ``use`` (final demand,
            primary input, imports, output, total, satellite, not used, ...), ``role``, ``sign``
            in the balance (0 for a line that is no part of it), ``sum`` of the figures and
            ``states``: whether a printed total is the sum of its parts.

        Raises
        ------
        ReadError
            If there is no such block.
        """
        found = self._block(at)
        rows = [
            (
                "row" if item.line.by_row else "column",
                range_of(found, item.line),
                item.line.code,
                item.line.title,
                item.use,
                item.role,
                item.sign,
                float(item.line.filled.sum()),
                item.states,
            )
            for item in taken(found)
        ]
        names = ["side", "address", "code", "label", "use", "role", "sign", "sum", "states"]
        return pd.DataFrame(rows, columns=names)

    def evidence(self, at: str | None = None) -> pd.DataFrame:
        """Return what speaks for the reading of a block, and the weight of each in the confidence.

        Parameters
        ----------
        at : str, optional
            A block or a sheet, as for `lines`.

        Returns
        -------
        DataFrame
            ``evidence`` and ``weight``.

        Raises
        ------
        ReadError
            If there is no such block.
        """
        return pd.DataFrame(list(self._block(at).evidence), columns=["evidence", "weight"])

    def map(self, sheet: str | None = None) -> str:
        """Return the map of a sheet as SVG.

        Parameters
        ----------
        sheet : str, optional
            Name of a sheet; the one that `iom.read` takes if absent.

        Raises
        ------
        ReadError
            If there is no such sheet, or nothing was found on it.
        """
        wanted = self.choice.sheet if sheet is None else sheet
        view = next((view for view in self.views if view.name == wanted), None)
        regions = [] if view is None else view.regions(self._chosen)
        if not regions:
            have = ", ".join(view.name for view in self.views if view.found or view.strip)
            raise ReadError(f"{self.file}: no map of sheet {wanted!r}. Maps: {have or 'none'}.")
        return draw(regions, f"{self.file} {wanted}")

    def page(self) -> str:
        """Return the whole inspection as a page of HTML."""
        name = html.escape(self.file)
        return (
            "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
            f"<title>{name}</title><style>{STYLE}</style></head>"
            f"<body>{self._repr_html_()}</body></html>"
        )

    def _repr_html_(self) -> str:
        drawn = [(view, view.regions(self._chosen)) for view in self._in_order()[:MAPS]]
        drawn = [(view, regions) for view, regions in drawn if regions]
        kinds = {region.kind for _, regions in drawn for region in regions}
        parts = [html_facts(self.title, self.facts()), html_frame(self.summary(ROWS))]
        if drawn:
            parts.append(legend(kinds, self.file))
        parts += [self._drawn(view, regions, place == 0) for place, (view, regions) in
                  enumerate(drawn)]  # fmt: skip
        left = sum(bool(view.found) for view in self.views) - len(drawn)
        if left > 0:
            parts.append(f"<p>{left} more sheets: draw one with .map(sheet).</p>")
        return "".join(parts)

    def _in_order(self) -> list[View]:
        """Return the sheets, the one that is read first."""
        return sorted(self.views, key=lambda view: view.name != self.choice.sheet)

    def _drawn(self, view: View, regions: Sequence[Region], first: bool) -> str:
        size = f"{view.size[0]:,} rows, {view.size[1]:,} columns"
        read = "; read by iom.read" if view.name == self.choice.sheet else ""
        return (
            f"<details{' open' if first else ''} style='margin:.6em 0'><summary><strong>"
            f"{html.escape(marked(view))}</strong> ({size}{read}): {html.escape(view.holds)}"
            f"</summary>{draw(regions, f'{self.file} {view.name}')}</details>"
        )

    def _block(self, at: str | None) -> Found:
        found = [item for view in self.views for item in view.found]
        if at is None and self._chosen is not None:
            return self._chosen
        want = (at or "").replace("$", "").replace("'", "").upper()
        for item in (*ranked(found), *found):
            spot = f"{item.sheet}!{item.range}".upper()
            if want in {item.range, spot, item.sheet.upper()}:
                return item
        have = listed((f"{item.sheet}!{item.range}: {item.kind}" for item in found), 12)
        what = "no block is read" if at is None else f"no block at {at!r}"
        raise ReadError(f"{self.file}: {what}. Found:\n  {have or 'nothing'}")


def inspect(path: str | Path) -> Inspection:
    """Show what a file holds: every block on every sheet, and what was taken for what.

    In a notebook it draws a map of every sheet on which something was found.

    Parameters
    ----------
    path : str or Path
        Any file or folder that `read` takes, or refuses.

    Returns
    -------
    Inspection
        Frames of the blocks (`to_frame`), the sheets (`sheets`), the lines beside a block
        (`lines`) and what speaks for its reading (`evidence`); `choice` says what `read` takes.

    Raises
    ------
    ReadError
        If the file is missing, protected, damaged or not a workbook.

    Examples
    --------
    >>> import iomodel as iom
    >>> seen = iom.inspect(iom.example("china-2020"))
    >>> seen.title
    'china_2020.xlsx: workbook in the layout of iomodel'
    >>> seen.to_frame()[["sheet", "kind", "sectors", "chosen"]].values.tolist()
    [['flows', 'flows', 153, True]]
    """
    if elsewhere.recognises(path):
        elsewhere.read(path)
    form = next((form for form in FILES if form.recognises(path)), None)
    if form is not None:
        return _known(Path(path), form.what, form, path, ())
    book = open_workbook(path)
    known = next((form for form in BOOKS if form.recognises(book)), None)
    if known is not None:
        views = tuple(named_view(book, name) for name in book.names)
        return _known(book.path, known.what, known, book, views)
    if own.is_study(book):
        views = tuple(named_view(book, name) for name in book.names)
        why = "a study is read by iom.read_sectors(path)"
        return _inspection(book.path, "study workbook of iomodel", views, Choice(why=why), [])
    return _surveyed(book)


def _surveyed(book: Workbook) -> Inspection:
    """Return what the structure of a workbook's sheets shows."""
    found = survey(book, LAYOUTS)
    views: list[View] = []
    rows: list[Row] = []
    places = {id(item): place for place, item in enumerate(ranked(found), 1)}
    for place, name in enumerate(book.names):
        here = [item for item in found if item.order[0] == place]
        here_views = views_of(book, name, here)
        views += here_views
        rows += [row_of_block(item, book, places.get(id(item))) for item in here]
        rows += [
            row_of_strip(view.strip, view.name, book)
            for view in here_views
            if view.strip is not None
        ]
    facts = ", ".join(str(value) for value in book.facts.values())
    form = f"{book.content} file ({facts})" if facts else f"{book.content} workbook"
    form += f", {len(book.names)} sheets" if len(book.names) > 1 else ""
    return _inspection(book.path, form, tuple(views), choice_of(found, book), rows)


def _inspection(
    path: Path,
    form: str,
    views: tuple[View, ...],
    choice: Choice,
    rows: Sequence[Row],
) -> Inspection:
    return Inspection(
        file=path.name,
        form=form,
        views=views,
        choice=choice,
        rows=tuple(rows),
        provenance=(f"inspect({path.name})",),
    )


def _known(
    path: Path,
    what: str,
    form: FileForm | BookForm,
    source: str | Path | Workbook,
    views: tuple[View, ...],
) -> Inspection:
    """Return what a form that says itself what it is holds: it is read to tell."""
    call = f"iom.read({quoted(str(path))})"
    sheet = next((view.name for view in views if view.whole is not None), "")
    try:
        table = form.reads(source)  # type: ignore[arg-type]
    except IOModelError as error:
        why = f"{what}, which cannot be read: {str(error).splitlines()[0]}"
        return _inspection(path, what, views, Choice(why=why), [])
    regions = len(set(table.labels.regions))
    kind = f"flows of {len(table)} sectors" + (f" in {regions} regions" if regions > 1 else "")
    choice = Choice(sheet=sheet, kind=kind, why=f"read by its own labels: {what}", call=call)
    return _inspection(path, what, views, choice, [row_of_table(table, what, sheet, call)])
