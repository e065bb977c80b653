"""One build, from the files to the output folder."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.engine.load import Loaded, read_config, read_content, read_theme
from sitegen.engine.output import Output, Stored, stage
from sitegen.engine.pool import default_workers, in_chunks
from sitegen.plan.formats import Formats
from sitegen.plan.site import ArticlePlan, SitePlan, plan_site
from sitegen.plan.urls import urls_of
from sitegen.problems import Problem, SiteError
from sitegen.render.assets import Assets, load_assets
from sitegen.render.catalogue import load_catalogue
from sitegen.render.feeds import feed_files
from sitegen.render.renderer import PAGE_TEMPLATES, SHARED_TEMPLATES, Rendered, Renderer, TemplateFault
from sitegen.render.theme import Theme, check_templates, make_environment
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
    """What a build did: numbers of articles and files, and seconds of wall time."""

    articles: int
    files: int
    written: int
    unchanged: int
    removed: int
    seconds: float
    output: Path
    config: SiteConfig

    @property
    def has_news(self) -> bool:
        """Whether the output is another one than before."""
        return bool(self.written or self.removed)


def build(options: Options) -> Result:
    """Builds the site. Raises SiteError with every problem; the output then stays as it was."""
    started = time.perf_counter()
    workers = options.workers or default_workers()
    problems: list[Problem] = []
    config, text = read_config(options.root, options.base_url, problems)
    theme = read_theme(options.root, config, text, problems)
    loaded = read_content(options.root, config, workers, problems)
    assets, found = load_assets(theme)
    problems += found
    plan, renderer = _prepare(options, config, theme, assets, loaded, problems)
    output = Output(options.root, options.output, options.preview)
    if not problems:
        output.begin()
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


def _prepare(
    options: Options,
    config: SiteConfig,
    theme: Theme,
    assets: Assets,
    loaded: Loaded,
    problems: list[Problem],
) -> tuple[SitePlan, Renderer]:
    words, found = load_catalogue(theme, config.language)
    problems += found
    formats = Formats(config.language, words.gettext, words.ngettext)
    library = Library(options.root)
    now = moment_of(options, config)
    reserved = sorted(assets.files)
    plan, found = plan_site(options.root, config, loaded.content, formats, library, now, options.drafts, reserved)
    problems += found
    environment = make_environment(theme)
    broken = check_templates(theme, environment, (*PAGE_TEMPLATES, *SHARED_TEMPLATES))
    problems += broken
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    return plan, Renderer(
        options.root, config, plan, formats, theme, environment, assets, library, loaded.bodies, not broken
    )


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
