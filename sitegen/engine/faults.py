"""What the system refuses (no space, no permission, a name too long), in words that say what to do."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from sitegen.problems import Problem, SiteError

_ANSWERS = {
    errno.ENOSPC: ("there is no space left on the disk", "make room, then build again; the site is mended by that"),
    errno.EDQUOT: ("the disk quota is used up", "make room, then build again; the site is mended by that"),
    errno.EACCES: ("permission denied", "look at the owner and the permissions of this path and of its folder"),
    errno.EPERM: ("permission denied", "look at the owner and the permissions of this path and of its folder"),
    errno.EBUSY: ("another program is using this file", "wait for it or end it, then build again"),
    errno.EROFS: ("the disk can only be read", "name a folder on another disk with --output"),
    errno.ENAMETOOLONG: ("the path is too long for this system", "name a folder with a shorter path with --output"),
    errno.EMFILE: ("too many files are open", "raise the limit of open files: ulimit -n 4096"),
    errno.ENFILE: ("too many files are open on this machine", "end other programs, then build again"),
    errno.ELOOP: ("this is a symbolic link; sitegen follows none here", "remove it, or put the folder itself there"),
    errno.EINVAL: ("this is no regular file", "remove it"),
    errno.EIO: ("the disk reports a fault", "look at the disk, then build again"),
}


@contextlib.contextmanager
def answered(root: Path) -> Iterator[None]:
    """Whatever the system refuses inside the block becomes a SiteError."""
    try:
        yield
    except OSError as error:
        raise SiteError([problem_of(error, root)]) from error
    except RuntimeError as error:
        # The module that defines it takes long to import, and is not there where no pool was needed.
        if type(error).__name__ != "BrokenProcessPool":
            raise
        hint = "the machine may be short of memory; try --workers 1"
        raise SiteError([Problem("sitegen", 0, 0, "the system ended a part of the work", hint)]) from error


def problem_of(error: OSError, root: Path) -> Problem:
    """A failure of the system as a problem; its file is named as seen from the site's folder."""
    message, hint = _ANSWERS.get(error.errno or 0, ((error.strerror or str(error)).lower(), ""))
    return Problem(_shown(error, root), 0, 0, message, hint)


def _shown(error: OSError, root: Path) -> str:
    named = error.filename2 or error.filename
    if not isinstance(named, str | bytes | Path):
        return "the output folder"
    path = Path(named.decode("utf-8", "replace") if isinstance(named, bytes) else named)
    try:
        # The name itself may be a link, which is what is wrong with it.
        shown = (path.parent.resolve() / path.name).relative_to(root.resolve()).as_posix()
    except (OSError, ValueError, RuntimeError):
        shown = str(path)
    return shown if len(shown) <= 300 else f"{shown[:150]}…{shown[-100:]}"
