"""Freeing what nobody uses any more, when there is nothing else to do."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable

PAUSE, RATIO = 60.0, 500.0
"""How often it is done: seconds, and so many times what it takes."""


async def tidy(looks: Callable[[], int], is_idle: Callable[[], bool]) -> None:
    """Frees circles of garbage from time to time, until cancelled; `looks` counts the looks at the sources.

    Python would do it by itself, but in the middle of a request, and look through the whole site for it.
    """
    pause, seen = PAUSE, 0
    gc.disable()
    while True:
        await asyncio.sleep(pause)
        if not is_idle():
            continue
        started = time.monotonic()
        if seen != looks():
            # What a look has made may have become garbage; what requests leave is young.
            gc.unfreeze()
        seen = looks()
        gc.collect()
        gc.freeze()
        pause = max(PAUSE, RATIO * (time.monotonic() - started))
