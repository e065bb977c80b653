"""Other shared parts in files that stand as they are: a job ad costs a copy of each page, and no rendering."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from sitegen.engine.pool import in_chunks
from sitegen.engine.stage import Stage, Stored
from sitegen.render.seams import Seams, Shared, exchanged


class Patch(Struct, frozen=True):
    """One file in which shared parts are to be exchanged; `seams` say where they stand, `section` whose they are."""

    file: str
    seams: Seams
    section: str


_State = tuple[Stage, Mapping[str, Shared]]


def patch(stage: Stage, shared: Mapping[str, Shared], patches: Iterable[Patch], workers: int) -> Iterator[Stored | str]:
    """Stages the files with other shared parts; of one that stands there otherwise than it was written, its path."""
    for done in in_chunks(_chunk, (stage, shared), patches, workers):
        yield from done


def _chunk(state: _State, patches: Sequence[Patch]) -> list[Stored | str]:
    stage, shared = state
    return [_one(stage, shared, one) for one in patches]


def _one(stage: Stage, shared: Mapping[str, Shared], patch: Patch) -> Stored | str:
    data = stage.standing(patch.file)
    if data is None:
        return patch.file
    made = exchanged(patch.file, data, patch.seams, shared[patch.section].encoded())
    return stage.put(made.path, made.data, made.seams)
