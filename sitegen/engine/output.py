"""The output folder: how it goes from one whole state to the next, and what in it is ours.

New bytes are staged in a hidden folder inside the output folder (the same file system, so that the last step is
a rename); only when everything has rendered, and no problem was found, are they moved to their places. A file
whose bytes have not changed is not touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from sitegen.engine.lock import held
from sitegen.engine.records import Record, digest, lock_path
from sitegen.problems import Problem, SiteError

STAGE = ".sitegen-stage"
SOURCES = ("content", "themes", ".git")


class Stored(Struct, frozen=True):
    """One file after it was compared: its hash, and whether its bytes are new."""

    file: str
    hash: str
    changed: bool


class Stage:
    """Keeps new bytes ready beside the files of an output folder; each worker has its own copy."""

    def __init__(self, output: Path) -> None:
        self._output = f"{output}{os.sep}"
        self._folder = f"{output / STAGE}{os.sep}"
        self._made: set[str] = set()
        with os.scandir(output) as entries:
            self._is_fresh = all(entry.name == STAGE for entry in entries)

    def put(self, file: str, data: bytes) -> Stored:
        """Compares a file with what stands in the output folder, and stages it where its bytes are new."""
        hashed = digest(data)
        if not self._is_fresh and _same(self._output + file, data):
            return Stored(file, hashed, False)
        folder = file.rpartition("/")[0]
        if folder not in self._made:
            Path(self._folder + folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        try:
            # Here a Path would cost as much as the file.
            with open(self._folder + file, "wb") as staged:  # noqa: PTH123
                staged.write(data)
        except OSError as error:
            # A failed write, as on a full disk, names no file by itself.
            error.filename = error.filename or self._folder + file
            raise
        return Stored(file, hashed, True)


def _same(target: str, data: bytes) -> bool:
    try:
        with open(target, "rb", buffering=0, opener=_open_itself) as file:
            return os.fstat(file.fileno()).st_size == len(data) and file.read() == data
    except OSError:
        return False


def _open_itself(path: str, flags: int) -> int:
    """Opens without following a link: a link in our place is not our file."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


@contextlib.contextmanager
def locked(root: Path, folder: Path) -> Iterator[int]:
    """Keeps other builds from an output folder; raises SiteError where one does not end in time.

    Yields the moment (ns) at which the folder was taken, by the clock of the file system.
    """
    with held(lock_path(root, folder), _shown(folder, root)) as taken:
        yield taken


class Output:
    """One output folder during one build. `preview` tells that it is looked at only, and may hold drafts."""

    def __init__(self, root: Path, folder: Path, preview: bool = False) -> None:
        self.root, self.folder = root, folder
        self._record = Record(root, folder, preview)
        self._made = False

    def check(self) -> None:
        """Raises SiteError where the folder is none that may be written to."""
        if self.folder.exists() and not self.folder.is_dir():
            raise self._error("is a file, not a folder", "name another folder with --output")
        if self._is_among_sources():
            raise self._error("lies among the site's sources", "name another folder with --output")
        if self._record.preview and self._record.known and not self._record.was_preview:
            hint = "name another folder with --output: drafts must not get among what is published"
            raise self._error("holds a site made by sitegen build", hint)

    def begin(self) -> Stage:
        """Makes the folder and an empty stage in it; what a killed build staged is cleared."""
        self.check()
        self._made = not self.folder.exists()
        self._clear_stage()
        (self.folder / STAGE).mkdir(parents=True)
        return Stage(self.folder)

    def commit(self, stored: Mapping[str, Stored]) -> int:
        """Removes what is stale and moves what is staged into place; the number of files removed.

        Raises SiteError, before anything has changed, where the folder holds files that are not ours: any at all
        if the folder is unknown, otherwise those that stand where a page needs a folder or the other way round.
        """
        self._refuse_strangers(stored)
        new = {item.file: frozenset((item.hash,)) for item in stored.values()}
        old = self._record.files
        self._record.write({**old, **new, **{file: old[file] | new[file] for file in old.keys() & new.keys()}})
        # Stale files go first: one of them may stand where a new folder is to be.
        removed = sum(self._remove(file) for file in sorted(set(old) - set(new)))
        self._move(self.folder / STAGE, self.folder)
        self._clear_stage()
        self._record.write(new)
        return removed

    def abandon(self) -> None:
        """Forgets what was staged; what stands in the folder stays as it was."""
        self._clear_stage()
        if self._made and self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _is_among_sources(self) -> bool:
        folder, root = self.folder.resolve(), self.root.resolve()
        return root.is_relative_to(folder) or any(folder.is_relative_to(root / name) for name in SOURCES)

    def _clear_stage(self) -> None:
        shutil.rmtree(self.folder / STAGE, ignore_errors=True)

    def _refuse_strangers(self, planned: Mapping[str, Stored]) -> None:
        unplanned = [file for file in _files(self.folder) if file not in planned]
        strangers = [file for file in unplanned if file not in self._record.files]
        if strangers and not self._record.known:
            hint = "name an empty folder with --output, or move these files away"
            raise self._error(f"holds files that sitegen did not write: {_some(strangers)}", hint)
        folders = set(_parents(planned))
        in_the_way = [
            file
            for file in unplanned
            if (file in folders or any(parent in planned for parent in _parents([file]))) and not self._is_ours(file)
        ]
        if in_the_way:
            hint = "move them away; sitegen never deletes what it did not write"
            raise self._error(f"holds files in the way of its pages: {_some(in_the_way)}", hint)

    def _move(self, source: Path, target: Path) -> None:
        for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
            place = target / entry.name
            if entry.is_dir(follow_symlinks=False) and place.is_dir():
                self._move(Path(entry.path), place)
                continue
            if place.is_dir() and not place.is_symlink():
                _remove_empty(place)
            Path(entry.path).replace(place)

    def _is_ours(self, file: str) -> bool:
        """Whether a file still has the bytes that sitegen wrote."""
        path = self.folder / file
        try:
            return not path.is_symlink() and digest(path.read_bytes()) in self._record.files.get(file, ())
        except OSError:
            return False

    def _remove(self, file: str) -> int:
        path = self.folder / file
        if not self._is_ours(file):
            return 0
        path.unlink()
        for parent in path.relative_to(self.folder).parents:
            if parent == Path():
                break
            try:
                (self.folder / parent).rmdir()
            except OSError:
                break
        return 1

    def _error(self, message: str, hint: str) -> SiteError:
        return SiteError([Problem(_shown(self.folder, self.root), 0, 0, f"the output folder {message}", hint)])


def _shown(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix() or "."
    except ValueError:
        return str(path)


def _remove_empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir()
    folder.rmdir()


def _files(folder: Path, prefix: str = "") -> Iterator[str]:
    """Every file below a folder but those staged, links included as files, relative to it."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            name = prefix + entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield name
            elif name != STAGE:
                yield from _files(Path(entry.path), name + "/")


def _parents(files: Iterable[str]) -> Iterator[str]:
    """Every folder that the files need, as paths."""
    for file in files:
        while "/" in file:
            file = file.rpartition("/")[0]
            yield file


def _some(files: list[str]) -> str:
    shown = ", ".join(files[:3])
    return shown if len(files) <= 3 else f"{shown} and {len(files) - 3} more"
