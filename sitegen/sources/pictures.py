"""Pictures and attachments: files that are published as they are, under a name with their content's hash."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct
from slugify import slugify

from sitegen.beneath import NotPlain, read_beneath
from sitegen.text import not_plain

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 25 * 1024 * 1024
"""The largest file that Cloudflare Pages serves."""
MAX_PIXELS = 100_000_000

_TYPES = {
    "JPEG": (".jpg", "image/jpeg"),
    "MPO": (".jpg", "image/jpeg"),
    "PNG": (".png", "image/png"),
    "GIF": (".gif", "image/gif"),
    "WEBP": (".webp", "image/webp"),
    "AVIF": (".avif", "image/avif"),
}
_ATTACHMENTS = (".pdf", ".zip", ".csv", ".txt", ".epub", ".mp3", ".ods", ".xlsx", ".docx")


class MediaFault(Exception):
    """The file cannot be published; the message is meant for the writer, `hint` says how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint

    def __reduce__(self) -> tuple[type[MediaFault], tuple[str, str]]:
        return MediaFault, (str(self), self.hint)


Focus = tuple[int, int]
"""The point of a picture that matters most, in per cent from its left and top edges."""
CENTRE: Focus = (50, 50)
MOST_WIDE = 1920
"""Pixels; what is wider is not for browsers that cannot choose among several files."""
RECIPE = 1
"""Goes up when the same source makes other renditions, so that these get other names."""


class Picture(Struct, frozen=True):
    """A picture: `path` in the site's folder, `file` in output/, size in pixels as it is shown.

    `file` is for browsers that cannot choose, at most `file_width` wide; where it `is_remade`, it is not the source's
    own bytes, and nobody knows its length in bytes yet: `length` is 0 then. The names of other renditions begin with
    `base`; it is empty for pictures that move, which have none. `tone` is the number of the colour that stands there
    until the picture has come: red, green and blue in four steps each; empty where something shines through.
    """

    path: str
    file: str
    width: int
    height: int
    media_type: str
    length: int
    base: str = ""
    tone: str = ""
    is_remade: bool = False

    @property
    def file_width(self) -> int:
        """The width of `file`."""
        return min(self.width, MOST_WIDE) if self.is_remade else self.width


Look = Callable[[Path, str], "Picture | MediaFault"]
"""Finds out what a picture's file, by the site's folder and its path there, holds."""


class Library:
    """Looks each file up once; the same bytes and name always give the same published name.

    `look` may know better than to read a file.
    """

    def __init__(self, root: Path, look: Look | None = None) -> None:
        self.root = root
        self._look = look or inspect
        self._pictures: dict[str, Picture | MediaFault] = {}
        self._attachments: dict[str, str | MediaFault] = {}

    def picture(self, path: str) -> Picture:
        """A picture by its path; raises MediaFault where it is broken, too large or of another type."""
        if path not in self._pictures:
            self._pictures[path] = self._look(self.root, path)
        found = self._pictures[path]
        if isinstance(found, MediaFault):
            raise found
        return found

    def known(self, path: str) -> Picture | None:
        """A picture that was asked for before; None for one that is broken, and for whatever else may be published."""
        found = self._pictures.get(path)
        return found if isinstance(found, Picture) else None

    def attachment(self, path: str) -> str:
        """The published file of any other document that may be linked; raises MediaFault."""
        if path not in self._attachments:
            self._attachments[path] = _attach(self.root, path)
        found = self._attachments[path]
        if isinstance(found, MediaFault):
            raise found
        return found

    def published(self, path: str) -> str:
        """The published file of a picture or document; raises MediaFault."""
        try:
            return self.picture(path).file
        except MediaFault:
            return self.attachment(path)


def read_picture(root: Path, path: str) -> tuple[os.stat_result, bytes] | MediaFault:
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


def base_of(path: str, data: bytes) -> str:
    """What the names of all files begin with that are made from a picture with these bytes."""
    return published_name(path, b"%d %s" % (RECIPE, data), "")


def inspect(root: Path, path: str) -> Picture | MediaFault:
    """What a picture's file holds; its pixels are read as well, so that one that is cut short is found out."""
    read = read_picture(root, path)
    return read if isinstance(read, MediaFault) else picture_of(path, read[1])


def picture_of(path: str, data: bytes) -> Picture | MediaFault:
    """What the bytes of a picture hold."""
    if path.lower().endswith(".svg"):
        return MediaFault(f'"{path}" is an SVG drawing, which may hold scripts', "save it as PNG or WebP")
    from io import BytesIO

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data)) as image:
                kind, (width, height) = image.format or "", image.size
                if kind not in _TYPES:
                    hint = "save it as JPEG, PNG, WebP, AVIF or GIF"
                    return MediaFault(f'"{path}" is a {kind} picture, which browsers do not show', hint)
                if width * height > MAX_PIXELS:
                    return _too_many_pixels(path)
                is_still = kind == "MPO" or getattr(image, "n_frames", 1) == 1
                orientation = image.getexif().get(0x0112, 1)
                image.draft("RGB", (_GLANCE, _GLANCE))
                image.load()
                tone, shines = _tone(image)
                is_bare = orientation in (0, 1) and not set(image.info) - _HARMLESS
    except Image.DecompressionBombError:
        return _too_many_pixels(path)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return broken_picture(path)
    size = (height, width) if orientation in (5, 6, 7, 8) else (width, height)
    ending, media_type = _TYPES[kind]
    if not is_still:
        return Picture(path, published_name(path, data, ending), *size, media_type, len(data))
    keeps = is_bare and kind in ("JPEG", "PNG") and size[0] <= MOST_WIDE
    if not keeps:
        ending, media_type = _TYPES["PNG" if shines or kind in ("PNG", "GIF") else "JPEG"]
    base = base_of(path, data)
    file = published_name(path, data, ending) if keeps else f"{base}{ending}"
    return Picture(path, file, *size, media_type, len(data) if keeps else 0, base, tone, not keeps)


_GLANCE = 32
"""Pixels; a JPEG file is decoded to about this size to see its colour, which takes a fraction of the time."""
_STEPS = 4
_MEAN = 4
"""Pillow's number for resizing by means (Resampling.BOX)."""
_HARMLESS = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression", "adobe"),
    *("adobe_transform", "gamma", "srgb", "interlace", "transparency", "aspect"),
}
"""What Pillow may say of a file that holds nothing but its picture."""


def _tone(image: Image) -> tuple[str, bool]:
    """The number of the picture's mean colour, empty where it is not opaque; and whether it may not be."""
    if "A" in image.mode or "transparency" in image.info:
        return "", True
    if image.mode.startswith("I"):
        return "", False
    colour = image.convert("RGB").resize((1, 1), _MEAN).tobytes()
    return "".join(str(part * _STEPS // 256) for part in colour), False


def broken_picture(path: str) -> MediaFault:
    """The fault of a file that is no picture, or not all of one."""
    hint = "save it anew as JPEG, PNG, WebP, AVIF or GIF"
    return MediaFault(f'"{path}" is not a picture that browsers show, or it is broken', hint)


def _too_many_pixels(path: str) -> MediaFault:
    millions = MAX_PIXELS // 1_000_000
    return MediaFault(f'"{path}" has more than {millions} million pixels', "make the picture smaller")


def _attach(root: Path, path: str) -> str | MediaFault:
    ending = PurePosixPath(path).suffix.lower()
    if ending not in _ATTACHMENTS:
        hint = f"files that can be linked end in {', '.join(_ATTACHMENTS)}"
        return MediaFault(f'"{path}" is of a kind that is not published', hint)
    read = read_picture(root, path)
    return read if isinstance(read, MediaFault) else published_name(path, read[1], ending)
