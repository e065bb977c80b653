"""What the preview shows at a moment, and what it has to say of a look at the sources."""

from __future__ import annotations

import traceback
from collections.abc import Container
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from sitegen.engine.shown import Served
from sitegen.problems import Problem
from sitegen.serve.replies import tag_of
from sitegen.serve.routes import Answer


class Pages(Protocol):
    """The files of a site: which there are, below which path they lie (it ends in `/`), and each of them."""

    @property
    def base_path(self) -> str:
        """The path below which the site lies."""

    @property
    def files(self) -> Container[str]:
        """The paths of all files; false where there are none."""

    @property
    def until(self) -> datetime | None:
        """When they change by themselves (aware); None: never."""

    def file(self, name: str) -> Served | None:
        """One of them; None where there is none."""


class Nothing(Struct, frozen=True):
    """The pages of a site that was never built."""

    base_path: str
    files: Container[str] = ()
    until: datetime | None = None

    def file(self, name: str) -> Served | None:
        """None: there is none."""


class State(Struct, frozen=True):
    """What the preview shows: pages without errors, and the problems of the last look at the sources.

    As long as there have been none without errors, the pages may be a part of the site: what lacks nothing.
    `before` are the pages that were shown before these, for what cannot be rendered now. `found` are problems of pages
    that nobody has looked at.
    """

    pages: Pages
    before: Pages
    problems: tuple[Problem, ...] = ()
    found: tuple[Problem, ...] = ()
    is_partial: bool = False


class Looked(Struct, frozen=True):
    """One look at the sources, for the terminal: what set it off (sorted paths, or that its time has come), and what is
    wrong.

    Warnings that stood there before are left out: a writer reads them once. `articles` and `files` are counted where
    nothing stops the site; `files` also where a part of it is shown all the same. `drafts` is the number of hidden
    drafts, or 0 if it has not changed since the last look. `trace` is the traceback of a failure that is sitegen's own.
    """

    changed: tuple[str, ...]
    seconds: float
    is_due: bool = False
    articles: int = 0
    files: int = 0
    drafts: int = 0
    is_good: bool = False
    problems: tuple[Problem, ...] = ()
    trace: str = ""


class Page(Struct, frozen=True):
    """What is answered to a path: where it is found, its bytes, and what is wrong with it."""

    found: Answer
    data: bytes = b""
    problems: tuple[Problem, ...] = ()

    @property
    def edition(self) -> str:
        """What tells it from an earlier or later page at the same path."""
        return tag_of(f"{self.found.status} {self.found.location} ".encode() + self.data).strip('"')


def own_fault(error: Exception) -> Problem:
    """What nobody expected, where no source can be blamed for it."""
    message = f"sitegen itself failed ({type(error).__name__}: {error})"
    trace = "".join(traceback.format_exception(error))
    return Problem("sitegen", 0, 0, message, "this is a bug in sitegen; the terminal shows where", trace=trace)
