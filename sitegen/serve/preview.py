"""The preview: the site in memory, brought up to date after every change, and what is told to the open pages."""

from __future__ import annotations

import asyncio
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import suppress
from functools import partial
from typing import TypeVar, cast

import msgspec
from msgspec import Struct

from sitegen.engine.build import without_collector
from sitegen.engine.live import Live
from sitegen.engine.load import read_config
from sitegen.engine.options import Options
from sitegen.engine.shown import Early, Served
from sitegen.problems import Problem, SiteError, errors
from sitegen.serve.notify import News
from sitegen.serve.replies import tag_of
from sitegen.serve.routes import Answer, answer
from sitegen.serve.scribe import Scribe
from sitegen.serve.shelf import Pages, shelf_of

T = TypeVar("T")

SOON = 0.005
"""Seconds that are waited after a change: what belongs to it comes at once."""
QUIET = 0.05
"""Seconds without a further change after which a burst of changes, such as a checkout, counts as over."""
IDLE = 1.0
"""Seconds without a change after which the pages are written to disk."""
PATIENCE = 2.0
"""Seconds after which a burst that does not end is looked at all the same."""


class State(Struct, frozen=True):
    """What the preview shows: pages without errors, and the problems of the last look at the sources.

    `before` are the pages that were shown before these, for what cannot be rendered now. `found` are problems of pages
    that nobody has looked at.
    """

    pages: Pages
    before: Pages
    problems: tuple[Problem, ...] = ()
    found: tuple[Problem, ...] = ()


class Looked(Struct, frozen=True):
    """One look at the sources, for the terminal: what set it off (sorted paths), and what is wrong.

    Warnings that stood there before are left out: a writer reads them once. `articles` and `files` are counted where
    nothing stops the site. `trace` is the traceback of a failure that is sitegen's own.
    """

    changed: tuple[str, ...]
    seconds: float
    articles: int = 0
    files: int = 0
    is_good: bool = False
    problems: tuple[Problem, ...] = ()
    trace: str = ""


class Page(Struct, frozen=True):
    """What is answered to a path: where it is found, its bytes, and what is wrong with it."""

    found: Answer
    data: bytes = b""
    problems: tuple[Problem, ...] = ()

    @property
    def edition(self) -> str:
        """What tells it from an earlier or later page at the same path."""
        return tag_of(f"{self.found.status} {self.found.location} ".encode() + self.data).strip('"')


class Preview:
    """The state of the preview, and the loop that keeps it up to date.

    Every change that is noticed raises a count; a look at the sources brings the site up to the count at its
    beginning. So a request knows what to wait for: the count at its arrival. It is never answered with what was stale
    then.
    """

    def __init__(self, options: Options, report: Callable[[Looked], None]) -> None:
        self.news = News()
        self._options, self._report = options, report
        self._live = Live(options)
        shelf = shelf_of(options.root, options.output, self._base_path())
        self.state = State(shelf, shelf)
        self._warned: frozenset[Problem] = frozenset()
        self._changed: set[str] = set()
        self._noticed = self._served = 0
        self._early: Early | None = None
        self._early_count = 0
        self._noted, self._looked = asyncio.Event(), asyncio.Event()
        self._moved = asyncio.Event()

    def notice(self, path: str) -> None:
        """Takes note that a source may have changed. Called in the loop's thread."""
        self._changed.add(path)
        self._noticed += 1
        self._noted.set()

    async def page(self, path: str) -> Page:
        """The answer to a decoded path, as soon as it reflects every change that has been noticed up to now.

        A page that cannot be rendered is the one that was shown before.
        """
        noticed = self._noticed
        while (pages := self._pages_at(path, noticed)) is None:
            await self._moved.wait()
        return self._page(path, pages)

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

    @staticmethod
    def _made(pages: Pages, name: str) -> Served:
        try:
            served = pages.file(name) if name else None
        except Exception as error:
            return Served(problems=(_own_fault(error),))
        if served is not None and served.copy_of is not None:
            with suppress(FileNotFoundError):
                return Served(served.copy_of.read_bytes())
        return served or Served()

    async def followed(self, path: str) -> AsyncIterator[str]:
        """What is told to an open page: its edition and the problems, now and after every look."""
        async for is_news in self.news.follow():
            pages = self._pages_at(path, max(self._served, self._early_count))
            if pages is not None:
                yield self._message(self._page(path, pages)) if is_news else ""

    def _message(self, page: Page) -> str:
        every = dict.fromkeys((*errors(self.state.problems), *page.problems, *errors(self.state.found)))
        problems = [msgspec.to_builtins(problem) for problem in every]
        return msgspec.json.encode({"edition": page.edition, "problems": problems}).decode()

    async def run(self) -> None:
        """Looks at the sources after every burst of changes, until cancelled."""
        while True:
            await self._noted.wait()
            await self._until_quiet()
            noticed, changed = self._noticed, tuple(sorted(self._changed))
            self._changed.clear()
            self._noted.clear()
            looked = await _in_daemon_thread(partial(self._look, changed, self._shower(noticed)))
            self._catch_up(noticed)
            self.news.tell()
            self._report(looked)
            self._looked.set()

    async def write(self, scribe: Scribe) -> None:
        """Has the pages written whenever nothing has changed for a while, until cancelled."""
        self._looked.set()
        try:
            while True:
                await self._looked.wait()
                self._looked.clear()
                await asyncio.sleep(IDLE)
                if self._looked.is_set() or self._noted.is_set() or errors(self.state.problems):
                    continue
                state = self.state
                found = await scribe.write()
                if self.state is state:
                    self.state = msgspec.structs.replace(state, found=found)
                    self.news.tell()
                    self._tell_of(found)
        finally:
            scribe.end()

    def _tell_of(self, found: tuple[Problem, ...]) -> None:
        fresh = tuple(problem for problem in found if problem not in self._warned)
        self._warned |= frozenset(found)
        if fresh:
            self._report(Looked((), 0.0, is_good=not errors(fresh), problems=fresh))

    def begin(self) -> None:
        """The first look, before there are other threads: it may then use every processor."""
        self._report(self._look(None, None))

    async def close(self) -> None:
        """Lets every waiting request and every open page go."""
        self._catch_up(self._noticed)
        self.news.close()

    async def _until_quiet(self) -> None:
        started, noticed = time.monotonic(), self._noticed
        await asyncio.sleep(SOON)
        while noticed != self._noticed and time.monotonic() - started < PATIENCE:
            noticed = self._noticed
            await asyncio.sleep(QUIET)

    def _shower(self, noticed: int) -> Callable[[Early], None]:
        """What the thread of a look calls to have shown early what it has found."""
        loop = asyncio.get_running_loop()

        def show(early: Early) -> None:
            loop.call_soon_threadsafe(self._show_early, noticed, early)

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

    def _look(self, changed: Collection[str] | None, early: Callable[[Early], None] | None) -> Looked:
        """Brings the site up to date; a failure of any kind becomes a problem, for the preview must go on."""
        started = time.perf_counter()
        named, trace = tuple(changed or ()), ""
        try:
            with without_collector():
                self._live.look(changed, early)
            problems = self._live.problems
        except Exception as error:
            problems, trace = (_own_fault(error),), traceback.format_exc()
        is_good = not errors(problems)
        site = self._live.site
        if is_good and site is not None and site is not self.state.pages:
            self.state = State(site, self.state.pages, problems)
        else:
            self.state = State(self.state.pages, self.state.before, problems)
        fresh = tuple(problem for problem in problems if problem not in self._warned)
        seconds = time.perf_counter() - started
        if not is_good or site is None:
            return Looked(named, seconds, problems=fresh, trace=trace)
        self._warned = frozenset(problems)
        return Looked(named, seconds, len(site.work.plan.articles), len(site.files), True, fresh)

    def _base_path(self) -> str:
        """The path that the settings name, for the pages of an earlier run while there are none of this one."""
        with suppress(SiteError):
            return read_config(self._options.root, self._options.base_url, [])[0].base_path
        return "/"


def _own_fault(error: Exception) -> Problem:
    message = f"sitegen itself failed ({type(error).__name__}: {error})"
    return Problem("sitegen", 0, 0, message, "this is a bug in sitegen; the terminal shows where")


def _in_daemon_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """Runs work in a thread that does not hold up the end of the program, unlike those of an executor."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(cast("T", result))

    def run() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = work()
        except BaseException as error:
            failure = error
        with suppress(RuntimeError):  # The loop is closed: nobody waits any more.
            loop.call_soon_threadsafe(finish, result, failure)

    threading.Thread(target=run, name="sitegen-look", daemon=True).start()
    return future
