"""What is sent for a file: its type, its tag, and a part of it where one was asked for (RFC 9110)."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping

from starlette.responses import Response

for _type, _ending in (
    ("image/webp", ".webp"),
    ("image/avif", ".avif"),
    ("font/woff2", ".woff2"),
    ("text/javascript", ".js"),
    ("text/plain", ".nojekyll"),
    ("application/xml", ".xml"),
):
    mimetypes.add_type(_type, _ending)

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def type_of(name: str) -> str:
    """The media type of a file, by its name."""
    found = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def tag_of(data: bytes) -> str:
    """The entity tag of these bytes (RFC 9110, 8.8.3)."""
    return f'"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'


def reply(data: bytes, name: str, status: int, asked: Mapping[str, str], headers: Mapping[str, str]) -> Response:
    """The answer that has these bytes. `asked` are the request's headers, in lower case."""
    tag = tag_of(data)
    every = {**headers, "etag": tag, "accept-ranges": "bytes"}
    if status == 200 and _knows(asked.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=every)
    part = _part(asked.get("range", ""), len(data)) if status == 200 and asked.get("if-range", tag) == tag else None
    if part is None:
        return Response(data, status, every, type_of(name))
    if not part:
        return Response(status_code=416, headers={**every, "content-range": f"bytes */{len(data)}"})
    every["content-range"] = f"bytes {part.start}-{part.stop - 1}/{len(data)}"
    return Response(data[part.start : part.stop], 206, every, type_of(name))


def _knows(named: str, tag: str) -> bool:
    """Whether a client has this already; it may say so weakly (RFC 9110, 13.1.2)."""
    return named.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in named.split(","))


def _part(asked: str, length: int) -> range | None:
    """The bytes that a Range header asks for: none of them where there are none, None where all are to be sent.

    More than one range may be answered with the whole (RFC 9110, 14.2).
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return range(max(0, length - int(last)), length)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, length) if last else length)
