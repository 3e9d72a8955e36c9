"""A bar where somebody looks, silence elsewhere, and nothing half done passed off as whole."""

import io
import sys
import time
from typing import Any

import pytest

import iomodel as iom
from iomodel.analysis import progress as module
from iomodel.kernels.sampling import CHUNK

DRAWS = 2 * CHUNK + 100
WIDTH = iom.Assumption(id="a", block="b", item="a", unit="ratio", low=1.0, central=2.0, high=4.0,
                       distribution="uniform")  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def same(values: Any) -> dict[str, Any]:
    return {"a": values["a"]}


def drawn(stream: Terminal, outcome: Any = same, **more: Any) -> iom.Uncertainty:
    """Draw with `stream` as standard error: set here, as pytest sets its own for each phase."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        return iom.uncertainty(outcome, [WIDTH], draws=DRAWS, **more)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    pytest.importorskip("tqdm")
    return Terminal()


def test_a_long_run_in_a_terminal_shows_a_bar(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DELAY", 0.0)

    def slow(values: Any) -> dict[str, Any]:
        time.sleep(0.15)  # more than tqdm's shortest time between two pictures
        return same(values)

    drawn(terminal, slow)
    assert f"/{DRAWS}" in terminal.getvalue()
    assert f"{2 * CHUNK}/" in terminal.getvalue()


def test_a_short_run_shows_none(terminal: Terminal) -> None:
    drawn(terminal)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("how", ["no terminal", "no tqdm", "own", "unseen"])
def test_no_bar(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(module, "DELAY", 0.0)
    steps: list[tuple[int, int]] = []
    more: dict[str, Any] = {}
    if how == "no terminal":
        monkeypatch.setattr(terminal, "isatty", lambda: False)
    elif how == "no tqdm":
        monkeypatch.setitem(sys.modules, "tqdm", None)
    else:
        own = {"own": lambda *step: steps.append(step), "unseen": module.unseen}
        more["progress"] = own[how]
    assert drawn(terminal, **more).draws == DRAWS
    assert terminal.getvalue() == ""
    assert (len(steps) == 3) is (how == "own")


def test_an_interrupted_run_returns_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DELAY", 0.0)
    calls: list[int] = []

    def stopped(values: Any) -> dict[str, Any]:
        calls.append(len(values["a"]))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return {"a": values["a"]}

    with pytest.raises(KeyboardInterrupt):
        drawn(terminal, stopped)
    assert calls == [1, CHUNK, CHUNK]
    assert f"/{DRAWS}" in terminal.getvalue()
