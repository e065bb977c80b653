"""What YAML reads as a comment although the writer meant it as text: `title: Ten coats at show #3`.

A "#" behind a plain value and its space begins a comment in YAML (1.2.2, section 6.6), and what follows it would vanish
without a word. Here it begins one only where a space follows it, as people write their comments. Each "#" that belongs
to a text is exchanged for a stand-in of the same length before the text is composed, and put back in the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct

STAND_IN = "\ufdd5"
"""A noncharacter: no text that sitegen accepts holds it, and libyaml takes it for a letter."""
_SUSPECT = re.compile(r"[ \t,:\[{}\]\"']#")
_MOST_PASSES = 8
"""One pass finds every "#" of a value and of a list in one line; more are needed where lists stand in one another."""

_TEXT = r"#(?=[^ \t\n]|[ \t]*(?:\n|\Z))"
"""A "#" that begins no comment: no space follows it, or nothing at all."""
_BEHIND_PLAIN = re.compile(rf"[ \t]+{_TEXT}|[ \t]*\n(?:[ \t]*\n)*(?P<indent>[ ]+){_TEXT}")
_BEHIND_CLOSED = re.compile(r"[ \t]*#(?=[^ \t\n])")
_ENTRY = re.compile(r"[ \t]*[,:]?[ \t]*#(?=[^ \t\n])")
"""An entry of a list or a group in brackets that begins with a "#"."""
_VALUE = re.compile(r"[ \t]+#")
_IN_TEXT = re.compile(rf"(?<=[ \t]){_TEXT}")
_LINE = re.compile(r"\n(?:[ \t]*\n)*(?P<indent>[ ]+)[^\n]*")
_ENTRIES = re.compile(r"""[^,\]}"'\n]*(?:,(?![ \t]*["'\[{]))?""")


class Hash(Struct, frozen=True):
    """A "#" at a character offset.

    `part` says what it is: "inside" a text, one "more" of the same text, or its "first" sign; a "comment" without a
    space behind its sign; or a comment beside a field that is "empty".
    """

    offset: int
    part: str


def with_stand_ins(source: str) -> tuple[str, list[Hash]]:
    """The source with a stand-in for each "#" that belongs to a text, and those that the writer is told of."""
    if not _SUSPECT.search(source):
        return source, []
    told: dict[int, Hash] = {}
    for _ in range(_MOST_PASSES):
        every, is_whole = _found(source)
        found = [one for one in every if one.offset not in told]
        texts = [one for one in found if one.part not in ("comment", "empty")]
        told |= {one.offset: one for one in found}
        if not texts:
            break
        signs = list(source)
        for one in texts:
            signs[one.offset] = STAND_IN
        source = "".join(signs)
        if is_whole:
            break
    return source, sorted((one for one in told.values() if one.part != "more"), key=lambda one: one.offset)


def put_back(node: yaml.Node | None) -> None:
    """Exchanges the stand-ins in all values below a node for the signs that they stand for."""
    stack: list[Any] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, yaml.ScalarNode):
            current.value = current.value.replace(STAND_IN, "#")
        elif isinstance(current, yaml.SequenceNode):
            stack.extend(current.value)
        elif isinstance(current, yaml.MappingNode):
            stack.extend(part for pair in current.value for part in pair)


def _found(source: str) -> tuple[list[Hash], bool]:
    """Those that one pass over the events finds, and whether it came to the end of the source.

    A "#" that swallows a closing bracket ends it early.
    """
    found: list[Hash] = []
    around: list[int | None] = []
    try:
        for event in yaml.parse(source, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                start: Any = event.start_mark
                around.append(None if event.flow_style else start.column)
                if event.flow_style and source[start.index : start.index + 1] in ("[", "{"):
                    found += _entry(source, start.index + 1, is_first=True)
            elif isinstance(event, yaml.CollectionEndEvent):
                around.pop()
                found += _behind_closed(source, event, around)
            elif isinstance(event, yaml.ScalarEvent):
                found += _scalar(source, event, around)
    except yaml.YAMLError:
        # compose() says what is wrong.
        return found, False
    return found, True


def _scalar(source: str, event: Any, around: list[int | None]) -> Iterator[Hash]:
    start, stop = event.start_mark.index, event.end_mark.index
    if event.style in ("|", ">"):
        return
    if event.style:
        yield from _behind_closed(source, event, around)
        return
    if start == stop:
        found = _VALUE.match(source, stop)
        if found and around[-1:] != [None]:
            has_space = source[found.end() : found.end() + 1] in (" ", "\t", "\n", "")
            yield Hash(found.end() - 1, "empty" if has_space else "first")
            if not has_space:
                yield from _to_the_end(source, found.end(), around[-1] if around else -1)
        return
    column = around[-1] if around else -1
    found = _BEHIND_PLAIN.match(source, stop)
    if found and (found["indent"] is None or (column is not None and len(found["indent"]) > column)):
        yield Hash(found.end() - 1, "inside")
        yield from _to_the_end(source, found.end(), column)
    elif column is None:
        yield from _entry(source, stop)


def _to_the_end(source: str, start: int, column: int | None) -> Iterator[Hash]:
    """Every further one in the rest of a plain value, which goes on in lines that are indented more than `column`."""
    if column is None:
        yield from _in_entries(source, start)
        return
    stop = source.find("\n", start)
    while stop >= 0:
        line = _LINE.match(source, stop)
        if line is None or len(line["indent"]) <= column:
            break
        stop = line.end()
    for found in _IN_TEXT.finditer(source, start, stop if stop >= 0 else len(source)):
        yield Hash(found.start(), "more")


def _in_entries(source: str, start: int) -> Iterator[Hash]:
    """Every further one in the plain entries that follow in the same line of a list in brackets."""
    part = "more"
    while True:
        entry = _ENTRIES.match(source, start)
        assert entry is not None
        for found in _IN_TEXT.finditer(source, start, entry.end()):
            is_first = source[start : found.start()].strip(" \t") == "" and part != "more"
            yield Hash(found.start(), "first" if is_first else part)
            part = "more"
        if not entry[0].endswith(","):
            return
        start, part = entry.end(), "inside"


def _entry(source: str, start: int, is_first: bool = False) -> Iterator[Hash]:
    found = _ENTRY.match(source, start)
    if found and (is_first or found[0].strip(" \t#")):
        yield Hash(found.end() - 1, "first")
        yield from _in_entries(source, found.end())


def _behind_closed(source: str, event: Any, around: list[int | None]) -> Iterator[Hash]:
    """A comment without its space behind quotes or brackets, and an entry that follows them."""
    stop = event.end_mark.index
    if source[stop - 1 : stop] not in ("'", '"', "]", "}"):
        return
    found = _BEHIND_CLOSED.match(source, stop)
    if found:
        yield Hash(found.end() - 1, "comment")
    elif around[-1:] == [None]:
        yield from _entry(source, stop)
