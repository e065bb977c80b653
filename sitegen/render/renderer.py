"""One page -> bytes. Writes nothing; what pages share is rendered once, before the first page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup
from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.formats import Formats
from sitegen.plan.pages import VIEWS, PagePlan
from sitegen.plan.site import ArticlePlan, SitePlan
from sitegen.plan.urls import output_file, urls_of
from sitegen.plan.variants import PARTS, VARIANTS, Variant
from sitegen.plan.views import SiteView
from sitegen.problems import Problem, did_you_mean, errors
from sitegen.render.article import article_view, toolbar
from sitegen.render.assets import Assets
from sitegen.render.links import Resolver, data_url
from sitegen.render.markdown import Text, resolve
from sitegen.render.slips import runtime_problem, syntax_problem
from sitegen.render.templates import LayerEnvironment
from sitegen.render.theme import Theme
from sitegen.sources.pictures import Library, MediaFault


class Rendered(Struct, frozen=True):
    """The files of one unit of work, the media files they need, and what is wrong."""

    files: tuple[tuple[str, bytes], ...]
    media: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


class Shared(Struct, frozen=True):
    """The parts that pages have in common, ready rendered."""

    header: Markup
    sidebar: Markup
    footer: Markup


SHARED_TEMPLATES = ("shared/header.html", "shared/sidebar.html", "shared/footer.html")
PAGE_TEMPLATES = tuple(dict.fromkeys((*(v.template for v in VARIANTS), *PARTS.values(), *VIEWS)))


class Renderer:
    """Renders the pages of one plan with one theme.

    Where `templates_work` is false, the theme has problems that are known already: the texts' links and pictures
    are still checked, and nothing is rendered.
    """

    def __init__(
        self,
        root: Path,
        config: SiteConfig,
        plan: SitePlan,
        formats: Formats,
        theme: Theme,
        environment: LayerEnvironment,
        assets: Assets,
        library: Library,
        texts: Mapping[str, Text],
        templates_work: bool = True,
    ) -> None:
        self.root, self.config, self.plan = root, config, plan
        self.formats, self.theme, self.library = formats, theme, library
        self.urls = urls_of(config)
        self._texts = texts
        self._sources = {path: source for source, path in plan.targets.items()}
        self._templates_work = templates_work
        self._environment = environment
        environment.globals.update(
            asset=lambda name: self.urls.local(_known(assets, name)),
            asset_text=lambda name: Markup(assets.text(name)),
            lang=lambda item: _language_of(item, plan.site),
            site=plan.site,
        )
        self._shared: dict[str, Shared] = {}

    def prepare(self) -> None:
        """Renders what pages share; raises TemplateFault."""
        if not self._templates_work:
            return
        for section in ("", *(section.slug for section in self.config.sections)):
            values = {"shared": self.plan.shared, "section": section}
            header, sidebar, footer = (Markup(self._render(name, "every page", values)) for name in SHARED_TEMPLATES)
            self._shared[section] = Shared(header, sidebar, footer)
        for name in PAGE_TEMPLATES:
            self._environment.get_template(name)

    def _resolver(self, path: str) -> Resolver:
        return Resolver(self.root, path, self.plan, self.urls, self.library, self._texts, self._sources)

    def article(self, unit: ArticlePlan, html: str) -> Rendered:
        """All files of one article; `html` is its text's, which lacks the addresses."""
        resolver = self._resolver(unit.article.path)
        content = Markup(resolve(html, self._texts[unit.article.path].refs, resolver.attributes))
        if errors(resolver.problems) or not self._templates_work:
            return Rendered((), frozenset(), tuple(resolver.problems))
        try:
            files = self._article_files(unit, html, content, resolver)
        except TemplateFault as fault:
            return Rendered((), frozenset(), (fault.problem,))
        except MediaFault:
            # The lead picture: the plan has named the problem already.
            return Rendered(())
        return Rendered(tuple(files), frozenset(resolver.media), tuple(resolver.problems))

    def _article_files(
        self, unit: ArticlePlan, html: str, content: Markup, resolver: Resolver
    ) -> list[tuple[str, bytes]]:
        text = self._texts[unit.article.path]
        view = article_view(unit, self.config, self.formats, self.urls, self.library, text, content)
        source = unit.article.path
        folder = output_file(unit.path).removesuffix("index.html")
        shared = self._shared[unit.article.section]
        parts: dict[str, Markup] = {}
        files = []
        for variant in unit.variants:
            values: dict[str, Any] = {"page": view, "shared": shared, "variant": variant}
            if variant.standalone:
                alone = self._standalone(view, unit, html, resolver)
                values["page"] = alone
                values |= self._parts(alone, source, variant.parts, parts if alone == view else {})
            else:
                values |= self._parts(view, source, variant.parts, parts)
                values["toolbar"] = toolbar(unit, view.url, variant, self.formats)
            files.append((folder + variant.file, self._page(variant, source, values)))
        return files

    def _parts(self, view: Any, source: str, wanted: tuple[str, ...], made: dict[str, Markup]) -> dict[str, Markup]:
        """The parts that a file shows; `made` keeps what the files of an article have in common."""
        for part in wanted:
            if part not in made:
                made[part] = Markup(self._render(PARTS[part], source, {"page": view}))
        return {part: made[part] for part in wanted}

    def _standalone(self, view: Any, unit: ArticlePlan, html: str, resolver: Resolver) -> Any:
        image = view.image
        if image is not None and unit.article.image is not None:
            source = data_url(self.root, self.library, unit.article.image.path)
            image = msgspec.structs.replace(image, url=source)
        content = Markup(resolve(html, self._texts[unit.article.path].refs, resolver.standalone))
        return msgspec.structs.replace(view, content=content, image=image)

    def _page(self, variant: Variant, source: str, values: dict[str, Any]) -> bytes:
        return self._render(variant.template, source, values).encode()

    def page(self, unit: PagePlan, html: str = "") -> Rendered:
        """A page that is no article; `html` is its text's, where it has one."""
        view: Any = unit.view
        media: set[str] = set()
        found: tuple[Problem, ...] = ()
        if unit.body is not None:
            resolver = self._resolver(unit.body.path)
            content = Markup(resolve(html, self._texts[unit.body.path].refs, resolver.attributes))
            found = tuple(resolver.problems)
            if errors(found):
                return Rendered((), frozenset(), found)
            view, media = msgspec.structs.replace(view, content=content), resolver.media
        if not self._templates_work:
            return Rendered((), frozenset(), found)
        values = {"page": view, "shared": self._shared[unit.section]}
        try:
            html = self._render(unit.template, unit.claim.source, values)
        except TemplateFault as fault:
            return Rendered((), frozenset(), (fault.problem,))
        return Rendered(((output_file(unit.path), html.encode()),), frozenset(media), found)

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
