"""lychee (https://lychee.cli.rs), which asks a server for everything that its pages link to."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.checkers.programs import program


@dataclass(frozen=True)
class Report:
    """What lychee found: how many links lead somewhere, and which do not, as `page: address (what is wrong)`."""

    found: int
    broken: list[str]


def lychee(pages: Iterable[str], inside: str, work: Path) -> Report:
    """Follows every link of these pages to addresses that begin with `inside`; what leads elsewhere is left alone."""
    (work / "pages.txt").write_text("\n".join(pages), "utf-8")
    options = ["--no-progress", "--format", "json", "--include-fragments", "--max-redirects", "0", "--exclude", "."]
    options += ["--include", f"^{inside}", "--host-request-interval", "0ms", "--host-concurrency", "64"]
    command = [str(program("lychee")), *options, "--files-from", "pages.txt"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=work)
    # 2: something is broken.
    if run.returncode not in (0, 2):
        raise RuntimeError(run.stderr)
    report = json.loads(run.stdout)
    broken = [
        f"{page}: {link['url']} ({link['status']['text']})"
        for kind in ("error_map", "timeout_map", "redirect_map")
        for page, links in report.get(kind, {}).items()
        for link in links
    ]
    return Report(report["successful"], broken)
