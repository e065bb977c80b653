"""Writes docs/content.md and docs/themes.md from the program's own code: `make docs`."""

from __future__ import annotations

from pathlib import Path

from sitegen.reference import documentation
from tools import themedocs

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> None:
    for name, text in (("content.md", documentation()), ("themes.md", themedocs.documentation())):
        (DOCS / name).write_text(text, "utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
