"""What a build did."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from sitegen.problems import Problem


class Result(Struct, frozen=True):
    """What a build did: numbers of articles and files, seconds of wall time, and warnings in order.

    `parsed` are the sources that were parsed for it, `rendered` the units of work that were made anew. `base_path` is
    the path of the site's address, with `/` at both ends. `until` is when the site next changes by itself, in its own
    timezone; None means never.
    """

    articles: int
    files: int
    written: int
    unchanged: int
    removed: int
    seconds: float
    output: Path
    base_path: str
    warnings: tuple[Problem, ...] = ()
    until: datetime | None = None
    parsed: int = 0
    rendered: int = 0

    @property
    def has_news(self) -> bool:
        """Whether the output is another one than before."""
        return bool(self.written or self.removed)
