"""Files as they are put together from what is their own and from ready-made parts, and where these stand in them.

Where only the shared parts are others than before, they are exchanged in the files that stand there: no page has to
be rendered for another job ad in the sidebar. And where only what stands around an article is another, its own parts
are taken from there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from markupsafe import Markup
from msgspec import Struct

from sitegen.render.verbatim import PARTS, SHARED_PARTS

SIGN = "\x01"
"""Stands around the name of a part while a page is rendered; no text and no template may hold it."""
PLACES = {name: Markup(f"{SIGN}{name}{SIGN}") for name in PARTS}
"""What stands in the place of each part while a page is rendered."""
_SIGN = SIGN.encode()
_NUMBERS = {name.encode(): number for number, name in enumerate(PARTS)}

Seams = tuple[int, ...]
"""Three numbers for each part in a file: which one (as in PARTS), the byte it begins at, and its bytes."""


class Shared(Struct, frozen=True):
    """The parts that pages have in common, ready rendered."""

    header: Markup
    sidebar: Markup
    footer: Markup

    def encoded(self) -> Mapping[str, bytes]:
        """The parts as they stand in files, by their names."""
        return _encoded(self.header, self.sidebar, self.footer)


@lru_cache(maxsize=256)
def _encoded(*parts: str) -> Mapping[str, bytes]:
    return {name: part.encode() for name, part in zip(SHARED_PARTS, parts, strict=True)}


class File(Struct, frozen=True):
    """One file: its path in the output, its bytes, and where the parts stand in them.

    `seams` is None where that is not known of the shared parts.
    """

    path: str
    data: bytes
    seams: Seams | None = None


def assembled(path: str, page: str, parts: Mapping[str, bytes]) -> File | None:
    """The file of a page in which parts go where their names stand; None where a sign is something else."""
    pieces = page.encode().split(_SIGN)
    if len(pieces) % 2 == 0:
        return None
    seams, at = list[int](), len(pieces[0])
    for index in range(1, len(pieces), 2):
        number = _NUMBERS.get(pieces[index])
        data = parts.get(PARTS[number]) if number is not None else None
        if number is None or data is None:
            return None
        pieces[index] = data
        seams += (number, at, len(data))
        at += len(data) + len(pieces[index + 1])
    return File(path, b"".join(pieces), tuple(seams))


def exchanged(path: str, data: bytes, seams: Seams, parts: Mapping[str, bytes]) -> File:
    """A file with other parts; `seams` say where the parts stand in `data`. Those that are not given stay."""
    made, found, grown, end = list[bytes](), list(seams), 0, 0
    for at in range(0, len(seams), 3):
        start, length = seams[at + 1], seams[at + 2]
        found[at + 1] = start + grown
        part = parts.get(PARTS[seams[at]])
        if part is None:
            continue
        made += (data[end:start], part)
        end = start + length
        found[at + 2] = len(part)
        grown += len(part) - length
    made.append(data[end:])
    return File(path, b"".join(made), tuple(found))


def cut(data: bytes, seams: Seams) -> dict[str, bytes]:
    """The parts that stand in a file, by their names."""
    return {name: data[start : start + length] for name, start, length in _each(seams)}


def holds_all(seams: Seams | None, parts: Collection[str]) -> bool:
    """Whether all these parts stand in a file."""
    return seams is not None and {PARTS.index(name) for name in parts}.issubset(seams[::3])


def holds_any(seams: Seams | None, parts: Collection[str]) -> bool:
    """Whether one of these parts stands in a file."""
    return seams is not None and any(PARTS.index(name) in seams[::3] for name in parts)


def _each(seams: Seams) -> Iterator[tuple[str, int, int]]:
    for number, start, length in zip(seams[::3], seams[1::3], seams[2::3], strict=True):
        yield PARTS[number], start, length
