"""Where a field stands: asked only when a problem is found after the file was read."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import yaml

from sitegen.problems import Problem
from sitegen.sources.articles import split_front_matter
from sitegen.sources.reader import key_of
from sitegen.sources.yamldoc import Origin, compose
from sitegen.text import MAX_DATA_BYTES, read_text


class DataFile:
    """A data file, read once, at its first problem. Its entries are the file's list, or its list `jobs`."""

    def __init__(self, root: Path, path: str) -> None:
        self._root, self._path = root, path

    @cached_property
    def _read(self) -> tuple[Origin, yaml.Node | None] | None:
        text, _ = read_text(self._root, self._path, MAX_DATA_BYTES)
        if text is None:
            return None
        origin = Origin(self._path, text)
        return origin, compose(text, origin)[0]

    def problem(self, index: int | None, field: str, message: str, hint: str = "") -> Problem:
        """A problem at a field of an entry (from 0), or of the file's own fields where `index` is None."""
        if self._read is None:
            return Problem(self._path, 0, 0, message, hint)
        origin, node = self._read
        entry = key_of(node, "jobs") if isinstance(node, yaml.MappingNode) and index is not None else node
        if index is not None and isinstance(entry, yaml.SequenceNode) and index < len(entry.value):
            entry = entry.value[index]
        mark = key_of(entry, field).start_mark if entry is not None else None
        return origin.problem(mark.index if mark else 0, message, hint)


class FrontMatterOf:
    """The front matter of a Markdown file, read once, at its first problem."""

    def __init__(self, root: Path, path: str) -> None:
        self._root, self._path = root, path

    @cached_property
    def _read(self) -> tuple[Origin, yaml.Node | None] | None:
        text, _ = read_text(self._root, self._path, MAX_DATA_BYTES)
        front = split_front_matter(text, self._path) if text is not None else None
        if text is None or front is None or isinstance(front, Problem):
            return None
        origin = Origin(self._path, text, front.start)
        return origin, compose(front.source, origin)[0]

    def problem(self, field: tuple[str, ...], message: str, hint: str = "", value: str = "") -> Problem:
        """A problem at a field; at the entry `value` where the field is a list."""
        if self._read is None:
            return Problem(self._path, 1, 1, message, hint)
        origin, node = self._read
        if node is None:
            return origin.problem(0, message, hint)
        found = key_of(node, *field)
        if isinstance(found, yaml.SequenceNode):
            found = next((item for item in found.value if item.value == value), found)
        mark = found.start_mark
        return origin.problem(mark.index if mark else 0, message, hint)


def problem_in(root: Path, path: str, field: tuple[str, ...], message: str, hint: str = "", value: str = "") -> Problem:
    """One problem at a field of a file's front matter; at the entry `value` where the field is a list."""
    return FrontMatterOf(root, path).problem(field, message, hint, value)
