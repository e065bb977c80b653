"""What a build did."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.engine.last import Last
from sitegen.engine.moments import in_zone
from sitegen.engine.weight import Weight
from sitegen.problems import Problem


class Result(Struct, frozen=True):
    """What a build did: numbers of articles and files, seconds of wall time, and warnings in order.

    `added`, `changed` and `gone` are the files of the output that are new, have other bytes, or were removed, by their
    paths, sorted. `parsed` is the number of sources that were parsed for it; `made` are the units of work that were
    made anew, each with the reasons. `base_url` is the site's address and ends in `/`. `until` is when the site next
    changes by itself, in its own timezone; None means never.
    """

    articles: int
    files: int
    seconds: float
    output: Path
    base_url: str
    weight: Weight
    warnings: tuple[Problem, ...] = ()
    until: datetime | None = None
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    parsed: int = 0
    made: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def written(self) -> int:
        """How many files were written."""
        return len(self.added) + len(self.changed)

    @property
    def unchanged(self) -> int:
        """How many files stand as they did before."""
        return self.files - self.written

    @property
    def removed(self) -> int:
        """How many files were removed."""
        return len(self.gone)

    @property
    def rendered(self) -> int:
        """How many units of work were made anew."""
        return len(self.made)

    @property
    def base_path(self) -> str:
        """The path of `base_url`, with `/` at both ends."""
        return urlsplit(self.base_url).path or "/"

    @property
    def has_news(self) -> bool:
        """Whether the output is another one than before."""
        return bool(self.written or self.removed)


def again(last: Last, output: Path) -> Result:
    """The result of a build that found the site to be what it was at the last one, and did nothing."""
    until = in_zone(last.until, ZoneInfo(last.timezone))
    return Result(last.articles, last.files, 0.0, output, last.base_url, last.weight, last.warnings, until)
