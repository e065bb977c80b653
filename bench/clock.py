"""Timing a program as a whole: with its start and its end, and all the processes that it begins."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct


class Timed(Struct, frozen=True):
    """One run: seconds of wall time and of CPU time, MB of the largest process, and what it said."""

    seconds: float
    cpu: float
    megabytes: float
    said: str


def timed(command: Sequence[str | Path]) -> Timed:
    """Runs a program, after the disks have come to rest. Raises SystemExit where it fails."""
    os.sync()
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}: {said}")
    return Timed(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)
