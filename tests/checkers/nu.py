"""The Nu checker (https://validator.github.io/validator/), which holds pages against the HTML standard."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.checkers.programs import node_package, program

_BY_ORIGIN = "violates Content Security Policy (meta tag)"
"""What it can only say of pages that have an origin, as files have none; Chromium judges policies in test_reader.py."""


def nu(paths: Sequence[Path]) -> list[str]:
    """What the Nu checker says of every HTML file below these folders, as `file:line:column: kind: message`.

    Raises RuntimeError where the checker itself fails, or reads nothing.
    """
    if not any(True for path in paths for _ in path.rglob("*.html")):
        raise RuntimeError("no HTML file to check")
    command = [str(program("java")), "-Xss2m", "-jar", str(node_package("vnu-jar/build/dist/vnu.jar"))]
    # --exit-zero-always: what is wrong is in the report, a code other than 0 means that there is none.
    options = ["--format", "json", "--skip-non-html", "--exit-zero-always", "--stdout"]
    run = subprocess.run([*command, *options, *paths], capture_output=True, text=True, timeout=100)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return [_line(one) for one in json.loads(run.stdout)["messages"] if _BY_ORIGIN not in one["message"]]


def _line(message: dict[str, object]) -> str:
    kind = message.get("subType") or message["type"]
    return f"{message.get('url')}:{message.get('lastLine')}:{message.get('lastColumn')}: {kind}: {message['message']}"
