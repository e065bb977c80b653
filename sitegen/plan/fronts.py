"""The pages that stand alone: the front page, the standing pages and 404.html; and what the sidebar shows."""

from __future__ import annotations

from markupsafe import Markup

from sitegen.config import SiteConfig
from sitegen.plan.cards import Sheet
from sitegen.plan.formats import Formats, direction
from sitegen.plan.jobs import job_total, job_view
from sitegen.plan.pages import PagePlan
from sitegen.plan.terms import home_link
from sitegen.plan.urls import Claim, urls_of
from sitegen.plan.views import (
    AdView,
    FrontView,
    ImageView,
    Link,
    NotFoundView,
    PageView,
    SectionBand,
    SharedView,
)
from sitegen.problems import Problem, note
from sitegen.sources.articles import Article, StandingPage
from sitegen.sources.jobs import HouseAd, Job
from sitegen.sources.media import MediaFault
from sitegen.sources.pictures import CENTRE, Library
from sitegen.sources.places import DataFile
from sitegen.sources.site import ADS, Content

BESIDE = 3
LATEST = 6
BAND = 3
NOT_FOUND = 4


def front_page(config: SiteConfig, sheet: Sheet, live: list[Article]) -> PagePlan:
    """Lead story, the stories beside it, the latest, and more of each section; no story stands twice.

    Featured articles come first, the newest of them as the lead; where there are too few the newest fill up.
    """
    newest = live[::-1]
    ranked = sorted(newest, key=lambda article: not article.featured)
    lead, beside = next(iter(ranked), None), ranked[1 : 1 + BESIDE]
    taken = {article.path for article in ranked[: 1 + BESIDE]}
    latest = [article for article in newest if article.path not in taken][:LATEST]
    taken |= {article.path for article in latest}
    urls = urls_of(config)
    bands = []
    for section in config.sections:
        cards = [a for a in newest if a.section == section.slug and a.path not in taken][:BAND]
        if cards:
            bands.append(SectionBand(Link(section.title, urls.local(f"/{section.slug}/")), sheet.cards(cards)))
    view = FrontView(
        title=config.title,
        url=urls.local("/"),
        canonical=urls.absolute("/"),
        lead=sheet.card(lead) if lead else None,
        beside=sheet.cards(beside),
        latest=sheet.cards(latest),
        bands=tuple(bands),
    )
    lastmod = max((article.published.day.isoformat() for article in live), default="")
    return PagePlan("/", "front.html", view, Claim("sitegen", "the front page"), lastmod=lastmod)


def standing_path(page: StandingPage) -> str:
    """The site path of a standing page."""
    return f"/{page.slug}/"


def standing_page(config: SiteConfig, formats: Formats, page: StandingPage) -> PagePlan:
    """A standing page; its text is rendered later."""
    urls = urls_of(config)
    path = standing_path(page)
    language = page.language or config.language
    view = PageView(
        title=page.title,
        url=urls.local(path),
        canonical=urls.absolute(path),
        breadcrumb=(home_link(config, formats), Link(page.title, urls.local(path))),
        summary=page.summary,
        language=language,
        direction=direction(language),
        content=Markup(),
    )
    return PagePlan(path, "page.html", view, Claim(page.path, f"the page {path}"), body=page, lastmod="")


def not_found(formats: Formats, sheet: Sheet, live: list[Article]) -> PagePlan:
    """404.html at the top, where hosts look for it."""
    view = NotFoundView(formats.say("Page not found"), sheet.cards(live[::-1][:NOT_FOUND]))
    return PagePlan("/404.html", "404.html", view, Claim("sitegen", "the page for wrong addresses"))


def shared_view(
    config: SiteConfig,
    formats: Formats,
    library: Library,
    content: Content,
    jobs: tuple[Job, ...],
    ads: tuple[HouseAd, ...],
    problems: list[Problem],
) -> SharedView:
    """What the sidebar shows, the same on every page."""
    total = job_total(content.board, jobs)
    return SharedView(
        job_total=total,
        job_total_text=formats.number(total),
        jobs=tuple(job_view(job, formats, urls_of(config)) for job in jobs[: config.jobs_sidebar_count]),
        ads=tuple(_ads(config, formats, library, ads, problems)),
    )


def _ads(
    config: SiteConfig,
    formats: Formats,
    library: Library,
    ads: tuple[HouseAd, ...],
    problems: list[Problem],
) -> list[AdView]:
    urls = urls_of(config)
    views: list[AdView] = []
    file = DataFile(library.root, ADS)
    for ad in ads:
        try:
            picture = library.picture(ad.path)
        except MediaFault as fault:
            note(problems, file.problem(ad.index, "image", str(fault), fault.hint))
            continue
        own = picture.base, CENTRE, picture.tone
        image = ImageView(urls.local(picture.file), picture.width, picture.height, ad.alt, "", "", "", *own)
        views.append(AdView(image, urls.written(ad.url), ad.label or formats.say("Ads")))
    return views
