"""The output folder: what of it is ours, and how it goes from one whole state to the next.

New bytes are first written to a staging folder inside the output folder; only when everything is there, and no
problem was found, are they moved to their places. A manifest in the output folder lists every file that sitegen
wrote, with its hash. Before the first move it lists the old and the new files, so that a build that is killed
half way leaves nothing behind that the next one would not recognise.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from sitegen.problems import Problem, SiteError

MANIFEST = ".sitegen-manifest"
STAGING = ".sitegen-staging"
_HEADER = "# Written by sitegen: the files that it made, with their hashes. Do not edit.\n"


def digest(data: bytes) -> str:
    """The hash by which a file is recognised."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


class Stored(Struct, frozen=True):
    """One file after it was compared: its hash, and whether its bytes are new."""

    file: str
    hash: str
    changed: bool


def stage(output: Path, file: str, data: bytes) -> Stored:
    """Compares a file with what stands in the output folder and keeps new bytes ready; workers call this."""
    hashed = digest(data)
    target = output / file
    if _same(target, data):
        return Stored(file, hashed, False)
    staged = output / STAGING / file
    try:
        staged.write_bytes(data)
    except FileNotFoundError:
        staged.parent.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(data)
    return Stored(file, hashed, True)


def _same(target: Path, data: bytes) -> bool:
    try:
        # Opened without following a link: a link in our place is not our file.
        handle = os.open(target, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    with os.fdopen(handle, "rb") as file:
        return os.fstat(handle).st_size == len(data) and file.read() == data


class Output:
    """One output folder during one build."""

    def __init__(self, folder: Path, shown: str) -> None:
        self.folder = folder
        self.shown = shown
        self.known = self._read_manifest()

    def begin(self, planned: Iterable[str]) -> None:
        """Refuses a folder that is not ours, or files that stand in the way; clears what a killed build left."""
        if self.folder.exists() and not self.folder.is_dir():
            raise self._error("is a file, not a folder", "name another folder with --output")
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.folder / STAGING, ignore_errors=True)
        foreign = [file for file in _files(self.folder) if file not in self.known and file != MANIFEST]
        if foreign and not (self.folder / MANIFEST).exists():
            hint = "name an empty folder with --output, or move these files away"
            raise self._error(f"holds files that sitegen did not write: {_some(foreign)}", hint)
        wanted = set(planned)
        in_the_way = sorted(
            (set(foreign) & set(_with_parents(wanted)))
            | {file for file in foreign if not wanted.isdisjoint(_with_parents([file]))}
        )
        if in_the_way:
            hint = "move them away; sitegen never overwrites what it did not write"
            raise self._error(f"holds files in the place of pages: {_some(in_the_way)}", hint)
        (self.folder / STAGING).mkdir()

    def commit(self, stored: Mapping[str, Stored]) -> int:
        """Moves what is staged into place and removes what is stale; the number of files removed."""
        new = {item.file: {item.hash} for item in stored.values()}
        union = {file: self.known.get(file, set()) | new.get(file, set()) for file in {*self.known, *new}}
        if union != self.known:
            self._write_manifest(union)
        removed = sum(self._remove(file) for file in sorted(set(self.known) - set(new)))
        self._move(self.folder / STAGING, self.folder)
        shutil.rmtree(self.folder / STAGING, ignore_errors=True)
        if new != self._read_manifest():
            self._write_manifest(new)
        return removed

    def abandon(self) -> None:
        """Forgets what was staged; what stands in the folder stays as it was."""
        shutil.rmtree(self.folder / STAGING, ignore_errors=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _move(self, source: Path, target: Path) -> None:
        for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
            place = target / entry.name
            if entry.is_dir(follow_symlinks=False) and place.is_dir():
                self._move(Path(entry.path), place)
            else:
                if place.is_dir() and not place.is_symlink() and not entry.is_dir(follow_symlinks=False):
                    place.rmdir()
                Path(entry.path).replace(place)

    def _remove(self, file: str) -> int:
        path = self.folder / file
        try:
            if path.is_symlink() or digest(path.read_bytes()) not in self.known[file]:
                return 0
            path.unlink()
        except FileNotFoundError:
            return 0
        for parent in path.relative_to(self.folder).parents:
            if parent == Path():
                break
            try:
                (self.folder / parent).rmdir()
            except OSError:
                break
        return 1

    def _read_manifest(self) -> dict[str, set[str]]:
        known: dict[str, set[str]] = {}
        try:
            text = (self.folder / MANIFEST).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return known
        for line in text.splitlines():
            hashed, space, file = line.partition(" ")
            if space and not line.startswith("#") and ".." not in file.split("/") and not file.startswith("/"):
                known.setdefault(file, set()).add(hashed)
        return known

    def _write_manifest(self, files: Mapping[str, set[str]]) -> None:
        lines = [f"{hashed} {file}\n" for file in sorted(files) for hashed in sorted(files[file])]
        fresh = self.folder / f"{MANIFEST}.new"
        fresh.write_text(_HEADER + "".join(lines), "utf-8")
        fresh.replace(self.folder / MANIFEST)

    def _error(self, message: str, hint: str) -> SiteError:
        return SiteError([Problem(self.shown, 0, 0, f"the output folder {message}", hint)])


def _files(folder: Path, prefix: str = "") -> Iterator[str]:
    """Every file below a folder, links included as files, relative to it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path), name + "/")
            elif name != f"{MANIFEST}.new":
                yield name


def _with_parents(files: Iterable[str]) -> Iterator[str]:
    for file in files:
        yield file
        while "/" in file:
            file = file.rpartition("/")[0]
            yield file


def _some(files: list[str]) -> str:
    shown = ", ".join(sorted(files)[:3])
    return shown if len(files) <= 3 else f"{shown} and {len(files) - 3} more"
