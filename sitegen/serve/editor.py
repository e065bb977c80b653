"""Links that open a file in the writer's editor, at a line and a column."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

EDITORS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "windsurf": "windsurf://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "webstorm": "webstorm://open?file={path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
}
"""Editors by name, with the addresses that open a file in them."""


class Editor(Struct, frozen=True):
    """An editor by the pattern of its addresses, in which {path}, {line} and {column} stand; "" for none."""

    root: Path
    pattern: str = ""

    def link(self, file: str, line: int = 0, column: int = 0) -> str:
        """The address that opens a file of the site, named as problems name it; "" where there is none."""
        path = self.root / file
        if not self.pattern or not path.is_file():
            return ""
        # A drive's letter needs a slash before it.
        named = quote(f"/{path.resolve().as_posix().removeprefix('/')}")
        return self.pattern.format(path=named, line=max(line, 1), column=max(column, 1))


def pattern_of(asked: str) -> str:
    """The pattern that a name of an editor stands for, or that was asked for itself. Raises ValueError."""
    if asked in EDITORS or not asked:
        return EDITORS.get(asked, "")
    if "{path}" not in asked or ":" not in asked.partition("{path}")[0]:
        names = ", ".join(EDITORS)
        raise ValueError(f"name one of {names}, or an address with {{path}}, {{line}} and {{column}}")
    try:
        asked.format(path="", line=1, column=1)
    except (LookupError, ValueError):
        raise ValueError("only {path}, {line} and {column} may stand in braces") from None
    return asked
