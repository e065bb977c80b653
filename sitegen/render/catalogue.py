"""The words of a theme in the site's language: gettext catalogues (locales/<language>.po), read through Babel."""

from __future__ import annotations

import gettext
import hashlib
import io
from collections.abc import Iterator

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from msgspec import Struct

from sitegen.beneath import read_plain
from sitegen.bundled import bundled_themes
from sitegen.problems import Problem
from sitegen.render.theme import Layer, Theme


class Catalogue(Struct, frozen=True):
    """Words of one language, and a digest of the files that they come from; `is_empty` where there are none."""

    translations: gettext.NullTranslations
    digest: str
    is_empty: bool = False


_SAME = {"no": "nb"}
"""Codes of languages whose words stand under another code: Norwegian is written in one of two ways."""


def languages_of(theme: Theme) -> list[str]:
    """The languages that a theme has words in, sorted."""
    return sorted({path.stem for layer in _layers(theme) for path in (layer.folder / "locales").glob("*.po")})


def _layers(theme: Theme) -> Iterator[Layer]:
    base = Layer(bundled_themes() / "default", "themes/default")
    yield from dict.fromkeys((base, *reversed(theme.layers)))


def load_catalogue(theme: Theme, language: str) -> tuple[Catalogue, list[Problem]]:
    """The theme's words; `pt-BR` looks for pt_BR.po, then pt.po. Higher layers' words win.

    Below every theme lies the default one's catalogue, which has the program's own words (Home, Archive, Tags) too.
    For a word that none has the English of the templates stands.
    """
    problems: list[Problem] = []
    merged: gettext.NullTranslations = gettext.NullTranslations()
    digest = hashlib.blake2b(digest_size=16)
    tag = language.replace("-", "_")
    first = tag.partition("_")[0]
    is_empty = True
    for layer in _layers(theme):
        for name in dict.fromkeys((_SAME.get(first, first), first, tag)):
            path = layer.folder / "locales" / f"{name}.po"
            if not path.is_file():
                continue
            try:
                data = read_plain(path)
                catalogue = read_po(io.BytesIO(data), locale=name, abort_invalid=True)
            except (PoFileError, UnicodeDecodeError, ValueError) as error:
                line = getattr(error, "lineno", None)
                shown = theme.shown(path)
                problems.append(Problem(shown, (line or 0) + 1, 1, f"the catalogue is broken: {error}"))
                continue
            compiled = io.BytesIO()
            write_mo(compiled, catalogue)
            compiled.seek(0)
            translations = gettext.GNUTranslations(compiled)
            translations.add_fallback(merged)
            merged = translations
            is_empty = False
            digest.update(b"%d\n%s" % (len(data), data))
    return Catalogue(merged, digest.hexdigest(), is_empty), problems
