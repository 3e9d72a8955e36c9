"""The page: sections put into templates, written whole or not at all."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from iomodel.analysis.inverse import Inverse
from iomodel.analysis.uncertainty import Uncertainty
from iomodel.errors import MissingLibraryError
from iomodel.plot.vector import drawable
from iomodel.report import draws, results, sources, verdicts
from iomodel.report.answer import answer
from iomodel.report.material import Material
from iomodel.report.panel import Panel, panel as panel_of
from iomodel.report.parts import Section
from iomodel.report.texts import Language, texts
from iomodel.results import Result
from iomodel.studies.comparison import Comparison
from iomodel.studies.derivation import Derivation
from iomodel.studies.placebo import Placebo
from iomodel.studies.spread import Spreads
from iomodel.version import VERSION
from iomodel.writers.atomic import write_together

if TYPE_CHECKING:
    import jinja2

ADVICE = "give another path"
MISSING = (
    'A report needs jinja2, which is not installed. Install it with: pip install "iomodel[report]".'
)


def report(
    derivation: Derivation,
    *,
    to: str | Path | None = None,
    comparison: Comparison | None = None,
    intervals: Spreads | Uncertainty | None = None,
    placebo: Placebo | None = None,
    asked: Mapping[str, Inverse] | None = None,
    inputs: Mapping[str, str] | None = None,
    beside: Sequence[Result] = (),
    panel: bool = True,
    language: Language = "en",
) -> Path | str:
    """Show a derivation as one page that holds everything and loads nothing.

    Parameters
    ----------
    derivation : Derivation
    to : str or Path, optional
        The file to write; its folder is made if it does not exist.
    comparison : Comparison, optional
        Published figures, from `compare`: the only place they come from.
    intervals : Spreads or Uncertainty, optional
        Draws of the inputs; `Spreads` also tell what drives the result.
    placebo : Placebo, optional
        Falsification runs.
    asked : mapping of scope to Inverse, optional
        What inputs would give the published figure.
    inputs : mapping of file name to sha256, optional
        The files that it was made from.
    beside : sequence of Result, optional
        Other results to show, each in a section of its own.
    panel : bool
        Whether the page has the what-if panel, where readers move inputs themselves.
    language : {"en", "zh"}

    Returns
    -------
    Path or str
        The file written, or the page where no file is named.

    Raises
    ------
    MissingLibraryError
        Without jinja2.
    SpecError
        For another language.
    WriteError
        If the file cannot be written; one of an earlier run is then left as it was.

    Notes
    -----
    Nothing is computed here and no clock is read: the same results give the same bytes.
    Without matplotlib the page has tables only and says so.

    Examples
    --------
    >>> import iomodel as iom
    >>> from iomodel.report.page import report
    >>> china = iom.read(iom.example("china-2020"))
    >>> drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    >>> page = report(iom.derive(drama, china))
    >>> page.startswith("<!doctype html>")
    True
    """
    material = Material(
        derivation=derivation,
        words=texts(language),
        comparison=comparison,
        intervals=intervals,
        placebo=placebo,
        asked=asked or {},
        inputs=inputs or {},
        beside=beside,
        drawable=drawable(),
    )
    page = _rendered(material, panel_of(material) if panel else None)
    if to is None:
        return page
    target = Path(to)
    written = write_together(target.parent, {target.name: page.encode()}, advice=ADVICE)
    return written[0]


def sections(material: Material) -> list[Section]:
    """Return the sections of the page, in their order; those with nothing to show are left out.

    Parameters
    ----------
    material : Material

    Returns
    -------
    list of Section
    """
    found = [
        results.scopes(material),
        draws.intervals(material),
        verdicts.compared(material),
        results.channels(material),
        results.levels(material),
        draws.drivers(material),
        verdicts.checks(material),
        verdicts.placebo(material),
        draws.inverse(material),
        *sources.others(material),
        sources.reading(material),
        sources.inputs(material),
        sources.evidence(material),
        sources.provenance(material),
    ]
    return [section for section in found if section is not None]


def _rendered(material: Material, panel: Panel | None) -> str:
    environment = _environment()
    sort = files("iomodel.report").joinpath("templates", "sort.js").read_text(encoding="utf-8")
    scripts = [sort.strip(), *([panel.script.strip()] if panel else [])]
    text: str = environment.get_template("page.html").render(
        t=material.words,
        answer=answer(material),
        sections=sections(material),
        panel=panel,
        scripts=scripts,
        policy=_policy(scripts),
        currency=material.derivation.account.money,
        widest=material.names.scope(material.widest),
        version=VERSION,
        pictures=material.drawable,
    )
    return text


def _policy(scripts: Sequence[str]) -> str:
    """Return the policy of the page: these scripts, inline styles, and nothing from elsewhere."""
    digests = (hashlib.sha256(text.encode()).digest() for text in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _environment() -> "jinja2.Environment":
    try:
        import jinja2
    except ImportError as error:
        raise MissingLibraryError(MISSING) from error
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("iomodel.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    return environment
