"""Everything the writers wrote, together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.problems import Problem
from sitegen.sources.articles import Article, StandingPage, load_article, load_page
from sitegen.sources.files import walk
from sitegen.sources.jobs import HouseAd, JobBoard, load_ads, load_jobs

ARTICLES = "content/articles"
PAGES = "content/pages"
JOBS = "content/jobs.yaml"
ADS = "content/ads.yaml"


class Content(Struct, frozen=True):
    """The whole content, drafts and scheduled articles included, in the order of the files' paths."""

    articles: tuple[Article, ...] = ()
    pages: tuple[StandingPage, ...] = ()
    board: JobBoard = JobBoard()
    ads: tuple[HouseAd, ...] = ()


def article_files(root: Path) -> tuple[list[str], list[Problem]]:
    """The paths of all articles, sorted, relative to the site's root."""
    return _markdown(root, ARTICLES)


def _markdown(root: Path, folder: str) -> tuple[list[str], list[Problem]]:
    paths, problems = walk(root, folder)
    return [path for path in paths if path.lower().endswith((".md", ".markdown"))], problems


def load_articles(
    root: Path, paths: Sequence[str], sections: tuple[str, ...], zone: ZoneInfo
) -> tuple[list[Article], list[Problem]]:
    """The front matter of some articles; a chunk of the work that may run in another process."""
    articles: list[Article] = []
    problems: list[Problem] = []
    for path in paths:
        article, found = load_article(root, path, sections, zone)
        problems += found
        if article is not None:
            articles.append(article)
    return articles, problems


def load_rest(root: Path, zone: ZoneInfo) -> tuple[Content, list[Problem]]:
    """All content but the articles."""
    paths, problems = _markdown(root, PAGES)
    pages: list[StandingPage] = []
    for path in paths:
        page, found = load_page(root, path, zone)
        problems += found
        if page is not None:
            pages.append(page)
    board, found = load_jobs(root, JOBS, zone)
    ads, more = load_ads(root, ADS, zone)
    return Content(pages=tuple(pages), board=board, ads=ads), problems + found + more
