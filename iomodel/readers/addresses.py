"""Addresses of cells, as a spreadsheet shows them."""

from typing import NamedTuple


class Area(NamedTuple):
    """A range of cells, its corners counted from zero and both inside."""

    top: int
    left: int
    bottom: int
    right: int


def column_letters(position: int) -> str:
    """Return the letters of a column counted from zero: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return a column counted from zero by its letters: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def address_of(row: int, column: int) -> str:
    """Return the address of a cell counted from zero: (0, 0) is A1."""
    return f"{column_letters(column)}{row + 1}"
