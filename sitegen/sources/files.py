"""Which files there are: a walk of a folder in a fixed order, over no symbolic link."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from sitegen.beneath import LINKED, may_lead_out
from sitegen.problems import Problem
from sitegen.text import not_plain

MOST_DEEP = 40
"""Folders in folders: whoever has more was not meant to be read."""
_IGNORED_ENDINGS = ("~", ".swp", ".swx", ".tmp", ".orig", ".bak")


def is_ignored(name: str) -> bool:
    """Hidden files, and what editors leave behind while they save."""
    return name.startswith("_") or is_left_by_editor(name)


def is_left_by_editor(name: str) -> bool:
    """Hidden files and the copies that editors make while a text is open."""
    return name.startswith((".", "#")) or name.endswith(_IGNORED_ENDINGS)


def walk(root: Path, folder: str, ignores: Callable[[str], bool] = is_ignored) -> tuple[list[str], list[Problem]]:
    """Every file below `root/folder` as sorted paths relative to `root`, with `/` between their parts.

    No link is followed, and what is neither a folder nor a regular file is a problem; but for names that it `ignores`.
    """
    found, problems = list[str](), list[Problem]()
    top = root / folder
    if top.is_symlink() and not may_lead_out(root, folder):
        return [], [_leads_out(folder)]
    folders = [folder]
    while folders:
        _list(root, folders.pop(), found, folders, problems, ignores)
    return sorted(found), problems


def _list(
    root: Path,
    folder: str,
    found: list[str],
    folders: list[str],
    problems: list[Problem],
    ignores: Callable[[str], bool],
) -> None:
    if folder.count("/") >= MOST_DEEP:
        problems.append(Problem(folder, 0, 0, f"folders are nested more than {MOST_DEEP} deep here", "move them up"))
        return
    try:
        with os.scandir(root / folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if ignores(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found.append(path)
                else:
                    problems.append(not_plain(path, entry.is_symlink()))
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(Problem(folder, 0, 0, f"cannot be read: {(error.strerror or str(error)).lower()}"))


def _leads_out(folder: str) -> Problem:
    hint = f"put the folder itself here, or name the one that it leads to in the environment, as {LINKED}"
    return Problem(folder, 0, 0, "this is a symbolic link; sitegen follows none", hint)


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
