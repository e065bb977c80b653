"""What the file system says of a file: enough to see that it has not been changed, without reading it.

A stamp is trusted by git's rule ("racily clean", Documentation/technical/racy-git.txt): a file that was changed at
the very moment when its stamp was noted may be changed again without a trace, so such a stamp is worth nothing.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from sitegen.beneath import WRITE, Beneath
from sitegen.engine.places import Place

TICK = 20_000_000
"""Nanoseconds between two times that a system's clock for files can tell apart; Linux has 1 to 10 ms."""
COARSE_TICK = 2_000_000_000
"""The same where a file system keeps whole seconds, or every second one (FAT)."""


class Stamp(NamedTuple):
    """Times in ns, size in bytes, and the inode's number."""

    mtime: int
    ctime: int
    size: int
    inode: int


def stamp_of(stat: os.stat_result) -> Stamp:
    """The stamp of a file."""
    return Stamp(stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)


def is_settled(stamp: Stamp, noted: int) -> bool:
    """Whether any change from the moment `noted` (ns, by the file system's own clock) on gives another stamp."""
    changed = max(stamp.mtime, stamp.ctime)
    coarse = stamp.mtime % 1_000_000_000 == 0 and stamp.ctime % 1_000_000_000 == 0
    return changed + (COARSE_TICK if coarse else TICK) < noted


def clock(place: Place) -> int:
    """The present moment (ns) by the clock of the file system on which a file lies, which is written for it."""
    with Beneath(place.root) as site:
        site.make_folder(place.name.rpartition("/")[0])
        file = site.open(place.name, WRITE)
        try:
            os.write(file, b"\n")
            return os.fstat(file).st_mtime_ns
        finally:
            os.close(file)
