"""Where the preview's pages come from: the site in memory, or while there is none, the files of an earlier run."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from msgspec import Struct

from sitegen.engine.memory import recall
from sitegen.engine.shown import Served


class Pages(Protocol):
    """The files of a site: which there are, below which path they lie (it ends in `/`), and each of them."""

    @property
    def base_path(self) -> str:
        """The path below which the site lies."""

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files."""

    def file(self, name: str) -> Served | None:
        """One of them; None where there is none."""


class Shelf(Struct, frozen=True):
    """The files that the last preview has left in its folder."""

    folder: Path
    base_path: str
    files: frozenset[str]

    def file(self, name: str) -> Served | None:
        """One of them; None where there is none."""
        path = self.folder / name
        return Served(copy_of=path) if name in self.files and path.is_file() else None


def shelf_of(root: Path, folder: Path, base_path: str) -> Shelf:
    """What is remembered of a preview's folder; a shelf with nothing on it where that is nothing."""
    known = recall(root, folder)
    return Shelf(folder, base_path, known.files if known is not None and known.preview else frozenset())
