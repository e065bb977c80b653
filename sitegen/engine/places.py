"""Where the state of a site lies: in .sitegen/ beside sitegen.toml, never in the output."""

from __future__ import annotations

import hashlib
from pathlib import Path

STATE = ".sitegen"


def memory_path(root: Path, folder: Path) -> Path:
    """The file that holds what is remembered of an output folder."""
    return _path(root, folder, ".sqlite")


def lock_path(root: Path, folder: Path) -> Path:
    """The file whose lock keeps other builds from an output folder."""
    return _path(root, folder, ".lock")


def cache_path(root: Path) -> Path:
    """The file that holds what reading the sources has yielded."""
    return root / STATE / "cache.sqlite"


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
