"""The arguments of the command line."""

import argparse
from typing import TYPE_CHECKING, TypeAlias

from iomodel.version import VERSION
from iomodel.writers.template import FINAL, PRIMARY

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

STUDY, FOLDER, DRAWS = "micro-drama-2025", "micro_drama_results", 10_000
FORM = argparse.RawDescriptionHelpFormatter
EXAMPLES = """\
examples:
  iomodel derive                             run on the embedded study and table
  iomodel derive my_study.xlsx               run on a changed copy of the study workbook
  iomodel derive scotland-screen-2019        run on the embedded study of film and TV in Scotland
  iomodel derive --domestic official         separate imports by the official 42-sector split
  iomodel derive --draws 100000 --placebo    with more draws, and falsification
  iomodel derive --lang zh --to results      write the report in Chinese, into this folder
  iomodel derive --json > results.json       print the results as JSON instead of the screen
  iomodel replicate my_study.xlsx --to folder         a folder that runs it again elsewhere
  iomodel check my_table.xlsx                print what balances in a table and what does not
  iomodel inspect my_table.xlsx --to map.html             print and draw what was found in it
  iomodel template table --sectors 42 --to blank.xlsx     a blank table to fill in
  iomodel template study --base my_table.xlsx --to my_industry.xlsx     a blank study to fill in
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Returns
    -------
    argparse.ArgumentParser
        Its result has a field `command`, None if no command is given.
    """
    top = argparse.ArgumentParser(
        prog="iomodel",
        description="Input-output economics: derive the multiplier of an industry, check a table.",
        epilog=EXAMPLES,
        formatter_class=FORM,
    )
    top.add_argument("--version", action="version", version=f"iomodel {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _derive_parser(commands)
    two = commands.add_parser("check", help="print the findings on a table")
    two.add_argument("file", metavar="FILE", help="workbook with an input-output table")
    _inspect_parser(commands)
    _template_parser(commands)
    _replicate_parser(commands)
    return top


def _derive_parser(commands: "Commands") -> None:
    one = commands.add_parser(
        "derive",
        help="derive indirect jobs per direct job from a study workbook and a table",
        description="Derive indirect jobs per direct job by scope, channel and destination; write "
        "results.json, results.xlsx, report.html and audit.xlsx.",
        epilog=EXAMPLES,
        formatter_class=FORM,
    )
    _study_options(one)
    one.add_argument(
        "--to", metavar="DIR", help="folder to write (default: by the study, as " + FOLDER + ")"
    )
    one.add_argument(
        "--lang", choices=("en", "zh"), default="en", help="language of report.html (default: en)"
    )
    one.add_argument(
        "--no-report", action="store_true", help="write results.json and results.xlsx only"
    )
    one.add_argument("--json", action="store_true", help="print JSON instead of the screen")


def _study_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "study",
        nargs="?",
        metavar="STUDY.xlsx",
        default=STUDY,
        help=f"a workbook, or the name of an embedded study (default: {STUDY})",
    )
    parser.add_argument(
        "--base", metavar="TABLE.xlsx", help="base table (default: the one that the study names)"
    )
    parser.add_argument(
        "--domestic",
        choices=("proportional", "official"),
        default="proportional",
        help="how imports are separated (default: proportional)",
    )
    parser.add_argument(
        "--draws",
        type=int,
        metavar="N",
        default=DRAWS,
        help=f"intervals from N draws of the inputs, 0 for none (default: {DRAWS:,})",
    )
    parser.add_argument(
        "--seed", type=int, metavar="S", default=1, help="of the draws (default: 1)"
    )
    parser.add_argument(
        "--coefficient-error",
        type=float,
        metavar="E",
        help="every coefficient of the table is drawn as well, with relative error E (0.1)",
    )
    parser.add_argument(
        "--draw-imports", action="store_true", help="the import method is drawn as well"
    )
    parser.add_argument(
        "--placebo", action="store_true", help="also run the chain with other things put in"
    )


def _replicate_parser(commands: "Commands") -> None:
    parser = commands.add_parser(
        "replicate",
        help="write a folder that runs a study again elsewhere and compares",
        description="Write inputs, results, versions and a script that runs them again.",
    )
    _study_options(parser)
    parser.add_argument(
        "--to", dest="target", required=True, metavar="DIR", help="the folder to write"
    )


def _inspect_parser(commands: "Commands") -> None:
    parser = commands.add_parser(
        "inspect",
        help="show every table found in a file, and which is read",
        description="Show every table found in a file, which of them is read, and why.",
    )
    parser.add_argument("file", metavar="FILE", help="workbook, csv file or saved table")
    parser.add_argument("--to", metavar="MAP.html", help="also draw a map of every sheet")


def _template_parser(commands: "Commands") -> None:
    three = commands.add_parser(
        "template",
        help="write a blank workbook to fill in",
        description="Write a blank workbook with drop-downs, notes and live checks.",
    )
    three.add_argument("kind", choices=("table", "study"), help="what to fill in")
    three.add_argument("--sectors", type=int, metavar="N", help="number of sectors of a table")
    three.add_argument("--base", metavar="TABLE.xlsx", help="table that a study is made for")
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
