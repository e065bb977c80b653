"""Runs something in a process of its own that the system ends where it takes too much memory or time."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from msgspec import Struct

T = TypeVar("T")
GIGABYTE = 1 << 30


class Cost(Struct):
    """What something took: seconds of a processor, and the most memory that the process held, in bytes."""

    seconds: float
    memory: int


def bounded(call: Callable[..., T], *arguments: Any, memory: int = 4 * GIGABYTE, seconds: int = 300) -> T:
    """What a function of a module returns; it may take so many bytes of memory and seconds of a processor."""
    context = get_context("forkserver")
    # What every call needs is read once.
    context.set_forkserver_preload([__name__, "sitegen.engine.build"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_limited, args=(theirs, memory, seconds, call, arguments))
    process.start()
    theirs.close()
    try:
        answer: T = ours.recv()
    except EOFError:
        process.join()
        ended = f"ended with {process.exitcode}: out of {memory >> 20} MB or {seconds} s, or an error"
        raise AssertionError(ended) from None
    process.join()
    return answer


def _limited(
    answer: Connection, memory: int, seconds: int, call: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    answer.send(call(*arguments))


def cost(call: Callable[[], object]) -> Cost:
    """What a call took of this process."""
    begin = time.process_time()
    call()
    return Cost(time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
