"""One page that is not an article: its template, its view and who wants its address."""

from __future__ import annotations

from msgspec import Struct

from sitegen.plan.urls import Claim
from sitegen.plan.views import (
    FrontView,
    JobsView,
    ListingView,
    NotFoundView,
    PageView,
    RedirectView,
    TermsView,
)
from sitegen.sources.articles import StandingPage

View = FrontView | ListingView | TermsView | JobsView | PageView | NotFoundView | RedirectView

VIEWS: dict[str, type[View]] = {
    "front.html": FrontView,
    "listing.html": ListingView,
    "terms.html": TermsView,
    "jobs.html": JobsView,
    "page.html": PageView,
    "404.html": NotFoundView,
    "redirect.html": RedirectView,
}
"""The templates of pages that are no articles, each with what it shows."""


class PagePlan(Struct, frozen=True):
    """A page. `path` is its site path; `section` the slug to mark in the navigation.

    `body` names the Markdown file whose text completes the view when the page is rendered.
    `lastmod` (an ISO date) puts the page into the sitemap; None keeps it out.
    """

    path: str
    template: str
    view: View
    claim: Claim
    section: str = ""
    body: StandingPage | None = None
    lastmod: str | None = None
