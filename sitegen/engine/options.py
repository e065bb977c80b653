"""What a build is asked to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

Progress = Callable[[str, int, int], None]
"""Is told what a build is doing, how many items are done, and how many there are; 0 of 0 where none are counted."""


def silent(doing: str, done: int, of: int) -> None:
    """Tells nobody."""


class Options(Struct, frozen=True):
    """What a build is asked to do. `now` is aware; None means the clock's.

    `preview` says that the output is only looked at on this machine, so that it is never published by mistake.
    `clean` makes everything anew and then remembers it; without `cache` nothing is remembered either, but for the
    names and digests of the files, by which sitegen knows its own. `progress` is told how far it is.
    """

    root: Path
    output: Path
    base_url: str = ""
    drafts: bool = False
    now: datetime | None = None
    workers: int = 0
    preview: bool = False
    clean: bool = False
    cache: bool = True
    progress: Progress = silent


def default_workers() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
