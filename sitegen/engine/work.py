"""A site that is ready to be rendered, and its rendering in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config import SiteConfig
from sitegen.engine.cache import Cache
from sitegen.engine.content import Bodies, read_content
from sitegen.engine.inputs import Inputs
from sitegen.engine.load import read_config, read_theme
from sitegen.engine.moments import moment_of
from sitegen.engine.options import Options, Progress, default_workers
from sitegen.engine.pool import CHUNK, in_chunks
from sitegen.engine.stage import Stage, Stored
from sitegen.engine.staleness import Stale
from sitegen.engine.units import Basis
from sitegen.plan.formats import Formats
from sitegen.plan.live import interval
from sitegen.plan.site import SitePlan, plan_site
from sitegen.plan.urls import urls_of
from sitegen.problems import Problem, errors
from sitegen.render.assets import load_assets
from sitegen.render.catalogue import load_catalogue
from sitegen.render.links import Links, Resolved
from sitegen.render.markdown import Text
from sitegen.render.renderer import PAGE_TEMPLATES, SHARED_TEMPLATES, Body, Renderer, TemplateFault
from sitegen.render.templates import LayerEnvironment, make_environment, read_templates
from sitegen.render.theme import Theme
from sitegen.sources.pictures import Library


class Work(Struct, frozen=True):
    """Everything a build needs to know before it renders, with the problems that were found up to now.

    `basis` is None where the theme's templates do not work: then nothing can be rendered. `gone` are sources that
    were read once and are no more.
    """

    config: SiteConfig
    plan: SitePlan
    texts: dict[str, Text]
    bodies: Bodies
    resolved: dict[str, Resolved]
    library: Library
    renderer: Renderer
    basis: Basis | None
    media: tuple[str, ...]
    workers: int
    progress: Progress
    gone: tuple[str, ...]
    parsed: int
    since: datetime | None
    until: datetime | None
    problems: list[Problem]


def prepare(options: Options, cache: Cache | None, inputs: Inputs, noted: int) -> Work:
    """Reads and plans the site, resolves its links and renders what its pages share."""
    workers = options.workers or default_workers()
    problems: list[Problem] = []
    config, text = read_config(options.root, options.base_url, problems)
    theme = read_theme(options.root, config, text, problems)
    loaded = read_content(
        options.root, config, workers, problems, cache, inputs.texts | inputs.files, noted, options.progress
    )
    options.progress("planning", 0, 0)
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
    links = Links(options.root, plan.links, urls_of(config), library, loaded.texts.get)
    resolved = {path: links.resolve(path, loaded.texts[path].refs) for path in _shown(plan)}
    problems += [problem for one in resolved.values() for problem in one.problems]
    media = {*plan.media, *(path for one in resolved.values() for path in one.media)}
    environment = make_environment(theme, words)
    renderer = Renderer(options.root, config, plan.site, formats, theme, environment, assets, library)
    return Work(
        config,
        plan,
        loaded.texts,
        loaded.bodies,
        resolved,
        library,
        renderer,
        _basis(theme, environment, renderer, plan, Basis(config, words.digest, assets), problems),
        tuple(sorted(media)),
        workers,
        options.progress,
        loaded.gone,
        loaded.parsed,
        *interval(loaded.content, now, options.drafts),
        problems,
    )


def _shown(plan: SitePlan) -> Iterator[str]:
    """The Markdown files whose texts are to be seen."""
    yield from (unit.article.path for unit in plan.articles)
    yield from (page.body.path for page in plan.pages if page.body is not None)


def _basis(
    theme: Theme,
    environment: LayerEnvironment,
    renderer: Renderer,
    plan: SitePlan,
    begun: Basis,
    problems: list[Problem],
) -> Basis | None:
    """What pages have in common, with the templates and the shared parts; None where these do not work."""
    templates, broken = read_templates(theme, environment, (*PAGE_TEMPLATES, *SHARED_TEMPLATES))
    problems += broken
    if broken:
        return None
    try:
        renderer.prepare(plan.shared, templates)
    except TemplateFault as fault:
        problems.append(fault.problem)
        return None
    return replace(begun, templates=templates, shared=renderer.shared)


def render(work: Work, stale: Sequence[Stale], stage: Stage | None, meanwhile: Callable[[], None]) -> dict[str, Stored]:
    """Renders the wanted files of pages and stages them. Without a stage, or with problems, only looks for more.

    `meanwhile` is called once, while workers are at it.
    """
    stored: dict[str, Stored] = {}
    # With a text that is broken there is no page to look at.
    wanted = {one.unit.number: one.wanted for one in stale if not _is_broken(work, one.unit.number)}
    sound = list(wanted)

    def laden(numbers: Sequence[int]) -> list[tuple[int, str]]:
        sources = {number: _text_of(work.plan, number) for number in numbers}
        html = work.bodies.some(path for path in sources.values() if path)
        return [(number, html.get(path, "")) for number, path in sources.items()]

    work.renderer.load(PAGE_TEMPLATES if sound else ())
    state = _State(work.renderer, work.plan, work.texts, work.resolved, wanted, stage)
    chunks = in_chunks(_render_chunk, state, sound, work.workers, laden, meanwhile)
    for number, (files, found) in enumerate(chunks, 1):
        work.progress("rendering", min(number * CHUNK, len(sound)), len(sound))
        work.problems.extend(found)
        stored.update((item.file, item) for item in files)
    return stored


class _State(Struct, frozen=True):
    """What rendering needs besides the texts; `wanted` are the files to be made, by the numbers of their pages."""

    renderer: Renderer
    plan: SitePlan
    texts: Mapping[str, Text]
    resolved: Mapping[str, Resolved]
    wanted: Mapping[int, tuple[str, ...]]
    stage: Stage | None


def _text_of(plan: SitePlan, number: int) -> str:
    """The path of the Markdown file that a page shows; empty where it shows none."""
    if number < len(plan.articles):
        return plan.articles[number].article.path
    body = plan.pages[number - len(plan.articles)].body
    return body.path if body is not None else ""


def section_of(plan: SitePlan, number: int) -> str:
    """The section whose shared parts a page shows."""
    if number < len(plan.articles):
        return plan.articles[number].article.section
    return plan.pages[number - len(plan.articles)].section


def _is_broken(work: Work, number: int) -> bool:
    path = _text_of(work.plan, number)
    return bool(path) and bool(errors(work.resolved[path].problems))


def _render_chunk(state: _State, numbers: Sequence[tuple[int, str]]) -> tuple[list[Stored], list[Problem]]:
    """Renders pages by their numbers: first every article, then every other page."""
    articles, pages, stage = state.plan.articles, state.plan.pages, state.stage
    stored: list[Stored] = []
    problems: list[Problem] = []
    for number, html in numbers:
        path = _text_of(state.plan, number)
        body = Body(html, state.resolved[path].goals, state.texts[path]) if path else None
        if number < len(articles):
            assert body is not None
            rendered = state.renderer.article(articles[number], body, state.wanted[number])
        else:
            rendered = state.renderer.page(pages[number - len(articles)], body)
        problems += rendered.problems
        if stage is not None and not errors(problems):
            stored += [stage.put(file.path, file.data, file.seams) for file in rendered.files]
    return stored, problems
