"""sitegen.toml -> SiteConfig: loaded once and passed explicitly."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from sitegen.problems import MOST_IN_A_FILE, Problem, did_you_mean, note, problem_at
from sitegen.settings import (
    MEGAPIXELS,
    MISSING_ALT,
    SETTINGS,
    TEXT_SIZES,
    Attribute,
    MenuLink,
    Section,
    Setting,
    TermSlug,
)
from sitegen.tomldoc import Path, Spot, places, read_toml, spot
from sitegen.typography import typography_of
from sitegen.values import Fault, check_base_url


class SiteConfig(Struct, frozen=True, kw_only=True):
    """The site's settings. `base_url` ends in `/`; `words_per_minute` None means the language's own norm.

    `home` is the base_url of the file, whatever a command asks for: texts name the site by it.
    """

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
    terms: tuple[TermSlug, ...] = ()
    logo: str = ""
    logo_dark: str = ""
    menu: tuple[MenuLink, ...] = ()
    analytics_script: str = ""
    analytics_attributes: tuple[Attribute, ...] = ()
    analytics_hosts: tuple[str, ...] = ()
    jobs_sidebar_count: int = 8
    print: bool = True
    text_sizes: tuple[str, ...] = TEXT_SIZES
    variants_for: int | None = None
    downloads: tuple[str, ...] = ("html",)
    downloads_for: int | None = None
    paper: str = "a4"
    columns: int = 1
    words_per_minute: int | None = None
    smart_quotes: bool = True
    max_megapixels: int = MEGAPIXELS
    missing_alt: str = MISSING_ALT[0]
    home: str = ""

    @property
    def base_path(self) -> str:
        """The path of `base_url`, with `/` at both ends."""
        return urlsplit(self.base_url).path or "/"

    @property
    def origin(self) -> str:
        """Scheme and host, without a slash at the end."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"


def load_config(text: str, file: str) -> tuple[SiteConfig | None, list[Problem]]:
    """The settings in a TOML text, or everything that is wrong with it. Never raises."""
    data, problems = read_toml(text, file)
    return _Reading(text, file).read(data) if data is not None else (None, problems)


def _finished(config: SiteConfig) -> SiteConfig:
    """The settings with the quotation marks of the site's language in all texts that readers see."""
    typography = typography_of(config.language, config.smart_quotes)
    names = (setting.attribute for setting in SETTINGS if setting.kind.is_prose)
    return msgspec.structs.replace(
        config,
        home=config.base_url,
        sections=tuple(Section(section.slug, typography.set(section.title)) for section in config.sections),
        menu=tuple(MenuLink(typography.set(link.title), link.url) for link in config.menu),
        **{name: typography.set(getattr(config, name)) for name in names},
    )


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
        return _finished(SiteConfig(**values)), []

    def _wrong(self, offset: int, message: str, hint: str = "") -> None:
        note(self.problems, problem_at(self.file, self.text, offset, message, hint))

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
        if name in known or len(self.problems) > MOST_IN_A_FILE:
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
            if len(setting.path) == 2 and setting.path[0] == name:
                return f'"{name}" is a table: write a line [{name}], and {setting.path[1]} = {setting.example} below it'
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
            values[setting.attribute] = setting.kind.check(name, holder[name])
        except Fault as fault:
            place = spot(self.spots, (*setting.path, *fault.inside))
            hint = fault.hint or ("" if fault.inside else f"write for example {name} = {setting.example}")
            self._wrong(place.key if fault.at_key else place.value, fault.message, hint)
