"""What the README shows is what the command prints."""

import re
from pathlib import Path

import iomodel as iom
from iomodel.studies.screen import screen

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_screen_in_the_readme_is_what_is_printed() -> None:
    study = iom.example("micro-drama-2025")
    table = iom.read(iom.example("china-2020"))
    derivation = iom.derive(iom.read_sectors(study, base=table), table)
    printed = screen(derivation, iom.compare(derivation, iom.read_published(study)))
    shown = re.findall(r"```text\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(shown) == 1
    assert shown[0].splitlines()[:-1] == printed.splitlines()
    assert shown[0].splitlines()[-1].startswith("written: micro_drama_results")
