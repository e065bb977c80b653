"""YAML -> nodes that know their place, read strictly.

PyYAML's C loader composes the nodes; the schema (fields.py) decides the types, so that `no`, `12:30` and
`2017-10-16` are what the writer typed. Anchors and aliases are refused (a small file could expand without
end), as are doubled keys and deep nesting.
"""

from __future__ import annotations

from typing import Any

import yaml
from msgspec import Struct

from sitegen.problems import Problem, problem_at

MAX_DEPTH = 50
_DEEP_CHECK_FROM = 4096
"""libyaml's composer recurses on the C stack; below this many characters it cannot overflow it."""


class Origin(Struct, frozen=True):
    """Where a YAML text stands: `start` is its character offset in the whole file's `text`."""

    file: str
    text: str
    start: int = 0

    def problem(self, offset: int, message: str, hint: str = "") -> Problem:
        """A problem at a character offset that counts from the YAML text's own start."""
        return problem_at(self.file, self.text, self.start + offset, message, hint)


def compose(source: str, origin: Origin) -> tuple[yaml.Node | None, list[Problem]]:
    """The root node of one YAML document (None where it is empty), or what is wrong with it."""
    try:
        if "&" in source or "*" in source or len(source) > _DEEP_CHECK_FROM:
            problems = _refuse(source, origin)
            if problems:
                return None, problems
        node = yaml.CSafeLoader(source).get_single_node()
    except yaml.MarkedYAMLError as error:
        return None, [_broken(source, origin, error)]
    except yaml.reader.ReaderError as error:
        return None, [_control_character(source, origin, error)]
    return node, _doubled_keys(node, origin) if node is not None else []


def _refuse(source: str, origin: Origin) -> list[Problem]:
    """Anchors, aliases and deep nesting, found among the events, before anything recurses."""
    problems: list[Problem] = []
    depth = 0
    for event in yaml.parse(source, Loader=yaml.CSafeLoader):
        mark: Any = event.start_mark
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            message = f"lists or mappings nested more than {MAX_DEPTH} deep"
            return [origin.problem(mark.index, message)]
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f'"{sign}{event.anchor}" is read as a YAML {"alias" if sign == "*" else "anchor"}'
            hint = f'anchors and aliases are not used here; put a text that starts with "{sign}" in quotes'
            problems.append(origin.problem(mark.index, message, hint))
    return problems


def _doubled_keys(node: yaml.Node, origin: Origin) -> list[Problem]:
    problems: list[Problem] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, yaml.SequenceNode):
            stack.extend(current.value)
        elif isinstance(current, yaml.MappingNode):
            seen: dict[str, int] = {}
            for key, value in current.value:
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
                if name in seen and name:
                    first = origin.problem(seen[name], "").line
                    message = f'"{name}" stands here twice (first in line {first})'
                    problems.append(origin.problem(key.start_mark.index, message, "remove one of the two"))
                seen.setdefault(name, key.start_mark.index)
                stack.append(value)
    return problems


_EXPLAINED = (
    # what libyaml says, what the writer reads, how to mend it
    (
        "mapping values are not allowed",
        'a second ": " in one line, or a line that is indented too far',
        "put the whole value in quotes, or line it up with the fields above",
    ),
    ("found unexpected end of stream", "a quotation mark is opened here and never closed", "close the quote"),
    (
        "found character that cannot start any token",
        "a value must not start with this character",
        "put the value in quotes; use spaces, never tabs, to indent",
    ),
    ("found a tab character", "a tab where spaces are expected", "indent with spaces, not with tabs"),
    ("expected ',' or ']'", "a list in brackets is not closed", "close it with ]"),
    ("expected ',' or '}'", "a group in braces is not closed", "close it with }"),
    (
        "did not find expected key",
        "this cannot be read as a field",
        'quotes and brackets must enclose the whole value; each field is "name: value" on a line of its own',
    ),
    ("expected '-' indicator", "this line does not belong to the list above it", 'start it with "- "'),
    (
        "could not find expected ':'",
        "this line is no field",
        'write "name: value", or indent a continued text by two spaces',
    ),
    ("unknown escape character", "an unknown \\ sign within double quotes", "use 'single quotes' instead"),
    ("but found another document", 'a second document starts at this "---"', "keep one document a file"),
    ("undefined alias", "a value must not start with *", "put the value in quotes"),
)


def _broken(source: str, origin: Origin, error: yaml.MarkedYAMLError) -> Problem:
    said = " ".join(part for part in (error.context, error.problem) if part)
    unexplained = (f"this is not valid YAML: {error.problem or error.context}", "")
    message, hint = next((words for needle, *words in _EXPLAINED if needle in said), unexplained)
    mark: Any = error.problem_mark or error.context_mark
    offset = mark.index if mark else 0
    opened = error.context_mark
    if "end of stream" in said and opened is not None:
        offset = opened.index
    # A mark at a line's end or past the text belongs to the last character that was written.
    offset = min(offset, len(source.rstrip()))
    return origin.problem(offset, message, hint)


def _control_character(source: str, origin: Origin, error: yaml.reader.ReaderError) -> Problem:
    code = error.character if isinstance(error.character, int) else ord(str(error.character)[:1] or "\0")
    offset = source.find(chr(code))
    message = f"an invisible control character (U+{code:04X}) stands here"
    return origin.problem(max(0, offset), message, "delete it and type the text around it anew")
