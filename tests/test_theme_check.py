"""`sitegen theme check`: what it finds in a theme, and that it finds nothing in those that come with sitegen."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.bundled import bundled_themes
from sitegen.cli.main import main
from sitegen.engine.themes import theme_problems
from tests.site import CONFIG, build_site, write_site

THEMES = sorted(path.name for path in bundled_themes().iterdir())
OWN = CONFIG.replace('title = "Tiny"', 'title = "Tiny"\ntheme = "mine"')
INFO = 'title = "Mine"\nextends = "default"\n'


def mine(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """Where something is wrong with a theme of these files, below themes/mine/, and what."""
    own: dict[str, str | bytes] = {f"themes/mine/{name}": text for name, text in files.items()}
    write_site(tmp_path, {"sitegen.toml": OWN, "themes/mine/theme.toml": INFO, **own})
    _, problems = theme_problems(tmp_path, None)
    return [(f"{one.file.removeprefix('themes/mine/')}:{one.line}:{one.column}", one.message) for one in problems]


@pytest.mark.parametrize("name", THEMES)
def test_nothing_is_wrong_with_a_bundled_theme(tmp_path: Path, name: str) -> None:
    assert theme_problems(write_site(tmp_path), name) == (name, [])


@pytest.mark.parametrize(
    ("template", "source", "place", "said"),
    [
        ("404.html", "{{ page.titel }}", "1:9", 'NotFoundView has no "titel"; did you mean "title"?'),
        ("404.html", "{{ pgae.title }}", "1:4", '"pgae" is not known here; did you mean "page"?'),
        ("404.html", "\n{{ site.sectoins }}", "2:9", 'SiteView has no "sectoins"; did you mean "sections"?'),
        ("404.html", "{% for c in page.latest %}{{ c.date.iso8601 }}{% endfor %}", "1:37", 'DateView has no "iso8601"'),
        ("404.html", "{{ page.latest[0].sumary }}", "1:19", 'Card has no "sumary"; did you mean "summary"?'),
        ("404.html", "{{ (page.latest|sort|first).urll }}", "1:29", 'Card has no "urll"; did you mean "url"?'),
        ("404.html", "{% set c = page.latest|last %}{{ c.urll }}", "1:36", 'Card has no "urll"; did you mean "url"?'),
        ("404.html", "{% if page.canonical %}x{% endif %}", "1:12", 'NotFoundView has no "canonical"; it has title'),
        ("404.html", "{% macro m(c) %}{{ c.urll }}{% endmacro %}{{ m(page.latest[0]) }}", "1:22", 'Card has no "urll"'),
        ("404.html", "{{ shared.sidebr }}", "1:11", 'Shared has no "sidebr"; did you mean "sidebar"?'),
        (
            "front.html",
            "{% for b in page.bands %}{% for c in b.cards %}{{ c.x }}{% endfor %}{% endfor %}",
            "1:53",
            "Card has",
        ),
        ("front.html", "{{ (page.lead or page.latest[0]).titel }}", "1:34", 'Card has no "titel"'),
        ("article/head.html", "{{ page.image.hight }}", "1:15", 'ImageView has no "hight"; did you mean "height"?'),
        ("article.html", "{{ toolbar.sizes[0].name }} {{ variant.nam }}", "1:40", 'Variant has no "nam"'),
        (
            "shared/sidebar.html",
            "{% for job in shared.jobs %}{{ job.town }}{% endfor %}",
            "1:36",
            'JobView has no "town"',
        ),
        ("shared/sidebar.html", "{{ page.title }}", "1:4", '"page" is not known here'),
        ("epub/article.xhtml", "<p>{{ page.author }}</p>", "1:12", 'DocumentView has no "author"'),
        (
            "404.html",
            "{% for n, l in [(1, page.latest)] %}{% for c in l %}{{ c.urll }}{% endfor %}{% endfor %}",
            "1:58",
            'Card has no "urll"',
        ),
    ],
)
def test_a_field_that_is_not_there_is_found(tmp_path: Path, template: str, source: str, place: str, said: str) -> None:
    found = mine(tmp_path, {f"templates/{template}": source})
    assert [at for at, _ in found] == [f"templates/{template}:{place}"]
    assert found[0][1].startswith(said)


@pytest.mark.parametrize(
    "source",
    [
        "{% extends '404.html' %}{% block main %}{{ page.title }}{{ super() }}{% endblock %}",
        "{% set x = 1 %}{{ x }}{% for x in page.latest %}{{ loop.index }}{{ x.title }}{% else %}{{ x }}{% endfor %}",
        "{% from 'parts/cards.html' import card as c %}{% for one in page.latest %}{{ c(one) }}{% endfor %}",
        "{% import 'parts/cards.html' as parts %}{{ parts.card(page.latest[0]) }}",
        "{% include 'shared/footer.html' %}",
        "{{ page.title.upper() }} {{ site.sections|map(attribute='title')|join }} {{ range(3)|list }}",
        "{% macro m(c, x=1) %}{{ c }}{{ caller() }}{% endmacro %}{% call m(1) %}x{% endcall %}",
        "{% with y = page.title %}{{ y.anything }}{% endwith %}",
    ],
)
@pytest.mark.slow
def test_what_is_right_is_not_found_fault_with(tmp_path: Path, source: str) -> None:
    assert mine(tmp_path, {"templates/404.html": source}) == []


def test_a_block_that_is_replaced_need_not_fit(tmp_path: Path) -> None:
    base = "{% block a %}{{ page.canonical }}{% endblock %}{% block b %}{% endblock %}"
    assert mine(tmp_path, {"templates/plain.html": base, "templates/404.html": "{% extends 'plain.html' %}"}) == [
        ("templates/plain.html:1:22", 'NotFoundView has no "canonical"; it has title, latest'),
    ]
    own = "{% extends 'plain.html' %}{% block a %}{% endblock %}"
    assert mine(tmp_path, {"templates/plain.html": base, "templates/404.html": own}) == []


def test_a_template_that_nothing_uses_is_found(tmp_path: Path) -> None:
    assert mine(tmp_path, {"templates/artcle.html": "x", "templates/parts/.DS_Store": ""}) == [
        ("templates/artcle.html:0:0", 'no page uses this template; did you mean "article.html"?'),
    ]


def test_a_template_that_is_not_there_is_found(tmp_path: Path) -> None:
    assert mine(tmp_path, {"templates/404.html": "{% include 'parts/crads.html' %}"}) == [
        ("templates/404.html:1:13", 'unknown template "parts/crads.html"; did you mean "parts/cards.html"?'),
    ]


def test_what_the_policy_of_a_page_stops_is_found(tmp_path: Path) -> None:
    files = {
        "static/js/x.js": "1",
        "templates/404.html": (
            "<script>1</script>\n<script src=\"{{ asset('js/x.js') }}\" defer></script>{{ inline('js/x.js') }}\n"
            '<script type="application/ld+json">{}</script><p style="color: red" data-style="x">\n'
            '{% set style = 1 %}<a href="{{ site.home }}" onclick="x()">a</a>'
        ),
    }
    stops = "does nothing: the page's policy stops what stands in the page itself"
    assert mine(tmp_path, files) == [
        ("templates/404.html:1:1", f"<script> {stops}"),
        ("templates/404.html:3:50", f'the attribute "style" {stops}'),
        ("templates/404.html:4:46", f'the attribute "onclick" {stops}'),
    ]


def test_a_block_that_the_theme_below_covers_is_found(tmp_path: Path) -> None:
    base = """{% extends "base.html" %}
{% block head %}
{{ super() }}<link rel="me" href="https://host.example/">
{% endblock %}
{% block canonical %}<link rel="canonical" href="/">{% endblock %}
{% block kind %}{% endblock %}
"""
    below = "of the theme below, which has its own there"
    # Ours show what others add to the head.
    assert mine(tmp_path, {"templates/base.html": base}) == [
        ("templates/base.html:5:10", f'the block "canonical" is not shown by 404.html {below}'),
    ]
    # What the theme itself covers is meant.
    own = '{% extends "404.html" %}{% block canonical %}{% endblock %}'
    assert mine(tmp_path, {"templates/base.html": base, "templates/404.html": own}) == []


def test_what_a_theme_adds_to_the_head_is_on_every_page(tmp_path: Path) -> None:
    added = '<link rel="me" href="https://host.example/">'
    base = '{% extends "base.html" %}{% block head %}{{ super() }}' + added + "{% endblock %}"
    build_site(write_site(tmp_path, {"themes/default/templates/base.html": base}))
    pages = [path for path in (tmp_path / "output").rglob("*.html") if path.name not in ("print.html", "download.html")]
    assert len(pages) > 5
    without = {path.name for path in pages if 'rel="me"' not in path.read_text("utf-8")}
    assert without == set()


def test_words_without_a_translation_are_found(tmp_path: Path) -> None:
    files = {
        "templates/404.html": "{{ _('Nothing') }}\n{{ ngettext('%(num)s sheep', '%(num)s sheep', 2) }}",
        "locales/sv.po": 'msgid "Nothing"\nmsgstr "Ingenting"\n',
        "locales/en.po": "",
    }
    assert mine(tmp_path, files) == [
        ("templates/404.html:2:14", '"%(num)s sheep" is not translated in themes/mine/locales/sv.po'),
    ]


@pytest.mark.slow
def test_the_command_says_what_is_wrong_and_how_it_ended(tmp_path: Path) -> None:
    assert mine(tmp_path, {}) == []
    runner = CliRunner()
    good = runner.invoke(main, ["theme", "check", "--site", str(tmp_path)])
    assert (good.exit_code, good.output) == (0, 'no problems in the theme "mine".\n')
    mine(tmp_path, {"templates/404.html": "{{ page.titel }}"})
    bad = runner.invoke(main, ["theme", "check", "mine", "--site", str(tmp_path)])
    assert bad.exit_code == 1
    assert 'themes/mine/templates/404.html:1:9: NotFoundView has no "titel"' in bad.output
    unknown = runner.invoke(main, ["theme", "check", "mein", "--site", str(tmp_path)])
    assert unknown.exit_code == 1
    assert 'unknown theme "mein"; did you mean "mine"?' in unknown.output
