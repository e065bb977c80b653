"""One build at a time for each output folder: a lock that ends with the process that holds it.

The lock is the system's own, not a file that says "locked": a killed build leaves nothing behind that somebody would
have to clear away. It is a POSIX record lock, which forked workers do not inherit, and keeps processes apart, not
threads.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sitegen.beneath import WRITE, Beneath
from sitegen.engine.places import lock_place, shown
from sitegen.problems import Problem, SiteError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE = 30.0
"""Seconds for which a build waits for another one."""
_PAUSE = 0.05


@contextlib.contextmanager
def locked(root: Path, folder: Path) -> Iterator[int]:
    """Keeps other builds from an output folder; waits while another process writes it.

    Yields the moment (ns) at which the folder was taken, by the clock of the file system. Raises SiteError when the
    other one has not ended within PATIENCE, and OSError where there can be no such lock.
    """
    place = lock_place(root, folder)
    with Beneath(root) as site:
        site.make_folder(place.name.rpartition("/")[0])
        opened = site.open(place.name, WRITE)
    with open(opened, "r+", encoding="ascii") as file:  # noqa: PTH123
        _wait(file, shown(folder, root))
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        # Closing the file ends the lock.
        yield os.fstat(file.fileno()).st_mtime_ns


def _wait(file: IO[str], folder: str) -> None:
    until = time.monotonic() + PATIENCE
    while not is_taken(file.fileno()):
        if time.monotonic() >= until:
            file.seek(0)
            holder = file.read(20).strip()
            process = f" (process {holder})" if holder.isdigit() else ""
            message = f"another build{process} is writing this folder and does not end"
            raise SiteError(
                [Problem(folder, 0, 0, message, "wait for it, end it, or name another folder with --output")]
            )
        time.sleep(_PAUSE)


def is_taken(file: int) -> bool:
    """Locks an open file for this process, without waiting; whether that was possible."""
    if fcntl is None:  # pragma: no cover - Windows
        import msvcrt

        try:
            os.lseek(file, 0, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        # Some network file systems know no locks; there a build goes on without one.
        return True
    return True
