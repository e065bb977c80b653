"""Which files there are: a walk of a folder in a fixed order, with symbolic links kept inside the site."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sitegen.problems import Problem

_IGNORED_ENDINGS = ("~", ".swp", ".swx", ".tmp", ".orig", ".bak")


def is_ignored(name: str) -> bool:
    """Hidden files, and what editors leave behind while they save."""
    return name.startswith("_") or is_left_by_editor(name)


def is_left_by_editor(name: str) -> bool:
    """Hidden files and the copies that editors make while a text is open."""
    return name.startswith((".", "#")) or name.endswith(_IGNORED_ENDINGS)


def walk(root: Path, folder: str) -> tuple[list[str], list[Problem]]:
    """Every file below `root/folder` as sorted paths relative to `root`, with `/` between their parts."""
    problems: list[Problem] = []
    found = list(_walk(root, folder, os.path.realpath(root), problems, ()))
    return sorted(found), problems


def _walk(root: Path, folder: str, real_root: str, problems: list[Problem], above: tuple[str, ...]) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(Problem(folder, 0, 0, f"cannot be read: {(error.strerror or str(error)).lower()}"))
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if is_ignored(entry.name):
            continue
        if entry.is_symlink() and not _link_is_fine(entry, path, real_root, problems):
            continue
        if entry.is_dir():
            real = os.path.realpath(entry.path)
            if real in above:
                message = "this symbolic link leads back to a folder above it"
                problems.append(Problem(path, 0, 0, message, "remove the link"))
                continue
            yield from _walk(root, path, real_root, problems, (*above, os.path.realpath(root / folder)))
        elif entry.is_file():
            yield path


def _link_is_fine(entry: os.DirEntry[str], path: str, real_root: str, problems: list[Problem]) -> bool:
    target = os.path.realpath(entry.path)
    if not os.path.exists(target):  # noqa: PTH110
        problems.append(Problem(path, 0, 0, "this symbolic link leads nowhere", "remove or mend the link"))
        return False
    if target != real_root and not target.startswith(real_root + os.sep):
        message = "this symbolic link leaves the site's folder"
        problems.append(Problem(path, 0, 0, message, "copy the file into the site instead"))
        return False
    return True


def is_inside(root: Path, path: str) -> bool:
    """Whether a path relative to `root` stays inside it, symbolic links followed."""
    real_root = os.path.realpath(root)
    real = os.path.realpath(root / path)
    return real == real_root or real.startswith(real_root + os.sep)
