"""Several files are written whole or not at all."""

import os
from pathlib import Path

import pytest

import iomodel as iom
from iomodel.writers.atomic import WriteError, write_together

FILES = {"one.txt": b"1", "two.bin": b"\x00\xff", "three.txt": b"3"}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_are_written_into_a_new_folder(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    assert write_together(target, FILES) == tuple(target / name for name in FILES)
    assert content(target) == FILES


def test_files_are_replaced_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes(b"old")
    (tmp_path / "mine.txt").write_bytes(b"mine")
    write_together(str(tmp_path), FILES)
    assert content(tmp_path) == {**FILES, "mine.txt": b"mine"}


def test_no_files_is_no_error(tmp_path: Path) -> None:
    assert write_together(tmp_path / "new", {}) == ()


def test_the_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"mine")
    for folder in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(WriteError, match="taken") as caught:
            write_together(folder, FILES)
        assert isinstance(caught.value, iom.IOModelError)
        assert isinstance(caught.value, OSError)
    assert content(tmp_path) == {"taken": b"mine"}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(WriteError, match="locked"):
        write_together(folder, FILES)
    folder.chmod(0o700)
    assert content(folder) == {}


@pytest.mark.parametrize("failing", [0, 1, 2])
@pytest.mark.parametrize("existing", [(), ("one.txt",), ("one.txt", "two.bin", "three.txt")])
def test_a_failure_midway_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int, existing: tuple[str, ...]
) -> None:
    before = {name: b"old " + name.encode() for name in existing} | {"mine": b"mine"}
    for name, text in before.items():
        (tmp_path / name).write_bytes(text)
    replace, calls = Path.replace, []

    def fails(self: Path, target: str | Path) -> Path:
        calls.append(target)
        if len(calls) == failing + 1:
            raise PermissionError(13, "held open by another program")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(WriteError, match="held open"):
        write_together(tmp_path, FILES)
    assert content(tmp_path) == before


def test_a_failure_while_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "chmod", full)
    with pytest.raises(WriteError, match="No space left"):
        write_together(tmp_path, FILES)
    assert content(tmp_path) == {}


def test_a_target_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "two.bin").mkdir()
    (tmp_path / "one.txt").write_bytes(b"old")
    with pytest.raises(WriteError):
        write_together(tmp_path, FILES)
    assert (tmp_path / "one.txt").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.txt", "two.bin"]
