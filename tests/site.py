"""Small sites for tests: written to a temporary folder from texts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sitegen.engine.build import build
from sitegen.engine.options import Options
from sitegen.engine.result import Result
from sitegen.engine.stamps import TICK
from sitegen.engine.weight import Weight

NOW = datetime.fromisoformat("2026-11-01T12:00:00+00:00")

CONFIG = """\
title = "Tiny"
base_url = "https://tiny.example/"

[[sections]]
slug = "news"
title = "News"

[[sections]]
slug = "making"
title = "Making"
"""

ARTICLE = """\
---
title: A first headline
published: 2026-10-01
summary: What the first one says.
---
The text of it.
"""

PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0"
    b"\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)
"""A picture of one pixel (PNG)."""


def write_site(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A site with one article; `files` adds to it or replaces, by paths below the root."""
    every: dict[str, str | bytes] = {"sitegen.toml": CONFIG, "content/articles/news/first.md": ARTICLE}
    every.update(files or {})
    write_files(root, every)
    return root


def set_theme(root: Path, theme: str) -> Path:
    """The same site with another theme."""
    config = root / "sitegen.toml"
    config.write_text(f'theme = "{theme}"\n' + config.read_text("utf-8"), "utf-8")
    return root


def write_files(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Writes these files, their folders where they are missing, and nothing else."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def build_site(
    root: Path,
    workers: int = 1,
    base_url: str = "",
    now: datetime = NOW,
    drafts: bool = False,
    output: str = "output",
) -> Result:
    """One build into a folder of the site."""
    return build(Options(root, root / output, base_url, drafts, now, workers))


def let_settle() -> None:
    """Waits until the stamps of what was just written can be trusted; a small build is quicker than that."""
    time.sleep(3 * TICK / 1e9)


def weight_on_disk(folder: Path) -> Weight:
    """What a folder weighs, file by file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    largest = min(sizes, key=lambda name: (-sizes[name], name))
    filled = Counter(name.rpartition("/")[0] for name in sizes)
    fullest = min(filled, key=lambda name: (-filled[name], name))
    return Weight(sum(sizes.values()), largest, sizes[largest], fullest, filled[fullest])


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
