"""The files of a site that is in memory, each made when it is asked for, with the bytes that a build would write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property

from msgspec import Struct

from sitegen.engine.documents import documents_of
from sitegen.engine.places import Place
from sitegen.engine.scratch import Scratch
from sitegen.engine.store import Spoiled
from sitegen.engine.units import copies
from sitegen.engine.work import Work
from sitegen.plan.pages import PagePlan
from sitegen.plan.pictures import Rendition
from sitegen.plan.site import ArticlePlan
from sitegen.plan.urls import output_file, urls_of
from sitegen.problems import Problem, unexpected
from sitegen.render.documents import FAULTS, Documents, fault_of
from sitegen.render.feeds import machine_files
from sitegen.render.renderer import Body
from sitegen.sources.media import MediaFault


class Served(Struct, frozen=True):
    """One file: its bytes, or the file that it is a copy of; with what is wrong with it."""

    data: bytes = b""
    copy_of: Place | None = None
    problems: tuple[Problem, ...] = ()


class Index:
    """Which files a site has, and what each belongs to. A site with the same files in the same places can have the same
    index: to make it takes longer than to render a page.
    """

    def __init__(self, work: Work) -> None:
        self._plan, self._assets = work.plan, frozenset(work.look.assets.files)
        self._media, self._pictures = work.media, work.pictures
        self.media = copies(work.media, work.library)
        self.pictures = {one.file: one for one in work.pictures}
        self.machine = tuple(file for file, *_ in machine_files(work.plan, urls_of(work.config)))

    def fits(self, work: Work) -> bool:
        """Whether it is that of another site as well."""
        mine, plan = self._plan, work.plan
        same = mine.files is plan.files and mine.feeds is plan.feeds and mine.sitemaps is plan.sitemaps
        same = same and self._media == work.media and self._pictures == work.pictures
        return same and self._assets == work.look.assets.files.keys()

    @cached_property
    def files(self) -> frozenset[str]:
        """The paths of all files in the output."""
        return frozenset((*self._plan.files, *self._assets, *self.media, *self.pictures, *self.machine))

    @cached_property
    def articles(self) -> dict[str, int]:
        """The articles' places in the plan, by the folders of their files."""
        articles = enumerate(self._plan.articles)
        return {output_file(unit.path).removesuffix("index.html"): number for number, unit in articles}

    @cached_property
    def pages(self) -> dict[str, int]:
        """The other pages' places in the plan, by their files."""
        return {output_file(page.path): number for number, page in enumerate(self._plan.pages)}


class Site:
    """The files of a site that was prepared, each made when it is asked for. Several threads may ask.

    `base_path` is the path below which it lies on its host, and ends in `/`. It changes by itself at the moment `until`
    (aware; None: never). An `index` that fits is taken over.
    """

    def __init__(self, work: Work, index: Index | None = None) -> None:
        self.work = work
        self.base_path, self.until = work.config.base_path, work.planned.until
        self._typesetting = threading.Lock()
        self.index = index if index is not None and index.fits(work) else Index(work)

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files in the output."""
        return self.index.files

    def files_of(self, unit: ArticlePlan) -> tuple[str, ...]:
        """The paths of an article's files."""
        folder = output_file(unit.path).removesuffix("index.html")
        return tuple(folder + variant.file for variant in unit.variants)

    def template_of(self, name: str) -> str | None:
        """The template of a page that is no article; "" for an article's files, None for a file that is no page."""
        number, articles = self.number(name), len(self.work.plan.articles)
        if number is None:
            return None
        return "" if number < articles else self._page(number).template

    def number(self, name: str) -> int | None:
        """The place among the plan's articles and pages of what a file belongs to; None for a file that is no page."""
        if name in self.index.pages:
            return len(self.work.plan.articles) + self.index.pages[name]
        folder, slash, _ = name.rpartition("/")
        return self.index.articles.get(folder + slash) if name in self.files else None

    @cached_property
    def _machine(self) -> dict[str, Callable[[], bytes]]:
        return {file: make for file, _, make in machine_files(self.work.plan, urls_of(self.work.config))}

    def file(self, name: str) -> Served | None:
        """One file by its path in the output; None where there is none."""
        try:
            return self._file(name)
        except (OSError, Spoiled):
            raise
        except Exception as error:
            return Served(problems=(unexpected(error, self._source(name)),))

    def _source(self, name: str) -> str:
        """What a file is made from, by its path in the output."""
        if name in self.index.pictures:
            return self.index.pictures[name].source
        number, articles = self.number(name), self.work.plan.articles
        if number is None:
            return name
        return articles[number].article.path if number < len(articles) else self._page(number).claim.source

    def _page(self, number: int) -> PagePlan:
        return self.work.plan.pages[number - len(self.work.plan.articles)]

    def _file(self, name: str) -> Served | None:
        work = self.work
        if name in work.look.assets.files:
            return Served(work.look.assets.files[name])
        if name in self.index.machine:
            return Served(self._machine[name]())
        if name in self.index.media:
            return Served(copy_of=Place(work.library.root, self.index.media[name]))
        if name in self.index.pictures:
            return self._picture(self.index.pictures[name])
        number, articles = self.number(name), work.plan.articles
        if number is None:
            return None
        if number < len(articles):
            unit = articles[number]
            document = next((v.name for v in unit.documents if name.rpartition("/")[2] == v.file), "")
            if document:
                return self._document(unit, document)
            rendered = work.renderer.article(unit, self._body(unit.article.path), (name,))
        else:
            page = self._page(number)
            rendered = work.renderer.page(page, self._body(page.body.path) if page.body is not None else None)
        return Served(rendered.files[0].data if rendered.files else b"", problems=rendered.problems)

    def _picture(self, one: Rendition) -> Served:
        try:
            return Served(self.work.shelf.data(one))
        except MediaFault as fault:
            return Served(problems=(Problem(one.source, 0, 0, str(fault), fault.hint),))

    @cached_property
    def _documents(self) -> Documents:
        return documents_of(self.work, self._scratch.path)

    @cached_property
    def _scratch(self) -> Scratch:
        return Scratch()

    def _document(self, unit: ArticlePlan, name: str) -> Served:
        path = unit.article.path
        try:
            # One at a time: they share a folder.
            with self._typesetting:
                return Served(self._documents.make(unit, self._body(path), name))
        except FAULTS as fault:
            return Served(problems=(fault_of(fault, path),))

    def _body(self, path: str) -> Body:
        html = self.work.bodies.some([path])[path]
        return Body(html, self.work.resolved[path].goals, self.work.texts[path])


class Early(Struct, frozen=True):
    """A site of which not all is up to date yet: only those files are that `holds` says so of, by their paths."""

    site: Site
    holds: Callable[[str], bool]
