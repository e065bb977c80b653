"""Every kind of page as outside programs judge it: axe-core in the browser, stylelint on the style sheets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.bundled import bundled_themes
from tests.checkers.axe import axe
from tests.checkers.stylelint import stylelint
from tests.kinds import ARTICLE, KINDS, THEMES, VARIANTS, build_bundled
from tests.reader import Reader, reading

pytestmark = pytest.mark.slow

NARROW, WIDE = 390, 1280
# Colours do not depend on the width, nor what is on a page on its colours: two of the four, the long tests take all.
VIEWS = [(NARROW, True), (WIDE, False)]
if os.environ.get("SITEGEN_EVERY_VIEW"):
    VIEWS += [(NARROW, False), (WIDE, True)]


@pytest.fixture(scope="module", params=THEMES)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with reading(build_bundled(tmp_path_factory.mktemp("site") / "it", request.param)) as one:
        yield one


@pytest.mark.parametrize(("width", "is_dark"), VIEWS, ids=lambda value: str(value))
@pytest.mark.parametrize("kind", [*KINDS, *VARIANTS])
def test_axe_finds_no_barrier(reader: Reader, kind: str, width: int, is_dark: bool) -> None:
    reader.look((KINDS | VARIANTS)[kind], width, is_dark=is_dark)
    assert axe(reader) == []


def test_axe_tells_a_barrier(reader: Reader) -> None:
    reader.look(ARTICLE)
    reader.run("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"#\"><a href=\"#\"></a>')")
    reader.run("document.querySelector('h1').style.color = 'color-mix(in srgb, currentcolor, transparent 90%)'")
    assert {line.partition(":")[0] for line in axe(reader)} == {"image-alt", "link-name", "color-contrast"}


def test_stylelint_has_nothing_to_say_of_any_style_sheet() -> None:
    assert stylelint(sorted(bundled_themes().rglob("*.css"))) == []


def test_stylelint_tells_a_mistake(tmp_path: Path) -> None:
    sheet = tmp_path / "a.css"
    sheet.write_text("a { colour: red; color: #FFFFFG; }\n", "utf-8")
    assert sorted(line.partition("a.css:")[2].split(" ")[0] for line in stylelint([sheet])) == ["1:25:", "1:5:"]
