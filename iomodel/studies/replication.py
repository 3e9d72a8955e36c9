"""A folder from which a reader of a journal runs a study again and compares every figure."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import pandas as pd

from iomodel.accounts.meta import Meta
from iomodel.errors import ReadError
from iomodel.studies.rerun import RUN
from iomodel.version import VERSION
from iomodel.writers.atomic import WriteError, write_folder

PACKAGES = ("numpy", "scipy", "pandas", "openpyxl", "python-calamine")
MANIFEST, KIND = "manifest.json", "iomodel replication folder"
TOLERANCE, AGREEMENT = 1e-9, "1e-9"
ADVICE = "name another folder with --to"


def inputs_of(study: Path, base: Path) -> dict[str, bytes]:
    """Return the copies of a study workbook and its base table, by path in the folder.

    Raises
    ------
    ReadError
        If a file cannot be read; a base table saved as a folder is none.
    """
    clash = study.name.lower() == base.name.lower()
    found = {}
    for role, path in (("study", study), ("table", base)):
        try:
            found[f"inputs/{f'{role}_' if clash else ''}{path.name}"] = path.read_bytes()
        except OSError as error:
            raise ReadError(
                f"{path}: cannot be copied ({error.strerror or error}). A replication folder "
                "holds one workbook of the study and one file of the base table."
            ) from error
    return found


def command(
    inputs: Mapping[str, bytes],
    *,
    domestic: str,
    draws: int,
    seed: int,
    placebo: bool,
    error: float | None = None,
    imports: bool = False,
) -> list[str]:
    """Return the arguments of `iomodel` that give the figures, run inside the folder."""
    study, base = inputs
    found = ["derive", study, "--base", base, "--domestic", domestic, "--seed", str(seed)]
    found += ["--no-report"]
    found += ["--draws", str(draws), *(["--placebo"] if placebo else [])]
    found += [] if error is None else ["--coefficient-error", repr(error)]
    return [*found, "--draw-imports"] if imports else found


def replication(
    inputs: Mapping[str, bytes],
    results: Mapping[str, bytes],
    arguments: Sequence[str],
    *,
    title: str,
    table: Meta,
    evidence: pd.DataFrame,
) -> dict[str, bytes]:
    """Return the files of a replication folder.

    Parameters
    ----------
    inputs : mapping of path to content
        Workbooks that the results were computed from.
    results : mapping of name to content
        ``results.json`` and ``results.xlsx``.
    arguments : sequence of str
        Arguments of `iomodel`, as `command` gives them.
    title : str
        What was studied.
    table : Meta
        Facts about the base table, for the citation.
    evidence : DataFrame
        Rows of evidence of the study, with publisher, title, date and address where known.

    Returns
    -------
    dict of path to content
        Inputs, ``results/``, ``run.py``, ``requirements.txt``, ``CITATION.md``, ``README.md``
        and ``manifest.json`` with the sha256 of all others. It holds no clock: the same
        inputs give the same manifest but for the workbook of results, which is dated.
    """
    files = dict(inputs)
    files |= {f"results/{name}": content for name, content in results.items()}
    files["run.py"] = RUN.encode()
    files["requirements.txt"] = _requirements().encode()
    files["CITATION.md"] = _citation(title, table, evidence).encode()
    files["README.md"] = _readme(title, list(files), arguments).encode()
    facts = {
        "kind": KIND,
        "title": title,
        "command": ["iomodel", *arguments],
        "seed": int(arguments[arguments.index("--seed") + 1]),
        "draws": int(arguments[arguments.index("--draws") + 1]),
        "tolerance": TOLERANCE,
        "iomodel": VERSION,
        "python": platform.python_version(),
        "packages": _versions(),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    files[MANIFEST] = (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode()
    return files


def write_replication(folder: str | Path, files: Mapping[str, bytes]) -> Path:
    """Write a replication folder whole; an older one in its place is replaced, others are not.

    Raises
    ------
    WriteError
        If the folder holds anything but a replication folder, or cannot be written.
    """
    place = Path(folder)
    if place.exists():
        _refuse_others(place)
    return write_folder(place, files, advice=ADVICE)


def _refuse_others(place: Path) -> None:
    """Refuse to replace what is not wholly ours."""
    if not place.is_dir():
        raise WriteError(f"{place}: is a file, not a folder. {ADVICE.capitalize()}.")
    there = sorted(p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file())
    try:
        facts = json.loads((place / MANIFEST).read_text(encoding="utf-8")) if there else {}
        ours = {MANIFEST, *facts.get("files", {})} if facts.get("kind") == KIND else set()
    except (OSError, ValueError, AttributeError):
        ours = set()
    other = [name for name in there if name not in ours]
    if other:
        raise WriteError(
            f"{place}: the folder holds other files, which replacing it would delete "
            f"({', '.join(other[:10])}). {ADVICE.capitalize()}."
        )
    if Path.cwd().is_relative_to(place.resolve()):
        raise WriteError(f"{place}: is the working folder. {ADVICE.capitalize()}.")


def _versions() -> dict[str, str]:
    """Versions of the packages that compute; the folder was made with these."""
    return {name: metadata.version(name) for name in PACKAGES}


def _requirements() -> str:
    lines = [f"{name}=={version}" for name, version in _versions().items()]
    return "\n".join([f"iomodel=={VERSION}", *lines]) + "\n"


def _citation(title: str, table: Meta, evidence: pd.DataFrame) -> str:
    """Return the sources of the data: the base table, then each source of evidence once."""
    published = f"published: {table.published}" if table.published else ""
    base = [table.publisher, table.title, published, table.address]
    lines = ["# Sources", "", f"Data behind: {title}.", "", "## Base table", ""]
    lines += [f"- {'. '.join(filter(None, base))}."]
    quotation = (table.notes or {}).get("quotation")
    lines += ["", quotation] if quotation else []
    columns = [c for c in ("publisher", "source_title", "source_date", "address") if c in evidence]
    rows = evidence[columns].fillna("").astype(str) if columns else pd.DataFrame()
    cited = dict.fromkeys(
        ". ".join(filter(None, map(str.strip, row))) for row in rows.itertuples(index=False)
    )
    told = [f"- {text}." for text in cited if text]
    lines += ["", "## Evidence", "", *told] if told else []
    lines += ["", "## Software", "", f"- iomodel {VERSION} (see its CITATION.cff)."]
    return "\n".join(lines) + "\n"


def _readme(title: str, names: Sequence[str], arguments: Sequence[str]) -> str:
    inputs = [f"- `{name}`" for name in names if name.startswith("inputs/")]
    return "\n".join(
        [
            f"# Replication: {title}",
            "",
            "Run the study again and compare every figure with `results/results.json`:",
            "",
            "```sh",
            "python -m pip install -r requirements.txt",
            "python run.py",
            "```",
            "",
            f"The first line needs iomodel {VERSION}: where no package index has it, install it "
            "from its wheel or its repository before. "
            f"The exit status is 0 if all figures agree to {AGREEMENT} (relative, of figures "
            "below one absolute), and 1 if one differs or a file below `inputs/` or `results/` "
            "was changed; `run.py` says which.",
            "",
            "What it runs is",
            "",
            "```sh",
            f"python -m iomodel {' '.join(arguments)}",
            "```",
            "",
            "Inputs, as they were used:",
            "",
            *inputs,
            "",
            "`results/results.xlsx` shows the same figures for reading. `manifest.json` lists all "
            "files with their sha256, versions, seed and draws. Sources of the data are in "
            "`CITATION.md`.",
            "",
        ]
    )
