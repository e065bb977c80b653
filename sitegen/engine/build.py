"""One build, from the files to the output folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import MsgspecError, Struct

from sitegen.config import SiteConfig
from sitegen.engine.cache import Cache
from sitegen.engine.content import Bodies, read_content
from sitegen.engine.faults import answered
from sitegen.engine.load import read_config, read_theme, require_site
from sitegen.engine.moments import moment_of
from sitegen.engine.output import Output, Stage, Stored, locked
from sitegen.engine.pool import default_workers, in_chunks
from sitegen.engine.store import Spoiled
from sitegen.plan.formats import Formats
from sitegen.plan.site import SitePlan, plan_site
from sitegen.plan.urls import urls_of
from sitegen.problems import Problem, SiteError, errors, in_order
from sitegen.render.assets import Assets, load_assets
from sitegen.render.catalogue import load_catalogue
from sitegen.render.feeds import feed_files
from sitegen.render.renderer import PAGE_TEMPLATES, SHARED_TEMPLATES, Renderer, TemplateFault
from sitegen.render.templates import check_templates, make_environment
from sitegen.sources.pictures import Library, MediaFault


class Options(Struct, frozen=True):
    """What a build is asked to do. `now` is aware; None means the clock's.

    `preview` says that the output is only looked at on this machine, so that it is never published by mistake.
    """

    root: Path
    output: Path
    base_url: str = ""
    drafts: bool = False
    now: datetime | None = None
    workers: int = 0
    preview: bool = False


class Result(Struct, frozen=True):
    """What a build did: numbers of articles and files, seconds of wall time, and warnings in order."""

    articles: int
    files: int
    written: int
    unchanged: int
    removed: int
    seconds: float
    output: Path
    config: SiteConfig
    warnings: tuple[Problem, ...] = ()

    @property
    def has_news(self) -> bool:
        """Whether the output is another one than before."""
        return bool(self.written or self.removed)


def build(options: Options) -> Result:
    """Builds the site. Raises SiteError with every problem; the output then stays as it was."""
    started = time.perf_counter()
    require_site(options.root)
    with answered(options.root), locked(options.root, options.output) as noted:
        for remains in (True, False):
            cache = Cache(options.root)
            try:
                return _build(options, started, cache, noted)
            except (Spoiled, MsgspecError):
                # What is kept between builds is disposable: without it this one only takes longer.
                cache.spoiled()
                if not remains:
                    raise
            finally:
                cache.close()
    raise AssertionError("a build ends with its result or with an error")


def check(options: Options) -> tuple[Problem, ...]:
    """Every problem and warning of a site, in order: all that a build does, but nothing is written."""
    try:
        with answered(options.root):
            work = _prepare(options, None, 0)
            _render_all(work, None)
    except SiteError as error:
        return tuple(error.problems)
    return tuple(in_order(work.problems))


class _Work(Struct):
    """A site that is ready to be rendered, with the problems that were found up to now."""

    config: SiteConfig
    plan: SitePlan
    renderer: Renderer
    bodies: Bodies
    assets: Assets
    workers: int
    gone: tuple[str, ...]
    problems: list[Problem]


def _build(options: Options, started: float, cache: Cache, noted: int) -> Result:
    work = _prepare(options, cache, noted)
    output = Output(options.root, options.output, options.preview)
    # Files are staged only when nothing was wrong so far: the folder may not even be ours.
    stage = None if errors(work.problems) else output.begin()
    try:
        stored = _render_all(work, stage)
        cache.save(work.gone)
        if errors(work.problems):
            raise SiteError(work.problems)
        removed = output.commit(stored)
    except BaseException:
        output.abandon()
        raise
    written = sum(item.changed for item in stored.values())
    return Result(
        articles=len(work.plan.articles),
        files=len(stored),
        written=written,
        unchanged=len(stored) - written,
        removed=removed,
        seconds=time.perf_counter() - started,
        output=options.output,
        config=work.config,
        warnings=tuple(in_order(work.problems)),
    )


def _prepare(options: Options, cache: Cache | None, noted: int) -> _Work:
    workers = options.workers or default_workers()
    problems: list[Problem] = []
    config, text = read_config(options.root, options.base_url, problems)
    theme = read_theme(options.root, config, text, problems)
    loaded = read_content(options.root, config, workers, problems, cache, noted)
    assets, found = load_assets(theme)
    problems += found
    words, found = load_catalogue(theme, config.language)
    problems += found
    formats = Formats(config.language, words.translations.gettext, words.translations.ngettext)
    library = Library(options.root)
    now = moment_of(options.now, ZoneInfo(config.timezone))
    reserved = sorted(assets.files)
    plan, found = plan_site(options.root, config, loaded.content, formats, library, now, options.drafts, reserved)
    problems += found
    environment = make_environment(theme, words)
    broken = check_templates(theme, environment, (*PAGE_TEMPLATES, *SHARED_TEMPLATES))
    problems += broken
    renderer = Renderer(
        options.root, config, plan, formats, theme, environment, assets, library, loaded.texts, not broken
    )
    return _Work(config, plan, renderer, loaded.bodies, assets, workers, loaded.gone, problems)


def _render_all(work: _Work, stage: Stage | None) -> dict[str, Stored]:
    """Renders every file and stages it. Without a stage, or with problems, only looks for more of them."""
    renderer, plan, problems = work.renderer, work.plan, work.problems
    media = set(plan.media)
    stored: dict[str, Stored] = {}
    try:
        renderer.prepare()
    except TemplateFault as fault:
        problems.append(fault.problem)
        return stored

    def laden(units: Sequence[int]) -> list[tuple[int, str]]:
        sources = {unit: _text_of(plan, unit) for unit in units}
        html = work.bodies.some(path for path in sources.values() if path)
        return [(unit, html.get(path, "")) for unit, path in sources.items()]

    units = range(len(plan.articles) + len(plan.pages))
    for files, used, found in in_chunks(_render_chunk, (renderer, stage), units, work.workers, laden):
        media |= used
        problems += found
        stored.update((item.file, item) for item in files)
    if stage is not None and not errors(problems):
        for file, data in _other_files(renderer, plan, work.assets, sorted(media)):
            stored[file] = stage.put(file, data)
    return stored


def _text_of(plan: SitePlan, unit: int) -> str:
    """The path of the Markdown file that a unit shows; empty where it shows none."""
    if unit < len(plan.articles):
        return plan.articles[unit].article.path
    body = plan.pages[unit - len(plan.articles)].body
    return body.path if body is not None else ""


def _render_chunk(
    state: tuple[Renderer, Stage | None], units: Sequence[tuple[int, str]]
) -> tuple[list[Stored], set[str], list[Problem]]:
    """Renders units by their numbers: first every article, then every other page."""
    renderer, stage = state
    articles, pages = renderer.plan.articles, renderer.plan.pages
    stored: list[Stored] = []
    media: set[str] = set()
    problems: list[Problem] = []
    for unit, html in units:
        if unit < len(articles):
            rendered = renderer.article(articles[unit], html)
        else:
            rendered = renderer.page(pages[unit - len(articles)], html)
        media |= rendered.media
        problems += rendered.problems
        if stage is not None and not errors(problems):
            stored += [stage.put(file, data) for file, data in rendered.files]
    return stored, media, problems


def _other_files(renderer: Renderer, plan: SitePlan, assets: Assets, media: Sequence[str]) -> list[tuple[str, bytes]]:
    files = [*assets.files.items(), *feed_files(plan, urls_of(renderer.config))]
    for path in media:
        try:
            name = renderer.library.picture(path).file
        except MediaFault:
            name = renderer.library.attachment(path)
        files.append((name, (renderer.root / path).read_bytes()))
    return files
