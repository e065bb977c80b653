"""Temporary folders. Those left behind by a killed process are removed by the next one."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
import weakref
from contextlib import suppress
from pathlib import Path

from sitegen.beneath import WRITE
from sitegen.engine.lock import is_taken

_LOCK = "lock"
"""A file in each folder that the owning process keeps locked for as long as it lives."""
_YOUNG = 600.0
"""Seconds during which a folder without a lock file may simply be new."""
_own: set[str] = set()


class Scratch:
    """A folder that is removed with this object, or at the latest when the process ends."""

    def __init__(self) -> None:
        top = _top()
        if top is not None:
            _clear(top)
        self.path = Path(tempfile.mkdtemp(prefix="" if top is not None else "sitegen-", dir=top))
        _own.add(self.path.name)
        self._lock = os.open(self.path / _LOCK, WRITE, 0o600)
        is_taken(self._lock)
        self.close = weakref.finalize(self, _remove, self.path, self._lock, os.getpid())

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.close()


def _top() -> Path | None:
    """The user's own folder for all of them; None if somebody else created one with its name first."""
    top = Path(tempfile.gettempdir(), f"sitegen-{os.getuid() if hasattr(os, 'getuid') else 'user'}")
    with suppress(FileExistsError):
        top.mkdir(mode=0o700)
    said = top.lstat()
    if stat.S_ISDIR(said.st_mode) and (not hasattr(os, "getuid") or said.st_uid == os.getuid()):
        return top
    return None


def _clear(top: Path) -> None:
    """Removes the folders of processes that have ended."""
    for folder in top.iterdir():
        if folder.name in _own:
            continue
        with suppress(OSError):
            if _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        return time.time() - folder.stat().st_mtime > _YOUNG
    try:
        return is_taken(lock)
    finally:
        os.close(lock)


def _remove(folder: Path, lock: int, process: int) -> None:
    # A forked process inherits the object but does not own the folder.
    if os.getpid() == process:
        _own.discard(folder.name)
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)
