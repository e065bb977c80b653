"""Watching the sources. An event is a hint that something may have changed, never the news itself."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Callable, Iterator
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
from watchdog.observers.polling import PollingObserver

from sitegen.engine.places import CONFIG
from sitegen.sources.files import is_left_by_editor

FOLDERS = ("content", "themes")
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
_POLL_SECONDS = 1.0
_MORE_WATCHES = "to mend it: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
_POLLING = f"this system allows no more watches, so the sources are looked through once a second; {_MORE_WATCHES}"


class Watcher:
    """Calls `changed(path)`, from a thread of its own, after anything in a site's sources may have changed.

    content/ and themes/ may be missing, vanish and come back: the site's folder itself is watched for that.
    `warn` is told where the system's own events cannot be had.
    """

    def __init__(self, root: Path, changed: Callable[[str], None], warn: Callable[[str], None]) -> None:
        self._root = root.resolve()
        self._changed, self._warn = changed, warn
        self._watches: dict[str, ObservedWatch] = {}
        self._observer: BaseObserver = Observer()

    def start(self) -> None:
        """Begins to watch."""
        # watchdog says this when a folder is made while its parent is being looked through; both find it. Harmless.
        warnings.filterwarnings("ignore", r"Callback with id .* already exists", RuntimeWarning)
        try:
            self._start()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EMFILE):
                raise
            self.stop()
            self._watches.clear()
            self._observer = PollingObserver(timeout=_POLL_SECONDS)
            self._start()
            self._warn(_POLLING)

    def stop(self) -> None:
        """Ends the watching and waits for its threads."""
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def _start(self) -> None:
        self._observer.schedule(_Handler(self._at_top), str(self._root), event_filter=_CHANGES)
        self._observer.start()
        for name in FOLDERS:
            self._adopt(name)
        # watchdog reports a full table of watches for the folder it was asked for, and is silent about those below.
        if not isinstance(self._observer, PollingObserver) and _watches_held() < 1 + len(_folders(self._root)):
            raise OSError(errno.ENOSPC, "not every folder can be watched")

    def _adopt(self, name: str) -> None:
        """Watches a folder, anew where it was watched before: it may be another one of the same name."""
        old = self._watches.pop(name, None)
        if old is not None:
            self._observer.unschedule(old)
        # inotify does not follow a link, so it is resolved first.
        folder = (self._root / name).resolve()
        if not folder.is_dir():
            return

        def inside(path: Path) -> None:
            if path.is_relative_to(folder):
                parts = path.relative_to(folder).parts
                if not any(is_left_by_editor(part) for part in parts):
                    self._changed("/".join((name, *parts)))

        try:
            self._watches[name] = self._observer.schedule(
                _Handler(inside), str(folder), recursive=True, event_filter=_CHANGES
            )
        except FileNotFoundError:
            return  # Gone again; its return will be seen from the site's folder.

    def _at_top(self, path: Path) -> None:
        if path.parent != self._root:
            return
        if path.name in FOLDERS:
            try:
                self._adopt(path.name)
            except OSError as error:
                self._warn(f"{path.name}/ is not watched any more: {error.strerror}; {_MORE_WATCHES}")
        if path.name in (CONFIG, *FOLDERS):
            self._changed(path.name)


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


def _folders(root: Path) -> list[str]:
    """content/ and themes/ with every folder below, as a recursive watch needs them: links are not followed."""
    return [folder for name in FOLDERS for folder, _, _ in os.walk((root / name).resolve())]


class _Handler(FileSystemEventHandler):
    """Hands on every path that an event names."""

    def __init__(self, touched: Callable[[Path], None]) -> None:
        self._touched = touched

    def on_any_event(self, event: FileSystemEvent) -> None:
        for path in (event.src_path, event.dest_path):
            if path:
                self._touched(Path(os.fsdecode(path)))


Marks = dict[str, tuple[int, int, int, int]]
"""For each source what tells it from another one of its name: inode, size, and when it was written and changed."""


def snapshot(root: Path) -> Marks:
    """All sources as they stand. Two of them, from before the first build and from when the watching has begun,
    tell what changed between: `differing(before, after)`.
    """
    marks: Marks = {}
    for path in _sources(root):
        try:
            status = (root / path).stat()
        except OSError:
            continue
        marks[path] = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return marks


def differing(before: Marks, after: Marks) -> list[str]:
    """The sources that came, went or changed between two snapshots, sorted."""
    return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


def _sources(root: Path) -> Iterator[str]:
    yield CONFIG
    for name in FOLDERS:
        for folder, _, files in os.walk(root / name):
            shown = Path(folder).relative_to(root).as_posix()
            yield from (f"{shown}/{file}" for file in files if not is_left_by_editor(file))
