"""Texts that were edited and nothing else: their files are made without a plan, or the whole way is taken."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.engine import making
from sitegen.engine.places import STAGE
from sitegen.problems import SiteError
from tests.site import ARTICLE, NOW, PIXEL, build_site, let_settle, tree, write_files, write_site
from tests.test_incremental import SECOND, SITE, THIRD, assert_as_clean, did

pytestmark = pytest.mark.slow

FIRST = "content/articles/news/first.md"
OTHER = "content/articles/news/second.md"
LED = "image: {src: /images/loom.png, alt: A loom}\nsummary: What"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_site(tmp_path, {**SITE, "content/images/loom.png": PIXEL})
    return tmp_path


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Is added to whenever a build takes the whole way."""
    found: list[str] = []
    make = making.make

    def noted(*arguments: Any) -> Any:
        found.append("whole")
        return make(*arguments)

    monkeypatch.setattr(making, "make", noted)
    return found


def built(root: Path, ways: list[str], files: dict[str, str]) -> None:
    """A site with these files is built, and what is known of it can be trusted."""
    write_files(root, files)
    let_settle()
    build_site(root)
    let_settle()
    build_site(root)
    ways.clear()


def edited(text: str) -> str:
    return text + "\nOne more paragraph of it.\n"


EASY: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a paragraph more": ({}, {FIRST: edited(ARTICLE)}),
    "two articles": ({}, {FIRST: edited(ARTICLE), OTHER: edited(SECOND)}),
    "of two sections": ({}, {FIRST: edited(ARTICLE), "content/articles/making/third.md": edited(THIRD)}),
    "longer than a minute": ({}, {FIRST: ARTICLE + "\nA word and a word and a word. " * 400}),
    "a remark in front matter": ({}, {FIRST: edited(ARTICLE.replace("title", "# a remark\ntitle"))}),
    "a link that stays": (
        {FIRST: ARTICLE + "See [there](second.md).\n"},
        {FIRST: edited(ARTICLE) + "See [there](second.md).\n"},
    ),
    "a picture that stays": (
        {FIRST: ARTICLE + "![A loom](/images/loom.png)\n"},
        {FIRST: edited(ARTICLE) + "![A loom](/images/loom.png)\n"},
    ),
    "a lead picture": (
        {FIRST: ARTICLE.replace("summary: What", LED)},
        {FIRST: edited(ARTICLE.replace("summary: What", LED))},
    ),
    "what is warned of": ({}, {FIRST: ARTICLE + "\n<group>New</group>\n"}),
    "a template of the site's own": (
        {"themes/default/templates/article/head.html": "<h1>{{ page.title }}</h1>{{ page.minutes }}"},
        {FIRST: edited(ARTICLE)},
    ),
}
HARD: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "another title": ({}, {FIRST: ARTICLE.replace("A first", "Another")}),
    "another day": ({}, {FIRST: ARTICLE.replace("2026-10-01", "2026-10-05")}),
    "a draft": ({}, {FIRST: ARTICLE.replace("title:", "draft: true\ntitle:")}),
    "a heading more": ({}, {FIRST: ARTICLE + "\n## A part\n"}),
    "a link more": ({}, {FIRST: ARTICLE + "See [there](second.md).\n"}),
    "a picture more": ({}, {FIRST: ARTICLE + "![A loom](/images/loom.png)\n"}),
    "other first words without a summary": (
        {FIRST: ARTICLE.replace("summary: What the first one says.\n", "")},
        {FIRST: ARTICLE.replace("summary: What the first one says.\n", "").replace("---\nThe", "---\nNo. The")},
    ),
    "a draft's text": (
        {OTHER: SECOND.replace("title:", "draft: true\ntitle:")},
        {OTHER: edited(SECOND.replace("title:", "draft: true\ntitle:"))},
    ),
    "a page's text": ({}, {"content/pages/about.md": "---\ntitle: About\n---\nAbout us all.\n"}),
    "an article more": ({}, {"content/articles/news/fourth.md": ARTICLE.replace("A first", "A fourth")}),
    "job ads too": ({}, {FIRST: edited(ARTICLE), "content/jobs.yaml": "- employer: Loom & Co\n  title: Dyer\n"}),
    "settings too": ({}, {FIRST: edited(ARTICLE), "themes/default/templates/shared/footer.html": "<footer></footer>"}),
    "a template that does more with the shared parts": (
        {"themes/default/templates/print.html": "{{ page.content }}{{ shared.sidebar|length }}"},
        {FIRST: edited(ARTICLE)},
    ),
    "a template without a part": (
        {"themes/default/templates/base.html": "{{ shared.header }}{{ shared.sidebar }}{% block main %}{% endblock %}"},
        {FIRST: edited(ARTICLE)},
    ),
}


@pytest.mark.parametrize("name", EASY)
def test_an_edited_text_is_made_without_a_plan(root: Path, ways: list[str], name: str) -> None:
    before, after = EASY[name]
    built(root, ways, before)
    write_files(root, after)
    result = build_site(root)
    assert ways == []
    assert did(result)[:2] == (len(after), len(after))
    # What is remembered of it holds: for a build without news, another edit, and for one that takes the whole way.
    assert did(build_site(root)) == (0, 0, 0, 0)
    write_files(root, {FIRST: edited(edited(before.get(FIRST, ARTICLE)))})
    build_site(root)
    assert ways == []
    assert_as_clean(root)
    build_site(root)
    write_files(root, {"content/jobs.yaml": "- employer: Loom & Co\n  title: Dyer\n"})
    build_site(root)
    assert_as_clean(root)


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_whatever_else_has_changed_takes_the_whole_way(root: Path, ways: list[str], name: str) -> None:
    before, after = HARD[name]
    built(root, ways, before)
    write_files(root, after)
    build_site(root)
    assert ways == ["whole"]
    assert_as_clean(root)


def test_warnings_are_those_of_the_new_text(root: Path, ways: list[str]) -> None:
    translated = ARTICLE.replace("title:", "translator: Jonas Wikander\ntitle:")
    built(root, ways, {FIRST: translated, OTHER: SECOND + "<group>Old</group>\n"})
    before = build_site(root).warnings
    assert [warning.file for warning in before] == [FIRST, OTHER]
    write_files(root, {FIRST: translated.replace("---\nThe", "---\n\n\nThe") + "<group>New</group>\n"})
    said = build_site(root).warnings
    assert [(warning.file, warning.line) for warning in said] == [(FIRST, 2), (FIRST, 10), (OTHER, 7)]
    assert build_site(root).warnings == said
    write_files(root, {FIRST: translated})
    assert build_site(root).warnings == before
    assert ways == []


def test_what_is_only_touched_is_not_made(root: Path, ways: list[str]) -> None:
    built(root, ways, {})
    os.utime(root / FIRST)
    let_settle()
    assert did(build_site(root)) == (0, 0, 0, 0)
    assert ways == []
    assert did(build_site(root)) == (0, 0, 0, 0)


def test_going_back_is_no_parsing(root: Path, ways: list[str]) -> None:
    built(root, ways, {})
    before = tree(root / "output")
    write_files(root, {FIRST: edited(ARTICLE)})
    build_site(root)
    write_files(root, {FIRST: ARTICLE})
    assert did(build_site(root)) == (0, 1, 6, 0)
    assert tree(root / "output") == before
    assert ways == []


def test_a_text_that_is_broken_is_a_problem_and_the_output_stays(root: Path, ways: list[str]) -> None:
    built(root, ways, {})
    before = tree(root / "output")
    write_files(root, {FIRST: ARTICLE.replace("title:", "titel:")})
    with pytest.raises(SiteError, match="titel"):
        build_site(root)
    assert tree(root / "output") == before
    write_files(root, {FIRST: edited(ARTICLE)})
    build_site(root)
    assert_as_clean(root)


def harm_page(root: Path) -> None:
    (root / "output/index.html").write_text("harmed")


def harm_own(root: Path) -> None:
    (root / "output/news/2026/10/first/print.html").unlink()


def leave_stage(root: Path) -> None:
    write_files(root / "output", {f"{STAGE}/half.html": "half"})


@pytest.mark.parametrize("harm", [harm_page, harm_own, leave_stage])
def test_an_output_that_is_not_as_it_was_takes_the_whole_way(
    root: Path, ways: list[str], harm: Callable[[Path], None]
) -> None:
    built(root, ways, {})
    harm(root)
    write_files(root, {FIRST: edited(ARTICLE)})
    build_site(root)
    assert ways == ["whole"]
    assert_as_clean(root)


def test_each_output_folder_has_its_own_memory_of_a_text(root: Path, ways: list[str]) -> None:
    built(root, ways, {})
    write_files(root, {FIRST: edited(ARTICLE)})
    build_site(root, output="elsewhere")
    assert did(build_site(root)) == (0, 1, 6, 0)
    assert tree(root / "output") == tree(root / "elsewhere")


def test_one_edit_after_another(root: Path, ways: list[str]) -> None:
    built(root, ways, {})
    for number in range(4):
        write_files(root, {FIRST: ARTICLE + f"Number {number}.\n"})
        assert did(build_site(root)) == (1, 1, 6, 0)
    assert ways == []
    assert_as_clean(root)


def test_the_clock_takes_the_whole_way(root: Path, ways: list[str]) -> None:
    later = SECOND.replace("2026-10-02", "2026-11-03")
    built(root, ways, {"content/articles/news/later.md": later})
    write_files(root, {FIRST: edited(ARTICLE)})
    build_site(root, now=NOW.replace(day=4))
    assert ways == ["whole"]
