"""Reads the fields of a YAML mapping by an ordered table, and collects everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import yaml
from msgspec import Struct

from sitegen.problems import Problem, as_warning, nearest, note
from sitegen.sources.locale import Locale
from sitegen.sources.othernames import is_idle, ours
from sitegen.sources.yamldoc import Origin, quoted
from sitegen.typography import Typography

_LONGEST_WRITTEN = 60
"""Characters of a value that a hint repeats."""


class Reader:
    """Collects the problems of one file while its fields are read.

    `meant` are the known fields that were probably meant by unknown names: these are not missing.
    """

    def __init__(self, origin: Origin, locale: Locale) -> None:
        self.origin = origin
        self.locale = locale
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.meant: set[str] = set()

    def wrong(self, node: yaml.Node, message: str, hint: str = "") -> None:
        """Note a problem at a node's own place."""
        note(self.problems, self.origin.problem(node.start_mark.index, message, hint))

    def warn(self, node: yaml.Node, message: str, hint: str = "") -> None:
        """Note a warning at a node's own place."""
        note(self.warnings, as_warning(self.origin.problem(node.start_mark.index, message, hint)))

    def runs_into_list(self, node: yaml.ScalarNode) -> bool:
        """Whether a plain text goes on with a line that looks like an entry of a list."""
        if node.style or node.end_mark.line == node.start_mark.line:
            return False
        start = self.origin.start
        typed = self.origin.text[start + node.start_mark.index : start + node.end_mark.index]
        return bool(re.search(r"\n[ \t]*- ", typed))

    def take(self, found: Sequence[Problem]) -> None:
        """Adds problems and warnings that were found elsewhere in the same file."""
        for problem in found:
            note(self.warnings if problem.warning else self.problems, problem)

    @property
    def found(self) -> list[Problem]:
        """Problems and warnings."""
        return [*self.problems, *self.warnings]


Read = Callable[[yaml.Node, str, Reader], Any]
"""Reads one value: (node, the field's name, reader) -> value, or None after noting a problem."""


class Kind(Struct, frozen=True):
    """A kind of values: what reads one, what it is called, its JSON Schema, and the fields inside where it has some.

    What `is_prose` is a text, or a list of texts, that readers see.
    """

    read: Read
    shape: str
    schema: dict[str, Any]
    fields: tuple[Field, ...] = ()
    is_prose: bool = False


class Field(Struct, frozen=True):
    """One field that a writer may set. `example` is YAML as it would stand after `name: `."""

    name: str
    kind: Kind
    example: str
    explained: str
    required: bool = False


def is_empty(node: yaml.Node) -> bool:
    """`field:` with nothing after it, `field: ""`, `field: ~` or an empty list."""
    if isinstance(node, yaml.ScalarNode):
        plain_null = not node.style and node.value.lower() in ("", "~", "null")
        return plain_null or not node.value.strip()
    return not node.value


def read_fields(node: yaml.Node, fields: Sequence[Field], reader: Reader) -> dict[str, Any]:
    """A mapping node -> the values of its known fields; everything wrong goes to the reader."""
    if not isinstance(node, yaml.MappingNode):
        if is_empty(node):
            reader.wrong(node, "this entry is empty", f"remove its dash, or begin with {fields[0].name}: ...")
            return {}
        reader.wrong(node, 'expected fields, each as "name: value"', f"for example {fields[0].name}: ...")
        return {}
    by_name = {field.name: field for field in fields}
    values: dict[str, Any] = {}
    meant: set[str] = set()
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else None
        field = by_name.get(name) if name else None
        if field is None:
            meant.add(_unknown(key, value, by_name, reader))
        elif is_empty(value):
            if field.required:
                reader.wrong(key, f'"{name}" is empty', f"write for example {name}: {field.example}")
                values.setdefault(field.name, None)
        else:
            values[field.name] = field.kind.read(value, field.name, reader)
            if field.kind.is_prose:
                _look_for_markup(value, field.name, reader)
    reader.meant |= meant
    _missing(node, fields, {*values, *meant}, reader)
    return {name: value for name, value in values.items() if value is not None}


_MARKUP = re.compile(
    r"\]\([^()\s]{1,200}\)|(?<!\*)\*\*(?![\s*])[^*\n]{1,200}\*\*|"
    r"</?(?:a|b|br|em|font|h[1-6]|i|p|span|strong|u)(?:\s[^<>]{0,200})?/?>"
)


def _look_for_markup(node: yaml.Node, name: str, reader: Reader) -> None:
    """Markdown and HTML in a field, which is plain text."""
    for item in node.value if isinstance(node, yaml.SequenceNode) else (node,):
        typed = str(item.value) if isinstance(item, yaml.ScalarNode) else ""
        found = _MARKUP.search(typed) if "](" in typed or "**" in typed or "<" in typed else None
        if found:
            message = f'"{found[0][:40]}" in "{name}" is shown as typed: fields hold plain text'
            reader.warn(item, message, "remove the marks, and leave the words")


def typeset(values: dict[str, Any], fields: Sequence[Field], typography: Typography) -> None:
    """Sets the quotation marks and apostrophes of all values that are prose, in place."""
    for field in fields:
        value = values.get(field.name)
        if isinstance(value, dict):
            typeset(value, field.kind.fields, typography)
        elif field.kind.is_prose and isinstance(value, str):
            values[field.name] = typography.set(value)
        elif field.kind.is_prose and value is not None:
            values[field.name] = tuple(dict.fromkeys(map(typography.set, value)))


def key_of(node: yaml.Node, *names: str) -> yaml.Node:
    """The value node of a (nested) field, or the nearest node around it: a place for a problem."""
    for name in names:
        if not isinstance(node, yaml.MappingNode):
            return node
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == name:
                node = value
                break
        else:
            return node
    return node


def refuse_before(values: dict[str, Any], earlier: str, later: str, node: yaml.Node, reader: Reader) -> None:
    """Two dates that must not stand in the wrong order; days count, since a date without a time is a whole day."""
    first, second = values.get(earlier), values.get(later)
    if first and second and second.day < first.day:
        reader.wrong(key_of(node, later), f'"{later}" is before "{earlier}"', "one of the two dates is wrong")


def _unknown(key: yaml.Node, value: yaml.Node, by_name: dict[str, Field], reader: Reader) -> str:
    """Notes an unknown field; the name of the known one that was probably meant."""
    if not isinstance(key, yaml.ScalarNode):
        reader.wrong(key, "a field's name must be a plain word", "put a value that starts with [ or { in quotes")
        return ""
    known = list(by_name)
    elsewhere = ours(key.value, known)
    meant = elsewhere or nearest(key.value, known)
    if elsewhere:
        message = f'"{key.value}" is called "{elsewhere}" here'
        reader.wrong(key, message, _renamed(value, by_name[elsewhere], reader))
    elif meant:
        reader.wrong(key, f'unknown field "{key.value}"; did you mean "{meant}"?')
    elif is_idle(key.value):
        reader.wrong(key, f'"{key.value}" means nothing here', "remove the line; the theme decides how a text is shown")
    else:
        reader.wrong(key, f'unknown field "{key.value}"', f"known fields: {', '.join(known)}")
    return meant


def _renamed(value: yaml.Node, field: Field, reader: Reader) -> str:
    """How to write a field that other systems call by another name."""
    typed = str(value.value) if isinstance(value, yaml.ScalarNode) else ""
    if field.kind.fields:
        return f"write for example {field.name}: {field.example}"
    if field.name == "slug":
        return "write slug: and the last part of the address; older addresses stand under aliases: [/old/address/]"
    if field.name == "section":
        return "write section: and the slug of one section; other subjects stand under tags: [one, two]"
    tried = Reader(reader.origin, reader.locale)
    field.kind.read(value, field.name, tried)
    if not typed or len(typed) > _LONGEST_WRITTEN or tried.problems:
        return f"write {field.name}: {field.example}"
    is_plain = re.fullmatch(r"[\w.,/:+-]+(?: [\w.,/+-]+)*", typed) and not typed.endswith(":")
    return f"write {field.name}: {typed if is_plain else quoted(typed)}"


def _missing(node: yaml.Node, fields: Sequence[Field], there: set[str], reader: Reader) -> None:
    for field in fields:
        if field.required and field.name not in there:
            reader.wrong(node, f'"{field.name}" is missing', f"add for example {field.name}: {field.example}")
