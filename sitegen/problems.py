"""What is wrong, where, and how to mend it; and how that is shown to a writer.

A problem always speaks of the writer's own file: its line and column count from 1 in the file as an editor
shows it, front matter included. A byte-order mark is no column and CRLF is one line end.
"""

from __future__ import annotations

import difflib
import re
import traceback
import unicodedata
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

import msgspec
from msgspec import Struct


class Problem(Struct, frozen=True, order=True):
    """One thing that a person has to mend.

    `line` and `column` count from 1; 0 means that the problem belongs to the whole file. `excerpt` is the text of the
    line around the column, without its line end, and `cut` the number of characters that it leaves out before. None of
    the texts is ever long: a stranger may have typed them. A `warning` stops no build. `rendering` is the source whose
    page a template failed to make. `trace` says where in sitegen's own code that failed, for those who mend it.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    excerpt: str = ""
    warning: bool = False
    rendering: str = ""
    cut: int = 0
    trace: str = ""

    def __post_init__(self) -> None:
        for name in ("message", "hint"):
            text = getattr(self, name)
            if len(text) > _LONGEST:
                msgspec.structs.force_setattr(self, name, f"{text[: _LONGEST - _END - 1]}…{text[-_END:]}")


_LONGEST, _END = 500, 100
"""Characters of a message or a hint, and how many of these stand at its end where its middle is left out."""


def as_warning(problem: Problem) -> Problem:
    """The same, as something that stops no build."""
    return msgspec.structs.replace(problem, warning=True)


def unexpected(error: Exception, source: str) -> Problem:
    """What nobody has expected, as a problem that names the source over which it happened."""
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    hint = "this is a bug in sitegen: please report it, with this file if you may; --verbose shows where it happened"
    trace = "".join(traceback.format_exception(error))[-_LONGEST_TRACE:]
    return Problem(source, 0, 0, f"sitegen itself failed at this file ({said})", hint, trace=trace)


_LONGEST_TRACE = 5000
Part = TypeVar("Part")


def guilty(parts: Sequence[Part], fails: Callable[[Sequence[Part]], bool]) -> Part | None:
    """The part with which something made of all parts begins to fail; None where it fails without any."""
    if fails(()):
        return None
    good, bad = 0, len(parts)
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (good, middle) if fails(parts[:middle]) else (middle, bad)
    return parts[good]


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that stop a build."""
    return [problem for problem in problems if not problem.warning]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each one once: first what stops a build, then the warnings, both by their place.

    A template that fails for many pages is one problem.
    """
    sources: dict[Problem, list[str]] = {}
    for problem in set(problems):
        sources.setdefault(msgspec.structs.replace(problem, rendering=""), []).append(problem.rendering)
    every = [_said_once(problem, min(of), len(of)) for problem, of in sources.items()]
    return sorted(every, key=lambda problem: (problem.warning, problem))


def _said_once(problem: Problem, first: str, number: int) -> Problem:
    if not first:
        return problem
    more = f" and {number - 1} more" if number > 1 else ""
    return msgspec.structs.replace(problem, message=f"{problem.message} (while rendering {first}{more})")


def tally(problems: Iterable[Problem]) -> str:
    """`1 problem`, `2 problems and 3 warnings`, `no problems`."""
    every = set(problems)
    stopping = len(errors(every))
    kinds = (("problem", stopping), ("warning", len(every) - stopping))
    parts = [f"{number} {name}{'' if number == 1 else 's'}" for name, number in kinds if number]
    return " and ".join(parts) or "no problems"


class SiteError(Exception):
    """The site cannot be built; carries every problem and every warning that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(f"{place(p)} {p.message}" for p in self.problems))


_AROUND = 100
"""Characters of a line that an excerpt has on either side of its column, at most."""


_LATELY: deque[tuple[str, list[int]]] = deque(maxlen=4)
"""The texts whose lines were counted last, recognized by identity: comparing equal texts takes time in proportion to
their length, for every problem and every block."""


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins: looked for once, however much is wrong with a text."""
    for known, starts in tuple(_LATELY):
        if known is text:
            return starts
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    _LATELY.append((text, starts))
    return starts


def line_at(text: str, offset: int) -> int:
    """The line (from 1) of a character offset."""
    return bisect_right(line_starts(text), offset)


def excerpt_of(line: str, column: int) -> tuple[str, int]:
    """What is shown of a line around a column (from 1), and how many characters are left out before it."""
    start = max(0, column - 1 - _AROUND)
    return line[start : column - 1 + _AROUND], start


def problem_at(file: str, text: str, offset: int, message: str, hint: str = "", above: int = 0) -> Problem:
    """A problem at a character offset of a file's text, which begins below so many lines that stand `above` it."""
    offset = max(0, min(offset, len(text)))
    line = line_at(text, offset)
    start = line_starts(text)[line - 1]
    begin = max(start, offset - _AROUND)
    end = text.find("\n", offset, offset + _AROUND)
    excerpt = text[begin : end if end >= 0 else offset + _AROUND].rstrip("\r")
    return Problem(file, line + above, offset - start + 1, message, hint, excerpt, cut=begin - start)


def said_at(place: Problem, message: str, hint: str = "") -> Problem:
    """The place of one problem with other words."""
    return msgspec.structs.replace(place, message=message, hint=hint)


_MOST_COMPARED = 1000
"""So many words are compared with another one: each takes some ten microseconds."""


class Budget:
    """How often something dear may still be done."""

    def __init__(self, left: int) -> None:
        self._left = left

    def spend(self) -> bool:
        """Whether it may be done once more."""
        self._left -= 1
        return self._left >= 0


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like another one; empty where none is near."""
    names, sought = {name.lower(): name for name in known}, word.lower()[:200]
    compared = list(names)
    if len(compared) > _MOST_COMPARED:
        # Of very many only those that begin or end in the same way, and are about as long.
        alike = (n for n in names if abs(len(n) - len(sought)) <= 3 and (n[:2] == sought[:2] or n[-2:] == sought[-2:]))
        compared = list(islice(alike, _MOST_COMPARED))
    near = difflib.get_close_matches(sought, compared, n=1, cutoff=0.6)
    return names[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "title"?` where a known word is near, otherwise nothing."""
    near = nearest(word, known)
    return f'; did you mean "{near}"?' if near else ""


MOST_IN_A_FILE = 100
"""So much is said of one file at once: whoever has mended that sees what is left."""


def note(problems: list[Problem], problem: Problem) -> None:
    """Notes one more problem or warning of a file, unless there are very many."""
    if len(problems) < MOST_IN_A_FILE:
        problems.append(problem)
    elif len(problems) == MOST_IN_A_FILE:
        message = f"more than {MOST_IN_A_FILE} things are wrong with this file"
        problems.append(said_at(problem, message, "mend those above first; then the others are shown"))


def place(problem: Problem) -> str:
    """`file:line:column:`, the form that editors and terminals turn into a link."""
    if problem.line == 0:
        return f"{problem.file}:"
    return f"{problem.file}:{problem.line}:{problem.column}:"


MOST_SHOWN = 50
"""More problems than these nobody reads at once; the rest are counted."""
_EXCERPT_WIDTH = 100
_RED, _YELLOW, _BOLD, _DIM, _CYAN, _OFF = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


def show(problems: Iterable[Problem], colour: bool = False, most: int = MOST_SHOWN, traces: bool = False) -> str:
    """Problems as text, warnings last, with the line itself and a mark under each place; at most `most` of them.

    With `traces`, where sitegen itself has failed is shown as well.
    """
    every = in_order(problems)
    blocks = [_block(problem, colour, traces) for problem in every[:most]]
    if len(every) > most:
        blocks.append(f"... and {tally(every[most:])} more")
    return "\n".join(blocks)


def _block(problem: Problem, colour: bool, traces: bool) -> str:
    bold, red, dim, cyan, off = (_BOLD, _RED, _DIM, _CYAN, _OFF) if colour else ("",) * 5
    if problem.warning:
        red = _YELLOW if colour else ""
    message = f"{'warning: ' if problem.warning else ''}{problem.message}"
    lines = [f"{bold}{_visible(place(problem))}{off} {red}{_visible(message)}{off}"]
    if problem.line and problem.excerpt.strip():
        text, mark = _narrow(_visible(problem.excerpt), problem.column - problem.cut, problem.cut > 0)
        lines += [f"    {text}", f"    {dim}{mark}{off}"]
    if problem.hint:
        lines.append(f"    {cyan}hint:{off} {_visible(problem.hint)}")
    if traces:
        lines += [f"    {_visible(line)}" for line in problem.trace.splitlines()]
    return "\n".join(map(_no_command, lines))


def _narrow(excerpt: str, column: int, is_cut: bool) -> tuple[str, str]:
    """A stretch of a long line around the column, and the line with the caret beneath it."""
    start = max(0, column - 1 - _EXCERPT_WIDTH // 2) if len(excerpt) > _EXCERPT_WIDTH else 0
    piece = excerpt[start : start + _EXCERPT_WIDTH]
    before, after = ("…" if start or is_cut else ""), ("…" if start + _EXCERPT_WIDTH < len(excerpt) else "")
    lead = before + piece[: column - 1 - start]
    return f"{before}{piece}{after}", " " * _cells(lead) + "^"


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes (East Asian wide characters take two)."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def printable(text: str) -> str:
    """A line of text that may be a stranger's, as it is safe to print: it steers no terminal and commands no runner."""
    return _no_command(_visible(text))


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else " " if c == "\t" else "\ufffd" for c in text)


COMMAND = re.compile(r"##(?=\[|vso\[|teamcity\[)")
"""What begins a command to a CI runner, wherever it stands in a line."""
_JOINER = "\u2060"
"""Takes no room, and keeps apart what stands beside it."""


def _no_command(line: str) -> str:
    """The same line, so that a CI runner that reads it takes it for no command.

    GitHub's takes a line for one that begins with `::` behind any blanks, or holds `##[` anywhere (actions/runner,
    ActionCommand.cs); that of Azure Pipelines holds `##vso[`, TeamCity's begins with `##teamcity[`.
    """
    bare = line.lstrip()
    if bare.startswith("::"):
        line = f"{line[: len(line) - len(bare)]}:{_JOINER}{bare[1:]}"
    return COMMAND.sub(f"#{_JOINER}#", line)
