"""Files beneath a folder, opened without following symbolic links: their content may be untrusted.

A repository can contain a symbolic link in place of any file or folder, and git keeps it whatever .gitignore says. So
each folder on the path is opened relative to its parent (openat(2) with O_NOFOLLOW), and the file itself must be a
regular one: opening a pipe would block, and a device holds no text.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

HAS_HANDLES = {os.open, os.mkdir, os.unlink, os.rmdir, os.rename, os.stat} <= os.supports_dir_fd
"""Whether the system can open files relative to a folder's handle; if not, each folder is checked first."""
READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
WRITE = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_ITSELF = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)
_PART = 1 << 20
_KEPT, _KEPT_ON = 64, 8
"""How many folders are kept open at once, and how many of the most recent survive when that limit is exceeded."""
_LINKED = (errno.ELOOP, errno.EMLINK, errno.ENOTDIR)
"""The errors that open() returns for a link when O_NOFOLLOW is set (POSIX; EMLINK on FreeBSD)."""


class NotPlain(OSError):
    """A path is not a regular file or folder, or leads through a symbolic link; `filename` is the offending path."""

    def __init__(self, path: str, is_link: bool) -> None:
        said = "is a symbolic link" if is_link else "is not a regular file"
        super().__init__(errno.ELOOP if is_link else errno.EINVAL, said, path)
        self.is_link = is_link

    def __reduce__(self) -> tuple[type[NotPlain], tuple[str, bool]]:
        return NotPlain, (str(self.filename), self.is_link)


class Beneath:
    """The files and folders beneath a folder, by paths with `/` between their names; `close` has to be called.

    The top folder itself may be a link, since the caller chose it. Every method raises NotPlain if its path would cross
    a link, and OSError if the system refuses.
    """

    def __init__(self, top: Path | str) -> None:
        self._top = str(top)
        self._handles: dict[str, int] = {"": os.open(top, _FOLDER) if HAS_HANDLES else -1}

    def __enter__(self) -> Beneath:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes every folder."""
        handles, self._handles = self._handles, {}
        for handle in handles.values():
            if handle >= 0:
                os.close(handle)

    def open(self, path: str, flags: int = READ, mode: int = 0o666) -> int:
        """A regular file, opened without waiting; its descriptor is the caller's to close."""
        name, folder = self._place(path)
        try:
            file = os.open(name, flags | _ITSELF, mode, dir_fd=folder)
        except OSError as error:
            raise self._meant(error, path, name, folder) from None
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise NotPlain(self._shown(path), False)
        return file

    def read(self, path: str, limit: int) -> tuple[os.stat_result, bytes]:
        """What the system says of a file just before it is read, and its bytes, at most `limit` and one more."""
        return read_open(self.open(path), limit)

    def lstat(self, path: str) -> os.stat_result:
        """What the system says of whatever stands at a path; of a link itself, not of where it leads."""
        with self._told(path):
            name, folder = self._place(path)
            return os.stat(name, dir_fd=folder, follow_symlinks=False)

    def make_folder(self, path: str) -> None:
        """Makes a folder and those above it that are missing."""
        with self._told(path):
            self._folder(path, make=True)

    def has_folder(self, path: str) -> bool:
        """Whether there is a folder; raises NotPlain where a link stands in its place or above it."""
        try:
            self._folder(path)
        except FileNotFoundError:
            return False
        return True

    def names(self, path: str) -> list[str]:
        """The names of what stands in a folder, sorted."""
        with self._told(path):
            handle = self._folder(path)
            return sorted(os.listdir(handle if HAS_HANDLES else self._shown(path)))  # noqa: PTH208

    def replace(self, old: str, new: str) -> None:
        """Moves a file into the place of another one, or where there is none."""
        with self._told(new):
            (name, folder), (new_name, new_folder) = self._place(old), self._place(new)
            os.replace(name, new_name, src_dir_fd=folder, dst_dir_fd=new_folder)

    def move_folder(self, old: str, new: str) -> None:
        """Moves a folder to where there is none."""
        # Its subfolders move with it, so their handles no longer match their paths.
        self._forget_below(old)
        self.replace(old, new)

    def unlink(self, path: str) -> None:
        """Removes a file, or a link itself."""
        with self._told(path):
            name, folder = self._place(path)
            os.unlink(name, dir_fd=folder)

    def rmdir(self, path: str) -> None:
        """Removes an empty folder."""
        with self._told(path):
            name, folder = self._place(path)
            self._forget_below(path)
            os.rmdir(name, dir_fd=folder)

    def remove_tree(self, path: str) -> None:
        """Removes a folder and everything in it, links but not their targets; does nothing if it does not exist."""
        if not self.has_folder(path):
            return
        folders, found = [path], list[str]()
        while folders:
            folder = folders.pop()
            found.append(folder)
            for inner in (f"{folder}/{name}" for name in self.names(folder)):
                if stat.S_ISDIR(self.lstat(inner).st_mode):
                    folders.append(inner)
                else:
                    self.unlink(inner)
        for folder in reversed(found):
            self.rmdir(folder)

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        """Adds the full path to any error from the system."""
        try:
            yield
        except NotPlain:
            raise
        except OSError as error:
            error.filename, error.filename2 = self._shown(path), None
            raise

    def _shown(self, path: str) -> str:
        return f"{self._top}{os.sep}{path}"

    def _place(self, path: str) -> tuple[str, int | None]:
        """A name, and the open folder that it is seen from."""
        folder, _, name = path.rpartition("/")
        self._check(name, path)
        handle = self._folder(folder)
        return (name, handle) if HAS_HANDLES else (self._shown(path), None)

    def _check(self, name: str, path: str) -> None:
        if name in ("", ".", "..") or "\0" in name:
            raise OSError(errno.EINVAL, "is no name of a file", self._shown(path))

    def _folder(self, path: str, make: bool = False) -> int:
        """The handle of a folder; those above it are opened on the way."""
        if path in self._handles:
            # Move it to the end: the least recently used folders are closed first.
            self._handles[path] = self._handles.pop(path)
            return self._handles[path]
        if len(self._handles) > _KEPT:
            self._forget_most()
        names = path.split("/")
        first = len(names)
        while "/".join(names[:first]) not in self._handles:
            first -= 1
        for depth in range(first, len(names)):
            self._open_folder("/".join(names[:depth]), names[depth], make)
        return self._handles[path]

    def _open_folder(self, above: str, name: str, make: bool) -> None:
        path = f"{above}/{name}" if above else name
        self._check(name, path)
        if not HAS_HANDLES:
            self._look_at_folder(path, make)
            return
        if make:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=self._handles[above])
        try:
            self._handles[path] = os.open(name, _FOLDER | _ITSELF, dir_fd=self._handles[above])
        except OSError as error:
            raise self._meant(error, path, name, self._handles[above]) from None

    def _look_at_folder(self, path: str, make: bool) -> None:
        """The fallback without handles: each folder is checked once."""
        if make:
            with suppress(FileExistsError):
                os.mkdir(self._shown(path))  # noqa: PTH102
        mode = os.lstat(self._shown(path)).st_mode
        if not stat.S_ISDIR(mode):
            raise NotPlain(self._shown(path), stat.S_ISLNK(mode))
        self._handles[path] = -1

    def _meant(self, error: OSError, path: str, name: str, folder: int | None) -> OSError:
        """The error as NotPlain if a link or special file caused it: the error code alone does not say."""
        if error.errno in (*_LINKED, errno.ENXIO):
            with suppress(OSError):
                mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
                if stat.S_ISLNK(mode) or error.errno == errno.ENXIO:
                    return NotPlain(self._shown(path), stat.S_ISLNK(mode))
        error.filename = self._shown(path)
        return error

    def _forget_below(self, path: str) -> None:
        self._forget([name for name in self._handles if name == path or name.startswith(f"{path}/")])

    def _forget_most(self) -> None:
        """Closes all folders but the last few, and the one that all are beneath."""
        self._forget([name for name in list(self._handles)[:-_KEPT_ON] if name])

    def _forget(self, names: Iterable[str]) -> None:
        for name in names:
            handle = self._handles.pop(name)
            if handle >= 0:
                os.close(handle)


def read_open(file: int, limit: int) -> tuple[os.stat_result, bytes]:
    """What the system says of an open file, and its bytes, at most `limit` and one more; closes it."""
    try:
        said = os.fstat(file)
        parts, left = list[bytes](), limit + 1
        while left > 0 and (part := os.read(file, min(left, _PART))):
            parts.append(part)
            left -= len(part)
        return said, b"".join(parts)
    finally:
        os.close(file)


LINKED = "SITEGEN_LINKED"
"""The environment variable that names folders outside the site that content/ and themes/ may link to. It is not a
setting because a stranger may change any file in the repository.
"""


def open_beneath(root: Path, path: str) -> int:
    """A source of the site in the folder `root`, opened for reading. Raises NotPlain and OSError."""
    return _seen_from(root, path, Beneath.open)


def read_beneath(root: Path, path: str, limit: int) -> tuple[os.stat_result, bytes]:
    """What the system says of a source just before it is read, and its bytes, at most `limit` and one more."""
    return read_open(open_beneath(root, path), limit)


def stat_beneath(root: Path, path: str) -> os.stat_result:
    """What the system says of whatever stands in the place of a source; of a link itself."""
    return _seen_from(root, path, Beneath.lstat)


def names_beneath(root: Path, folder: str) -> list[str]:
    """The names of what stands in a folder of sources, sorted; none where there is no such folder, or a link."""
    try:
        return _seen_from(root, folder, Beneath.names)
    except OSError:
        return []


def is_file_beneath(root: Path, path: str) -> bool:
    """Whether a regular file stands there, and no link leads to it."""
    try:
        return stat.S_ISREG(stat_beneath(root, path).st_mode)
    except (OSError, ValueError):
        return False


def lies_behind_link(root: Path, path: str) -> bool:
    """Whether a link, in the place of a source or above it, is why it is not opened."""
    try:
        return stat.S_ISLNK(stat_beneath(root, path).st_mode)
    except NotPlain as error:
        return error.is_link
    except (OSError, ValueError):
        return False


def may_lead_out(root: Path, name: str) -> bool:
    """Whether a source folder that is a link leads to a folder allowed by LINKED."""
    real = os.path.realpath(root / name)
    allowed = (os.path.realpath(one) for one in os.environ.get(LINKED, "").split(os.pathsep) if one)
    return any(real == one or real.startswith(one.rstrip(os.sep) + os.sep) for one in allowed)


def write_new(root: Path, path: str, data: bytes) -> None:
    """Writes a new file, with the folders that it needs. Raises FileExistsError, NotPlain and OSError."""
    with Beneath(root) as folder:
        above = path.rpartition("/")[0]
        if above:
            folder.make_folder(above)
        with os.fdopen(folder.open(path, WRITE | os.O_EXCL), "wb") as file:
            file.write(data)


def read_plain(path: Path) -> bytes:
    """The bytes of a file, which must be a regular one and no link. Raises NotPlain and OSError."""
    with Beneath(path.parent) as folder:
        return read_open(folder.open(path.name), sys.maxsize - 1)[1]


def _seen_from(root: Path, path: str, look: Callable[[Beneath, str], T]) -> T:
    try:
        with Beneath(root) as folder:
            return look(folder, path)
    except NotPlain as error:
        first, slash, rest = path.partition("/")
        if not slash or error.filename != f"{root}{os.sep}{first}" or not may_lead_out(root, first):
            raise
    with Beneath(os.path.realpath(root / first)) as folder:
        return look(folder, rest)
