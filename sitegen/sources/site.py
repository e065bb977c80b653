"""Everything the writers wrote, together."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from sitegen.problems import Problem
from sitegen.sources.articles import Article, StandingPage
from sitegen.sources.files import is_named_in_utf8, misnamed, twins, walk
from sitegen.sources.jobs import HouseAd, JobBoard

ARTICLES = "content/articles"
PAGES = "content/pages"
JOBS = "content/jobs.yaml"
ADS = "content/ads.yaml"


class Content(Struct, frozen=True):
    """The whole content, drafts and scheduled articles included, in the order of the files' paths.

    `broken` are the paths of articles and pages that could not be read.
    """

    articles: tuple[Article, ...] = ()
    pages: tuple[StandingPage, ...] = ()
    board: JobBoard = JobBoard()
    ads: tuple[HouseAd, ...] = ()
    broken: tuple[str, ...] = ()


class Files(Struct, frozen=True):
    """The files in content/: articles, standing pages, and all of any kind; paths from the site's root, sorted."""

    articles: list[str]
    pages: list[str]
    every: list[str]


def content_files(root: Path) -> tuple[Files, list[Problem]]:
    """What lies in content/, and what is wrong there: links out of the site, names that some systems confuse."""
    paths, problems = walk(root, "content")
    texts = [path for path in paths if path.lower().endswith((".md", ".markdown"))]
    texts = [path for path in texts if path.startswith((f"{ARTICLES}/", f"{PAGES}/"))]
    problems += [misnamed(path) for path in texts if not is_named_in_utf8(path)]
    texts = [path for path in texts if is_named_in_utf8(path)]
    articles, pages = ([path for path in texts if path.startswith(f"{folder}/")] for folder in (ARTICLES, PAGES))
    return Files(articles, pages, paths), problems + twins(paths)
