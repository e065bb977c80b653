"""What is wrong with a theme, found without a site: templates that nothing uses, fields that no view has, words that a
language lacks.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
from babel.messages.extract import extract
from babel.messages.pofile import PoFileError, read_po
from msgspec import Struct

from sitegen.beneath import read_plain
from sitegen.plan.documents import DocumentView
from sitegen.plan.pages import VIEWS
from sitegen.plan.variants import PARTS, VARIANTS, Variant
from sitegen.plan.views import ArticleView, SharedView, SiteView, Toolbar
from sitegen.problems import Problem, as_warning, did_you_mean, in_order, problem_at, said_at
from sitegen.render.fieldcheck import ANY, FieldCheck, Parsed
from sitegen.render.renderer import PAGE_TEMPLATES, SHARED_TEMPLATES
from sitegen.render.seams import Shared
from sitegen.render.slips import in_line
from sitegen.render.templates import (
    DOCUMENT_TEMPLATES,
    EXTENSIONS,
    LayerEnvironment,
    LayerLoader,
    NotText,
    Templates,
    read_templates,
)
from sitegen.render.theme import Layer, Theme

_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
_FUNCTIONS = ("asset", "inline", "lang", "srcset", "range", "dict", "namespace")
_ENGLISH = "en"


def known_to(template: str) -> dict[str, Any]:
    """The names that a template knows besides those that all know, each with its kind: docs/themes.md has them too."""
    for variant in VARIANTS:
        if variant.template == template and not variant.document:
            known: dict[str, Any] = {"page": ArticleView, "variant": Variant, **dict.fromkeys(variant.parts, ANY)}
            return known if variant.standalone else {**known, "toolbar": Toolbar, "shared": Shared}
    if template in PARTS.values():
        return {"page": ArticleView}
    if template in VIEWS:
        return {"page": VIEWS[template], "shared": Shared}
    if template in DOCUMENT_TEMPLATES:
        return {"page": DocumentView, "content": ANY, "lead": ANY}
    return {"shared": SharedView, "section": ANY}


def check_theme(theme: Theme, environment: LayerEnvironment) -> list[Problem]:
    """Everything that is wrong with a theme, in order; what only does no good is a warning."""
    needed = (*PAGE_TEMPLATES, *SHARED_TEMPLATES, *DOCUMENT_TEMPLATES)
    templates, problems = read_templates(theme, environment, needed)
    if not problems:
        problems = _judged(theme, environment, needed)
    own = [layer for layer in theme.layers if layer.shown == theme.layers[0].shown]
    problems += _unused(theme, own, templates)
    problems += _untranslated(theme, own, templates)
    problems += _stopped(theme, templates)
    return in_order(problems)


_INTO_A_FILE = "put it into a file in static/; write {{ inline('js/x.js') }}, or <script src> or <link> with asset()"
_INSIDE = re.compile(
    r"<script(?![^<>]*\s(?:src|type)\s*=)[^<>]*>|<style\b[^<>]*>|"
    r"<[a-z](?:[^<>{}]|\{\{[^{}]*\}\})*?\s(?P<attribute>style|on[a-z]{3,20})\s*=\s*[\"']",
    re.IGNORECASE,
)


def _stopped(theme: Theme, templates: Templates) -> Iterator[Problem]:
    """Scripts and styles that the page's own policy stops, in pages that tell it."""
    for name, shown, source in _sources(theme, templates):
        if name in DOCUMENT_TEMPLATES:
            continue
        for found in _INSIDE.finditer(source):
            what = f'the attribute "{found["attribute"]}"' if found["attribute"] else found[0]
            message = f"{what} does nothing: the page's policy stops what stands in the page itself"
            place = found.start("attribute") if found["attribute"] else found.start()
            yield as_warning(problem_at(shown, source, place, message, _INTO_A_FILE))


def _sources(theme: Theme, templates: Templates) -> Iterator[tuple[str, str, str]]:
    """Every template that can be read: its name, its path as it is shown, and its text."""
    for name in templates.reach:
        try:
            source, file, _ = LayerLoader(theme).get_source(jinja2.Environment(), name)
        except (jinja2.TemplateNotFound, NotText):
            continue
        yield name, theme.whole.shown(Path(file or "")), source


def _judged(theme: Theme, environment: LayerEnvironment, needed: tuple[str, ...]) -> list[Problem]:
    """Fields that are not there, and blocks of the theme itself that a theme below it puts others in the place of."""
    loader, kept = LayerLoader(theme), dict[str, Parsed | None]()
    reader = jinja2.Environment(extensions=EXTENSIONS, trim_blocks=True, lstrip_blocks=True)

    def parsed(template: str, parent: str) -> tuple[str, Parsed] | None:
        name = environment.join_path(template, parent) if template != parent else template
        if name not in kept:
            try:
                source, file, _ = loader.get_source(environment, name)
                kept[name] = theme.whole.shown(Path(file or "")), source, reader.parse(source)
            except (jinja2.TemplateError, NotText):
                kept[name] = None
        found = kept[name]
        return None if found is None else (name, found)

    check = FieldCheck(parsed, {"site": SiteView, **dict.fromkeys(_FUNCTIONS, ANY)})
    for template in needed:
        check.follow(template, known_to(template))
    return [*check.problems, *_hidden(check, theme.layers[0].folder / "templates")]


def _hidden(check: FieldCheck, own: Path) -> Iterator[Problem]:
    """Blocks in the folder `own` that templates of the themes below put others in the place of."""
    for (block, name, place), covering in check.hidden.items():
        others = sorted({other.partition("|")[0] for other in covering if not (own / other).is_file()})
        if (own / name).is_file() and others:
            names = ", ".join(others)
            message = f'the block "{block}" is not shown by {names} of the theme below, which has its own there'
            yield as_warning(said_at(place, message, f"write it in {others[0]} of this theme too, or in another block"))


def _unused(theme: Theme, own: list[Layer], templates: Templates) -> Iterator[Problem]:
    """Templates of the theme itself that no page reaches."""
    known = [name for name in templates.reach if "|" not in name]
    for layer in own:
        folder = layer.folder / "templates"
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not path.name.startswith(".") and theme.shown(path) not in templates.digests:
                message = f"no page uses this template{did_you_mean(name, known)}"
                yield Problem(theme.shown(path), 0, 0, message, "rename or remove it", warning=True)


class _Word(Struct, frozen=True):
    """A text that is translated, with the place where it stands first."""

    text: str
    place: Problem


def _untranslated(theme: Theme, own: list[Layer], templates: Templates) -> Iterator[Problem]:
    """Words of the templates that a language of the theme has no translation for."""
    words = list(_words(theme, templates))
    for language in sorted({path.stem for layer in own for path in (layer.folder / "locales").glob("*.po")}):
        if language.partition("_")[0] == _ENGLISH:
            continue
        there = {word for layer in theme.whole.layers for word in _translated(layer.folder, language)}
        for word in words:
            if word.text not in there:
                file = f"{theme.layers[0].shown}/locales/{language}.po"
                said = f'"{word.text}" is not translated in {file}'
                hint = f'add to it: msgid "{word.text}", and msgstr with the translation'
                yield as_warning(said_at(word.place, said, hint))


def _translated(folder: Path, language: str) -> Iterator[str]:
    """The texts that a layer translates into a language."""
    for name in dict.fromkeys((language.partition("_")[0], language)):
        try:
            catalogue = read_po(io.BytesIO(read_plain(folder / "locales" / f"{name}.po")), locale=name)
        except (OSError, PoFileError, ValueError):
            continue
        for message in catalogue:
            said = message.string if isinstance(message.string, tuple | list) else (message.string,)
            if message.id and all(said):
                yield message.id if isinstance(message.id, str) else message.id[0]


def _words(theme: Theme, templates: Templates) -> Iterator[_Word]:
    seen: set[str] = set()
    options = {"extensions": ",".join(EXTENSIONS), "trimmed": "true", "silent": "true"}
    for _, shown, source in _sources(theme, templates):
        for line, text, _, _ in extract("jinja2", io.BytesIO(source.encode()), _KEYWORDS, (), options):
            word = text if isinstance(text, str) else text[0]
            if word not in seen:
                seen.add(word)
                yield _Word(word, in_line(shown, source, line, word))
