"""What reading the sources has yielded, kept by their contents: an article is parsed once, not once a build.

An entry's key is a digest of all that its value depends on: the file's path and bytes, the settings that reading it
asks for, and the program. So an entry is never out of date; one that is not asked for any more only takes room.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from sitegen.engine.places import cache_place
from sitegen.engine.stamps import Stamp, is_settled
from sitegen.engine.store import Spoiled, Store, decoding, key_of, remove, text_of

T = TypeVar("T")
_VERSION = 1
_TABLES = ("stamps", "facts", "html")
_ROOM = 1000
"""So many entries that are not needed now may stay, besides as many as are needed."""


class Noted(Struct, frozen=True, array_like=True):
    """A file as it was when it was read: its stamp, whether that can be trusted, and the digest of its bytes."""

    stamp: Stamp
    settled: bool
    digest: bytes


def digest_of(data: bytes) -> bytes:
    """The digest by which a source's contents are known."""
    return hashlib.blake2b(data, digest_size=16).digest()


def digest_of_all(*parts: bytes) -> bytes:
    """One key from all that a value depends on."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(4, "big") + part)
    return found.digest()


class Cache:
    """The cache of one site, shared by all its output folders. Raises OSError where the system refuses.

    With `read_only` nothing can be saved, and Spoiled is raised where there is no cache that can be read.
    """

    def __init__(self, root: Path, read_only: bool = False) -> None:
        self.place = cache_place(root)
        self.is_read_only = read_only
        self._store = Store(self.place, _TABLES, _VERSION, read_only=True) if read_only else self._opened()
        self._noted: dict[str, Noted] | None = None
        self._fresh_noted: dict[str, Noted] = {}
        self._fresh: dict[str, dict[bytes, bytes]] = {"facts": {}, "html": {}}
        self._used: set[bytes] = set()

    def _opened(self) -> Store:
        try:
            return Store(self.place, _TABLES, _VERSION)
        except Spoiled:
            remove(self.place)
            return Store(self.place, _TABLES, _VERSION)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever kept."""
        return not self._store.count("stamps")

    def forget(self) -> None:
        """Forgets everything at once."""
        for table in _TABLES:
            self._store.clear(table)
        self._store.commit()
        self._noted = None

    def noted(self) -> dict[str, Noted]:
        """Every file that was read by the last build, by its path."""
        if self._noted is None:
            decode = msgspec.msgpack.Decoder(Noted).decode
            with decoding(self.place):
                self._noted = {text_of(key): decode(value) for key, value in self._store.every("stamps")}
        return self._noted

    def note(self, path: str, stamp: Stamp, digest: bytes, noted: int) -> None:
        """Notes what a file was when it was read; `noted` is the moment (ns) when the reading of sources began."""
        found = Noted(stamp, is_settled(stamp, noted), digest)
        if self.noted().get(path) != found:
            self._fresh_noted[path] = found

    def facts(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is known of these keys; those that nothing is known of are left out."""
        return self._some("facts", keys)

    def html(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The HTML of these keys. Raises Spoiled where one is missing whose facts are known."""
        found = self._some("html", keys)
        if len(found) < len(set(keys)):
            raise Spoiled(self.place, "the HTML of a text is missing")
        return found

    def _some(self, table: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        fresh = self._fresh[table]
        found = {key: fresh[key] for key in keys if key in fresh}
        found.update(self._store.some(table, (key for key in keys if key not in fresh)))
        self._used.update(found)
        return found

    def keep(self, key: bytes, facts: bytes, html: bytes | None = None) -> None:
        """Keeps what was found out."""
        self._fresh["facts"][key] = facts
        if html is not None:
            self._fresh["html"][key] = html
        self._used.add(key)

    def save(self, gone: Iterable[str] = (), prunes: bool = False) -> None:
        """Writes what is new; `gone` are the files that are no more.

        With `prunes`, which is for those who have asked for all that the site needs, room is made where too much is
        kept besides.
        """
        changed = any(self._fresh.values())
        for table, fresh in self._fresh.items():
            if fresh:
                self._store.put(table, _sorted(fresh))
        if self._fresh_noted:
            encode = msgspec.msgpack.Encoder().encode
            rows = {key_of(path): encode(n) for path, n in self._fresh_noted.items()}
            self._store.put("stamps", _sorted(rows))
        lost = {path for path in gone if path in self.noted()}
        if lost:
            self._store.drop("stamps", [key_of(path) for path in sorted(lost)])
        if changed and prunes:
            self._prune()
        self._store.commit()
        if self._noted is not None:
            self._noted = {path: one for path, one in self._noted.items() if path not in lost} | self._fresh_noted
        self.discard()

    def discard(self) -> None:
        """Forgets what is new."""
        self._fresh = {"facts": {}, "html": {}}
        self._fresh_noted = {}

    def _prune(self) -> None:
        """Makes room: what other versions of the articles left is needed again only when somebody goes back to one."""
        if self._store.count("facts") <= 2 * len(self._used) + _ROOM:
            return
        for table in ("facts", "html"):
            self._store.drop(table, [key for key in self._store.keys(table) if key not in self._used])

    def is_in_place(self) -> bool:
        """Whether the file is still the one that was opened; somebody may have removed it."""
        return self._store.is_in_place()

    def close(self) -> None:
        """Ends the use of the cache; what was not saved is forgotten."""
        self._store.close()


def looking(root: Path, work: Callable[[Cache | None], T]) -> T:
    """What `work` finds out with the help of a cache that it must not write; None where none can be read."""
    try:
        cache = Cache(root, read_only=True)
    except (Spoiled, OSError):
        return work(None)
    try:
        return work(cache)
    except Spoiled:
        return work(None)
    finally:
        cache.close()


def _sorted(rows: dict[bytes, bytes]) -> Iterator[tuple[bytes, bytes]]:
    """In the order of their keys, in which a tree of pages grows fastest."""
    return ((key, rows[key]) for key in sorted(rows))
