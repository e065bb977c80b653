"""Units of work: an article with its variants, a page, a feed, a file; each with what it is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.beneath import read_beneath
from sitegen.config import SiteConfig
from sitegen.engine.fingerprint import (
    LINKS,
    LISTED,
    SHARED,
    SHOWN,
    SITE,
    TEMPLATES,
    TEXT,
    Ingredient,
    digest,
    encode,
    ingredient,
)
from sitegen.engine.program import program
from sitegen.plan.pages import PagePlan
from sitegen.plan.pictures import PictureSizes, Rendition
from sitegen.plan.site import ArticlePlan, SitePlan
from sitegen.plan.urls import output_file, urls_of
from sitegen.plan.variants import PARTS, Variant
from sitegen.render.assets import Assets
from sitegen.render.feeds import machine_files
from sitegen.render.links import Resolved
from sitegen.render.markdown import Text
from sitegen.render.seams import Shared
from sitegen.render.templates import DOCUMENT_TEMPLATES, Templates
from sitegen.sources.media import MAX_BYTES, MediaFault
from sitegen.sources.pictures import Library
from sitegen.sources.site import JOBS

_DATA = {"jobs.html": (JOBS,)}
"""Data files that whole pages are made from, by the pages' templates."""


class Unit(Struct, frozen=True):
    """One unit of work. `number` is its place among the plan's articles and pages; `files` are its files' paths.

    `sources` are the site's files that it alone is made from. `templates` are those that each of its files is made
    from, in the order of the files, as they are shown; `inner` those of an article's own parts, None for a file that
    has other ones.
    """

    key: str
    ingredients: tuple[Ingredient, ...]
    files: tuple[str, ...]
    number: int = -1
    sources: tuple[str, ...] = ()
    templates: tuple[frozenset[str], ...] = ()
    inner: tuple[frozenset[str] | None, ...] = ()


class Basis(Struct, frozen=True):
    """What many units have in common; `documents` are the digests of the theme's files that documents are made with."""

    config: SiteConfig
    words: str
    assets: Assets
    pictures: PictureSizes = PictureSizes()
    documents: dict[str, str] = {}
    templates: Templates = Templates({}, {}, {}, {}, set())
    shared: dict[str, Shared] = {}


class Units:
    """Lists the units of a plan. `resolved` are the links of its texts, by their files' paths."""

    def __init__(
        self,
        basis: Basis,
        plan: SitePlan,
        texts: Mapping[str, Text],
        resolved: Mapping[str, Resolved],
        library: Library,
    ) -> None:
        self._plan, self._texts, self._resolved, self._library = plan, texts, resolved, library
        self._basis = basis
        self._program = ingredient("the program", program())
        self._always = (
            self._program,
            ingredient("the settings", basis.config),
            ingredient("the theme's words", basis.words),
            ingredient("the theme's static files", basis.assets.names),
            ingredient("the theme's sizes of pictures", basis.pictures),
            ingredient(SITE, plan.site),
        )
        # They know nothing of this object: a circle would keep a whole plan alive until somebody looks for garbage.
        self._templates = cache(partial(_made_from, basis.templates))
        self._reached = cache(partial(_reach, basis.templates))
        self._shared: Callable[[str], Ingredient] = cache(partial(_shared_parts, basis.shared))

    def pages(self) -> Iterator[Unit]:
        """Every article, then every other page, in the plan's order."""
        every = len(self._plan.articles) + len(self._plan.pages)
        yield from (self.of(number) for number in range(every))

    def of(self, number: int) -> Unit:
        """One of them by its place among the plan's articles and pages."""
        first = len(self._plan.articles)
        if number < first:
            return self._article(number, self._plan.articles[number])
        return self._page(number, self._plan.pages[number - first])

    def _page(self, number: int, page: PagePlan) -> Unit:
        made = [
            ingredient(SHOWN, {"path": page.path, "section": page.section, "view": page.view}),
            self._templates((page.template,)),
        ]
        if page.body is not None:
            made += self._text(page.body.path)
        every = (*made, self._shared(page.section), *self._always)
        sources = (page.body.path,) if page.body is not None else _DATA.get(page.template, ())
        files, reached = (output_file(page.path),), (self._reached((page.template,)),)
        return Unit(page.path, every, files, number, sources, reached)

    def _article(self, number: int, unit: ArticlePlan) -> Unit:
        path = unit.article.path
        parts = tuple(tuple(PARTS[part] for part in v.parts) for v in unit.variants)
        by_file = tuple((v.template, *names) for v, names in zip(unit.variants, parts, strict=True))
        names = dict.fromkeys(name for made in by_file for name in made)
        made = [
            ingredient(SHOWN, _shown(unit)),
            self._templates(tuple(names)),
            *self._text(path),
            self._shared(unit.article.section),
        ]
        sources = [path]
        if unit.article.image is not None:
            sources.append(unit.article.image.path)
            made.append(self._picture(unit.article.image.path))
        folder = output_file(unit.path).removesuffix("index.html")
        files = tuple(folder + variant.file for variant in unit.variants)
        reached = tuple(self._reached(names) for names in by_file)
        inner = tuple(
            None if v.standalone else self._reached(names) for v, names in zip(unit.variants, parts, strict=True)
        )
        return Unit(path, (*made, *self._always), files, number, tuple(sources), reached, inner)

    def documents(self) -> Iterator[tuple[Unit, int, Variant]]:
        """What is typeset or packed of each article, with the article's number."""
        for number, unit in enumerate(self._plan.articles):
            yield from ((self._document(number, unit, variant), number, variant) for variant in unit.documents)

    def _document(self, number: int, unit: ArticlePlan, variant: Variant) -> Unit:
        """It depends on little: on nothing that stands around an article on its pages, nor on how these look."""
        article, basis = unit.article, self._basis
        shown = {"article": replace(article, body_line=0), "path": unit.path, "section": self._section(article.section)}
        config = basis.config
        of_site = (config.title, config.base_url, config.language, config.copyright, config.words_per_minute)
        made = [
            ingredient(SHOWN, shown),
            *self._text(article.path),
            ingredient("what documents show of the site", (*of_site, config.paper, config.columns, config.timezone)),
            self._kit(variant.name),
            ingredient("the theme's words", basis.words),
            self._program,
        ]
        sources = [article.path]
        if article.image is not None:
            sources.append(article.image.path)
            made.append(self._picture(article.image.path))
        file = output_file(unit.path).removesuffix("index.html") + variant.file
        return Unit(f"{article.path} ({variant.name})", tuple(made), (file,), sources=tuple(sources))

    def _kit(self, name: str) -> Ingredient:
        templates = self._basis.templates.closure(DOCUMENT_TEMPLATES) if name == "epub" else {}
        return ingredient("the theme's files for documents", (self._basis.documents[name], templates))

    def _section(self, slug: str) -> str:
        return next((section.title for section in self._basis.config.sections if section.slug == slug), slug)

    def _picture(self, path: str) -> Ingredient:
        try:
            return ingredient("its picture", self._library.picture(path))
        except MediaFault as fault:
            return ingredient("its picture", str(fault))

    def _text(self, path: str) -> tuple[Ingredient, Ingredient]:
        return text_ingredient(self._texts[path]), ingredient(LINKS, self._resolved[path].goals)

    def files(
        self, media: Iterable[str], pictures: Iterable[Rendition], data_of: Callable[[Rendition], bytes]
    ) -> Iterator[tuple[Unit, Callable[[], bytes]]]:
        """Every other file: the theme's own, feeds, sitemaps, pictures and documents; each with what makes it."""
        for file, data in self._basis.assets.files.items():
            yield self._unit(file, Ingredient("the theme's file", digest(data))), partial(bytes, data)
        urls = urls_of(self._basis.config)
        for file, view, make in machine_files(self._plan, urls):
            yield self._unit(file, ingredient(LISTED, view)), make
        for file, path in copies(media, self._library).items():
            unit = self._unit(file, ingredient("the file in content/", path), path)
            yield unit, partial(_bytes_of, self._library.root, path)
        for one in pictures:
            yield self._unit(one.file, ingredient("the picture in content/", one), one.source), partial(data_of, one)

    def _unit(self, file: str, made_from: Ingredient, *sources: str) -> Unit:
        return Unit(file, (made_from, *self._always[:2], self._always[-1]), (file,), sources=sources)


def copies(media: Iterable[str], library: Library) -> dict[str, str]:
    """The files that are published as they are: where they lie in the site's folder, by their paths in the output.

    What cannot be published is left out; that has been told.
    """
    found: dict[str, str] = {}
    for path in media:
        picture = library.known(path)
        if picture is None or not picture.is_remade:
            with suppress(MediaFault):
                found.setdefault(library.published(path), path)
    return found


def _bytes_of(root: Path, path: str) -> bytes:
    """The bytes of a file in content/ as they are published."""
    return read_beneath(root, path, MAX_BYTES)[1]


def _made_from(templates: Templates, names: tuple[str, ...]) -> Ingredient:
    return ingredient(TEMPLATES, templates.closure(names))


def _reach(templates: Templates, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(templates.closure(names))


def _shared_parts(every: Mapping[str, Shared], section: str) -> Ingredient:
    shared = every[section]
    parts = {"header": shared.header, "sidebar": shared.sidebar, "footer": shared.footer}
    return ingredient(SHARED, {name: digest(part.encode()) for name, part in parts.items()})


def text_ingredient(text: Text) -> Ingredient:
    """What a page shows of a text, besides where its links lead."""
    return Ingredient(TEXT, digest(encode((text.digest, text.words, text.characters, text.summary))))


def _shown(unit: ArticlePlan) -> dict[str, Any]:
    return {
        # The line on which the text begins shows nowhere.
        "article": replace(unit.article, body_line=0),
        "path": unit.path,
        "variants": [variant.name for variant in unit.variants],
        "documents": [variant.name for variant in unit.documents],
        "older": unit.older,
        "newer": unit.newer,
        "related": unit.related,
    }
