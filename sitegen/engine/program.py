"""What does the work: sitegen's own code, the libraries that decide about bytes, and Python.

The same sources make other bytes with another program; whatever is kept between builds names the one that made it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
LIBRARIES = (
    *("anyascii", "babel", "jinja2", "markdown_it_py", "markupsafe", "mdit_py_plugins", "msgspec", "nh3", "pillow"),
    *("pyyaml", "typst", "tzdata"),
)
"""Libraries that have a say in what stands in a page, as their folders of metadata are named."""


@cache
def program() -> dict[str, str]:
    """Each part of the program with its version; sitegen's own is the digest of its code."""
    python = f"{sys.implementation.name} {sys.version.partition(' (')[0]}"
    return {"Python": python, "sitegen": _code(PACKAGE), **dict(sorted(_versions().items()))}


@cache
def program_digest() -> str:
    """One digest of all parts (hexadecimal)."""
    return hashlib.blake2b(repr(program()).encode(), digest_size=12).hexdigest()


def _code(package: Path) -> str:
    """A digest of a package's own modules, by their contents: a change counts before anybody raises a version."""
    found = hashlib.blake2b(digest_size=12)
    for path in sorted(package.rglob("*.py")):
        data = path.read_bytes()
        found.update(f"{path.relative_to(package).as_posix()} {len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()


def _versions() -> dict[str, str]:
    # importlib.metadata would say the same, but takes longer to import than the rest of a build that has nothing to do.
    wanted, found = set(LIBRARIES), dict[str, str]()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            library, _, version = name.rpartition(".")[0].partition("-")
            library = library.lower().replace(".", "_")
            if library in wanted:
                found.setdefault(library, version)
    return {name: found.get(name, "unknown") for name in LIBRARIES}
