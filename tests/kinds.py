"""Pages of every kind of the bundled site, which is built with both themes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.site import build_site, set_theme
from tests.test_golden import BUNDLED, copy_site

THEMES = ("default", "bobbin")
NOW = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
"""When the site is built: most of its articles are out."""

ARTICLE = "/fabrics/2026/11/why-a-twill-drapes/"
KINDS = {
    "front": "/",
    "section": "/fabrics/",
    "terms": "/tags/",
    "term": "/brands/halden-row/",
    "jobs": "/jobs/",
    "archive": "/archive/",
    "month": "/archive/2026/10/",
    "standing": "/about/",
    "missing": "/404.html",
    "article": ARTICLE,
    "interview": "/interviews/2026/07/a-parcel-has-no-memory/",
}
VARIANTS = {name: f"{ARTICLE}{name}.html" for name in ("small", "large", "x-large", "print", "download")}


def build_bundled(root: Path, theme: str = "default") -> Path:
    """The folder of the bundled site, built with this theme below `root`."""
    build_site(set_theme(copy_site(BUNDLED, root), theme), now=NOW)
    return root / "output"
