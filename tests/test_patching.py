"""Shared parts that are exchanged in files that stand there: the same bytes as a page rendered anew, or no exchange."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from sitegen.engine import pages
from sitegen.engine.bodies import Bodies
from sitegen.engine.stage import Stage
from sitegen.plan.pages import PagePlan
from sitegen.render.renderer import PAGE_TEMPLATES, Body, Rendered, Renderer
from sitegen.render.seams import SIGN, Shared, assembled, cut, exchanged
from sitegen.render.templates import EXTENSIONS, Templates
from sitegen.render.verbatim import INNER, INNER_PARTS, KINDS, PARTS, SHARED, SHARED_PARTS, shows_verbatim
from tests.site import build_site, let_settle, tree, write_files, write_site
from tests.test_incremental import SITE, assert_as_clean, did

pytestmark = pytest.mark.slow

OTHER_JOBS = {"content/jobs.yaml": "- employer: Loom & Co\n  title: Dyer of wool\n- employer: Reed\n  title: Reeder\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_site(tmp_path, SITE)


def built(root: Path) -> None:
    let_settle()
    build_site(root)


def assert_as_without(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The output is that of a build that knows nothing and puts the shared parts in while it renders."""
    with monkeypatch.context() as patched:
        patched.setattr(Templates, "show_verbatim", lambda self, name, kind: False)
        assert_as_clean(root)


def refuse(*arguments: Any) -> Any:
    raise AssertionError("this is rendered")


def test_a_job_ad_renders_no_page_but_those_of_jobs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(root)
    write_files(root, OTHER_JOBS)
    with monkeypatch.context() as patched:
        patched.setattr(Renderer, "article", refuse)
        rendered: list[str] = []
        page = Renderer.page

        def noted(self: Renderer, unit: PagePlan, body: Body | None = None) -> Rendered:
            rendered.append(unit.path)
            return page(self, unit, body)

        patched.setattr(Renderer, "page", noted)
        read: list[str] = []
        standing = Stage.standing

        def noted_too(self: Stage, file: str) -> bytes | None:
            read.append(file)
            return standing(self, file)

        patched.setattr(Stage, "standing", noted_too)
        result = build_site(root)
    assert rendered == ["/jobs/", "/jobs/towns/"]
    # Papers and copies for keeping have no sidebar: they are not even read.
    assert sorted(read) == sorted({*result.changed} - {"jobs/index.html", "jobs/towns/index.html"})
    assert result.written > 20
    assert_as_clean(root)
    # And once more, from what was exchanged.
    write_files(root, {"content/jobs.yaml": "- employer: Å & Ä\n  title: Väverska\n"})
    build_site(root)
    assert_as_clean(root)


def test_a_page_that_was_harmed_is_rendered(root: Path) -> None:
    built(root)
    page = root / "output/news/2026/10/first/index.html"
    page.write_text("harmed", "utf-8")
    write_files(root, OTHER_JOBS)
    build_site(root)
    assert_as_clean(root)


def test_a_page_that_is_harmed_behind_its_stamp_is_rendered(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(root)
    page = root / "output/news/2026/10/first/index.html"
    wrong = page.read_bytes().replace(b"first", b"f1rst")
    write_files(root, OTHER_JOBS)
    make = pages.make_pages

    def harm(*arguments: Any) -> Any:
        page.write_bytes(wrong)
        return make(*arguments)

    monkeypatch.setattr("sitegen.engine.making.make_pages", harm)
    build_site(root)
    assert b"f1rst" not in page.read_bytes()
    assert_as_clean(root)


def test_a_page_that_changes_otherwise_too_is_rendered(root: Path) -> None:
    built(root)
    first = root / "content/articles/news/first.md"
    write_files(root, {**OTHER_JOBS, "content/articles/news/first.md": first.read_text("utf-8") + "More.\n"})
    build_site(root)
    assert_as_clean(root)


def test_a_template_makes_only_the_files_that_it_is_in(root: Path) -> None:
    built(root)
    source = Path("themes/default/templates/print.html").read_text("utf-8")
    write_files(root, {"themes/default/templates/print.html": source.replace("</body>", "<!-- paper --></body>")})
    assert did(build_site(root)) == (0, 3, 3, 0)
    assert_as_clean(root)
    write_files(root, OTHER_JOBS)
    build_site(root)
    assert_as_clean(root)


def test_a_template_and_the_job_ads_at_once(root: Path) -> None:
    built(root)
    head = (Path("themes/default/templates/article/head.html")).read_text("utf-8")
    write_files(root, {"themes/default/templates/article/head.html": head + "<!-- head -->", **OTHER_JOBS})
    build_site(root)
    assert_as_clean(root)


MAIN = '{% extends "404.html" %}{% block main %}{{ super() }}'
END = "{% endblock %}"
ALTERING = {
    "length": MAIN + "{{ shared.sidebar|length }}" + END,
    "a test": MAIN + '{% if "Dyer" in shared.sidebar %}A dyer{% endif %}' + END,
    "there or not": MAIN + "{% if shared.sidebar %}There{% endif %}" + END,
    "an item": MAIN + "{{ shared['sidebar'] }}" + END,
    "joined": MAIN + '{{ shared.sidebar ~ "!" }}' + END,
    "another name": MAIN + "{% set s = shared.sidebar %}{{ s|length }}" + END,
    "with": MAIN + "{% with s = shared %}{{ s.sidebar|upper }}{% endwith %}" + END,
    "captured": MAIN + "{% set s %}{{ shared.sidebar }}{% endset %}{{ s|length }}" + END,
    "filtered": MAIN + "{% filter upper %}{{ shared.sidebar }}{% endfilter %}" + END,
    "macro": MAIN + "{% macro m() %}{{ shared.sidebar }}{% endmacro %}{{ m()|length }}" + END,
    "argument": MAIN + "{% macro m(s) %}{{ s|length }}{% endmacro %}{{ m(shared.sidebar) }}" + END,
    "caller": MAIN
    + "{% macro m() %}{{ caller()|length }}{% endmacro %}{% call m() %}{{ shared.sidebar }}{% endcall %}"
    + END,
    "super": '{% extends "404.html" %}{% block layout %}{{ super()|length }}{% endblock %}',
    "self": MAIN + "{% block s %}{{ shared.sidebar }}{% endblock %}{{ self.s()|length }}" + END,
    "included": MAIN + "{% set s %}{% include 'mine.html' %}{% endset %}{{ s|length }}" + END,
    "imported": MAIN + "{% import 'mine.html' as s with context %}{{ s|string|length }}" + END,
    "overridden": '{% extends "yours.html" %}{% block s %}{{ shared.sidebar }}{% endblock %}',
}
PLAIN = {
    "twice": MAIN + "{{ shared.sidebar }}{{ shared.footer }}{{ shared.sidebar }}" + END,
    "in a loop": MAIN + "{% for n in [1, 2] %}{{ shared.header }}{% endfor %}" + END,
    "a block again": MAIN + "{% block s %}{{ shared.sidebar }}{% endblock %}{{ self.s() }}" + END,
    "included": MAIN + "{% include 'mine.html' %}" + END,
    "none": "{{ page.title }}",
    "half a sign": MAIN + '{{ "\\x01" }}{{ shared.footer }}' + END,
    "another sign": MAIN + '{{ "\\x01title\\x01" }}' + END,
    "unescaped": MAIN + "{% autoescape false %}{{ shared.sidebar }}{% endautoescape %}" + END,
}
HELPERS = {
    "themes/default/templates/mine.html": "Mine: {{ shared.sidebar }}",
    "themes/default/templates/yours.html": "{% filter upper %}{% block s %}{% endblock %}{% endfilter %}",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ALTERING)
def test_what_is_done_with_the_shared_parts_is_done_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_files(root, {**HELPERS, "themes/default/templates/404.html": ALTERING[name]})
    built(root)
    write_files(root, OTHER_JOBS)
    build_site(root)
    assert_as_without(root, monkeypatch)


@pytest.mark.parametrize("name", PLAIN)
def test_shared_parts_that_are_only_put_out_are_exchanged(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_files(root, {**HELPERS, "themes/default/templates/404.html": PLAIN[name]})
    built(root)
    before = tree(root / "output")["404.html"]
    write_files(root, OTHER_JOBS)
    build_site(root)
    assert_as_without(root, monkeypatch)
    assert (tree(root / "output")["404.html"] == before) == (name == "none")


def parsed(source: str) -> jinja2.nodes.Template:
    return jinja2.Environment(extensions=EXTENSIONS).parse(source)


@pytest.mark.parametrize("name", [name for name in ALTERING if name != "overridden"])
def test_a_template_that_does_more_is_known(name: str) -> None:
    assert not shows_verbatim(parsed(ALTERING[name]), SHARED)


def test_a_block_of_which_something_is_made_elsewhere_is_known() -> None:
    assert not shows_verbatim(parsed(HELPERS["themes/default/templates/yours.html"]), SHARED)


@pytest.mark.parametrize("name", PLAIN)
def test_a_template_that_only_shows_them_is_known(name: str) -> None:
    assert shows_verbatim(parsed(PLAIN[name]), SHARED)


@pytest.mark.parametrize(
    "source", ["{% set shared = 1 %}", "{% import 'a' as shared %}", "{% from 'a' import shared %}"]
)
def test_another_thing_of_the_same_name_is_known(source: str) -> None:
    assert not shows_verbatim(parsed(source + "{{ shared.header }}"), SHARED)


def test_the_themes_that_come_along_only_show_them() -> None:
    for path in Path("themes").glob("*/templates/**/*.html"):
        if path.parent.name != "shared":
            assert all(shows_verbatim(parsed(path.read_text("utf-8")), kind) for kind in KINDS), path
    assert "article.html" in PAGE_TEMPLATES


FRAME = '{% extends "article.html" %}{% block main %}{{ super() }}'
FRAMES = {
    "plain": FRAME + "REMARK" + END,
    "twice": FRAME + "REMARK{{ head }}" + END,
    "length": FRAME + "REMARK{{ body|length }}" + END,
    "a test": FRAME + "REMARK{% if 'text' in body %}text{% endif %}" + END,
    "captured": FRAME + "REMARK{% set b %}{{ foot }}{% endset %}{{ b|length }}" + END,
    "the text": FRAME + "REMARK{{ page.content }}" + END,
    "the text's length": FRAME + "REMARK{{ page.content|length }}" + END,
    "the text's words": FRAME + "REMARK{{ page.content|wordcount }}" + END,
    "the text's kind": FRAME + "REMARK{{ page.content is string }}" + END,
    "some text": FRAME + "REMARK{% if page.content %}text{% endif %}" + END,
    "the text and more": FRAME + "REMARK{{ page.content ~ '!' }}" + END,
    "the text's start": FRAME + "REMARK{{ page.content[:9] }}" + END,
    "the text compared": FRAME + "REMARK{{ page.content < 'b' }}{{ page.content == '' }}" + END,
    "the text repeated": FRAME + "REMARK{{ page.content * 2 }}" + END,
    "another name": FRAME + "REMARK{% set p = page %}{{ p.content|upper }}" + END,
    "a part by itself": FRAME + "REMARK{% include 'article/head.html' %}" + END,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FRAMES)
def test_what_stands_around_an_article_is_made_anew_around_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = "themes/default/templates/article.html"
    write_files(root, {file: FRAMES[name]})
    built(root)
    write_files(root, {file: FRAMES[name].replace("REMARK", "Another remark")})
    build_site(root)
    assert "Another remark" in (root / "output/news/2026/10/first/index.html").read_text("utf-8")
    assert_as_without(root, monkeypatch)
    write_files(root, {**OTHER_JOBS, file: FRAMES[name]})
    build_site(root)
    assert_as_without(root, monkeypatch)


@pytest.mark.parametrize("template", ["article.html", "base.html", "print.html"])
def test_a_template_around_an_article_renders_none_of_its_parts(
    root: Path, monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    built(root)
    source = Path(f"themes/default/templates/{template}").read_text("utf-8")
    write_files(root, {f"themes/default/templates/{template}": f"{{# a remark #}}{source}"})
    rendered: set[str] = set()
    render = Renderer._render

    def noted(self: Renderer, name: str, *arguments: Any) -> str:
        rendered.add(name)
        return render(self, name, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Renderer, "_render", noted)
        read = Bodies.some

        def some(self: Bodies, paths: Iterable[str]) -> dict[str, str]:
            wanted = list(paths)
            assert wanted in ([], ["content/pages/about.md"])
            return read(self, wanted)

        patched.setattr(Bodies, "some", some)
        made = build_site(root)
    assert made.rendered >= 3
    assert "article/body.html" not in rendered
    assert_as_clean(root)


@pytest.mark.parametrize(
    ("template", "before"),
    [("download.html", "</body>"), ("article/head.html", "</h1>"), ("parts/cards.html", "</article>")],
)
def test_a_template_of_an_article_itself_renders_it(root: Path, template: str, before: str) -> None:
    built(root)
    source = Path(f"themes/default/templates/{template}").read_text("utf-8")
    write_files(root, {f"themes/default/templates/{template}": source.replace(before, f"<!-- -->{before}")})
    assert build_site(root).written >= 3
    assert_as_clean(root)


@pytest.mark.parametrize("template", sorted(path.name for path in Path("themes/default/templates").glob("*.html")))
def test_templates_that_frame_an_article_are_known(template: str) -> None:
    assert shows_verbatim(parsed(Path(f"themes/default/templates/{template}").read_text("utf-8")), INNER)


texts = st.text(st.characters(exclude_characters=SIGN, exclude_categories=["Cs"]), max_size=5)
shareds = st.builds(Shared, *(texts.map(Markup) for _ in SHARED_PARTS))
inners = st.fixed_dictionaries({name: texts.map(str.encode) for name in INNER_PARTS})


@given(st.lists(texts, min_size=1, max_size=4), st.data(), shareds, shareds, inners)
def test_an_exchange_makes_what_would_have_been_put_together(
    own: list[str], data: st.DataObject, first: Shared, second: Shared, inner: dict[str, bytes]
) -> None:
    named = [f"{SIGN}{data.draw(st.sampled_from(PARTS))}{SIGN}{text}" for text in own[1:]]
    page = own[0] + "".join(named)
    before = assembled("f", page, {**first.encoded(), **inner})
    after = assembled("f", page, {**second.encoded(), **inner})
    assert before is not None
    assert before.seams is not None
    assert exchanged("f", before.data, before.seams, second.encoded()) == after
    assert cut(before.data, before.seams).items() <= {**first.encoded(), **inner}.items()


@pytest.mark.parametrize("page", ["a\x01", "\x01header", "\x01main\x01", "\x01\x01"])
def test_a_sign_that_is_no_place_is_seen(page: str) -> None:
    assert assembled("f", page, Shared(Markup("h"), Markup("s"), Markup("f")).encoded()) is None
