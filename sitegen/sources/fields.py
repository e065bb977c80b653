"""The kinds of values that fields of front matter and data files have: what reads each, and how it is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timezone
from itertools import pairwise
from typing import Any

import yaml
from msgspec.structs import replace

from sitegen.language import known_language
from sitegen.problems import did_you_mean
from sitegen.sources.address import has_host, inside, mended
from sitegen.sources.moments import Moment, moment_at
from sitegen.sources.reader import Field, Kind, Reader, is_empty, read_fields
from sitegen.sources.yamldoc import quoted
from sitegen.text import CONTROL, as_line, has_no_spaces, without_invisible


def _text(node: yaml.Node, name: str, reader: Reader) -> str | None:
    """Any scalar, taken as it was typed; line breaks inside become spaces."""
    value = _block(node, name, reader)
    return in_one_line(value, node, name, reader) if value else None


def in_one_line(value: str, node: yaml.Node, name: str, reader: Reader) -> str | None:
    """A text without its line breaks; None after noting that it is too long."""
    line = as_line(_unfolded(value, node, reader))
    if len(line) <= MOST_SIGNS_IN_LINE:
        return line
    message = f'"{name}" has {len(line):,} signs; at most {MOST_SIGNS_IN_LINE:,} are shown'
    reader.wrong(node, message, "shorten it; a long text belongs below the fields")
    return None


def _unfolded(value: str, node: yaml.Node, reader: Reader) -> str:
    """A text without the spaces that YAML puts between the lines of Chinese and Japanese ones."""
    if value.isascii() or node.start_mark.line == node.end_mark.line:
        return value
    start = reader.origin.start
    typed = reader.origin.text[start + node.start_mark.index : start + node.end_mark.index]
    if typed[:1] in ("'", '"'):
        typed = typed[1:-1]
    pieces, done = list[str](), 0
    for above, below in pairwise(line.strip() for line in typed.split("\n")):
        tail, head = above[-_FOLD_CONTEXT:], below[:_FOLD_CONTEXT]
        if not (tail and head and has_no_spaces(tail[-1]) and has_no_spaces(head[0])):
            continue
        place = value.find(f"{tail} {head}", done)
        if place < 0:
            break
        pieces.append(value[done : place + len(tail)])
        done = place + len(tail) + 1
    return "".join(pieces) + value[done:]


_FOLD_CONTEXT = 10
"""So many characters on both sides tell one place of a text from another."""


def _block(node: yaml.Node, name: str, reader: Reader) -> str | None:
    """Any scalar, with its line breaks."""
    if isinstance(node, yaml.ScalarNode):
        return checked(str(node.value), node, name, reader)
    shape = "a list" if isinstance(node, yaml.SequenceNode) else "a group of fields"
    hint = 'put the text in quotes: a value that starts with [ or { or holds ": " needs them'
    reader.wrong(node, f'"{name}" must be a text, not {shape}', hint)
    return None


MOST_SIGNS = 20_000
MOST_SIGNS_IN_LINE = 2_000
"""The longest text of a field, and the longest that stands in one line, as titles and names do."""
MOST_ENTRIES = 50
"""Entries of a list: each tag of an article is a page of its own."""


def checked(value: str, node: yaml.Node, name: str, reader: Reader) -> str | None:
    """The text of a field as it is shown; None after noting a problem."""
    control = CONTROL.search(value)
    if control:
        # The file itself holds none: it was written as an escape, "\\x07", or as an entity, "&#7;".
        message = f'"{name}" holds an invisible control character (U+{ord(control[0]):04X})'
        reader.wrong(node, message, f'remove what makes it ("\\x{ord(control[0]):02X}" or the like)')
        return None
    value, left_out = without_invisible(value)
    if left_out:
        hint = f'retype "{name}" instead of pasting it, and the character is gone'
        reader.warn(node, f'an invisible character ({left_out}) was left out of "{name}"', hint)
    value = value.strip()
    if not value:
        reader.wrong(node, f'"{name}" is empty', "write a text that can be seen, or remove the line")
    elif len(value) > MOST_SIGNS:
        reader.wrong(node, f'"{name}" has {len(value):,} signs; at most {MOST_SIGNS:,} are shown', "shorten it")
        return None
    return value or None


def _texts(node: yaml.Node, name: str, reader: Reader) -> tuple[str, ...] | None:
    """A list of texts; one text alone counts as a list of one. Doubles are dropped."""
    if isinstance(node, yaml.MappingNode):
        reader.wrong(node, f'"{name}" must be a list of texts', f"write {name}: [first, second]")
        return None
    if isinstance(node, yaml.ScalarNode):
        if reader.runs_into_list(node):
            hint = f'give every entry a line of its own that starts with "- ", and nothing beside "{name}:"'
            reader.wrong(node, f'"{name}" has a value and a list below it', hint)
            return None
        return tuple(value for value in (_text(node, name, reader),) if value)
    if len(node.value) > MOST_ENTRIES:
        message = f'"{name}" has {len(node.value):,} entries, at most {MOST_ENTRIES} are possible'
        reader.wrong(node.value[MOST_ENTRIES], message, "remove the least important ones")
        return None
    values: dict[str, None] = {}
    for item in node.value:
        if is_empty(item):
            reader.wrong(item, f'"{name}" holds an empty entry', "remove it")
        elif not isinstance(item, yaml.ScalarNode):
            hint = 'write the text alone, and in quotes where it holds ": " or starts with a bracket'
            reader.wrong(item, f'"{name}" must be a list of texts', hint)
        elif value := _text(item, name, reader):
            values[value] = None
    return tuple(values)


_BARE = re.compile(r"[\w./-]+(?: [\w./&-]+)*")
"""A text that may stand in a list without quotes."""


def _names(node: yaml.Node, name: str, reader: Reader) -> tuple[str, ...] | None:
    """Names; several in one plain text are probably meant as a list, but a name may hold a comma."""
    value = _texts(node, name, reader)
    parts = _listed(node, value)
    if len(parts) > 1:
        message = f'"{name}" holds one name with a comma in it: "{(value or ("",))[0]}"'
        listed = ", ".join(part if _BARE.fullmatch(part) else quoted(part) for part in parts)
        reader.warn(node, message, f"write {name}: [{listed}], or put it in quotes if it is one name")
    return value


def _subjects(node: yaml.Node, name: str, reader: Reader) -> tuple[str, ...] | None:
    """Subjects; in one plain text commas stand between them."""
    value = _texts(node, name, reader)
    parts = _listed(node, value)
    if len(parts) <= MOST_ENTRIES:
        return parts or value
    message = f'"{name}" has {len(parts):,} entries, at most {MOST_ENTRIES} are possible'
    reader.wrong(node, message, "remove the least important ones")
    return None


def _listed(node: yaml.Node, value: tuple[str, ...] | None) -> tuple[str, ...]:
    """What stands between the commas of a text without quotes; nothing where that is no text, or has quotes."""
    if not isinstance(node, yaml.ScalarNode) or node.style or not value:
        return ()
    return tuple(dict.fromkeys(part for part in map(str.strip, value[0].split(",")) if part))


_YES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _flag(node: yaml.Node, name: str, reader: Reader) -> bool | None:
    """`true` or `false`."""
    value = str(node.value).lower() if isinstance(node, yaml.ScalarNode) else ""
    if value not in _YES:
        reader.wrong(node, f'"{name}" must be true or false', f"write {name}: true")
        return None
    return _YES[value]


def _count(node: yaml.Node, name: str, reader: Reader) -> int | None:
    """A whole number from 0 on."""
    value = str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
    if not re.fullmatch(r"[0-9]{1,9}", value):
        reader.wrong(node, f'"{name}" must be a whole number', f"write {name}: 12")
        return None
    return int(value)


def _minutes(node: yaml.Node, name: str, reader: Reader) -> int | None:
    """A whole number of minutes, at least one."""
    value = _count(node, name, reader)
    if value == 0:
        reader.wrong(node, f'"{name}" must be at least 1', "leave the field out and it is computed")
        return None
    return value


_FOCUS = re.compile(r"(\d{1,2}|100) ?% +(\d{1,2}|100) ?%")


def _focus(node: yaml.Node, name: str, reader: Reader) -> tuple[int, int] | None:
    """A point of a picture, in per cent of its width and height."""
    value = _text(node, name, reader)
    found = _FOCUS.fullmatch(value) if value is not None else None
    if value is not None and found is None:
        hint = "write how far it is from the left and from the top, for example 50% 20%"
        reader.wrong(node, f'"{name}" is no point of a picture: "{value}"', hint)
    return (int(found[1]), int(found[2])) if found else None


_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|z|[+-]\d{2}:?\d{2})?)?"
)


def _moment(node: yaml.Node, name: str, reader: Reader) -> Moment | None:
    """A date, or a date and time; without an offset it is the site's own time."""
    hint = f"write {name}: 2026-10-16 or {name}: 2026-10-16 08:30 (year, month, day)"
    if not isinstance(node, yaml.ScalarNode):
        reader.wrong(node, f'"{name}" must be a single date', hint)
        return None
    typed = str(node.value).strip()
    found = _MOMENT.fullmatch(typed)
    if re.search(r"\d\s*[A-Za-z]{3,5}$", typed):
        hint = f"write the zone as its distance from Greenwich: {name}: 2026-10-16 08:30 +02:00"
    if not found:
        reader.wrong(node, f'"{name}" must be a date, not "{typed}"', hint)
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        naive = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        zone = _offset(offset) if offset else reader.locale.zone
        return moment_at(naive.replace(tzinfo=zone).astimezone(reader.locale.zone), hour is None)
    except (ValueError, OverflowError):
        reader.wrong(node, f'there is no such day or hour: "{typed}"', hint)
        return None


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    parsed = datetime.strptime(text.replace(":", ""), "%z").tzinfo
    assert isinstance(parsed, timezone)
    return parsed


def _url(node: yaml.Node, name: str, reader: Reader) -> str | None:
    """An address with http or https (or mailto), or one inside the site that starts with `/`."""
    value = _text(node, name, reader)
    if value is None:
        return None
    fine = re.match(r"https?://|mailto:\S+@|/(?!/)", value) and not re.search(r"[\s<>\"\\]", value)
    if fine and (not value.startswith("http") or has_host(value)):
        return inside(value, reader.locale.home)
    hint = f"write {name}: {mended(value) or 'https://example.org/'}"
    reader.wrong(node, f'"{name}" must be a web address, not "{value}"', hint)
    return None


def _language(node: yaml.Node, name: str, reader: Reader) -> str | None:
    """A BCP 47 language tag."""
    value = _text(node, name, reader)
    if value is None or known_language(value):
        return value
    hint = "write the language's code, for example en, fr, sv or pt-BR"
    reader.wrong(node, f'"{name}" must be a language code, not "{value}"', hint)
    return None


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG_LENGTH = 120


def _slug(node: yaml.Node, name: str, reader: Reader) -> str | None:
    """One folder's name in the article's address: lower-case letters a-z, digits and single hyphens."""
    value = _text(node, name, reader)
    if value is None or (_SLUG.fullmatch(value) and len(value) <= _SLUG_LENGTH):
        return value
    if len(value) > _SLUG_LENGTH:
        message = f'"{name}" has {len(value)} signs; an address may have {_SLUG_LENGTH} there'
        reader.wrong(node, message, "choose a shorter one")
        return None
    from sitegen.slugs import slugify

    mend = slugify(value)[:_SLUG_LENGTH].strip("-")
    hint = f"write {name}: {mend}" if mend else "use letters a-z, digits and hyphens"
    reader.wrong(node, f'"{name}" must be lower-case letters a-z, digits and hyphens, not "{value}"', hint)
    return None


def choices(names: Sequence[str]) -> Kind:
    """Some of these names: a list of them, or false for none, or true for what the site has anyway (None)."""

    def read(node: yaml.Node, name: str, reader: Reader) -> tuple[str, ...] | None:
        hint = f"write {name}: false, or a list of {', '.join(names)}"
        if isinstance(node, yaml.ScalarNode) and node.value.lower() in _YES:
            return None if _YES[node.value.lower()] else ()
        listed = [node] if isinstance(node, yaml.ScalarNode) else node.value
        if isinstance(node, yaml.MappingNode):
            reader.wrong(node, f'"{name}" must be a list, true or false', hint)
            return None
        for item in listed:
            together = _listed(item, (str(item.value),))
            if len(together) > 1 and set(together) <= set(names):
                reader.wrong(item, f'"{name}" must be a list', f"write {name}: [{', '.join(together)}]")
                return None
            if not isinstance(item, yaml.ScalarNode) or item.value not in names:
                typed = f'"{item.value}"' if isinstance(item, yaml.ScalarNode) else "list or group in a list"
                mend = did_you_mean(item.value, names) if isinstance(item, yaml.ScalarNode) else ""
                reader.wrong(item, f'"{name}" knows no {typed}{mend}', hint)
        return tuple(name for name in names if any(item.value == name for item in listed))

    one = {"type": "string", "enum": list(names)}
    schema = {"anyOf": [{"type": "boolean"}, one, {"type": "array", "items": one}]}
    return Kind(read, f"true, false or a list of {', '.join(f'`{name}`' for name in names)}", schema)


Judge = Callable[[dict[str, Any], yaml.Node, Reader], None]
"""Judges the fields of a group together: (values, the group's node, reader); may change the values."""


def group(fields: Sequence[Field], judge: Judge | None = None, shown: Sequence[str] = ()) -> Kind:
    """A group of fields inside a field, as in `source: {name, url}`. Hints show those that are required or `shown`."""

    def told(field: Field) -> bool:
        return field.required or field.name in shown

    def read(node: yaml.Node, name: str, reader: Reader) -> dict[str, Any] | None:
        if not isinstance(node, yaml.MappingNode):
            inside = ", ".join(f"{field.name}: {field.example}" for field in fields if told(field))
            reader.wrong(node, f'"{name}" must be a group of fields', f"write {name}: {{{inside}}}")
            return None
        before = len(reader.problems)
        values = read_fields(node, fields, reader)
        if judge is not None and len(reader.problems) == before:
            judge(values, node, reader)
        return values if len(reader.problems) == before else None

    return Kind(read, "a group of fields", object_schema(fields), tuple(fields))


def object_schema(fields: Sequence[Field]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a mapping with these fields and no others."""
    return {
        "type": "object",
        "properties": {field.name: {"description": field.explained, **field.kind.schema} for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


_SCALAR = {"type": ["string", "number", "boolean"]}
text = Kind(_text, "a text", _SCALAR)
block = Kind(_block, "a text, perhaps of several paragraphs", _SCALAR)
texts = Kind(_texts, "a text or a list of texts", {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]})
prose = replace(text, is_prose=True)
prose_block = replace(block, is_prose=True)
names = replace(texts, read=_names, is_prose=True)
subjects = replace(names, read=_subjects, shape="a list of texts, or one text with commas between them")
flag = Kind(_flag, "true or false", {"enum": [True, False, *_YES]})
count = Kind(_count, "a whole number", {"type": "integer", "minimum": 0})
minutes = Kind(_minutes, "a whole number", {"type": "integer", "minimum": 1})
focus = Kind(_focus, "two percentages", {"type": "string", "pattern": f"^{_FOCUS.pattern}$"})
moment = Kind(
    _moment,
    "a date, or a date and time",
    {"type": "string", "pattern": f"^(?:{_MOMENT.pattern})$"},
)
url = Kind(_url, "a web address, or one inside the site", {"type": "string", "pattern": r"^(https?://|mailto:|/)\S*$"})
language = Kind(_language, "a language code", {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"})
slug = Kind(
    _slug,
    "`a-z`, `0-9` and single hyphens",
    {"type": "string", "pattern": f"^{_SLUG.pattern}$", "maxLength": _SLUG_LENGTH},
)
