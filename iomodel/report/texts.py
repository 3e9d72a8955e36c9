"""The words of the page, in the languages that it speaks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal, get_args

from iomodel.errors import SpecError

Language = Literal["en", "zh"]
LANGUAGES: tuple[str, ...] = get_args(Language)


@dataclass(frozen=True)
class Texts:
    """Words of one language by key, such as ``channels.title``.

    Attributes
    ----------
    language : str
    words : mapping of key to text
        Texts may hold fields in braces.
    """

    language: str
    words: Mapping[str, str]

    def __call__(self, key: str, **fields: object) -> str:
        """Return a text with its fields filled in.

        Parameters
        ----------
        key : str
        **fields
            What stands in the braces.

        Returns
        -------
        str
        """
        return self.words[key].format(**fields)

    def known(self, family: str, name: str, otherwise: str = "") -> str:
        """Return the word for a name that comes from a result; another text if there is none.

        Parameters
        ----------
        family : str
            Table of the declaration: ``scope``, ``channel``, ``unit``.
        name : str
        otherwise : str
            Returned for a name that the declaration does not know; the name itself if empty.

        Returns
        -------
        str
        """
        return self.words.get(f"{family}.{name}", otherwise or name)


@cache
def texts(language: str) -> Texts:
    """Return the words of a language.

    Parameters
    ----------
    language : {"en", "zh"}

    Returns
    -------
    Texts

    Raises
    ------
    SpecError
        For a language that the page does not speak.
    """
    if language not in LANGUAGES:
        raise SpecError(f"language {language!r}: the report is written in {', '.join(LANGUAGES)}.")
    source = files("iomodel.report").joinpath("texts", f"{language}.toml")
    return Texts(language, _flat(tomllib.loads(source.read_text(encoding="utf-8"))))


def fields_of(text: str) -> set[str]:
    """Return the names of the fields of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _flat(words: Mapping[str, Any], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in words.items():
        place = f"{path}.{key}" if path else key
        found |= _flat(value, place) if isinstance(value, Mapping) else {place: str(value)}
    return found
