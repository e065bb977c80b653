"""What a unit of work is made from: one list of ingredients that is both its fingerprint and its explanation.

A unit is stale where an ingredient is another one than at the last time; the names of those that are say why. There
is no second place that decides, so "why was this rebuilt" can never disagree with what was done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

SHOWN = "what it shows"
TEXT = "its text"
LINKS = "its links"
TEMPLATES = "its templates"
SHARED = "the shared parts"
SITE = "what pages show of the site"
LISTED = "what it lists"
"""Names of ingredients that more is done with than to compare them."""


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} is no value that can be kept")
    # Markup: HTML is a text like any other here.
    return value.encode().decode()


encode = msgspec.json.Encoder(order="deterministic", enc_hook=_plain).encode


def digest(data: bytes) -> str:
    """The digest of a file or of an ingredient (BLAKE2b, 96 bits, hexadecimal)."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


class Ingredient(Struct, frozen=True):
    """One thing that a unit's files depend on. `value` (JSON) tells what has changed in it; `name` says what it is."""

    name: str
    digest: str
    value: bytes = b""


def ingredient(name: str, value: Any) -> Ingredient:
    """An ingredient made from a value that can be written as JSON."""
    data = encode(value)
    return Ingredient(name, digest(data), data)


def reasons(
    old: Mapping[str, str] | None, new: tuple[Ingredient, ...], value_of: Callable[[str], bytes | None]
) -> tuple[str, ...]:
    """Why a unit has to be made anew, in words; nothing where it need not be.

    `old` are the digests of its ingredients by their names at the last time, None where there was none.
    `value_of` gives the value that an ingredient with a digest had then, if that is still known.
    """
    if old is None:
        return ("no earlier one is known",)
    names = {one.name: one.digest for one in new}
    if names == old:
        return ()
    found: list[str] = []
    for one in new:
        was = old.get(one.name)
        if was is None:
            found.append(f"{one.name} (new)")
        elif was != one.digest:
            found += _differences(one.name, one.value, value_of(was))
    found += [f"{name} (no longer)" for name in old if name not in names]
    return tuple(found)


@lru_cache(maxsize=64)
def _differences(name: str, new: bytes, old: bytes | None) -> tuple[str, ...]:
    """The parts of an ingredient that are not the same, as `its view: title`."""
    before, after = _parts(old), _parts(new)
    changed = [part for part in sorted({*before, *after}) if before.get(part) != after.get(part)]
    if not (before and after and changed):
        return (name,)
    return tuple(f"{name}: {part}" for part in changed)


def _parts(value: bytes | None) -> dict[str, Any]:
    """The parts of a JSON object, those of its article or view as `article.title`."""
    decoded = msgspec.json.decode(value) if value else None
    if not isinstance(decoded, dict):
        return {}
    found: dict[str, Any] = {}
    for name, part in decoded.items():
        if isinstance(part, dict) and name in ("article", "view"):
            found.update((f"{name}.{inner}", value) for inner, value in part.items())
        else:
            found[name] = part
    return found
