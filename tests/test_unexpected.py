"""Whatever a library raises while one article, picture, page or document is made is a problem that names it."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sitegen import slugs
from sitegen.engine.build import check
from sitegen.engine.live import Live
from sitegen.engine.options import Options
from sitegen.plan import formats
from sitegen.problems import SiteError, errors
from tests.hurts import picture
from tests.preview import serving
from tests.site import ARTICLE, CONFIG, NOW, build_site, let_settle, tree, write_files

GUILTY = "content/articles/making/guilty.md"
PICTURE = "content/images/guilty.jpg"
SIZE = (613, 411)
BYTES = picture(*SIZE)
MARKS = ("guilty", "ʬ", "2026-10-02")
"""What nothing but the guilty article says."""
TEXT = """\
---
title: Guilty
slug: some-slug
published: 2026-10-02
updated: 2026-10-03
summary: Guilty words.
tags: [guilty tag ʬ]
brands: [Guilty brand]
image: {src: /images/guilty.jpg, alt: What guilty shows}
---
## Guilty heading

Guilty 'words' <b>and</b> [a link](../news/first.md) to 1,000 others.[^1]

![A guilty picture](/images/guilty.jpg "Guilty caption")

[^1]: A guilty note.
"""


class Injected(Exception):
    """What no code of ours expects."""


def site(root: Path) -> Path:
    write_files(
        root,
        {
            "sitegen.toml": CONFIG + '\n[variants]\nprint = true\n\n[downloads]\nformats = ["pdf", "epub", "html"]\n',
            "content/articles/news/first.md": ARTICLE,
            GUILTY: TEXT,
            PICTURE: BYTES,
        },
    )
    return root


def _speaks_of_it(values: Any) -> bool:
    if isinstance(values, Image.Image):
        return values.size == SIZE
    if isinstance(values, dict):
        return any(map(_speaks_of_it, (*values, *values.values())))
    if isinstance(values, list | tuple):
        return any(map(_speaks_of_it, values))
    if isinstance(values, io.BytesIO):
        return values.getvalue() == BYTES
    said = (values.decode("utf-8", "replace") if isinstance(values, bytes) else str(values)).lower()
    return any(mark in said for mark in MARKS)


CALLS = {
    "YAML": "sitegen.sources.yamldoc.yaml.CSafeLoader",
    "Markdown": "sitegen.render.parser.Parser.parse",
    "HTML that is cleaned": "sitegen.render.rawhtml.nh3.clean",
    "HTML that is read": "sitegen.render.document.TolerantParser.feed",
    "letters": "anyascii.anyascii",
    "dates": "sitegen.plan.formats.format_date",
    "what its pages show": "sitegen.render.renderer.article_view",
    "pictures that are opened": "PIL.Image.open",
    "pictures that are decoded": "PIL.JpegImagePlugin.JpegImageFile.load",
    "pictures that are scaled": "PIL.Image.Image.resize",
    "pictures that are turned": "PIL.ImageOps.exif_transpose",
    "pictures that are written": "PIL.Image.Image.save",
    "PDF": "sitegen.render.typeset.Typesetter.pdf",
    "EPUB": "sitegen.render.documents.packed",
    "what is shown of it": "sitegen.plan.cards.image_view",
}
"""Calls of libraries, or the calls of ours that do little else."""


@pytest.fixture(params=CALLS)
def broken(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """One of the calls fails over the guilty article or its picture, as long as there is no file of this name."""
    name = CALLS[request.param]
    owner, _, attribute = name.rpartition(".")
    real = getattr(_found(owner), attribute)
    # Workers are processes of their own.
    folder = tmp_path_factory.mktemp("calls")
    failed, spared = folder / "failed", folder / "spared"

    def fails(*arguments: Any, **options: Any) -> Any:
        if not spared.exists() and _speaks_of_it((arguments, options)):
            failed.touch()
            raise Injected("over this one")
        return real(*arguments, **options)

    monkeypatch.setattr(name, fails)
    for remembered in (slugs._latin, formats._day):
        remembered.cache_clear()
    yield spared
    assert failed.exists(), "nothing has called it"


def _found(name: str) -> Any:
    module, rest = name, list[str]()
    while True:
        try:
            found: Any = importlib.import_module(module)
            break
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            rest.insert(0, last)
    for part in rest:
        found = getattr(found, part)
    return found


def _named(problem: Any) -> bool:
    return bool({problem.file, problem.rendering} & {GUILTY, PICTURE})


def test_a_build_names_it_and_leaves_the_output_alone(tmp_path: Path, broken: Path) -> None:
    root = site(tmp_path)
    with pytest.raises(SiteError) as caught:
        build_site(root)
    assert any(map(_named, caught.value.problems)), caught.value.problems
    assert all(_named(one) for one in caught.value.problems if not one.warning), caught.value.problems
    assert not any(tree(root / "output"))


@pytest.mark.slow
def test_a_preview_shows_the_rest_of_the_site(tmp_path: Path, broken: Path) -> None:
    live = Live(Options(site(tmp_path), tmp_path / "output", now=NOW, workers=1))
    live.look()
    shown = live.site or live.rest
    assert shown is not None, live.problems
    found = list(live.problems)
    for name in sorted(shown.files):
        served = shown.file(name)
        assert served is not None
        found += served.problems
        if "first" in name:
            assert served.data and not served.problems
    assert any(map(_named, found)), found
    assert all(_named(one) for one in found if not one.warning), found


@pytest.mark.slow
def test_an_edit_that_makes_it_fail_leaves_the_last_good_pages(tmp_path: Path, broken: Path) -> None:
    root = site(tmp_path)
    write_files(root, {GUILTY: ARTICLE, PICTURE: picture(40, 30)})
    broken.touch()
    live = Live(Options(root, root / "output", now=NOW, workers=1))
    live.look()
    before = live.site
    assert before is not None and not errors(live.problems)
    build_site(root)
    let_settle()
    broken.unlink()
    write_files(root, {GUILTY: TEXT, PICTURE: BYTES})
    live.look([GUILTY, PICTURE])
    assert all(_named(one) for one in live.problems if not one.warning), live.problems
    assert live.site is before or not errors(live.problems)
    with pytest.raises(SiteError) as caught:
        build_site(root)
    assert all(_named(one) for one in caught.value.problems if not one.warning), caught.value.problems


def test_readers_of_a_new_preview_see_the_rest_and_what_is_wrong(tmp_path: Path) -> None:
    write_files(site(tmp_path), {GUILTY: TEXT.replace("summary:", "sumary:")})
    with serving(tmp_path) as served, served.events("/") as events:
        assert next(events)["problems"]
        page = served.get("/")
        assert page.status == 200 and "A first headline" in page.text and "Guilty" not in page.text
        missing = served.get("/making/2026/10/some-slug/")
        assert missing.status == 503 and f"{GUILTY}:6:1:" in missing.text
        write_files(tmp_path, {GUILTY: TEXT})
        assert next(event for event in events if not event["problems"])
        assert served.get("/making/2026/10/some-slug/").status == 200


@pytest.mark.slow
def test_a_mistake_in_the_plan_is_told_once_for_each_of_the_guilty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = site(tmp_path)
    for number in range(20):
        write_files(root, {f"content/articles/news/n{number}.md": ARTICLE.replace("A first", f"Number {number}")})
    for number in (3, 11):
        text = ARTICLE.replace("summary:", "image: {src: /images/guilty.jpg, alt: A gradient}\nsummary:")
        write_files(root, {f"content/articles/news/n{number}.md": text})
    (root / GUILTY).unlink()

    def fails(*_: Any) -> Any:
        raise Injected

    monkeypatch.setattr("sitegen.plan.cards.image_view", fails)
    found = [one for one in check(Options(root, root / "output", now=NOW, workers=1)) if not one.warning]
    assert sorted(one.file for one in found) == [f"content/articles/news/n{number}.md" for number in (11, 3)]
