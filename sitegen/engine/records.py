"""What sitegen remembers of an output folder: every file it wrote there, with its hash.

A record lies in .sitegen/ beside sitegen.toml, never in the output. It may lag behind the output and never runs
ahead of it: before the first file is moved it names the old and the new bytes of every file, so that whatever a
killed build leaves behind is still recognised; only when all is in place does it forget the old ones.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

STATE = ".sitegen"
_HEADERS = {
    False: "# Written by sitegen: the files that it made in {folder}, with their hashes. Do not edit.\n",
    True: "# Written by sitegen serve: the files of its preview in {folder}, with their hashes. Do not edit.\n",
}

Hashes = dict[str, frozenset[str]]
"""The hashes by which each file of an output folder is recognised, by its path in it."""


def digest(data: bytes) -> str:
    """The hash by which a file is recognised (BLAKE2b, 96 bits, hexadecimal)."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


class Record:
    """The record of one output folder. `known` is false where there is none that can be read.

    `preview` tells a preview's folder, which may hold drafts, from one that is to be published; `was_preview`
    is what the record that was read says of it.
    """

    def __init__(self, root: Path, folder: Path, preview: bool = False) -> None:
        self._name = _name(root, folder)
        self._path = _path(root, folder, ".txt")
        self.preview = self.was_preview = preview
        self.files: Hashes = {}
        self.known = self._read()

    def write(self, files: Hashes) -> None:
        """Replaces the record; nothing is written where it would say the same. Raises OSError."""
        if self.known and files == self.files and self.preview == self.was_preview:
            return
        lines = [f"{hashed} {file}\n" for file in sorted(files) for hashed in sorted(files[file])]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(self._header(self.preview) + "".join(lines), "utf-8")
        fresh.replace(self._path)
        self.files, self.known = files, True
        self.was_preview = self.preview

    def _read(self) -> bool:
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        for self.was_preview in (False, True):
            if text.startswith(self._header(self.was_preview)):
                break
        else:
            return False
        for line in text.splitlines()[1:]:
            hashed, _, file = line.partition(" ")
            if file and ".." not in file.split("/") and not file.startswith("/"):
                self.files[file] = self.files.get(file, frozenset()) | {hashed}
        return True

    def _header(self, preview: bool) -> str:
        return _HEADERS[preview].format(folder=self._name)


def lock_path(root: Path, folder: Path) -> Path:
    """The file whose lock keeps other builds from an output folder."""
    return _path(root, folder, ".lock")


def _path(root: Path, folder: Path, ending: str) -> Path:
    name = hashlib.blake2b(_name(root, folder).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    return root / STATE / "outputs" / f"{name}{ending}"


def _name(root: Path, folder: Path) -> str:
    """The folder as seen from the site, so that a site that is moved as a whole keeps its records."""
    resolved = folder.resolve()
    try:
        return resolved.relative_to(root.resolve()).as_posix()
    except ValueError:
        return resolved.as_posix()
