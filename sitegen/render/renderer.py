"""One page -> bytes. Writes nothing; what pages share is rendered once, before the first page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, cast

import jinja2
import msgspec
from markupsafe import Markup
from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.formats import Formats
from sitegen.plan.pages import VIEWS, PagePlan
from sitegen.plan.pictures import candidates
from sitegen.plan.site import ArticlePlan
from sitegen.plan.urls import output_file, urls_of
from sitegen.plan.variants import PARTS, VARIANTS
from sitegen.plan.views import ImageView, SharedView, SiteView
from sitegen.problems import Problem, did_you_mean
from sitegen.render.article import article_view, toolbar
from sitegen.render.assets import Assets
from sitegen.render.links import Goal, Published, attributes, data_url, standalone
from sitegen.render.markdown import Text, resolve
from sitegen.render.seams import PLACES, File, Shared, assembled
from sitegen.render.slips import runtime_problem, syntax_problem
from sitegen.render.templates import LayerEnvironment, Templates
from sitegen.render.theme import Theme
from sitegen.render.verbatim import INNER, SHARED, SHARED_PARTS
from sitegen.sources.media import MediaFault
from sitegen.sources.pictures import Focus, Library


class Body(Struct, frozen=True):
    """A text as a page shows it: its HTML with markers, what they lead to, and what else is known of it.

    `html` is None where it was not read, because nobody should ask for it.
    """

    html: str | None
    goals: tuple[Goal, ...]
    text: Text

    @property
    def content(self) -> Markup:
        """The text for the site's own pages."""
        if self.html is None:
            return cast(Markup, Unread())
        return Markup(resolve(self.html, attributes(self.goals)))


class TextWanted(Exception):
    """A text was asked for that was not read."""


class Unread:
    """Stands for a text that was not read: whatever is done with it raises TextWanted, or at least an error."""

    def __getattribute__(self, name: str) -> Any:
        raise TextWanted

    def _refuse(*_: Any) -> Any:
        raise TextWanted

    __str__ = __len__ = __bool__ = __iter__ = __hash__ = __getitem__ = __contains__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __mod__ = __mul__ = _refuse


class Rendered(Struct, frozen=True):
    """The files of one unit of work, and what is wrong."""

    files: tuple[File, ...]
    problems: tuple[Problem, ...] = ()


_SHARED_PLACES = Shared(*(PLACES[name] for name in SHARED_PARTS))


SHARED_TEMPLATES = ("shared/header.html", "shared/sidebar.html", "shared/footer.html")
PAGE_TEMPLATES = tuple(dict.fromkeys((*(v.template for v in VARIANTS if not v.document), *PARTS.values(), *VIEWS)))


class Renderer:
    """Renders pages with one theme. `shared` has the shared parts for each section, and for "" those of other pages.

    `patchable` are the templates of pages in which the shared parts stand just as they are, `framing` those in which
    an article's own do. `published` gives the bytes of a picture's file.
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
        published: Published,
    ) -> None:
        self.root, self.config, self._published = root, config, published
        self.formats, self.theme, self.library = formats, theme, library
        self.urls = urls_of(config)
        self.shared: dict[str, Shared] = {}
        self.patchable: frozenset[str] = frozenset()
        self.framing: frozenset[str] = frozenset()
        self._candidates: dict[tuple[str, Focus, str], str] = {}
        self._environment = environment
        environment.globals.update(
            asset=lambda name: self.urls.local(_known(assets, name)),
            inline=lambda name: Markup(assets.inline(_known(assets, name) and name)),
            lang=lambda item: _language_of(item, site),
            srcset=self._srcset,
            site=site,
        )

    def prepare(self, view: SharedView, templates: Templates) -> None:
        """Renders what pages share; raises TemplateFault."""
        self.patchable = frozenset(name for name in PAGE_TEMPLATES if templates.show_verbatim(name, SHARED))
        self.framing = frozenset(name for name in self.patchable if templates.show_verbatim(name, INNER))
        for section in ("", *(section.slug for section in self.config.sections)):
            values = {"shared": view, "section": section}
            header, sidebar, footer = (Markup(self._render(name, "every page", values)) for name in SHARED_TEMPLATES)
            self.shared[section] = Shared(header, sidebar, footer)

    def article(
        self, unit: ArticlePlan, body: Body, wanted: Collection[str], inner: Mapping[str, bytes] | None = None
    ) -> Rendered:
        """Those files of one article that are wanted, by their paths.

        `inner` are the article's own parts where they are known; then `body` need not have been read. Raises TextWanted
        where it is asked for after all.
        """
        try:
            return Rendered(tuple(self._article_files(unit, body, wanted, dict(inner or {}))))
        except TemplateFault as fault:
            return Rendered((), (fault.problem,))
        except MediaFault:
            # The lead picture: the plan has named the problem already.
            return Rendered(())

    def _article_files(
        self, unit: ArticlePlan, body: Body, wanted: Collection[str], parts: dict[str, bytes]
    ) -> list[File]:
        view = article_view(unit, self.config, self.formats, self.urls, self.library, body.text, body.content)
        source = unit.article.path
        folder = output_file(unit.path).removesuffix("index.html")
        files = []
        for variant in unit.variants:
            if folder + variant.file not in wanted:
                continue
            page, own = view, parts
            values: dict[str, Any] = {"variant": variant}
            if variant.standalone:
                page = self._standalone(view, unit, body)
                own = parts if page == view else {}
            else:
                values["toolbar"] = toolbar(unit, view.url, variant, self.formats)
            for part in variant.parts:
                if part not in own:
                    own[part] = self._render(PARTS[part], source, {"page": page}).encode()
            values["page"] = page
            shown = {part: own[part] for part in variant.parts}
            path = folder + variant.file
            files.append(self._page(path, variant.template, source, values, unit.article.section, shown))
        return files

    def _standalone(self, view: Any, unit: ArticlePlan, body: Body) -> Any:
        image = view.image
        if image is not None and unit.article.image is not None:
            source = data_url(self.library.picture(unit.article.image.path), self._published)
            image = msgspec.structs.replace(image, url=source, base="", tone="")
        if body.html is None:
            raise TextWanted
        put = standalone(
            body.goals, self.urls.origin, lambda path: data_url(self.library.picture(path), self._published)
        )
        return msgspec.structs.replace(view, content=Markup(resolve(body.html, put)), image=image)

    def page(self, unit: PagePlan, body: Body | None = None) -> Rendered:
        """A page that is no article; `body` is its text, where it has one."""
        view: Any = unit.view if body is None else msgspec.structs.replace(unit.view, content=body.content)
        path = output_file(unit.path)
        try:
            return Rendered((self._page(path, unit.template, unit.claim.source, {"page": view}, unit.section),))
        except TemplateFault as fault:
            return Rendered((), (fault.problem,))

    def _page(
        self,
        path: str,
        template: str,
        source: str,
        values: dict[str, Any],
        section: str,
        inner: Mapping[str, bytes] | None = None,
    ) -> File:
        """One file; `source` is what a problem is said to come from, `inner` are the parts of an article."""
        shared, inner = self.shared[section], inner or {}
        if template in self.patchable:
            frames = template in self.framing
            places = {name: PLACES[name] if frames else Markup(part.decode()) for name, part in inner.items()}
            page = self._render(template, source, {**values, **places, "shared": _SHARED_PLACES})
            made = assembled(path, page, {**shared.encoded(), **(inner if frames else {})})
            if made is not None:
                return made
        texts = {name: Markup(part.decode()) for name, part in inner.items()}
        return File(path, self._render(template, source, {**values, **texts, "shared": shared}).encode())

    def document(self, template: str, source: str, values: dict[str, Any]) -> str:
        """A text that is no page of the site. Raises TemplateFault."""
        return self._render(template, source, values)

    def _srcset(self, image: ImageView, crop: str = "") -> str:
        known = self._candidates.get((image.base, image.focus, crop))
        if known is None:
            sizes = self.theme.pictures
            if crop and crop not in sizes.crops:
                there = ", ".join(sizes.crops) or "none"
                raise LookupError(f'theme.toml has no crop "{crop}" under [pictures]; there: {there}')
            known = candidates(image, sizes, crop, self.urls.base_path)
            self._candidates[image.base, image.focus, crop] = known
        return known

    def _render(self, name: str, source: str, values: dict[str, Any]) -> str:
        try:
            return self._environment.get_template(name).render(values)
        except (TemplateFault, TextWanted):
            raise
        except jinja2.TemplateSyntaxError as error:
            raise TemplateFault(syntax_problem(self.theme.shown, error, self._environment)) from None
        except Exception as error:
            path = Path(self._environment.get_template(name).filename or name)
            theme = self.theme.whole
            found = runtime_problem(theme.shown, theme.holds, self._environment, error, path, source)
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
