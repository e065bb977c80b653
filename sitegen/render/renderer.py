"""One page -> bytes. Writes nothing; what pages share is rendered once, before the first page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup
from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.formats import Formats
from sitegen.plan.pages import VIEWS, PagePlan
from sitegen.plan.site import ArticlePlan
from sitegen.plan.urls import output_file, urls_of
from sitegen.plan.variants import PARTS, VARIANTS
from sitegen.plan.views import SharedView, SiteView
from sitegen.problems import Problem, did_you_mean
from sitegen.render.article import article_view, toolbar
from sitegen.render.assets import Assets
from sitegen.render.links import Goal, attributes, data_url, standalone
from sitegen.render.markdown import Text, resolve
from sitegen.render.seams import SIGN, File, Shared, assembled
from sitegen.render.slips import runtime_problem, syntax_problem
from sitegen.render.templates import LayerEnvironment, Templates
from sitegen.render.theme import Theme
from sitegen.render.verbatim import PARTS as SHARED_PARTS
from sitegen.sources.pictures import Library, MediaFault


class Body(Struct, frozen=True):
    """A text as a page shows it: its HTML with markers, what they lead to, and what else is known of it."""

    html: str
    goals: tuple[Goal, ...]
    text: Text

    @property
    def content(self) -> Markup:
        """The text for the site's own pages."""
        return Markup(resolve(self.html, attributes(self.goals)))


class Rendered(Struct, frozen=True):
    """The files of one unit of work, and what is wrong."""

    files: tuple[File, ...]
    problems: tuple[Problem, ...] = ()


_PLACES = Shared(*(Markup(f"{SIGN}{name}{SIGN}") for name in SHARED_PARTS))
"""What stands in the place of the shared parts while a page is rendered: signs that no text may hold."""


SHARED_TEMPLATES = ("shared/header.html", "shared/sidebar.html", "shared/footer.html")
PAGE_TEMPLATES = tuple(dict.fromkeys((*(v.template for v in VARIANTS), *PARTS.values(), *VIEWS)))


class Renderer:
    """Renders pages with one theme. `shared` has the shared parts for each section, and for "" those of other pages.

    `patchable` are the templates of pages in which the shared parts stand just as they are.
    """

    def __init__(
        self,
        root: Path,
        config: SiteConfig,
        site: SiteView,
        formats: Formats,
        theme: Theme,
        environment: LayerEnvironment,
        assets: Assets,
        library: Library,
    ) -> None:
        self.root, self.config = root, config
        self.formats, self.theme, self.library = formats, theme, library
        self.urls = urls_of(config)
        self.shared: dict[str, Shared] = {}
        self.patchable: frozenset[str] = frozenset()
        self._environment = environment
        environment.globals.update(
            asset=lambda name: self.urls.local(_known(assets, name)),
            asset_text=lambda name: Markup(assets.text(name)),
            lang=lambda item: _language_of(item, site),
            site=site,
        )

    def prepare(self, view: SharedView, templates: Templates) -> None:
        """Renders what pages share; raises TemplateFault."""
        self.patchable = frozenset(name for name in PAGE_TEMPLATES if templates.show_verbatim(name))
        for section in ("", *(section.slug for section in self.config.sections)):
            values = {"shared": view, "section": section}
            header, sidebar, footer = (Markup(self._render(name, "every page", values)) for name in SHARED_TEMPLATES)
            self.shared[section] = Shared(header, sidebar, footer)

    def load(self, names: Iterable[str]) -> None:
        """Compiles these templates now, so that workers inherit them."""
        for name in names:
            self._environment.get_template(name)

    def article(self, unit: ArticlePlan, body: Body, wanted: Collection[str]) -> Rendered:
        """Those files of one article that are wanted, by their paths."""
        try:
            return Rendered(tuple(self._article_files(unit, body, wanted)))
        except TemplateFault as fault:
            return Rendered((), (fault.problem,))
        except MediaFault:
            # The lead picture: the plan has named the problem already.
            return Rendered(())

    def _article_files(self, unit: ArticlePlan, body: Body, wanted: Collection[str]) -> list[File]:
        view = article_view(unit, self.config, self.formats, self.urls, self.library, body.text, body.content)
        source = unit.article.path
        folder = output_file(unit.path).removesuffix("index.html")
        parts: dict[str, Markup] = {}
        files = []
        for variant in unit.variants:
            if folder + variant.file not in wanted:
                continue
            values: dict[str, Any] = {"page": view, "variant": variant}
            if variant.standalone:
                alone = self._standalone(view, unit, body)
                values["page"] = alone
                values |= self._parts(alone, source, variant.parts, parts if alone == view else {})
            else:
                values |= self._parts(view, source, variant.parts, parts)
                values["toolbar"] = toolbar(unit, view.url, variant, self.formats)
            path = folder + variant.file
            files.append(self._page(path, variant.template, source, values, unit.article.section))
        return files

    def _parts(self, view: Any, source: str, wanted: tuple[str, ...], made: dict[str, Markup]) -> dict[str, Markup]:
        """The parts that a file shows; `made` keeps what the files of an article have in common."""
        for part in wanted:
            if part not in made:
                made[part] = Markup(self._render(PARTS[part], source, {"page": view}))
        return {part: made[part] for part in wanted}

    def _standalone(self, view: Any, unit: ArticlePlan, body: Body) -> Any:
        image = view.image
        if image is not None and unit.article.image is not None:
            source = data_url(self.root, self.library, unit.article.image.path)
            image = msgspec.structs.replace(image, url=source)
        put = standalone(body.goals, self.urls.origin, self.root, self.library)
        return msgspec.structs.replace(view, content=Markup(resolve(body.html, put)), image=image)

    def page(self, unit: PagePlan, body: Body | None = None) -> Rendered:
        """A page that is no article; `body` is its text, where it has one."""
        view: Any = unit.view if body is None else msgspec.structs.replace(unit.view, content=body.content)
        path = output_file(unit.path)
        try:
            return Rendered((self._page(path, unit.template, unit.claim.source, {"page": view}, unit.section),))
        except TemplateFault as fault:
            return Rendered((), (fault.problem,))

    def _page(self, path: str, template: str, source: str, values: dict[str, Any], section: str) -> File:
        """One file; `source` is what a problem is said to come from."""
        shared = self.shared[section]
        if template in self.patchable:
            made = assembled(path, self._render(template, source, {**values, "shared": _PLACES}), shared)
            if made is not None:
                return made
        return File(path, self._render(template, source, {**values, "shared": shared}).encode())

    def _render(self, name: str, source: str, values: dict[str, Any]) -> str:
        try:
            return self._environment.get_template(name).render(values)
        except TemplateFault:
            raise
        except jinja2.TemplateSyntaxError as error:
            raise TemplateFault(syntax_problem(self.theme.shown, error, self._environment)) from None
        except Exception as error:
            path = Path(self._environment.get_template(name).filename or name)
            found = runtime_problem(self.theme.shown, self.theme.holds, self._environment, error, path, source)
            raise TemplateFault(found) from error


class TemplateFault(Exception):
    """A template that cannot be rendered, as a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _known(assets: Assets, name: str) -> str:
    if name not in assets.names:
        raise LookupError(f'no static file "{name}"{did_you_mean(name, assets.names)}')
    return assets.names[name]


def _language_of(item: Any, site: SiteView) -> Markup:
    """The attributes `lang` and `dir` of a text in another language than the site's (WCAG 3.1.2); else nothing."""
    if not item.language or item.language == site.language:
        return Markup()
    turned = Markup(' dir="{}"').format(item.direction) if item.direction != site.direction else ""
    return Markup(' lang="{}"{}').format(item.language, turned)
