"""Where the themes lie that come with sitegen."""

from __future__ import annotations

from pathlib import Path


def bundled_themes() -> Path:
    """The folder of the themes that come with sitegen: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"
