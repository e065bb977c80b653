"""Which files there are: a walk of a folder in a fixed order, with symbolic links kept inside the site."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
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
            here, there = os.path.realpath(root / folder), os.path.realpath(entry.path)
            if there in above or there == here or here.startswith(there + os.sep):
                message = "this symbolic link leads back to a folder above it"
                problems.append(Problem(path, 0, 0, message, "remove the link"))
                continue
            yield from _walk(root, path, real_root, problems, (*above, here))
        elif entry.is_file():
            yield path


def _link_is_fine(entry: os.DirEntry[str], path: str, real_root: str, problems: list[Problem]) -> bool:
    target = os.path.realpath(entry.path)
    if not os.path.exists(target):  # noqa: PTH110
        problems.append(Problem(path, 0, 0, "this symbolic link leads nowhere", "remove or mend the link"))
        return False
    if target != real_root and not target.startswith(real_root + os.sep):
        message = "this symbolic link leaves the site's folder"
        problems.append(Problem(path, 0, 0, message, "copy it into the site instead"))
        return False
    return True


def is_named_in_utf8(path: str) -> bool:
    """Whether a path is text: a name in another encoding is not the same on every system, and stands in no address."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def misnamed(path: str) -> Problem:
    """The problem that a path is no text."""
    return Problem(path, 0, 0, "the name is not UTF-8 text", "rename the file, or its folder, with plain letters")


def twins(paths: Sequence[str]) -> list[Problem]:
    """Files and folders whose names differ only in capital letters, or in how an accent is encoded."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path in paths:
        _note_twin(path, seen, problems)
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        while folder:
            _note_twin(folder, seen, problems)
            folder = folder.rpartition("/")[0]
    return problems


def _note_twin(path: str, seen: dict[str, str], problems: list[Problem]) -> None:
    # The folder's own twin is told of once, not for each file in it.
    parent, _, name = path.rpartition("/")
    folded = f"{parent}/{unicodedata.normalize('NFC', name).casefold()}"
    first = seen.setdefault(folded, path)
    if first != path:
        message = f'"{first.rpartition("/")[2]}" stands beside it: the names differ only in capital letters'
        if unicodedata.normalize("NFC", first) == unicodedata.normalize("NFC", path):
            message = f'"{first.rpartition("/")[2]}" stands beside it: the names differ only in how they are encoded'
        problem = Problem(path, 0, 0, message, "rename one: Windows and macOS take both for the same")
        if problem not in problems:
            problems.append(problem)


def is_inside(root: Path, path: str) -> bool:
    """Whether a path relative to `root` stays inside it, symbolic links followed."""
    real_root = os.path.realpath(root)
    real = os.path.realpath(root / path)
    return real == real_root or real.startswith(real_root + os.sep)
