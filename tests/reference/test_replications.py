"""The pages of docs/replications: their code, run against the published figures they show."""

import importlib.util
import warnings
from pathlib import Path
from typing import Any

import pytest

import iomodel as iom

PAGES = Path(__file__).resolve().parents[2] / "docs" / "replications"
# Figures that are not within the precision of the print. The pages say why; what they may miss
# by is stated here.
BEYOND = {
    "abs": dict.fromkeys(
        [
            *("industrial support", "simple income", "A", "L"),
            *("total output", "total income", "B"),
        ],
        1e-4,
    ),
    "bea": {"total": 0.25},
    "nbs": {"C": 2.5e-5},
    "eurostat": {"forward": 0.022},
}
NAMES = sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "index")


@pytest.fixture(scope="module")
def shared_code() -> Any:
    """Load what the pages import as `compare`."""
    spec = importlib.util.spec_from_file_location("compare", PAGES / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(shared_code: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.syspath_prepend(str(PAGES))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", iom.ImbalanceWarning)
        names: dict[str, Any] = shared_code.run(name)
    return names


@pytest.mark.parametrize("name", NAMES)
def test_page_agrees_with_print_or_says_why(
    name: str, shared_code: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(shared_code, name, monkeypatch)["page"].differences()
    beyond = BEYOND.get(name, {})
    assert set(found.index[found["within precision"] == "no"]) == set(beyond)
    for key, allowed in beyond.items():
        assert float(found.loc[key, "largest difference"]) <= allowed, key


def test_every_published_figure_is_compared(
    shared_code: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"abs": {"household column"}}
    for name in NAMES:
        page = run(shared_code, name, monkeypatch)["page"]
        lost = set(page.facts.columns) - set(page.found)
        assert lost == given.get(name, set()), name


def test_the_index_names_every_page() -> None:
    text = (PAGES / "index.md").read_text(encoding="utf-8")
    listed = text.partition("```{toctree}")[2].split()
    assert set(NAMES) <= set(listed)


def test_a_wrong_figure_is_reported(shared_code: Any) -> None:
    page = shared_code.Replication("chile_2013")
    right = page.answers["total"]
    page.compare({"total": right + 0.5})
    found = page.differences().loc["total"]
    assert found["largest difference"] == "5.0e-01"
    assert found["within precision"] == "no"
    with pytest.raises(KeyError):
        page.compare({"nothing of this name": right})
    with pytest.raises(ValueError, match="published L"):
        page.compare_matrix("published L", right)


def test_what_is_left_out_is_counted(shared_code: Any) -> None:
    page = shared_code.Replication("eurostat_1995")
    page.compare({"L diagonal": page.answers["L diagonal"]})
    assert page.differences().loc["L diagonal", "compared"] == "3 of 6"
