"""The files of a site that is in memory, each made when it is asked for, with the bytes that a build would write."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from sitegen.engine.work import Work
from sitegen.plan.site import ArticlePlan
from sitegen.plan.urls import output_file, urls_of
from sitegen.problems import Problem
from sitegen.render.feeds import machine_files
from sitegen.render.renderer import Body


class Served(Struct, frozen=True):
    """One file: its bytes, or the file in content/ that it is a copy of; with what is wrong with it."""

    data: bytes = b""
    copy_of: Path | None = None
    problems: tuple[Problem, ...] = ()


class Site:
    """The files of a site that was prepared, each made when it is asked for. Several threads may ask.

    `base_path` is the path below which it lies on its host, and ends in `/`. It changes by itself at the moment `until`
    (aware; None: never).
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.base_path, self.until = work.config.base_path, work.planned.until

    @cached_property
    def files(self) -> frozenset[str]:
        """The paths of all files in the output."""
        made = (self.work.plan.files, self.work.look.assets.files, self._media, self._machine)
        return frozenset(name for names in made for name in names)

    @cached_property
    def pages(self) -> frozenset[str]:
        """The paths of all files that templates make."""
        articles = (name for unit in self.work.plan.articles for name in self.files_of(unit))
        return frozenset((*articles, *self._pages))

    def files_of(self, unit: ArticlePlan) -> tuple[str, ...]:
        """The paths of an article's files."""
        folder = output_file(unit.path).removesuffix("index.html")
        return tuple(folder + variant.file for variant in unit.variants)

    def files_from(self, templates: Collection[str]) -> frozenset[str]:
        """The paths of those pages, articles aside, that are made from one of these templates."""
        pages = self.work.plan.pages
        return frozenset(name for name, number in self._pages.items() if pages[number].template in templates)

    def number(self, name: str) -> int | None:
        """The place among the plan's articles and pages of what a file belongs to; None for a file that is no page."""
        if name in self._pages:
            return len(self.work.plan.articles) + self._pages[name]
        folder, slash, _ = name.rpartition("/")
        return self._articles.get(folder + slash) if name in self.files else None

    @cached_property
    def _articles(self) -> dict[str, int]:
        """The articles by the folders of their files."""
        articles = enumerate(self.work.plan.articles)
        return {output_file(unit.path).removesuffix("index.html"): number for number, unit in articles}

    @cached_property
    def _pages(self) -> dict[str, int]:
        return {output_file(page.path): number for number, page in enumerate(self.work.plan.pages)}

    @cached_property
    def _machine(self) -> dict[str, Callable[[], bytes]]:
        return {file: make for file, _, make in machine_files(self.work.plan, urls_of(self.work.config))}

    @cached_property
    def _media(self) -> dict[str, str]:
        return {self.work.library.published(path): path for path in self.work.media}

    def file(self, name: str) -> Served | None:
        """One file by its path in the output; None where there is none."""
        work = self.work
        if name in work.look.assets.files:
            return Served(work.look.assets.files[name])
        if name in self._machine:
            return Served(self._machine[name]())
        if name in self._media:
            return Served(copy_of=work.library.root / self._media[name])
        number, articles = self.number(name), work.plan.articles
        if number is None:
            return None
        if number < len(articles):
            unit = articles[number]
            rendered = work.renderer.article(unit, self._body(unit.article.path), (name,))
        else:
            page = work.plan.pages[number - len(articles)]
            rendered = work.renderer.page(page, self._body(page.body.path) if page.body is not None else None)
        return Served(rendered.files[0].data if rendered.files else b"", problems=rendered.problems)

    def _body(self, path: str) -> Body:
        html = self.work.bodies.some([path])[path]
        return Body(html, self.work.resolved[path].goals, self.work.texts[path])


class Early(Struct, frozen=True):
    """A site of which not all is up to date yet: only those files are that `holds` says so of, by their paths."""

    site: Site
    holds: Callable[[str], bool]
