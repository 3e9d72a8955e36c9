"""Text of a file in an encoding that it does not state.

The rule. A byte order mark decides; zeros at every other byte are UTF-16; what is valid UTF-8 is
UTF-8. Otherwise every candidate that decodes all bytes is scored by the share of its non-ASCII
characters that are usual in that encoding, and the best one is taken, the first of equals:

- East Asian: level 1 of the national standard (the frequent characters, kana, Hangul) and
  punctuation in full width. Text in another encoding scatters over the rare levels.
- Windows-1252 and Windows-1250: letters of one language (the best one counts) that stand beside
  a letter without accent, as accented letters in words do and pairs of East Asian bytes do not.

The choice is recorded as a fact and never asked about; where only letters that two code pages
share occur, it does not matter.
"""

import codecs
import re

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encoding, the standard within it, and the first bytes of the usual characters. Korean first:
# Hangul is usual for gb2312 too, but Chinese text does not keep to the rows of Hangul.
EAST_ASIAN = (
    ("cp949", "euc_kr", ((0xA1, 0xA3), (0xB0, 0xC8))),
    ("gb18030", "gb2312", ((0xA1, 0xA3), (0xB0, 0xD7))),
    ("big5", "big5", ((0xA1, 0xA3), (0xA4, 0xC6))),
    ("cp932", "cp932", ((0x81, 0x83), (0x88, 0x97))),
)
WESTERN = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "áéíñóúüªº",  # Spanish
    "áàâãçéêíóôõúªº",  # Portuguese
    "äöüß",  # German
    "àèéìòù",  # Italian
    "æøåéäöü",  # Danish, Norwegian, Swedish
    "áðéíóúýþæö",  # Icelandic
)
CENTRAL = (
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "ąćęłńóśźż",  # Polish
    "áéíóöőúüű",  # Hungarian
    "čćđšž",  # Croatian, Slovene
    "ăâîşţ",  # Romanian
)
LATIN = (("cp1252", WESTERN), ("cp1250", CENTRAL))
NEUTRAL = "\xa0«»–—‘’‚“”„…§°€£%‰•·×²³½"  # punctuation and signs say nothing about the language
SAMPLE = 200_000  # characters that a choice looks at


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding it was read in.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    tuple of str
        The text without byte order mark, and the name of the encoding as Python spells it.

    Examples
    --------
    >>> decoded("农业,工业".encode("gb18030"))
    ('农业,工业', 'gb18030')
    >>> decoded("Zemědělství".encode("cp1250"))
    ('Zemědělství', 'cp1250')
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name
    wide = _wide(data)
    for name in (wide, "utf-8") if wide else ("utf-8",):
        text = _strict(data, name)
        if text is not None:
            return text, name
    texts = {name: _strict(data, name) for name, *_ in (*LATIN, *EAST_ASIAN)}
    scores = {name: _score(name, text) for name, text in texts.items() if text is not None}
    best = max(scores, key=lambda name: scores[name], default="latin-1")
    return texts.get(best) or data.decode("latin-1"), best


def _wide(data: bytes) -> str:
    """Return the kind of UTF-16 where zeros stand at every other byte."""
    head = data[:4096]
    if head[1::2].count(0) > len(head) // 4 and head[::2].count(0) == 0:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4 and head[1::2].count(0) == 0:
        return "utf-16-be"
    return ""


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _score(name: str, text: str) -> float:
    latin = dict(LATIN).get(name)
    if latin is not None:
        return _latin_share(text[:SAMPLE], latin)
    _, standard, usual = next(item for item in EAST_ASIAN if item[0] == name)
    return _usual_share(text[:SAMPLE], standard, usual)


def _usual_share(text: str, standard: str, usual: tuple[tuple[int, int], ...]) -> float:
    """Share of the non-ASCII characters whose first byte is in the usual rows of a standard."""
    foreign = [char for char in text if char > "\x7f"]
    known = {}
    for char in set(foreign):
        spelt = char.encode(standard, errors="ignore")
        known[char] = len(spelt) == 2 and any(low <= spelt[0] <= high for low, high in usual)
    return sum(known[char] for char in foreign) / max(1, len(foreign))


def _latin_share(text: str, languages: tuple[str, ...]) -> float:
    """Share of the non-ASCII letters that are of one language and stand beside a plain letter."""
    foreign = [match for match in re.finditer(r"[^\x00-\x7f]", text) if match[0] not in NEUTRAL]
    if not foreign:
        return 1.0
    beside = [
        match[0].lower()
        for match in foreign
        if re.search(r"[A-Za-z]", text[max(0, match.start() - 2) : match.end() + 2])
    ]
    most = max(sum(char in language for char in beside) for language in languages)
    return most / len(foreign)
