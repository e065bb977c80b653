"""Where a field stands: asked only when a problem is found after the file was read."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import yaml

from sitegen.problems import Problem, problem_at
from sitegen.sources.articles import split_front_matter
from sitegen.sources.reader import key_of
from sitegen.sources.yamldoc import Origin, compose
from sitegen.text import CONFIG, MAX_CONFIG_BYTES, MAX_DATA_BYTES, read_text
from sitegen.tomldoc import places, spot
from sitegen.typography import straight


class _Composed:
    """A file that is read and composed once, at its first problem."""

    def __init__(self, root: Path, path: str) -> None:
        self._root, self._path = root, path

    @cached_property
    def _read(self) -> tuple[Origin, yaml.Node | None] | None:
        text, _ = read_text(self._root, self._path, MAX_DATA_BYTES)
        part = self._yaml(text) if text is not None else None
        if text is None or part is None:
            return None
        source, start = part
        origin = Origin(self._path, text, start)
        return origin, compose(source, origin)[0]

    def _yaml(self, text: str) -> tuple[str, int] | None:
        """The part of the file that is YAML, and where it begins."""
        return text, 0


class DataFile(_Composed):
    """A data file. Its entries are the file's list, or its list `jobs`."""

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


class FrontMatterOf(_Composed):
    """The front matter of a Markdown file."""

    def _yaml(self, text: str) -> tuple[str, int] | None:
        front = split_front_matter(text, self._path)
        return None if isinstance(front, Problem) else (front.source, front.start)

    def problem(self, field: tuple[str, ...], message: str, hint: str = "", value: str = "") -> Problem:
        """A problem at a field; at the entry `value` where the field is a list."""
        if self._read is None:
            return Problem(self._path, 1, 1, message, hint)
        origin, node = self._read
        if node is None:
            return origin.problem(0, message, hint)
        found = key_of(node, *field)
        if isinstance(found, yaml.SequenceNode):
            found = next((item for item in found.value if straight(str(item.value)) == straight(value)), found)
        mark = found.start_mark
        return origin.problem(mark.index if mark else 0, message, hint)


def place_in_settings(root: Path, path: tuple[str | int, ...]) -> Problem:
    """Where the value of a setting stands in sitegen.toml, for a problem that is found after it was read."""
    text, _ = read_text(root, CONFIG, MAX_CONFIG_BYTES)
    if text is None:
        return Problem(CONFIG, 0, 0, "")
    return problem_at(CONFIG, text, spot(places(text), path).value, "")


def problem_in(root: Path, path: str, field: tuple[str, ...], message: str, hint: str = "", value: str = "") -> Problem:
    """One problem at a field of a file's front matter; at the entry `value` where the field is a list."""
    return FrontMatterOf(root, path).problem(field, message, hint, value)
