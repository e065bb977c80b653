"""A disposable store of values by their keys, in one SQLite file.

What is stored here can always be made anew. A file that is broken, from another version of sitegen or half written
only costs time: every value carries a checksum, and whatever does not fit together raises Spoiled.
"""

from __future__ import annotations

import errno
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

_BUSY = 10.0
"""Seconds for which one waits while another process writes."""
_CHECK = 8
"""Bytes of a value's checksum."""
_AT_ONCE = 500
"""So many keys are asked for in one query."""


class Spoiled(Exception):
    """The store in the file `path` is broken: it is to be removed, and what it held made anew."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(f"{path.name}: {message}")
        self.path = path


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Turns a value that is none of those that the store in `path` should hold into Spoiled."""
    try:
        yield
    except msgspec.MsgspecError as error:
        raise Spoiled(path, str(error)) from error


class Store:
    """Tables of bytes by bytes. `version` names the shape of what is stored; a store of another one is emptied.

    Nothing is lasting before `commit`. Where `durable` is false, a power cut may spoil the file, an end of the
    process never does. With `read_only` there is no writing at all, and a store of another version is Spoiled. Raises
    Spoiled, and OSError where the system refuses.
    """

    def __init__(
        self, path: Path, tables: tuple[str, ...], version: int, durable: bool = False, read_only: bool = False
    ) -> None:
        self.path, self.tables = path, tables
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        with _told(path):
            where = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
            # A preview reads in one thread what it keeps in another; SQLite lets in one at a time by itself.
            self._connection = sqlite3.connect(
                where, timeout=_BUSY, isolation_level=None, uri=True, check_same_thread=False
            )
            try:
                if not read_only:
                    self._open(version, durable)
                elif self._version() != version:
                    raise Spoiled(path, "it is from another version")
            except BaseException:
                self._connection.close()
                raise
        self._inode = path.stat().st_ino

    def _open(self, version: int, durable: bool) -> None:
        execute = self._connection.execute
        execute("PRAGMA journal_mode = TRUNCATE")
        execute(f"PRAGMA synchronous = {'NORMAL' if durable else 'OFF'}")
        if self._version() != version:
            execute("BEGIN IMMEDIATE")
            for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                execute(f'DROP TABLE "{name}"')
            for name in self.tables:
                execute(f"CREATE TABLE {name} (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
            execute(f"PRAGMA user_version = {version}")
            execute("COMMIT")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def is_in_place(self) -> bool:
        """Whether the file is still the one that was opened."""
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def close(self) -> None:
        """Forgets what was not committed."""
        with _told(self.path):
            self._connection.close()

    def commit(self) -> None:
        """Makes all that was put and dropped lasting, as one step."""
        if self._connection.in_transaction:
            with _told(self.path):
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
            yield from self._rows(f"SELECT key, value FROM {table} WHERE key IN ({marks})", part)

    def every(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """Everything in a table, sorted by the keys."""
        return self._rows(f"SELECT key, value FROM {table} ORDER BY key", ())

    def keys(self, table: str) -> list[bytes]:
        """The keys of a table."""
        with _told(self.path):
            return [key for (key,) in self._connection.execute(f"SELECT key FROM {table}")]

    def count(self, table: str) -> int:
        """How many values a table has."""
        with _told(self.path):
            return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def put(self, table: str, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Adds values, or replaces those that have the same keys."""
        with self._writing():
            rows = ((key, _check(key, value) + value) for key, value in items)
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
        with _told(self.path):
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            yield

    def _rows(self, query: str, arguments: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        with _told(self.path):
            cursor = self._connection.execute(query, tuple(arguments))
        while True:
            with _told(self.path):
                rows = cursor.fetchmany(_AT_ONCE)
            if not rows:
                return
            for key, checked in rows:
                value = checked[_CHECK:]
                if checked[:_CHECK] != _check(key, value):
                    raise Spoiled(self.path, "a value does not fit its checksum")
                yield key, value


def key_of(text: str) -> bytes:
    """A text, such as the name of a file, as a key: the same in every locale."""
    return text.encode("utf-8", "surrogateescape")


def text_of(key: bytes) -> str:
    """The text of such a key."""
    return key.decode("utf-8", "surrogateescape")


def remove(path: Path) -> None:
    """Removes a store's files; nothing where there are none."""
    for ending in ("", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _check(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECK, key=key[:64]).digest()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what SQLite says into Spoiled, or into the OSError that it comes from."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _meaning(error, path) from error


def _meaning(error: sqlite3.DatabaseError, path: Path) -> Exception:
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
        return Spoiled(path, str(error))
    return OSError(numbers[code], str(error), str(path))
