"""How problems reach the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from sitegen.problems import Problem, show


def in_colour(stream: TextIO) -> bool:
    """Only on a terminal, and not where the reader asked for none (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def tell(problems: Sequence[Problem], err: bool = True) -> None:
    """Shows problems on stderr, or on stdout; nothing where there are none."""
    if problems:
        colour = in_colour(sys.stderr if err else sys.stdout)
        click.echo(show(problems, colour=colour), err=err, color=colour)


_SHOWN = ("file", "line", "column", "message", "hint", "excerpt")


def as_json(problem: Problem) -> dict[str, Any]:
    """A problem for programs."""
    severity = "warning" if problem.warning else "error"
    return {"severity": severity, **{name: getattr(problem, name) for name in _SHOWN}}


def several(number: int, name: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{number} {name}{'' if number == 1 else 's'}"


def folder_name(path: Path) -> str:
    """A folder as it is named to people, with a slash at its end."""
    text = str(path)
    return text if text.endswith("/") else text + "/"
