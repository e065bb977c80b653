"""What programs read: RSS feeds and sitemaps, of the site and of each section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.pages import PagePlan
from sitegen.plan.urls import urls_of
from sitegen.sources.articles import Article
from sitegen.sources.media import MediaFault
from sitegen.sources.pictures import Library

FEED_ITEMS = 20
MAP_ENTRIES = 50_000
"""The most that one sitemap file may list (sitemaps.org protocol 0.9)."""
SITE_FEED = "/feed.xml"
SITE_MAP = "/sitemap.xml"


class Enclosure(Struct, frozen=True):
    """The picture of a feed's item: full address, size in bytes and media type (RSS 2.0 wants all three)."""

    url: str
    length: int
    media_type: str


class FeedItem(Struct, frozen=True):
    """An article as feeds list it; `url` is the full address. Bodies stay out: an edit of one touches no feed."""

    title: str
    url: str
    summary: str
    published: datetime
    section: str
    authors: tuple[str, ...]
    enclosure: Enclosure | None


class Feed(Struct, frozen=True):
    """One feed: its own site path, and the full address of the page whose articles it lists, newest first."""

    path: str
    title: str
    home: str
    items: tuple[FeedItem, ...]


class MapEntry(Struct, frozen=True):
    """A page as a sitemap lists it: full address and the day (ISO) of its last change, empty if unknown."""

    url: str
    lastmod: str


class SiteMap(Struct, frozen=True):
    """A sitemap's site path with its entries; one with `parts` is an index of these sitemaps' full addresses."""

    path: str
    entries: tuple[MapEntry, ...] = ()
    parts: tuple[str, ...] = ()


def section_feed(slug: str) -> str:
    """The site path of a section's feed."""
    return f"/{slug}/feed.xml"


def site_feeds(
    config: SiteConfig, library: Library, live: Sequence[Article], paths: Mapping[str, str]
) -> Iterator[Feed]:
    """The site's feed, then the sections' own. `paths` are the articles' site paths."""
    urls = urls_of(config)
    newest = live[::-1]
    made: dict[str, FeedItem] = {}
    titles = {section.slug: section.title for section in config.sections}

    def items(articles: Iterable[Article]) -> Iterator[FeedItem]:
        for article in articles:
            if article.path not in made:
                made[article.path] = _item(config, library, article, paths[article.path], titles[article.section])
            yield made[article.path]

    yield Feed(SITE_FEED, config.title, urls.absolute("/"), tuple(items(newest[:FEED_ITEMS])))
    for slug, title in titles.items():
        own = [article for article in newest if article.section == slug][:FEED_ITEMS]
        yield Feed(section_feed(slug), f"{config.title}: {title}", urls.absolute(f"/{slug}/"), tuple(items(own)))


def _item(config: SiteConfig, library: Library, article: Article, path: str, section: str) -> FeedItem:
    return FeedItem(
        title=article.title,
        url=urls_of(config).absolute(path),
        summary=article.excerpt,
        published=article.published.at,
        section=section,
        authors=article.authors,
        enclosure=_enclosure(config, library, article),
    )


def _enclosure(config: SiteConfig, library: Library, article: Article) -> Enclosure | None:
    if article.image is None:
        return None
    try:
        picture = library.picture(article.image.path)
    except MediaFault:
        # The cards have named the problem already.
        return None
    return Enclosure(urls_of(config).absolute(picture.file), picture.length, picture.media_type)


def sitemaps(
    config: SiteConfig, pages: Sequence[PagePlan], live: Sequence[Article], paths: Mapping[str, str]
) -> Iterator[SiteMap]:
    """The sitemap of the site, then the sections' own.

    Where the site has too many pages for one file, its sitemap is an index of the sections' and the other pages'.
    Entries stand from the oldest article to the newest, so that of many files only the last one changes.
    """
    urls = urls_of(config)
    others: list[MapEntry] = []
    by_section: dict[str, list[MapEntry]] = {section.slug: [] for section in config.sections}
    for page in pages:
        if page.lastmod is not None:
            by_section.get(page.section, others).append(MapEntry(urls.absolute(page.path), page.lastmod))
    for article in live:
        changed = (article.updated or article.published).day.isoformat()
        by_section[article.section].append(MapEntry(urls.absolute(paths[article.path]), changed))
    sections = [part for slug, entries in by_section.items() for part in _split(f"/sitemap-{slug}", entries)]
    every = (*others, *(entry for entries in by_section.values() for entry in entries))
    if len(every) <= MAP_ENTRIES:
        yield SiteMap(SITE_MAP, every)
    else:
        # No section's map has this name: a section's slug holds no dot.
        sections = [*_split("/sitemap.pages", others), *sections]
        yield SiteMap(SITE_MAP, parts=tuple(urls.absolute(part.path) for part in sections))
    yield from sections


def _split(name: str, entries: Sequence[MapEntry]) -> Iterator[SiteMap]:
    """One sitemap, or several numbered ones."""
    for number, start in enumerate(range(0, max(1, len(entries)), MAP_ENTRIES)):
        ending = f".{number + 1}" if number else ""
        yield SiteMap(f"{name}{ending}.xml", tuple(entries[start : start + MAP_ENTRIES]))
