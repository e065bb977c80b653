"""The preview from its start to Ctrl-C."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import uvicorn
from msgspec import Struct

from sitegen.engine.earlier import Earlier, find_earlier
from sitegen.engine.memory import is_published
from sitegen.engine.options import Options
from sitegen.engine.output import check_folder
from sitegen.engine.places import STATE
from sitegen.problems import Problem, SiteError
from sitegen.serve.app import make_app
from sitegen.serve.connection import Connection
from sitegen.serve.editor import Editor
from sitegen.serve.listen import Hosts, address_of
from sitegen.serve.preview import Preview
from sitegen.serve.scribe import Scribe
from sitegen.serve.state import Looked
from sitegen.serve.thread import in_daemon_thread
from sitegen.serve.tidy import tidy
from sitegen.serve.watch import Watcher

PUBLISHED = "output"
"""The folder that `sitegen build` writes unless it is told otherwise."""
_SWITCH, _CONNECTIONS = 0.0005, 8192
_OPEN = "EVERYBODY who can reach this machine can see this preview; without --host it is for this machine alone"


class Reports(Struct, frozen=True):
    """Who is told what: every look at the sources, the preview's address once it can be opened, and warnings."""

    looked: Callable[[Looked], None]
    serving: Callable[[str], None]
    warning: Callable[[str], None]


class Wanted(Struct, frozen=True):
    """What is to be served: the site in `root`, with `drafts` or not.

    `output` is a folder for the preview's pages, None for one below .sitegen/. `write` keeps output/ up to date as
    well, `show` opens the site in the reader's browser. `editor` is the pattern of addresses that open a file in the
    writer's editor, "" for none.
    """

    root: Path
    output: Path | None = None
    drafts: bool = False
    write: bool = False
    show: bool = False
    editor: str = ""

    @property
    def preview(self) -> Options:
        """How the preview's pages are made. With drafts they are others, and have a folder of their own."""
        folder = self.root / STATE / "preview" / ("drafts" if self.drafts else "site")
        return Options(self.root, self.output or folder, drafts=self.drafts, preview=True)

    @property
    def published(self) -> Options:
        """How the pages in output/ are made."""
        return Options(self.root, self.root / PUBLISHED)

    @property
    def written(self) -> tuple[Options, ...]:
        """What is kept on disk."""
        return (self.preview, self.published) if self.write else (self.preview,)


def serve(wanted: Wanted, bound: socket.socket, reports: Reports) -> None:
    """Serves and watches until the process is interrupted (KeyboardInterrupt); closes the socket.

    Raises SiteError where the output folder is the published one.
    """
    # Requests are answered while the site is planned anew in another thread.
    sys.setswitchinterval(_SWITCH)
    _allow_connections()
    with bound:
        _check_folders(wanted)
        earlier = find_earlier(wanted.preview, *(() if wanted.drafts else (wanted.published,)))
        # Where files lie on this machine is nobody else's business.
        editor = Editor(wanted.root, wanted.editor if address_of(bound).ip.is_loopback else "")
        shelf = earlier.shelf if earlier is not None else None
        preview = Preview(wanted.preview, reports.looked, shelf, editor)
        if earlier is None:
            preview.begin()
        asyncio.run(_serve(wanted, preview, earlier, bound, reports))


def _allow_connections() -> None:
    """Many systems let a process hold no more than a thousand files until it asks."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, _CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _check_folders(wanted: Wanted) -> None:
    root, folder = wanted.root, wanted.preview.output
    if folder.resolve() == wanted.published.output.resolve():
        hint = "leave --output out, or name another folder: drafts must not get among what is published"
        raise SiteError([Problem(PUBLISHED, 0, 0, "the preview is never written where sitegen build writes", hint)])
    check_folder(root, folder, True, is_published(root, folder))
    if wanted.write:
        check_folder(root, wanted.published.output, False, is_published(root, wanted.published.output))


async def _serve(
    wanted: Wanted,
    preview: Preview,
    earlier: Earlier | None,
    bound: socket.socket,
    reports: Reports,
) -> None:
    loop, address = asyncio.get_running_loop(), address_of(bound)
    server = _Server(make_app(preview, Hosts(address)), preview)
    call = partial(_in_loop, loop)
    watcher = Watcher(wanted.root, partial(call, preview.notice), partial(call, preview.notice_loss), reports.warning)
    hears = watcher.start()
    if earlier is not None:
        if earlier.is_current():
            preview.trust()
        earlier.end()
    else:
        # What has changed before the watching began nobody tells of.
        for path in preview.missed():
            preview.notice(path)
    tidying = tidy(lambda: preview.looks, preview.is_idle)
    writing = [preview.write(Scribe(options, eager=not options.preview)) for options in wanted.written]
    tasks = [asyncio.create_task(each) for each in (preview.run(), preview.watch_time(), tidying, *writing)]
    tasks.append(asyncio.create_task(_sweep(preview, watcher, hears)))
    for task in tasks:
        task.add_done_callback(server.stop)
    url = f"http://{address.reached()}{preview.state.pages.base_path}"
    if not address.ip.is_loopback:
        reports.warning(_OPEN)
    reports.serving(url)
    if wanted.show:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
    try:
        await server.serve(sockets=[bound])
    finally:
        watcher.stop()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _sweep(preview: Preview, watcher: Watcher, hears: bool) -> None:
    """Looks through the sources from time to time, more often where the system tells nothing of changes."""
    await preview.sweep(hears and await in_daemon_thread(watcher.probe))


def _in_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
    """Calls from another thread; after the end of the loop nobody is interested any more."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *arguments)


class _Server(uvicorn.Server):
    """uvicorn, quiet, and quick to end although open pages hold their event streams."""

    def __init__(self, app: object, preview: Preview) -> None:
        config = uvicorn.Config(
            app,  # type: ignore[arg-type]
            log_level="critical",
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            http=Connection,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._preview = preview

    def stop(self, _: object = None) -> None:
        """Ends the serving: without the loop that looks, every request would wait for ever."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._preview.close()
        await super().shutdown(sockets)
