"""TOML texts: what they say, where their keys and values stand, and what is wrong with them in plain words.

tomllib reads the values, but keeps no places. The walk that finds them works on a text that tomllib has accepted,
and so need not judge it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sitegen.problems import Problem, excerpt_of, problem_at

Path = tuple[str | int, ...]


class Spot(Struct, frozen=True):
    """Character offsets of a key and of its value."""

    key: int
    value: int


_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""+|' r"'''[\s\S]*?'''+|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_EXPLAINED = (
    # what tomllib says, what the reader is told, how to mend it
    ("Cannot overwrite a value", "this setting stands here twice", "remove one of the two"),
    ("Cannot declare", "this [table] stands here twice", "put its settings together under one of the two"),
    ("Illegal character '\\n'", "a quotation mark is opened and not closed in this line", 'close it with "'),
    ("Unterminated string", "a quotation mark is opened and never closed", 'close it with "'),
    ("Unclosed array", "a list is opened and never closed", "close it with ]"),
    ("Expected '=' after a key", "this line is no setting", "write name = value, each on a line of its own"),
    ("Invalid value", "this value cannot be read", 'put texts in "quotes"; numbers, true and false stand without'),
    ("Expected newline", "something stands behind the value", 'remove it, or put the whole value in "quotes"'),
    ("Expected ']", "a [table] is opened and not closed in this line", "close it as it was opened, with ] or ]]"),
    ("Escaped character is not", "an unknown \\ sign in a text in double quotes", "put the text in 'single quotes'"),
    ("Invalid hex value", "an unknown \\ sign in a text in double quotes", "put the text in 'single quotes'"),
    ("Invalid date", "there is no such day or hour", 'write 2026-10-16, or put the text in "quotes"'),
    ("Invalid initial character for a key", "a setting's name is missing", "write name = value"),
    ("Unclosed inline table", "a group is opened and never closed", "close it with }"),
    ("Duplicate inline table key", "a setting stands here twice", "remove one of the two"),
    ("namespace", "this setting stands here twice", "put its settings together in one place"),
    ("Found invalid character", "a sign that cannot stand here", 'put texts in "quotes"'),
    ("Illegal character", "a sign that cannot stand here", "delete it and type the text around it anew"),
    ("Invalid statement", "this line is no setting", "write name = value, each on a line of its own"),
    ("Unescaped '\\'", "a \\ stands in a text in double quotes", "put the text in 'single quotes' instead"),
)


_PART = r"(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+"
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:\.[ \t]*+{_PART}){{20}}")
"""A dotted name whose reading would take time and memory by the square of its length."""


def read_toml(text: str, file: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The values of a TOML text, or the problem that it is none. Never raises."""
    deep = _DEEP.search(text)
    if deep:
        return None, [problem_at(file, text, deep.start(), "a name of more than 20 parts", "remove it")]
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        return None, [_broken(text, file, str(error))]
    except (ValueError, RecursionError) as error:
        hint = "look for a number or a date that cannot be, and for brackets without end"
        return None, [Problem(file, 1, 1, f"this is not valid TOML: {error}", hint)]


def _broken(text: str, file: str, said: str) -> Problem:
    found = _AT_LINE.search(said)
    unexplained = (
        f"this is not valid TOML: {_AT_LINE.sub('', said)}",
        'each setting is name = value on a line of its own; texts stand in "quotes"',
    )
    message, hint = next((words for needle, *words in _EXPLAINED if needle in said), unexplained)
    if found is None or found[1] is None:
        return problem_at(file, text, len(text.rstrip()), message, hint)
    lines = text.split("\n")
    line, column = min(int(found[1]), len(lines)), int(found[2])
    if "overwrite" in said or "declare" in said:
        # tomllib blames the end; the reader looks for the name.
        column = len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1
    if "Invalid value" in said:
        hint = _readable(lines[line - 1], column) or hint
    excerpt, cut = excerpt_of(lines[line - 1], column)
    return Problem(file, line, column, message, hint, excerpt, cut=cut)


_UNQUOTED = re.compile(r"[ \t]*(?P<name>[A-Za-z0-9_-]+)[ \t]*=[ \t]*(?P<value>[^\"'\\\[{#]*[^\"'\\\[{#\s])[ \t]*")
_CURVED = "“”„‟‘’‚‛«»"


def _readable(line: str, column: int) -> str:
    """How to write the value at a column, where it is a word or two without proper quotes; may be empty."""
    found = _UNQUOTED.fullmatch(line)
    if found is None or found.start("value") != column - 1:
        return ""
    name, value = found["name"], found["value"]
    if value.lower() in ("true", "false", "yes", "no", "on", "off"):
        return f"write {name} = {'true' if value.lower() in ('true', 'yes', 'on') else 'false'}"
    return f'write {name} = "{value.strip(_CURVED)}"'


def places(text: str) -> dict[Path, Spot]:
    """Every key, list entry and table of a valid TOML text, by its path."""
    walk = _Walk(text)
    try:
        return walk.walk()
    except RecursionError:
        # What is nested so deep has no place of its own.
        return walk.found


def spot(spots: dict[Path, Spot], path: Path) -> Spot:
    """Where a path stands; where it has no place of its own, the nearest one around it, or the text's start."""
    while path and path not in spots:
        path = path[:-1]
    return spots.get(path, Spot(0, 0))


class _Walk:
    """One pass over the text; `spot` is the current offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spot = 0
        self.found: dict[Path, Spot] = {}
        self.counts: dict[Path, int] = {}

    def walk(self) -> dict[Path, Spot]:
        table: Path = ()
        self._skip(_BLANK)
        while self.spot < len(self.text):
            before = self.spot
            if self.text[before] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
            if self.spot == before:
                break
        return self.found

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.spot)
        if found is None:
            return ""
        self.spot = found.end()
        return found[0]

    def _take(self, sign: str) -> bool:
        taken = self.text.startswith(sign, self.spot)
        self.spot += len(sign) if taken else 0
        return taken

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            quoted = self._skip(_STRING)
            parts.append(quoted[1:-1] if quoted else self._skip(_BARE))
            self._skip(_SPACE)
            if not self._take("."):
                return tuple(parts)

    def _header(self) -> Path:
        start = self.spot
        many = self._take("[[") or not self._take("[")
        path = self._resolved(self._key(), many)
        self._take("]]" if many else "]")
        self.found.setdefault(path, Spot(start, start))
        return path

    def _resolved(self, keys: tuple[str, ...], many: bool) -> Path:
        """The path of a header; names of lists of tables stand for their newest entry."""
        path: Path = ()
        for index, key in enumerate(keys):
            path = (*path, key)
            if many and index == len(keys) - 1:
                self.found.setdefault(path, Spot(self.spot, self.spot))
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def _pair(self, table: Path) -> None:
        start = self.spot
        keys = self._key()
        path = (*table, *keys)
        self._take("=")
        self._skip(_SPACE)
        for length in range(1, len(keys)):
            # `a.b = 1` makes the table `a` without a line of its own.
            self.found.setdefault((*table, *keys[:length]), Spot(start, start))
        self.found.setdefault(path, Spot(start, self.spot))
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._skip(_STRING):
            return
        if self._take("["):
            for index in self._until("]"):
                self.found.setdefault((*path, index), Spot(self.spot, self.spot))
                self._value((*path, index))
        elif self._take("{"):
            for _ in self._until("}"):
                self._pair(path)
        else:
            self._skip(_SCALAR)

    def _until(self, closing: str) -> Iterator[int]:
        """Counts the entries up to a closing bracket; the caller walks over each one."""
        index = 0
        while self.spot < len(self.text):
            self._skip(_BLANK)
            if self._take(closing):
                return
            before = self.spot
            yield index
            self._skip(_BLANK)
            self._take(",")
            if self.spot == before:
                return
            index += 1
