"""A site that is ready to be rendered: everything is read, planned and resolved."""

from __future__ import annotations

from collections.abc import Iterator
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
from sitegen.engine.units import Basis
from sitegen.plan.formats import Formats
from sitegen.plan.live import interval
from sitegen.plan.site import SitePlan, plan_site
from sitegen.plan.urls import urls_of
from sitegen.problems import Problem
from sitegen.render.assets import load_assets
from sitegen.render.catalogue import load_catalogue
from sitegen.render.links import Links, Resolved
from sitegen.render.markdown import Text
from sitegen.render.renderer import PAGE_TEMPLATES, SHARED_TEMPLATES, Renderer, TemplateFault
from sitegen.render.templates import LayerEnvironment, make_environment, read_templates
from sitegen.render.theme import Theme
from sitegen.sources.pictures import Library


class Work(Struct, frozen=True):
    """Everything a build needs to know before it renders, with the problems that were found up to now.

    `basis` is None where the theme's templates do not work: then nothing can be rendered. `digests` are those of the
    sources' bytes, `gone` are sources that were read once and are no more.
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
    digests: dict[str, bytes]
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
        loaded.digests,
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
