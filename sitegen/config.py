"""sitegen.toml -> SiteConfig: loaded once and passed explicitly."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec
from msgspec import Struct

from sitegen.language import known_language
from sitegen.problems import Problem, did_you_mean, problem_at
from sitegen.tomldoc import Path, Spot, places, read_toml, spot


class Section(Struct, frozen=True):
    """A department of the paper, with the first part of its articles' addresses."""

    slug: str
    title: str


TEXT_SIZES = ("small", "large", "x-large")
DOWNLOADS = ("html",)


class SiteConfig(Struct, frozen=True, kw_only=True):
    """The site's settings. `base_url` ends in `/`; `words_per_minute` None means the language's own norm."""

    title: str
    base_url: str
    sections: tuple[Section, ...]
    language: str = "en"
    timezone: str = "UTC"
    description: str = ""
    copyright: str = ""
    theme: str = "default"
    permalink: str = "/{section}/{year}/{month}/{slug}/"
    page_size: int = 20
    jobs_sidebar_count: int = 8
    print: bool = True
    text_sizes: tuple[str, ...] = TEXT_SIZES
    downloads: tuple[str, ...] = DOWNLOADS
    words_per_minute: int | None = None
    smart_quotes: bool = True

    @property
    def base_path(self) -> str:
        """The path of `base_url`, with `/` at both ends."""
        return urlsplit(self.base_url).path or "/"

    @property
    def origin(self) -> str:
        """Scheme and host, without a slash at the end."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"


class Fault(Exception):
    """Why a value cannot be used; without a hint the setting's example is shown.

    `inside` is the path below the setting where the fault stands: at the value, or at its key.
    """

    def __init__(self, message: str, hint: str = "", inside: Path = (), at_key: bool = False) -> None:
        super().__init__(message)
        self.message, self.hint, self.inside, self.at_key = message, hint, inside, at_key


Check = Callable[[str, Any], Any]


class Setting(Struct, frozen=True):
    """One setting: its path in the file, what checks it, an example and what it is for."""

    path: tuple[str, ...]
    attribute: str
    check: Check
    example: str
    about: str
    required: bool = False


# --- kinds of values ---------------------------------------------------------------------------------------


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Fault(f'"{name}" must be a text in quotes', f'write {name} = "..."')
    return " ".join(value.split())


def _filled(name: str, value: Any) -> str:
    text = _text(name, value)
    if not text:
        raise Fault(f'"{name}" is empty')
    return text


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Fault(f'"{name}" must be true or false', f"write {name} = true")
    return value


def _number(least: int, most: int) -> Check:
    def check(name: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Fault(f'"{name}" must be a whole number from {least} to {most}')
        return value

    return check


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


def _choice(known: tuple[str, ...]) -> Check:
    def check(name: str, value: Any) -> tuple[str, ...]:
        shown = ", ".join(f'"{word}"' for word in known)
        if not isinstance(value, list):
            raise Fault(f'"{name}" must be a list', f"write {name} = [{shown}]")
        for index, word in enumerate(value):
            if not isinstance(word, str) or word not in known:
                mend = did_you_mean(word, known) if isinstance(word, str) else ""
                raise Fault(f'"{name}" knows no "{word}"{mend}', f"it may hold {shown}", (index,))
        return tuple(word for word in known if word in value)

    return check


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED_SLUGS = ("archive", "assets", "brands", "jobs", "media", "page", "people", "tags")
"""Top-level folders of the site that belong to no section."""


def _sections(name: str, value: Any) -> tuple[Section, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Fault(f'"{name}" must be a list of groups', '[[sections]], then slug = "..." and title = "..."')
    if not value:
        raise Fault(f'"{name}" is empty', 'add [[sections]], then slug = "news" and title = "News"')
    sections: dict[str, Section] = {}
    for index, entry in enumerate(value):
        section = _section(entry, index)
        if section.slug in sections:
            raise Fault(f'two sections have the slug "{section.slug}"', "", (index, "slug"))
        sections[section.slug] = section
    return tuple(sections.values())


def _section(entry: dict[str, Any], index: int) -> Section:
    for key in entry:
        if key not in ("slug", "title"):
            mend = did_you_mean(key, ("slug", "title"))
            raise Fault(f'a section has no "{key}"{mend}', "a section has slug and title", (index, key), True)
    for key in ("slug", "title"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            where: Path = (index, key) if key in entry else (index,)
            raise Fault(f'a section needs a {key}: {key} = "..."', "", where)
    slug = entry["slug"]
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        hint = "use lower-case letters a-z, digits and hyphens"
        raise Fault(f'"{slug}" cannot be a part of an address', hint, (index, "slug"))
    if slug in RESERVED_SLUGS:
        hint = f"sitegen fills the folders {', '.join(RESERVED_SLUGS)} by itself"
        raise Fault(f'the slug "{slug}" is reserved', hint, (index, "slug"))
    return Section(slug, " ".join(entry["title"].split()))


SETTINGS: tuple[Setting, ...] = (
    Setting(("title",), "title", _filled, '"Heddle"', "the site's name", required=True),
    Setting(
        ("base_url",),
        "base_url",
        check_base_url,
        '"https://host.example/"',
        "the front page's full address; a path is honoured everywhere",
        required=True,
    ),
    Setting(("language",), "language", _language, '"en"', "language of the pages (BCP 47)"),
    Setting(("timezone",), "timezone", _timezone, '"Europe/Stockholm"', "whose clock dates speak of"),
    Setting(("description",), "description", _text, '"News of the trade"', "one sentence for search engines"),
    Setting(("copyright",), "copyright", _text, '"© 2026 Heddle"', "the line below every article"),
    Setting(("theme",), "theme", check_theme_name, '"default"', "a folder in themes/, or a bundled theme"),
    Setting(
        ("permalink",),
        "permalink",
        _permalink,
        '"/{section}/{year}/{month}/{slug}/"',
        "an article's address; {day} is known too",
    ),
    Setting(("page_size",), "page_size", _number(1, 1000), "20", "articles on a page of a listing"),
    Setting(
        ("sections",),
        "sections",
        _sections,
        '[{slug = "news", title = "News"}]',
        "the departments, in the order of the menu",
        required=True,
    ),
    Setting(("jobs", "sidebar_count"), "jobs_sidebar_count", _number(0, 100), "8", "job ads beside an article"),
    Setting(("variants", "print"), "print", _flag, "true", "whether articles have a print.html"),
    Setting(
        ("variants", "text_sizes"),
        "text_sizes",
        _choice(TEXT_SIZES),
        '["small", "large", "x-large"]',
        "text sizes beside the normal one",
    ),
    Setting(("variants", "downloads"), "downloads", _choice(DOWNLOADS), '["html"]', "files for keeping"),
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
        _flag,
        "true",
        "whether straight quotation marks in texts become those of the text's language",
    ),
)


def load_config(text: str, file: str) -> tuple[SiteConfig | None, list[Problem]]:
    """The settings in a TOML text, or everything that is wrong with it. Never raises."""
    data, problems = read_toml(text, file)
    return _Reading(text, file).read(data) if data is not None else (None, problems)


def override_base_url(config: SiteConfig, url: str) -> tuple[SiteConfig, list[Problem]]:
    """The configuration with another `base_url`, as `--base-url` asks for."""
    try:
        return msgspec.structs.replace(config, base_url=check_base_url("--base-url", url)), []
    except Fault as fault:
        return config, [Problem("--base-url", 0, 0, fault.message, fault.hint)]


class _Reading:
    """Reads one parsed file by the table of settings and collects what is wrong."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.spots: dict[Path, Spot] = places(text)
        self.problems: list[Problem] = []

    def read(self, data: dict[str, Any]) -> tuple[SiteConfig | None, list[Problem]]:
        self._unknown(data)
        values: dict[str, Any] = {}
        for setting in SETTINGS:
            self._setting(setting, data, values)
        if self.problems:
            return None, self.problems
        return SiteConfig(**values), []

    def _wrong(self, offset: int, message: str, hint: str = "") -> None:
        self.problems.append(problem_at(self.file, self.text, offset, message, hint))

    def _unknown(self, data: dict[str, Any]) -> None:
        tables = {setting.path[0] for setting in SETTINGS if len(setting.path) == 2}
        for key, value in data.items():
            inside = [s.path[1] for s in SETTINGS if len(s.path) == 2 and s.path[0] == key]
            if key in tables and not isinstance(value, dict):
                self._wrong(spot(self.spots, (key,)).key, f'"{key}" must be a table', f"write a line [{key}]")
            elif key in tables:
                for name in value:
                    self._known(name, inside, (key, name))
            else:
                self._known(key, [setting.path[0] for setting in SETTINGS], (key,))

    def _known(self, name: str, known: list[str], path: Path) -> None:
        if name in known:
            return
        mend = did_you_mean(name, known)
        hint = "" if mend else self._elsewhere(name) or f"known: {', '.join(dict.fromkeys(known))}"
        self._wrong(spot(self.spots, path).key, f'unknown setting "{name}"{mend}', hint)

    def _elsewhere(self, name: str) -> str:
        """A setting that is right but stands in the wrong table."""
        for setting in SETTINGS:
            if setting.path[-1] == name:
                table = f"[{setting.path[0]}]" if len(setting.path) == 2 else "the top, above every [table]"
                return f'"{name}" belongs under {table}'
        return ""

    def _setting(self, setting: Setting, data: dict[str, Any], values: dict[str, Any]) -> None:
        holder: Any = data
        for key in setting.path[:-1]:
            holder = holder.get(key, {}) if isinstance(holder, dict) else {}
        name = setting.path[-1]
        if not isinstance(holder, dict) or name not in holder:
            if setting.required:
                self._wrong(0, f'"{name}" is missing', f"add for example {name} = {setting.example}")
            return
        try:
            values[setting.attribute] = setting.check(name, holder[name])
        except Fault as fault:
            place = spot(self.spots, (*setting.path, *fault.inside))
            hint = fault.hint or ("" if fault.inside else f"write for example {name} = {setting.example}")
            self._wrong(place.key if fault.at_key else place.value, fault.message, hint)
