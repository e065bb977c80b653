"""Where this very program comes from, as an installer can be told: "Direct URL Origin" (PyPA specification, PEP 610).

The name alone does not say it: an index may hold another project under it, or none.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

import msgspec

DISTRIBUTION = "sitegen-press"
"""The name of the distribution; `sitegen` is that of another project on the package index."""
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~%+-]+)+/?")
"""An address that anybody may read, without a password, and that a shell takes for one word."""
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def requirement() -> str:
    """What pip installs exactly this program from, as a requirement (PEP 508); empty where that is not known."""
    try:
        said = distribution(DISTRIBUTION).read_text("direct_url.json")
        found = msgspec.json.decode(said or "{}")
    except (PackageNotFoundError, OSError, msgspec.DecodeError):
        return ""
    return _requirement(found) if isinstance(found, dict) else ""


def _requirement(origin: dict[str, Any]) -> str:
    address = origin.get("url")
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return ""
    below = origin.get("subdirectory")
    folder = f"subdirectory={below}" if isinstance(below, str) and re.fullmatch(r"[A-Za-z0-9._/-]+", below) else ""
    if below and not folder:
        return ""
    commit = _part(origin, "vcs_info", "commit_id")
    if _part(origin, "vcs_info", "vcs") == "git" and _COMMIT.fullmatch(commit):
        return f"{DISTRIBUTION} @ git+{address}@{commit}" + (f"#{folder}" if folder else "")
    digest = _part(origin, "archive_info", "hashes", "sha256") or _part(origin, "archive_info", "hash").removeprefix(
        "sha256="
    )
    if _DIGEST.fullmatch(digest):
        return f"{DISTRIBUTION} @ {address}#sha256={digest}" + (f"&{folder}" if folder else "")
    return ""


def _part(value: Any, *names: str) -> str:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
