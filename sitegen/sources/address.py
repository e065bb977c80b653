"""Web addresses as writers type them (RFC 3986), and the one judgement of those that are printed."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

SCHEMES = ("http", "https", "mailto", "tel")
"""What an address may begin with; every other scheme may run something, or reach into the reader's machine."""
HELD_SCHEMES = ("data",)
"""What the address of a picture begins with that a file holds itself."""
ADDRESS_ATTRIBUTES = frozenset(
    (
        *("href", "src", "cite", "action", "formaction", "poster", "data", "background", "longdesc", "ping"),
        *("manifest", "profile", "usemap", "classid", "codebase", "archive", "icon", "dynsrc", "lowsrc", "xlink:href"),
    )
)
"""Attributes that HTML, now or once, has read as an address (HTML Standard, "Attributes"; HTML 4.01, index)."""
_HOST = re.compile(r"[^\s<>\"\\^`{|}%.]+(?:\.[^\s<>\"\\^`{|}%.]+)*\.?")
_BARE = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:/[^\s<>\"\\]*)?", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ALL_SEEN = re.compile(r"[!-\[\]-~]*")
"""Printable ASCII but for the backslash, which browsers read as a slash."""


def printed(url: str, schemes: tuple[str, ...] = SCHEMES) -> str:
    """An address as it may be printed; empty where its scheme is none of `schemes`.

    Every address that a stranger may have typed passes here last, in the very form in which it is printed. Browsers
    leave out some blanks before they look for the scheme (URL Standard, "basic URL parser"), other readers others: so
    it is judged without any sign that cannot be seen, and these are printed as percent-encoded bytes.
    """
    if _ALL_SEEN.fullmatch(url):
        return url if _is_allowed(url, schemes) else ""
    seen = [_is_seen(sign) for sign in url]
    if not _is_allowed("".join(sign for sign, is_seen in zip(url, seen, strict=True) if is_seen), schemes):
        return ""
    return "".join(
        sign if is_seen else quote(sign, safe="", errors="replace") for sign, is_seen in zip(url, seen, strict=True)
    )


def refused_scheme(url: str) -> str:
    """The scheme because of which an address is not printed; empty where it is."""
    scheme = _SCHEME.match("".join(sign for sign in url if _is_seen(sign)))
    return scheme[1] if scheme and scheme[1].lower() not in SCHEMES else ""


def _is_allowed(url: str, schemes: tuple[str, ...]) -> bool:
    scheme = _SCHEME.match(url)
    return scheme is None or scheme[1].lower() in schemes


def _is_seen(sign: str) -> bool:
    """Whether a sign is neither a blank nor invisible (Unicode's categories Z and C), nor a backslash."""
    return unicodedata.category(sign)[0] not in "ZC" and sign != "\\"


def inside(url: str, home: str) -> str:
    """An address of the site itself, in full, as its path from the top (`/jobs/`); any other one as it is.

    `home` is the front page's full address. Whether it begins with http or https makes no difference.
    """
    scheme, mark, rest = url.partition("://")
    _, _, own = home.partition("://")
    if not mark or not own or scheme.lower() not in ("http", "https"):
        return url
    host, slash, _ = own.partition("/")
    if rest[: len(host)].lower() != host.lower():
        return url
    path, base = rest[len(host) :] or "/", own[len(host) :]
    if path + "/" == base:
        return "/"
    return f"/{path[len(base) :].lstrip('/')}" if slash and path.startswith(base) else url


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
