"""The whole plan: every file the site will have, who wants it, and the view that it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan import branding, cards, fronts, policy, terms
from sitegen.plan.addresses import Addresses, LinkTable
from sitegen.plan.cards import Sheet
from sitegen.plan.feeds import SITE_FEED, SITE_MAP, Feed, SiteMap, site_feeds, sitemaps
from sitegen.plan.formats import Formats, direction
from sitegen.plan.jobs import GROUPINGS, jobs_pages
from sitegen.plan.judge import dead_addresses, far_dates, without_links_to
from sitegen.plan.live import DRAFT, live_ads, live_jobs, why_hidden
from sitegen.plan.pages import PagePlan
from sitegen.plan.related import neighbours, related
from sitegen.plan.urls import (
    Claim,
    Claims,
    Conflict,
    alias_fault,
    alias_path,
    article_path,
    output_file,
    site_path,
    urls_of,
)
from sitegen.plan.variants import Variant, chosen
from sitegen.plan.views import Card, Link, SharedView, SiteView
from sitegen.problems import Problem, as_warning
from sitegen.sources.articles import Article, StandingPage
from sitegen.sources.jobs import Job
from sitegen.sources.pictures import Library
from sitegen.sources.places import FrontMatterOf, problem_in
from sitegen.sources.site import Content


class ArticlePlan(Struct, frozen=True):
    """One article's files: a unit of work. `path` is its site path, neighbours are of the same section.

    `variants` are its pages, `documents` what is typeset or packed of it. `related` are the cards of articles that
    write of the same brands.
    """

    article: Article
    path: str
    variants: tuple[Variant, ...]
    older: Link | None
    newer: Link | None
    related: tuple[Card, ...]
    documents: tuple[Variant, ...] = ()


class SitePlan(Struct, frozen=True):
    """Everything that is to be rendered, in a fixed order."""

    site: SiteView
    shared: SharedView
    articles: tuple[ArticlePlan, ...]
    pages: tuple[PagePlan, ...]
    feeds: tuple[Feed, ...]
    sitemaps: tuple[SiteMap, ...]
    links: LinkTable
    media: tuple[str, ...]
    files: tuple[str, ...]


class Planner:
    """Holds what the steps of planning share; `plan_site` walks through them."""

    def __init__(self, root: Path, config: SiteConfig, content: Content, formats: Formats, library: Library) -> None:
        self.root, self.config, self.content = root, config, content
        self.formats, self.library = formats, library
        self.claims = Claims()
        self.paths = {article.path: article_path(config, article) for article in content.articles}
        self.problems: list[Problem] = []
        self.pages: list[PagePlan] = []
        self.ranks: dict[str, int] = {}
        self.groups: terms.Groups = {}

    def add(self, page: PagePlan) -> None:
        """One more page, if nobody else wants its address."""
        if self.claims.add(output_file(page.path), page.claim):
            self.pages.append(page)


def plan_site(
    root: Path,
    config: SiteConfig,
    content: Content,
    formats: Formats,
    library: Library,
    now: datetime,
    drafts: bool = False,
    reserved: Iterable[str] = (),
    inlined: policy.Inlined = policy.Inlined(),  # noqa: B008 (it is frozen)
) -> tuple[SitePlan, list[Problem]]:
    """The plan of a site at a moment. `reserved` are files that the theme's assets take, `inlined` what of them stands
    inside of pages.
    """
    planner = Planner(root, config, content, formats, library)
    _claim_files(planner, reserved, "the theme's own files")
    hidden = _hidden(content, now, drafts)
    hidden_addresses = _hidden_addresses(planner, hidden)
    planner.content = shown = without_links_to(hidden_addresses, content)
    live = [a for a in shown.articles if a.path not in hidden]
    live.sort(key=lambda a: (a.published.at, a.path))
    planner.ranks = {article.path: rank for rank, article in enumerate(reversed(live))}
    planner.groups = terms.term_groups(config, live)
    pages = [p for p in shown.pages if p.path not in hidden]
    _claim_articles(planner, live)
    sheet = cards.make_sheet(config, formats, library, live, planner.paths, planner.problems, root)
    feeds = tuple(site_feeds(config, library, live, planner.paths))
    _claim_files(planner, ("/robots.txt", "/.nojekyll", SITE_MAP, *(feed.path for feed in feeds)))
    logos = branding.logos(root, config, library, planner.problems)
    site = _site_view(config, formats, live, pages, inlined, logos)
    jobs = live_jobs(shown.board.jobs, now)
    for page in _all_pages(planner, sheet, live, pages, jobs):
        planner.add(page)
    _add_aliases(planner, live, pages)
    _add_old_addresses(planner)
    maps = tuple(sitemaps(config, planner.pages, live, planner.paths))
    _claim_files(planner, (part.path for part in maps[1:]))
    ads = live_ads(shown.ads, now)
    shared = fronts.shared_view(config, formats, library, shown, jobs, ads, planner.problems)
    planner.problems += _conflicts(planner)
    planner.problems += far_dates(root, content, now)
    media = {*(a.image.path for a in live if a.image), *(ad.path for ad in ads), *logos.media}
    plan = _finished(planner, site, shared, live, pages, hidden, hidden_addresses, media, sheet, feeds, maps)
    return plan, [*planner.problems, *_dead_links(planner, content, plan.links.addresses)]


def _dead_links(planner: Planner, content: Content, addresses: Addresses) -> Iterable[Problem]:
    """Addresses in fields, data files and settings that lead to no page of the site."""
    yield from dead_addresses(planner.root, content, addresses)
    yield from branding.dead_links(planner.root, planner.config, addresses)


def _claim_files(planner: Planner, paths: Iterable[str], wanted: str = "") -> None:
    """Claims files that sitegen fills by itself."""
    for path in paths:
        planner.claims.add(output_file(path), Claim("sitegen", wanted or f"the file {path}"))


def _claim_articles(planner: Planner, live: list[Article]) -> None:
    for article in live:
        # The article's own page first: of all its addresses it is the one to be named.
        names = sorted(
            (v.file for v in chosen(planner.config, article, planner.ranks[article.path])),
            key=lambda name: name != "index.html",
        )
        planner.claims.add_folder(planner.paths[article.path], names, article.path)


def _all_pages(
    planner: Planner,
    sheet: Sheet,
    live: list[Article],
    pages: list[StandingPage],
    jobs: tuple[Job, ...],
) -> Iterable[PagePlan]:
    config, formats = planner.config, planner.formats
    yield fronts.front_page(config, sheet, live)
    yield from terms.section_pages(config, formats, sheet, live)
    yield from terms.taxonomy_pages(config, formats, sheet, planner.groups)
    yield from terms.archive_pages(config, formats, sheet, live)
    yield from jobs_pages(config, formats, planner.content.board, jobs)
    for page in pages:
        yield fronts.standing_page(config, formats, page)
    yield fronts.not_found(formats, sheet, live)


def _add_aliases(planner: Planner, live: list[Article], pages: list[StandingPage]) -> None:
    wanted: list[tuple[Article | StandingPage, str]] = [(article, planner.paths[article.path]) for article in live]
    wanted += [(page, fronts.standing_path(page)) for page in pages]
    for item, path in wanted:
        front = FrontMatterOf(planner.root, item.path)
        for alias in item.aliases:
            fault = alias_fault(alias)
            if fault:
                hint = "write an address inside the site, for example /old/address/"
                message = f'the alias "{alias}" {fault}'
                planner.problems.append(front.problem(("aliases",), message, hint, alias))
            elif alias_path(alias) != path:
                claim = Claim(item.path, f'the alias "{alias}"', ("aliases",), alias)
                planner.add(terms.redirect(planner.config, alias_path(alias), path, item.title, claim))


def _add_old_addresses(planner: Planner) -> None:
    for page in terms.old_addresses(planner.config, planner.groups):
        if planner.claims.is_free(output_file(page.path)):
            planner.add(page)


def _conflicts(planner: Planner) -> Iterable[Problem]:
    """Addresses that are wanted twice, and terms that differ so little that one of them is probably a slip."""
    for conflict in planner.claims.conflicts:
        yield _conflict(planner.root, conflict)
    for clash in terms.clashes(planner.groups):
        first, second = clash.first.title, clash.second.title
        address = f"/{clash.taxonomy}/{clash.first.slug}/"
        message = f'the {clash.taxonomy} "{first}" and "{second}" would have the same address, {address}'
        hint = f'write [[terms]] in sitegen.toml, and below it name = "{second}" and slug = "another-name"'
        yield _at_term(planner, clash, message, hint)
    for clash in terms.twins(planner.groups):
        first, second = clash.first.title, clash.second.title
        message = f'the {clash.taxonomy} "{first}" and "{second}" are two pages'
        yield as_warning(_at_term(planner, clash, message, f'if they are one, write "{first}" everywhere'))


def _at_term(planner: Planner, clash: terms.Clash, message: str, hint: str) -> Problem:
    group = clash.second
    return problem_in(planner.root, group.articles[0].path, (clash.taxonomy,), message, hint, group.title)


def _conflict(root: Path, conflict: Conflict) -> Problem:
    first, second = conflict.first, conflict.second
    if not second.source.startswith("content/"):
        first, second = second, first
    hint = "give one of them another slug: add a line slug: another-name"
    if second.field == ("aliases",):
        hint = "remove the alias, or write another one"
    elif not first.source.endswith((".md", ".markdown")):
        hint = "give this one another slug: add a line slug: another-name"
    address = site_path(conflict.file)
    other = f"this file itself ({first.wanted})"
    if first.source == "sitegen":
        other = first.wanted
    elif first.source != second.source:
        other = f"{first.wanted} ({first.source})" if first.wanted.startswith("the ") else first.source
    message = f'the address "{address}" is wanted twice: here and by {other}'
    if not second.source.startswith("content/"):
        return Problem(second.source, 0, 0, message, hint)
    return problem_in(root, second.source, second.field, message, hint, second.value)


def _place_in_menu(page: StandingPage) -> tuple[bool, int, str]:
    return page.order is None, page.order or 0, page.path


def _site_view(
    config: SiteConfig,
    formats: Formats,
    live: list[Article],
    pages: list[StandingPage],
    inlined: policy.Inlined,
    logos: branding.Logos,
) -> SiteView:
    urls = urls_of(config)
    menu = sorted((page for page in pages if page.menu), key=_place_in_menu)
    return SiteView(
        title=config.title,
        description=config.description,
        language=config.language,
        direction=direction(config.language),
        home=urls.local("/"),
        url=urls.absolute("/"),
        copyright=config.copyright,
        sections=tuple(Link(s.title, urls.local(f"/{s.slug}/")) for s in config.sections),
        pages=tuple(Link(p.title, urls.local(fronts.standing_path(p))) for p in menu),
        indexes=tuple(terms.index_links(config, formats, live)),
        archive=Link(formats.say("Archive"), urls.local("/archive/")),
        jobs=Link(formats.say("Fashion Jobs"), urls.local("/jobs/")),
        feed=urls.local(SITE_FEED),
        policy=policy.meta(inlined, branding.hosts_of(config)),
        policy_kept=policy.meta_kept(inlined),
        logo=logos.light,
        logo_dark=logos.dark,
        menu=branding.menu(config),
        analytics=branding.analytics(config),
    )


def _finished(
    planner: Planner,
    site: SiteView,
    shared: SharedView,
    live: list[Article],
    pages: list[StandingPage],
    hidden: dict[str, str],
    hidden_addresses: dict[str, str],
    media: set[str],
    sheet: Sheet,
    feeds: tuple[Feed, ...],
    maps: tuple[SiteMap, ...],
) -> SitePlan:
    paths = {article.path: planner.paths[article.path] for article in live}
    targets = {**paths, **{page.path: fronts.standing_path(page) for page in pages}}
    return SitePlan(
        site=site,
        shared=shared,
        articles=tuple(_article_plans(planner, live, paths, sheet)),
        pages=tuple(planner.pages),
        feeds=feeds,
        sitemaps=maps,
        links=LinkTable(
            targets, hidden, Addresses(frozenset("/" + file for file in planner.claims.files), hidden_addresses)
        ),
        media=tuple(sorted(media)),
        files=tuple(planner.claims.files),
    )


def _hidden(content: Content, now: datetime, drafts: bool) -> dict[str, str]:
    """The files of articles and pages that are not to be seen now, each with what it is."""
    found = {a.path: f"an article that {why}" for a in content.articles if (why := why_hidden(a, now, drafts))}
    return found | {p.path: f"a page that {DRAFT}" for p in content.pages if p.draft and not drafts}


def _hidden_addresses(planner: Planner, hidden: dict[str, str]) -> dict[str, str]:
    """The addresses that would be there if nothing were hidden, and are not, each with what it is.

    A link to one of them is a warning: time alone must never break a build.
    """
    if not hidden:
        return {}
    config, content = planner.config, planner.content
    found: dict[str, str] = {}
    seen = {"/", *(grouping.path for grouping in GROUPINGS), *(f"/{section.slug}/" for section in config.sections)}
    for article in content.articles:
        folder = planner.paths[article.path]
        files = (folder + variant.file for variant in chosen(config, article, planner.ranks.get(article.path, 0)))
        own = (folder, *files, *map(alias_path, article.aliases))
        if article.path in hidden:
            found |= dict.fromkeys(terms.listings_of(config, article), "a listing that has no article at the moment")
            found |= dict.fromkeys(own, hidden[article.path])
        else:
            seen.update(own, terms.listings_of(config, article))
    for page in content.pages:
        own = (fronts.standing_path(page), *map(alias_path, page.aliases))
        if page.path in hidden:
            found |= dict.fromkeys(own, hidden[page.path])
        else:
            seen.update(own)
    return {path: what for path, what in found.items() if path not in seen}


def _article_plans(planner: Planner, live: list[Article], paths: dict[str, str], sheet: Sheet) -> Iterable[ArticlePlan]:
    beside = neighbours(live)
    related_of = related(live)
    for article in live:
        older, newer = (sheet.link(other) if other else None for other in beside[article.path])
        cards = sheet.cards(related_of(article))
        every = chosen(planner.config, article, planner.ranks[article.path])
        pages = tuple(variant for variant in every if not variant.document)
        documents = tuple(variant for variant in every if variant.document)
        yield ArticlePlan(article, paths[article.path], pages, older, newer, cards, documents)
