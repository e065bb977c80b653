"""Where a site's settings and its state lie: sitegen.toml, and .sitegen/ beside it, never in the output."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sitegen.problems import Problem, SiteError

STATE = ".sitegen"
CONFIG = "sitegen.toml"
STAGE = ".sitegen-stage"
"""A hidden folder in the output where changed files wait until all of them can be put in place."""


def is_site(root: Path) -> bool:
    """Whether a folder is a site's."""
    return (root / CONFIG).is_file()


def require_site(root: Path) -> None:
    """Raises SiteError where the folder is no site's."""
    if not is_site(root):
        hint = "go to the site's folder, name it with --site, or begin one with sitegen init DIR"
        raise SiteError([Problem(CONFIG, 0, 0, "there is no sitegen.toml here", hint)])


def memory_path(root: Path, folder: Path) -> Path:
    """The file that holds what is remembered of an output folder."""
    return _path(root, folder, ".sqlite")


def lock_path(root: Path, folder: Path) -> Path:
    """The file whose lock keeps other builds from an output folder."""
    return _path(root, folder, ".lock")


def cache_path(root: Path) -> Path:
    """The file that holds what reading the sources has yielded."""
    return root / STATE / "cache.sqlite"


def clock_path(root: Path) -> Path:
    """A file whose time tells what the file system's clock says."""
    return root / STATE / "clock"


def name_of(root: Path, folder: Path) -> str:
    """An output folder as seen from the site, so that a site that is moved as a whole keeps its state."""
    resolved = folder.resolve()
    try:
        return resolved.relative_to(root.resolve()).as_posix()
    except ValueError:
        return resolved.as_posix()


def _path(root: Path, folder: Path, ending: str) -> Path:
    name = hashlib.blake2b(name_of(root, folder).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    return root / STATE / "outputs" / f"{name}{ending}"


def shown(path: Path, root: Path) -> str:
    """A folder as problems name it: as seen from the site, where it lies in it."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix() or "."
    except ValueError:
        return str(path)
