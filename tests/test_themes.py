"""The bundled themes: what their style sheets must never do, and that each shows a whole site."""

from __future__ import annotations

import gzip
import posixpath
import re
from datetime import datetime
from pathlib import Path

import pytest

from sitegen.bundled import bundled_themes
from sitegen.problems import Problem
from sitegen.render.assets import JOINED, load_assets
from sitegen.render.prose import TAKEN_IDS
from sitegen.render.theme import load_theme
from tests.links import broken_links
from tests.site import CONFIG, build_site, set_theme, tree, write_files, write_site
from tests.test_golden import BUNDLED, copy_site

LATER = datetime.fromisoformat("2027-01-01T12:00:00+00:00")
"""When everything that the bundled site has is published."""
LOADS = re.compile(
    r"<(?:img|script|iframe|source|video|audio)\b[^>]*? src=\"([^\"]+)"
    r"|<link rel=\"(?:stylesheet|icon|apple-touch-icon|preload)\"[^>]*? href=\"([^\"]+)"
)
"""What a browser fetches by itself."""
THEMES = sorted(path.name for path in bundled_themes().iterdir())
SHEETS = sorted(bundled_themes().rglob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: str(path.relative_to(bundled_themes())))
def test_no_length_follows_the_window_instead_of_the_text_size(sheet: Path) -> None:
    # A headline in vw stays where it is when the reader doubles the text (WCAG 1.4.4).
    assert not re.findall(
        r"\d(?:vw|vi|vmin|vmax)\b", re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    )


def test_a_second_theme_needs_few_lines_to_look_like_another_paper() -> None:
    lines = 0
    for path in (bundled_themes() / "bobbin").rglob("*"):
        # Neither a font nor its licence was written for the theme.
        is_written = path.is_file() and path.parent.name != "fonts"
        lines += len(path.read_text("utf-8").splitlines()) if is_written else 0
    assert 100 < lines < 300


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_shows_the_bundled_site_and_loads_nothing_from_elsewhere(theme: str, tmp_path: Path) -> None:
    root = set_theme(copy_site(BUNDLED, tmp_path), theme)
    assert not build_site(root, base_url="https://host.example/paper/", now=LATER).warnings
    assert broken_links(tree(root / "output"), "https://host.example/paper/") == []
    loaded = {
        url
        for page in (root / "output").rglob("*.html")
        for found in LOADS.findall(page.read_text("utf-8"))
        for url in found
        if url
    }
    assert len(loaded) > 10
    assert all(url.startswith(("/paper/assets/", "/paper/media/", "data:")) for url in loaded)


def test_files_for_the_top_of_the_site_keep_their_names(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "themes/default/static/top/CNAME": "paper.example\n",
        "themes/default/static/top/.well-known/x.txt": "x",
        "themes/default/static/top/favicon.ico": b"own",
    }
    build_site(write_site(tmp_path, files))
    output = tree(tmp_path / "output")
    assert output["CNAME"] == b"paper.example\n"
    assert output["favicon.ico"] == b"own"
    assert output[".well-known/x.txt"] == b"x"


def test_a_theme_without_jobs_ads_or_articles_shows_empty_pages(tmp_path: Path) -> None:
    for theme in THEMES:
        root = write_site(tmp_path / theme, {"sitegen.toml": f'theme = "{theme}"\n' + CONFIG})
        (root / "content/articles/news/first.md").unlink()
        build_site(root)
        for name in ("index.html", "jobs/index.html", "jobs/towns/index.html", "archive/index.html", "404.html"):
            assert "<h1" in (root / "output" / name).read_text("utf-8")


@pytest.mark.parametrize("theme", THEMES)
def test_the_colour_around_the_page_is_one_of_the_theme(theme: str) -> None:
    folder = bundled_themes() / theme
    around = re.findall(r'name="theme-color" content="([^"]+)"', (folder / "templates/parts/icons.html").read_text())
    assert around
    assert set(around) <= set(re.findall(r"#\w+", (folder / "static/css/colours.css").read_text()))


@pytest.mark.parametrize("theme", THEMES)
def test_styles_and_scripts_are_light(theme: str) -> None:
    loaded, _ = load_theme(bundled_themes().parent / "nowhere", theme, Problem("sitegen.toml", 0, 0, ""))
    assert loaded is not None
    assets, _ = load_assets(loaded)
    assert len(gzip.compress(assets.text(JOINED).encode(), 9)) <= 15 * 1024
    scripts = b"".join(data for name, data in assets.files.items() if name.endswith(".js"))
    assert len(gzip.compress(scripts, 9)) <= 4 * 1024


def test_a_heading_never_gets_an_id_that_a_theme_uses() -> None:
    templates = [path.read_text("utf-8") for path in bundled_themes().rglob("templates/**/*.html")]
    assert {name for text in templates for name in re.findall(r'\bid="([^"{]+)"', text)} == set(TAKEN_IDS)


def test_an_address_in_a_style_leads_to_the_published_file_from_where_the_style_stands(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "themes/default/static/css/a/b.css": "x { src: url(../../img/x.png) } y { src: url(../../top/y.png) }",
        "themes/default/static/css/colours.css": "x { src: url(../img/x.png) } y { src: url('../top/y.png#z') }",
        "themes/default/static/img/x.png": b"x",
        "themes/default/static/top/y.png": b"y",
    }
    build_site(write_site(tmp_path, files))
    output = tree(tmp_path / "output")
    for sheet in ("assets/site.", "assets/css/a/b."):
        name = next(name for name in output if name.startswith(sheet))
        found = [url for url in re.findall(r'url\("([^"#]+)', output[name].decode()) if ".woff2" not in url]
        led = [output[posixpath.normpath(posixpath.join(posixpath.dirname(name), url))] for url in found]
        assert led == [b"x", b"y"]


def shown(root: Path) -> str:
    """What the theme of a site puts into its front page."""
    build_site(root)
    return (root / "output/index.html").read_text("utf-8").strip()


def test_a_text_is_translated_wherever_a_template_has_it(tmp_path: Path) -> None:
    front = """
        {{ _('Jobs') }}|{{ _('Jobs')|upper }}|{{ [_('Jobs'), _('Tags')]|join('+') }}|{{ _('100 %%') }}
        |{{ _('By %(names)s', names='<A>') }}|{% trans %}Jobs{% endtrans %}|{{ _(page.url) }}
        """
    config = 'language = "sv"\n' + CONFIG
    root = write_site(tmp_path, {"sitegen.toml": config, "themes/default/templates/front.html": front})
    assert "".join(shown(root).split()) == "Jobb|JOBB|Jobb+Ämnen|100%|Av&lt;A&gt;|Jobb|/"


@pytest.mark.parametrize(
    "own",
    [
        "{% macro gettext(word) %}own {{ word }}{% endmacro %}",
        "{% macro other(word) %}own {{ word }}{% endmacro %}{% set gettext = other %}",
        "{% from 'own.html' import other as gettext %}",
        "{% from 'own.html' import gettext %}",
    ],
)
def test_a_name_of_the_template_s_own_is_not_taken_for_the_translation(own: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "sitegen.toml": 'language = "sv"\n' + CONFIG,
        "themes/default/templates/front.html": own + "{{ gettext('Jobs') }}",
        "themes/default/templates/own.html": "{% macro other(word) %}own {{ word }}{% endmacro %}"
        "{% macro gettext(word) %}own {{ word }}{% endmacro %}",
    }
    assert shown(write_site(tmp_path, files)) == "own Jobs"


def test_a_changed_catalogue_is_seen_by_the_next_build_of_the_same_process(tmp_path: Path) -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    root = write_site(tmp_path, {"themes/default/templates/front.html": "{{ _('Jobs') }}"})
    for word in ("Work", "Posts & places", "Work"):
        write_files(root, {"themes/default/locales/en.po": f'{head}msgid "Jobs"\nmsgstr "{word}"\n'})
        assert shown(root) == word


def test_what_is_put_out_is_escaped_once(tmp_path: Path) -> None:
    front = """{{ '<b> & "q"' }}|{{ '<b>'|safe }}|{{ '<i>'|safe ~ page.url }}|{{ 3 }}|{{ none }}|{{ ['<'] }}"""
    root = write_site(tmp_path, {"themes/default/templates/front.html": front})
    assert shown(root) == "&lt;b&gt; &amp; &#34;q&#34;|<b>|<i>/|3|None|[&#39;&lt;&#39;]"
