"""Results of the flagship, made once, and a headless browser where there is one."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import iomodel as iom
from iomodel.readers.published import read_published
from iomodel.studies.comparison import Comparison, ask, compare, published_ratio
from iomodel.studies.derivation import Derivation
from iomodel.studies.placebo import placebo
from iomodel.studies.spread import spreads

DRAWS, SEED = 400, 7
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STUDY, BASE = "micro-drama-2025", "china-2020"


@pytest.fixture(scope="session")
def derivation() -> Derivation:
    base = iom.read(iom.example(BASE))
    return iom.derive(iom.read_sectors(iom.example(STUDY), base=base), base)


@pytest.fixture(scope="session")
def comparison(derivation: Derivation) -> Comparison:
    return compare(derivation, read_published(iom.example(STUDY)))


@pytest.fixture(scope="session")
def everything(derivation: Derivation, comparison: Comparison) -> dict[str, Any]:
    """All that can stand on the page beside the derivation."""
    value = published_ratio(comparison)
    assert value is not None
    return {
        "comparison": comparison,
        "intervals": spreads(derivation, draws=DRAWS, seed=SEED),
        "placebo": placebo(derivation, iom.read(iom.example(BASE)), permutations=9, seed=SEED),
        "asked": ask(derivation, value, draws=DRAWS, seed=SEED),
        "inputs": {"study.xlsx": "ab" * 32},
    }


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium, driven by playwright; skips with a reason where there is none."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as started:
        own = started.chromium.executable_path  # where `playwright install chromium` puts it
        found = [
            path for path in (*map(shutil.which, BROWSERS), own) if path and Path(path).exists()
        ]
        if not found:
            pytest.skip(f"chromium is not installed: neither {', '.join(BROWSERS)} nor {own}")
        opened = started.chromium.launch(executable_path=found[0])
        yield opened
        opened.close()
