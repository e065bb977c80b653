"""The preview from its start to Ctrl-C."""

from __future__ import annotations

import asyncio
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn
from msgspec import Struct

from sitegen.engine.memory import recall
from sitegen.engine.options import Options
from sitegen.engine.output import check_folder
from sitegen.engine.places import STATE
from sitegen.problems import Problem, SiteError
from sitegen.serve.app import make_app
from sitegen.serve.listen import address_of, host_names
from sitegen.serve.preview import Looked, Preview
from sitegen.serve.scribe import Scribe
from sitegen.serve.watch import Marks, Watcher, differing, snapshot


class Reports(Struct, frozen=True):
    """Who is told what: every look at the sources, the preview's address once it can be opened, and warnings."""

    looked: Callable[[Looked], None]
    serving: Callable[[str], None]
    warning: Callable[[str], None]


def preview_folder(root: Path, bound: socket.socket) -> Path:
    """The folder for the preview's pages: one for each port, so that two previews of a site do not meet."""
    return root / STATE / "preview" / str(bound.getsockname()[1])


def serve(root: Path, output: Path | None, bound: socket.socket, drafts: bool, show: bool, reports: Reports) -> None:
    """Serves and watches until the process is interrupted (KeyboardInterrupt); closes the socket.

    `show` opens the site in the reader's browser. Raises SiteError where the output folder is the published one.
    """
    folder = output or preview_folder(root, bound)
    with bound:
        if folder.resolve() == (root / "output").resolve():
            hint = "leave --output out, or name another folder: drafts must not get among what is published"
            raise SiteError([Problem("output", 0, 0, "the preview is never written where sitegen build writes", hint)])
        known = recall(root, folder)
        check_folder(root, folder, True, published=known is not None and not known.preview)
        options = Options(root, folder, drafts=drafts, preview=True)
        preview = Preview(options, reports.looked)
        before = snapshot(root)
        preview.begin()
        asyncio.run(_serve(preview, Scribe(options), root, bound, before, show, reports))


async def _serve(
    preview: Preview, scribe: Scribe, root: Path, bound: socket.socket, before: Marks, show: bool, reports: Reports
) -> None:
    loop = asyncio.get_running_loop()
    server = _Server(make_app(preview, host_names(bound)), preview)
    watcher = Watcher(root, lambda path: _in_loop(loop, preview.notice, path), reports.warning)
    watcher.start()
    for path in differing(before, snapshot(root)):
        preview.notice(path)
    tasks = [asyncio.create_task(preview.run()), asyncio.create_task(preview.write(scribe))]
    for task in tasks:
        task.add_done_callback(server.stop)
    url = f"http://{address_of(bound)}{preview.state.pages.base_path}"
    reports.serving(url)
    if show:
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


def _in_loop(loop: asyncio.AbstractEventLoop, call: Callable[[str], None], argument: str) -> None:
    """Calls from another thread; after the end of the loop nobody is interested any more."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call, argument)


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
