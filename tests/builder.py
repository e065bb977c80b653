"""Builds in other processes: with another environment, with faults of the disk, or killed in their midst.

A `Builder` is a process that has sitegen loaded and makes each build in a child of its own, which knows nothing of the
builds before it.

    python -m tests.builder    answers requests on stdin, one JSON object a line
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.engine.build import build
from sitegen.engine.options import Options
from sitegen.problems import SiteError
from tests.site import weight_on_disk

KILLED = -int(signal.SIGKILL)


class Answer(Struct, frozen=True):
    """How a build ended: its exit code (0, 1, or KILLED), its numbers, what it said, and its file operations."""

    code: int
    said: str = ""
    numbers: tuple[int, int, int, int] = (0, 0, 0, 0)
    operations: int = 0


class Fault(Struct, frozen=True):
    """What happens at file operation `at` (from 1): a kill, or the error `number`; later ones too if `lasting`."""

    at: int = 0
    number: int = 0
    lasting: bool = False


NOTHING = Fault()


class Builder:
    """A process that builds sites. `environment` is put over that of this process."""

    def __init__(self, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.builder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
            cwd=Path(__file__).parent.parent,
        )

    def build(
        self,
        root: Path,
        now: datetime,
        output: str = "output",
        workers: int = 1,
        drafts: bool = False,
        fault: Fault = NOTHING,
    ) -> Answer:
        """One build."""
        asked = {
            "root": str(root),
            "output": output,
            "now": now.isoformat(),
            "workers": workers,
            "drafts": drafts,
            "fault": [fault.at, fault.number, fault.lasting],
        }
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answered = json.loads(self._process.stdout.readline())
        return Answer(answered["code"], answered["said"], tuple(answered["numbers"]), answered["operations"])

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def main() -> None:
    """Answers requests until stdin ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(here)
            with suppress(BaseException):
                _build(asked, there)
            os._exit(70)
        os.close(there)
        with os.fdopen(here, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        answer = json.loads(said) if said else {"said": "", "numbers": (0, 0, 0, 0), "operations": 0}
        sys.stdout.write(json.dumps({"code": code, **answer}) + "\n")
        sys.stdout.flush()


def _build(asked: dict[str, Any], pipe: int) -> None:
    root = Path(asked["root"])
    now = datetime.fromisoformat(asked["now"])
    options = Options(root, root / asked["output"], drafts=asked["drafts"], now=now, workers=asked["workers"])
    faults = _Faults(root, Fault(*asked["fault"]))
    said, numbers, code = "", (0, 0, 0, 0), 0
    result = None
    faults.install()
    try:
        result = build(options)
        numbers = (result.parsed, result.rendered, result.written, result.removed)
    except SiteError as error:
        said, code = "\n".join(f"{p.file}: {p.message} ({p.hint})" for p in error.problems), 1
    except BaseException:
        said, code = traceback.format_exc(), 2
    faults.end()
    if result is not None and result.weight != weight_on_disk(options.output):
        said, code = f"{result.weight} is not {weight_on_disk(options.output)}", 2
    os.write(pipe, json.dumps({"said": said, "numbers": numbers, "operations": faults.count}).encode())
    os._exit(code)


class _Faults:
    """Counts the operations on files of a site, and lets one of them, or all from it on, fail."""

    def __init__(self, root: Path, fault: Fault) -> None:
        self._root, self._fault = str(root), fault
        self.count = 0
        self._is_on = False
        self._open: set[int] = set()

    def install(self) -> None:
        """From now on operations are counted."""
        for name in (
            "mkdir",
            "rename",
            "replace",
            "unlink",
            "remove",
            "rmdir",
            "scandir",
            "lstat",
            "stat",
            "utime",
        ):
            setattr(os, name, self._counted(getattr(os, name)))
        os.open, os.write = self._watched(os.open), self._written(os.write)
        opened = self._counted(builtins.open)
        builtins.open = io.open = lambda *a, **k: self._file(opened(*a, **k), a)
        connect = sqlite3.connect

        class Connection(sqlite3.Connection):
            def execute(connection, sql: str, *arguments: Any) -> Any:
                self._sqlite(sql)
                return super().execute(sql, *arguments)

            def executemany(connection, sql: str, rows: Iterable[Any]) -> Any:
                self._sqlite(sql)
                return super().executemany(sql, rows)

        sqlite3.connect = lambda *a, **k: connect(*a, **{**k, "factory": Connection})
        self._is_on = True

    def end(self) -> None:
        """From now on nothing fails."""
        self._is_on = False

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if self._concerns(arguments):
                self._meet(str(arguments[0]) if arguments else "")
            return function(*arguments, **options)

        return call

    def _watched(self, function: Callable[..., int]) -> Callable[..., int]:
        """Opens a file; what is written into it is an operation too."""
        counted = self._counted(function)

        def call(path: Any, *arguments: Any, **options: Any) -> int:
            file = int(counted(path, *arguments, **options))
            self._open.discard(file)
            if self._concerns((path,)):
                self._open.add(file)
            return file

        return call

    def _written(self, function: Callable[[int, Any], int]) -> Callable[[int, Any], int]:
        """Writes; where that fails, half of it has been written."""

        def call(file: int, data: Any) -> int:
            if file in self._open:
                try:
                    self._meet("")
                except OSError:
                    function(file, data[: len(data) // 2])
                    raise
            return function(file, data)

        return call

    def _concerns(self, arguments: tuple[Any, ...]) -> bool:
        """Whether an operation is on the site's own files, or on those of an open folder in it."""
        named = arguments[0] if arguments else ""
        return isinstance(named, str | os.PathLike) and (
            os.fspath(named).startswith(self._root) or not os.fspath(named).startswith(os.sep)
        )

    def _meet(self, path: str) -> None:
        """One operation; the moment when it is to fail."""
        if not self._is_on:
            return
        self.count += 1
        fault = self._fault
        if fault.at and (self.count == fault.at or (fault.lasting and self.count > fault.at)):
            if not fault.number:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(fault.number, os.strerror(fault.number), path)

    def _sqlite(self, sql: str) -> None:
        if not sql.startswith(("PRAGMA", "SELECT")):
            try:
                self._meet("")
            except OSError as error:
                failed = sqlite3.OperationalError(f"failed: {error}")
                codes = {errno.ENOSPC: sqlite3.SQLITE_FULL, errno.EACCES: sqlite3.SQLITE_READONLY}
                failed.sqlite_errorcode = codes.get(error.errno or 0, sqlite3.SQLITE_IOERR)
                raise failed from None

    def _file(self, file: Any, arguments: tuple[Any, ...]) -> Any:
        """A file whose writing is an operation too; one that fails leaves half of what was to be written."""
        mode = arguments[1] if len(arguments) > 1 else "r"
        if "w" not in mode or not self._concerns(arguments):
            return file
        write = file.write

        def half(data: Any) -> int:
            try:
                self._meet("")
            except OSError:
                write(data[: len(data) // 2])
                file.flush()
                raise
            return int(write(data))

        return _Watched(file, half)


class _Watched:
    """A file with another way of writing."""

    def __init__(self, file: Any, write: Callable[[Any], int]) -> None:
        self._file, self.write = file, write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


if __name__ == "__main__":
    main()
