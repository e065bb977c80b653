"""A disposable store of values by their keys, in one SQLite file.

What is stored here can always be made anew. A file that is broken, from another version of sitegen or half written
only costs time: every value carries a checksum, and whatever does not fit together raises Spoiled. The file may come
from somebody else, such as a CI cache that a pull request has filled: it is opened as "Defense Against The Dark Arts"
(sqlite.org/security.html) advises, and one that holds anything but the tables which belong in it is spoiled.
"""

from __future__ import annotations

import errno
import hashlib
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import msgspec

from sitegen.beneath import Beneath, NotPlain
from sitegen.engine.places import Place
from sitegen.engine.secret import state_key

_BUSY = 10.0
"""Seconds for which one waits while another process writes."""
_CHECK = 8
"""Bytes of a value's checksum."""
_AT_ONCE = 500
"""So many keys are asked for in one query."""
_STEPS, _MOST_STEPS = 10_000_000, 100
"""Steps of SQLite's virtual machine after which it asks whether to go on, and how often it may; a million rows take a
few times ten million.
"""
_BESIDE = ("", "-journal", "-wal", "-shm")
"""What the names of a store's files end in."""


class Spoiled(Exception):
    """The store in a file is broken: it is to be removed, and what it held made anew."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(f"{place.name}: {message}")
        self.place = place


@contextmanager
def decoding(place: Place) -> Iterator[None]:
    """Turns a value that is none of those that the store in a file should hold into Spoiled."""
    try:
        yield
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Spoiled(place, str(error)) from error


class Store:
    """Tables of bytes by bytes. `version` names the shape of what is stored; a store of another one is Spoiled.

    Nothing is lasting before `commit`. Where `durable` is false, a power cut may spoil the file, an end of the
    process never does. With `read_only` there is no writing at all. Raises Spoiled, and OSError where the system
    refuses.
    """

    def __init__(
        self, place: Place, tables: tuple[str, ...], version: int, durable: bool = False, read_only: bool = False
    ) -> None:
        self.place, self.tables = place, tables
        self._key = state_key(place.root)
        self._asked = 0
        _look_at(place, make=not read_only)
        with self._told():
            where = f"{place.path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
            # A preview reads in one thread what it keeps in another; SQLite lets in one at a time by itself.
            self._connection = sqlite3.connect(
                where, timeout=_BUSY, isolation_level=None, uri=True, check_same_thread=False
            )
            try:
                self._open(version, durable, read_only)
            except BaseException:
                self._connection.close()
                raise
        self._inode = place.path.stat().st_ino

    def _open(self, version: int, durable: bool, read_only: bool) -> None:
        execute = self._connection.execute
        self._connection.set_progress_handler(self._goes_on_for_ever, _STEPS)
        execute("PRAGMA trusted_schema = OFF")
        execute("PRAGMA cell_size_check = ON")
        execute("PRAGMA mmap_size = 0")
        if not read_only:
            execute("PRAGMA journal_mode = TRUNCATE")
            execute(f"PRAGMA synchronous = {'NORMAL' if durable else 'OFF'}")
        there = execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
        if not there and not self._version() and not read_only:
            execute("BEGIN IMMEDIATE")
            for name in self.tables:
                execute(_made_by(name))
            execute(f"PRAGMA user_version = {version}")
            execute("COMMIT")
        elif self._version() != version:
            raise Spoiled(self.place, "it is from another version")
        elif there != _schema(self.tables):
            raise Spoiled(self.place, "it holds what does not belong in it")

    def _goes_on_for_ever(self) -> bool:
        self._asked += 1
        return self._asked > _MOST_STEPS

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def is_in_place(self) -> bool:
        """Whether the file is still the one that was opened."""
        try:
            return self.place.path.stat().st_ino == self._inode
        except OSError:
            return False

    def close(self) -> None:
        """Forgets what was not committed."""
        with self._told():
            self._connection.close()

    def commit(self) -> None:
        """Makes all that was put and dropped lasting, as one step."""
        if self._connection.in_transaction:
            with self._told():
                self._connection.execute("COMMIT")

    def get(self, table: str, key: bytes) -> bytes | None:
        """One value; None where there is none."""
        return next((value for _, value in self.some(table, (key,))), None)

    def some(self, table: str, keys: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """The values of these keys, with their keys; those that are not there are left out."""
        wanted = list(keys)
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            yield from self._rows(table, f"SELECT key, value FROM {table} WHERE key IN ({marks})", part)

    def every(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """Everything in a table, sorted by the keys."""
        return self._rows(table, f"SELECT key, value FROM {table} ORDER BY key", ())

    def keys(self, table: str) -> list[bytes]:
        """The keys of a table."""
        with self._told():
            return [key for (key,) in self._connection.execute(f"SELECT key FROM {table}")]

    def count(self, table: str) -> int:
        """How many values a table has."""
        with self._told():
            return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def put(self, table: str, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Adds values, or replaces those that have the same keys."""
        with self._writing():
            rows = ((key, self._check(table, key, value) + value) for key, value in items)
            self._connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", rows)

    def drop(self, table: str, keys: Iterable[bytes]) -> None:
        """Removes values."""
        with self._writing():
            self._connection.executemany(f"DELETE FROM {table} WHERE key = ?", ((key,) for key in keys))

    def clear(self, table: str) -> None:
        """Removes all values of a table."""
        with self._writing():
            self._connection.execute(f"DELETE FROM {table}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._told():
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            yield

    def _rows(self, table: str, query: str, arguments: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        with self._told():
            cursor = self._connection.execute(query, tuple(arguments))
        while True:
            with self._told():
                rows = cursor.fetchmany(_AT_ONCE)
            if not rows:
                return
            for key, checked in rows:
                # SQLite's columns hold values of any type, whatever they were declared to be.
                if not isinstance(key, bytes) or not isinstance(checked, bytes):
                    raise Spoiled(self.place, "a value is of another type")
                value = checked[_CHECK:]
                if checked[:_CHECK] != self._check(table, key, value):
                    raise Spoiled(self.place, "a value does not fit its checksum")
                yield key, value

    def _check(self, table: str, key: bytes, value: bytes) -> bytes:
        """The checksum of a value; with a secret, one that only those who know that can make."""
        if not self._key:
            return hashlib.blake2b(value, digest_size=_CHECK, key=key[:64]).digest()
        found = hashlib.blake2b(digest_size=_CHECK, key=self._key)
        for part in (self.place.name.encode(), table.encode(), key, value):
            found.update(len(part).to_bytes(8, "big") + part)
        return found.digest()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what SQLite says into Spoiled, or into the OSError that it comes from."""
        self._asked = 0
        try:
            yield
        except sqlite3.Error as error:
            raise _meaning(error, self.place) from error
        except UnicodeDecodeError as error:
            # What SQLite complains of may hold bytes of the file.
            raise Spoiled(self.place, str(error)) from error


def key_of(text: str) -> bytes:
    """A text, such as the name of a file, as a key: the same in every locale."""
    return text.encode("utf-8", "surrogateescape")


def text_of(key: bytes) -> str:
    """The text of such a key."""
    return key.decode("utf-8", "surrogateescape")


def remove(place: Place) -> None:
    """Removes a store's files; nothing where there are none."""
    with Beneath(place.root) as site:
        for ending in _BESIDE:
            with suppress(FileNotFoundError):
                site.unlink(place.name + ending)


def _look_at(place: Place, make: bool) -> None:
    """Raises NotPlain where a link leads to a store's files: SQLite would follow it."""
    with Beneath(place.root) as site:
        if make:
            site.make_folder(place.name.rpartition("/")[0])
        for ending in _BESIDE:
            with suppress(FileNotFoundError):
                mode = site.lstat(place.name + ending).st_mode
                if not stat.S_ISREG(mode):
                    raise NotPlain(str(place.path) + ending, stat.S_ISLNK(mode))


def _made_by(table: str) -> str:
    return f"CREATE TABLE {table} (key BLOB PRIMARY KEY, value BLOB NOT NULL)"


def _schema(tables: tuple[str, ...]) -> list[tuple[str, str, str, str | None]]:
    """What SQLite says of a store's tables, and of the index that each of them has by itself."""
    made: list[tuple[str, str, str, str | None]] = [("table", name, name, _made_by(name)) for name in tables]
    made += [("index", f"sqlite_autoindex_{name}_1", name, None) for name in tables]
    return sorted(made, key=lambda one: one[1])


def _meaning(error: sqlite3.Error, place: Place) -> Exception:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    numbers = {
        sqlite3.SQLITE_FULL: errno.ENOSPC,
        sqlite3.SQLITE_IOERR: errno.EIO,
        sqlite3.SQLITE_READONLY: errno.EACCES,
        sqlite3.SQLITE_PERM: errno.EACCES,
        sqlite3.SQLITE_CANTOPEN: errno.EACCES,
        sqlite3.SQLITE_BUSY: errno.EBUSY,
        sqlite3.SQLITE_LOCKED: errno.EBUSY,
    }
    # All else is said of a file that is no database, broken, or without the tables that belong in it.
    if code not in numbers:
        return Spoiled(place, str(error))
    return OSError(numbers[code], str(error), str(place.path))
