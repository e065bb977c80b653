"""What is public at a moment: time is an input of the build like any file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sitegen.sources.articles import Article
from sitegen.sources.fields import Moment
from sitegen.sources.jobs import Job


def ends_at(expires: Moment) -> datetime:
    """When something that expires leaves the site; a date without a time counts to the end of its day."""
    if not expires.day_only:
        return expires.at
    next_day = expires.at.date() + timedelta(days=1)
    return datetime(next_day.year, next_day.month, next_day.day, tzinfo=expires.at.tzinfo)


def is_live(article: Article, now: datetime, drafts: bool = False) -> bool:
    """Whether an article stands on the site; `drafts` lets drafts and scheduled ones through for a preview."""
    if article.expires is not None and ends_at(article.expires) <= now:
        return False
    return drafts or (not article.draft and article.published.at <= now)


def live_jobs(jobs: Iterable[Job], now: datetime) -> tuple[Job, ...]:
    """The ads that have not expired, in the file's order."""
    return tuple(job for job in jobs if job.expires is None or ends_at(job.expires) > now)
