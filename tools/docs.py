"""Writes docs/content.md from the program's tables: `make docs`."""

from __future__ import annotations

from pathlib import Path

from sitegen.reference import documentation

DOCS = Path(__file__).resolve().parent.parent / "docs/content.md"

if __name__ == "__main__":
    DOCS.write_text(documentation(), "utf-8")
    print(DOCS)
