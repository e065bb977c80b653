"""Reading everything a build depends on: configuration, theme, content and the parsed texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from sitegen.config import SiteConfig, load_config, override_base_url
from sitegen.engine.pool import in_chunks
from sitegen.problems import Problem, SiteError, problem_at
from sitegen.render.markdown import ParsedBody, parse_body
from sitegen.render.quotes import quotes_of
from sitegen.render.theme import Theme, load_theme
from sitegen.sources.articles import Article, StandingPage, load_article, load_page
from sitegen.sources.jobs import load_ads, load_jobs
from sitegen.sources.site import ADS, JOBS, Content, markdown_files
from sitegen.text import MAX_DATA_BYTES, read_text
from sitegen.tomldoc import places, spot

CONFIG = "sitegen.toml"


class Loaded(Struct, frozen=True):
    """All content, and the parsed text of every article and standing page by its file's path."""

    content: Content
    bodies: dict[str, ParsedBody]


class _Reading(Struct, frozen=True):
    """What reading an article needs to know of its site."""

    root: Path
    config: SiteConfig
    sections: tuple[str, ...]
    zone: ZoneInfo

    def body(self, text: str, source: Article | StandingPage) -> ParsedBody:
        """A source's text, parsed."""
        quotes = quotes_of(source.language or self.config.language) if self.config.smart_quotes else None
        return parse_body(text, source.path, source.body_line, quotes)


def require_site(root: Path) -> None:
    """Raises SiteError where the folder is no site's."""
    if not (root / CONFIG).is_file():
        hint = "go to the site's folder, name it with --site, or begin one with sitegen init DIR"
        raise SiteError([Problem(CONFIG, 0, 0, "there is no sitegen.toml here", hint)])


def read_config(root: Path, base_url: str, problems: list[Problem]) -> tuple[SiteConfig, str]:
    """The settings, with `base_url` instead of the file's where it is not empty, and the file's text.

    Raises SiteError.
    """
    require_site(root)
    text, found = read_text(root, CONFIG, MAX_DATA_BYTES)
    if text is None:
        raise SiteError(found)
    config, found = load_config(text, CONFIG)
    problems += found
    if config is not None and base_url:
        config, found = override_base_url(config, base_url)
        problems += found
    if config is None:
        raise SiteError(problems)
    return config, text


def read_theme(root: Path, config: SiteConfig, text: str, problems: list[Problem]) -> Theme:
    """The site's theme with its layers; `text` is sitegen.toml's.

    Raises SiteError: without a theme nothing can be checked.
    """
    asked_at = problem_at(CONFIG, text, spot(places(text), ("theme",)).value, "")
    theme, found = load_theme(root, config.theme, asked_at)
    problems += found
    if theme is None:
        raise SiteError(problems)
    return theme


def read_content(root: Path, config: SiteConfig, workers: int, problems: list[Problem]) -> Loaded:
    """Every source of the site; each Markdown text is parsed here, and only here."""
    if not (root / "content").is_dir():
        problems.append(Problem("content", 0, 0, "there is no folder content/", "put articles into content/articles/"))
    zone = ZoneInfo(config.timezone)
    reading = _Reading(root, config, tuple(section.slug for section in config.sections), zone)
    paths, page_paths, found = markdown_files(root)
    problems += found
    articles: list[Article] = []
    bodies: dict[str, ParsedBody] = {}
    for loaded, found in in_chunks(_load_chunk, reading, paths, workers):
        problems += found
        for article, body in loaded:
            articles.append(article)
            bodies[article.path] = body
    pages = []
    for path in page_paths:
        page, text, found = load_page(root, path, zone)
        problems += found
        if page is not None:
            pages.append(page)
            bodies[path] = reading.body(text, page)
            problems += bodies[path].problems
    board, found = load_jobs(root, JOBS, zone)
    problems += found
    ads, found = load_ads(root, ADS, zone)
    problems += found
    broken = tuple(path for path in (*paths, *page_paths) if path not in bodies)
    return Loaded(Content(tuple(articles), tuple(pages), board, ads, broken), bodies)


def _load_chunk(reading: _Reading, paths: Sequence[str]) -> tuple[list[tuple[Article, ParsedBody]], list[Problem]]:
    loaded: list[tuple[Article, ParsedBody]] = []
    problems: list[Problem] = []
    for path in paths:
        article, text, found = load_article(reading.root, path, reading.sections, reading.zone)
        problems += found
        if article is None:
            continue
        body = reading.body(text, article)
        problems += body.problems
        # Listings need a few words; where the writer gave none, it is the start of the text.
        loaded.append((msgspec.structs.replace(article, excerpt=article.summary or body.summary), body))
    return loaded, problems
