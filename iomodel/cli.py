"""The command line: `iomodel derive`, `check`, `inspect`, `template`; the only one that prints."""

import argparse
import hashlib
import json
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from iomodel.accounts.table import IOTable
from iomodel.analysis.progress import unseen
from iomodel.errors import IOModelError, IOModelWarning
from iomodel.readers.examples import example
from iomodel.readers.inspection import inspect
from iomodel.readers.published import read_published
from iomodel.readers.registry import read
from iomodel.readers.study import read_sectors
from iomodel.results import shown
from iomodel.studies.comparison import ask, asked_lines, asked_record, compare, published_ratio
from iomodel.studies.derivation import Derivation, derive
from iomodel.studies.placebo import placebo, placebo_lines, placebo_record
from iomodel.studies.record import record, sheets
from iomodel.studies.screen import screen
from iomodel.studies.spread import interval_sheets, lines, record_of, spreads
from iomodel.version import VERSION
from iomodel.writers.atomic import write_together
from iomodel.writers.template import FINAL, PRIMARY, template
from iomodel.writers.workbook import workbook_bytes

FOLDER = "micro_drama_results"
BAD_INPUT = 2
EXAMPLES = """\
examples:
  iomodel derive                             run on the embedded study and table
  iomodel derive my_study.xlsx               run on a changed copy of the study workbook
  iomodel derive --domestic official         separate imports by the official 42-sector split
  iomodel derive --draws 20000 --placebo     with intervals, what drives them, falsification
  iomodel derive --json > results.json       print the results as JSON instead of the screen
  iomodel check my_table.xlsx                print what balances in a table and what does not
  iomodel inspect my_table.xlsx --to map.html             print and draw what was found in it
  iomodel template table --sectors 42 --to blank.xlsx     a blank table to fill in
"""


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
    options = _parser().parse_args(arguments)
    if options.command is None:
        _parser().print_help()
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


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="iomodel",
        description="Input-output economics: derive the multiplier of an industry, check a table.",
        epilog=EXAMPLES,
        formatter_class=form,
    )
    parser.add_argument("--version", action="version", version=f"iomodel {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    one = commands.add_parser(
        "derive",
        help="derive indirect jobs per direct job from a study workbook and a table",
        description="Derive indirect jobs per direct job by scope, channel and destination.",
        epilog=EXAMPLES,
        formatter_class=form,
    )
    one.add_argument("study", nargs="?", metavar="STUDY.xlsx", help="default: embedded study")
    one.add_argument("--base", metavar="TABLE.xlsx", help="base table; default: China 2020")
    one.add_argument(
        "--domestic",
        choices=("proportional", "official"),
        default="proportional",
        help="how imports are separated (default: proportional)",
    )
    one.add_argument(
        "--to",
        metavar="DIR",
        default=FOLDER,
        help=f"folder of results.json and results.xlsx (default: {FOLDER})",
    )
    _draw_options(one)
    one.add_argument(
        "--placebo", action="store_true", help="also run the chain with other things put in"
    )
    one.add_argument("--json", action="store_true", help="print JSON instead of the screen")
    two = commands.add_parser("check", help="print the findings on a table")
    two.add_argument("file", metavar="FILE", help="workbook with an input-output table")
    _inspect_parser(commands)
    _template_parser(commands)
    return parser


def _draw_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("--draws", type=int, metavar="N", help="intervals from N draws of the inputs")
    one.add_argument("--seed", type=int, metavar="S", default=1, help="of the draws (default: 1)")
    one.add_argument(
        "--coefficient-error",
        type=float,
        metavar="E",
        help="with --draws: every coefficient of the table errs as well, by E (0.1 for 10 %%)",
    )
    one.add_argument(
        "--draw-imports", action="store_true", help="with --draws: draw the import method as well"
    )


def _inspect_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "inspect",
        help="show every table found in a file, and which is read",
        description="Show every table found in a file, which of them is read, and why.",
    )
    parser.add_argument("file", metavar="FILE", help="workbook, csv file or saved table")
    parser.add_argument("--to", metavar="MAP.html", help="also draw a map of every sheet")


def _template_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    three = commands.add_parser(
        "template",
        help="write a blank workbook to fill in",
        description="Write a blank workbook with drop-downs, notes and live checks.",
    )
    three.add_argument("kind", choices=("table",), help="what to fill in")
    three.add_argument("--sectors", type=int, required=True, metavar="N", help="number of sectors")
    three.add_argument("--to", required=True, metavar="FILE.xlsx", help="the workbook to write")
    for name, roles, what in (
        ("--final", FINAL, "roles of final demand columns"),
        ("--primary", PRIMARY, "roles of primary input rows"),
        ("--names", ("en",), "languages of the names"),
    ):
        text = ",".join(roles)
        three.add_argument(name, metavar="A,B,...", default=text, help=f"{what} (default: {text})")
    three.add_argument(
        "--imports",
        choices=("competitive", "domestic"),
        default="competitive",
        help="with a column of imports, deducted, or without (default: competitive)",
    )
    three.add_argument("--employment", action="store_true", help="add a sheet of employment")


def _derive(options: argparse.Namespace) -> int:
    study = Path(options.study) if options.study else example("micro-drama-2025")
    base = Path(options.base) if options.base else example("china-2020")
    table = read(base)
    derivation = derive(read_sectors(study, base=table), table, domestic=options.domestic)
    published = read_published(study)
    comparison = compare(derivation, published) if published else None
    short = study.name != base.name
    hashes = {
        path.name if short else str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (study, base)
    }
    beside = _beside(options, derivation, table, published_ratio(comparison))
    results = record(derivation, comparison, version=VERSION, inputs=hashes, more=beside.record)
    text = json.dumps(results, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    content = workbook_bytes(
        sheets(derivation, comparison, version=VERSION, inputs=hashes, more=beside.sheets)
    )
    files = {"results.json": text.encode(), "results.xlsx": content}
    written = write_together(options.to, files)
    if options.json:  # escaped, so that the encoding of the terminal cannot spoil it
        print(json.dumps(results, indent=2, allow_nan=False))
    else:
        print(screen(derivation, comparison, beside=beside.lines, asked=beside.asked))
        print(f"written: {', '.join(map(str, written))}")
    return 0


class _Beside(NamedTuple):
    """What was asked for beside the derivation, for the record, the workbook and the screen."""

    record: dict[str, Any]
    sheets: list[tuple[str, str, str, pd.DataFrame, str]]
    lines: list[str]
    asked: list[str]


def _beside(
    options: argparse.Namespace, derivation: Derivation, table: IOTable, value: float | None
) -> _Beside:
    """Return draws and falsification; nothing without the options."""
    beside = _Beside({}, [], [], [])
    if options.draws is not None:
        found = spreads(
            derivation,
            draws=options.draws,
            seed=options.seed,
            coefficient_error=options.coefficient_error,
            imports_of=table if options.draw_imports else None,
            progress=unseen if options.json else None,
        )
        beside.record.update(record_of(found, value))
        beside.sheets.extend(interval_sheets(found))
        beside.lines.extend(lines(found, value))
        if value is not None:
            asked = ask(derivation, value, draws=options.draws, seed=options.seed)
            beside.record["inverse"] = asked_record(asked)
            beside.asked.extend(asked_lines(asked))
    if options.placebo:
        tried = placebo(derivation, table, seed=options.seed)
        beside.record["placebo"] = placebo_record(tried)
        beside.sheets.append(("placebo", tried.title, "Mean of patterns.", tried.rows, "0.0000"))
        beside.lines.extend(placebo_lines(tried))
    return beside


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


COMMANDS = {"derive": _derive, "check": _check, "inspect": _inspect, "template": _template}
