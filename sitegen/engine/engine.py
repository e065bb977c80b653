"""One build, from the files to the output folder."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from sitegen.config import SiteConfig, load_config, override_base_url
from sitegen.engine.output import Output, Stored, stage
from sitegen.engine.pool import default_workers, in_chunks
from sitegen.plan.formats import Formats
from sitegen.plan.site import ArticlePlan, SitePlan, plan_site
from sitegen.plan.urls import urls_of
from sitegen.problems import Problem, SiteError, at
from sitegen.render.assets import Assets, load_assets
from sitegen.render.catalogue import load_catalogue
from sitegen.render.feeds import feed_files
from sitegen.render.markdown import parse_body
from sitegen.render.renderer import PAGE_TEMPLATES, SHARED_TEMPLATES, Rendered, Renderer, TemplateFault
from sitegen.render.theme import Theme, check_templates, load_theme, make_environment
from sitegen.sources.articles import Article, read_body
from sitegen.sources.pictures import Library, MediaFault
from sitegen.sources.site import Content, article_files, load_articles, load_rest
from sitegen.sources.text import MAX_DATA_BYTES, read_text

CONFIG = "sitegen.toml"


class Options(Struct, frozen=True):
    """What a build is asked to do. `now` is aware; None means the clock's."""

    root: Path
    output: Path
    base_url: str = ""
    drafts: bool = False
    now: datetime | None = None
    workers: int = 0


class Result(Struct, frozen=True):
    """What a build did: numbers of articles and files, and seconds of wall time."""

    articles: int
    files: int
    written: int
    unchanged: int
    removed: int
    seconds: float
    output: Path
    config: SiteConfig


class Loaded(Struct, frozen=True):
    """The state of the first chunked step: reading front matter."""

    root: Path
    sections: tuple[str, ...]
    zone: ZoneInfo


def build(options: Options) -> Result:
    """Builds the site. Raises SiteError with every problem; the output then stays as it was."""
    started = time.perf_counter()
    workers = options.workers or default_workers()
    problems: list[Problem] = []
    config = _config(options, problems)
    theme = _theme(options.root, config, problems)
    content = _content(options.root, config, workers, problems)
    if theme is None:
        raise SiteError(problems)
    assets, found = load_assets(theme)
    problems += found
    plan, renderer = _prepare(options, config, theme, assets, content, problems)
    output = Output(options.output, _shown(options.output, options.root))
    files = [*plan.files, *assets.files]
    if not problems:
        output.begin(files)
    stored: dict[str, Stored] = {}
    try:
        _render_all(renderer, plan, assets, output, stored, problems, workers)
        if problems:
            raise SiteError(problems)
        removed = output.commit(stored)
    except BaseException:
        output.abandon()
        raise
    written = sum(item.changed for item in stored.values())
    return Result(
        articles=len(plan.articles),
        files=len(stored),
        written=written,
        unchanged=len(stored) - written,
        removed=removed,
        seconds=time.perf_counter() - started,
        output=options.output,
        config=config,
    )


def moment_of(options: Options, config: SiteConfig) -> datetime:
    """The build's now: --now, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the clock."""
    zone = ZoneInfo(config.timezone)
    if options.now is not None:
        now = options.now if options.now.tzinfo else options.now.replace(tzinfo=zone)
        return now.astimezone(zone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).astimezone(zone)
    return datetime.now(zone)


def _config(options: Options, problems: list[Problem]) -> SiteConfig:
    if not (options.root / CONFIG).is_file():
        hint = "go to the site's folder, name it with --site, or start a new site with: sitegen init my-site"
        raise SiteError([Problem(CONFIG, 0, 0, "there is no sitegen.toml here", hint)])
    text, found = read_text(options.root, CONFIG, MAX_DATA_BYTES)
    if text is None:
        raise SiteError(found)
    config, found = load_config(text, CONFIG)
    problems += found
    if config is not None and options.base_url:
        config, found = override_base_url(config, options.base_url)
        problems += found
    if config is None:
        raise SiteError(problems)
    return config


def _theme(root: Path, config: SiteConfig, problems: list[Problem]) -> Theme | None:
    text, _ = read_text(root, CONFIG, MAX_DATA_BYTES)
    offset = (text or "").find(f'"{config.theme}"')
    line, column, excerpt = at(text or "", offset) if offset >= 0 else (0, 0, "")
    theme, found = load_theme(root, config.theme, Problem(CONFIG, line, column, "", "", excerpt))
    problems += found
    return theme


def _content(root: Path, config: SiteConfig, workers: int, problems: list[Problem]) -> Content:
    zone = ZoneInfo(config.timezone)
    if not (root / "content").is_dir():
        hint = "put the articles into content/articles/, or start with: sitegen init my-site"
        problems.append(Problem("content", 0, 0, "there is no folder content/", hint))
    paths, found = article_files(root)
    problems += found
    state = Loaded(root, tuple(section.slug for section in config.sections), zone)
    articles: list[Article] = []
    for loaded, found in in_chunks(_load_chunk, state, paths, workers):
        articles += loaded
        problems += found
    rest, found = load_rest(root, zone)
    problems += found
    return msgspec.structs.replace(rest, articles=tuple(articles))


def _load_chunk(state: Loaded, paths: Sequence[str]) -> tuple[list[Article], list[Problem]]:
    articles, problems = load_articles(state.root, paths, state.sections, state.zone)
    return [_with_excerpt(state.root, article) for article in articles], problems


def _with_excerpt(root: Path, article: Article) -> Article:
    """Listings need a few words; where the writer gave none, it is the start of the text."""
    excerpt = article.summary
    if not excerpt:
        text, line = read_body(root, article.path)
        excerpt = parse_body(text, article.path, line).summary
    return msgspec.structs.replace(article, excerpt=excerpt)


def _prepare(
    options: Options,
    config: SiteConfig,
    theme: Theme,
    assets: Assets,
    content: Content,
    problems: list[Problem],
) -> tuple[SitePlan, Renderer]:
    words, found = load_catalogue(theme, config.language)
    problems += found
    formats = Formats(config.language, words.gettext, words.ngettext)
    library = Library(options.root)
    now = moment_of(options, config)
    plan, found = plan_site(options.root, config, content, formats, library, now, options.drafts, sorted(assets.files))
    problems += found
    environment = make_environment(theme)
    problems += check_templates(theme, environment, (*PAGE_TEMPLATES, *SHARED_TEMPLATES))
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    return plan, Renderer(options.root, config, plan, formats, theme, environment, assets, library)


def _render_all(
    renderer: Renderer,
    plan: SitePlan,
    assets: Assets,
    output: Output,
    stored: dict[str, Stored],
    problems: list[Problem],
    workers: int,
) -> None:
    """Renders and stages every file. Where problems are known already, only looks for more of them."""
    media = set(plan.media)
    # Files are staged only when nothing was wrong so far: the folder may not even be ours.
    folder = None if problems else output.folder
    try:
        renderer.prepare()
    except TemplateFault as fault:
        problems.append(fault.problem)
        return
    units: list[ArticlePlan | int] = [*plan.articles, *range(len(plan.pages))]
    for files, used, found in in_chunks(_render_chunk, (renderer, folder), units, workers):
        media |= used
        problems += found
        stored.update((item.file, item) for item in files)
    if problems or folder is None:
        return
    for file, data in _other_files(renderer, plan, assets, sorted(media), problems):
        stored[file] = stage(folder, file, data)


def _render_chunk(
    state: tuple[Renderer, Path | None], units: Sequence[ArticlePlan | int]
) -> tuple[list[Stored], set[str], list[Problem]]:
    renderer, folder = state
    stored: list[Stored] = []
    media: set[str] = set()
    problems: list[Problem] = []
    for unit in units:
        rendered: Rendered = (
            renderer.page(renderer.plan.pages[unit]) if isinstance(unit, int) else renderer.article(unit)
        )
        media |= rendered.media
        problems += rendered.problems
        if folder is not None and not problems:
            stored += [stage(folder, file, data) for file, data in rendered.files]
    return stored, media, problems


def _other_files(
    renderer: Renderer, plan: SitePlan, assets: Assets, media: Sequence[str], problems: list[Problem]
) -> list[tuple[str, bytes]]:
    files = [*assets.files.items(), *feed_files(plan, urls_of(renderer.config))]
    for path in media:
        try:
            name = renderer.library.picture(path).file
        except MediaFault:
            name = renderer.library.attachment(path)
        files.append((name, (renderer.root / path).read_bytes()))
    return files


def _shown(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix() or "."
    except ValueError:
        return str(path)
