"""The settings of sitegen.toml: one ordered table, and the kinds of their values.

Checks, hints, docs/content.md and the JSON Schema all come from this table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from msgspec import Struct

from sitegen.language import known_language
from sitegen.problems import did_you_mean
from sitegen.text import CONTROL, as_line, without_invisible
from sitegen.tomldoc import Path


class Section(Struct, frozen=True):
    """A department of the paper, with the first part of its articles' addresses."""

    slug: str
    title: str


TEXT_SIZES = ("small", "large", "x-large")
DOWNLOADS = ("pdf", "epub", "html")
PAPERS = ("a4", "us-letter")
MEGAPIXELS = 50
"""So many million pixels a picture may have, where the settings say nothing else."""
MOST_MEGAPIXELS = 150
"""The most that they may allow; beyond 178 million Pillow refuses by itself."""


class Fault(Exception):
    """Why a value cannot be used; without a hint the setting's example is shown.

    `inside` is the path below the setting where the fault stands: at the value, or at its key.
    """

    def __init__(self, message: str, hint: str = "", inside: Path = (), at_key: bool = False) -> None:
        super().__init__(message)
        self.message, self.hint, self.inside, self.at_key = message, hint, inside, at_key


Check = Callable[[str, Any], Any]


class Kind(Struct, frozen=True):
    """A kind of values: what checks one (and raises Fault), what it is called, and its JSON Schema."""

    check: Check
    shape: str
    schema: dict[str, Any]


class Setting(Struct, frozen=True):
    """One setting: its path in the file, the kind of its value, an example (TOML) and what it is for.

    `attribute` is its name in SiteConfig.
    """

    path: tuple[str, ...]
    attribute: str
    kind: Kind
    example: str
    explained: str
    required: bool = False


# --- kinds of values ---------------------------------------------------------------------------------------


_MOST_SIGNS = 2_000


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Fault(f'"{name}" must be a text in quotes', f'write {name} = "..."')
    if CONTROL.search(value):
        raise Fault(f'"{name}" holds an invisible control character', r"remove the escape that makes it (\u...)")
    text, invisible = without_invisible(value)
    if invisible:
        raise Fault(f'"{name}" holds an invisible sign ({invisible})', "type the text anew instead of pasting it")
    if len(text) > _MOST_SIGNS:
        raise Fault(f'"{name}" has {len(text):,} signs; at most {_MOST_SIGNS:,} are shown', "shorten it")
    return as_line(text)


def _filled(name: str, value: Any) -> str:
    text = _text(name, value)
    if not text:
        raise Fault(f'"{name}" is empty')
    return text


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Fault(f'"{name}" must be true or false', f"write {name} = true")
    return value


def _number(least: int, most: int) -> Kind:
    def check(name: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Fault(f'"{name}" must be a whole number from {least} to {most}')
        return value

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Kind(check, f"a whole number from {least} to {most}", schema)


_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9a-fA-F:]+\](?::[0-9]{1,5})?")
_URL_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")


def check_base_url(name: str, value: Any) -> str:
    """The site's own address, normalised to end in `/`; raises Fault."""
    url = _text(name, value)
    hint = 'write the address of the front page, for example "https://host.example/" or with a folder'
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Fault(f'"{name}" is no web address: "{url}"', hint) from None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
        raise Fault(f'"{name}" must be a full web address with https://, not "{url}"', hint)
    if "?" in url or "#" in url or not _URL_PATH.fullmatch(parts.path):
        raise Fault(f'"{name}" may have a path of letters, digits, ., _, ~ and - only: "{url}"', hint)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"


def _language(name: str, value: Any) -> str:
    tag = _filled(name, value)
    if not known_language(tag):
        raise Fault(f'"{name}" is no language code: "{tag}"', 'write for example "en", "fr", "sv" or "pt-BR"')
    return tag


def _timezone(name: str, value: Any) -> str:
    zone = _filled(name, value)
    known = available_timezones()
    if zone not in known:
        mend = did_you_mean(zone, known)
        raise Fault(f'unknown timezone "{zone}"{mend}', 'write for example "Europe/Stockholm" or "UTC"')
    return zone


_THEME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def check_theme_name(name: str, value: Any) -> str:
    """A theme's folder name; raises Fault."""
    theme = _filled(name, value)
    if not _THEME.fullmatch(theme):
        raise Fault(f'"{name}" must be the name of a folder in themes/, not "{theme}"')
    return theme


_PARTS = ("section", "year", "month", "day", "slug")
_PLAIN = re.compile(r"[a-z0-9-]*")


def _permalink(name: str, value: Any) -> str:
    pattern = _filled(name, value)
    example = f'write for example {name} = "/{{section}}/{{year}}/{{month}}/{{slug}}/"'
    if not pattern.startswith("/") or not pattern.endswith("/") or "//" in pattern:
        raise Fault(f'"{name}" must start and end with one /', example)
    for part in re.findall(r"\{([^{}]*)\}", pattern):
        if part not in _PARTS:
            known = ", ".join(f"{{{part}}}" for part in _PARTS)
            mend = did_you_mean(part, _PARTS)
            raise Fault(f'"{name}" holds an unknown part "{{{part}}}"{mend}', f"the parts are {known}")
    if not _PLAIN.fullmatch(re.sub(r"\{[a-z]+\}|/", "", pattern)):
        raise Fault(f'"{name}" may hold lower-case letters, digits and hyphens besides its parts', example)
    if "{slug}" not in pattern:
        raise Fault(f'"{name}" needs {{slug}}: articles of one month would share one address', example)
    if pattern.split("/")[1] in RESERVED_SLUGS:
        raise Fault(f'"{name}" starts with "/{pattern.split("/")[1]}/", which sitegen fills by itself', example)
    return pattern


def _choice(known: tuple[str, ...]) -> Kind:
    def check(name: str, value: Any) -> tuple[str, ...]:
        shown = ", ".join(f'"{word}"' for word in known)
        if not isinstance(value, list):
            raise Fault(f'"{name}" must be a list', f"write {name} = [{shown}]")
        for index, word in enumerate(value):
            if not isinstance(word, str) or word not in known:
                mend = did_you_mean(word, known) if isinstance(word, str) else ""
                raise Fault(f'"{name}" knows no "{word}"{mend}', f"it may hold {shown}", (index,))
        return tuple(word for word in known if word in value)

    schema = {"type": "array", "items": {"enum": list(known)}}
    return Kind(check, f"a list of {', '.join(f'`{word}`' for word in known)}", schema)


def _one_of(known: tuple[str, ...]) -> Kind:
    def check(name: str, value: Any) -> str:
        if value not in known:
            mend = did_you_mean(value, known) if isinstance(value, str) else ""
            said = " or ".join(f'"{word}"' for word in known)
            raise Fault(f'"{name}" must be {said}{mend}', f'write {name} = "{known[0]}"')
        return str(value)

    return Kind(check, " or ".join(f"`{word}`" for word in known), {"enum": list(known)})


_RECENT = re.compile(r"recent:([1-9]\d{0,6})")


def _newest(spoken: tuple[str, ...]) -> Kind:
    """How many of the newest articles are meant: None for all of them."""

    def check(name: str, value: Any) -> int | None:
        found = _RECENT.fullmatch(value) if isinstance(value, str) else None
        if found:
            return int(found[1])
        if value not in spoken:
            said = ", ".join(f'"{word}"' for word in (*spoken, "recent:500"))
            raise Fault(f'"{name}" says how many of the newest articles are meant', f"write one of {said}")
        return None if value == "all" else 0

    shape = ", ".join(f"`{word}`" for word in spoken) + " or `recent:` and a number"
    pattern = "|".join((*spoken, _RECENT.pattern))
    return Kind(check, shape, {"type": "string", "pattern": f"^(?:{pattern})$"})


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED_SLUGS = ("archive", "assets", "brands", "jobs", "media", "page", "people", "tags")
"""Top-level folders of the site that belong to no section."""


_MOST_SECTIONS = 100
"""Every page's menu lists all of them."""


def _sections(name: str, value: Any) -> tuple[Section, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Fault(
            f'"{name}" must be a list of groups', 'write [[sections]], then slug = "..." and title = "..." below it'
        )
    if not value:
        raise Fault(f'"{name}" is empty', 'add [[sections]], then slug = "news" and title = "News"')
    if len(value) > _MOST_SECTIONS:
        message = f'"{name}" has {len(value):,} entries, at most {_MOST_SECTIONS} are possible'
        raise Fault(message, "merge some of them", (_MOST_SECTIONS,))
    sections: dict[str, Section] = {}
    for index, entry in enumerate(value):
        section = _section(entry, index)
        if section.slug in sections:
            hint = "choose another one, or remove one of the two sections"
            raise Fault(f'two sections have the slug "{section.slug}"', hint, (index, "slug"))
        sections[section.slug] = section
    return tuple(sections.values())


def _section(entry: dict[str, Any], index: int) -> Section:
    for key in entry:
        if key not in ("slug", "title"):
            mend = did_you_mean(key, ("slug", "title"))
            hint = "a section has slug and title"
            if any(setting.path == (key,) for setting in SETTINGS):
                hint = f'"{key}" belongs at the top, above every [table]'
            raise Fault(f'a section has no "{key}"{mend}', hint, (index, key), True)
    for key in ("slug", "title"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            where: Path = (index, key) if key in entry else (index,)
            example = "news" if key == "slug" else "News"
            raise Fault(f"a section needs a {key}", f'write for example {key} = "{example}" below [[sections]]', where)
    slug = entry["slug"]
    try:
        title = _filled("title", entry["title"])
    except Fault as fault:
        raise Fault(fault.message, fault.hint, (index, "title")) from None
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        from sitegen.slugs import slugify

        mend = slugify(slug)[:60].strip("-")
        hint = f'write slug = "{mend}"' if mend else "use lower-case letters a-z, digits and hyphens"
        raise Fault(f'"{slug}" cannot be a part of an address', hint, (index, "slug"))
    if slug in RESERVED_SLUGS:
        hint = f"sitegen fills the folders {', '.join(RESERVED_SLUGS)} by itself"
        raise Fault(f'the slug "{slug}" is reserved', hint, (index, "slug"))
    return Section(slug, title)


_SLUG_SCHEMA = {"type": "string", "pattern": f"^{_SLUG.pattern}$", "maxLength": 60}
_FILLED = Kind(_filled, "a text", {"type": "string", "pattern": r"\S"})
_TEXT = Kind(_text, "a text", {"type": "string"})
_FLAG = Kind(_flag, "true or false", {"type": "boolean"})
_BASE_URL = Kind(check_base_url, "a web address", {"type": "string", "pattern": r"^\s*https?://[^/?#\s]+[^?#\s]*\s*$"})
_LANGUAGE = Kind(_language, "a language code", {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"})
_TIMEZONE = Kind(_timezone, "a name of the time zone database", {"type": "string", "pattern": r"\S"})
_THEME_NAME = Kind(check_theme_name, "a folder's name", {"type": "string", "pattern": f"^{_THEME.pattern}$"})
_PATTERN = Kind(
    _permalink,
    "a pattern of `{section}`, `{year}`, `{month}`, `{day}` and `{slug}`",
    {"type": "string", "pattern": r"^/.*\{slug\}.*/$"},
)
_SECTIONS = Kind(
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


SETTINGS: tuple[Setting, ...] = (
    Setting(("title",), "title", _FILLED, '"Heddle"', "the site's name", required=True),
    Setting(
        ("base_url",),
        "base_url",
        _BASE_URL,
        '"https://host.example/"',
        "the front page's full address; a path is honoured everywhere",
        required=True,
    ),
    Setting(("language",), "language", _LANGUAGE, '"en"', "language of the pages (BCP 47)"),
    Setting(("timezone",), "timezone", _TIMEZONE, '"Europe/Stockholm"', "whose clock dates speak of"),
    Setting(("description",), "description", _TEXT, '"News of the trade"', "one sentence for search engines"),
    Setting(("copyright",), "copyright", _TEXT, '"© 2026 Heddle"', "the line below every article"),
    Setting(("theme",), "theme", _THEME_NAME, '"default"', "a folder in themes/, or a bundled theme"),
    Setting(
        ("permalink",),
        "permalink",
        _PATTERN,
        '"/{section}/{year}/{month}/{slug}/"',
        "an article's address; {day} is known too",
    ),
    Setting(("page_size",), "page_size", _number(1, 1000), "20", "articles on a page of a listing"),
    Setting(
        ("sections",),
        "sections",
        _SECTIONS,
        '[{slug = "news", title = "News"}]',
        "the departments, in the order of the menu",
        required=True,
    ),
    Setting(("jobs", "sidebar_count"), "jobs_sidebar_count", _number(0, 100), "8", "job ads beside an article"),
    Setting(("variants", "print"), "print", _FLAG, "true", "whether articles have a print.html"),
    Setting(
        ("variants", "text_sizes"),
        "text_sizes",
        _choice(TEXT_SIZES),
        '["small", "large", "x-large"]',
        "text sizes beside the normal one",
    ),
    Setting(
        ("variants", "for"),
        "variants_for",
        _newest(("all",)),
        '"recent:2000"',
        "which articles have these: all, or the newest so many",
    ),
    Setting(("downloads", "formats"), "downloads", _choice(DOWNLOADS), '["pdf", "epub"]', "files for keeping"),
    Setting(
        ("downloads", "for"),
        "downloads_for",
        _newest(("all", "none")),
        '"recent:500"',
        "which articles have these: all, the newest so many, or none",
    ),
    Setting(("downloads", "paper"), "paper", _one_of(PAPERS), '"a4"', "the size of the PDF's pages"),
    Setting(("downloads", "columns"), "columns", _number(1, 2), "1", "columns of text in the PDF"),
    Setting(
        ("reading", "words_per_minute"),
        "words_per_minute",
        _number(50, 1000),
        "238",
        "reading speed; the language's norm where it is left out",
    ),
    Setting(
        ("markdown", "smart_quotes"),
        "smart_quotes",
        _FLAG,
        "true",
        "whether straight quotation marks in texts become those of the text's language",
    ),
    Setting(
        ("pictures", "max_megapixels"),
        "max_megapixels",
        _number(1, MOST_MEGAPIXELS),
        str(MEGAPIXELS),
        "million pixels that a picture may have; each million takes up to 16 megabytes of memory",
    ),
)
