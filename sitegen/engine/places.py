"""Where a site's settings and its state lie: sitegen.toml, and .sitegen/ beside it, never in the output."""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec import Struct

from sitegen.problems import Problem, SiteError
from sitegen.text import CONFIG

STATE = ".sitegen"
OUTPUTS, PICTURES = "outputs", "pictures"
"""The folders in it: what is remembered of output folders, and the files made from pictures."""
STAGE = ".sitegen-stage"
"""A hidden folder in the output where changed files wait until all of them can be put in place."""


class Place(Struct, frozen=True):
    """A file below a site's folder: it is reached beneath `root` by its path `name`, so that no link is followed."""

    root: Path
    name: str

    @property
    def path(self) -> Path:
        """The whole path."""
        return self.root / self.name


def is_site(root: Path) -> bool:
    """Whether a folder is a site's."""
    return (root / CONFIG).is_file()


def require_site(root: Path) -> None:
    """Raises SiteError where the folder is no site's."""
    if not is_site(root):
        hint = "go to the site's folder, name it with --site, or begin one with sitegen init DIR"
        raise SiteError([Problem(CONFIG, 0, 0, "there is no sitegen.toml here", hint)])


def memory_place(root: Path, folder: Path) -> Place:
    """The file that holds what is remembered of an output folder."""
    return _place(root, folder, ".sqlite")


def lock_place(root: Path, folder: Path) -> Place:
    """The file whose lock keeps other builds from an output folder."""
    return _place(root, folder, ".lock")


def cache_place(root: Path) -> Place:
    """The file that holds what reading the sources has yielded."""
    return Place(root, f"{STATE}/cache.sqlite")


def clock_place(root: Path) -> Place:
    """A file whose time tells what the file system's clock says."""
    return Place(root, f"{STATE}/clock")


def name_of(root: Path, folder: Path) -> str:
    """An output folder as seen from the site, so that a site that is moved as a whole keeps its state."""
    resolved = folder.resolve()
    try:
        return resolved.relative_to(root.resolve()).as_posix()
    except ValueError:
        return resolved.as_posix()


def _place(root: Path, folder: Path, ending: str) -> Place:
    name = hashlib.blake2b(name_of(root, folder).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    return Place(root, f"{STATE}/{OUTPUTS}/{name}{ending}")


def shown(path: Path, root: Path) -> str:
    """A folder as problems name it: as seen from the site, where it lies in it."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix() or "."
    except ValueError:
        return str(path)
