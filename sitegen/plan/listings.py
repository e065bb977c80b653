"""Which articles stand on which page of a listing.

Archive pages are numbered from the oldest: page 1 holds the oldest `size` articles, page 2 the next ones, and so on.
The newest articles stand on the listing's own page: from `size` to `2 * size - 1` of them, fewer only where there
are fewer. So an archive page is full from the moment it exists and never changes again, and publishing an article
touches the listing's own page and, at most, makes one new archive page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")


class Stretch(Struct, frozen=True):
    """One page of a listing: positions `start` up to `stop` among the articles from oldest to newest.

    `number` 0 is the listing's own page; archive pages count from 1.
    """

    number: int
    start: int
    stop: int


def archive_count(total: int, size: int) -> int:
    """How many archive pages a listing of `total` articles has."""
    return max(0, total // size - 1)


def stretches(total: int, size: int) -> list[Stretch]:
    """All pages of a listing: its own first, then from the oldest archive page on."""
    archived = archive_count(total, size)
    own = Stretch(0, archived * size, total)
    return [own, *(Stretch(n, (n - 1) * size, n * size) for n in range(1, archived + 1))]


def newest_first(items: Sequence[T], stretch: Stretch) -> tuple[T, ...]:
    """The items of one page, newest first, from items that are sorted from oldest to newest."""
    return tuple(reversed(items[stretch.start : stretch.stop]))
