"""What is public at a moment: time is an input of the build like any file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sitegen.sources.articles import Article
from sitegen.sources.jobs import HouseAd, Job
from sitegen.sources.moments import Moment


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


def why_hidden(article: Article, now: datetime, drafts: bool = False) -> str:
    """What keeps an article from the site, as the end of "an article that ..."; empty where it is live."""
    if is_live(article, now, drafts):
        return ""
    when = f"{article.published.day}" if article.published.day_only else f"{article.published.at:%Y-%m-%d %H:%M}"
    said = {"draft": "is a draft", "scheduled": f"waits until {when}"}
    return said.get(status(article, now), "has expired")


def live_jobs(jobs: Iterable[Job], now: datetime) -> tuple[Job, ...]:
    """The ads that stand at the moment, in the file's order: posted and not expired."""
    return tuple(job for job in jobs if _stands(job.posted, job.expires, now))


def live_ads(ads: Iterable[HouseAd], now: datetime) -> tuple[HouseAd, ...]:
    """The house's own advertisements that stand at the moment, in the file's order."""
    return tuple(ad for ad in ads if _stands(ad.starts, ad.expires, now))


def _stands(since: Moment | None, expires: Moment | None, now: datetime) -> bool:
    return (since is None or since.at <= now) and (expires is None or expires.end > now)
