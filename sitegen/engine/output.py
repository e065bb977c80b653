"""The output folder: changed files are staged in it and moved into place together, and only what is ours is removed.

Changed files wait in a hidden folder inside the output folder, on the same file system, so that the last step is a
rename: nobody ever sees half a file. Whoever looks at the folder while that happens sees old and new files.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR

from msgspec import Struct

from sitegen.beneath import Beneath, NotPlain
from sitegen.engine.memory import Folder, Memory, Written
from sitegen.engine.places import OUTPUTS, PICTURES, STAGE, STATE, shown
from sitegen.engine.stage import Stage, Stored
from sitegen.engine.stamps import is_settled, stamp_of
from sitegen.engine.standing import Looking, has_digest, look_at
from sitegen.problems import Problem, SiteError

_MOST_DEEP = 100
"""Folders in which an output folder may lie."""
SOURCES = ("content", "themes", ".git")


class Output:
    """One output folder during one build. `preview` tells that it is looked at only, and may hold drafts.

    `noted` is the moment (ns) when the build began, by the clock of the file system.
    """

    def __init__(self, root: Path, folder: Path, memory: Memory, noted: int, preview: bool = False) -> None:
        self.root, self.folder, self.memory, self.noted = root, folder, memory, noted
        self._preview = preview
        self._made = False
        self._was_empty = False
        self._moved_alone: set[str] = set()
        self.restamped: dict[str, Folder] = {}
        self._opened: Beneath | None = None

    def intact(self, looking: Looking | None) -> dict[str, Written]:
        """All files that stand in the folder as sitegen wrote them, by their paths.

        What was found by looking at their stamps, `looking` tells; without it every file is read.
        """
        written = self.memory.folders()
        doubtful = looking.unsure() if looking is not None else list(written)
        found = dict(self.memory.files())
        for name in doubtful:
            looked = look_at(self.folder, name, written[name], self.noted, looking is None)
            self.restamped[name] = looked.now
            for file in looked.now.files:
                found.pop(f"{name}/{file}" if name else file)
            found |= looked.intact
        return found

    def begin(self, intact: Mapping[str, Written]) -> Stage:
        """Makes the folder and an empty stage in it; what a killed build staged is cleared."""
        published = self.memory.known and not self.memory.was_preview
        check_folder(self.root, self.folder, self._preview, published)
        self._made = not self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._opened = Beneath(self.folder)
        self._tree.remove_tree(STAGE)
        self._tree.make_folder(STAGE)
        stage = Stage(self.folder, intact, self.noted)
        self._was_empty = stage.is_fresh
        return stage

    @property
    def _tree(self) -> Beneath:
        """The files in the folder, once a build has begun: no link in it is written through."""
        assert self._opened is not None
        return self._opened

    def put_in_place(
        self, stored: Mapping[str, Stored], kept: Collection[str], units: Iterable[str], intact: Collection[str]
    ) -> Placed:
        """Removes what is stale and moves what is staged into place.

        `kept` are files that no unit made anew, `units` those that were, and `intact` files that stand there. Raises
        SiteError, before anything has changed, where the folder holds files that are not ours: any at all if the
        folder is unknown, otherwise those that stand where a page needs a folder or the other way round.
        """
        written, pending = self.memory.files(), self.memory.pending()
        changed = {file: one.digest for file, one in stored.items() if one.staged}
        stale = [file for file in sorted({*written, *pending}) if file not in stored and file not in kept]
        removed = [file for file in stale if self._is_ours(file, written, pending)]
        if not self.memory.known:
            self._refuse_strangers(stored)
        there = frozenset() if self._was_empty else self._standing(changed, frozenset(removed), intact)
        if changed or stale:
            self.memory.begin(changed, stale, units)
        # Stale files go first: one of them may stand where a new folder is to be.
        for file in removed:
            self._remove(file)
        self._move({file: one.staged for file, one in stored.items() if one.staged}, there)
        self._clear_stage()
        added = tuple(sorted(file for file in changed if file not in there))
        return Placed(added, tuple(sorted(there)), tuple(removed), self._folders(stored, stale))

    def put_over(self, stored: Mapping[str, Stored], units: Iterable[str]) -> Placed:
        """Moves what is staged into the place of files that stand there; nothing goes, and nothing is new."""
        changed = {file: one.digest for file, one in stored.items() if one.staged}
        if changed:
            self.memory.begin(changed, (), units)
        self._move({file: stored[file].staged for file in changed}, changed)
        self._clear_stage()
        return Placed((), tuple(sorted(changed)), (), self._folders(stored, ()))

    def abandon(self) -> None:
        """Forgets what was staged; what stands in the folder stays as it was."""
        if self._opened is None:
            return
        self._clear_stage()
        with suppress(OSError):
            if self._made and not self._tree.names(""):
                self.folder.rmdir()
        self._opened.close()

    def _folders(self, stored: Mapping[str, Stored], stale: Iterable[str]) -> dict[str, Folder]:
        """What the folders hold now in which files were made, compared or removed."""
        before: dict[str, Folder] = {}
        found: dict[str, dict[str, Written]] = {}

        def of(file: str) -> tuple[dict[str, Written], str]:
            name, _, last = file.rpartition("/")
            if name not in found:
                before[name] = self.restamped.get(name) or self.memory.folder(name)
                found[name] = dict(before[name].files)
            return found[name], last

        for file in stale:
            files, last = of(file)
            files.pop(last, None)
        noted = self._now()
        for file, one in stored.items():
            files, last = of(file)
            # A rename changes a file's own times, that of a folder above it does not.
            stamp = None if file in self._moved_alone else one.stamp
            files[last] = Written(one.digest, stamp or stamp_of(self._tree.lstat(file)))
        for name, folder in self.restamped.items():
            before.setdefault(name, folder)
            found.setdefault(name, folder.files)
        return {name: Folder(files, _trusted(before[name], noted)) for name, files in found.items()}

    def _now(self) -> int:
        """The present moment (ns) by the clock of the file system that the folder lies on."""
        self._tree.make_folder(STAGE)
        try:
            return self._tree.lstat(STAGE).st_mtime_ns
        finally:
            self._tree.rmdir(STAGE)

    def _clear_stage(self) -> None:
        with suppress(OSError):
            self._tree.remove_tree(STAGE)

    def _refuse_strangers(self, planned: Collection[str]) -> None:
        strangers = [file for file in _files(self.folder) if file not in planned]
        if strangers:
            hint = "name an empty folder with --output, or move these files away"
            raise self._error(f"holds files that sitegen did not write: {_some(strangers)}", hint)

    def _standing(self, changed: Iterable[str], going: Collection[str], intact: Collection[str]) -> frozenset[str]:
        """Those of the changed files in whose place there is one already.

        Raises SiteError where something that stays stands in the place of a new file or of its folders.
        """
        there: set[str] = set()
        found: set[str] = set()
        plain: set[str] = set()
        for file in changed:
            try:
                folder = file.rpartition("/")[0]
                if folder not in plain and self._tree.has_folder(folder):
                    plain.add(folder)
                if file in intact or not S_ISDIR(self._tree.lstat(file).st_mode):
                    there.add(file)
                else:
                    inside = _files(self.folder / file, f"{file}/")
                    found.update(inner for inner in inside if inner not in going)
            except FileNotFoundError:
                continue
            except (NotPlain, NotADirectoryError) as error:
                # What stands in the place of one of its folders, which the system has named.
                parent = Path(error.filename).relative_to(self.folder).as_posix()
                if parent not in going:
                    found.add(parent)
        if found:
            hint = "move them away; sitegen never deletes what it did not write"
            raise self._error(f"holds files in the way of its pages: {_some(sorted(found))}", hint)
        return frozenset(there)

    def _move(self, staged: Mapping[str, str], there: Collection[str]) -> None:
        """Moves staged files into place, by their paths; `there` are those in whose place there is one already."""
        tree, folders, moved = self._tree, {""}, ""
        for file in sorted(staged):
            if moved and file.startswith(moved):
                continue
            if file not in there:
                folder = file.rpartition("/")[0]
                missing = self._highest_missing(folder, folders)
                if missing and self._was_empty:
                    tree.move_folder(f"{STAGE}/{missing}", missing)
                    moved = f"{missing}/"
                    continue
                if missing:
                    tree.make_folder(folder)
                folders.add(folder)
                self._make_room(file)
            tree.replace(f"{STAGE}/{staged[file]}", file)
            self._moved_alone.add(file)

    def _highest_missing(self, folder: str, known: Collection[str]) -> str:
        """The first folder on the way to a folder that is not there; empty where all are. `known` are there."""
        if folder in known:
            return ""
        names = folder.split("/")
        every = ("/".join(names[:depth]) for depth in range(1, len(names) + 1))
        return next((above for above in every if above not in known and not self._tree.has_folder(above)), "")

    def _make_room(self, file: str) -> None:
        """Removes empty folders that stand in the place of a file."""
        with suppress(FileNotFoundError):
            if S_ISDIR(self._tree.lstat(file).st_mode):
                self._tree.remove_tree(file)

    def _is_ours(self, file: str, written: Mapping[str, Written], pending: Mapping[str, Collection[str]]) -> bool:
        """Whether a file still has bytes that sitegen wrote."""
        digests = {*pending.get(file, ()), *((written[file].digest,) if file in written else ())}
        return any(has_digest(self._tree, file, found) for found in digests)

    def _remove(self, file: str) -> None:
        self._tree.unlink(file)
        # Folders that are empty now go as well.
        with suppress(OSError):
            for parent in _parents(file):
                self._tree.rmdir(parent)

    def _error(self, message: str, hint: str) -> SiteError:
        return _refusal(self.root, self.folder, message, hint)


def check_folder(root: Path, folder: Path, preview: bool, published: bool) -> None:
    """Raises SiteError where a folder is none that may be written to; `published`: it holds a published site."""
    link = next((part for part in _own_parts(root, folder) if part.is_symlink()), None)
    if link is not None:
        hint = f"remove it, or name the folder that it leads to: --output {os.path.realpath(folder)}"
        raise _refusal(root, link, "is a symbolic link, and sitegen writes through none", hint)
    if len(folder.parts) > _MOST_DEEP:
        raise _refusal(root, folder, "lies in too many folders", "name another folder with --output")
    if folder.exists() and not folder.is_dir():
        raise _refusal(root, folder, "is a file, not a folder", "name another folder with --output")
    real, real_root = folder.resolve(), root.resolve()
    kept = real_root / STATE
    if real_root.is_relative_to(real) or real in (kept, kept / PICTURES, kept / OUTPUTS):
        raise _refusal(root, folder, "holds what belongs to the site", "name another folder with --output")
    if any(real.is_relative_to(real_root / name) for name in SOURCES):
        raise _refusal(root, folder, "lies among the site's sources", "name another folder with --output")
    if preview and published:
        hint = "name another folder with --output: drafts must not get among what is published"
        raise _refusal(root, folder, "holds a site made by sitegen build", hint)


def _own_parts(root: Path, folder: Path) -> Iterator[Path]:
    """A folder, and those above it that lie in the site, whose files may be a stranger's."""
    top = Path(os.path.abspath(root))  # noqa: PTH100
    folder = Path(os.path.abspath(folder))  # noqa: PTH100
    yield folder
    if folder.is_relative_to(top):
        yield from (parent for parent in folder.parents if parent != top and parent.is_relative_to(top))


def _refusal(root: Path, folder: Path, message: str, hint: str) -> SiteError:
    return SiteError([Problem(shown(folder, root), 0, 0, f"the output folder {message}", hint)])


class Placed(Struct, frozen=True):
    """What has changed in the output: new files, those with other bytes, removed ones, and their folders."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    folders: dict[str, Folder]


def _trusted(before: Folder, noted: int) -> int:
    """When the stamps of a folder count as taken, if some are: no later than those that could not be trusted then."""
    if all(is_settled(one.stamp, before.noted) for one in before.files.values()):
        return noted
    return before.noted


def _files(folder: Path, prefix: str = "") -> Iterator[str]:
    """Every file below a folder but those staged, links included as files, relative to it."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            name = prefix + entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield name
            elif name != STAGE:
                yield from _files(Path(entry.path), name + "/")


def _parents(file: str) -> Iterator[str]:
    """Every folder that a file needs, the nearest first."""
    while "/" in file:
        file = file.rpartition("/")[0]
        yield file


def _some(files: list[str]) -> str:
    shown = ", ".join(files[:3])
    return shown if len(files) <= 3 else f"{shown} and {len(files) - 3} more"
