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


class MenuLink(Struct, frozen=True):
    """A link of the menu that is no section."""

    title: str
    url: str


class Attribute(Struct, frozen=True):
    """An attribute of an element, by its name."""

    name: str  #: its name, such as `data-site`
    value: str  #: its value


TEXT_SIZES = ("small", "large", "x-large")
DOWNLOADS = ("pdf", "epub", "html")
PAPERS = ("a4", "us-letter")
MISSING_ALT = ("problem", "warning")
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


def _groups(name: str, value: Any, most: int, examples: dict[str, str]) -> list[dict[str, Any]]:
    """A list of groups, `[[name]]` in the file, in which each of the keys of `examples` has a text; raises Fault."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        said = " and ".join(f'{key} = "..."' for key in examples)
        raise v.Fault(f'"{name}" must be a list of groups', f"write [[{name}]], then {said} below it")
    if len(value) > most:
        message = f'"{name}" has {len(value):,} entries, at most {most:,} are possible'
        raise v.Fault(message, "remove those that are not needed any more", (most,))
    for index, entry in enumerate(value):
        _check_group(name, entry, index, examples)
    return value


def _check_group(name: str, entry: dict[str, Any], index: int, examples: dict[str, str]) -> None:
    for key in entry:
        if key not in examples:
            hint = f"{' and '.join(examples)} may stand there"
            if any(setting.path == (key,) for setting in SETTINGS):
                hint = f'"{key}" belongs at the top, above every [table]'
            raise v.Fault(f'[[{name}]] has no "{key}"{did_you_mean(key, examples)}', hint, (index, key), True)
    for key, example in examples.items():
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            where: Path = (index, key) if key in entry else (index,)
            raise v.Fault(f"[[{name}]] needs a {key}", f'write for example {key} = "{example}" below it', where)


def _at(where: Path, check: v.Check, name: str, value: Any) -> Any:
    """A value in a group, checked; a fault stands at its own place."""
    try:
        return check(name, value)
    except v.Fault as fault:
        raise v.Fault(fault.message, fault.hint, where) from None


def _sections(name: str, value: Any) -> tuple[Section, ...]:
    if value == []:
        raise v.Fault(f'"{name}" is empty', 'add [[sections]], then slug = "news" and title = "News"')
    sections: dict[str, Section] = {}
    for index, entry in enumerate(_groups(name, value, _MOST_SECTIONS, {"slug": "news", "title": "News"})):
        slug, title = entry["slug"], _at((index, "title"), v.checked_text, "title", entry["title"])
        _check_slug(slug, (index, "slug"))
        if slug in v.RESERVED_SLUGS:
            hint = f"sitegen fills the folders {', '.join(v.RESERVED_SLUGS)} by itself"
            raise v.Fault(f'the slug "{slug}" is reserved', hint, (index, "slug"))
        if slug in sections:
            hint = "choose another one, or remove one of the two sections"
            raise v.Fault(f'two sections have the slug "{slug}"', hint, (index, "slug"))
        sections[slug] = Section(slug, title)
    return tuple(sections.values())


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
    entries = _groups(name, value, _MOST_TERMS, {"name": "rosé", "slug": "rose-wine"})
    for index, entry in enumerate(entries):
        _check_slug(entry["slug"], (index, "slug"))
    return tuple(
        TermSlug(_at((index, "name"), v.checked_text, "name", entry["name"]), entry["slug"])
        for index, entry in enumerate(entries)
    )


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


_MOST_LINKS = 20


def _menu(name: str, value: Any) -> tuple[MenuLink, ...]:
    entries = _groups(name, value, _MOST_LINKS, {"title": "Subscribe", "url": "https://shop.example/"})
    return tuple(
        MenuLink(
            _at((index, "title"), v.checked_text, "title", entry["title"]),
            _at((index, "url"), v.check_link, "url", entry["url"]),
        )
        for index, entry in enumerate(entries)
    )


_MENU = v.Kind(
    _menu,
    "a list of groups, each with `title` and `url`",
    {
        "type": "array",
        "maxItems": _MOST_LINKS,
        "items": {
            "type": "object",
            "properties": {"title": {"type": "string", "pattern": r"\S"}, "url": v.LINK_SCHEMA},
            "required": ["title", "url"],
            "additionalProperties": False,
        },
    },
)
_ATTRIBUTE = re.compile(r"data-[a-z0-9]+(?:-[a-z0-9]+)*")


def _attributes(name: str, value: Any) -> tuple[Attribute, ...]:
    if not isinstance(value, dict):
        raise v.Fault(f'"{name}" must be a group', f'write {name} = {{data-site = "..."}}')
    for key in value:
        if not _ATTRIBUTE.fullmatch(key):
            raise v.Fault(
                f'an attribute of the script must begin with "data-", not "{key}"',
                f'write data-{key} = "..."',
                (key,),
                True,
            )
    return tuple(Attribute(key, _at((key,), v.checked_text, key, text)) for key, text in value.items())


_ATTRIBUTES = v.Kind(
    _attributes,
    "a group of texts, whose names begin with `data-`",
    {
        "type": "object",
        "patternProperties": {f"^{_ATTRIBUTE.pattern}$": {"type": "string", "pattern": r"\S"}},
        "additionalProperties": False,
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
    Setting(("logo",), "logo", v.site_file, '"/images/logo.png"', "the paper's name as a picture, seen from content/"),
    Setting(("logo_dark",), "logo_dark", v.site_file, '"/images/logo-dark.png"', "the same for dark screens"),
    Setting(
        ("menu",),
        "menu",
        _MENU,
        '[{title = "Subscribe", url = "https://shop.example/"}]',
        "links in the menu after the sections",
    ),
    Setting(
        ("analytics", "script"),
        "analytics_script",
        v.script,
        '"https://stats.example/script.js"',
        "a script that counts readers; every page loads it, and its policy allows this host alone",
    ),
    Setting(
        ("analytics", "attributes"),
        "analytics_attributes",
        _ATTRIBUTES,
        '{data-site = "abc"}',
        "attributes of the script's element",
    ),
    Setting(
        ("analytics", "connects_to"),
        "analytics_hosts",
        v.hosts,
        '["https://api.stats.example"]',
        "other hosts that the script sends to",
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
    Setting(
        ("pictures", "missing_alt"),
        "missing_alt",
        v.one_of(MISSING_ALT),
        '"problem"',
        "what a picture without a description is: a problem, which stops the build, or a warning",
    ),
)
