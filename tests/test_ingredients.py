"""Every ingredient of the fingerprint is needed: without it some change would leave a page as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sitegen.engine import fingerprint, units
from sitegen.engine.units import Unit, Units
from sitegen.render import article, renderer
from tests.site import ARTICLE, CONFIG, PIXEL, build_site, let_settle, write_files, write_site
from tests.test_incremental import SITE, THIRD, assert_as_clean
from tests.test_pictures import quarters, saved

LED = ARTICLE.replace("summary:", "image: {src: /images/loom.png, alt: A loom}\nsummary:")
THEME = "themes/default/templates"
Files = dict[str, str | bytes]
THEME_INFO = "themes/default/theme.toml"
WIDE = saved(quarters(40, 30), "PNG")


def sizes(width: int) -> str:
    """A theme that shows pictures in one width."""
    crops = ", ".join(f'"{ratio}" = [{width}]' for ratio in ("16:9", "4:3", "1:1"))
    return f"[pictures]\nwidths = [{width}]\ncrops = {{ {crops} }}\n"


NEEDED: dict[str, tuple[Files, Files]] = {
    "what it shows": ({}, {"content/articles/news/first.md": ARTICLE.replace("A first", "Another")}),
    "its text": ({}, {"content/articles/news/first.md": ARTICLE + "More.\n"}),
    "its links": (
        {"content/articles/news/first.md": ARTICLE + "See [there](../making/third.md).\n"},
        {"content/articles/making/third.md": THIRD.replace("title:", "slug: elsewhere\ntitle:")},
    ),
    "its picture": ({"content/articles/news/first.md": LED}, {"content/images/loom.png": PIXEL + b"\0"}),
    "its templates": ({}, {f"{THEME}/print.html": "<p>{{ page.title }}</p>"}),
    "the shared parts": ({}, {"content/jobs.yaml": "- employer: Loom & Co\n  title: Dyer\n"}),
    "the settings": (
        {"content/articles/news/first.md": ARTICLE + "Word. " * 150},
        {"sitegen.toml": CONFIG + "\n[reading]\nwords_per_minute = 50\n"},
    ),
    "the theme's words": ({}, {"themes/default/locales/en.po": 'msgid "Print"\nmsgstr "On paper"\n'}),
    "the theme's static files": ({}, {"themes/default/static/css/print.css": "p { color: #111 }\n"}),
    "the theme's sizes of pictures": (
        {
            "content/articles/news/first.md": LED,
            "content/images/loom.png": WIDE,
            "themes/default/theme.toml": sizes(16),
        },
        {THEME_INFO: sizes(32)},
    ),
    "what pages show of the site": (
        {f"{THEME}/404.html": "{{ site.pages|length }}"},
        {"content/pages/imprint.md": "---\ntitle: Imprint\n---\nWho we are.\n"},
    ),
    "the program": ({}, {}),
    "the theme's file": (
        {"themes/default/static/top/CNAME": "one.example"},
        {"themes/default/static/top/CNAME": "two.example"},
    ),
    "what it lists": ({}, {"content/articles/news/first.md": ARTICLE.replace("What the", "All the")}),
}
"""What is there, and what is changed then, that shows in a page by this ingredient alone."""
EXPLAINING = {"the file in content/", "the picture in content/"}
"""A published picture or document has a digest of its bytes in its name: another one is another file."""


def without(name: str) -> Callable[[Callable[..., Iterator[Any]]], Callable[..., Iterator[Any]]]:
    """Makes of what lists units something that lists them without one ingredient."""

    def cut(unit: Unit) -> Unit:
        return replace(unit, ingredients=tuple(one for one in unit.ingredients if one.name != name))

    def wrap(listed: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def cut_all(*arguments: Any) -> Iterator[Any]:
            for one in listed(*arguments):
                yield cut(one) if isinstance(one, Unit) else (cut(one[0]), one[1])

        return cut_all

    return wrap


def change_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the same sources make other pages, and the program says that it is another one."""
    monkeypatch.setattr(units, "program", lambda: {"sitegen": "another one"})
    toolbar = article.toolbar
    monkeypatch.setattr(renderer, "toolbar", lambda *arguments: replace(toolbar(*arguments), print="", sizes=()))


@pytest.mark.slow
@pytest.mark.parametrize("dropped", [False, True], ids=["with it", "without it"])
@pytest.mark.parametrize("name", NEEDED)
def test_each_ingredient_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, dropped: bool) -> None:
    before, after = NEEDED[name]
    if dropped:
        for listed in ("pages", "files"):
            monkeypatch.setattr(Units, listed, without(name)(getattr(Units, listed)))
    root = write_site(tmp_path, {**SITE, "content/images/loom.png": PIXEL, **before})
    let_settle()
    build_site(root)
    write_files(root, after)
    if name == "the program":
        change_the_program(monkeypatch)
        monkeypatch.setattr("sitegen.engine.inputs.program_digest", lambda: "another one")
    build_site(root)
    if dropped:
        with pytest.raises(AssertionError):
            assert_as_clean(root)
    else:
        assert_as_clean(root)


def test_no_ingredient_is_left_out_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: set[str] = set()

    class Noted(fingerprint.Ingredient, frozen=True):
        def __post_init__(self) -> None:
            found.add(self.name)

    for module in (fingerprint, units):
        monkeypatch.setattr(module, "Ingredient", Noted)
    documents: Files = {"content/articles/news/first.md": LED, "content/images/loom.png": PIXEL}
    build_site(write_site(tmp_path, {**SITE, **documents}))
    assert found == {*NEEDED, *EXPLAINING}
