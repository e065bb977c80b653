"""What writers may set: one ordered table of fields for each kind of file.

Checks, hints, the drafts of `sitegen new`, docs/content.md and the JSON Schemas all come from these tables.
"""

from __future__ import annotations

import html
import re
from typing import Any

import yaml
from msgspec.structs import replace

from sitegen.settings import DOWNLOADS, TEXT_SIZES
from sitegen.sources import fields as f
from sitegen.sources.reader import Field, Kind, Reader, key_of


def _described(values: dict[str, Any], node: yaml.Node, reader: Reader) -> None:
    """A picture has a description, or is said to need none; then `alt` is empty."""
    if values.pop("decorative", False):
        if values.get("alt"):
            message = "a decorative picture has no description: nobody would hear it"
            reader.wrong(key_of(node, "alt"), message, "remove alt, or decorative: true")
        values["alt"] = ""
    elif not values.get("alt"):
        hint = "add for example alt: A loom by a window; or decorative: true for a picture that says nothing"
        (reader.wrong if reader.locale.needs_alt else reader.warn)(key_of(node, "alt"), '"alt" is missing', hint)
        values["alt"] = ""


_IMAGE = f.group(
    (
        Field("src", f.text, "loom.jpg", "the picture's file, seen from this file", required=True),
        Field(
            "alt",
            f.prose,
            "A loom by a window",
            "what is to be seen, for those who cannot see it; needed unless `decorative`",
        ),
        Field("decorative", f.flag, "true", "true for a picture that says nothing, which then has no alt"),
        Field("caption", f.prose, "The loom in use.", "the line below the picture"),
        Field("credit", f.prose, '"Photo: A. Name"', "who made the picture"),
        Field("focus", f.focus, "50% 20%", "the point that stays where it is cropped, from the left and from the top"),
    ),
    _described,
    shown=("alt",),
)
_SOURCE = f.group(
    (
        Field("name", f.prose, "Le Fil", "the source's name", required=True),
        Field("url", f.url, "https://example.org/a", "the article's address there"),
    )
)
_ORIGINAL = f.group(
    (
        Field("language", f.language, "fr", "the language of the other version", required=True),
        Field("url", f.url, "https://example.org/a", "its address", required=True),
        Field("note", f.prose, "Published in French on example.org.", "a sentence that points to it"),
    )
)

ARTICLE_FIELDS: tuple[Field, ...] = (
    Field("title", f.prose, "How a shirt learns to hang", "the headline", required=True),
    Field(
        "published",
        f.moment,
        "2026-10-16 08:30",
        "date, or date and time; later than now: waits",
        required=True,
    ),
    Field("section", f.text, "fabrics", "a section's slug; the folder's name where it is left out"),
    Field("updated", f.moment, "2026-10-20", "when the text was last changed for the reader"),
    Field("expires", f.moment, "2027-10-16", "the article leaves the site then; a date counts to its end"),
    Field("draft", f.flag, "true", "true keeps the article out of the site"),
    Field("slug", f.slug, "shirt-that-hangs", "the last part of the address; made from the file's name"),
    Field("aliases", f.texts, "[/old/address/]", "older addresses that lead here"),
    Field("summary", f.prose, "What the shoulder seam decides.", "one or two sentences for the listings"),
    Field("tags", f.subjects, "[cotton, tailoring]", "subjects"),
    Field("brands", f.names, "[Aldergate Mills]", "brands the article is about"),
    Field("people", f.names, "[Ines Corvalho]", "people the article is about"),
    Field("authors", f.names, "[Maud Ellery]", "who wrote it"),
    Field("translator", f.names, "Jonas Wikander", "who translated it"),
    Field("language", f.language, "en", "the article's language; the site's where it is left out"),
    Field("featured", f.flag, "true", "true lifts it on the front page"),
    Field("image", _IMAGE, "{src: loom.jpg, alt: A loom by a window}", "the lead picture"),
    Field("source", _SOURCE, "{name: Le Fil, url: https://example.org/a}", "where the mirrored article stands"),
    Field(
        "original",
        _ORIGINAL,
        "{language: fr, url: https://example.org/a}",
        "the version in another language",
    ),
    Field("copyright", f.prose, "© 2026 Le Fil", "instead of the site's own line"),
    Field("reading_minutes", f.minutes, "6", "instead of the computed reading time"),
    Field(
        "variants",
        f.choices(("print", *TEXT_SIZES)),
        "[print, large]",
        "the print page and the text sizes of this article, instead of the site's; false: none",
    ),
    Field("downloads", f.choices(DOWNLOADS), "false", "the files for keeping, instead of the site's; false: none"),
)

PAGE_FIELDS: tuple[Field, ...] = (
    Field("title", f.prose, "About us", "the page's headline", required=True),
    Field("slug", f.slug, "about", "the address; made from the file's name"),
    Field("summary", f.prose, "Who we are.", "one sentence for search engines"),
    Field("language", f.language, "en", "the page's language; the site's where it is left out"),
    Field("aliases", f.texts, "[/old/address/]", "older addresses that lead here"),
    Field("draft", f.flag, "true", "true keeps the page out of the site"),
    Field("order", f.count, "1", "its place in the footer's menu; pages without one come after, by their file's name"),
    Field("menu", f.flag, "false", "false keeps the page out of the footer's menu"),
)


_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
"""An entity with its semicolon. Browsers know some without it too, but nobody means those: `Cut&section`."""


def _plain(node: yaml.Node, name: str, reader: Reader) -> str | None:
    value = _plain_block(node, name, reader)
    return f.in_one_line(value, node, name, reader) if value else None


def _plain_block(node: yaml.Node, name: str, reader: Reader) -> str | None:
    value: str | None = f.block.read(node, name, reader)
    if not value or "&" not in value:
        return value
    return f.checked(_ENTITY.sub(lambda found: html.unescape(found[0]), value), node, name, reader)


_PLAIN = replace(f.prose, read=_plain)
_PLAIN_BLOCK = replace(f.prose_block, read=_plain_block)

JOB_FIELDS: tuple[Field, ...] = (
    Field("employer", _PLAIN, "Halden Row", "who hires", required=True),
    Field("title", _PLAIN, "Pattern Cutter", "the post", required=True),
    Field("contract", _PLAIN, "Permanent", "the kind of contract"),
    Field("location", _PLAIN, "STOCKHOLM", "the town, as the ad spells it"),
    Field("country", _PLAIN, "SE", "the country's code or name"),
    Field("url", f.url, "https://example.org/job", "where to apply"),
    Field("department", _PLAIN, "Atelier", "the department"),
    Field("description", _PLAIN_BLOCK, "What the post is about.", "some sentences"),
    Field("posted", f.moment, "2026-10-16", "since when the ad stands; later than now: waits"),
    Field("expires", f.moment, "2026-12-31", "the ad leaves the site then; a date counts to its end"),
    Field("remote", f.flag, "true", "whether the work can be done from anywhere"),
    Field("language", f.language, "en", "the ad's language; the site's where it is left out"),
)

_ADS = Kind(lambda node, name, reader: node, "a list of ads", {"type": "array", "items": f.object_schema(JOB_FIELDS)})

BOARD_FIELDS: tuple[Field, ...] = (
    Field("total", f.count, "218", "how many ads the mirrored board has"),
    Field("more", f.url, "https://example.org/jobs", "where the others stand"),
    Field("jobs", _ADS, "[]", "the list of ads"),
)

AD_FIELDS: tuple[Field, ...] = (
    Field("image", f.text, "/images/letter.png", "the picture, seen from content/", required=True),
    Field("alt", f.prose, "The weekly letter", "what is to be seen", required=True),
    Field("url", f.url, "https://example.org/", "where it leads", required=True),
    Field("label", f.prose, "Ads", "the small word above it"),
    Field("starts", f.moment, "2026-10-16", "the ad waits until then"),
    Field("expires", f.moment, "2026-12-31", "the ad leaves the site then; a date counts to its end"),
)
