"""Which articles stand on which page of a listing.

The front of a listing always shows the newest `size` articles. Its archive pages are numbered from the oldest:
page 1 holds the oldest `size`, and so on. Only full archive pages exist, so one that was written once never
changes its cards; publishing an article touches the front and, at most, one new archive page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")


class Stretch(Struct, frozen=True):
    """One page of a listing: positions `start` up to `stop` among the articles from oldest to newest.

    `number` 0 is the front; `newer` and `older` are the numbers of its neighbours, None where there is none.
    """

    number: int
    start: int
    stop: int
    newer: int | None
    older: int | None


def archive_count(total: int, size: int) -> int:
    """How many archive pages a listing of `total` articles has: those that the front does not replace."""
    return 0 if total <= size else (total - 1) // size


def stretches(total: int, size: int) -> list[Stretch]:
    """All pages of a listing, the front first, then from the oldest archive page on."""
    pages = archive_count(total, size)
    front = Stretch(0, max(0, total - size), total, None, pages or None)
    archive = [
        Stretch(n, (n - 1) * size, n * size, n + 1 if n < pages else 0, n - 1 or None) for n in range(1, pages + 1)
    ]
    return [front, *archive]


def newest_first(items: Sequence[T], stretch: Stretch) -> tuple[T, ...]:
    """The items of one page, newest first, from items that are sorted from oldest to newest."""
    return tuple(reversed(items[stretch.start : stretch.stop]))
