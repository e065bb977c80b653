"""The settings of sitegen.toml: one ordered table.

Checks, hints, docs/content.md and the JSON Schema all come from this table.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from sitegen import values as v
from sitegen.problems import did_you_mean
from sitegen.tomldoc import Path


class Section(Struct, frozen=True):
    """A department of the paper, with the first part of its articles' addresses."""

    slug: str
    title: str


class TermSlug(Struct, frozen=True):
    """The last part of the address of a tag, a brand or a person, where it is not to follow from the name."""

    name: str
    slug: str


TEXT_SIZES = ("small", "large", "x-large")
DOWNLOADS = ("pdf", "epub", "html")
PAPERS = ("a4", "us-letter")
MEGAPIXELS = 50
"""So many million pixels a picture may have, where the settings say nothing else."""
MOST_MEGAPIXELS = 150
"""The most that they may allow; beyond 178 million Pillow refuses by itself."""


class Setting(Struct, frozen=True):
    """One setting: its path in the file, the kind of its value, an example (TOML) and what it is for.

    `attribute` is its name in SiteConfig.
    """

    path: tuple[str, ...]
    attribute: str
    kind: v.Kind
    example: str
    explained: str
    required: bool = False


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 60
_MOST_SECTIONS = 100
"""Every page's menu lists all of them."""


def _sections(name: str, value: Any) -> tuple[Section, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise v.Fault(
            f'"{name}" must be a list of groups', 'write [[sections]], then slug = "..." and title = "..." below it'
        )
    if not value:
        raise v.Fault(f'"{name}" is empty', 'add [[sections]], then slug = "news" and title = "News"')
    if len(value) > _MOST_SECTIONS:
        message = f'"{name}" has {len(value):,} entries, at most {_MOST_SECTIONS} are possible'
        raise v.Fault(message, "merge some of them", (_MOST_SECTIONS,))
    sections: dict[str, Section] = {}
    for index, entry in enumerate(value):
        section = _section(entry, index)
        if section.slug in sections:
            hint = "choose another one, or remove one of the two sections"
            raise v.Fault(f'two sections have the slug "{section.slug}"', hint, (index, "slug"))
        sections[section.slug] = section
    return tuple(sections.values())


def _section(entry: dict[str, Any], index: int) -> Section:
    for key in entry:
        if key not in ("slug", "title"):
            mend = did_you_mean(key, ("slug", "title"))
            hint = "a section has slug and title"
            if any(setting.path == (key,) for setting in SETTINGS):
                hint = f'"{key}" belongs at the top, above every [table]'
            raise v.Fault(f'a section has no "{key}"{mend}', hint, (index, key), True)
    for key in ("slug", "title"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            where: Path = (index, key) if key in entry else (index,)
            example = "news" if key == "slug" else "News"
            hint = f'write for example {key} = "{example}" below [[sections]]'
            raise v.Fault(f"a section needs a {key}", hint, where)
    slug = entry["slug"]
    try:
        title = v.checked_text("title", entry["title"])
    except v.Fault as fault:
        raise v.Fault(fault.message, fault.hint, (index, "title")) from None
    _check_slug(slug, (index, "slug"))
    if slug in v.RESERVED_SLUGS:
        hint = f"sitegen fills the folders {', '.join(v.RESERVED_SLUGS)} by itself"
        raise v.Fault(f'the slug "{slug}" is reserved', hint, (index, "slug"))
    return Section(slug, title)


_SLUG_SCHEMA = {"type": "string", "pattern": f"^{_SLUG.pattern}$", "maxLength": _LONGEST_SLUG}
_SECTIONS = v.Kind(
    _sections,
    "a list of groups, each with `slug` and `title`",
    {
        "type": "array",
        "minItems": 1,
        "maxItems": _MOST_SECTIONS,
        "items": {
            "type": "object",
            "properties": {"slug": _SLUG_SCHEMA, "title": {"type": "string", "pattern": r"\S"}},
            "required": ["slug", "title"],
            "additionalProperties": False,
        },
    },
)


_MOST_TERMS = 10_000


def _terms(name: str, value: Any) -> tuple[TermSlug, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise v.Fault(
            f'"{name}" must be a list of groups', 'write [[terms]], then name = "..." and slug = "..." below it'
        )
    if len(value) > _MOST_TERMS:
        message = f'"{name}" has {len(value):,} entries, at most {_MOST_TERMS:,} are possible'
        raise v.Fault(message, "remove those that are not needed any more", (_MOST_TERMS,))
    return tuple(_term(entry, index) for index, entry in enumerate(value))


def _term(entry: dict[str, Any], index: int) -> TermSlug:
    for key in entry:
        if key not in ("name", "slug"):
            mend = did_you_mean(key, ("name", "slug"))
            raise v.Fault(f'a term has no "{key}"{mend}', "a term has name and slug", (index, key), True)
    for key, example in (("name", "rosé"), ("slug", "rose-wine")):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            where: Path = (index, key) if key in entry else (index,)
            raise v.Fault(f"a term needs a {key}", f'write for example {key} = "{example}" below [[terms]]', where)
    try:
        name = v.checked_text("name", entry["name"])
    except v.Fault as fault:
        raise v.Fault(fault.message, fault.hint, (index, "name")) from None
    _check_slug(entry["slug"], (index, "slug"))
    return TermSlug(name, entry["slug"])


def _check_slug(slug: str, where: Path) -> None:
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        from sitegen.slugs import slugify

        mend = slugify(slug)[:_LONGEST_SLUG].strip("-")
        hint = f'write slug = "{mend}"' if mend else "use lower-case letters a-z, digits and hyphens"
        raise v.Fault(f'"{slug}" cannot be a part of an address', hint, where)


_TERMS = v.Kind(
    _terms,
    "a list of groups, each with `name` and `slug`",
    {
        "type": "array",
        "maxItems": _MOST_TERMS,
        "items": {
            "type": "object",
            "properties": {"name": {"type": "string", "pattern": r"\S"}, "slug": _SLUG_SCHEMA},
            "required": ["name", "slug"],
            "additionalProperties": False,
        },
    },
)


SETTINGS: tuple[Setting, ...] = (
    Setting(("title",), "title", v.filled_text, '"Heddle"', "the site's name", required=True),
    Setting(
        ("base_url",),
        "base_url",
        v.base_url,
        '"https://host.example/"',
        "the front page's full address; a path is honoured everywhere",
        required=True,
    ),
    Setting(("language",), "language", v.language, '"en"', "language of the pages (BCP 47)"),
    Setting(("timezone",), "timezone", v.timezone, '"Europe/Stockholm"', "whose clock dates speak of"),
    Setting(("description",), "description", v.text, '"News of the trade"', "one sentence for search engines"),
    Setting(("copyright",), "copyright", v.text, '"© 2026 Heddle"', "the line below every article"),
    Setting(("theme",), "theme", v.theme_name, '"default"', "a folder in themes/, or a bundled theme"),
    Setting(
        ("permalink",),
        "permalink",
        v.permalink,
        '"/{section}/{year}/{month}/{slug}/"',
        "an article's address; {day} is known too",
    ),
    Setting(("page_size",), "page_size", v.number(1, 1000), "20", "articles on a page of a listing"),
    Setting(
        ("sections",),
        "sections",
        _SECTIONS,
        '[{slug = "news", title = "News"}]',
        "the departments, in the order of the menu",
        required=True,
    ),
    Setting(
        ("terms",),
        "terms",
        _TERMS,
        '[{name = "rosé", slug = "rose-wine"}]',
        "the last part of a tag's, a brand's or a person's address, where it is not to follow from the name",
    ),
    Setting(("jobs", "sidebar_count"), "jobs_sidebar_count", v.number(0, 100), "8", "job ads beside an article"),
    Setting(("variants", "print"), "print", v.flag, "true", "whether articles have a print.html"),
    Setting(
        ("variants", "text_sizes"),
        "text_sizes",
        v.some_of(TEXT_SIZES),
        '["small", "large", "x-large"]',
        "text sizes beside the normal one",
    ),
    Setting(
        ("variants", "for"),
        "variants_for",
        v.newest(("all",)),
        '"recent:2000"',
        "which articles have these: all, or the newest so many",
    ),
    Setting(("downloads", "formats"), "downloads", v.some_of(DOWNLOADS), '["pdf", "epub"]', "files for keeping"),
    Setting(
        ("downloads", "for"),
        "downloads_for",
        v.newest(("all", "none")),
        '"recent:500"',
        "which articles have these: all, the newest so many, or none",
    ),
    Setting(("downloads", "paper"), "paper", v.one_of(PAPERS), '"a4"', "the size of the PDF's pages"),
    Setting(("downloads", "columns"), "columns", v.number(1, 2), "1", "columns of text in the PDF"),
    Setting(
        ("reading", "words_per_minute"),
        "words_per_minute",
        v.number(50, 1000),
        "238",
        "reading speed; the language's norm where it is left out",
    ),
    Setting(
        ("markdown", "smart_quotes"),
        "smart_quotes",
        v.flag,
        "true",
        "whether straight quotation marks in texts become those of the text's language",
    ),
    Setting(
        ("pictures", "max_megapixels"),
        "max_megapixels",
        v.number(1, MOST_MEGAPIXELS),
        str(MEGAPIXELS),
        "million pixels that a picture may have; each million takes up to 16 megabytes of memory",
    ),
)
