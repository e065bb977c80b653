"""Pictures and attachments: files that are published as they are, under a name with their content's hash."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path, PurePosixPath

from msgspec import Struct
from slugify import slugify

MAX_BYTES = 25 * 1024 * 1024
"""The largest file that Cloudflare Pages serves."""
MAX_PIXELS = 100_000_000

_TYPES = {
    "JPEG": (".jpg", "image/jpeg"),
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


class Picture(Struct, frozen=True):
    """A picture: `path` in the site's folder, `file` in output/, size in pixels as it is shown, length in bytes."""

    path: str
    file: str
    width: int
    height: int
    media_type: str
    length: int


class Library:
    """Looks each file up once; the same bytes and name always give the same published name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pictures: dict[str, Picture | MediaFault] = {}
        self._attachments: dict[str, str | MediaFault] = {}

    def picture(self, path: str) -> Picture:
        """A picture by its path; raises MediaFault where it is broken, too large or of another type."""
        if path not in self._pictures:
            self._pictures[path] = _inspect(self.root, path)
        found = self._pictures[path]
        if isinstance(found, MediaFault):
            raise found
        return found

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


def _read(root: Path, path: str) -> bytes | MediaFault:
    try:
        if (root / path).stat().st_size > MAX_BYTES:
            limit = MAX_BYTES // 1024 // 1024
            return MediaFault(f'"{path}" is larger than {limit} MB', "make it smaller; many hosts refuse it")
        return (root / path).read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return MediaFault(f'"{path}" cannot be read: {reason}', "look at the file's permissions")


def published_name(path: str, data: bytes, ending: str) -> str:
    """`content/images/Blue Twill.JPG` -> `media/blue-twill.3fa9bc1204.jpg`."""
    digest = hashlib.blake2b(data, digest_size=5).hexdigest()
    stem = slugify(PurePosixPath(path).stem)[:80].strip("-") or "file"
    return f"media/{stem}.{digest}{ending}"


def _inspect(root: Path, path: str) -> Picture | MediaFault:
    data = _read(root, path)
    if isinstance(data, MediaFault):
        return data
    if path.lower().endswith(".svg"):
        return MediaFault(f'"{path}" is an SVG drawing, which may hold scripts', "save it as PNG or WebP")
    from io import BytesIO

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data)) as image:
                kind, (width, height) = image.format or "", image.size
                turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except Image.DecompressionBombError:
        return _too_many_pixels(path)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        hint = "save it anew as JPEG, PNG, WebP, AVIF or GIF"
        return MediaFault(f'"{path}" is not a picture that browsers show, or it is broken', hint)
    if kind not in _TYPES:
        hint = "save it as JPEG, PNG, WebP, AVIF or GIF"
        return MediaFault(f'"{path}" is a {kind} picture, which browsers do not show', hint)
    if width * height > MAX_PIXELS:
        return _too_many_pixels(path)
    ending, media_type = _TYPES[kind]
    size = (height, width) if turned else (width, height)
    return Picture(path, published_name(path, data, ending), *size, media_type, len(data))


def _too_many_pixels(path: str) -> MediaFault:
    millions = MAX_PIXELS // 1_000_000
    return MediaFault(f'"{path}" has more than {millions} million pixels', "make the picture smaller")


def _attach(root: Path, path: str) -> str | MediaFault:
    ending = PurePosixPath(path).suffix.lower()
    if ending not in _ATTACHMENTS:
        hint = f"files that can be linked end in {', '.join(_ATTACHMENTS)}"
        return MediaFault(f'"{path}" is of a kind that is not published', hint)
    data = _read(root, path)
    return data if isinstance(data, MediaFault) else published_name(path, data, ending)
