"""Codes, names and languages of sectors and lines, from the labels beside them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from iomodel.accounts.labels import Labels
from iomodel.readers.blocks import Block
from iomodel.readers.grid import key_of
from iomodel.readers.lines import Line, is_code

SPLIT = re.compile(
    r"(?:[a-z]+/)?(?P<code>[A-Za-z_]{0,5}\d[\w.+&-]*(?: [a-z](?=\.))?|[A-Z][A-Z_\d]{1,11}(?=:))"
    r"\s*(?:[:_.)]|\s[-–]|\s)\s*(?P<name>\D.*)"
)
SCRIPTS = (
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("cs", re.compile(r"[ěřůťď]|ství\b")),
    ("pt", re.compile(r"ção|ções|ç[aã]o\b|\bdos\b|ísticas|\be de\b")),
    ("es", re.compile(r"ción\b|ciones\b|\by de\b|ñ|\blos\b|\blas\b|Minería|Comercio,")),
    ("de", re.compile(r"ß|ungen\b|\bund\b|erzeugnisse|leistungen")),
    ("fr", re.compile(r"\bdes\b|\bet de\b|ités\b")),
    ("hr", re.compile(r"\bi usluge\b|djelatnost|proizvodnja")),
    ("id", re.compile(r"\bdan\b|\bJasa\b|\bIndustri\b|\bBarang\b|\bKonsumsi\b|\bPajak\b")),
)


class Named(NamedTuple):
    """Codes and names of the sectors of a block."""

    codes: tuple[str, ...]
    names: tuple[str, ...]


def language_of(texts: Sequence[str]) -> str:
    """Return the language of names, by their script or by common words; English if none fits."""
    best, most = "en", max(1, len(texts) // 20)
    for language, pattern in SCRIPTS:
        count = sum(bool(pattern.search(text)) for text in texts)
        if language in {"ko", "ja"} and count * 10 >= len(texts) > 0:
            return language
        if count > most:
            best, most = language, count
    return best


def sectors_named(block: Block) -> Named:
    """Return the sectors' codes and names, from all lines of labels around the block."""
    return labels_named([*_sides(block), *_heads(block)], block.size)


def labels_named(lines: Sequence[tuple[str, ...]], size: int) -> Named:
    """Return codes and names from lines of labels, those nearest the figures first.

    Parameters
    ----------
    lines : sequence of tuple of str
        Each a label for every sector, or empty texts.
    size : int
        Number of sectors.
    """
    split = [line for line in lines if all(SPLIT.fullmatch(text) for text in line)]
    apart = [_apart(line) for line in split]
    lines = [*(part for pair in apart for part in pair), *lines]
    whole = [line for line in lines if all(line) and len(set(map(key_of, line))) == size]
    coded = [line for line in whole if all(map(is_code, line))]
    codes = min(coded, key=lambda line: sum(map(len, line)), default=None)
    words = [line for line in lines if not all(is_code(text) for text in line if text)]
    names = max(words, key=_wordy, default=None)
    if codes is None and names is not None and names in whole:
        codes = names
    if codes is None:
        codes = whole[0] if whole else tuple(str(k + 1) for k in range(size))
    return Named(codes, names if names is not None else codes)


def _wordy(line: tuple[str, ...]) -> tuple[int, int]:
    """Prefer lines with a text for every sector, then longer texts."""
    return sum(map(bool, line)), sum(map(len, line))


def _apart(line: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split labels such as ``01_Agriculture`` or ``D01T02: Agriculture`` into code and name."""
    found = [SPLIT.fullmatch(text) for text in line]
    codes = tuple(match["code"] if match else "" for match in found)
    return codes, tuple(match["name"].strip() if match else "" for match in found)


def _sides(block: Block) -> list[tuple[str, ...]]:
    columns = sorted({*range(block.left - 1, -1, -1)} & _beside(block), reverse=True)
    return [tuple(block.grid.text(row, column) for row in block.rows) for column in columns]


def _beside(block: Block) -> set[int]:
    """Return columns left of the block with a text for most rows."""
    grid = block.grid
    return {
        column
        for column in range(block.left)
        if sum((row, column) in grid.labels for row in block.rows) * 2 > block.size
    }


def _heads(block: Block) -> list[tuple[str, ...]]:
    grid = block.grid
    first = max(0, min(block.heads) - 4)
    rows = [
        row
        for row in range(block.top - 1, first - 1, -1)
        if sum((row, column) in grid.labels for column in block.columns) * 2 > block.size
    ]
    return [tuple(grid.text(row, column) for column in block.columns) for row in rows]


def labels_of_lines(lines: Sequence[Line], roles: Sequence[str], language: str) -> Labels:
    """Return labels of final demand columns or primary input rows; codes are made unique."""
    codes = [line.code or line.name or f"line {line.place + 1}" for line in lines]
    parts = [SPLIT.fullmatch(line.name) if not line.code else None for line in lines]
    codes = [part["code"] if part else code for part, code in zip(parts, codes, strict=True)]
    seen: dict[str, int] = {}
    unique = []
    for line, code in zip(lines, codes, strict=True):
        own = code
        if codes.count(code) > 1:
            own = line.name if line.name not in seen and line.name != code else code
        seen[own] = seen.get(own, 0) + 1
        unique.append(own if seen[own] == 1 else f"{own} ({seen[own]})")
    return Labels(
        codes=tuple(unique),
        names={language: tuple(line.title for line in lines)} if lines else {},
        groups=tuple(roles),
    )
