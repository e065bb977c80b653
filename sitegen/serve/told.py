"""What an open page is told, as JSON: what it is now, what is wrong, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sitegen.engine.about import About
from sitegen.problems import Problem
from sitegen.serve.editor import Editor


def state_of_page(
    edition: str, problems: Iterable[Problem], status: str, marks: Mapping[str, str], editor: Editor
) -> str:
    """What a page is now: its edition, the problems that keep it or others from being shown, why it is not published,
    and the same for each link in it that leads to such an article.
    """
    told = {
        "edition": edition,
        "problems": [_problem(problem, editor) for problem in problems],
        "status": status,
        "marks": marks,
    }
    return msgspec.json.encode(told).decode()


def about_page(about: About, reasons: Iterable[str], editor: Editor) -> bytes:
    """Where a page comes from, and why it was made anew the last time."""
    told = {
        "sources": [_place(source, 0, 0, editor) for source in about.sources],
        "status": about.status,
        "words": about.words,
        "minutes": about.minutes,
        "templates": [_place(one.file, 0, 0, editor) | {"depth": one.depth} for one in about.templates],
        "reasons": list(reasons),
        "problems": [_problem(problem, editor) for problem in about.problems],
    }
    return msgspec.json.encode(told)


def _problem(problem: Problem, editor: Editor) -> dict[str, Any]:
    place = _place(problem.file, problem.line, problem.column, editor)
    return {**msgspec.to_builtins(problem), **place}


def _place(file: str, line: int, column: int, editor: Editor) -> dict[str, Any]:
    return {"file": file, "line": line, "column": column, "editor": editor.link(file, line, column)}
