"""Watching the sources. An event is a hint that something may have changed, never the news itself."""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from sitegen.beneath import may_lead_out
from sitegen.serve.mounts import tells_nothing
from sitegen.sources.files import is_left_by_editor
from sitegen.text import CONFIG

FOLDERS = ("content", "themes")
WRITING = 0.1
"""Seconds within which a file that is being written is closed, as a rule."""
GONE = 0.1
"""Seconds within which a file that is gone comes back, where an editor only exchanges it."""
PROBED = 2.0
"""Seconds within which the event of a file that is made for it has to arrive."""
_PROBE = f".sitegen-probe-{os.getpid()}"
_CHANGES: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
"""Reading a file raises events too; a build must not set off the next one."""
_MORE_WATCHES = "to mend it: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
NO_WATCHES = f"this system allows no more watches, so the sources are looked through every few seconds; {_MORE_WATCHES}"
NO_EVENTS = (
    "this system does not tell of changes in {folder}/, so the sources are looked through every few seconds; "
    "where they lie on a network drive or outside of a container, run sitegen serve where they lie"
)

Changed = Callable[[str, float], None]
"""Is told that a source may have changed, and within how many seconds more is to be expected of it; 0 for nothing."""


class Watcher:
    """Calls `changed(path, within)`, from a thread of its own, after anything in a site's sources may have changed.

    content/ and themes/ may be missing, vanish and come back: the site's folder itself is watched for that. `lost` is
    called where hints were lost; `warn` is told what to do where
    there are none at all, and that the sources have to be looked through.
    """

    def __init__(self, root: Path, changed: Changed, lost: Callable[[], None], warn: Callable[[str], None]) -> None:
        self._root = root.resolve()
        self._changed, self._lost, self._warn = changed, lost, warn
        self._watches: dict[str, ObservedWatch] = {}
        self._observer: BaseObserver = Observer()
        self._overflows = _Overflows(lost)
        self._arrived, self._ended = threading.Event(), threading.Event()

    def start(self) -> bool:
        """Begins to watch; whether that is possible."""
        # watchdog says this when a folder is made while its parent is being looked through; both find it. Harmless.
        warnings.filterwarnings("ignore", r"Callback with id .* already exists", RuntimeWarning)
        try:
            self._start()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EMFILE):
                raise
            self.stop()
            self._warn(NO_WATCHES)
            return False
        return True

    def probe(self) -> bool:
        """Whether the system tells of changes: it is tried with a file in content/. Takes up to PROBED seconds."""
        folder = next((name for name in FOLDERS if (self._root / name).is_dir()), None)
        if folder is None:
            return True
        said = NO_EVENTS.format(folder=folder)
        if tells_nothing((self._root / folder).resolve()):
            self._warn(said)
            return False
        probe = self._root / folder / _PROBE
        try:
            probe.touch()
            probe.unlink()
        except OSError:
            # Nobody can change anything here, at least not from here.
            return True
        if self._arrived.wait(PROBED) or self._ended.is_set():
            return True
        self._warn(said)
        return False

    def stop(self) -> None:
        """Ends the watching and waits for its threads."""
        self._ended.set()
        self._arrived.set()
        self._overflows.end()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def _start(self) -> None:
        _hasten_moves()
        self._observer.schedule(_Handler(self._at_top), str(self._root), event_filter=_CHANGES)
        self._observer.start()
        for name in FOLDERS:
            self._adopt(name)
        # watchdog reports a full table of watches for the folder it was asked for, and is silent about those below.
        if _watches_held() < 1 + len(self._folders()):
            raise OSError(errno.ENOSPC, "not every folder can be watched")

    def _folders(self) -> set[str]:
        """Every folder that has to be watched."""
        tops = {(self._root / name).resolve() for name in self._watches}
        return {folder for top in tops for folder, _, _ in os.walk(top)}

    def _adopt(self, name: str) -> None:
        """Watches a folder of the sources, anew where it was watched before: it may be another one of the same name."""
        old = self._watches.pop(name, None)
        if old is not None:
            with suppress(KeyError):
                self._observer.unschedule(old)
        folder = self._root / name
        if folder.is_symlink():
            if not may_lead_out(self._root, name):
                return
            # inotify follows no link.
            folder = folder.resolve()
        if not folder.is_dir():
            return

        def inside(path: Path, within: float) -> None:
            if path.is_relative_to(folder):
                self._inside(name, path.relative_to(folder).parts, within)

        try:
            self._watches[name] = self._observer.schedule(
                _Handler(inside), str(folder), recursive=True, event_filter=_CHANGES
            )
        except FileNotFoundError:
            return  # Gone again; its return will be seen from the site's folder.

    def _inside(self, name: str, parts: tuple[str, ...], within: float) -> None:
        if parts[-1:] == (_PROBE,):
            self._arrived.set()
        if any(is_left_by_editor(part) for part in parts):
            return
        self._changed("/".join((name, *parts)), within)

    def _at_top(self, path: Path, within: float) -> None:
        if path.parent != self._root:
            return
        if path.name in FOLDERS:
            self._adopt_again(path.name)
        if path.name in (CONFIG, *FOLDERS):
            self._changed(path.name, within)

    def _adopt_again(self, name: str) -> None:
        try:
            self._adopt(name)
        except OSError as error:
            self._warn(f"{name}/ is not watched any more: {error.strerror}; {_MORE_WATCHES}")
            self._lost()


def _hasten_moves() -> None:
    """watchdog waits half a second for the other half of each move, and everything after it waits too."""
    if sys.platform == "linux":
        with suppress(ImportError, AttributeError):
            from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

            InotifyMoveEventGrouper.delay = 0.02


def _watches_held() -> float:
    """The number of folders this process watches through inotify (proc(5), fdinfo); endless where nothing tells."""
    held = 0
    try:
        for entry in os.scandir("/proc/self/fdinfo"):
            with suppress(FileNotFoundError):  # The one for the listing itself is closed by now.
                held += Path(entry.path).read_text().count("\ninotify wd:")
    except OSError:
        return inf
    return held


class _Overflows(logging.Handler):
    """Hears from watchdog's log that events were lost (IN_Q_OVERFLOW, inotify(7)); it tells of that nowhere else."""

    def __init__(self, lost: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._lost = lost
        self._logger = logging.getLogger("watchdog.observers")
        self._logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage():
            self._lost()

    def end(self) -> None:
        """Stops listening."""
        self._logger.removeHandler(self)


class _Handler(FileSystemEventHandler):
    """Hands on every path that an event names, with the seconds within which more is to be expected of it."""

    def __init__(self, touched: Callable[[Path, float], None]) -> None:
        self._touched = touched

    def on_any_event(self, event: FileSystemEvent) -> None:
        if isinstance(event, FileDeletedEvent | DirDeletedEvent | FileMovedEvent | DirMovedEvent):
            within = GONE
        elif isinstance(event, FileCreatedEvent | FileModifiedEvent) and sys.platform == "linux":
            # Other systems do not tell when a file is closed.
            within = WRITING
        else:
            within = 0.0
        for path, expected in ((event.src_path, within), (event.dest_path, 0.0)):
            if path:
                self._touched(Path(os.fsdecode(path)), expected)
