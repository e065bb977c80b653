"""What a site weighs: hosts set limits to the bytes of all files, to the largest one, and to the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from sitegen.engine.memory import Folder


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


def weigh_again(before: Weight, old: Mapping[str, Folder], new: Mapping[str, Folder]) -> Weight | None:
    """The same after some files have got other bytes, and nothing else: `old` and `new` are the folders of these.

    None where that cannot be told from these folders: the largest file has become smaller.
    """
    total, largest = before.bytes, (before.largest_bytes, before.largest)
    for name, folder in new.items():
        earlier = old[name].files
        for file, one in folder.files.items():
            size, path = one.stamp.size, _path(name, file)
            if path == before.largest and size < before.largest_bytes:
                return None
            total += size - earlier[file].stamp.size
            largest = _greater(largest, (size, path))
    return Weight(total, largest[1], largest[0], before.fullest, before.fullest_files)


def _greater(one: tuple[int, str], other: tuple[int, str]) -> tuple[int, str]:
    """The greater number; of two that are the same, the one whose name comes first."""
    return min(one, other, key=lambda pair: (-pair[0], pair[1]))


def _path(folder: str, file: str) -> str:
    return f"{folder}/{file}" if folder else file
