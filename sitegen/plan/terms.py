"""Listings: sections, tags, brands, people and months, each with its archive pages; and their indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.cards import Sheet
from sitegen.plan.feeds import section_feed
from sitegen.plan.formats import Formats, marked
from sitegen.plan.listings import newest_first, stretches
from sitegen.plan.names import plain_slug, term_key, term_slug
from sitegen.plan.pages import PagePlan
from sitegen.plan.urls import Claim, Urls, urls_of
from sitegen.plan.views import Link, ListingView, Pager, RedirectView, Term, TermGroup, TermsView
from sitegen.sources.articles import Article


class Taxonomy(Struct, frozen=True):
    """One way of grouping articles: `name` is its folder, `title` the (translatable) title of its index."""

    name: str
    title: str
    of: Callable[[Article], tuple[str, ...]]


TAXONOMIES: tuple[Taxonomy, ...] = (
    Taxonomy("tags", marked("Tags"), lambda article: article.tags),
    Taxonomy("brands", marked("Brands"), lambda article: article.brands),
    Taxonomy("people", marked("People"), lambda article: article.people),
)


LETTERS_FROM = 30
"""An index of so many terms is divided by first letters."""


def term_links(config: SiteConfig, taxonomy: str, names: Iterable[str]) -> tuple[Link, ...]:
    """An article's own terms as links, in the writer's order and spelling."""
    urls = urls_of(config)
    return tuple(Link(name, urls.local(f"/{taxonomy}/{term_slug(config, name)}/")) for name in names)


def listings_of(config: SiteConfig, article: Article) -> Iterator[str]:
    """The site paths of the listings that exist because of an article, their indexes included."""
    for taxonomy in TAXONOMIES:
        for name in taxonomy.of(article):
            yield f"/{taxonomy.name}/"
            yield f"/{taxonomy.name}/{term_slug(config, name)}/"
    yield f"/archive/{_month(article)}/"


def _month(article: Article) -> str:
    day = article.published.day
    return f"{day.year:04d}/{day.month:02d}"


class Group(Struct, frozen=True):
    """The articles of one term, oldest first; `title` is the spelling that came first."""

    title: str
    slug: str
    articles: list[Article]


def _groups(config: SiteConfig, live: list[Article], taxonomy: Taxonomy) -> list[Group]:
    groups: dict[str, Group] = {}
    for article in live:
        for name in taxonomy.of(article):
            key = term_key(name)
            if key not in groups:
                groups[key] = Group(name, term_slug(config, name), [])
            group = groups[key]
            if not group.articles or group.articles[-1] is not article:
                group.articles.append(article)
    return list(groups.values())


class Clash(Struct, frozen=True):
    """Two terms of one taxonomy that are hard to tell apart."""

    taxonomy: str
    first: Group
    second: Group


Groups = dict[str, list[Group]]
"""The terms of each taxonomy, by its name, in the order of their oldest articles."""


def term_groups(config: SiteConfig, live: list[Article]) -> Groups:
    """The articles of each term; `live` is sorted by time."""
    return {taxonomy.name: _groups(config, live, taxonomy) for taxonomy in TAXONOMIES}


def clashes(terms: Groups) -> Iterator[Clash]:
    """All terms whose address belongs to another one already."""
    for taxonomy, groups in terms.items():
        seen: dict[str, Group] = {}
        for group in groups:
            first = seen.setdefault(group.slug, group)
            if first is not group:
                yield Clash(taxonomy, first, group)


def twins(terms: Groups) -> Iterator[Clash]:
    """Terms that differ in nothing but spaces from another one, which is hardly meant: `H&M` and `H & M`."""
    for taxonomy, groups in terms.items():
        seen: dict[str, Group] = {}
        for group in groups:
            first = seen.setdefault(term_key(group.title).replace(" ", ""), group)
            if first is not group and first.slug != group.slug:
                yield Clash(taxonomy, first, group)


def old_addresses(config: SiteConfig, terms: Groups) -> Iterator[PagePlan]:
    """Redirects from the addresses that terms had while no digest told them apart: each leads to the oldest of them."""
    for taxonomy, groups in terms.items():
        taken = {group.slug for group in groups}
        for group in groups:
            old = plain_slug(term_key(group.title))
            if old and old not in taken:
                taken.add(old)
                claim = Claim("sitegen", f"the old address of {group.title}")
                yield redirect(config, f"/{taxonomy}/{old}/", f"/{taxonomy}/{group.slug}/", group.title, claim)


def listing(
    config: SiteConfig,
    sheet: Sheet,
    group: Group,
    kind: str,
    path: str,
    above: Sequence[Link],
) -> Iterator[PagePlan]:
    """All pages of one listing, the front first."""
    urls = urls_of(config)
    pages = stretches(len(group.articles), config.page_size)
    for stretch in pages:
        own = _numbered(path, stretch.number)
        shown = newest_first(group.articles, stretch)
        view = ListingView(
            title=group.title,
            kind=kind,
            url=urls.local(own),
            canonical=urls.absolute(own),
            breadcrumb=(*above, Link(group.title, urls.local(path))),
            cards=sheet.cards(shown),
            pager=_pager(urls, path, stretch.number, len(pages) - 1),
            section_slug=group.slug if kind == "section" else "",
            feed=urls.local(section_feed(group.slug)) if kind == "section" else "",
        )
        claim = Claim(shown[0].path if shown and kind != "section" else "sitegen.toml", f"the {kind} page")
        lastmod = _lastmod(shown) if stretch.number == 0 else None
        yield PagePlan(own, "listing.html", view, claim, view.section_slug, lastmod=lastmod)
    if len(pages) > 1:
        # The newest archive page leads on to the next number from its first day, so that it need never change.
        claim = Claim("sitegen.toml", f"the {kind} page")
        yield redirect(config, _numbered(path, len(pages)), path, group.title, claim)


def _pager(urls: Urls, path: str, number: int, archived: int) -> Pager:
    older = number - 1 if number else archived
    return Pager(
        number=number,
        newer=urls.local(_numbered(path, number + 1)) if number else "",
        older=urls.local(_numbered(path, older)) if older else "",
    )


def redirect(config: SiteConfig, old: str, new: str, title: str, claim: Claim) -> PagePlan:
    """A page at one address that leads to another one."""
    urls = urls_of(config)
    return PagePlan(old, "redirect.html", RedirectView(title, urls.local(new), urls.absolute(new)), claim)


def _numbered(path: str, number: int) -> str:
    return f"{path}page/{number}/" if number else path


def _lastmod(shown: Sequence[Article]) -> str:
    return max((article.published.day.isoformat() for article in shown), default="")


def home_link(config: SiteConfig, formats: Formats) -> Link:
    """The first step of every breadcrumb."""
    return Link(formats.say("Home"), urls_of(config).local("/"))


def section_pages(config: SiteConfig, formats: Formats, sheet: Sheet, live: list[Article]) -> Iterator[PagePlan]:
    """Each section's pages, in the configuration's order; a section without articles has a page too."""
    for section in config.sections:
        articles = [article for article in live if article.section == section.slug]
        group = Group(section.title, section.slug, articles)
        yield from listing(config, sheet, group, "section", f"/{section.slug}/", (home_link(config, formats),))


def index_links(config: SiteConfig, formats: Formats, live: list[Article]) -> Iterator[Link]:
    """The indexes that `taxonomy_pages` makes."""
    for taxonomy in TAXONOMIES:
        if any(map(taxonomy.of, live)):
            yield Link(formats.say(taxonomy.title), urls_of(config).local(f"/{taxonomy.name}/"))


def taxonomy_pages(config: SiteConfig, formats: Formats, sheet: Sheet, terms: Groups) -> Iterator[PagePlan]:
    """The index and the listings of tags, brands and people; none of a kind that no article has."""
    for taxonomy in TAXONOMIES:
        groups = list({group.slug: group for group in reversed(terms[taxonomy.name])}.values())
        groups.sort(key=lambda group: (formats.sort_key(group.title), group.slug))
        if not groups:
            continue
        title = formats.say(taxonomy.title)
        index = f"/{taxonomy.name}/"
        divided = len(groups) >= LETTERS_FROM
        headings = [formats.initial(group.title) if divided else "" for group in groups]
        yield _index(config, formats, taxonomy.name, title, index, groups, headings)
        above = (home_link(config, formats), Link(title, urls_of(config).local(index)))
        for group in groups:
            yield from listing(config, sheet, group, taxonomy.name, f"{index}{group.slug}/", above)


def archive_pages(config: SiteConfig, formats: Formats, sheet: Sheet, live: list[Article]) -> Iterator[PagePlan]:
    """The index of months and each month's listing, at /archive/2026/10/."""
    groups: dict[str, Group] = {}
    for article in live:
        day = article.published.day
        key = _month(article)
        if key not in groups:
            groups[key] = Group(formats.month(day), key, [])
        groups[key].articles.append(article)
    newest = [groups[key] for key in sorted(groups, reverse=True)]
    title = formats.say("Archive")
    yield _index(config, formats, "archive", title, "/archive/", newest, [group.slug[:4] for group in newest])
    above = (home_link(config, formats), Link(title, urls_of(config).local("/archive/")))
    for group in newest:
        yield from listing(config, sheet, group, "archive", f"/archive/{group.slug}/", above)


def _index(
    config: SiteConfig,
    formats: Formats,
    kind: str,
    title: str,
    path: str,
    groups: Sequence[Group],
    headings: Sequence[str],
) -> PagePlan:
    urls = urls_of(config)
    divided = []
    for name, part in groupby(zip(headings, groups, strict=True), lambda pair: pair[0]):
        terms = (Term(group.title, urls.local(f"{path}{group.slug}/"), len(group.articles)) for _, group in part)
        divided.append(TermGroup(name, tuple(terms)))
    view = TermsView(
        title=title,
        kind=kind,
        url=urls.local(path),
        canonical=urls.absolute(path),
        breadcrumb=(home_link(config, formats), Link(title, urls.local(path))),
        groups=tuple(divided),
    )
    return PagePlan(path, "terms.html", view, Claim("sitegen", f"the index {path}"), lastmod="")
