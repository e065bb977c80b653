"""The documents of an article (PDF, EPUB): what they show, the text as a tree, and the pictures that they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from functools import cached_property
from pathlib import Path

from markupsafe import Markup
from msgspec import Struct

from sitegen.beneath import read_plain
from sitegen.config import SiteConfig
from sitegen.plan.documents import DocumentView, document_view
from sitegen.plan.formats import Formats
from sitegen.plan.site import ArticlePlan
from sitegen.plan.urls import urls_of
from sitegen.problems import Problem, guilty
from sitegen.render.article import article_view
from sitegen.render.document import Node, named, tree, with_notes, xml
from sitegen.render.epub import STYLE, Part, packed
from sitegen.render.links import Published, standalone
from sitegen.render.markdown import resolve
from sitegen.render.papertree import for_paper
from sitegen.render.pictures import for_documents
from sitegen.render.renderer import Body, Renderer, TemplateFault, TextWanted
from sitegen.render.templates import DOCUMENT_TEMPLATES
from sitegen.render.theme import Theme
from sitegen.render.typeset import NotTypeset, Panic, Typesetter, why_not
from sitegen.sources.media import MediaFault
from sitegen.sources.pictures import Library, Picture

_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
}


def style_of(theme: Theme) -> str:
    """The style sheet inside of EPUB files; empty where the theme has removed it."""
    found = theme.whole.find(STYLE)
    return read_plain(found[1]).decode("utf-8", "replace") if found is not None else ""


class Held(Struct, frozen=True):
    """A picture in a document: its file's name there, its type and its bytes."""

    name: str
    media_type: str
    data: bytes


class Manuscript(Struct, frozen=True):
    """All that a document is made from."""

    view: DocumentView
    body: list[Node]
    lead: Held | None
    pictures: tuple[Held, ...]

    @property
    def every_picture(self) -> tuple[Held, ...]:
        """The lead picture and those of the text."""
        return (*((self.lead,) if self.lead else ()), *self.pictures)

    @property
    def lead_name(self) -> str:
        """The lead picture's file; empty where there is none."""
        return self.lead.name if self.lead else ""


class Documents:
    """Makes documents; `folder` is one in which it may write, and is somebody else's to remove."""

    def __init__(
        self,
        root: Path,
        config: SiteConfig,
        formats: Formats,
        theme: Theme,
        library: Library,
        published: Published,
        renderer: Renderer,
        folder: Path,
    ) -> None:
        self._root, self._config, self._formats, self._theme = root, config, formats, theme
        self._library, self._published = library, published
        self._urls = urls_of(config)
        self._typesetter = Typesetter(theme, folder)
        self._renderer = renderer

    @cached_property
    def _style(self) -> str:
        return style_of(self._theme)

    def make(self, unit: ArticlePlan, body: Body, name: str) -> bytes:
        """One document of an article, `pdf` or `epub`. Raises NotTypeset, TemplateFault, MediaFault, TextWanted."""
        manuscript, source = self.manuscript(unit, body), unit.article.path
        return self._pdf(manuscript, source) if name == "pdf" else self._epub(manuscript, source)

    def manuscript(self, unit: ArticlePlan, body: Body) -> Manuscript:
        """What an article's documents are made from. Raises MediaFault, and TextWanted where the text was not read."""
        if body.html is None:
            raise TextWanted
        page = article_view(unit, self._config, self._formats, self._urls, self._library, body.text, Markup())
        article = unit.article
        changed = (article.updated or article.published).at
        modified = changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        view = document_view(page, self._config, self._formats, modified)
        held: dict[str, Held] = {}

        def name_of(path: str) -> str:
            if path not in held:
                held[path] = self._held(self._library.picture(path), f"picture-{len(held) + 1}")
            return held[path].name

        nodes = tree(resolve(body.html, standalone(body.goals, self._urls.origin, name_of)))
        lead = None
        if article.image is not None:
            picture = self._library.picture(article.image.path)
            lead = self._held(picture, "lead")
        return Manuscript(view, nodes, lead, tuple(held.values()))

    def _held(self, picture: Picture, name: str) -> Held:
        data, media_type = for_documents(picture, self._published(picture))
        return Held(name + _ENDINGS[media_type], media_type, data)

    def _pdf(self, manuscript: Manuscript, source: str) -> bytes:
        import typst

        pictures = {one.name: one.data for one in manuscript.every_picture}
        body, lead = for_paper(with_notes(manuscript.body)), manuscript.lead_name

        def typeset(nodes: Sequence[Node]) -> bytes:
            return self._typesetter.pdf(manuscript.view, nodes, sorted(named(nodes)), pictures, lead)

        def fails(nodes: Sequence[Node]) -> bool:
            try:
                return not typeset(nodes)
            except (typst.TypstError, Panic):
                return True

        try:
            return typeset(body)
        except (typst.TypstError, Panic) as error:
            raise NotTypeset(why_not(error, self._root, source, self._theme, lambda: guilty(body, fails))) from None

    def _epub(self, manuscript: Manuscript, source: str) -> bytes:
        values = {
            "page": manuscript.view,
            "content": Markup(xml(manuscript.body)),
            "lead": manuscript.lead_name,
        }
        article = self._renderer.document(DOCUMENT_TEMPLATES[0], source, values)
        pictures = (Part(one.name, one.media_type, one.data) for one in manuscript.every_picture)
        return packed(manuscript.view, article, self._style, pictures, manuscript.body)


Fault = NotTypeset | TemplateFault | MediaFault
FAULTS = (NotTypeset, TemplateFault, MediaFault)
"""What may keep a document from being made."""


def fault_of(fault: Fault, source: str) -> Problem:
    """Why a document could not be made, as a problem."""
    if not isinstance(fault, MediaFault):
        return fault.problem
    return Problem(source, 0, 0, str(fault), fault.hint)
