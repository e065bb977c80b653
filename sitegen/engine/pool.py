"""Work in chunks, in this process or in several: the same results in the same order either way."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R")

CHUNK = 128
"""Items a task: large enough to hide the cost of a task, small enough to keep every worker busy."""
POOL_FROM = 256
"""Below this many items, of those that are done 128 at once, a pool costs more than it saves."""
AHEAD = 3
"""So many tasks wait for each worker."""

_state: Any = None


def _start(state: Any, parent: int) -> None:
    global _state
    _state = state
    # What was forked shares the parent's memory only while no collector writes into it.
    gc.disable()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """Ends this worker when its parent was killed: it would wait for work for ever."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _run(task: tuple[Callable[[Any, Any], Any], Any]) -> Any:
    function, chunk = task
    return function(_state, chunk)


def in_chunks(
    function: Callable[[S, Sequence[U]], R],
    state: S,
    items: Iterable[T],
    workers: int,
    laden: Callable[[Sequence[T]], Sequence[U]] = lambda items: items,  # type: ignore[assignment,return-value]
    meanwhile: Callable[[], None] = lambda: None,
    size: int = CHUNK,
    apart: bool = False,
) -> Iterator[R]:
    """`function(state, laden(chunk))` for every chunk of `size` items, in their order.

    Workers are forked and inherit `state`, which may hold what cannot be pickled (templates, functions). The items may
    be found while the workers are at the first of them. `laden` is called in this process, shortly before a chunk's
    turn, and adds what the work needs besides; `meanwhile` is called once, as soon as the workers have something to
    do. Where the system cannot fork, or another thread runs (forking then may deadlock), this process does all the
    work. With `apart` it does none wherever the system can fork, however little there is to do.
    """
    if isinstance(items, Sized):
        workers = min(workers, -(-len(items) // size))
    found = iter(items)
    enough = POOL_FROM * size // CHUNK
    first = list(islice(found, enough))
    chunks = _chunks(chain(first, found), size)
    alone = (workers <= 1 or len(first) < enough) and not (apart and first)
    if alone or not _can_fork():
        for chunk in chunks:
            yield function(state, laden(chunk))
        meanwhile()
        return
    yield from _in_workers(function, state, chunks, max(1, workers), laden, meanwhile)


def _in_workers(
    function: Callable[[S, Sequence[U]], R],
    state: S,
    chunks: Iterator[list[T]],
    workers: int,
    laden: Callable[[Sequence[T]], Sequence[U]],
    meanwhile: Callable[[], None],
) -> Iterator[R]:
    context = multiprocessing.get_context("fork")
    # A few chunks ahead keep every worker busy; all of them at once would fill the memory.
    ahead = AHEAD * workers
    with ProcessPoolExecutor(workers, context, initializer=_start, initargs=(state, os.getpid())) as pool:
        waiting: deque[Future[R]] = deque()
        for number, chunk in enumerate(chunks, 1):
            waiting.append(pool.submit(_run, (function, laden(chunk))))
            if number == ahead:
                meanwhile()
            if number > ahead:
                yield waiting.popleft().result()
        if len(waiting) < ahead:
            meanwhile()
        while waiting:
            yield waiting.popleft().result()


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


_KEEPS_THREADS = "typst"
"""A library that, once it was loaded, has threads that Python knows nothing of, and that a forked process lacks."""


def _can_fork() -> bool:
    alone = threading.active_count() == 1 and _KEEPS_THREADS not in sys.modules
    return alone and "fork" in multiprocessing.get_all_start_methods()
