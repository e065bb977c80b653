"""The preview's pages: built again after every change, by the same build as the published site's."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar, cast

import msgspec
from msgspec import Struct

from sitegen.engine.build import build
from sitegen.engine.load import read_config
from sitegen.engine.memory import recall
from sitegen.engine.options import Options
from sitegen.engine.result import Result
from sitegen.problems import Problem, SiteError, errors
from sitegen.serve.notify import Channel

T = TypeVar("T")

QUIET = 0.05
"""Seconds without a further change after which a burst of changes counts as over."""
PATIENCE = 2.0
"""Seconds after which a burst that does not end is built all the same."""


class State(Struct, frozen=True):
    """What the preview shows: `edition` is another one whenever a page is; `problems` are those of the last build."""

    edition: str
    base_path: str = "/"
    files: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


class Built(Struct, frozen=True):
    """One build, for the terminal: what set it off (sorted paths), its result where it was good, and its problems.

    Warnings that the last good build had are left out: a writer reads them once.
    `trace` is the traceback of a failure that is sitegen's own.
    """

    changed: tuple[str, ...]
    result: Result | None = None
    problems: tuple[Problem, ...] = ()
    trace: str = ""


class Preview:
    """The state of the preview, and the loop that keeps it up to date.

    Every change that is noticed raises a count; a build brings the pages up to the count at its beginning. So a
    request knows what to wait for: the count at its arrival. It is never answered with what was stale then.
    """

    def __init__(self, options: Options, report: Callable[[Built], None]) -> None:
        self.channel = Channel()
        self._options, self._report = options, report
        self._run_name, self._writes = secrets.token_hex(4), 0
        self.state = State(self._edition(), self._base_path(), self._files())
        self._changed: set[str] = set()
        self._warned: frozenset[Problem] = frozenset()
        self._noticed = self._served = 0
        self._news = asyncio.Event()
        self._caught_up = asyncio.Condition()

    def notice(self, path: str) -> None:
        """Takes note that a source may have changed. Called in the loop's thread."""
        self._changed.add(path)
        self._noticed += 1
        self._news.set()

    async def settled(self) -> None:
        """Waits until the pages reflect every change that has been noticed up to now."""
        noticed = self._noticed
        async with self._caught_up:
            await self._caught_up.wait_for(lambda: self._served >= noticed)

    async def run(self) -> None:
        """Builds again after every burst of changes, until cancelled."""
        await self._tell()
        while True:
            await self._news.wait()
            await self._until_quiet()
            noticed, changed = self._noticed, tuple(sorted(self._changed))
            self._changed.clear()
            self._news.clear()
            self.state, built = await _in_daemon_thread(partial(self._build, changed))
            await self._catch_up(noticed)
            await self._tell()
            self._report(built)

    def build_first(self) -> None:
        """The first build, before there are other threads: it may then use every processor."""
        self.state, built = self._build(())
        self._report(built)

    async def close(self) -> None:
        """Lets every waiting request and every open page go."""
        await self._catch_up(self._noticed)
        await self.channel.close()

    async def _until_quiet(self) -> None:
        started, noticed = time.monotonic(), -1
        while noticed != self._noticed and time.monotonic() - started < PATIENCE:
            noticed = self._noticed
            await asyncio.sleep(QUIET)

    async def _catch_up(self, noticed: int) -> None:
        async with self._caught_up:
            self._served = noticed
            self._caught_up.notify_all()

    async def _tell(self) -> None:
        problems = [msgspec.to_builtins(problem) for problem in self.state.problems]
        message = {"edition": self.state.edition, "problems": problems}
        await self.channel.publish(msgspec.json.encode(message).decode())

    def _build(self, changed: tuple[str, ...]) -> tuple[State, Built]:
        """Builds, and makes the new state; a failure of any kind becomes a problem, for the preview must go on."""
        try:
            result = build(self._options)
        except SiteError as error:
            return self._with_problems(errors(error.problems)), Built(changed, None, self._news_of(error.problems))
        except Exception as error:
            message = f"sitegen itself failed ({type(error).__name__}: {error})"
            problem = Problem("sitegen", 0, 0, message, "this is a bug in sitegen; the terminal shows where")
            return self._with_problems([problem]), Built(changed, None, (problem,), traceback.format_exc())
        self._writes += result.has_news
        fresh = self._news_of(result.warnings)
        self._warned = frozenset(result.warnings)
        return State(self._edition(), result.base_path, self._files()), Built(changed, result, fresh)

    def _news_of(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """The problems without the warnings that stood in the last good build already."""
        return tuple(problem for problem in problems if problem not in self._warned)

    def _with_problems(self, problems: list[Problem]) -> State:
        return msgspec.structs.replace(self.state, problems=tuple(problems))

    def _edition(self) -> str:
        return f"{self._run_name}.{self._writes}"

    def _base_path(self) -> str:
        """The path that the settings name, for the pages of an earlier run while there is no build of this one."""
        with suppress(SiteError):
            return read_config(self._options.root, self._options.base_url, [])[0].base_path
        return "/"

    def _files(self) -> frozenset[str]:
        """The files of the last good build, from which the preview is served: also those of an earlier run."""
        known = recall(self._options.root, self._options.output)
        return known.files if known is not None and known.preview else frozenset()


def _in_daemon_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """Runs work in a thread that does not hold up the end of the program, unlike those of an executor.

    A build that is cut off is harmless: the next one heals whatever it left.
    """
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

    threading.Thread(target=run, name="sitegen-build", daemon=True).start()
    return future
