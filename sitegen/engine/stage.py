"""New bytes that wait in a hidden folder of the output folder until all of them are there.

The folder lies on the same file system, so that the last step is a rename: nobody ever sees half a file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from sitegen.beneath import READ, WRITE, Beneath
from sitegen.engine.fingerprint import digest
from sitegen.engine.memory import Written
from sitegen.engine.places import STAGE
from sitegen.engine.stamps import Stamp, is_settled, stamp_of
from sitegen.engine.standing import open_itself

_AT_ONCE = 500
"""So many files lie in one folder: one of tens of thousands is slow to write into."""
_MOST = 1 << 20
_NEW = WRITE | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
_NEW = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_TRUNC
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Stored(Struct, frozen=True):
    """One file after it was compared with the one that stands there: its digest, and where new bytes are staged.

    `staged` is a path in the stage, empty where the bytes are the same; `stamp` is the staged file's. `seams` say where
    the shared parts stand in it (see seams.py), None where that is not known.
    """

    file: str
    digest: str
    staged: str = ""
    stamp: Stamp | None = None
    seams: tuple[int, ...] | None = None


class Stage:
    """Keeps new bytes ready beside the files of an output folder; each worker has its own copy.

    `intact` are the files that stand in the folder as sitegen wrote them, seen after the moment `noted` (ns). Of an
    output folder that is empty the stage has the very folders, so that whole ones can be moved; otherwise files lie in
    it by numbers.
    """

    def __init__(self, output: Path, intact: Mapping[str, Written], noted: int) -> None:
        self._output = f"{output}{os.sep}"
        self._folder = f"{output / STAGE}{os.sep}"
        self._intact, self._noted = intact, noted
        self._made: set[str] = set()
        self._count = 0
        with os.scandir(output) as entries:
            self.is_fresh = all(entry.name == STAGE for entry in entries)

    def put(self, file: str, data: bytes, seams: tuple[int, ...] | None = None) -> Stored:
        """Compares a file with what stands in the output folder, and stages it where its bytes are new."""
        found = digest(data)
        was = self._intact.get(file)
        if (was is not None and was.digest == found) or (
            was is None and not self.is_fresh and self._is_same(file, data)
        ):
            return Stored(file, found, seams=seams)
        staged = file if self.is_fresh else self._number()
        folder = staged.rpartition("/")[0]
        if folder not in self._made:
            os.makedirs(self._folder + folder, exist_ok=True)  # noqa: PTH103
            self._made.add(folder)
        try:
            stamp = _write(self._folder + staged, data)
        except OSError as error:
            # Which file there was no room for says more than where it waits.
            error.filename = self._output + file
            raise
        return Stored(file, found, staged, stamp, seams)

    def standing(self, file: str) -> bytes | None:
        """The bytes of an intact file; None where they are others after all."""
        was = self._intact.get(file)
        try:
            there, data = _read(self._output + file)
        except OSError:
            return None
        if was is None:
            return None
        # Whoever has written to it since it was seen to be intact has given it another stamp.
        same = there == was.stamp and is_settled(there, self._noted)
        return data if same or digest(data) == was.digest else None

    def _is_same(self, file: str, data: bytes) -> bool:
        """Whether a file that nothing is known of has these bytes; one behind a link is none of ours."""
        try:
            with Beneath(self._output) as output:
                return output.lstat(file).st_size == len(data) and output.read(file, len(data))[1] == data
        except OSError:
            return False

    def _number(self) -> str:
        self._count += 1
        return f"{os.getpid()}-{self._count // _AT_ONCE}/{self._count % _AT_ONCE}"


def _write(path: str, data: bytes) -> Stamp:
    # What Python's own files do besides costs as much as the writing.
    file = os.open(path, _NEW, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
        return stamp_of(os.fstat(file))
    finally:
        os.close(file)


def _read(path: str) -> tuple[Stamp, bytes]:
    """The stamp of a file just after its bytes were read, and these."""
    file = open_itself(path, READ)
    try:
        parts = []
        while part := os.read(file, _MOST):
            parts.append(part)
        return stamp_of(os.fstat(file)), b"".join(parts)
    finally:
        os.close(file)
