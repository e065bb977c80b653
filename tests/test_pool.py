"""Workers: they end with the process that began them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from sitegen.engine import pool
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


def multiplied(factor: int, numbers: Sequence[int]) -> list[int]:
    return [factor * number for number in numbers]


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, pool.POOL_FROM - 1, pool.POOL_FROM, 6 * pool.CHUNK, 9 * pool.CHUNK, 2000])
@pytest.mark.parametrize("sized", [True, False])
def test_chunks_come_in_order_and_something_is_done_once_meanwhile(workers: int, count: int, sized: bool) -> None:
    meanwhile: list[int] = []

    items = range(count) if sized else iter(range(count))
    chunks = pool.in_chunks(multiplied, 2, items, workers, list, lambda: meanwhile.append(1))
    assert [number for chunk in chunks for number in chunk] == [2 * number for number in range(count)]
    assert meanwhile == [1]


def lives(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
