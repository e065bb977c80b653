"""Workers: they end with the process that began them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.preview import eventually

_CODE = """
import os, time
from sitegen.engine import pool

def work(state, chunk):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(state)
    return 0

list(pool.in_chunks(work, 60, list(range(pool.POOL_FROM)), 2))
"""


@pytest.mark.slow
def test_workers_end_when_their_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _CODE], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(30)
        assert eventually(lambda: not any(map(lives, workers)))


def lives(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
