"""Every kind of page at three widths, beside pictures of it that somebody has looked at.

`pytest tests/test_screens.py --update` takes them anew; then look at them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.kinds import KINDS, VARIANTS, build_bundled
from tests.reader import Reader, reading

pytestmark = pytest.mark.slow

SCREENS = Path(__file__).parent / "screens"
WIDTHS = (390, 768, 1280)
LONGEST = 2400
"""What is looked at of a page, in CSS pixels from its top."""
KEPT, QUALITY = 0.5, 30
"""The scale of what is kept, and the quality of its WebP."""
CELL = 12
"""Pixels of what is kept that are seen as one: letters may be drawn otherwise, but not stand elsewhere."""
NEAR, FEW = 24, 0.004
"""How far a cell may be off, of 255, and the part of all cells that may be farther off."""

PAGES = {
    **{f"default-{kind}": path for kind, path in KINDS.items()},
    # Not download.html, which has the fonts of the reader's system.
    **{f"default-{name}": VARIANTS[name] for name in ("x-large", "print")},
    **{f"bobbin-{kind}": KINDS[kind] for kind in ("front", "section", "article")},
}
DARK = ("default-front", "default-article", "bobbin-front", "bobbin-article")
CASES = [(page, width, False) for page in PAGES for width in WIDTHS] + [(page, 1280, True) for page in DARK]


SHOW_PICTURES = """
    const pictures = [...document.images];
    for (const one of pictures) { one.loading = "eager"; one.decoding = "sync"; }
    return Promise.all(pictures.map((one) => one.decode()))
      .then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
"""
"""Loads what would be loaded as it comes into view, and waits until all of it is painted."""


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Reader]]:
    """One for each theme."""
    with ExitStack() as stack:
        yield {
            theme: stack.enter_context(reading(build_bundled(tmp_path_factory.mktemp("site") / "it", theme)))
            for theme in ("default", "bobbin")
        }


def taken(reader: Reader, path: str, width: int, is_dark: bool) -> Image.Image:
    """The page as it is seen, with all its pictures and fonts."""
    # The second time its fonts are at hand: one that comes late is left out.
    for _ in range(2):
        reader.look(path, width, is_dark=is_dark)
        reader.run("return document.fonts.ready")
    reader.run(SHOW_PICTURES)
    high = min(LONGEST, int(reader.run("return document.documentElement.scrollHeight")))
    screen = Image.open(io.BytesIO(reader.picture(width, high))).convert("RGB")
    return screen.resize((round(width * KEPT), round(high * KEPT)), Image.Resampling.BOX)


def difference(expected: Image.Image, got: Image.Image) -> str:
    """What is another picture than expected; "" where nobody would say that."""
    if expected.width != got.width or abs(expected.height - got.height) > 0.02 * expected.height:
        return f"{got.size} pixels instead of {expected.size}"
    size = (got.width, min(expected.height, got.height))
    cells = (size[0] // CELL, size[1] // CELL)
    one, other = (image.crop((0, 0, *size)).resize(cells, Image.Resampling.BOX) for image in (expected, got))
    red, green, blue = ImageChops.difference(one, other).split()
    far = sum(ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()[NEAR + 1 :])
    every = cells[0] * cells[1]
    return f"{far} of {every} cells are others" if far > FEW * every else ""


@pytest.mark.parametrize(("page", "width", "is_dark"), CASES)
def test_a_page_looks_as_it_did(
    readers: dict[str, Reader], page: str, width: int, is_dark: bool, update: bool, tmp_path: Path
) -> None:
    file = SCREENS / f"{page}-{width}{'-dark' if is_dark else ''}.webp"
    got = taken(readers[page.partition("-")[0]], PAGES[page], width, is_dark)
    if update:
        SCREENS.mkdir(exist_ok=True)
        got.save(file, quality=QUALITY, method=6)
    with Image.open(file) as expected:
        said = difference(expected.convert("RGB"), got)
    if said:
        got.save(tmp_path / file.name)
    assert not said, f"{said}: {tmp_path / file.name}, expected {file}; if it is meant to be so: --update"


def test_every_kept_picture_is_compared() -> None:
    names = {f"{page}-{width}{'-dark' if is_dark else ''}.webp" for page, width, is_dark in CASES}
    assert {path.name for path in SCREENS.iterdir()} == names


def test_what_looks_different_is_told(readers: dict[str, Reader]) -> None:
    reader = readers["default"]
    before = taken(reader, KINDS["front"], 1280, False)
    assert difference(before, taken(reader, KINDS["front"], 1280, False)) == ""
    assert "cells" in difference(before, taken(reader, KINDS["front"], 1280, True))
    assert "pixels" in difference(before, taken(reader, KINDS["missing"], 1280, False))
    reader.look(KINDS["front"])
    reader.run("document.querySelector('h2').style.marginTop = '40px'")
    high = round(before.height / KEPT)
    moved = Image.open(io.BytesIO(reader.picture(1280, high))).convert("RGB").resize(before.size)
    assert "cells" in difference(before, moved)
