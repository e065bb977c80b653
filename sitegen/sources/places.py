"""Where a field stands: asked only when a problem is found after the front matter was read."""

from __future__ import annotations

from pathlib import Path

import yaml

from sitegen.problems import Problem
from sitegen.sources.articles import split_front_matter
from sitegen.sources.fields import key_of
from sitegen.sources.yamldoc import Origin, compose
from sitegen.text import MAX_DATA_BYTES, read_text


def problem_in_entry(root: Path, path: str, index: int | None, field: str, message: str, hint: str = "") -> Problem:
    """A problem at a field of an entry (from 0) of a data file, or of the file's own fields where `index` is None.

    The entries are the file's list, or its list `jobs`.
    """
    text, _ = read_text(root, path, MAX_DATA_BYTES)
    if text is None:
        return Problem(path, 0, 0, message, hint)
    origin = Origin(path, text)
    node, _ = compose(text, origin)
    entry = key_of(node, "jobs") if isinstance(node, yaml.MappingNode) and index is not None else node
    if index is not None and isinstance(entry, yaml.SequenceNode) and index < len(entry.value):
        entry = entry.value[index]
    mark = key_of(entry, field).start_mark if entry is not None else None
    return origin.problem(mark.index if mark else 0, message, hint)


def problem_in(root: Path, path: str, field: tuple[str, ...], message: str, hint: str = "", value: str = "") -> Problem:
    """A problem at a field of a file's front matter; at the entry `value` where the field is a list."""
    text, _ = read_text(root, path, MAX_DATA_BYTES)
    front = split_front_matter(text, path) if text is not None else None
    if text is None or front is None or isinstance(front, Problem):
        return Problem(path, 1, 1, message, hint)
    origin = Origin(path, text, front.start)
    node, _ = compose(front.source, origin)
    if node is None:
        return origin.problem(0, message, hint)
    found = key_of(node, *field)
    if isinstance(found, yaml.SequenceNode):
        found = next((item for item in found.value if item.value == value), found)
    mark = found.start_mark
    return origin.problem(mark.index if mark else 0, message, hint)
