"""A blank workbook in the project's own layout, for a person to fill in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from iomodel.accounts.alignment import FINAL_ROLES, PRIMARY_ROLES
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import LabelError, listed
from iomodel.writers.atomic import WriteError, write_together
from iomodel.writers.blank_checks import checks, how_to
from iomodel.writers.blank_sheets import (
    Plan,
    about,
    employment as jobs,
    flows,
    sectors as listed_sectors,
)
from iomodel.writers.fillable import Form, form_bytes
from iomodel.writers.pages import MOST_COLUMNS
from iomodel.writers.study_checks import study_forms

ADVICE = "name another path"
FINAL = ("household", "government", "capital formation", "inventories", "exports")
PRIMARY = ("compensation", "production taxes", "depreciation", "operating surplus")
Treatment = Literal["competitive", "domestic"]


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What the caller asked for, with everything that is wrong with it."""

    final: tuple[str, ...]
    primary: tuple[str, ...]
    languages: tuple[str, ...]
    import_treatment: str

    def problems(self) -> list[str]:
        known = {"final": set(FINAL_ROLES) - {"imports"}, "primary": set(PRIMARY_ROLES)}
        found = [
            f"{what}: {role!r} is not a role; one of {', '.join(sorted(known[what]))}"
            for what, roles in (("final", self.final), ("primary", self.primary))
            for role in roles
            if role not in known[what]
        ]
        lost = {"final": self.final, "primary": self.primary, "languages": self.languages}
        found += [f"{what}: give one at least" for what, items in lost.items() if not items]
        plain = [text for text in self.languages if not text.isidentifier() or text == "none"]
        found += [f"languages: {text!r} is not the name of a language" for text in plain]
        if len(set(self.languages)) < len(self.languages):
            found.append("languages: one stands twice")
        if self.import_treatment not in ("competitive", "domestic"):
            found.append(f"import_treatment: {self.import_treatment!r}; competitive or domestic")
        return found


def template(
    path: str | Path,
    *,
    sectors: int | Labels | None = None,
    final: Sequence[str] = FINAL,
    primary: Sequence[str] = PRIMARY,
    import_treatment: Treatment = "competitive",
    languages: Sequence[str] = ("en",),
    employment: bool = False,
    base: IOTable | None = None,
) -> Path:
    """Write a blank workbook that a person fills in: a table, or the study of an industry.

    A table is then read by `read`, a study by `read_sectors`.

    Parameters
    ----------
    path : str or Path
        The workbook, ``.xlsx``. A file that is there is never replaced.
    sectors : int or Labels, optional
        How many sectors a blank table has, or their codes, names and sections where they are
        known. Not for a study.
    final : sequence of str
        Role of each column of final demand; a role may stand several times.
    primary : sequence of str
        Role of each row of primary inputs.
    import_treatment : {"competitive", "domestic"}
        With ``competitive`` there is a column of imports, deducted at the end of each row.
    languages : sequence of str
        Languages of the names, such as ``("en", "zh")``.
    employment : bool
        Add a sheet of employment by sector.
    base : IOTable, optional
        Write a study of an industry that is to be inserted into this table, instead of a blank
        table: its sector codes are in drop-downs, the commonest equations are written.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    WriteError
        If the file exists or cannot be written, or the suffix is another one.
    LabelError
        If a role or language cannot be used (all of them are named), there are no sectors,
        too many, or several regions, or the base table has no satellite ``employment``.

    Notes
    -----
    The sheet ``how to`` says what to do; ``checks`` holds live formulas: sales and inputs of
    every sector against its output, with the limits of `IOTable.check`. Drop-downs give the
    roles, the import treatment, the valuation and the kind of table.

    Examples
    --------
    >>> import tempfile
    >>> import iomodel as iom
    >>> with tempfile.TemporaryDirectory() as place:
    ...     blank = iom.template(f"{place}/blank.xlsx", sectors=42)
    ...     iom.read(blank)
    Traceback (most recent call last):
        ...
    iomodel.errors.ReadError: ...blank.xlsx: the template is empty: ...
    """
    target = Path(path)
    _refuse_taken(target)
    if base is not None:
        if sectors is not None:
            raise LabelError("a study takes its sectors from the base table: give sectors or base.")
        return _written(target, study_forms(base))
    wish = _Wish(
        final=tuple(final),
        primary=tuple(primary),
        languages=tuple(languages),
        import_treatment=import_treatment,
    )
    labels, problems = _labels(sectors), wish.problems()
    size = len(labels) + len(wish.final) + len(wish.languages) + 10
    if size > MOST_COLUMNS:
        problems.append(f"sectors: {len(labels):,}, but a sheet has {MOST_COLUMNS:,} columns")
    if problems:
        raise LabelError(f"{target}: the template cannot be made:\n  {listed(problems)}")
    plan = Plan(
        labels=labels,
        final=wish.final,
        primary=wish.primary,
        languages=wish.languages,
        competitive=import_treatment == "competitive",
        employment=employment,
    )
    sheets = [how_to(plan), about(plan), listed_sectors(plan), flows(plan)]
    sheets += [jobs(plan)] if employment else []
    return _written(target, [*sheets, checks(plan)])


def _refuse_taken(target: Path) -> None:
    if target.suffix.lower() != ".xlsx":
        raise WriteError(f"{target}: a template is a workbook: name a file that ends in .xlsx.")
    if target.exists():
        raise WriteError(f"{target}: is there already and may hold work. Name another path.")


def _written(target: Path, forms: Sequence[Form]) -> Path:
    write_together(target.parent, {target.name: form_bytes(forms)}, advice=ADVICE)
    return target


def _labels(sectors: int | Labels | None) -> Labels:
    """Return the labels of the sectors, numbered from 01 where only their number is known."""
    if isinstance(sectors, Labels):
        if len(set(sectors.regions)) > 1:
            raise LabelError("a template has one region; the labels given have several.")
        if not len(sectors):
            raise LabelError("sectors: give one label at least.")
        return sectors
    if isinstance(sectors, bool) or not isinstance(sectors, int) or sectors < 1:
        raise LabelError(f"sectors: {sectors!r} where a number from 1 on, or Labels, is needed.")
    digits = max(2, len(str(sectors)))
    return Labels(codes=tuple(f"{k:0{digits}d}" for k in range(1, sectors + 1)))
