"""A site that is ready to be rendered: everything is read, planned and resolved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config import SiteConfig
from sitegen.engine.bodies import Bodies
from sitegen.engine.cache import Cache
from sitegen.engine.content import Loaded, read_content
from sitegen.engine.documents import kit_of
from sitegen.engine.inputs import Inputs, Listed
from sitegen.engine.load import read_config, read_theme
from sitegen.engine.moments import moment_of
from sitegen.engine.options import Options, Progress, default_workers
from sitegen.engine.pictures import Known, Shelf, renditions_of, shelf_of
from sitegen.engine.planning import planned
from sitegen.engine.stamps import is_settled
from sitegen.engine.store import Spoiled
from sitegen.engine.units import Basis
from sitegen.plan.formats import Formats
from sitegen.plan.live import interval
from sitegen.plan.pictures import Rendition
from sitegen.plan.policy import Inlined
from sitegen.plan.site import SitePlan, plan_site
from sitegen.plan.urls import urls_of
from sitegen.problems import Problem, as_warning, said_at, unexpected
from sitegen.render.assets import Assets, load_assets
from sitegen.render.catalogue import Catalogue, languages_of, load_catalogue
from sitegen.render.links import Links, Resolved
from sitegen.render.markdown import Text
from sitegen.render.renderer import PAGE_TEMPLATES, SHARED_TEMPLATES, Renderer, TemplateFault
from sitegen.render.templates import (
    DOCUMENT_TEMPLATES,
    LayerEnvironment,
    Templates,
    make_environment,
    read_templates,
)
from sitegen.render.theme import Theme
from sitegen.sources.pictures import Library
from sitegen.sources.places import place_in_settings
from sitegen.sources.site import Content


class Look(Struct, frozen=True):
    """What a site looks like: its settings and its theme, ready to be used, with the problems that are in them.

    `templates` is None where they do not work: then nothing can be rendered. `kit` are the digests of the files that
    documents are made with, by the documents' names.
    """

    config: SiteConfig
    theme: Theme
    assets: Assets
    words: Catalogue
    formats: Formats
    environment: LayerEnvironment
    templates: Templates | None
    kit: dict[str, str]
    problems: tuple[Problem, ...]

    @property
    def inlined(self) -> Inlined:
        """What of the assets stands inside of pages."""
        return self.assets.inlined(self.templates.inlined if self.templates is not None else ())


class Planned(Struct, frozen=True):
    """The plan of a site, which holds from the moment `since` until `until` (UTC; None: always)."""

    plan: SitePlan
    now: datetime
    since: datetime | None
    until: datetime | None
    problems: tuple[Problem, ...]

    def holds(self, now: datetime) -> bool:
        """Whether a plan of the same content for this moment is the same."""
        return self.now <= now and (self.until is None or now < self.until)


class Work(Struct, frozen=True):
    """Everything a build needs to know before it renders, with the problems that were found up to now.

    `basis` is None where the theme's templates do not work: then nothing can be rendered. `inputs` is what was read,
    listed after the moment `noted`; `parsed` counts the files that were parsed for it.
    """

    inputs: Inputs
    noted: int
    look: Look
    loaded: Loaded
    planned: Planned
    links: Links
    resolved: dict[str, Resolved]
    library: Library
    renderer: Renderer
    basis: Basis | None
    media: tuple[str, ...]
    pictures: tuple[Rendition, ...]
    shelf: Shelf
    workers: int
    progress: Progress
    parsed: int
    problems: list[Problem]

    @property
    def config(self) -> SiteConfig:
        """The settings."""
        return self.look.config

    @property
    def plan(self) -> SitePlan:
        """The plan."""
        return self.planned.plan

    @property
    def texts(self) -> dict[str, Text]:
        """What is known of every text, by its file's path."""
        return self.loaded.texts

    @property
    def bodies(self) -> Bodies:
        """The HTML of every text."""
        return self.loaded.bodies


def prepare(options: Options, cache: Cache | None, inputs: Inputs, noted: int, before: Work | None = None) -> Work:
    """Reads and plans the site, resolves its links and renders what its pages share.

    What was made of the same as now is taken from the work `before`.
    """
    look = before.look if before is not None and _looks_the_same(before, inputs) else read_look(options)
    loaded, parsed = _read(options, look, cache, inputs, noted, before)
    options.progress("planning", 0, 0)
    now = moment_of(options.now, ZoneInfo(look.config.timezone))
    if before is not None and loaded is before.loaded and _plans_the_same(before, look, now):
        planned, links, resolved, library = before.planned, before.links, before.resolved, before.library
        media, pictures = before.media, before.pictures
    else:
        library = _library(options, cache, inputs, noted, loaded, look.config.max_megapixels)
        planned = _planned(options, look, loaded, library, now)
        links = Links(
            options.root, planned.plan.links, urls_of(look.config), library, look.theme.pictures, loaded.texts.get
        )
        resolved = {path: resolved_of(links, path, loaded.texts[path]) for path in _shown(planned.plan)}
        media = _media(planned.plan, resolved)
        pictures = renditions_of(planned.plan, media, library, look.theme.pictures)
    problems = _problems(look, loaded, planned, resolved)
    shelf = shelf_of(options.root, cache)
    renderer = _renderer(look, planned.plan, library, shelf)
    basis = _basis(renderer, planned.plan, look, problems)
    return Work(
        inputs,
        noted,
        look,
        loaded,
        planned,
        links,
        resolved,
        library,
        renderer,
        basis,
        media,
        pictures,
        shelf,
        options.workers or default_workers(),
        options.progress,
        parsed,
        problems,
    )


def _read(
    options: Options, look: Look, cache: Cache | None, inputs: Inputs, noted: int, before: Work | None
) -> tuple[Loaded, int]:
    """All sources, and how many files were parsed for it; where nothing is another, what was read before."""
    if before is not None and look.config == before.look.config and _reads_the_same(before, inputs):
        return before.loaded, 0
    stamps, then = inputs.texts | inputs.files, before.loaded if before is not None else None
    workers = options.workers or default_workers()
    loaded = read_content(options.root, look.config, workers, cache, stamps, noted, options.progress, then)
    is_the_same = before is not None and _is_the_same(before, loaded, inputs)
    return then if is_the_same and then is not None else loaded, loaded.parsed


def rejoined(work: Work) -> Work:
    """The same with the problems of its parts, some of which were replaced; what its pages share was sound."""
    return replace(work, problems=_problems(work.look, work.loaded, work.planned, work.resolved))


def resolved_of(links: Links, path: str, text: Text) -> Resolved:
    """The references of a text."""
    try:
        return links.resolve(path, text.refs)
    except (OSError, Spoiled):
        raise
    except Exception as error:
        return Resolved(problems=(unexpected(error, path),))


def with_plan(work: Work, plan: SitePlan) -> Work:
    """The same with another plan of the same texts."""
    problems = list(work.problems)
    renderer = _renderer(work.look, plan, work.library, work.shelf)
    basis = _basis(renderer, plan, work.look, problems)
    planned = replace(work.planned, plan=plan)
    return replace(work, planned=planned, renderer=renderer, basis=basis, problems=problems)


def _library(
    options: Options, cache: Cache | None, inputs: Inputs, noted: int, loaded: Loaded, megapixels: int
) -> Library:
    """The site's pictures; what the cache knows of them is not found out again."""
    if cache is None:
        return Library(options.root, megapixels=megapixels)
    known = Known(cache, inputs, noted)
    leads = sorted({article.image.path for article in loaded.content.articles if article.image is not None})
    known.prefetch(options.root, leads, megapixels, options.workers or default_workers(), options.progress)
    return Library(options.root, known, megapixels)


def _renderer(look: Look, plan: SitePlan, library: Library, shelf: Shelf) -> Renderer:
    return Renderer(
        library.root,
        look.config,
        plan.site,
        look.formats,
        look.theme,
        look.environment,
        look.assets,
        library,
        shelf.published,
    )


def _problems(look: Look, loaded: Loaded, planned: Planned, resolved: dict[str, Resolved]) -> list[Problem]:
    links = (problem for one in resolved.values() for problem in one.problems)
    return [*look.problems, *loaded.problems, *planned.problems, *links]


def read_look(options: Options) -> Look:
    """The settings and the theme. Raises SiteError where one of them cannot be had at all."""
    problems: list[Problem] = []
    config, text = read_config(options.root, options.base_url, problems)
    theme = read_theme(options.root, config, text, problems)
    assets, found = load_assets(theme)
    problems += found
    words, found = load_catalogue(theme, config.language)
    problems += found
    if words.is_empty:
        problems.append(_without_words(options.root, config, theme))
    formats = Formats(config.language, words.translations.gettext, words.translations.ngettext)
    environment = make_environment(theme, words)
    templates, broken = read_templates(theme, environment, (*PAGE_TEMPLATES, *SHARED_TEMPLATES, *DOCUMENT_TEMPLATES))
    problems += broken
    return Look(
        config,
        theme,
        assets,
        words,
        formats,
        environment,
        None if broken else templates,
        kit_of(theme),
        tuple(problems),
    )


def _without_words(root: Path, config: SiteConfig, theme: Theme) -> Problem:
    """The warning that a theme has no labels in the language of the site."""
    message = f'the theme has no words in the language "{config.language}": its labels are in English'
    there = ", ".join(languages_of(theme))
    hint = f"there are words in {there}; docs/themes.md says how to add a language"
    return as_warning(said_at(place_in_settings(root, ("language",)), message, hint))


def _planned(options: Options, look: Look, loaded: Loaded, library: Library, now: datetime) -> Planned:
    reserved = sorted(look.assets.files)

    def plan_of(content: Content) -> tuple[SitePlan, list[Problem]]:
        parts = options.root, look.config, content, look.formats, library, now, options.drafts, reserved, look.inlined
        return plan_site(*parts)

    plan, problems = planned(loaded.content, plan_of)
    return Planned(plan, now, *interval(loaded.content, now, options.drafts), tuple(problems))


def _looks_the_same(before: Work, inputs: Inputs) -> bool:
    return _same(before.inputs.rest, inputs.rest, before.noted)


def _reads_the_same(before: Work, inputs: Inputs) -> bool:
    then = before.inputs
    return _same(then.texts, inputs.texts, before.noted) and _same(then.files, inputs.files, before.noted)


def _is_the_same(before: Work, loaded: Loaded, inputs: Inputs) -> bool:
    """Whether what was read, because stamps are others or too young, is what had been read before."""
    was = before.loaded
    if loaded.settings != was.settings or loaded.digests != was.digests or loaded.problems != was.problems:
        return False
    parts = ((before.inputs.texts, inputs.texts), (before.inputs.files, inputs.files))
    doubtful = (path for then, now in parts for path in _unsure(then, now, before.noted))
    return all(path in loaded.digests for path in doubtful)


def _plans_the_same(before: Work, look: Look, now: datetime) -> bool:
    """Whether a plan of the same content is the same."""
    made_from = (
        (one.config, one.words.digest, one.theme.pictures, sorted(one.assets.files), one.inlined)
        for one in (before.look, look)
    )
    then, today = made_from
    return before.planned.holds(now) and then == today


def _same(then: Listed, now: Listed, noted: int) -> bool:
    """Whether files are surely the same; a stamp that was too young at the moment `noted` (ns) says nothing."""
    return then == now and all(is_settled(stamp, noted) for stamp in then.values())


def _unsure(then: Listed, now: Listed, noted: int) -> Iterator[str]:
    """The files that may be others now."""
    yield from (path for path, stamp in then.items() if now.get(path) != stamp or not is_settled(stamp, noted))
    yield from (path for path in now if path not in then)


def _media(plan: SitePlan, resolved: dict[str, Resolved]) -> tuple[str, ...]:
    """Every file that pages or texts show or offer, by its path in the site's folder, sorted."""
    return tuple(sorted({*plan.media, *(path for one in resolved.values() for path in one.media)}))


def _shown(plan: SitePlan) -> Iterator[str]:
    """The Markdown files whose texts are to be seen."""
    yield from (unit.article.path for unit in plan.articles)
    yield from (page.body.path for page in plan.pages if page.body is not None)


def _basis(renderer: Renderer, plan: SitePlan, look: Look, problems: list[Problem]) -> Basis | None:
    """What pages have in common, with the templates and the shared parts; None where these do not work."""
    if look.templates is None:
        return None
    try:
        renderer.prepare(plan.shared, look.templates)
    except TemplateFault as fault:
        problems.append(fault.problem)
        return None
    sizes = look.theme.pictures
    return Basis(look.config, look.words.digest, look.assets, sizes, look.kit, look.templates, renderer.shared)
