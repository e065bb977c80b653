"""Web addresses as writers type them (RFC 3986)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[^\s<>\"\\^`{|}%.]+(?:\.[^\s<>\"\\^`{|}%.]+)*\.?")
_BARE = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:/[^\s<>\"\\]*)?", re.IGNORECASE)


def has_host(url: str) -> bool:
    """Whether an address that starts with http: or https: names a host that could be asked."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (":" in str(parts.hostname) or bool(_HOST.fullmatch(str(parts.hostname))))
    except ValueError:
        return False


def mended(url: str) -> str:
    """The address that was probably meant: blanks written as %20, a missing https:// put in front; may be empty."""
    url = re.sub(r"\s+", "%20", url.strip())
    if url.startswith("//"):
        url = url[2:]
    if _BARE.fullmatch(url):
        url = f"https://{url}"
    return url if re.match(r"https?://", url) and has_host(url) and not re.search(r"[<>\"\\]", url) else ""
