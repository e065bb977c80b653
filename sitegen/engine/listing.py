"""What articles there are, and in which state; no text is parsed for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from sitegen.engine.load import read_config
from sitegen.engine.moments import moment_of
from sitegen.plan.live import status
from sitegen.plan.urls import article_path, urls_of
from sitegen.problems import Problem
from sitegen.sources.articles import load_article
from sitegen.sources.locale import locale_of
from sitegen.sources.locate import SiteFiles
from sitegen.sources.site import content_files
from sitegen.text import MAX_ARTICLE_BYTES, read_text


class Entry(Struct, frozen=True):
    """One article. `status` is published, scheduled, draft or expired; `published` is an ISO date or date-time."""

    path: str
    title: str
    section: str
    status: str
    published: str
    url: str


def entries(root: Path, now: datetime | None = None) -> tuple[list[Entry], list[Problem]]:
    """All articles that can be read, the newest first, and what is wrong with the others. Raises SiteError."""
    problems: list[Problem] = []
    config, _ = read_config(root, "", problems)
    locale, slugs = locale_of(config), tuple(section.slug for section in config.sections)
    moment, there = moment_of(now, locale.zone), SiteFiles(root)
    files, found = content_files(root)
    problems += found
    listed = []
    for path in files.articles:
        text, found = read_text(root, path, MAX_ARTICLE_BYTES)
        problems += found
        if text is None:
            continue
        article, _, found = load_article(there, path, text, slugs, locale)
        problems += found
        if article is not None:
            at = article.published
            written = at.day.isoformat() if at.day_only else at.at.isoformat(timespec="minutes")
            url = urls_of(config).absolute(article_path(config, article))
            entry = Entry(path, article.title, article.section, status(article, moment), written, url)
            listed.append((at.at, path, entry))
    return [entry for *_, entry in sorted(listed, key=lambda item: item[:2], reverse=True)], problems
