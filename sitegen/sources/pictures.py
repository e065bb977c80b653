"""Pictures: what their files hold, and the names under which they are published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sitegen.settings import MEGAPIXELS
from sitegen.sources.media import MediaFault, attach, published_name, read_media
from sitegen.sources.pixels import TYPES, divisor_of, opened

if TYPE_CHECKING:
    from PIL.Image import Image

Focus = tuple[int, int]
"""The point of a picture that matters most, in per cent from its left and top edges."""
CENTRE: Focus = (50, 50)
MOST_WIDE = 1920
"""Pixels; what is wider is not for browsers that cannot choose among several files."""
RECIPE = 2
"""Goes up when the same source makes other renditions, so that these get other names."""


class Picture(Struct, frozen=True):
    """A picture: `path` in the site's folder, `file` in output/, size in pixels as it is shown; of huge JPEG files,
    which are decoded at a part of their size, the size of this part.

    `file` is for browsers that cannot choose, of `file_size`; where it `is_remade`, it is not the source's
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
    def file_size(self) -> tuple[int, int]:
        """The width and height of `file` in pixels."""
        wide = min(self.width, MOST_WIDE) if self.is_remade else self.width
        return wide, max(1, round(self.height * wide / self.width))


Look = Callable[[Path, str, int], "Picture | MediaFault"]
"""Finds out what a picture's file holds, by the site's folder and its path there; more megapixels it must not have."""


class Library:
    """Looks each file up once; the same bytes and name always give the same published name.

    `look` may know better than to read a file. No picture has more than so many `megapixels`.
    """

    def __init__(self, root: Path, look: Look | None = None, megapixels: int = MEGAPIXELS) -> None:
        self.root, self.megapixels = root, megapixels
        self._look = look or inspect
        self._pictures: dict[str, Picture | MediaFault] = {}
        self._attachments: dict[str, str | MediaFault] = {}

    def picture(self, path: str) -> Picture:
        """A picture by its path; raises MediaFault where it is broken, too large or of another type."""
        if path not in self._pictures:
            self._pictures[path] = self._look(self.root, path, self.megapixels)
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
            self._attachments[path] = attach(self.root, path)
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


def base_of(path: str, data: bytes) -> str:
    """What the names of all files begin with that are made from a picture with these bytes."""
    return published_name(path, b"%d %s" % (RECIPE, data), "")


def inspect(root: Path, path: str, megapixels: int = MEGAPIXELS) -> Picture | MediaFault:
    """What a picture's file holds; its pixels are read as well, so that one that is cut short is found out."""
    read = read_media(root, path)
    return read if isinstance(read, MediaFault) else picture_of(path, read[1], megapixels)


def picture_of(path: str, data: bytes, megapixels: int = MEGAPIXELS) -> Picture | MediaFault:
    """What the bytes of a picture hold."""
    try:
        return _picture_of(path, data, megapixels)
    except MediaFault as fault:
        return fault


def _picture_of(path: str, data: bytes, megapixels: int) -> Picture:
    with opened(path, data, megapixels) as image:
        kind, (width, height) = image.format or "", image.size
        is_still = kind == "MPO" or not getattr(image, "is_animated", False)
        orientation = image.getexif().get(0x0112, 1)
        divisor = divisor_of(image)
        width, height = -(-width // divisor), -(-height // divisor)
        image.draft("RGB", (_GLANCE, _GLANCE))
        image.load()
        tone, shines = _tone(image)
        is_bare = orientation in (0, 1) and not set(image.info) - _HARMLESS
    size = (height, width) if orientation in (5, 6, 7, 8) else (width, height)
    ending, media_type = TYPES[kind]
    if not is_still:
        return Picture(path, published_name(path, data, ending), *size, media_type, len(data))
    keeps = is_bare and kind in ("JPEG", "PNG") and size[0] <= MOST_WIDE
    if not keeps:
        ending, media_type = TYPES["PNG" if shines or kind in ("PNG", "GIF") else "JPEG"]
    base = base_of(path, data)
    file = published_name(path, data, ending) if keeps else f"{base}{ending}"
    return Picture(path, file, *size, media_type, len(data) if keeps else 0, base, tone, not keeps)


_GLANCE = 32
"""Pixels; a JPEG file is decoded to about this size to see its colour, which takes a fraction of the time."""
_STEPS = 4
_MEAN = 4
"""Pillow's number for resizing by means (Resampling.BOX)."""
_NEAREST = 0
"""Pillow's number for resizing by taking single pixels (Resampling.NEAREST)."""
_SAMPLES = 512
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
    if image.mode in ("1", "P"):
        # Such pixels have no mean; enough of them tell the colour as well as all.
        image = image.resize((min(image.width, _SAMPLES), min(image.height, _SAMPLES)), _NEAREST)
        image = image.convert("RGB")
    colour = image.resize((1, 1), _MEAN).convert("RGB").tobytes()
    return "".join(str(part * _STEPS // 256) for part in colour), False
