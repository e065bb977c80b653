"""A site in memory, for a preview: any of its files can be had at once, with the bytes that a build would write.

It is made by the same steps as a build (work.py) and by the same renderer; only what nobody asks for is never
rendered. After an edit those steps are taken again whose sources have changed; a text that cannot change the plan
takes none of them but the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.bundled import bundled_themes
from sitegen.engine.cache import Cache
from sitegen.engine.content import Door, kind_of, reading_of
from sitegen.engine.faults import answered
from sitegen.engine.inputs import Listed, list_inputs
from sitegen.engine.options import Options, silent
from sitegen.engine.places import clock_path, require_site
from sitegen.engine.retext import plans_the_same
from sitegen.engine.stamps import clock, stamp_of
from sitegen.engine.store import Spoiled, remove
from sitegen.engine.work import Work, prepare, rejoined
from sitegen.plan.pages import PagePlan
from sitegen.plan.site import ArticlePlan
from sitegen.plan.urls import output_file, urls_of
from sitegen.problems import Problem, SiteError, errors, in_order
from sitegen.render.feeds import machine_files
from sitegen.render.links import Resolved
from sitegen.render.markdown import Text
from sitegen.render.renderer import Body


class Served(Struct, frozen=True):
    """One file: its bytes, or the file in content/ that it is a copy of; with what is wrong with it."""

    data: bytes = b""
    copy_of: Path | None = None
    problems: tuple[Problem, ...] = ()


class Site:
    """The files of a site that was prepared, each made when it is asked for. Several threads may ask.

    `base_path` is the path below which it lies on its host, and ends in `/`.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.base_path = work.config.base_path

    @cached_property
    def files(self) -> frozenset[str]:
        """The paths of all files in the output."""
        made = (self.work.plan.files, self.work.look.assets.files, self._media, self._machine)
        return frozenset(name for names in made for name in names)

    @cached_property
    def _articles(self) -> dict[str, ArticlePlan]:
        """The articles by the folders of their files."""
        return {output_file(unit.path).removesuffix("index.html"): unit for unit in self.work.plan.articles}

    @cached_property
    def _pages(self) -> dict[str, PagePlan]:
        return {output_file(page.path): page for page in self.work.plan.pages}

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
        folder, slash, _ = name.rpartition("/")
        if name in self._pages:
            page = self._pages[name]
            rendered = work.renderer.page(page, self._body(page.body.path) if page.body is not None else None)
        elif folder + slash in self._articles and name in self.files:
            unit = self._articles[folder + slash]
            rendered = work.renderer.article(unit, self._body(unit.article.path), (name,))
        else:
            return None
        return Served(rendered.files[0].data if rendered.files else b"", problems=rendered.problems)

    def _body(self, path: str) -> Body:
        html = self.work.bodies.some([path])[path]
        return Body(html, self.work.resolved[path].goals, self.work.texts[path])


class Live:
    """Keeps a site in memory up to date with its sources.

    `site` is the last one without errors, None where there has been none yet; `problems` are those of the last look
    at the sources. `options` may be replaced between two looks.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.site: Site | None = None
        self.problems: tuple[Problem, ...] = ()
        self._cache: Cache | None = None
        self._work: Work | None = None

    def look(self, changed: Collection[str] | None = None) -> None:
        """Reads what has changed: the files `changed`, by their paths from the site's root; by default all of them."""
        try:
            with answered(self.options.root):
                self._work = self._healing(changed)
        except SiteError as error:
            self._work, self.problems = None, tuple(in_order(error.problems))
            return
        self.problems = tuple(in_order(self._work.problems))
        if not errors(self.problems):
            self.site = Site(self._work)

    def _healing(self, changed: Collection[str] | None) -> Work:
        """The cache is disposable: where it is broken, reading only takes longer."""
        try:
            return self._prepared(changed)
        except Spoiled as error:
            remove(error.path)
            self._cache = self._work = None
            return self._prepared(None)

    def _prepared(self, changed: Collection[str] | None) -> Work:
        require_site(self.options.root)
        if self._cache is None or not self._cache.is_in_place():
            self._cache = Cache(self.options.root)
        before, work = self._work, None
        noted = clock(clock_path(self.options.root))
        if before is not None and changed is not None:
            work = with_texts(self.options, before, self._cache, changed, noted)
        if work is None:
            needed = before.inputs.needed if before is not None else ()
            inputs = list_inputs(self.options.root, (bundled_themes(),), needed)
            work = prepare(self.options, self._cache, inputs, noted, before)
        self._cache.save(work.loaded.gone)
        return work


def with_texts(options: Options, work: Work, cache: Cache, changed: Iterable[str], noted: int) -> Work | None:
    """A site of which nothing but texts was edited, so that its plan is the same; None where that is not so."""
    stamps: Listed = {}
    for path in changed:
        if path not in work.texts or path not in work.inputs.texts:
            return None
        try:
            stamps[path] = stamp_of((options.root / path).stat())
        except OSError:
            return None
    found: list[Problem] = []
    every = frozenset(work.inputs.files)
    door = Door(reading_of(options.root, work.config), cache, stamps, noted, 1, every, found, silent)
    texts: dict[str, Text] = {}
    resolved: dict[str, Resolved] = {}
    for path in stamps:
        kind = kind_of(path)
        new = door.read([path], kind).get(path)
        old = door.recalled(path, work.loaded.digests[path], kind)
        if new is None or old is None or not plans_the_same(old, new):
            return None
        texts[path] = new.text
        if path in work.resolved:
            resolved[path] = work.links.resolve(path, new.text.refs)
    stay = (problem for problem in work.loaded.problems if problem.file not in stamps)
    loaded = replace(
        work.loaded,
        texts=work.texts | texts,
        bodies=work.bodies.joined(door.bodies),
        digests=work.loaded.digests | door.digests,
        parsed=door.parsed,
        problems=(*stay, *found),
    )
    inputs = replace(work.inputs, texts=work.inputs.texts | stamps)
    return rejoined(replace(work, inputs=inputs, noted=noted, loaded=loaded, resolved=work.resolved | resolved))
