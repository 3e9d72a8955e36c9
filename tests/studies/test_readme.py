"""What the README shows is what the command prints."""

import re
from pathlib import Path

import pytest

from iomodel.cli import main

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_screen_in_the_readme_is_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["derive"]) == 0
    shown = re.findall(r"```text\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(shown) == 1
    assert shown[0].splitlines() == capsys.readouterr().out.splitlines()


def test_files_that_the_readme_names_exist() -> None:
    text = README.read_text(encoding="utf-8")
    named = re.findall(r"\]\((?!https?:)([^)]+)\)", text)
    assert [name for name in named if not (README.parent / name).exists()] == []
