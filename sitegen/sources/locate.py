"""Files that a text names: where they are, and what was probably meant when they are not there."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from functools import cached_property
from pathlib import Path, PurePosixPath

from sitegen.beneath import is_file_beneath, lies_behind_link, names_beneath
from sitegen.problems import Budget, nearest
from sitegen.sources.files import walk


def locate(root: Path, path: str, target: str) -> str | None:
    """A file that another names: seen from that file, or from content/ where it begins with /; None if not there."""
    normal = _beside(path, target)
    return file_named(root, normal) if normal else None


def file_named(root: Path, path: str) -> str | None:
    """The file of this name as it is spelt on disk, None if not there.

    An accent may be part of its letter or stand behind it (Unicode Standard Annex 15, NFC and NFD): keyboards type the
    one, archives from macOS hold the other, and nobody sees the difference.
    """
    if is_file_beneath(root, path):
        return path
    if path.isascii():
        return None
    spelt, *parts = path.split("/")
    for part in parts:
        wanted = unicodedata.normalize("NFC", part)
        same = (name for name in names_beneath(root, spelt) if unicodedata.normalize("NFC", name) == wanted)
        name = next(same, None)
        if name is None:
            return None
        spelt = f"{spelt}/{name}"
    return spelt if is_file_beneath(root, spelt) else None


def _beside(path: str, target: str) -> str | None:
    """A path in content/ as another file writes it; None where it is in no such place."""
    normal = normalise(f"content{target}" if target.startswith("/") else f"{PurePosixPath(path).parent}/{target}")
    return normal if normal and normal.startswith("content/") else None


def normalise(path: str) -> str | None:
    """`a/b/../c` -> `a/c`; None where the path climbs out of the site."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


class SiteFiles:
    """Finds the files in content/ that texts and settings name, and suggests what was meant when one is missing.

    content/ is listed at most once, and only MOST_SUGGESTED suggestions are made: a suggestion for each of ten thousand
    moved pictures would take long and help nobody.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.budget = Budget(MOST_SUGGESTED)

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        """The folders in which a file of each name lies."""
        found: dict[str, list[str]] = {}
        for path in walk(self.root, "content")[0]:
            folder, _, name = path.rpartition("/")
            found.setdefault(unicodedata.normalize("NFC", name), []).append(folder)
        return found

    def locate(self, path: str, target: str) -> str | None:
        """A file that another one names, as `locate` finds it."""
        return locate(self.root, path, target)

    def missing(self, path: str, target: str, typed: str = "") -> tuple[str, str]:
        """What is wrong with a picture that cannot be located, and how to mend it; `typed` is how it was written."""
        typed = typed or target
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target):
            hint = "save it beside this file or in content/images/; pages load nothing from other hosts"
            return f'the picture "{typed[:80]}" is not a file of this site', hint
        normal = _beside(path, target)
        if normal and lies_behind_link(self.root, normal):
            return (
                f'the picture "{typed}" lies behind a symbolic link; sitegen follows none',
                "put the picture itself there",
            )
        return f'the picture "{typed}" is not there', self.elsewhere(path, target) or _PUT_IT_THERE

    def elsewhere(self, path: str, target: str) -> str:
        """Where a file of the same name lies, or one of a similar name; empty where there is none."""
        if not self.budget.spend():
            return ""
        folder, name = str(PurePosixPath(path).parent), PurePosixPath(target).name
        there = self._folders.get(unicodedata.normalize("NFC", name), [])
        if there:
            # Of several the nearest one, as the folders stand in one another.
            best = max(there, key=lambda one: (one == "content/images", _common(one, folder), one))
            return f"write {_from(best, folder, name)}"
        near_by = {name: folder for folder in ("content/images", folder) for name in _names(self.root, folder)}
        near = nearest(name, near_by)
        return f'did you mean "{_from(near_by[near], folder, near)}"?' if near else ""


MOST_SUGGESTED = 500
"""Suggestions in one build."""
_PUT_IT_THERE = "put the picture beside this file, or into content/images/ and write /images/NAME"


def _common(one: str, other: str) -> int:
    return len(posixpath.commonpath((one, other)))


def _from(there: str, here: str, name: str) -> str:
    """A file's path as a text in the folder `here` writes it."""
    if there == "content/images" or here in (".", "content"):
        # Settings and data files name files from content/ on.
        return f"/{there}/{name}".replace("/content/", "/", 1)
    return name if there == here else posixpath.relpath(f"{there}/{name}", here)


def _names(root: Path, folder: str) -> list[str]:
    return [name for name in names_beneath(root, folder) if not name.endswith(".md")]
