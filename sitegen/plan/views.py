"""What templates may show: frozen values, one kind for each kind of page.

A page is a pure function of its templates and its view. All addresses in a view are ready to be printed:
they honour the path of `base_url`. Texts are plain and are escaped by the template; only `Markup` is HTML.
"""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct


class Link(Struct, frozen=True):
    """A word that leads somewhere."""

    title: str
    url: str


class DateView(Struct, frozen=True):
    """A date: `iso` for `<time datetime>`, `text` for people, in the site's language."""

    iso: str
    text: str


class ImageView(Struct, frozen=True):
    """A picture with its size in pixels."""

    url: str
    width: int
    height: int
    alt: str
    caption: str = ""
    credit: str = ""
    absolute_url: str = ""


class Card(Struct, frozen=True):
    """What a listing shows of an article; never its body."""

    title: str
    url: str
    section: Link
    date: DateView
    summary: str
    image: ImageView | None = None
    language: str = ""
    direction: str = ""
    translated: bool = False


class JobView(Struct, frozen=True):
    """One job advertisement. `line` is contract and town ready joined, "Permanent · STOCKHOLM"."""

    employer: str
    title: str
    line: str
    url: str = ""
    department: str = ""
    paragraphs: tuple[str, ...] = ()
    posted: DateView | None = None
    expires: DateView | None = None
    country: str = ""
    remote: bool = False
    language: str = ""
    direction: str = ""


class Term(Struct, frozen=True):
    """A word that leads to all that it stands for, with the number of these."""

    title: str
    url: str
    count: int


class JobGroup(Struct, frozen=True):
    """Ads of one employer or town; `title` is empty for ads that name none. `anchor` is the group's id in the page."""

    title: str
    anchor: str
    jobs: tuple[JobView, ...]


class AdView(Struct, frozen=True):
    """A house advertisement."""

    image: ImageView
    url: str
    label: str


class SiteView(Struct, frozen=True):
    """What every page may show of the site. `home` is the front page's address."""

    title: str
    description: str
    language: str
    direction: str
    home: str
    url: str
    copyright: str
    sections: tuple[Link, ...]
    pages: tuple[Link, ...]
    archive: Link
    jobs: Link
    feed: str


class SharedView(Struct, frozen=True):
    """What the shared parts (header, sidebar, footer) show besides the site; rendered once a build."""

    job_total: int
    job_total_text: str
    jobs: tuple[JobView, ...]
    ads: tuple[AdView, ...]


class SourceView(Struct, frozen=True):
    """Where a mirrored article stands."""

    name: str
    url: str


class OriginalView(Struct, frozen=True):
    """The version in another language; `language_name` is in the site's language."""

    language: str
    language_name: str
    url: str
    note: str


class SizeLink(Struct, frozen=True):
    """One step of the text-size control."""

    name: str
    label: str
    url: str
    scale: int
    current: bool


class Toolbar(Struct, frozen=True):
    """The article's tools; an address is empty where the site does not make that file."""

    download: str
    download_name: str
    print: str
    sizes: tuple[SizeLink, ...]


class ArticleView(Struct, frozen=True):
    """An article as its pages show it. `content` is its body as HTML; `related` write of the same brands.

    `summary` is the writer's own (perhaps empty), `description` the text for search engines.
    """

    title: str
    url: str
    canonical: str
    breadcrumb: tuple[Link, ...]
    section: Link
    section_slug: str
    language: str
    direction: str
    summary: str
    description: str
    authors: tuple[str, ...]
    translators: tuple[str, ...]
    published: DateView
    updated: DateView | None
    minutes: int
    image: ImageView | None
    content: Markup
    source: SourceView | None
    original: OriginalView | None
    tags: tuple[Link, ...]
    brands: tuple[Link, ...]
    people: tuple[Link, ...]
    older: Link | None
    newer: Link | None
    related: tuple[Card, ...]
    copyright: str


class Pager(Struct, frozen=True):
    """Where a listing goes on; archive pages are numbered from the oldest, so that they never change."""

    number: int = 0
    newer: str = ""
    older: str = ""


class ListingView(Struct, frozen=True):
    """A page of cards: a section, a tag, a brand, a person or a month; `feed` is empty where it has none of its own."""

    title: str
    kind: str
    url: str
    canonical: str
    breadcrumb: tuple[Link, ...]
    cards: tuple[Card, ...]
    pager: Pager
    section_slug: str = ""
    feed: str = ""


class TermGroup(Struct, frozen=True):
    """The terms of an index that share a year or a first letter; `title` is empty where an index has but one group."""

    title: str
    terms: tuple[Term, ...]


class TermsView(Struct, frozen=True):
    """An index of listings: all tags, brands, people or months, each with its number of articles."""

    title: str
    kind: str
    url: str
    canonical: str
    breadcrumb: tuple[Link, ...]
    groups: tuple[TermGroup, ...]


class SectionBand(Struct, frozen=True):
    """The latest of one section on the front page."""

    section: Link
    cards: tuple[Card, ...]


class FrontView(Struct, frozen=True):
    """The front page: the lead story, the few beside it, the most recent ones, and a band for each section."""

    title: str
    url: str
    canonical: str
    lead: Card | None
    beside: tuple[Card, ...]
    latest: tuple[Card, ...]
    bands: tuple[SectionBand, ...]


class JobsView(Struct, frozen=True):
    """A page of all job advertisements, grouped by employer or by town (`by`).

    `employers` and `towns` lead to the groups of both pages; `listed` counts the ads that stand here.
    """

    title: str
    url: str
    canonical: str
    breadcrumb: tuple[Link, ...]
    total: int
    total_text: str
    listed: int
    more: str
    by: str
    groups: tuple[JobGroup, ...]
    employers: tuple[Term, ...]
    towns: tuple[Term, ...]


class PageView(Struct, frozen=True):
    """A standing page."""

    title: str
    url: str
    canonical: str
    breadcrumb: tuple[Link, ...]
    summary: str
    language: str
    direction: str
    content: Markup


class NotFoundView(Struct, frozen=True):
    """The page a host answers with where there is none."""

    title: str
    latest: tuple[Card, ...]


class RedirectView(Struct, frozen=True):
    """An older address that leads to `url`."""

    title: str
    url: str
    canonical: str
