"""Which files of an output folder stand there as sitegen wrote them: seen from their stamps, hardly ever by reading."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.beneath import Beneath, NotPlain, read_open
from sitegen.engine.fingerprint import digest
from sitegen.engine.memory import Folder, Memory, Written
from sitegen.engine.places import STAGE
from sitegen.engine.stamps import Stamp, is_settled, stamp_of
from sitegen.engine.store import key_of, text_of

FORK_FROM = 2000
"""Below this many folders a second process costs more than it saves."""
_SIZE = 16
_UNSURE = bytes(_SIZE)
_encode = msgspec.msgpack.Encoder().encode

Listing = tuple[str, bytes]
"""A folder, and what it looked like: a digest of its files' stamps, and their names."""


def listing_of(folder: Folder) -> bytes:
    """What a folder looks like whose files stand as they were written, in the form that is remembered.

    The digest is none that a folder can have where a stamp is too young to be trusted.
    """
    settled = all(is_settled(one.stamp, folder.noted) for one in folder.files.values())
    found = _digest([one.stamp for one in folder.files.values()]) if settled else _UNSURE
    return found + key_of("\0".join(folder.files))


def names_in(listing: bytes) -> list[str]:
    """The names of the files in a folder, as they are remembered of what it looked like."""
    return text_of(listing[_SIZE:]).split("\0")


def unsure(output: Path, listings: Sequence[Listing], workers: int) -> list[str]:
    """The folders in which a file may stand otherwise than it was written; half of them another process looks at."""
    middle = len(listings) // 2
    if not _may_fork(len(listings), workers):
        return _look(output, listings)
    finish = _in_child(lambda: _look(output, listings[middle:]))
    return _look(output, listings[:middle]) + finish()


class Looking:
    """The same while something else is done, in another process where that is worth it; `end` has to be called."""

    def __init__(self, output: Path, listings: Sequence[Listing], workers: int) -> None:
        self._output, self._listings = output, listings
        forks = _may_fork(len(listings), workers)
        self._finish = _in_child(lambda: _look(output, listings)) if forks else None
        self._found: list[str] | None = None

    def unsure(self) -> list[str]:
        """The folders in which a file may stand otherwise than it was written; waits until that is known."""
        if self._found is None:
            self._found = self._finish() if self._finish is not None else _look(self._output, self._listings)
        return self._found

    def end(self) -> None:
        """Ends it, if nobody has asked."""
        if self._finish is not None:
            self.unsure()


def _may_fork(folders: int, workers: int) -> bool:
    return folders >= FORK_FROM and workers > 1 and hasattr(os, "fork") and threading.active_count() == 1


def _look(output: Path, listings: Sequence[Listing]) -> list[str]:
    return [name for name, listing in listings if not _looks_like(output, name, listing)]


def _looks_like(output: Path, name: str, listing: bytes) -> bool:
    if listing[:_SIZE] == _UNSURE:
        return False
    names = names_in(listing)
    # One stat a file by its full path is quicker than listing the folder, which has subfolders too.
    prefix = f"{output}{os.sep}{name}{os.sep}" if name else f"{output}{os.sep}"
    lstat = os.lstat
    stamps = []
    try:
        for file in names:
            said = lstat(prefix + file)
            stamps.append((said.st_mtime_ns, said.st_ctime_ns, said.st_size, said.st_ino))
    except OSError:
        return False
    return _digest(stamps) == listing[:_SIZE]


def _digest(stamps: Sequence[tuple[int, int, int, int]]) -> bytes:
    return hashlib.blake2b(_encode(stamps), digest_size=_SIZE).digest()


def _in_child(work: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Begins work in a forked process. What is returned waits for the result; where that fails, it does the work."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(here)
            with os.fdopen(there, "wb") as pipe:
                pipe.write(_encode([key_of(name) for name in work()]))
            os._exit(0)
        finally:
            os._exit(1)
    os.close(there)

    def finish() -> list[str]:
        with os.fdopen(here, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        if status:
            return work()
        return [text_of(name) for name in msgspec.msgpack.decode(said, type=list[bytes])]

    return finish


class Looked(Struct, frozen=True):
    """What was found in a folder: its files that stand as they were written, and the folder as it is now."""

    intact: dict[str, Written]
    now: Folder


def look_at(output: Path, name: str, folder: Folder, noted: int, read_all: bool = False) -> Looked:
    """Looks at each file of a folder; one is read where its stamp is another one or too young to be trusted.

    `noted` is the moment (ns) when the looking began, by the file system's clock; with `read_all` every file is read.
    """
    intact: dict[str, Written] = {}
    files = dict(folder.files)
    with ExitStack() as opened:
        tree: Beneath | None = None
        for file, was in folder.files.items():
            path = f"{name}/{file}" if name else file
            stamp = _stamp(f"{output}{os.sep}{path}")
            if stamp is None:
                continue
            trusted = stamp == was.stamp and is_settled(stamp, folder.noted) and not read_all
            if not trusted and tree is None:
                tree = opened.enter_context(Beneath(output))
            if trusted or (tree is not None and _is_as_written(tree, path, was.digest)):
                intact[path] = files[file] = Written(was.digest, stamp)
    return Looked(intact, Folder(files, noted))


def still_written(output: Path, doubtful: Sequence[str], memory: Memory, noted: int) -> dict[str, Folder] | None:
    """The doubtful folders as they are now, where every file is as it was written after all; None where one is not."""
    if (output / STAGE).exists():
        # A killed build has left it, and will be cleared.
        return None
    looked = {name: look_at(output, name, memory.folder(name), noted) for name in doubtful}
    if any(len(found.intact) < len(found.now.files) for found in looked.values()):
        return None
    return {name: found.now for name, found in looked.items()}


def _stamp(path: str) -> Stamp | None:
    try:
        return stamp_of(os.lstat(path))
    except OSError:
        return None


def _is_as_written(output: Beneath, file: str, wanted: str) -> bool:
    # What cannot be read is not trusted, and made anew.
    try:
        return has_digest(output, file, wanted)
    except OSError:
        return False


_NOT_OURS = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR)


def has_digest(output: Beneath, file: str, wanted: str) -> bool:
    """Whether a file of the output has these bytes; a folder or a link in its place is not our file. Raises OSError."""
    try:
        return digest(read_open(output.open(file), sys.maxsize - 1)[1]) == wanted
    except NotPlain:
        return False
    except OSError as error:
        if error.errno in _NOT_OURS:
            return False
        raise


def open_itself(path: str, flags: int) -> int:
    """Opens a regular file without following a link, and without waiting. Raises OSError."""
    file = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise NotPlain(path, is_link=False)
    return file
