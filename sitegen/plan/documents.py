"""What documents for keeping show of an article: everything but its text, ready to be set."""

from __future__ import annotations

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.formats import Formats
from sitegen.plan.views import ArticleView


class Line(Struct, frozen=True):
    """One of the lines at the end: words, then perhaps an address, as it is shown."""

    text: str
    url: str = ""
    shown: str = ""


class DocumentImage(Struct, frozen=True):
    """The lead picture; its file is given with the text."""

    alt: str
    caption: str
    credit: str
    width: int
    height: int


class DocumentView(Struct, frozen=True):
    """An article as its PDF and its EPUB show it.

    `day` is the day of its publication (year, month, day) in the site's time zone; `paper` and `columns` are for what
    is typeset. `modified` is the moment of the last change that a reader is told of, in UTC (`2026-11-02T00:00:00Z`).
    """

    site: str
    site_url: str
    title: str
    summary: str
    description: str
    section: str
    language: str
    site_language: str
    direction: str
    authors: tuple[str, ...]
    translators: tuple[str, ...]
    keywords: tuple[str, ...]
    credits: tuple[str, ...]
    closing: tuple[Line, ...]
    rights: str
    source: str
    day: tuple[int, int, int]
    published: str
    modified: str
    url: str
    image: DocumentImage | None
    paper: str
    columns: int


def document_view(view: ArticleView, config: SiteConfig, formats: Formats, modified: str) -> DocumentView:
    """The view of one article's documents, from that of its pages."""
    image = view.image
    year, month, day = map(int, view.published.iso[:10].split("-"))
    return DocumentView(
        site=config.title,
        site_url=config.base_url,
        title=view.title,
        summary=view.summary,
        description=view.description,
        section=view.section.title,
        language=view.language,
        site_language=config.language,
        direction=view.direction,
        authors=view.authors,
        translators=view.translators,
        keywords=tuple(link.title for link in (*view.tags, *view.brands, *view.people)),
        credits=_credits(view, formats),
        closing=_closing(view, formats),
        rights=view.copyright,
        source=view.source.url if view.source else "",
        day=(year, month, day),
        published=view.published.iso,
        modified=modified,
        url=view.canonical,
        image=DocumentImage(image.alt, image.caption, image.credit, image.width, image.height) if image else None,
        paper=config.paper,
        columns=config.columns,
    )


def _credits(view: ArticleView, formats: Formats) -> tuple[str, ...]:
    """The lines below the headline, as article/head.html has them."""
    say, found = formats.say, list[str]()
    if view.authors:
        found.append(say("By %(names)s") % {"names": ", ".join(view.authors)})
    if view.translators:
        found.append(say("Translated by %(names)s") % {"names": ", ".join(view.translators)})
    found.append(f"{say('Published')} {view.published.text}")
    if view.updated:
        found.append(f"{say('Updated')} {view.updated.text}")
    minutes = formats.say_many("Reading time %(num)s minute", "Reading time %(num)s minutes", view.minutes)
    found.append(minutes % {"num": view.minutes})
    return tuple(found)


def _closing(view: ArticleView, formats: Formats) -> tuple[Line, ...]:
    """Where it comes from, where it stands, and whose it is."""
    say, found = formats.say, list[Line]()
    if view.original:
        note = view.original.note or say("Read the original in %(language)s") % {
            "language": view.original.language_name
        }
        found.append(Line(note, view.original.url, shown_address(view.original.url)))
    if view.source:
        url = view.source.url
        found.append(Line(f"{say('Source:')} {view.source.name}{',' if url else ''}", url, shown_address(url)))
    found.append(Line(say("This article:"), view.canonical, shown_address(view.canonical)))
    if view.copyright:
        found.append(Line(view.copyright))
    return tuple(found)


def shown_address(url: str) -> str:
    """An address as it stands on paper, without what every address begins with."""
    return url.removeprefix("https://").removeprefix("http://").removesuffix("/")
