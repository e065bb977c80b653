"""Opens strangers' pictures: only the types that browsers show, never more pixels than are allowed, and every error of
the library is a fault that the writer can mend.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from sitegen.sources.media import MediaFault

if TYPE_CHECKING:
    from PIL.Image import Image

TYPES = {
    "JPEG": (".jpg", "image/jpeg"),
    "MPO": (".jpg", "image/jpeg"),
    "PNG": (".png", "image/png"),
    "GIF": (".gif", "image/gif"),
    "WEBP": (".webp", "image/webp"),
    "AVIF": (".avif", "image/avif"),
}
"""What browsers show, by Pillow's name of the type: the file's ending and its media type. MPO is JPEG with several
pictures, which Pillow opens as JPEG.
"""
MOST_LONG = 65_500
"""Pixels of one side: libjpeg writes no longer one."""
MOST_SCANS = 100
"""Scans of a progressive JPEG file, each of which is decoded over the whole picture; ordinary ones have about ten."""
MOST_PROFILE = 4 * 1024 * 1024
"""Bytes of a colour profile; large ones, of printing presses, have about two million."""
_REDUCED_FROM = 24_000_000
"""Pixels; JPEG files that hold more are read at half their size, a quarter or an eighth, as long as they stay wide."""
_STILL_WIDE = 1920

_SCAN = b"\xff\xda"
_KINDS = "JPEG, PNG, WebP, AVIF or GIF"
_OTHERS = (
    ("TIFF", 0, (b"II*\0", b"MM\0*")),
    ("BMP", 0, (b"BM",)),
    ("Windows icon", 0, (b"\0\0\1\0",)),
    ("Photoshop", 0, (b"8BPS",)),
    ("DDS", 0, (b"DDS ",)),
    ("HEIC", 4, (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1")),
    ("JPEG XL", 0, (b"\xff\x0a", b"\0\0\0\x0cJXL ")),
    ("JPEG 2000", 0, (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")),
    ("PDF", 0, (b"%PDF",)),
    ("PostScript", 0, (b"%!PS",)),
    ("SVG", 0, (b"<svg", b"<?xml")),
)
"""What files that are often taken for pictures begin with, and where."""


@contextmanager
def opened(path: str, data: bytes, megapixels: int) -> Iterator[Image]:
    """The picture in `data`, not decoded yet. Raises MediaFault, also for whatever goes wrong while it is used."""
    from PIL import Image

    _refuse(path, data)
    with reading(path):
        try:
            image = Image.open(BytesIO(data), formats=[kind for kind in TYPES if kind != "MPO"])
        except Image.DecompressionBombError:
            raise _too_many_pixels(path, megapixels) from None
        width, height = image.size
        if width * height > megapixels * 1_000_000:
            raise _too_many_pixels(path, megapixels)
        if max(width, height) > MOST_LONG:
            raise MediaFault(f'"{path}" is more than {MOST_LONG:,} pixels long', "cut it into several pictures")
        if len(image.info.get("icc_profile") or b"") > MOST_PROFILE:
            limit = MOST_PROFILE // 1024 // 1024
            raise MediaFault(f'"{path}" holds a colour profile of more than {limit} MB', "save it anew as sRGB")
        with image:
            yield image


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Turns what the library raises of a picture into MediaFault: broken files make it raise almost anything."""
    try:
        with warnings.catch_warnings():
            # The program counts the pixels itself, and whatever else is odd about a file cannot be seen.
            warnings.simplefilter("ignore")
            yield
    except MediaFault:
        raise
    except MemoryError:
        hint = "make the picture smaller, or build on a larger machine"
        raise MediaFault(f'"{path}" needs more memory than there is', hint) from None
    except Exception:
        hint = f"save it anew as {_KINDS}"
        raise MediaFault(f'"{path}" is not a picture that browsers show, or it is broken', hint) from None


def _refuse(path: str, data: bytes) -> None:
    """Raises MediaFault for bytes that are better not given to the library."""
    kind = next((kind for kind, at, starts in _OTHERS if data.startswith(starts, at)), "")
    if kind == "SVG" or path.lower().endswith(".svg"):
        raise MediaFault(f'"{path}" is an SVG drawing, which may hold scripts', "save it as PNG or WebP")
    if kind:
        article = "an" if kind == "HEIC" else "a"
        raise MediaFault(f'"{path}" is {article} {kind} file, which browsers do not show', f"save it as {_KINDS}")
    if data.startswith(b"\xff\xd8") and data.count(_SCAN) > MOST_SCANS:
        raise MediaFault(f'"{path}" is a JPEG file of more than {MOST_SCANS} scans', "save it anew as JPEG")


def _too_many_pixels(path: str, megapixels: int) -> MediaFault:
    hint = "make the picture smaller, or raise max_megapixels below [pictures] in sitegen.toml"
    return MediaFault(f'"{path}" has more than {megapixels} million pixels', hint)


def divisor_of(image: Image) -> int:
    """By what the sides of a huge JPEG file are divided when it is decoded, which saves as much time and memory.

    It depends on nothing but the size in the file, so that every rendition is made from the same pixels.
    """
    width, height = image.size
    divisor = 1
    if image.format in ("JPEG", "MPO"):
        while (
            divisor < 8
            and width * height > _REDUCED_FROM * divisor**2
            and min(width, height) >= 2 * divisor * _STILL_WIDE
        ):
            divisor *= 2
    return divisor
