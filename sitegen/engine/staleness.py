"""What is stale and why, and how little of it has to be made: one judgement for each unit of work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.engine.fingerprint import SHARED, TEMPLATES, reasons
from sitegen.engine.memory import UnitRecord
from sitegen.engine.units import Unit
from sitegen.render.seams import Seams, holds_all, holds_any
from sitegen.render.verbatim import INNER_PARTS, SHARED_PARTS

ValueOf = Callable[[str], bytes | None]
"""Gives the value that an ingredient with this digest had, if that is still known."""


class Stale(Struct, frozen=True):
    """A unit that is to be made anew, and why.

    `wanted` are those of its files that have to be rendered; in those that are `patched` only the shared parts are
    exchanged, where their seams say; all others stand as they should. `inner` is a file that has the article's own
    parts, with its seams, where these are still the same: then they need not be rendered.
    """

    unit: Unit
    why: tuple[str, ...]
    wanted: tuple[str, ...]
    patched: tuple[tuple[str, Seams], ...] = ()
    inner: tuple[str, Seams] | None = None


def judge(unit: Unit, record: UnitRecord | None, value_of: ValueOf, intact: Collection[str]) -> Stale | None:
    """What has to be made of a unit; None where that is nothing.

    `record` is the unit as it was made, None where that is not known; `intact` are the files that stand as written.
    """
    why = reasons(record.ingredients if record else None, unit.ingredients, value_of)
    harmed = [file for file in unit.files if file not in intact]
    if record is None:
        return Stale(unit, why, unit.files)
    if not why:
        said = tuple(f"{file} is not as it was written" for file in harmed)
        return Stale(unit, said, tuple(harmed)) if harmed else None
    changed = _changed(unit, record)
    if not changed <= {SHARED, TEMPLATES} or unit.files != record.files:
        return Stale(unit, why, unit.files)
    others = _changed_templates(unit, record, value_of) if TEMPLATES in changed else frozenset[str]()
    seams = dict(zip(record.files, record.seams, strict=True))
    wanted: list[str] = []
    patched: list[tuple[str, Seams]] = []
    fixed = others is not None
    for file, made, inner in zip(unit.files, unit.templates, unit.inner or (None,), strict=True):
        found = seams[file]
        touched = others is None or not others.isdisjoint(made)
        if file not in intact or touched or (SHARED in changed and found is None):
            wanted.append(file)
            fixed = fixed and inner is not None and (others or frozenset()).isdisjoint(inner)
        elif SHARED in changed and found and holds_any(found, SHARED_PARTS):
            patched.append((file, found))
    inner_of = _inner_of(unit, seams, intact) if wanted and fixed else None
    return Stale(unit, why, tuple(wanted), tuple(patched), inner_of)


def _inner_of(unit: Unit, seams: Mapping[str, Seams | None], intact: Collection[str]) -> tuple[str, Seams] | None:
    """A file that has all parts of an article, as it was written; with its seams."""
    for file in unit.files:
        found = seams[file]
        if found and file in intact and holds_all(found, INNER_PARTS):
            return file, found
    return None


def _changed(unit: Unit, record: UnitRecord) -> set[str]:
    """The names of ingredients that are not the same."""
    now = {one.name: one.digest for one in unit.ingredients}
    old = record.ingredients
    return {name for name in {*now, *old} if now.get(name) != old.get(name)}


def _changed_templates(unit: Unit, record: UnitRecord, value_of: ValueOf) -> frozenset[str] | None:
    """The templates of a unit that have changed; None where that is not known."""
    (now,) = (one.value for one in unit.ingredients if one.name == TEMPLATES)
    then = value_of(record.ingredients.get(TEMPLATES, ""))
    return _others(then, now) if then is not None else None


@lru_cache(maxsize=64)
def _others(then: bytes, now: bytes) -> frozenset[str]:
    """The templates whose digests are not the same, or that are in one of two lists only."""
    before: Mapping[str, Any] = msgspec.json.decode(then)
    after: Mapping[str, Any] = msgspec.json.decode(now)
    return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))
