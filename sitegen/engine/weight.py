"""What a site weighs: hosts set limits to the bytes of all files, to the largest one, and to the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from sitegen.engine.memory import Folder, Memory


_FEW = 1000
"""So many folders are compared with what they were; of more it is quicker to count all."""


class Weight(Struct, frozen=True):
    """The bytes of all files, the largest file with its bytes, and the folder with the most files directly in it.

    Of two that are as large it is the first by its name. `fullest` is "" for the output folder itself.
    """

    bytes: int = 0
    largest: str = ""
    largest_bytes: int = 0
    fullest: str = ""
    fullest_files: int = 0


def weigh(folders: Mapping[str, Folder]) -> Weight:
    """What all files of these folders weigh; `folders` are those of an output folder, by their paths in it."""
    total, largest, fullest = 0, (0, ""), (0, "")
    for name, folder in folders.items():
        for file, (_, stamp) in folder.files.items():
            size = stamp.size
            total += size
            if size >= largest[0]:
                largest = _greater(largest, (size, _path(name, file)))
        if folder.files:
            fullest = _greater(fullest, (len(folder.files), name))
    return Weight(total, largest[1], largest[0], fullest[1], fullest[0])


def weight_with(folders: Mapping[str, Folder], memory: Memory, before: Weight | None) -> Weight:
    """What an output weighs with these folders in place of those that are remembered.

    `before` is what it weighed with those, if that is known: then only what has changed is counted.
    """
    found = None
    if before is not None and len(folders) < _FEW:
        found = _weigh_again(before, {name: memory.folder(name) for name in folders}, folders)
    return found if found is not None else weigh({**memory.folders(), **folders})


def _weigh_again(before: Weight, old: Mapping[str, Folder], new: Mapping[str, Folder]) -> Weight | None:
    """The weight with the folders `new` in place of the same ones as they were.

    None where that cannot be told from these: what was the most has become less, or is gone.
    """
    name, _, file = before.largest.rpartition("/")
    if name in new and (file not in new[name].files or new[name].files[file].stamp.size < before.largest_bytes):
        return None
    if before.fullest in new and len(new[before.fullest].files) < before.fullest_files:
        return None
    found = weigh(new)
    largest = _greater((before.largest_bytes, before.largest), (found.largest_bytes, found.largest))
    fullest = _greater((before.fullest_files, before.fullest), (found.fullest_files, found.fullest))
    return Weight(before.bytes - weigh(old).bytes + found.bytes, largest[1], largest[0], fullest[1], fullest[0])


def _greater(one: tuple[int, str], other: tuple[int, str]) -> tuple[int, str]:
    """The greater number; of two that are the same, the one whose name comes first."""
    return min(one, other, key=lambda pair: (-pair[0], pair[1]))


def _path(folder: str, file: str) -> str:
    return f"{folder}/{file}" if folder else file
