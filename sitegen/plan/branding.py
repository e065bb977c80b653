"""What an operator puts around every page: the paper's logo, links in the menu, a script that counts readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.addresses import Addresses
from sitegen.plan.judge import said_of
from sitegen.plan.policy import NOBODY, Hosts
from sitegen.plan.urls import urls_of
from sitegen.plan.views import AnalyticsView, ImageView, Link
from sitegen.problems import Budget, Problem, as_warning, said_at
from sitegen.sources.locate import SiteFiles
from sitegen.sources.media import MediaFault
from sitegen.sources.pictures import Library
from sitegen.sources.places import place_in_settings


class Logos(Struct, frozen=True):
    """The logo, and the one for dark screens; the pictures' files, by their paths in the site's folder."""

    light: ImageView | None = None
    dark: ImageView | None = None
    media: tuple[str, ...] = ()


def logos(root: Path, config: SiteConfig, library: Library, problems: list[Problem]) -> Logos:
    """The pictures that stand for the paper's name."""
    files, urls = SiteFiles(root), urls_of(config)
    found: dict[str, ImageView] = {}
    media: list[str] = []
    for name, target in (("logo", config.logo), ("logo_dark", config.logo_dark)):
        if not target:
            continue
        path = files.locate("", target)
        try:
            if path is None:
                problems.append(said_at(place_in_settings(root, (name,)), *files.missing("", target)))
                continue
            picture = library.picture(path)
        except MediaFault as fault:
            problems.append(said_at(place_in_settings(root, (name,)), str(fault), fault.hint))
            continue
        found[name] = ImageView(urls.local(picture.file), picture.width, picture.height, config.title)
        media.append(path)
    return Logos(found.get("logo"), found.get("logo_dark"), tuple(media))


def menu(config: SiteConfig) -> tuple[Link, ...]:
    """The links of the menu that are no sections."""
    urls = urls_of(config)
    return tuple(Link(link.title, urls.written(link.url)) for link in config.menu)


def dead_links(root: Path, config: SiteConfig, addresses: Addresses) -> Iterator[Problem]:
    """Links of the menu that lead to no page of the site."""
    budget = Budget(len(config.menu))
    for index, link in enumerate(config.menu):
        said = said_of(link.url, addresses, budget)
        if said is not None:
            found = said_at(place_in_settings(root, ("menu", index, "url")), said.message, said.hint)
            yield as_warning(found) if said.warning else found


def analytics(config: SiteConfig) -> AnalyticsView | None:
    """The script that counts readers."""
    if not config.analytics_script:
        return None
    return AnalyticsView(config.analytics_script, config.analytics_attributes)


def hosts_of(config: SiteConfig) -> Hosts:
    """The hosts that pages load scripts from, and those that their scripts may talk to."""
    if not config.analytics_script:
        return NOBODY
    parts = urlsplit(config.analytics_script)
    host = f"{parts.scheme}://{parts.netloc}"
    return Hosts((host,), tuple(dict.fromkeys((host, *config.analytics_hosts))))
