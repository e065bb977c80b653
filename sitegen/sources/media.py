"""Files beside the texts, pictures and others: they are published under a name that holds their content's hash."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePosixPath

from sitegen.beneath import NotPlain, read_beneath
from sitegen.slugs import slugify
from sitegen.text import not_plain

MAX_BYTES = 25 * 1024 * 1024
"""The largest file that Cloudflare Pages serves."""

_ATTACHMENTS = (".pdf", ".zip", ".csv", ".txt", ".epub", ".mp3", ".ods", ".xlsx", ".docx")


class MediaFault(Exception):
    """The file cannot be published; the message is meant for the writer, `hint` says how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint

    def __reduce__(self) -> tuple[type[MediaFault], tuple[str, str]]:
        return MediaFault, (str(self), self.hint)


def read_media(root: Path, path: str) -> tuple[os.stat_result, bytes] | MediaFault:
    """What the system says of a file just before its bytes are read, and these."""
    try:
        stat, data = read_beneath(root, path, MAX_BYTES)
        if len(data) > MAX_BYTES:
            limit = MAX_BYTES // 1024 // 1024
            return MediaFault(f'"{path}" is larger than {limit} MB', "make it smaller; many hosts refuse it")
        return stat, data
    except NotPlain as error:
        fault = not_plain(path, error.is_link)
        return MediaFault(f'"{path}": {fault.message}', fault.hint)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return MediaFault(f'"{path}" cannot be read: {reason}', "look at the file's permissions")


def published_name(path: str, data: bytes, ending: str) -> str:
    """`content/images/Blue Twill.JPG` -> `media/blue-twill.3fa9bc1204.jpg`."""
    digest = hashlib.blake2b(data, digest_size=5).hexdigest()
    stem = slugify(PurePosixPath(path).stem)[:80].strip("-") or "file"
    return f"media/{stem}.{digest}{ending}"


def attach(root: Path, path: str) -> str | MediaFault:
    """The published name of a file of another kind than a picture."""
    ending = PurePosixPath(path).suffix.lower()
    if ending not in _ATTACHMENTS:
        hint = f"files that can be linked end in {', '.join(_ATTACHMENTS)}"
        return MediaFault(f'"{path}" is of a kind that is not published', hint)
    read = read_media(root, path)
    return read if isinstance(read, MediaFault) else published_name(path, read[1], ending)
