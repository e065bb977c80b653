"""`sitegen build --report FILE`: what a build has changed, for programs that upload files and purge caches."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sitegen import __version__
from sitegen.beneath import read_beneath
from sitegen.cli.shows import as_json
from sitegen.problems import Problem

if TYPE_CHECKING:
    from sitegen.engine.result import Result

_PLAIN = "/~!$&'()*+,;=:@%"
"""Signs that stand for themselves in the path of an address (RFC 3986, 3.3); what is escaped already stays so."""


def begin_report(path: Path) -> None:
    """Removes the report of an earlier build, so that nobody takes it for this one's. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)


def write_report(path: Path, result: Result) -> None:
    """Writes what a build did. Raises OSError."""
    _write(
        path,
        built=True,
        base_url=result.base_url,
        articles=result.articles,
        files=result.files,
        bytes=result.weight.bytes,
        largest={**_place(result, result.weight.largest), "bytes": result.weight.largest_bytes},
        seconds=round(result.seconds, 3),
        next_change=result.until.isoformat() if result.until is not None else None,
        added=[_contents(result, file) for file in result.added],
        changed=[_contents(result, file) for file in result.changed],
        removed=[_place(result, file) for file in result.gone],
        problems=_listed(result.warnings),
    )


def write_failure(path: Path, problems: Sequence[Problem]) -> None:
    """Writes that nothing was built, and why. Raises OSError."""
    _write(path, built=False, added=[], changed=[], removed=[], problems=_listed(problems))


def _write(path: Path, **said: Any) -> None:
    text = json.dumps({"sitegen": __version__, **said}, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _place(result: Result, file: str) -> dict[str, Any]:
    # A build that has nothing to do loads no planning; one with a report of nothing does not either.
    from sitegen.plan.urls import site_path

    return {"path": file, "url": result.base_url + quote(site_path(file)[1:], safe=_PLAIN)}


def _contents(result: Result, file: str) -> dict[str, Any]:
    data = read_beneath(result.output, file, sys.maxsize - 1)[1]
    return {**_place(result, file), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _listed(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [as_json(problem) for problem in problems]
