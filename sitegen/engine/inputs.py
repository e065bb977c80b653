"""Everything that a build reads, as the file system lists it: where no stamp has changed, nothing has to be read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.beneath import may_lead_out
from sitegen.engine.program import program_digest
from sitegen.engine.stamps import Stamp, is_settled, stamp_of
from sitegen.engine.store import key_of
from sitegen.sources.files import MOST_DEEP, is_ignored
from sitegen.text import CONFIG

_encode = msgspec.msgpack.Encoder().encode
Listed = dict[str, Stamp]
"""The stamps of files by their paths."""


class Inputs(Struct, frozen=True):
    """The files that a build reads: texts and data in content/, every other file there, and all that is no content.

    `texts` are Markdown files by their paths from the site's root. `needed` are those of the files that no walk finds.
    """

    texts: Listed
    files: Listed
    rest: Listed
    needed: tuple[str, ...] = ()

    def digests(self) -> InputDigests:
        """What is kept of it."""
        return InputDigests(_digest(self.texts), _digest(self.files), _digest(self.rest), program_digest())

    def known(self, noted: int) -> InputDigests | None:
        """What is kept of it by a build that began at the moment `noted` (ns): no later listing is taken for this one
        unless nothing has changed. None where that can be said of nothing.

        A text that is too young is read again by the next build; the others need not be.
        """
        if not all(is_settled(stamp, noted) for part in (self.files, self.rest) for stamp in part.values()):
            return None
        settled = all(is_settled(stamp, noted) for stamp in self.texts.values())
        return self.digests() if settled else msgspec.structs.replace(self.digests(), texts="")


class InputDigests(Struct, frozen=True, array_like=True):
    """The digests of a listing, and of the program that makes the site of it.

    The program is known by its contents: a process that runs for long is the one that it was when it began.
    """

    texts: str
    files: str
    rest: str
    program: str


def list_inputs(root: Path, themes: Iterable[Path], needed: Iterable[str]) -> Inputs:
    """Lists the site in the folder `root` with the bundled themes; `needed` are further files of the site."""
    texts: Listed = {}
    files: Listed = {}
    start = len(f"{root}{os.sep}")
    for path, stamp in _sources(root, "content", ignore=True):
        (texts if path.lower().endswith((".md", ".markdown")) else files)[path[start:]] = stamp
    further = tuple(path for path in needed if path not in files and path not in texts)
    for path in further:
        files.update(_one(f"{root}{os.sep}{path}", path))
    rest: Listed = dict(_one(f"{root}{os.sep}{CONFIG}", CONFIG))
    rest.update((f"0{path[start + len('themes') :]}", stamp) for path, stamp in _sources(root, "themes", ignore=False))
    for number, folder in enumerate(themes, 1):
        above = len(str(folder))
        rest.update((f"{number}{path[above:]}", stamp) for path, stamp in _below(str(folder), ignore=False))
    return Inputs(texts, files, rest, further)


def needed_of(inputs: Inputs, media: Iterable[str]) -> tuple[str, ...]:
    """Those of the files `media` that no walk of content/ finds."""
    return tuple(path for path in media if path not in inputs.files or path in inputs.needed)


def needing(root: Path, inputs: Inputs, media: Iterable[str]) -> Inputs:
    """The same with those of the files `media` that no walk finds, as they are now."""
    needed = needed_of(inputs, media)
    found = {name: stamp for path in needed for name, stamp in _one(f"{root}{os.sep}{path}", path)}
    return msgspec.structs.replace(inputs, files=inputs.files | found, needed=needed)


def stamps_of(inputs: Inputs) -> Listed:
    """The stamps of all files, by their paths from the site's root; bundled themes are numbered, from 1."""
    rest = {f"themes{path[1:]}" if path[:2] in ("0", "0/") else path: stamp for path, stamp in inputs.rest.items()}
    return {**inputs.texts, **inputs.files, **rest}


def differing(then: Listed, now: Listed) -> list[str]:
    """The files that came, went or changed between two listings, sorted."""
    return sorted(path for path in {*then, *now} if then.get(path) != now.get(path))


def _digest(listed: Listed) -> str:
    rows = [(key_of(path), stamp) for path, stamp in listed.items()]
    return hashlib.blake2b(_encode(rows), digest_size=16).hexdigest()


def _one(path: str, name: str) -> Iterator[tuple[str, Stamp]]:
    try:
        yield name, stamp_of(Path(path).lstat())
    except OSError:
        return


def _sources(root: Path, name: str, ignore: bool) -> Iterator[tuple[str, Stamp]]:
    """Every file below a folder of sources; the folder itself where it is a link that must not be followed."""
    folder = f"{root}{os.sep}{name}"
    if os.path.islink(folder) and not may_lead_out(root, name):  # noqa: PTH114
        return _one(folder, folder)
    return _below(folder, ignore)


def _below(folder: str, ignore: bool, deep: int = 1) -> Iterator[tuple[str, Stamp]]:
    """Every file below a folder, links as such; with `ignore` without those that are no sources."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in listed:
        if ignore and is_ignored(entry.name):
            continue
        try:
            if not entry.is_dir(follow_symlinks=False):
                yield entry.path, stamp_of(entry.stat(follow_symlinks=False))
            elif deep < MOST_DEEP:
                yield from _below(entry.path, ignore, deep + 1)
        except OSError:
            continue
