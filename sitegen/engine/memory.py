"""What is remembered of an output folder: every file that sitegen wrote there, and what each unit was made from.

The memory is disposable, and it may lag behind the output but never runs ahead of it: before the first file is moved it
forgets the units that are to change and notes the new bytes beside the old ones, so that whatever a killed build
leaves is still recognised and made anew; only when all is in place does it learn the new state.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from sitegen.engine.fingerprint import Ingredient, encode
from sitegen.engine.last import Last
from sitegen.engine.places import STAGE, Place, memory_place, name_of
from sitegen.engine.stamps import Stamp, is_settled
from sitegen.engine.store import Spoiled, Store, decoding, key_of, remove, text_of

_VERSION = 1
"""The shape of what tells which files are sitegen's own: bumping it makes existing output folders look foreign."""
_SHAPE = 6
"""The shape of all else that is remembered, which can be found out again."""
_TABLES = ("facts", "folders", "listings", "units", "details")
_ROOM = 1000
"""So many values that no unit has any more may stay, besides two for each unit."""
_LARGEST = 100_000
"""Bytes of a value that is kept to explain a unit: a sitemap of ten thousand entries would be a megabyte each time."""
_VALUES = 256
"""So many values are held that were asked for."""
_encode = msgspec.msgpack.Encoder().encode
T = TypeVar("T")


class Written(NamedTuple):
    """A file that sitegen wrote: the digest of its bytes, and the stamp it had then."""

    digest: str
    stamp: Stamp


_NAME = re.compile(r"(?!\.{1,2}(?:/|$))[^/\0]+(?:/(?!\.{1,2}(?:/|$))[^/\0]+)*")


def _checked(place: Place, *paths: str) -> None:
    """Raises Spoiled where a path leads out of the output folder, or into what waits there: it may be made up."""
    for path in paths:
        if not _NAME.fullmatch(path) or path.partition("/")[0] == STAGE or (os.sep != "/" and os.sep in path):
            raise Spoiled(place, "it names a file outside of the output folder")


class Folder(Struct, frozen=True, array_like=True):
    """The files that sitegen wrote into one folder, by their names; `noted` is when (ns) their stamps were taken."""

    files: dict[str, Written]
    noted: int


class UnitRecord(Struct, frozen=True, array_like=True):
    """A unit as it was made: the digests of its ingredients by their names, its files, and its own sources.

    `reasons` say why it was made then, `build` is the number of that build. `seams` say where ready-made parts stand
    in each of its files (see seams.py), None where that is not known.
    """

    ingredients: dict[str, str]
    files: tuple[str, ...]
    reasons: tuple[str, ...]
    build: int
    sources: tuple[str, ...]
    seams: tuple[tuple[int, ...] | None, ...]


class ReadText(NamedTuple):
    """A source as a build read it: its stamp, and the digest of its bytes."""

    stamp: Stamp
    digest: bytes


Texts = dict[str, ReadText]
"""Markdown files by their paths."""
_YOUNG = Stamp(0, 0, 0, 0)


def texts_as_read(listed: Mapping[str, Stamp], digests: Mapping[str, bytes], noted: int) -> Texts:
    """The Markdown files that were listed, with the digests of those that were read.

    A stamp that is too young at the moment `noted` (ns) becomes one that no file has.
    """
    return {
        path: ReadText(stamp if is_settled(stamp, noted) else _YOUNG, digests.get(path, b""))
        for path, stamp in listed.items()
    }


class _Owner(Struct, frozen=True, array_like=True):
    """Whose folder it is: its name, and whether it is a preview's, which may hold drafts."""

    name: str
    preview: bool


class Memory:
    """The memory of one output folder.

    `known` is false where nothing is remembered. `was_preview` tells a preview's folder from one that is to be
    published. With `read_only` nothing can be kept, and Spoiled is raised where there is nothing that can be read.
    Raises OSError where the system refuses.
    """

    def __init__(self, root: Path, folder: Path, preview: bool = False, read_only: bool = False) -> None:
        self.place = memory_place(root, folder)
        self._owner = _Owner(name_of(root, folder), preview)
        self._store, owner = self._looked_into() if read_only else self._opened()
        self.known = owner is not None and owner.name == self._owner.name
        self.was_preview = owner.preview if owner is not None else preview
        self._files: dict[str, Written] | None = None
        self._folders: dict[str, Folder] = {}
        # Thousands of units may have the same templates or shared parts.
        self.value = lru_cache(maxsize=_VALUES)(self._value)

    def _opened(self) -> tuple[Store, _Owner | None]:
        for _ in range(2):
            try:
                store = Store(self.place, _TABLES, _VERSION, durable=True)
            except Spoiled:
                remove(self.place)
                continue
            try:
                if _fact(store, b"shape", int) != _SHAPE:
                    _forget(store)
                return store, _fact(store, b"owner", _Owner)
            except Spoiled:
                store.close()
                remove(self.place)
        return Store(self.place, _TABLES, _VERSION, durable=True), None

    def _looked_into(self) -> tuple[Store, _Owner | None]:
        store = Store(self.place, _TABLES, _VERSION, read_only=True)
        try:
            return store, _fact(store, b"owner", _Owner)
        except Spoiled:
            store.close()
            raise

    def close(self) -> None:
        """Ends the use of the memory; what was not finished is forgotten."""
        self._store.close()

    # --- reading -------------------------------------------------------------------------------------------

    @property
    def build(self) -> int:
        """The number of the last build; 0 where there was none."""
        return _fact(self._store, b"build", int) or 0

    def files(self) -> dict[str, Written]:
        """Every file that was written, by its path in the folder."""
        if self._files is None:
            decode = msgspec.msgpack.Decoder(Folder).decode
            self._files = {}
            with decoding(self.place):
                self._folders = {text_of(key): decode(value) for key, value in self._store.every("folders")}
            for name, folder in self._folders.items():
                _checked(self.place, *((name,) if name else ()), *folder.files)
                above = f"{name}/" if name else ""
                self._files.update((above + file, written) for file, written in folder.files.items())
        return self._files

    def folder(self, name: str) -> Folder:
        """One folder; an empty one where nothing was written."""
        if self._files is not None:
            return self._folders.get(name) or Folder({}, 0)
        value = self._store.get("folders", key_of(name))
        with decoding(self.place):
            found = msgspec.msgpack.decode(value, type=Folder) if value is not None else Folder({}, 0)
        _checked(self.place, *((name,) if name else ()), *found.files)
        return found

    def listings(self) -> list[tuple[str, bytes]]:
        """What every folder looked like (see standing.py), by its name."""
        return [(text_of(key), value) for key, value in self._store.every("listings")]

    def last(self) -> Last | None:
        """The last build, if the output is as it left it."""
        value = self._store.get("facts", b"last")
        with decoding(self.place):
            found = msgspec.json.decode(value, type=Last) if value is not None else None
        _checked(self.place, *(found.needed if found is not None else ()))
        return found

    def folders(self) -> dict[str, Folder]:
        """The same by folders."""
        self.files()
        return self._folders

    def pending(self) -> dict[str, tuple[str, ...]]:
        """Files that a build was about to replace when it was killed, with the digests that they may have since."""
        kept = _fact(self._store, b"pending", dict[bytes, tuple[str, ...]]) or {}
        found = {text_of(key): digests for key, digests in kept.items()}
        _checked(self.place, *found)
        return found

    def units(self) -> dict[str, UnitRecord]:
        """Every unit that was made."""
        decode = msgspec.msgpack.Decoder(UnitRecord).decode
        with decoding(self.place):
            found = {text_of(key): decode(value) for key, value in self._store.every("units")}
        for record in found.values():
            _checked(self.place, *record.files)
        return found

    def unit(self, key: str) -> UnitRecord | None:
        """One unit; None where it was not made."""
        value = self._store.get("units", key_of(key))
        with decoding(self.place):
            found = msgspec.msgpack.decode(value, type=UnitRecord) if value is not None else None
        _checked(self.place, *(found.files if found is not None else ()))
        return found

    def texts(self) -> Texts:
        """Every Markdown file as it was when the last build read it."""
        found = _fact(self._store, b"texts", dict[bytes, ReadText]) or {}
        return {text_of(key): one for key, one in found.items()}

    def _value(self, digest: str) -> bytes | None:
        """The value that an ingredient with this digest had; None where that is not known."""
        return self._store.get("details", digest.encode("ascii"))

    # --- writing -------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Forgets at once what units were made from; which files are sitegen's own stays known."""
        _forget(self._store)
        self._store.commit()

    def keep(self, ingredients: Iterable[Ingredient]) -> None:
        """Keeps what these ingredients are, to tell later what has changed in them; the largest are left out."""
        rows = {one.digest: one.value for one in ingredients if 0 < len(one.value) <= _LARGEST}
        self._store.put("details", ((found.encode("ascii"), rows[found]) for found in sorted(rows)))

    def begin(self, changing: Mapping[str, str], stale: Iterable[str], units: Iterable[str]) -> None:
        """Before the first file is touched: what files will be (digests), which go, and which units change."""
        # What a killed build left may still be there when this one is killed too.
        before = self.pending()
        noted = {file: before.get(file, ()) for file in (*before, *stale)}
        noted |= {file: (*before.get(file, ()), found) for file, found in changing.items()}
        pending = _encode({key_of(file): tuple(dict.fromkeys(found)) for file, found in noted.items()})
        self._store.put("facts", [(b"owner", _encode(self._owner)), (b"pending", pending)])
        self._store.drop("facts", [b"last"])
        self._store.drop("units", [key_of(unit) for unit in units])
        self._store.commit()
        self.known, self.was_preview = True, self._owner.preview

    def restamp(self, folders: Mapping[str, Folder], listings: Mapping[str, bytes]) -> None:
        """Keeps what folders look like now whose files are still the same."""
        self._put_folders(folders, listings)
        self._store.commit()

    def _put_folders(self, folders: Mapping[str, Folder], listings: Mapping[str, bytes]) -> None:
        kept = {name: folder for name, folder in folders.items() if folder.files}
        for table in ("folders", "listings"):
            self._store.drop(table, [key_of(name) for name in folders if name not in kept])
        self._store.put("folders", ((key_of(name), _encode(folder)) for name, folder in sorted(kept.items())))
        self._store.put("listings", ((key_of(name), listings[name]) for name in sorted(kept)))

    def finish(
        self,
        folders: Mapping[str, Folder],
        listings: Mapping[str, bytes],
        units: Mapping[str, UnitRecord],
        gone: Iterable[str],
        build: int,
        last: Last | None,
        texts: Texts,
    ) -> None:
        """When every file is in place: what the changed folders and units are now. Empty folders are forgotten.

        `last` is the build, with the `texts` that it read; None where nothing is to be known of it.
        """
        self._put_folders(folders, listings)
        self._store.drop("units", [key_of(unit) for unit in gone])
        self._store.put("units", ((key_of(unit), _encode(record)) for unit, record in sorted(units.items())))
        facts = [(b"owner", _encode(self._owner)), (b"build", _encode(build)), (b"shape", _encode(_SHAPE))]
        self._store.put("facts", facts)
        if last is not None:
            read = _encode({key_of(path): one for path, one in texts.items()})
            self._store.put("facts", [(b"last", encode(last)), (b"texts", read)])
        else:
            self._store.drop("facts", [b"last", b"texts"])
        self._store.drop("facts", [b"pending"])
        self._prune()
        self._store.commit()
        self._files = None
        self._folders = {}
        self.known, self.was_preview = True, self._owner.preview

    def _prune(self) -> None:
        """Makes room: what was put into pages that are made otherwise since explains nothing any more."""
        if self._store.count("details") <= 2 * self._store.count("units") + _ROOM:
            return
        used = {found.encode("ascii") for record in self.units().values() for found in record.ingredients.values()}
        self._store.drop("details", [key for key in self._store.keys("details") if key not in used])


def is_published(root: Path, folder: Path) -> bool:
    """Whether an output folder holds a site that was made to be published, as far as is remembered."""
    if not os.path.lexists(memory_place(root, folder).path):
        return False
    try:
        with closing(Memory(root, folder, read_only=True)) as memory:
            return memory.known and not memory.was_preview
    except Spoiled:
        return False


def _forget(store: Store) -> None:
    """Forgets what units were made from and what the last build found; which files are sitegen's own stays known."""
    for table in ("units", "details"):
        store.clear(table)
    store.drop("facts", [b"last", b"texts"])


def _fact(store: Store, key: bytes, kind: type[T]) -> T | None:
    value = store.get("facts", key)
    with decoding(store.place):
        return msgspec.msgpack.decode(value, type=kind) if value is not None else None
