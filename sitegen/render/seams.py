"""Files as they are put together from what is their own and from shared parts, and where these begin and end in them.

Where only the shared parts are others than before, they are exchanged in the files that stand there: no page has to
be rendered for another job ad in the sidebar.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup
from msgspec import Struct

from sitegen.render.verbatim import PARTS

SIGN = "\x01"
"""Stands around the name of a shared part while a page is rendered; no text and no template may hold it."""
_NUMBERS = {name: number for number, name in enumerate(PARTS)}

Seams = tuple[int, ...]
"""Three numbers for each shared part in a file: which one (as in PARTS), the byte it begins at, and its bytes."""


class Shared(Struct, frozen=True):
    """The parts that pages have in common, ready rendered."""

    header: Markup
    sidebar: Markup
    footer: Markup

    def encoded(self) -> tuple[bytes, ...]:
        """The parts as they stand in files, in the order of PARTS."""
        return _encoded(self.header, self.sidebar, self.footer)


@lru_cache(maxsize=256)
def _encoded(*parts: str) -> tuple[bytes, ...]:
    return tuple(part.encode() for part in parts)


class File(Struct, frozen=True):
    """One file: its path in the output, its bytes, and where the shared parts stand in them.

    `seams` is None where that is not known.
    """

    path: str
    data: bytes
    seams: Seams | None = None


def assembled(path: str, page: str, shared: Shared) -> File | None:
    """The file of a page in which the shared parts go where their names stand; None where a sign is something else."""
    pieces = page.split(SIGN)
    if len(pieces) == 1:
        return File(path, page.encode(), ())
    if len(pieces) % 2 == 0 or any(name not in _NUMBERS for name in pieces[1::2]):
        return None
    parts, made, seams, at = shared.encoded(), list[bytes](), list[int](), 0
    for index, piece in enumerate(pieces):
        if index % 2:
            number = _NUMBERS[piece]
            data = parts[number]
            seams += (number, at, len(data))
        else:
            data = piece.encode()
        made.append(data)
        at += len(data)
    return File(path, b"".join(made), tuple(seams))


def exchanged(path: str, data: bytes, seams: Seams, parts: Sequence[bytes]) -> File:
    """A file with other shared parts; `seams` say where they stand in `data`."""
    made, found, at, end = list[bytes](), list[int](), 0, 0
    for number, start, length in zip(seams[::3], seams[1::3], seams[2::3], strict=True):
        own, part = data[end:start], parts[number]
        found += (number, at + len(own), len(part))
        made += (own, part)
        at += len(own) + len(part)
        end = start + length
    made.append(data[end:])
    return File(path, b"".join(made), tuple(found))
