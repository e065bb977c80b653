"""stylelint (https://stylelint.io), with its standard rules but for those of notation that stylelint.json names."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.checkers.programs import HERE, node_package, program


def stylelint(files: Sequence[Path]) -> list[str]:
    """What stylelint says of these style sheets, as `file:line:column: what`.

    Raises RuntimeError where stylelint itself fails, or reads not all of them.
    """
    command = [str(program("node")), str(node_package("stylelint/bin/stylelint.mjs"))]
    options = ["--config", str(HERE / "stylelint.json"), "--formatter", "json", "--no-color"]
    run = subprocess.run([*command, *options, *files], capture_output=True, text=True, timeout=60)
    # 0: nothing is wrong, 2: something is; the report comes on stderr.
    if run.returncode not in (0, 2):
        raise RuntimeError(run.stderr)
    read = json.loads(run.stderr or run.stdout)
    if len(read) != len(files):
        raise RuntimeError(f"read {len(read)} of {len(files)} files")
    return [
        f"{one['source']}:{said['line']}:{said['column']}: {said['text']}" for one in read for said in one["warnings"]
    ]
