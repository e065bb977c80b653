"""What templates may show: frozen values, one kind for each kind of page.

A page is a pure function of its templates and its view. All addresses in a view are ready to be printed:
they honour the path of `base_url`. Texts are plain and are escaped by the template; only `Markup` is HTML.
"""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from sitegen.settings import Attribute


class Link(Struct, frozen=True):
    """A word that leads somewhere."""

    title: str  #: the words
    url: str  #: where they lead


class DateView(Struct, frozen=True):
    """A date."""

    iso: str  #: for `<time datetime>`: `2026-10-16`, with the time where the writer gave one
    text: str  #: for people, in the site's language: `Oct 16, 2026`


class ImageView(Struct, frozen=True):
    """A picture with its size in pixels."""

    url: str  #: the published file
    width: int  #: in pixels
    height: int  #: in pixels
    alt: str  #: what it shows, for those who do not see it
    caption: str = ""  #: may be empty
    credit: str = ""  #: who made it; may be empty
    absolute_url: str = ""  #: with scheme and host, for `og:image`; may be empty
    base: str = ""  #: for `srcset`; empty for a picture that has one file only
    focus: tuple[int, int] = (50, 50)  #: the point that crops keep, in per cent from the left and from the top
    tone: str = ""  #: the number of a colour like the picture's, for `class="tone-{{ image.tone }}"`; may be empty


class Card(Struct, frozen=True):
    """What a listing shows of an article; never its body."""

    title: str  #: the headline
    url: str  #: the article
    section: Link  #: its section
    date: DateView  #: when it was published
    summary: str  #: the writer's, or the text's first words
    image: ImageView | None = None  #: its lead picture
    language: str = ""  #: the article's (BCP 47)
    direction: str = ""  #: `ltr` or `rtl`
    translated: bool = False  #: whether it names a translator


class JobView(Struct, frozen=True):
    """One job advertisement."""

    employer: str  #: as the employer writes it
    title: str  #: the position
    line: str  #: contract and town ready joined, `Permanent · STOCKHOLM`; may be empty
    url: str = ""  #: the ad; may be empty
    department: str = ""  #: may be empty
    paragraphs: tuple[str, ...] = ()  #: the description as plain texts
    posted: DateView | None = None  #: the ad's first day
    expires: DateView | None = None  #: the ad's last day
    country: str = ""  #: its code (ISO 3166); may be empty
    remote: bool = False  #: whether it can be done from elsewhere
    language: str = ""  #: the ad's, where the file gives one
    direction: str = ""  #: `ltr` or `rtl`; empty without a language


class Term(Struct, frozen=True):
    """A word that leads to all that it stands for, with the number of these."""

    title: str  #: the word; empty for ads that name no town
    url: str  #: where it leads
    count: int  #: how many articles or ads stand there


class JobGroup(Struct, frozen=True):
    """Ads of one employer or town."""

    title: str  #: the employer or town; empty for ads that name none
    anchor: str  #: the group's id in the page
    jobs: tuple[JobView, ...]  #: its ads, in the file's order


class AdView(Struct, frozen=True):
    """A house advertisement."""

    image: ImageView  #: the picture
    url: str  #: where it leads
    label: str  #: the word above it


class AnalyticsView(Struct, frozen=True):
    """A script that counts readers."""

    script: str  #: its address
    attributes: tuple[Attribute, ...]  #: of its element


class SiteView(Struct, frozen=True):
    """What every page may show of the site."""

    title: str  #: the paper's name
    description: str  #: one sentence; may be empty
    language: str  #: of the pages (BCP 47)
    direction: str  #: `ltr` or `rtl`
    home: str  #: the front page
    url: str  #: the front page with scheme and host
    copyright: str  #: may be empty
    sections: tuple[Link, ...]  #: the menu
    pages: tuple[Link, ...]  #: standing pages, in their order
    indexes: tuple[Link, ...]  #: the indexes of tags, brands and people, where articles have any
    archive: Link  #: the index of months
    jobs: Link  #: the page of all job ads
    feed: str  #: the site's RSS feed
    policy: str  #: what pages may load and run, for a meta element (Content-Security-Policy)
    policy_kept: str  #: the same for a page that readers keep
    logo: ImageView | None  #: the paper's name as a picture, or nothing
    logo_dark: ImageView | None  #: the same for dark screens, or nothing
    menu: tuple[Link, ...]  #: links in the menu after the sections
    analytics: AnalyticsView | None  #: a script that counts readers, or nothing


class SharedView(Struct, frozen=True):
    """What the shared parts (header, sidebar, footer) show besides the site; rendered once a build."""

    job_total: int  #: how many ads the mirrored board has
    job_total_text: str  #: the same as the language writes it: `1,218`
    jobs: tuple[JobView, ...]  #: the ads of the sidebar
    ads: tuple[AdView, ...]  #: the house's own advertisements


class SourceView(Struct, frozen=True):
    """Where a mirrored article stands."""

    name: str  #: the publication
    url: str  #: the article there; may be empty


class OriginalView(Struct, frozen=True):
    """The version in another language; `language_name` is in the site's language."""

    language: str  #: its code (BCP 47)
    language_name: str  #: its name in the site's language
    url: str  #: where it stands
    note: str  #: the writer's own words for the link; may be empty


class SizeLink(Struct, frozen=True):
    """One step of the text-size control."""

    name: str  #: `small`, `article`, `large` or `x-large`
    label: str  #: what it is called, in the site's language
    sign: str  #: the same in a sign: `A−`, `A`, `A+`, `A++`
    url: str  #: the article at this size
    scale: int  #: per cent of the reader's own size
    current: bool  #: whether it is this page


class DownloadLink(Struct, frozen=True):
    """A file for keeping."""

    format: str  #: `pdf`, `epub` or `html`
    label: str  #: what the format is called: `PDF`
    url: str  #: the file
    name: str  #: what it is to be called where it is kept: `why-a-twill-drapes.pdf`


class Toolbar(Struct, frozen=True):
    """The article's tools; `print` is empty where the site does not make that page."""

    downloads: tuple[DownloadLink, ...]  #: the files for keeping; none where the site makes none
    print: str  #: the page for paper
    sizes: tuple[SizeLink, ...]  #: the text sizes, from small to large; none where there is but one


class ArticleView(Struct, frozen=True):
    """An article as its pages show it."""

    title: str  #: the headline
    url: str  #: its own page
    canonical: str  #: the same with scheme and host
    breadcrumb: tuple[Link, ...]  #: the way from the front page
    section: Link  #: its section
    section_slug: str  #: the section's part of addresses
    language: str  #: the article's (BCP 47)
    direction: str  #: `ltr` or `rtl`
    summary: str  #: the writer's own; may be empty
    description: str  #: for search engines: the summary, or the text's first words
    authors: tuple[str, ...]  #: their names
    translators: tuple[str, ...]  #: their names
    published: DateView  #: when it was published
    updated: DateView | None  #: when it was last changed
    minutes: int  #: reading time
    image: ImageView | None  #: the lead picture
    content: Markup  #: the text
    source: SourceView | None  #: where a mirrored article stands
    original: OriginalView | None  #: the version in another language
    tags: tuple[Link, ...]  #: what it is about
    brands: tuple[Link, ...]  #: whom it writes of
    people: tuple[Link, ...]  #: whom it writes of
    older: Link | None  #: the article before it in its section
    newer: Link | None  #: the article after it in its section
    related: tuple[Card, ...]  #: articles that write of the same brands
    copyright: str  #: the article's own, or the site's; may be empty


class Pager(Struct, frozen=True):
    """Where a listing goes on; archive pages are numbered from the oldest, so that they never change."""

    number: int = 0  #: an archive page's number, counted from the oldest; 0 for the listing's own page
    newer: str = ""  #: the page with newer articles; may be empty
    older: str = ""  #: the page with older articles; may be empty


class ListingView(Struct, frozen=True):
    """A page of cards: a section, a tag, a brand, a person or a month."""

    title: str  #: the section, tag, brand, person or month
    kind: str  #: `section`, `tags`, `brands`, `people` or `archive`
    url: str  #: this page
    canonical: str  #: the same with scheme and host
    breadcrumb: tuple[Link, ...]  #: the way from the front page
    cards: tuple[Card, ...]  #: its articles, the newest first
    pager: Pager  #: where the listing goes on
    section_slug: str = ""  #: a section's part of addresses; empty elsewhere
    feed: str = ""  #: its own RSS feed; empty where it has none


class TermGroup(Struct, frozen=True):
    """The terms of an index that share a year or a first letter."""

    title: str  #: a year or a first letter; empty in a short index
    terms: tuple[Term, ...]  #: in alphabetical order, months from the newest


class TermsView(Struct, frozen=True):
    """An index of listings: all tags, brands, people or months, each with its number of articles."""

    title: str  #: what is listed
    kind: str  #: `tags`, `brands`, `people` or `archive`
    url: str  #: this page
    canonical: str  #: the same with scheme and host
    breadcrumb: tuple[Link, ...]  #: the way from the front page
    groups: tuple[TermGroup, ...]  #: what is listed, divided where it is long


class SectionBand(Struct, frozen=True):
    """More of one section on the front page."""

    section: Link  #: the section
    cards: tuple[Card, ...]  #: its newest articles that do not stand above


class FrontView(Struct, frozen=True):
    """The front page: the lead story, the few beside it, the most recent ones, and a band for each section."""

    title: str  #: the paper's name
    url: str  #: this page
    canonical: str  #: the same with scheme and host
    lead: Card | None  #: the first story
    beside: tuple[Card, ...]  #: the stories beside it
    latest: tuple[Card, ...]  #: the newest of all others
    bands: tuple[SectionBand, ...]  #: the newest of each section


class JobsView(Struct, frozen=True):
    """A page of all job advertisements, grouped by employer or by town."""

    title: str  #: what the page is called
    url: str  #: this page
    canonical: str  #: the same with scheme and host
    breadcrumb: tuple[Link, ...]  #: the way from the front page
    total: int  #: how many ads the mirrored board has
    total_text: str  #: the same as the language writes it
    listed: int  #: how many stand on this page
    more: str  #: where all of them stand; may be empty
    by: str  #: `employer` or `town`: how this page groups them
    groups: tuple[JobGroup, ...]  #: the ads
    employers: tuple[Term, ...]  #: leads to the groups of the page by employer
    towns: tuple[Term, ...]  #: leads to the groups of the page by town


class PageView(Struct, frozen=True):
    """A standing page."""

    title: str  #: its headline
    url: str  #: this page
    canonical: str  #: the same with scheme and host
    breadcrumb: tuple[Link, ...]  #: the way from the front page
    summary: str  #: may be empty
    language: str  #: the page's (BCP 47)
    direction: str  #: `ltr` or `rtl`
    content: Markup  #: the text


class NotFoundView(Struct, frozen=True):
    """The page a host answers with where there is none."""

    title: str  #: `Page not found`
    latest: tuple[Card, ...]  #: the newest articles


class RedirectView(Struct, frozen=True):
    """An older address that leads to `url`."""

    title: str  #: what stands at the new address
    url: str  #: the new address
    canonical: str  #: the same with scheme and host
