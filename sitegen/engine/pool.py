"""Work in chunks, in this process or in several: the same results in the same order either way."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R")

CHUNK = 128
"""Items a task: large enough to hide the cost of a task, small enough to keep every worker busy."""
POOL_FROM = 256
"""Below this many items a pool costs more than it saves."""
AHEAD = 3
"""So many tasks wait for each worker."""

_state: Any = None


def _start(state: Any, parent: int) -> None:
    global _state
    _state = state
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
    items: Sequence[T],
    workers: int,
    laden: Callable[[Sequence[T]], Sequence[U]] = lambda items: items,  # type: ignore[assignment,return-value]
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[R]:
    """`function(state, laden(chunk))` for every chunk of the items, in their order.

    Workers are forked and inherit `state`, which may hold what cannot be pickled (templates, functions). `laden` is
    called in this process, shortly before a chunk's turn, and adds what the work needs besides; `meanwhile` is called
    once, as soon as the workers have something to do. Where the system
    cannot fork, or another thread runs (forking then may deadlock), this process does all the work.
    """
    chunks = [items[i : i + CHUNK] for i in range(0, len(items), CHUNK)]
    if workers <= 1 or len(items) < POOL_FROM or not _can_fork():
        for chunk in chunks:
            yield function(state, laden(chunk))
        meanwhile()
        return
    # Forked children share the parent's memory only while no collector writes into it.
    gc.collect()
    gc.freeze()
    context = multiprocessing.get_context("fork")
    workers = min(workers, len(chunks))
    try:
        with ProcessPoolExecutor(
            workers, mp_context=context, initializer=_start, initargs=(state, os.getpid())
        ) as pool:
            # A few chunks ahead keep every worker busy; all of them at once would fill the memory.
            waiting: deque[Future[R]] = deque()
            for number, chunk in enumerate(chunks, 1):
                waiting.append(pool.submit(_run, (function, laden(chunk))))
                if number == min(AHEAD * workers, len(chunks)):
                    meanwhile()
                if len(waiting) > AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    finally:
        gc.unfreeze()


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
