"""The kinds of values that settings have: what checks each, and how it is called."""

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

RESERVED_SLUGS = ("archive", "assets", "brands", "jobs", "media", "page", "people", "tags")
"""Top-level folders of the site that belong to no section."""


class Fault(Exception):
    """Why a value cannot be used; without a hint the setting's example is shown.

    `inside` is the path below the setting where the fault stands: at the value, or at its key.
    """

    def __init__(self, message: str, hint: str = "", inside: Path = (), at_key: bool = False) -> None:
        super().__init__(message)
        self.message, self.hint, self.inside, self.at_key = message, hint, inside, at_key


Check = Callable[[str, Any], Any]


class Kind(Struct, frozen=True):
    """A kind of values: what checks one (and raises Fault), what it is called, and its JSON Schema.

    What `is_prose` is a text that readers see.
    """

    check: Check
    shape: str
    schema: dict[str, Any]
    is_prose: bool = False


_MOST_SIGNS = 2_000


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Fault(f'"{name}" must be a text in quotes', f'write {name} = "..."')
    if CONTROL.search(value):
        raise Fault(f'"{name}" holds an invisible control character', r"remove the escape that makes it (\u...)")
    text, invisible = without_invisible(value)
    if invisible:
        raise Fault(f'"{name}" contains an invisible character ({invisible})', "retype the text instead of pasting it")
    if len(text) > _MOST_SIGNS:
        raise Fault(f'"{name}" has {len(text):,} signs; at most {_MOST_SIGNS:,} are shown', "shorten it")
    return as_line(text)


def checked_text(name: str, value: Any) -> str:
    text = _text(name, value)
    if not text:
        raise Fault(f'"{name}" is empty')
    return text


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Fault(f'"{name}" must be true or false', f"write {name} = true")
    return value


def number(least: int, most: int) -> Kind:
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
    tag = checked_text(name, value)
    if not known_language(tag):
        raise Fault(f'"{name}" is no language code: "{tag}"', 'write for example "en", "fr", "sv" or "pt-BR"')
    return tag


def _timezone(name: str, value: Any) -> str:
    zone = checked_text(name, value)
    known = available_timezones()
    if zone not in known:
        mend = did_you_mean(zone, known)
        raise Fault(f'unknown timezone "{zone}"{mend}', 'write for example "Europe/Stockholm" or "UTC"')
    return zone


_THEME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def check_theme_name(name: str, value: Any) -> str:
    """A theme's folder name; raises Fault."""
    theme = checked_text(name, value)
    if not _THEME.fullmatch(theme):
        raise Fault(f'"{name}" must be the name of a folder in themes/, not "{theme}"')
    return theme


_PARTS = ("section", "year", "month", "day", "slug")
_PLAIN = re.compile(r"[a-z0-9-]*")


def _permalink(name: str, value: Any) -> str:
    pattern = checked_text(name, value)
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


def some_of(known: tuple[str, ...]) -> Kind:
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


def one_of(known: tuple[str, ...]) -> Kind:
    def check(name: str, value: Any) -> str:
        if value not in known:
            mend = did_you_mean(value, known) if isinstance(value, str) else ""
            said = " or ".join(f'"{word}"' for word in known)
            raise Fault(f'"{name}" must be {said}{mend}', f'write {name} = "{known[0]}"')
        return str(value)

    return Kind(check, " or ".join(f"`{word}`" for word in known), {"enum": list(known)})


_RECENT = re.compile(r"recent:([1-9]\d{0,6})")


def newest(spoken: tuple[str, ...]) -> Kind:
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


_LINK = re.compile(r"(?:https?://[^\s<>\"\\/]+|mailto:[^\s<>\"\\@]+@|/(?!/))[^\s<>\"\\]*")
LINK_SCHEMA = {"type": "string", "pattern": r"^(https?://|mailto:|/)\S*$"}


def check_link(name: str, value: Any) -> str:
    """An address with http, https or mailto, or one inside the site that starts with `/`; raises Fault."""
    url = checked_text(name, value)
    if not _LINK.fullmatch(url):
        hint = f'write {name} = "https://host.example/", or {name} = "/jobs/" for a page of the site'
        raise Fault(f'"{name}" must be a web address, not "{url}"', hint)
    return url


def _site_file(name: str, value: Any) -> str:
    path = checked_text(name, value)
    if not path.startswith("/") or path.startswith("//"):
        raise Fault(f'"{name}" must be a file in content/, as seen from there', f'write {name} = "/images/logo.png"')
    return path


_ORIGIN = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?")


def _script(name: str, value: Any) -> str:
    url = check_link(name, value)
    if not _ORIGIN.match(url) or "'" in url or ";" in url or "," in url:
        raise Fault(f'"{name}" must be a full address with https://, not "{url}"')
    return url


def _hosts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Fault(f'"{name}" must be a list', f'write {name} = ["https://api.stats.example"]')
    for index, host in enumerate(value):
        if not isinstance(host, str) or not _ORIGIN.fullmatch(host):
            raise Fault(f'"{host}" is no host with https://', 'write for example "https://api.stats.example"', (index,))
    return tuple(dict.fromkeys(value))


filled_text = Kind(checked_text, "a text", {"type": "string", "pattern": r"\S"}, is_prose=True)
text = Kind(_text, "a text", {"type": "string"}, is_prose=True)
flag = Kind(_flag, "true or false", {"type": "boolean"})
base_url = Kind(check_base_url, "a web address", {"type": "string", "pattern": r"^\s*https?://[^/?#\s]+[^?#\s]*\s*$"})
language = Kind(_language, "a language code", {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"})
timezone = Kind(_timezone, "a name of the time zone database", {"type": "string", "pattern": r"\S"})
theme_name = Kind(check_theme_name, "a folder's name", {"type": "string", "pattern": f"^{_THEME.pattern}$"})
permalink = Kind(
    _permalink,
    "a pattern of `{section}`, `{year}`, `{month}`, `{day}` and `{slug}`",
    {"type": "string", "pattern": r"^/.*\{slug\}.*/$"},
)
site_file = Kind(_site_file, "a file's path from content/ on", {"type": "string", "pattern": "^/[^/]"})
script = Kind(_script, "a full web address", {"type": "string", "pattern": "^https://"})
hosts = Kind(
    _hosts,
    "a list of hosts with `https://`",
    {"type": "array", "items": {"type": "string", "pattern": f"^{_ORIGIN.pattern}$"}},
)
