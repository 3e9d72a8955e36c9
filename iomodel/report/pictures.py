"""Pictures on the page: drawn by the room `plot`, put in as SVG."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

from iomodel.plot.bars import bars
from iomodel.plot.densities import densities
from iomodel.plot.iso import iso
from iomodel.plot.ladder import ladder
from iomodel.plot.sankey import sankey
from iomodel.plot.sobol import sobol
from iomodel.plot.tornado import tornado
from iomodel.plot.vector import RIM, vector
from iomodel.plot.waterfall import waterfall
from iomodel.report.material import Material
from iomodel.report.parts import Picture
from iomodel.studies.forward import POOLED

SVG, LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
MEASURE = re.compile(r"[\d.]+")
LONG = re.compile(r"-?\d+\.\d{3,}")
PLACES = frozenset({"d", "x", "y", "width", "height", "transform", "points"})
POINT = 96 / 72  # pixels of the page in a point of the picture

Draw = Callable[[], Any]


def scopes(material: Material) -> Iterator[Picture]:
    """Yield ratios by scope and employment pattern."""
    order = list(material.scopes)
    yield from _picture(
        material,
        "scopes",
        lambda: bars(
            material.derivation,
            scopes=order,
            published=material.comparison,
            language=material.words.language,
        ),
    )


def intervals(material: Material) -> Iterator[Picture]:
    """Yield the distribution of the ratio by scope; nothing without draws."""
    found = material.stated
    if found is not None:
        wanted = [("ratio", scope, POOLED) for scope in material.scopes]
        known = [key for key in wanted if key in found.keys]
        yield from _picture(
            material,
            "intervals",
            lambda: densities(
                found,
                of=known,
                published=material.comparison,
                language=material.words.language,
            ),
        )


def channels(material: Material) -> Iterator[Picture]:
    """Yield how channels add up, and the flows from spending to jobs."""
    for name, draw in (("waterfall", waterfall), ("sankey", sankey)):
        yield from _picture(
            material,
            name,
            lambda draw=draw: draw(  # type: ignore[misc]
                material.derivation, scope=material.widest, language=material.words.language
            ),
        )


def compared(material: Material) -> Iterator[Picture]:
    """Yield jobs in three bases beside published counts."""
    yield from _picture(
        material,
        "ladder",
        lambda: ladder(
            material.derivation,
            scope=material.pair[0],
            published=material.comparison,
            language=material.words.language,
        ),
    )


def tornado_of(material: Material) -> Iterator[Picture]:
    """Yield what moves the headline, one input at a time."""
    found = material.drivers
    if found is not None:
        yield from _picture(
            material,
            "tornado",
            lambda: tornado(found, published=material.comparison, language=material.words.language),
        )


def sobol_of(material: Material) -> Iterator[Picture]:
    """Yield shares of the variance by group of inputs."""
    found = material.drivers
    if found is not None:
        yield from _picture(
            material, "sobol", lambda: sobol(found, language=material.words.language)
        )


def iso_of(material: Material, scope: str, place: int) -> Iterator[Picture]:
    """Yield pairs of inputs that give the published figure in one scope."""
    found = material.asked[scope]
    if len(found.inputs) > 1:
        yield from _picture(
            material,
            "iso",
            lambda: iso(found, language=material.words.language),
            name=f"iso-{place}",
            scope=material.names.scope(scope),
            target=f"{found.target:g}",
        )


def _picture(
    material: Material, key: str, draw: Draw, *, name: str = "", **fields: str
) -> Iterator[Picture]:
    """Draw one picture, if pictures can be drawn; its title becomes the caption."""
    if not material.drawable:
        return
    axes, words, name = draw(), material.words, name or key
    caption = axes.get_title(loc="left") or axes.get_title()
    for place in ("left", "center"):
        axes.set_title("", loc=place)
    caption = caption.replace("\\$", "$").replace("\n", ": ")
    known = f"pictures.{key}_title"
    if known in words.words:
        caption = words(known, **fields)
    text = words(f"pictures.{key}", **fields)
    yield Picture(
        id=f"picture-{name}",
        caption=caption,
        words=text,
        svg=inline(vector(axes, name), f"picture-{name}", caption, text),
    )


def inline(svg: str, name: str, title: str, words: str) -> str:
    """Return an SVG file as a part of a page.

    Parameters
    ----------
    svg : str
    name : str
        Names of parts begin with it, so that those of several pictures differ.
    title, words : str
        What a screen reader says of it.

    Returns
    -------
    str
        Without prolog, metadata and the size on paper; every text is escaped.
    """
    root = ElementTree.fromstring(svg)
    used = {
        found[1]
        for part in root.iter()
        for value in part.attrib.values()
        for found in re.finditer(r"(?:url\(|^)#([^)]+)", value)
    }
    for part in root.iter():
        part.tag = part.tag.removeprefix(f"{{{SVG}}}")
        part.attrib = _attributes(part.attrib, name, used)
    for metadata in root.findall("metadata"):
        root.remove(metadata)
    width = MEASURE.match(root.attrib.pop("width"))
    root.attrib.pop("height")
    assert width is not None, "matplotlib states the width"
    root.set("xmlns", SVG)
    root.set("width", f"{float(width[0]) * POINT:.0f}")
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-words")
    for place, (tag, text) in enumerate((("title", title), ("desc", words))):
        part = ElementTree.Element(tag, {"id": f"{name}-{'title' if place == 0 else 'words'}"})
        part.text, part.tail = text, "\n"
        root.insert(place, part)
    return ElementTree.tostring(root, encoding="unicode")


def _attributes(given: dict[str, str], name: str, used: set[str]) -> dict[str, str]:
    """Return attributes without namespaces; names of parts that nothing uses are left out."""
    found = {}
    for key, value in given.items():
        bare = key.removeprefix(f"{{{LINK}}}")
        if bare == "id":
            if value == RIM:
                found["class"] = RIM
            elif value in used:
                found["id"] = f"{name}-{value}"
        elif bare == "href":
            found["href"] = value.replace("#", f"#{name}-", 1)
        elif not key.startswith("{"):
            short = LONG.sub(_rounded, value) if key in PLACES else value
            found[key] = short.replace("url(#", f"url(#{name}-")
    return found


def _rounded(found: re.Match[str]) -> str:
    """Write a length with two decimals: a hundredth of a point is not seen."""
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
