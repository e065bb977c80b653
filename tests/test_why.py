"""`sitegen why`: what made a file, from what, and why the last build did or did not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sitegen.cli import main
from sitegen.engine.memory import _SHAPE, Memory
from sitegen.engine.places import memory_place
from tests.site import ARTICLE, CONFIG, PIXEL, build_site, let_settle, write_files, write_site

FIRST, SECOND = "content/articles/news/first.md", "content/articles/news/second.md"
PAGE = "news/2026/10/first/index.html"
WITH_IMAGE = ARTICLE.replace("---\nThe", "image:\n  src: /p.png\n  alt: A dot\n---\nThe")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_site(
        tmp_path,
        {
            FIRST: WITH_IMAGE,
            "content/p.png": PIXEL,
            SECOND: ARTICLE.replace("A first", "A second").replace("10-01", "10-02"),
            "content/pages/about.md": "---\ntitle: About\n---\nAbout us.\n",
            "content/jobs.yaml": "- employer: Loom & Co\n  title: Weaver\n",
        },
    )
    let_settle()
    build_site(tmp_path)
    return tmp_path


def ask(root: Path, name: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["why", name, "--site", str(root), *options])


def told(root: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask(root, name, "--format", "json").stdout)
    return found


def edit(root: Path, path: str, old: str, new: str) -> None:
    (root / path).write_text((root / path).read_text("utf-8").replace(old, new), "utf-8")


def test_a_page_is_known_by_its_file_its_address_and_its_source(root: Path) -> None:
    names = [
        PAGE,
        "news/2026/10/first/",
        "/news/2026/10/first/",
        "https://tiny.example/news/2026/10/first/",
        str(root / "output" / PAGE),
        str(root / "output/news/2026/10/first") + "/",
    ]
    assert {told(root, name)["file"] for name in names} == {PAGE}
    for name in (FIRST, str(root / FIRST)):
        assert told(root, name) == {**told(root, PAGE), "file": ""}


def test_addresses_of_a_site_below_a_path_are_understood(root: Path) -> None:
    write_files(root, {"sitegen.toml": CONFIG.replace("tiny.example/", "tiny.example/paper/")})
    build_site(root)
    for name in ("/paper/news/2026/10/first/", "https://tiny.example/paper/news/2026/10/first/"):
        assert told(root, name)["shows"] == [SECOND]


def test_the_front_page_is_asked_for_by_a_slash(root: Path) -> None:
    assert told(root, "/")["file"] == "index.html"
    assert told(root, "/")["shows"] == [FIRST, SECOND]


def test_sources_templates_and_sibling_files_are_named(root: Path) -> None:
    found = told(root, PAGE)
    assert (found["sources"], found["shows"]) == ([FIRST, "content/p.png"], [SECOND])
    assert "themes/default/templates/article.html" in found["templates"]
    assert "news/2026/10/first/print.html" in found["files"]
    assert told(root, "/jobs/")["sources"] == ["content/jobs.yaml"]
    assert told(root, "/about/")["sources"] == ["content/pages/about.md"]
    picture = next((root / "output/media").iterdir())
    assert told(root, str(picture))["sources"] == ["content/p.png"]
    assert told(root, "feed.xml")["shows"] == [FIRST, SECOND]


def test_the_reasons_of_the_last_build_are_told(root: Path) -> None:
    assert told(root, PAGE)["because"] == ["no earlier one is known"]
    edit(root, FIRST, "The text", "Another text")
    build_site(root)
    found = told(root, PAGE)
    assert (found["because"], found["made"], found["last"]) == (["its text"], 2, 2)
    edit(root, SECOND, "A second", "Another")
    build_site(root)
    assert told(root, PAGE)["because"] == ["what it shows: newer"]
    assert told(root, "/feed.xml")["because"] == ["what it lists: items"]


def test_a_page_that_was_not_made_again_says_so(root: Path) -> None:
    edit(root, SECOND, "The text", "Another text")
    build_site(root)
    found = told(root, PAGE)
    assert (found["made"], found["last"], found["outdated"]) == (1, 2, False)
    assert "1 build made other pages; nothing that this one is made from had changed" in ask(root, PAGE).output


def test_sources_that_have_changed_since_are_mentioned(root: Path) -> None:
    build_site(root)
    assert "have changed" not in ask(root, PAGE).output
    edit(root, FIRST, "The text", "Another text")
    assert "sources have changed since the last build" in ask(root, PAGE).output


def test_a_harmed_file_is_named(root: Path) -> None:
    (root / "output" / PAGE).write_text("harmed", "utf-8")
    assert told(root, FIRST)["harmed"] == [PAGE]


def test_what_is_not_known_is_answered_with_what_may_be_meant(root: Path) -> None:
    done = ask(root, "content/articles/news/frist.md")
    assert done.exit_code == 1
    assert f'did you mean "{FIRST}"?' in done.output
    assert ask(root, "https://elsewhere.example/x/").exit_code == 1
    write_site(root / "other")
    assert "run sitegen build first" in ask(root / "other", "/").output


def test_whoever_asks_changes_nothing(root: Path) -> None:
    path = memory_place(root, root / "output").path
    before = path.read_bytes()
    ask(root, PAGE)
    assert path.read_bytes() == before
    assert build_site(root).rendered == 0


def test_a_memory_that_cannot_be_read_is_answered_and_left_alone(root: Path) -> None:
    path = memory_place(root, root / "output").path
    path.write_bytes(b"no database")
    done = ask(root, PAGE)
    assert done.exit_code == 1
    assert "output: what is remembered of this folder is broken" in done.stderr
    assert path.read_bytes() == b"no database"


def test_a_memory_of_another_shape_still_knows_which_files_are_its_own(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.engine.memory._SHAPE", _SHAPE + 1)
    (root / SECOND).unlink()
    result = build_site(root)
    assert result.removed == 6
    assert result.rendered > 5
    assert not (root / "output/news/2026/10/second").exists()
    memory = Memory(root, root / "output")
    assert memory.last() is not None
    memory.close()
    os.utime(root / FIRST)
    assert build_site(root).rendered == 0
