"""YAML -> nodes that know their place, read strictly.

PyYAML's C loader composes the nodes; the schema (fields.py) decides the types, so that `no`, `12:30` and
`2017-10-16` are what the writer typed. Anchors and aliases are refused (a small file could expand without
end), as are tags, doubled keys and deep nesting.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from msgspec import Struct

from sitegen.problems import MOST_IN_A_FILE, Problem, as_warning, note, problem_at
from sitegen.sources.comments import Hash, put_back, with_stand_ins

MAX_DEPTH = 50
MAX_NODES = 1_000_000
"""Names and values: 50,000 ads have fewer. Each takes about a kilobyte of memory while it is read."""
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
    """The root node of one YAML document (None where it is empty), or what is wrong with it; warnings with both."""
    marked, hashes = with_stand_ins(source)
    told = [_hash(source, origin, one) for one in hashes[: MOST_IN_A_FILE + 1]]
    problems = [one for one in told if not one.warning]
    try:
        if any(sign in source for sign in "&*!") or len(source) > _DEEP_CHECK_FROM:
            refused = _refuse(source, marked, origin)
            if refused:
                return None, [*problems, *refused]
        node = yaml.CSafeLoader(marked).get_single_node()
    except yaml.MarkedYAMLError as error:
        return None, [*problems, _broken(source, origin, error)]
    except yaml.reader.ReaderError as error:
        return None, [*problems, _control_character(source, origin, error)]
    if hashes:
        put_back(node)
    return node, [*told, *(_doubled_keys(node, origin) if node is not None else [])]


def _hash(source: str, origin: Origin, one: Hash) -> Problem:
    """What the writer is told of a "#" that YAML takes for the beginning of a comment."""
    start = source.rfind("\n", 0, one.offset) + 1
    line, _, below = source[start : start + _MOST_LOOKED_AT].partition("\n")
    written = _line_in_quotes(line.rstrip(), below)
    if one.part == "first":
        return origin.problem(one.offset, 'a value that begins with "#" must stand in quotes', written)
    if one.part == "inside":
        word = re.split(r"[\s,\]}]", line[one.offset - start :], maxsplit=1)[0][:40]
        message = f'"{word}" is kept as text, although YAML reads it as a comment'
        return as_warning(origin.problem(one.offset, message, f"{written}; a comment needs a space after its #"))
    if one.part == "comment":
        hint = f"{written}; for a comment, put a space after the #"
        return as_warning(origin.problem(one.offset, 'what follows this "#" is a comment and is not shown', hint))
    message = 'the value is empty: what follows "#" is a comment'
    return as_warning(origin.problem(one.offset, message, f"if it is the value, {written}; otherwise remove it"))


_MOST_LOOKED_AT = 4000
"""Signs of a line and of those below it, from which a hint is made."""
_ITEM = re.compile(r"[ ]{0,40}-[ \t]{1,9}(?P<value>\S.*)")
_ENTRY = re.compile(
    r"""(?P<lead>(?:[\[{,]|:(?=[ \t]))[ \t]*)"""
    r"""(?P<entry>[^\s"'\[\]{},:](?:(?!:[ \t])[^,\]}])*?)"""
    r"""(?=[ \t]*(?:[,\]}]|:[ \t]|$))"""
)
_CLOSED = re.compile(r"""(?P<quote>["'])(?P<inside>.*)(?P=quote)(?P<rest>[ \t]*#.*)""")


def _line_in_quotes(line: str, below: str) -> str:
    """How to write a line whose value, or an entry of it, holds a "#"; `below` are the lines that follow."""
    field, item = _FIELD.fullmatch(line), _ITEM.fullmatch(line)
    indent, indent_below = (len(text) - len(text.lstrip(" ")) for text in (line, below))
    if (field is None and item is None) or (indent_below > indent and not (below.lstrip(" ").startswith("- ") or item)):
        return "put the whole text in quotes"
    value = field["value"] if field else item["value"] if item else ""
    lead = f"{field['name']}:" if field else "-"
    if value[0] not in "[{":
        closed = _CLOSED.fullmatch(value)
        return f"write {lead} {quoted(closed['inside'] + closed['rest'] if closed else value)}"
    if value.partition("#")[0].rstrip()[-1:] in ("]", "}"):
        return "if it is an entry, write it inside the brackets, in quotes"
    return f"write {lead} {_ENTRY.sub(_entry_in_quotes, value)}"


def _entry_in_quotes(entry: re.Match[str]) -> str:
    text = entry["entry"]
    return entry["lead"] + (quoted(text) if re.search(r"(?:^|[ \t])#", text) else text)


def _refuse(source: str, marked: str, origin: Origin) -> list[Problem]:
    """Anchors, aliases, tags and deep nesting, found among the events, before anything recurses."""
    problems: list[Problem] = []
    depth = count = 0
    for event in yaml.parse(marked, Loader=yaml.CSafeLoader):
        mark: Any = event.start_mark
        count += isinstance(event, yaml.NodeEvent)
        if count > MAX_NODES:
            message = f"more than {MAX_NODES:,} names and values stand in this file"
            return [origin.problem(mark.index, message, "leave out what nobody reads any more")]
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            message = f"lists or groups are nested more than {MAX_DEPTH} deep here"
            return [origin.problem(mark.index, message, "put a text that holds brackets in quotes")]
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f'"{sign}{event.anchor}" is read as a YAML {"alias" if sign == "*" else "anchor"}'
            note(problems, origin.problem(mark.index, message, _in_quotes(source, mark.index, sign)))
        tag = getattr(event, "tag", None)
        if tag:
            message = f'"{tag}" is read as a YAML tag'
            note(problems, origin.problem(mark.index, message, _in_quotes(source, mark.index, "!")))
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
                    note(problems, origin.problem(key.start_mark.index, message, "remove one of the two"))
                seen.setdefault(name, key.start_mark.index)
                stack.append(value)
    return problems


_EXPLAINED = (
    # what libyaml says, what the writer reads, how to mend it, whether the place is where the matter was opened
    (
        "mapping values are not allowed",
        'a second ": " in one line, or a line that is indented too far',
        "put the whole value in quotes, or line it up with the fields above",
        False,
    ),
    ("found unexpected end of stream", "a quotation mark is opened here and never closed", "close the quote", True),
    ("found a tab character", "a tab where spaces are expected", "indent with spaces, not with tabs", False),
    ("expected ',' or ']'", "a list is opened here and never closed", "close it with ]", True),
    ("expected ',' or '}'", "a group is opened here and never closed", "close it with }", True),
    (
        "did not find expected node content",
        "a value is missing here",
        "remove a comma too many, or put a value that starts with a sign in quotes",
        False,
    ),
    (
        "did not find expected key",
        "this cannot be read as a field",
        'quotes and brackets must enclose the whole value; each field is "name: value" on a line of its own',
        False,
    ),
    ("expected '-' indicator", "this line does not belong to the list above it", 'start it with "- "', False),
    (
        "could not find expected ':'",
        "this line is no field",
        'write "name: value", or indent a continued text by two spaces',
        True,
    ),
    ("unknown escape character", "an unknown \\ sign within double quotes", "use 'single quotes' instead", False),
    ("but found another document", 'a second document starts at this "---"', "keep one document a file", False),
    (
        "block sequence entries are not allowed",
        "a list must not begin beside its field's name",
        'put each entry on a line of its own, with "- " in front',
        False,
    ),
    ("mapping keys are not allowed", 'a "?" stands where a value is expected', "put the value in quotes", False),
    ("directive", 'a line that starts with "%" is no field', 'put a text that starts with "%" in quotes', False),
    ("incompatible YAML", 'a line that starts with "%" is no field', "remove it", False),
    (
        "a block scalar",
        'nothing may stand beside the "|" or ">" that opens a long text',
        "begin the text in the next line, indented; or put it in quotes",
        False,
    ),
    ("document indicator", 'a line "---" stands inside a quoted text', "close the quote before it", False),
    ("hexdecimal", "an unknown \\ sign within double quotes", "use 'single quotes' instead", False),
    ("character escape", "an unknown \\ sign within double quotes", "use 'single quotes' instead", False),
    ("found unexpected ':'", 'a ":" stands in a list or a group', "put the text that holds it in quotes", False),
    (
        "<document start>",
        "this line belongs to nothing above it",
        'each field is "name: value" on a line of its own',
        False,
    ),
)
_FIELDS_HINT = 'each field is "name: value" on a line of its own; put any other text in quotes'


def _broken(source: str, origin: Origin, error: yaml.MarkedYAMLError) -> Problem:
    said = " ".join(part for part in (error.context, error.problem) if part)
    mark: Any = error.problem_mark or error.context_mark
    # A mark at a line's end or past the text belongs to the last character that was written.
    offset = min(mark.index if mark else 0, len(source.rstrip()))
    seen = _seen_in_line(source, offset, said)
    if seen is not None:
        return origin.problem(*seen)
    for needle, message, hint, opened in _EXPLAINED:
        if needle in said:
            start: Any = error.context_mark
            if needle == "found unexpected end of stream" and start:
                hint = _closed(source, start.index) or hint
            return origin.problem(start.index if opened and start else offset, message, hint)
    return origin.problem(offset, f"this is not valid YAML: {error.problem or error.context}", _FIELDS_HINT)


_SIGNS = (("a tag", "!", "tag"), ("tag handle", "!", "tag"), ("an anchor", "&", "anchor"), ("an alias", "*", "alias"))


def _in_quotes(source: str, offset: int, sign: str) -> str:
    """How to write a value that begins at an offset, with a sign that means something else there."""
    start = source.rfind("\n", 0, offset) + 1
    field = _FIELD.fullmatch(source[start:].partition("\n")[0])
    if field and field.start("value") == offset - start:
        return f"write {field['name']}: {quoted(field['value'].rstrip())}"
    return f'put a text that starts with "{sign}" in quotes'


def _closed(source: str, offset: int) -> str:
    """How to write a value whose quotation mark is opened at an offset and not closed."""
    line = source[source.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
    field = _FIELD.fullmatch(line)
    if field is None or field["value"][0] not in "\"'":
        return ""
    # 'Tis is a word with its apostrophe; a double quote was more likely meant to be closed.
    value = field["value"] if field["value"][0] == "'" else field["value"][1:]
    return f"write {field['name']}: {quoted(value.rstrip())}"


_FIELD = re.compile(r"(?P<lead>[ ]{0,40}(?:-[ ]{1,9})?)(?P<name>[\w-]{1,40}):[ \t]{1,9}(?P<value>\S.*)")
_NO_BLANK = re.compile(r"[ ]{0,40}(?:-[ ]{1,9})?(?P<name>[A-Za-z_]{1,40}):(?P<value>[^\s/].*)")


def _seen_in_line(source: str, offset: int, said: str) -> tuple[int, str, str] | None:
    """What a reader sees at once and libyaml does not say: (offset, message, hint), or None."""
    start = source.rfind("\n", 0, offset) + 1
    line = source[start:].partition("\n")[0]
    field = _FIELD.fullmatch(line)
    if "cannot start any token" in said:
        if source[offset : offset + 1] == "\t":
            return offset, "a tab stands here", "indent with spaces, never with tabs"
        hint = f"write {field['name']}: {quoted(field['value'])}" if field else "put the value in quotes"
        return offset, f'a value must not start with "{source[offset : offset + 1]}"', hint
    for needle, sign, name in _SIGNS:
        if needle in said:
            start = source.rfind(sign, 0, offset + 1)
            message = f'"{sign}" is read as the beginning of a YAML {name}'
            return max(start, 0), message, _in_quotes(source, max(start, 0), sign)
    if re.search(r"expected ',' or '[]}]'", said) and field and field["value"].rstrip()[-1] in "]}":
        message = "a comma is missing before this place, or quotes around a text"
        return offset, message, 'put a text that holds ":", quotes or brackets in quotes'
    if "mapping values are not allowed" in said:
        if field and start + field.start("value") < offset:
            hint = f"write {field['name']}: {quoted(field['value'])}"
            return offset, 'a text that holds ": " must stand in quotes', hint
        return _seen_above(source, start, line)
    if "did not find expected key" in said and field and field["value"][0] in "\"'[{":
        hint = f"write {field['name']}: {quoted(_unquoted(field['value']))}"
        return offset, "the value goes on behind its closing sign", hint
    return None


def _unquoted(value: str) -> str:
    """`'It's here'` -> `It's here`; `"Slow" is a speed` stays: its quotes belong to the text."""
    quote, inner = value[0], value[1:-1]
    first = inner.find(quote)
    if quote in "\"'" and len(value) > 2 and value[-1] == quote and not inner[first + 1 : first + 2].isspace():
        return inner
    return value


def _seen_above(source: str, start: int, line: str) -> tuple[int, str, str] | None:
    """The line above a field that came unexpected: a field without its blank, or one less indented."""
    above_start = source.rfind("\n", 0, max(0, start - 1)) + 1
    above = source[above_start:start].rstrip("\n")
    unspaced = _NO_BLANK.fullmatch(above)
    if unspaced:
        hint = f"write {unspaced['name']}: {unspaced['value']}"
        if unspaced["value"][0] in "#&*!|>%@`":
            hint = f"write {unspaced['name']}: {quoted(unspaced['value'])}"
        return above_start + unspaced.start("value"), f'a space is missing after "{unspaced["name"]}:"', hint
    indent = len(line) - len(line.lstrip(" "))
    if indent > len(above) - len(above.lstrip(" ")) and above.strip():
        return start + indent, "this line is indented too far", "line it up with the field above"
    return None


def quoted(text: str) -> str:
    """A text as a YAML scalar in quotes."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _control_character(source: str, origin: Origin, error: yaml.reader.ReaderError) -> Problem:
    code = error.character if isinstance(error.character, int) else ord(str(error.character)[:1] or "\0")
    offset = source.find(chr(code))
    message = f"an invisible control character (U+{code:04X}) stands here"
    return origin.problem(max(0, offset), message, "delete it and retype the text around it")
