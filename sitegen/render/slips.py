"""Mistakes in templates, said in plain words, each with its file, line and column.

Jinja knows the line at most. The column is where the word stands that it complains of; what was opened and never
closed is named at its opening.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType, TracebackType

import jinja2
import msgspec
from jinja2.utils import missing

from sitegen.beneath import read_plain
from sitegen.problems import Problem, did_you_mean, excerpt_of, nearest, problem_at, said_at
from sitegen.render.confined import SAID, Outwards

Shown = Callable[[Path], str]
"""A template's path as problems name it."""


class Unknown(jinja2.StrictUndefined):
    """A name that a template uses and that is not there: says so, and what there is instead."""

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f'"{name}" is not known here'
        fields = getattr(type(self._undefined_obj), "__struct_fields__", ())
        holder = type(self._undefined_obj).__name__
        if not fields:
            return f'a {holder} has no "{name}"'
        mend = did_you_mean(name, fields) or f"; it has {', '.join(fields)}"
        return f'{holder} has no "{name}"{mend}'


def in_line(shown: str, source: str, line: int, word: str, last: bool = False) -> Problem:
    """A place: the first (or last) time that a word stands in a line of a template, or where the line's text begins."""
    lines = source.split("\n")
    excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", excerpt)]
    column = found[-1 if last else 0] if found else excerpt.find(word)
    if column < 0:
        column = len(excerpt) - len(excerpt.lstrip())
    shown_of, cut = excerpt_of(excerpt, column + 1)
    return Problem(shown, line, column + 1, "", "", shown_of, cut=cut)


# --- templates that cannot be read -------------------------------------------------------------------------


def syntax_problem(shown: Shown, error: jinja2.TemplateSyntaxError, environment: jinja2.Environment) -> Problem:
    """A template that Jinja cannot read."""
    path = Path(error.filename or error.name or "")
    source = error.source or _text(path)
    said = (error.message or "").rstrip(".")
    for pattern, explain in _EXPLAINED:
        found = re.match(pattern, said)
        if found:
            return explain(_Said(shown(path), source, error.lineno, found, environment))
    place = in_line(shown(path), source, error.lineno, "{%")
    message = f"the template cannot be read: {said[:1].lower()}{said[1:]}"
    return said_at(place, message, "look at the brackets and the quotes of this line")


class _Said:
    """What Jinja said of a template, taken apart."""

    def __init__(
        self, file: str, source: str, line: int, found: re.Match[str], environment: jinja2.Environment
    ) -> None:
        self.file, self.source, self.line, self.found, self.environment = file, source, line, found, environment

    def here(self, word: str, message: str, hint: str = "") -> Problem:
        return said_at(in_line(self.file, self.source, self.line, word), message, hint)


_TAGS = (
    *("if", "elif", "else", "for", "block", "extends", "include", "import", "from", "macro", "call", "filter"),
    *("set", "with", "autoescape", "trans", "pluralize", "raw"),
)
_CLOSING = ("else", "elif", "pluralize")


def _never_closed(said: _Said) -> Problem:
    tag = said.found["tag"]
    hint = f"write {{% end{tag} %}} where it ends"
    line = next(iter(_still_open(said, tag)), said.line)
    return said_at(in_line(said.file, said.source, line, "{%"), f"{{% {tag} %}} is opened here and never closed", hint)


def _still_open(said: _Said, tag: str) -> list[int]:
    """The lines of the openings of a tag that no closing one belongs to, the innermost first."""
    opened: list[int] = []
    before = ""
    for line, kind, value in said.environment.lex(said.source):
        if kind == "whitespace":
            continue
        if kind == "name" and before == "block_begin":
            if value == tag:
                opened.append(line)
            elif value == f"end{tag}" and opened:
                opened.pop()
        elif tag == "set" and value == "=" and opened[-1:] == [line]:
            # {% set x = 1 %} opens nothing.
            opened.pop()
        before = kind
    return opened[::-1]


def _unknown_tag(said: _Said) -> Problem:
    tag, awaited = said.found["tag"], said.found["inner"]
    if tag.startswith("end") or tag in _CLOSING:
        if not awaited:
            return said.here(tag, f"{{% {tag} %}} belongs to nothing that is open", "remove it, or open what it closes")
        message = f"{{% {tag} %}} stands where {{% end{awaited} %}} is awaited"
        return said.here(tag, message, f"close {{% {awaited} %}} first")
    mend = did_you_mean(tag, _TAGS)
    return said.here(tag, f'unknown tag "{tag}"{mend}', "" if mend else f"tags: {', '.join(_TAGS)}")


def _unknown_helper(said: _Said) -> Problem:
    kind, name = said.found["kind"], said.found["name"]
    known = said.environment.filters if kind == "filter" else said.environment.tests
    return said.here(name, *_helper(kind, name, known))


def _helper(kind: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    names = sorted(word for word in known if word.isidentifier())
    mend = did_you_mean(name, names)
    return f'unknown {kind} "{name}"{mend}', "" if mend else f"{kind}s: {', '.join(names)}"


def _strange_sign(said: _Said) -> Problem:
    sign = said.found["sign"].strip("'\"") or "'"
    message, hint = f'the sign "{sign}" is not expected here', "texts stand in quotes"
    if not said.found["sign"].strip("'\""):
        message, hint = "a quotation mark is opened here and never closed", "close it before the end of the tag"
    return problem_at(said.file, said.source, int(said.found["at"]), message, hint)


_JOIN = "one pair of braces holds one value: join texts with ~ and put them in quotes"


def _strange_word(said: _Said) -> Problem:
    word, wanted = said.found["word"], said.found["wanted"] or ""
    if word.startswith("end of"):
        braces = "}}" if "print" in word else "%}"
        hint = f"write {wanted} there" if wanted else "write what belongs there, for example {{ page.title }}"
        return said.here(braces, f"something is missing before {braces}", hint)
    if word in "}%" and wanted in (")", "]", "}"):
        opening = {")": "(", "]": "[", "}": "{"}[wanted]
        return said.here(word, f"a {opening} is opened and never closed", f"close it with {wanted} before this place")
    hint = "two values are compared with ==" if word == "=" else _JOIN if wanted.startswith("end of") else ""
    if wanted and not hint:
        hint = f'"{wanted}" is awaited here'
    place = in_line(said.file, said.source, said.line, word, last=word.isidentifier())
    return said_at(place, f'"{word}" is not expected here', hint or "remove it, or write what should stand before it")


_EXPLAINED: tuple[tuple[str, Callable[[_Said], Problem]], ...] = (
    (r"Unexpected end of template.* closed is '(?P<tag>\w+)'", _never_closed),
    (r"Encountered unknown tag '(?P<tag>\w+)'(?:.* closed is '(?P<inner>\w+)')?", _unknown_tag),
    (r"No (?P<kind>filter|test) named '(?P<name>[^']+)'", _unknown_helper),
    (r"unexpected char (?P<sign>.{3,8}) at (?P<at>\d+)", _strange_sign),
    (r"expected token '(?P<wanted>[^']+)', got '(?P<word>[^']+)'", _strange_word),
    (r"unexpected '(?P<word>[^']+)'(?:, expected '(?P<wanted>[^']+)')?", _strange_word),
    (r"Expected an expression, got '(?P<word>[^']+)'(?P<wanted>)", _strange_word),
    (
        r"Missing end of comment tag",
        lambda said: said.here("{#", "a comment is opened and never closed", "close it with #}"),
    ),
    (
        r"unexpected end of template, expected 'end of (?P<what>print|statement)",
        lambda said: said.here(
            "{{" if said.found["what"] == "print" else "{%",
            "a tag is opened and never closed",
            f"close it with {'}}' if said.found['what'] == 'print' else '%}'}",
        ),
    ),
    (
        r"block '(?P<name>[^']+)' defined twice",
        lambda said: said.here(
            said.found["name"],
            f'the block "{said.found["name"]}" stands here twice',
            f"give one of them another name; to show it again write {{{{ self.{said.found['name']}() }}}}",
        ),
    ),
    (
        rf'"(?P<name>[^"]+)" {re.escape(SAID)}',
        lambda said: said.here(
            said.found["name"],
            said.found[0],
            "docs/themes.md says what a template may use",
        ),
    ),
    (r"tag name expected", lambda said: said.here("{%", "{% stands here without a tag's name", "write {% if ... %}")),
    (
        r"unclosed translation block",
        lambda said: said.here("trans", "{% trans %} is opened and never closed", "write {% endtrans %} where it ends"),
    ),
)


# --- templates that fail while they render -----------------------------------------------------------------


def runtime_problem(
    shown: Shown,
    inside: Callable[[Path], bool],
    environment: jinja2.Environment,
    error: Exception,
    asked: Path,
    of: str,
) -> Problem:
    """A template that failed while it rendered: its file and line, and the source `of` which it made a page.

    `inside` tells a theme's files from others; `asked` is the template that the page is made with.
    """
    file, line, names = asked, 1, []
    passed: dict[tuple[str, int], int] = {}
    for path, number, frame in _walk(error.__traceback__):
        if inside(path):
            file, line, names = path, number, _names_at(frame)
            passed[str(path), number] = passed.get((str(path), number), 0) + 1
    if isinstance(error, RecursionError) and passed:
        # Where in an endless circle the stack was full is chance: the circle's first place by name is not.
        named_first, line = min(place for place, times in passed.items() if times > 1 or len(passed) == 1)
        file = Path(named_first)
    message, hint = _failure(error, names, environment)
    named = re.search(r'"([^"]{1,200})"', message)
    place = in_line(shown(file), _text(file), line, named[1] if named else "{{")
    return msgspec.structs.replace(said_at(place, message, hint), rendering=of)


def _failure(error: Exception, names: list[str], environment: jinja2.Environment) -> tuple[str, str]:
    """What went wrong, and how to mend it."""
    said = str(error.args[0]) if isinstance(error, LookupError) and error.args else str(error) or type(error).__name__
    if isinstance(error, RecursionError):
        return "templates call each other without end", "look at what this one extends and includes, and what those do"
    if isinstance(error, Outwards):
        return said, 'docs/themes.md says what a template may use; {{ "%s" % value }} formats a text'
    helper = re.match(r"No (filter|test) named '([^']+)'", said)
    if helper:
        return _helper(helper[1], helper[2], environment.filters if helper[1] == "filter" else environment.tests)
    macro = re.match(r"the template '([^']+)' .*does not export the requested name '([^']+)'", said)
    if macro:
        hint = f"what is imported must be set there: {{% macro {macro[2]}(...) %}} or {{% set {macro[2]} = ... %}}"
        return f'{macro[1]} has no "{macro[2]}" to import', hint
    message, _, hint = said.partition("; ")
    unknown = re.fullmatch(r'"([^"]+)" is not known here', message)
    if unknown:
        near = nearest(unknown[1], names)
        return message, f'did you mean "{near}"?' if near else f"what there is: {', '.join(names)}"
    return message, hint or "look at what stands between the braces of this line"


def _walk(trace: TracebackType | None) -> Iterator[tuple[Path, int, FrameType]]:
    while trace is not None:
        yield Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno, trace.tb_frame
        trace = trace.tb_next


_JINJA_OWN = frozenset(("range", "dict", "namespace", "self", "super", "caller", "loop", "varargs", "kwargs"))
_TRANSLATING = frozenset(("gettext", "ngettext", "pgettext", "npgettext"))


def _names_at(frame: FrameType) -> list[str]:
    """The names that a template has where it failed: what it was given, what it set, and its loops' own.

    Jinja makes a traceback's frames anew, with the template's names as their locals.
    """
    known = set(frame.f_locals) - _JINJA_OWN - _TRANSLATING
    return sorted(name for name in known if not name.startswith("_") and name.isidentifier())


def _text(path: Path) -> str:
    return read_plain(path).decode("utf-8", "replace") if path.is_file() else ""
