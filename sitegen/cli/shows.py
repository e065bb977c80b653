"""How problems reach the terminal."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from sitegen.problems import COMMAND, Problem, show


def in_colour(stream: TextIO) -> bool:
    """Only on a terminal, and not where the reader asked for none (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def tell(problems: Sequence[Problem], err: bool = True, traces: bool = False) -> None:
    """Shows problems on stderr, or on stdout; nothing where there are none."""
    if problems:
        colour = in_colour(sys.stderr if err else sys.stdout)
        click.echo(show(problems, colour=colour, traces=traces), err=err, color=colour)


class Progress:
    """Shows in one line on stderr how far a build is, once it takes longer than a second; only on a terminal.

    The line is gone at the end of the block.
    """

    def __init__(self, quiet: bool = False) -> None:
        self._stream = sys.stderr
        self._shows = not quiet and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._next = time.monotonic() + _LONG
        self._is_shown = False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, doing: str, done: int, of: int) -> None:
        """One more step."""
        now = time.monotonic()
        if not self._shows or now < self._next:
            return
        self._next = now + _OFTEN
        self._is_shown = True
        self._stream.write(f"\r\x1b[K{doing}{f': {done:,} of {of:,}' if of else ''} …")
        self._stream.flush()

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


_LONG, _OFTEN = 1.0, 0.1
"""Seconds after which a build is long, and between two messages."""
_SHOWN = ("file", "line", "column", "message", "hint", "excerpt", "cut")


def as_json(problem: Problem) -> dict[str, Any]:
    """A problem for programs."""
    severity = "warning" if problem.warning else "error"
    return {"severity": severity, **{name: getattr(problem, name) for name in _SHOWN}}


def json_text(value: object) -> str:
    """JSON for programs. What a CI runner takes for a command is written with an escape."""
    return COMMAND.sub(lambda _: "#\\u0023", json.dumps(value, ensure_ascii=False, indent=2))


def several(number: int, name: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{number} {name}{'' if number == 1 else 's'}"


def folder_name(path: Path) -> str:
    """A folder as it is named to people, with a slash at its end."""
    text = str(path)
    return text if text.endswith("/") else text + "/"
