"""Files that a text names: where they are, and what was probably meant when they are not there."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from sitegen.beneath import is_file_beneath, lies_behind_link, names_beneath
from sitegen.problems import Budget, nearest


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


def missing(root: Path, path: str, target: str, budget: Budget | None = None) -> tuple[str, str]:
    """What is wrong with a picture that cannot be located, and how to mend it.

    The nearest name is looked for as long as there is `budget`.
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target):
        hint = "save it beside this file or in content/images/; pages load nothing from other hosts"
        return f'the picture "{target[:80]}" is not a file of this site', hint
    normal = _beside(path, target)
    if normal and lies_behind_link(root, normal):
        return (
            f'the picture "{target}" lies behind a symbolic link; sitegen follows none',
            "put the picture itself there",
        )
    hint = _missing_hint(root, path, target) if budget is None or budget.spend() else _PUT_IT_THERE
    return f'the picture "{target}" is not there', hint


_PUT_IT_THERE = "put the picture beside this file, or into content/images/ and write /images/NAME"


def _missing_hint(root: Path, path: str, target: str) -> str:
    """Where the picture is, or the nearest one that is there."""
    folder = PurePosixPath(path).parent
    wanted = PurePosixPath(target).name
    written = {name: f"/images/{name}" for name in _names(root, "content/images")}
    written |= {name: name for name in _names(root, str(folder))}
    if wanted in written:
        return f"write {written[wanted]}"
    near = nearest(wanted, written)
    if near:
        return f'did you mean "{written[near]}"?'
    return _PUT_IT_THERE


def _names(root: Path, folder: str) -> list[str]:
    return [name for name in names_beneath(root, folder) if not name.endswith(".md")]
