"""What a site is after a few of its sources were edited, before it is planned anew or without that."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from sitegen.beneath import stat_beneath
from sitegen.engine.cache import Cache
from sitegen.engine.content import BOARD, ArticleFacts, Door, PageFacts, kind_of, reading_of
from sitegen.engine.inputs import Listed
from sitegen.engine.moments import moment_of
from sitegen.engine.options import Options, silent
from sitegen.engine.retext import plans_the_same, reads_the_same
from sitegen.engine.shown import Early, Index, Site
from sitegen.engine.stamps import stamp_of
from sitegen.engine.work import Work, rejoined, resolved_of, with_plan
from sitegen.plan.fronts import shared_view
from sitegen.plan.live import live_ads, live_jobs
from sitegen.problems import Problem, errors
from sitegen.sources.articles import Article
from sitegen.sources.site import JOBS

ITS_OWN = (
    "title",
    "summary",
    "excerpt",
    "authors",
    "translator",
    "source",
    "original",
    "copyright",
    "reading_minutes",
    "body_line",
)
"""Fields of an article that its own pages show and that give it no other place in the plan."""
ELSEWHERE = ("jobs.html",)
"""Templates of pages that show more of the job ads than the shared parts do."""


class _Edit(Struct, frozen=True):
    """An edited text: what it was and is."""

    old: ArticleFacts | PageFacts
    new: ArticleFacts | PageFacts


class Edits:
    """The files `changed`, by their paths, of a site that was prepared before; `index` is its index."""

    def __init__(
        self,
        options: Options,
        work: Work,
        cache: Cache,
        changed: Collection[str],
        noted: int,
        index: Index | None = None,
    ) -> None:
        self._options, self._work, self._cache, self._noted, self._index = options, work, cache, noted, index
        self._changed = tuple(changed)
        self._found: list[Problem] = []
        self._stamps: Listed = {}

    @cached_property
    def _door(self) -> Door:
        reading, every = reading_of(self._options.root, self._work.config), frozenset(self._work.inputs.files)
        return Door(reading, self._cache, self._stamps, self._noted, 1, every, self._found, silent)

    @cached_property
    def _texts(self) -> dict[str, _Edit] | None:
        """The edited texts; None where something else was edited, or where one cannot be read."""
        work, edits = self._work, dict[str, _Edit]()
        if not all(path in work.texts and path in work.inputs.texts for path in self._changed):
            return None
        for path in self._changed:
            if not self._is_there(path):
                return None
            kind = kind_of(path)
            new = self._door.read([path], kind).get(path)
            old = self._door.recalled(path, work.loaded.digests[path], kind)
            if new is None or old is None:
                return None
            edits[path] = _Edit(old, new)
        return edits

    def _is_there(self, path: str) -> bool:
        try:
            self._stamps[path] = stamp_of(stat_beneath(self._options.root, path))
        except OSError:
            return False
        return True

    def joined(self) -> Work | None:
        """The site where nothing but texts was edited, and so that the plan is the same; None where that is not so."""
        if self._texts is None or not all(plans_the_same(edit.old, edit.new) for edit in self._texts.values()):
            return None
        return self._with_texts(self._texts)

    def _with_texts(self, edits: dict[str, _Edit]) -> Work:
        work, door = self._work, self._door
        stay = (problem for problem in work.loaded.problems if problem.file not in edits)
        loaded = replace(
            work.loaded,
            texts=work.texts | {path: edit.new.text for path, edit in edits.items()},
            bodies=work.bodies.joined(door.bodies),
            facts=work.loaded.facts | {path: edit.new for path, edit in edits.items()},
            digests=work.loaded.digests | door.digests,
            parsed=door.parsed,
            problems=(*stay, *self._found),
        )
        shown = (path for path in edits if path in work.resolved)
        resolved = work.resolved | {path: resolved_of(work.links, path, edits[path].new.text) for path in shown}
        inputs = replace(work.inputs, texts=work.inputs.texts | self._stamps)
        return rejoined(replace(work, inputs=inputs, noted=self._noted, loaded=loaded, resolved=resolved))

    def early(self) -> Early | None:
        """What can be had of the site before it is planned anew; None where that is nothing."""
        if self._changed == (JOBS,):
            return self._with_jobs()
        if self._texts is None or len(self._texts) != 1:
            return None
        ((path, edit),) = self._texts.items()
        old, new = edit.old, edit.new
        if not isinstance(old, ArticleFacts) or not isinstance(new, ArticleFacts):
            return None
        if not reads_the_same(old.text, new.text) or not _placed_the_same(old.source, new.source):
            return None
        work = self._with_texts(self._texts)
        number = next((i for i, unit in enumerate(work.plan.articles) if unit.article.path == path), None)
        if number is None or errors(work.problems):
            return None
        units = list(work.plan.articles)
        units[number] = replace(units[number], article=new.source)
        site = Site(with_plan(work, replace(work.plan, articles=tuple(units))), self._index)
        own = site.files_of(units[number])
        return Early(site, own.__contains__)

    def _with_jobs(self) -> Early | None:
        work, options = self._work, self._options
        if not self._is_there(JOBS) or errors(work.problems):
            return None
        board = self._door.read([JOBS], BOARD).get(JOBS)
        if board is None or errors(self._found) or work.look.templates is None:
            return None
        content = replace(work.loaded.content, board=board.source)
        now = moment_of(options.now, ZoneInfo(work.config.timezone))
        jobs, ads = live_jobs(content.board.jobs, now), live_ads(content.ads, now)
        shared = shared_view(work.config, work.look.formats, work.library, content, jobs, ads, [])
        made = with_plan(work, replace(work.plan, shared=shared))
        if made.basis is None:
            return None
        site = Site(made, self._index)
        return Early(site, lambda name: site.template_of(name) not in (None, *ELSEWHERE))


def _placed_the_same(old: Article, new: Article) -> bool:
    """Whether a plan gives an article the same place, and differs in nothing else that its own pages show."""
    return replace(old, **{name: getattr(new, name) for name in ITS_OWN}) == new
