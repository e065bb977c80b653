"""Lighthouse (https://github.com/GoogleChrome/lighthouse), which looks at a page as a whole."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from tests.checkers.programs import node_package, program


class Verdict(NamedTuple):
    """Out of 100 each, but for `performance` a matter of what stands on the page; `shift`: Cumulative Layout Shift.

    `faults` are the audits that cost something, as `category: audit: what was found`.
    """

    performance: int
    accessibility: int
    best_practices: int
    seo: int
    shift: float
    faults: list[str]


def lighthouse(url: str, work: Path, *, is_wide: bool = False) -> Verdict:
    """What Lighthouse says of a page, as a phone shows it or a desk.

    Raises RuntimeError where Lighthouse itself fails.
    """
    report = work / "lighthouse.json"
    command = [str(program("node")), str(node_package("lighthouse/cli/index.js", Path(__file__).parent)), url]
    options = ["--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={' '.join(_flags())}"]
    options += ["--preset=desktop"] if is_wide else []
    surroundings = os.environ | {"CHROME_PATH": str(program("chromium"))}
    run = subprocess.run([*command, *options], env=surroundings, capture_output=True, text=True, timeout=100)
    if run.returncode:
        raise RuntimeError(run.stderr)
    read = json.loads(report.read_text("utf-8"))
    if "runtimeError" in read:
        raise RuntimeError(read["runtimeError"]["message"])
    scores = {name: round(100 * one["score"]) for name, one in read["categories"].items()}
    return Verdict(
        scores["performance"],
        scores["accessibility"],
        scores["best-practices"],
        scores["seo"],
        read["audits"]["cumulative-layout-shift"]["numericValue"],
        _faults(read),
    )


def _flags() -> list[str]:
    # As in tests/browser.py: Chromium's sandbox refuses to work for root.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--headless=new", "--disable-dev-shm-usage", *(["--no-sandbox"] if root else [])]


def _faults(report: dict[str, Any]) -> list[str]:
    """Every audit that counts and was not passed."""
    found = []
    for name, category in report["categories"].items():
        for one in category["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 1:
                found.append(f"{name}: {one['id']}: {audit['title']} {audit.get('displayValue', '')}".strip())
    return found
