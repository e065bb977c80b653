"""What is public at a moment: time is an input of the build like any file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import MINYEAR, UTC, datetime

from sitegen.sources.articles import Article
from sitegen.sources.jobs import HouseAd, Job
from sitegen.sources.moments import Moment
from sitegen.sources.site import Content

FAR_YEARS = 10
"""Nobody plans an article further ahead: a date behind that is a slip of the finger."""


def is_live(article: Article, now: datetime, drafts: bool = False) -> bool:
    """Whether an article stands on the site; `drafts` lets drafts and scheduled ones through for a preview."""
    if article.expires is not None and article.expires.end <= now:
        return False
    return drafts or (not article.draft and article.published.at <= now)


def status(article: Article, now: datetime) -> str:
    """`published`, `scheduled`, `draft` or `expired`; a draft is one whatever its dates say."""
    if article.draft:
        return "draft"
    if article.expires is not None and article.expires.end <= now:
        return "expired"
    return "published" if article.published.at <= now else "scheduled"


def in_short(moment: Moment) -> str:
    """A moment for a person who works on the site: `2026-10-16`, or `2026-10-16 08:30`."""
    return f"{moment.day}" if moment.day_only else f"{moment.at:%Y-%m-%d %H:%M}"


DRAFT = "is a draft"


def why_hidden(article: Article, now: datetime, drafts: bool = False) -> str:
    """What keeps an article from the site, as the end of "an article that ..."; empty where it is live."""
    if is_live(article, now, drafts):
        return ""
    said = {"draft": DRAFT, "scheduled": f"waits until {in_short(article.published)}"}
    return said.get(status(article, now), "has expired")


def live_jobs(jobs: Iterable[Job], now: datetime) -> tuple[Job, ...]:
    """The ads that stand at the moment, in the file's order: posted and not expired."""
    return tuple(job for job in jobs if _stands(job.posted, job.expires, now))


def live_ads(ads: Iterable[HouseAd], now: datetime) -> tuple[HouseAd, ...]:
    """The house's own advertisements that stand at the moment, in the file's order."""
    return tuple(ad for ad in ads if _stands(ad.starts, ad.expires, now))


def _stands(since: Moment | None, expires: Moment | None, now: datetime) -> bool:
    return (since is None or since.at <= now) and (expires is None or expires.end > now)


def turns(content: Content, drafts: bool = False) -> Iterator[datetime]:
    """The moments at which the site changes by itself: something is to be seen from then on, or no longer."""
    for article in content.articles:
        if article.draft and not drafts:
            continue
        if not drafts:
            yield article.published.at
        if article.expires is not None:
            yield article.expires.end
    for job in content.board.jobs:
        yield from _turns(job.posted, job.expires)
    for ad in content.ads:
        yield from _turns(ad.starts, ad.expires)


def _turns(since: Moment | None, expires: Moment | None) -> Iterator[datetime]:
    if since is not None:
        yield since.at
    if expires is not None:
        yield expires.end


def interval(content: Content, now: datetime, drafts: bool = False) -> tuple[datetime | None, datetime | None]:
    """The last moment up to now and the first after it at which the site changes by itself, in UTC; None for none.

    Before the first of them a build may also find that a date lies too far ahead. `now` is in the site's zone.
    """
    moments = {*turns(content, drafts)}
    before = (moment for moment in (*moments, *_first_years(content, now)) if moment <= now)
    return _utc(max(before, default=None)), _utc(_first_after(now, moments))


def next_turn(content: Content, now: datetime, drafts: bool = False) -> datetime | None:
    """The first moment after now at which the site changes by itself, in UTC; None for none."""
    return _utc(_first_after(now, turns(content, drafts)))


def _first_after(now: datetime, moments: Iterable[datetime]) -> datetime | None:
    return min((moment for moment in moments if moment > now), default=None)


def _first_years(content: Content, now: datetime) -> Iterator[datetime]:
    """The beginning of the first year in which no date lies too far ahead."""
    dates = [one for article in content.articles for one in (article.published, article.updated)]
    dates += [*(job.posted for job in content.board.jobs), *(ad.starts for ad in content.ads)]
    year = max((date.day.year for date in dates if date is not None), default=0) - FAR_YEARS
    if MINYEAR <= year <= now.year:
        yield datetime(year, 1, 1, tzinfo=now.tzinfo)


def _utc(moment: datetime | None) -> datetime | None:
    # At the ends of the calendar there may be no such time in UTC.
    try:
        return moment.astimezone(UTC) if moment is not None else None
    except OverflowError:
        return None
