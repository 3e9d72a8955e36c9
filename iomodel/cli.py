"""The command line: the only module that prints."""

import argparse
import contextlib
import hashlib
import io
import json
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

from iomodel.analysis.inverse import Inverse
from iomodel.analysis.progress import unseen
from iomodel.errors import IOModelError, IOModelWarning, MissingLibraryError, SpecError
from iomodel.options import parser
from iomodel.readers.examples import EMBEDDED, base_of, example
from iomodel.readers.inspection import inspect
from iomodel.readers.published import read_published
from iomodel.readers.registry import read
from iomodel.readers.study import read_sectors
from iomodel.report.audit import audit_bytes
from iomodel.report.page import report
from iomodel.results import shown
from iomodel.studies.comparison import (
    Comparison,
    ask,
    asked_lines,
    asked_record,
    compare,
    published_ratio,
)
from iomodel.studies.derivation import Derivation, derive
from iomodel.studies.placebo import Placebo, placebo, placebo_lines, placebo_record
from iomodel.studies.record import record, sheets
from iomodel.studies.replication import command, inputs_of, replication, write_replication
from iomodel.studies.screen import screen
from iomodel.studies.spread import Spreads, drawable, interval_sheets, lines, record_of, spreads
from iomodel.version import VERSION
from iomodel.writers.atomic import write_together
from iomodel.writers.template import template
from iomodel.writers.workbook import workbook_bytes

BAD_INPUT = 2
REPORTS = ("audit.xlsx", "report.html")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Arguments without the program name; those of the process if absent.

    Returns
    -------
    int
        0, or 2 for bad input.
    """
    options = parser().parse_args(arguments)
    if options.command is None:
        parser().print_help()
        return 0
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", IOModelWarning)
            status = COMMANDS[options.command](options)
        for text in dict.fromkeys(str(item.message) for item in caught):
            print(f"iomodel: warning: {text}", file=sys.stderr)
        return status
    except IOModelError as error:
        print(f"iomodel: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # the reader of the output stopped early, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _derive(options: argparse.Namespace) -> int:
    ran = _run(options)
    derivation, comparison = ran.derivation, ran.comparison
    facts: dict[str, Any] = {"version": VERSION, "inputs": ran.inputs}
    results = record(derivation, comparison, **facts, more=_recorded(ran))
    text = json.dumps(results, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    tables = sheets(derivation, comparison, **facts, more=_sheets(ran))
    files = {"results.json": text.encode(), "results.xlsx": workbook_bytes(tables)}
    note = "" if options.no_report else _reported(files, ran, options.lang)
    written = write_together(options.to or _folder(derivation.account.id), files)
    if options.json:  # escaped, so that the encoding of the terminal cannot spoil it
        print(json.dumps(results, indent=2, allow_nan=False))
        return 0
    print(screen(derivation, comparison, beside=_lines(ran), asked=list(asked_lines(ran.asked))))
    print(f"written: {', '.join(map(str, written))}")
    for line in filter(None, [note, _stale(written)]):
        print(line)
    return 0


def _stale(written: Sequence[Path]) -> str:
    """Name files of an earlier run that stand beside what was written now."""
    folder, now = written[0].parent, {path.name for path in written}
    left = [name for name in REPORTS if name not in now and (folder / name).exists()]
    return f"of an earlier run, not of this one: {', '.join(left)} in {folder}" if left else ""


class _Ran(NamedTuple):
    """A study that was run: the derivation, and what was asked for beside it."""

    derivation: Derivation
    comparison: Comparison | None
    inputs: dict[str, str]
    intervals: Spreads | None
    asked: Mapping[str, Inverse]
    tried: Placebo | None

    @property
    def published(self) -> float | None:
        """The published ratio, compared and never used."""
        return published_ratio(self.comparison)


def _run(options: argparse.Namespace) -> _Ran:
    study = _embedded(options.study)
    base = _embedded(options.base) if options.base else base_of(study)
    table = read(base)
    derivation = derive(read_sectors(study, base=table), table, domestic=options.domestic)
    published = read_published(study)
    comparison = compare(derivation, published) if published else None
    short = study.name != base.name
    inputs = {
        path.name if short else str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (study, base)
    }
    draws = options.draws if drawable(derivation.account) else 0
    seed, value = options.seed, published_ratio(comparison)
    found = None
    if draws:
        found = spreads(
            derivation,
            draws=draws,
            seed=seed,
            coefficient_error=options.coefficient_error,
            imports_of=table if options.draw_imports else None,
            progress=unseen if options.json else None,
        )
    return _Ran(
        derivation,
        comparison,
        inputs,
        intervals=found,
        asked=ask(derivation, value, draws=draws, seed=seed) if draws and value else {},
        tried=placebo(derivation, table, seed=seed) if options.placebo else None,
    )


def _recorded(ran: _Ran) -> dict[str, Any]:
    """Return what results.json holds beside the derivation."""
    found = {} if ran.intervals is None else record_of(ran.intervals, ran.published)
    asked = {"inverse": asked_record(ran.asked)} if ran.asked else {}
    return {**found, **asked, **({"placebo": placebo_record(ran.tried)} if ran.tried else {})}


def _sheets(ran: _Ran) -> list[tuple[str, str, str, pd.DataFrame, str]]:
    """Return the sheets of results.xlsx beside the derivation."""
    found = [] if ran.intervals is None else list(interval_sheets(ran.intervals))
    if ran.tried:
        found.append(("placebo", ran.tried.title, "Mean of patterns.", ran.tried.rows, "0.0000"))
    return found


def _lines(ran: _Ran) -> list[str]:
    """Return the lines of the screen beside the derivation."""
    found = [] if ran.intervals is None else list(lines(ran.intervals, ran.published))
    if not drawable(ran.derivation.account):
        found = ["No intervals: every input is fixed. Ranges stand in the sheet inputs.", ""]
    return [*found, *(placebo_lines(ran.tried) if ran.tried else ())]


def _reported(files: dict[str, bytes], ran: _Ran, language: Literal["en", "zh"]) -> str:
    """Add the audit workbook and the report; return why there is no report, if so."""
    files["audit.xlsx"] = audit_bytes(ran.derivation, ran.comparison)
    try:
        page = report(
            ran.derivation,
            comparison=ran.comparison,
            intervals=ran.intervals,
            placebo=ran.tried,
            asked=ran.asked or None,
            inputs=ran.inputs,
            language=language,
        )
    except MissingLibraryError as error:
        return f"report.html is not written: {error}"
    files["report.html"] = str(page).encode()
    return ""


def _embedded(name: str) -> Path:
    """Return a file, or the one that comes with the package under this name."""
    return example(name) if name in EMBEDDED and not Path(name).exists() else Path(name)


def _folder(study: str) -> str:
    """Return the folder of results of a study: its id without the year."""
    name = re.sub(r"[-_ ]?[0-9]{4}$", "", study)
    return re.sub(r"\W+", "_", name) + "_results"


def _check(options: argparse.Namespace) -> int:
    table = read(options.file)
    findings = table.check()
    print(table)
    print()
    print(findings.title)
    for key, value in findings.facts():
        print(f"  {key}: {value}")
    frame = findings.to_frame()
    if len(frame):
        print(frame.to_string(index=False))
    return 0


def _inspect(options: argparse.Namespace) -> int:
    seen = inspect(options.file)
    print(seen.title)
    for key, value in seen.facts():
        print(f"  {key}: {value}")
    frame = seen.summary(top=len(seen.rows))
    if len(frame):
        print(shown(frame).to_string(index=False))
    if options.to:
        target = Path(options.to)
        page = {target.name: seen.page().encode()}
        print(f"written: {write_together(target.parent, page)[0]}")
    return 0


def _template(options: argparse.Namespace) -> int:
    wanted, other = ("base", "sectors") if options.kind == "study" else ("sectors", "base")
    if getattr(options, wanted) is None or getattr(options, other) is not None:
        raise SpecError(f"iomodel template {options.kind}: give --{wanted}, not --{other}.")
    if options.kind == "study":
        written = template(options.to, base=read(_embedded(options.base)))
        print(f"written: {written}")
        print("Fill it in (the sheet `how to` says how), then:")
        print(f"iomodel derive {written} --base {options.base}")
        return 0
    lists = (options.final, options.primary, options.names)
    final, primary, names = (tuple(map(str.strip, text.split(","))) for text in lists)
    written = template(
        options.to,
        sectors=options.sectors,
        final=final,
        primary=primary,
        import_treatment=options.imports,
        languages=names,
        employment=options.employment,
    )
    print(f"written: {written}")
    print(f"Fill it in (the sheet `how to` says how), then: iomodel check {written}")
    return 0


def _replicate(options: argparse.Namespace) -> int:
    study = _embedded(options.study)
    base = _embedded(options.base) if options.base else base_of(study)
    inputs = inputs_of(study, base)
    asked = command(inputs, domestic=options.domestic, draws=options.draws, seed=options.seed,
                    placebo=options.placebo, error=options.coefficient_error,
                    imports=options.draw_imports)  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        copies = {Path(name).name: content for name, content in inputs.items()}
        options.study, options.base = write_together(place, copies)
        options.to, options.json = Path(place) / "results", False
        options.lang, options.no_report = "en", False
        with contextlib.redirect_stdout(io.StringIO()):
            _derive(options)
        results = {path.name: path.read_bytes() for path in sorted(options.to.iterdir())}
        table = read(options.base)
        account = read_sectors(options.study, base=table)
    files = replication(inputs, results, asked, title=account.title, table=table.meta,
                        evidence=account.evidence)  # fmt: skip
    target = options.target
    print(f"written: {write_replication(target, files)}")
    print(f"Run it again: python {Path(target) / 'run.py'}")
    return 0


COMMANDS = {
    "derive": _derive,
    "check": _check,
    "inspect": _inspect,
    "template": _template,
    "replicate": _replicate,
}
