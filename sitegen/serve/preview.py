"""The preview: the site in memory, brought up to date after every change, and what is told to the open pages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from math import inf

import msgspec

from sitegen.beneath import read_beneath
from sitegen.engine.about import about, drafts_of
from sitegen.engine.build import without_collector
from sitegen.engine.live import Live
from sitegen.engine.load import read_config
from sitegen.engine.moments import moment_of
from sitegen.engine.options import Options
from sitegen.engine.shown import Early, Served, Site
from sitegen.engine.store import Spoiled
from sitegen.problems import Problem, SiteError, errors
from sitegen.serve.editor import Editor
from sitegen.serve.marks import Marks
from sitegen.serve.notify import News
from sitegen.serve.routes import answer
from sitegen.serve.scribe import Scribe
from sitegen.serve.state import Looked, Nothing, Page, Pages, State, own_fault
from sitegen.serve.thread import in_daemon_thread
from sitegen.serve.told import about_page, state_of_page
from sitegen.serve.whys import Whys
from sitegen.sources.media import MAX_BYTES

_MOST_KEPT = 200
"""So many files are held that were asked for."""

SOON = 0.005
"""Seconds that are waited after a change: what belongs to it comes at once."""
QUIET = 0.05
"""Seconds without a further change after which a burst of changes, such as a checkout, counts as over."""
BREATH = 0.03
"""Seconds that the planning of a site waits for those who ask for what can be had early: they share one interpreter."""
PATIENCE = 2.0
"""Seconds after which a burst that does not end is looked at all the same."""
HEARING, DEAF = (2.0, 200.0), (0.5, 20.0)
"""How often all sources are looked through: seconds, and so many times what it takes, which is a half or five per cent
of one processor.
"""


class Preview:
    """The state of the preview, and the loop that keeps it up to date.

    Every change that is noticed raises a count; a look at the sources brings the site up to the count at its
    beginning. So a request knows what to wait for: the count at its arrival. It is never answered with what was stale
    then.
    """

    def __init__(
        self,
        options: Options,
        report: Callable[[Looked], None],
        earlier: Pages | None = None,
        editor: Editor | None = None,
    ) -> None:
        """`earlier` are the pages of an earlier run, which are shown while there are no others."""
        self.news = News()
        self._options, self._report = options, report
        self._editor = editor or Editor(options.root)
        self._why = Whys()
        self._kept: tuple[Pages | None, dict[str, Served]] = (None, {})
        self._marks = Marks()
        self._live = Live(options)
        pages = earlier or Nothing(self._base_path())
        self.state = State(pages, pages)
        self._warned: frozenset[Problem] = frozenset()
        self._drafts = 0
        self._changed: set[str] = set()
        self._awaited: dict[str, float] = {}
        self._is_read = self._is_due = False
        self._passed: datetime | None = None
        # The first look is one that everybody waits for.
        self._noticed, self._served = 1, 0
        self._early: Early | None = None
        self._early_count = 0
        self.looks = 0
        self._noted, self._looked = asyncio.Event(), asyncio.Event()
        self._moved = asyncio.Event()
        self._noted.set()

    def trust(self) -> None:
        """Says that the pages of the earlier run are up to date: nobody needs to wait for others."""
        self._served = self._noticed

    def notice(self, path: str, within: float = 0.0) -> None:
        """Takes note that a source may have changed. Called in the loop's thread.

        Within so many seconds more is to be expected of it: it is looked at then, or as soon as it is noticed without.
        """
        self._changed.add(path)
        if within:
            self._awaited[path] = time.monotonic() + within
        else:
            self._awaited.pop(path, None)
        self._notice()

    def missed(self) -> list[str]:
        """What has changed since the last look began."""
        return self._live.missed()

    def notice_loss(self) -> None:
        """Takes note that anything may have changed."""
        self._is_read = False
        self._notice()

    def _notice(self) -> None:
        self._noticed += 1
        self._noted.set()

    def keep_time(self) -> float:
        """Takes note where the moment has come at which the pages change by themselves; seconds until the next one."""
        until = self.state.pages.until
        if until is None or until == self._passed:
            return inf
        left = (until - moment_of(self._options.now, UTC)).total_seconds()
        if left <= 0:
            self._passed, self._is_read, self._is_due = until, False, True
            self._notice()
        return max(left, 0.0)

    async def page(self, path: str) -> Page:
        """The answer to a decoded path, as soon as it reflects every change that has been noticed up to now.

        A page that cannot be rendered is the one that was shown before.
        """
        while True:
            self.keep_time()
            noticed = self._noticed
            while (pages := self._pages_at(path, noticed)) is None:
                await self._moved.wait()
            try:
                return self._page(path, pages)
            except Spoiled as error:
                self._read_again(error)

    def _read_again(self, error: Spoiled) -> None:
        self._live.forget(error.place)
        self._is_read = False
        self._notice()

    async def settled(self) -> None:
        """Waits until all pages reflect every change that has been noticed up to now."""
        noticed = self._noticed
        while self._served < noticed:
            await self._moved.wait()

    def _pages_at(self, path: str, noticed: int) -> Pages | None:
        """The pages that reflect what was noticed up to a count; None where those of a path do not yet."""
        if self._served >= noticed:
            return self.state.pages
        if self._early is not None and self._early_count >= noticed:
            site = self._early.site
            if self._early.holds(answer(path, site.base_path, site.files).file):
                return site
        return None

    def _page(self, path: str, pages: Pages) -> Page:
        found = answer(path, pages.base_path, pages.files)
        made = self._made(pages, found.file)
        data, problems = made.data, made.problems
        if problems and found.file in self.state.before.files:
            data = self._made(self.state.before, found.file).data
        return Page(found, data, problems)

    def _made(self, pages: Pages, name: str) -> Served:
        """A file; what is asked for again and again while the site is the same is made once."""
        if self._kept[0] is not pages or len(self._kept[1]) > _MOST_KEPT:
            self._kept = pages, {}
        kept = self._kept[1]
        if name not in kept:
            kept[name] = self._make(pages, name)
        copy_of = kept[name].copy_of
        if copy_of is not None:
            with suppress(OSError):
                return Served(read_beneath(copy_of.root, copy_of.name, MAX_BYTES)[1])
        return kept[name]

    def _make(self, pages: Pages, name: str) -> Served:
        try:
            made = (pages.file(name) if name else None) or Served()
        except Spoiled:
            raise
        except Exception as error:
            made = Served(problems=(own_fault(error),))
        for fault in made.problems:
            if fault.trace:
                self._report(Looked((), 0.0, problems=(fault,), trace=fault.trace))
        return made

    async def followed(self, path: str) -> AsyncIterator[str]:
        """What is told to an open page: its edition and the problems, now and after every look."""
        last: tuple[str, Pages] | None = None
        async for is_news in self.news.follow():
            pages = self._pages_at(path, max(self._served, self._early_count))
            if pages is None:
                continue
            try:
                page = self._page(path, pages)
            except Spoiled as error:
                self._read_again(error)
                continue
            yield self._message(page, pages) if is_news else ""
            if last is not None and last[0] != page.edition:
                self._why.note(page.found.file, last[1], pages)
            last = page.edition, pages

    def _message(self, page: Page, pages: Pages) -> str:
        every = dict.fromkeys((*errors(self.state.problems), *page.problems, *errors(self.state.found)))
        status, marks = self._marks.of(page, pages) if self._options.drafts else ("", {})
        return state_of_page(page.edition, every, status, marks, self._editor)

    def is_idle(self) -> bool:
        """Whether the pages reflect all that has been noticed."""
        return self._served >= self._noticed

    async def about(self, path: str) -> bytes | None:
        """What there is to know of the page at a path, as JSON; None where there is no such page."""
        self.keep_time()
        await self.settled()
        while not self.looks:
            await self._moved.wait()
        site = self.state.pages
        if not isinstance(site, Site):
            return None
        name = answer(path, site.base_path, site.files).file
        found = about(site, name)
        return about_page(found, self._why.of(name), self._editor) if found is not None else None

    async def run(self) -> None:
        """Looks at the sources, first at all of them and then after every burst of changes, until cancelled."""
        while True:
            await self._noted.wait()
            await self._until_quiet()
            noticed, changed, is_read = self._noticed, tuple(sorted(self._changed)), self._is_read
            self._changed.clear()
            self._awaited.clear()
            self._noted.clear()
            look = partial(self._look, changed, is_read, self._is_due, self._shower(noticed))
            self._is_read, self._is_due = True, False
            looked = await in_daemon_thread(look)
            self._count()
            self._catch_up(noticed)
            self.news.tell()
            self._report(looked)

    async def watch_time(self) -> None:
        """Has the site change by itself at its moments, until cancelled."""
        while True:
            # The clock may be set, and a machine may sleep: so it is looked at often.
            await asyncio.sleep(min(self.keep_time(), 1.0))

    async def sweep(self, hears: bool) -> None:
        """Looks from time to time whether something has changed that nobody has told of, until cancelled.

        Where nobody tells of anything (it does not `hear`), that is done more often.
        """
        shortest, ratio = HEARING if hears else DEAF
        pause = shortest
        while True:
            await asyncio.sleep(pause)
            if not self.is_idle():
                continue
            started, looks = time.monotonic(), self.looks
            missed = await in_daemon_thread(self._live.missed)
            pause = max(shortest, ratio * (time.monotonic() - started))
            for path in missed if looks == self.looks and self.is_idle() else ():
                self.notice(path)

    async def write(self, scribe: Scribe) -> None:
        """Has the pages written whenever nothing has changed for a while, until cancelled."""
        seen = 0
        try:
            while True:
                while seen == self.looks:
                    await self._looked.wait()
                seen = self.looks
                await asyncio.sleep(scribe.pause)
                if seen != self.looks or self._noted.is_set() or errors(self.state.problems):
                    continue
                found = await scribe.write()
                if seen == self.looks:
                    self.state = msgspec.structs.replace(self.state, found=found)
                    self.news.tell()
                    self._tell_of(found)
        finally:
            scribe.end()

    def _count(self) -> None:
        self.looks += 1
        # Whoever waits has the old event.
        self._looked.set()
        self._looked = asyncio.Event()

    def _tell_of(self, found: tuple[Problem, ...]) -> None:
        fresh = tuple(problem for problem in found if problem not in self._warned)
        self._warned |= frozenset(found)
        if fresh:
            self._report(Looked((), 0.0, is_good=not errors(fresh), problems=fresh))

    def begin(self) -> None:
        """The first look, before there are other threads: it may then use every processor."""
        looked = self._look((), False, False, None)
        self._is_read, self._served = True, self._noticed
        self._noted.clear()
        self._count()
        self._report(looked)

    async def close(self) -> None:
        """Lets every waiting request and every open page go."""
        self._catch_up(self._noticed)
        self.news.close()

    async def _until_quiet(self) -> None:
        """Waits for what belongs to a change: files that are being written, and other files."""
        started, known, pause = time.monotonic(), len(self._changed), SOON
        while pause > 0 and time.monotonic() - started < PATIENCE:
            await asyncio.sleep(pause)
            left = max(self._awaited.values(), default=0.0) - time.monotonic()
            pause = QUIET if len(self._changed) > known else min(left, SOON)
            known = len(self._changed)

    def _shower(self, noticed: int) -> Callable[[Early], None]:
        """What the thread of a look calls to have shown early what it has found."""
        loop = asyncio.get_running_loop()

        def show(early: Early) -> None:
            loop.call_soon_threadsafe(self._show_early, noticed, early)
            time.sleep(BREATH)

        return show

    def _show_early(self, noticed: int, early: Early) -> None:
        self._early, self._early_count = early, noticed
        self._wake()
        self.news.tell()

    def _catch_up(self, noticed: int) -> None:
        self._served, self._early = noticed, None
        self._wake()

    def _wake(self) -> None:
        # Whoever waits has the old event.
        self._moved.set()
        self._moved = asyncio.Event()

    def _look(
        self, changed: tuple[str, ...], is_read: bool, is_due: bool, early: Callable[[Early], None] | None
    ) -> Looked:
        """Brings the site up to date; a failure of any kind becomes a problem, for the preview must go on.

        Only what has `changed` is read where everything else `is_read`.
        """
        started, trace = time.perf_counter(), ""
        try:
            with without_collector():
                self._live.look(changed if is_read else None, early)
            problems = self._live.problems
        except Exception as error:
            fault = own_fault(error)
            problems, trace = (fault,), fault.trace
            # What it should have read nobody has.
            self._is_read = False
        is_good = not errors(problems)
        site = self._live.site
        if is_good and site is not None and site is not self.state.pages:
            self.state = State(site, self.state.pages, problems)
        elif self.state.is_partial or isinstance(self.state.pages, Nothing):
            pages = self._live.rest or Nothing(self.state.pages.base_path)
            self.state = State(pages, pages, problems, is_partial=True)
        else:
            self.state = State(self.state.pages, self.state.before, problems)
        fresh = tuple(problem for problem in problems if problem not in self._warned)
        seconds = time.perf_counter() - started
        if not is_good or site is None:
            rest = self._live.rest if self.state.is_partial else None
            files = len(rest.files) if rest is not None else 0
            return Looked(changed, seconds, is_due, files=files, problems=fresh, trace=trace)
        self._warned = frozenset(problems)
        articles = len(site.work.plan.articles)
        before, self._drafts = self._drafts, drafts_of(site)
        told = self._drafts if self._drafts != before else 0
        return Looked(changed, seconds, is_due, articles, len(site.files), told, True, fresh)

    def _base_path(self) -> str:
        """The path that the settings name, while there are no pages."""
        with suppress(SiteError):
            return read_config(self._options.root, self._options.base_url, [])[0].base_path
        return "/"
