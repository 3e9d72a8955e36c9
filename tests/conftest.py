"""What all tests share: the data folder beside the repository, and the hypothesis profile."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parents[1]
REQUIRED = "CI_REQUIRE_SHARED"

settings.register_profile(
    "iomodel",
    deadline=None,
    max_examples=60,
    derandomize="CI" in os.environ or REQUIRED in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("iomodel")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real tables and published answers; tests that need it skip where it is absent.

    `.ci/run` sets `IOMODEL_SHARED` and `CI_REQUIRE_SHARED=1`: there its absence is a failure.
    """
    named = os.environ.get("IOMODEL_SHARED")
    folder = Path(named) if named else REPOSITORY.parent / "shared"
    if (folder / "data").is_dir():
        return folder.resolve()
    reason = f"no data/ in {folder}: set IOMODEL_SHARED to the folder that holds data/"
    if named and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{reason} ({REQUIRED}=1 forbids skipping)")
    pytest.skip(reason)
