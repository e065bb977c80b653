"""What stands in a PDF, as poppler reads it."""

from __future__ import annotations

import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple

from tests.checkers.programs import program


def facts(pdf: Path) -> dict[str, str]:
    """What pdfinfo says: `Title`, `Pages`, `Page size`, `Tagged` and more."""
    lines = _run("pdfinfo", pdf).splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def texts(pdf: Path) -> list[str]:
    """The text of each page, as it stands on the paper."""
    return _run("pdftotext", "-layout", pdf, "-").split("\f")[:-1]


def words(pdf: Path) -> str:
    """All text in one line, words that were divided at a line's end put together."""
    return " ".join(re.sub(r"[-‐\u00ad]\n\s*", "", "\n".join(texts(pdf))).split())


def links_of(pdf: Path) -> list[str]:
    """Every address that the PDF leads to."""
    return [line.split(maxsplit=2)[2] for line in _run("pdfinfo", "-url", pdf).splitlines()[1:]]


class Placed(NamedTuple):
    """A picture on a page, the first being 1; its place and size as parts of the page's."""

    page: int
    left: float
    top: float
    width: float
    height: float


def pictures(pdf: Path) -> list[Placed]:
    """Every picture, page by page; one that is cut in two stands there twice."""
    with tempfile.TemporaryDirectory() as folder:
        _run("pdftohtml", "-q", "-xml", pdf, Path(folder) / "made")
        document = ElementTree.parse(Path(folder) / "made.xml")
    found: list[Placed] = []
    for page in document.iter("page"):
        wide, high = int(page.attrib["width"]), int(page.attrib["height"])
        for one in page.iter("image"):
            left, top, width, height = (int(one.attrib[name]) for name in ("left", "top", "width", "height"))
            found.append(Placed(int(page.attrib["number"]), left / wide, top / high, width / wide, height / high))
    return found


def _run(name: str, *arguments: Path | str) -> str:
    done = subprocess.run(
        [str(program(name)), *map(str, arguments)], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout
