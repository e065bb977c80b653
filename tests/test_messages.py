"""The words of the themes: every text is translated, and every translation fits its text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from babel.messages import Message

from sitegen.bundled import bundled_themes
from sitegen.render.templates import EXTENSIONS
from tests.site import CONFIG, build_site, write_site
from tools import messages

CATALOGUES = sorted(messages.LOCALES.glob("*.po"))
COMPLETE = tuple(path.stem for path in CATALOGUES)
TEMPLATES = sorted(bundled_themes().rglob("*.html"))
SAID = ("alt", "aria-label", "content", "placeholder", "title")
"""Attributes whose text people read."""
MACHINE = ("viewport", "text-scale", "robots", "color-scheme", "theme-color", "og:type")
"""Kinds of <meta> that speak to programs."""
CLASSES = re.compile(r"{% block (?:kind|root_attributes) %}.*?{% endblock %}")
"""Blocks that hold no text but attributes."""
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_holds_exactly_the_texts_there_are(path: Path) -> None:
    assert path.read_text("utf-8") == messages.written(messages.updated(path)), "run: make messages"


def test_the_template_of_all_catalogues_is_current() -> None:
    pot = messages.LOCALES / "messages.pot"
    assert pot.read_text("utf-8") == messages.written(messages.template()), "run: make messages"
    assert {"Home", "Very large text", "Skip to the text"} <= {str(message.id) for message in messages.template()}


@pytest.mark.parametrize("language", COMPLETE)
def test_no_text_is_left_untranslated(language: str) -> None:
    catalogue = messages.read(messages.LOCALES / f"{language}.po")
    assert [message.id for message in catalogue if message.id and not all(strings(message))] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_has_the_placeholders_of_its_text(path: Path) -> None:
    for message in messages.read(path):
        ids = message.id if isinstance(message.id, list | tuple) else [message.id]
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        for string in filter(None, strings(message)):
            assert set(PLACEHOLDER.findall(string)) == wanted or not message.id, message.id


class Words(HTMLParser):
    """The texts and spoken attributes of a template that Jinja prints as they stand."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        machine = "http-equiv" in given or given.get("name") in MACHINE or given.get("property") in MACHINE
        self.found += [value for name, value in attrs if name in SAID and value and not machine]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def bare_words(source: str) -> list[str]:
    """Words in a template that no catalogue can translate."""
    source = CLASSES.sub("", source)
    environment = jinja2.Environment(extensions=EXTENSIONS)
    printed = "".join(
        value if kind == "data" else "0" if kind in ("variable_begin", "block_begin") else ""
        for _, kind, value in environment.lex(source)
    )
    return [text.strip() for text in Words(printed).found if re.search(r"[^\W\d_]{2}", text)]


def test_a_bare_word_in_a_template_is_found() -> None:
    assert bare_words(
        '<p title="Hello">{{ x }} by {# no #}{{ _("yes") }}</p><meta name="robots" content="noindex">'
    ) == [
        "Hello",
        "0 by 0",
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(bundled_themes())))
def test_no_template_has_words_of_its_own(path: Path) -> None:
    assert bare_words(path.read_text("utf-8")) == []


def test_a_theme_with_few_words_of_its_own_keeps_the_others(tmp_path: Path) -> None:
    own = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n\nmsgid "Archive"\nmsgstr "Gömmorna"\n'
    files = {
        "sitegen.toml": 'language = "sv-FI"\ntheme = "mine"\n' + CONFIG,
        "themes/mine/theme.toml": 'extends = "default"\n',
        "themes/mine/locales/sv.po": own,
        "content/pages/om.md": "---\ntitle: Om\n---\nText.\n",
    }
    build_site(write_site(tmp_path, files))
    html = (tmp_path / "output/om/index.html").read_text("utf-8")
    assert "Hoppa till texten" in html
    assert ">Gömmorna</a>" in html
    assert "Arkiv" not in html


@pytest.mark.parametrize("language", [*COMPLETE, "no", "de-AT"])
def test_a_site_speaks_its_language(tmp_path: Path, language: str) -> None:
    result = build_site(write_site(tmp_path, {"sitegen.toml": f'language = "{language}"\n{CONFIG}'}))
    assert not result.warnings
    name = {"no": "nb", "de-AT": "de"}.get(language, language)
    words = {str(one.id): str(one.string) for one in messages.read(messages.LOCALES / f"{name}.po")}
    html = (tmp_path / "output/index.html").read_text("utf-8")
    assert words["Skip to the text"] in html and words["Archive"] in html
    assert language.startswith("en") or "Skip to the text" not in html
