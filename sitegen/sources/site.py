"""Everything the writers wrote, together."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from sitegen.problems import Problem
from sitegen.sources.articles import Article, StandingPage
from sitegen.sources.files import twins, walk
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


def markdown_files(root: Path, folder: str) -> tuple[list[str], list[Problem]]:
    """The paths of all Markdown files below a folder, sorted, relative to the site's root."""
    paths, problems = walk(root, folder)
    found = [path for path in paths if path.lower().endswith((".md", ".markdown"))]
    return found, problems + twins(found)
