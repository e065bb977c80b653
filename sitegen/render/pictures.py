"""Pictures' pixels: a source file -> the bytes of its renditions, upright, in sRGB, with nothing but the picture."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from PIL import Image, ImageCms, ImageOps

from sitegen.plan.pictures import Rendition
from sitegen.settings import MOST_MEGAPIXELS
from sitegen.sources.pictures import Picture
from sitegen.sources.pixels import divisor_of, opened, reading

_SAVED: dict[str, dict[str, Any]] = {
    "WEBP": {"quality": 80, "method": 4},
    "JPEG": {"quality": 84, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
}
"""How each type of file is written, as Pillow takes it."""


MOST_IN_DOCUMENTS = 16_384
"""Pixels of one side."""


def made(data: bytes, renditions: Iterable[Rendition]) -> Iterator[tuple[Rendition, bytes]]:
    """The bytes of renditions of one picture, whose file holds `data`. Raises MediaFault where it is broken."""
    whole: Image.Image | None = None
    for one in renditions:
        if whole is None:
            whole = _opened(data, one.source)
        with reading(one.source), io.BytesIO() as file:
            small = whole.resize((one.width, one.height), Image.Resampling.LANCZOS, one.box, reducing_gap=3.0)
            if one.format == "JPEG" and small.mode == "RGBA":
                small = small.convert("RGB")
            small.save(file, one.format, **_SAVED[one.format])
            made_bytes = file.getvalue()
        yield one, made_bytes


def for_documents(picture: Picture, data: bytes) -> tuple[bytes, str]:
    """A published picture as documents can hold it, and its media type. Raises MediaFault.

    Typst reads no JPEG file that is longer than MOST_IN_DOCUMENTS, and neither it nor "EPUB 3.3" (section 3.2) knows
    AVIF: pictures that move are published as that.
    """
    width, height = picture.file_size
    is_long = picture.media_type == "image/jpeg" and height > MOST_IN_DOCUMENTS
    if not is_long and picture.media_type != "image/avif":
        return data, picture.media_type
    part = min(1, MOST_IN_DOCUMENTS / max(width, height))
    size = max(1, int(width * part)), max(1, int(height * part))
    kind = "JPEG" if is_long else "PNG"
    whole = Rendition(picture.path, "", *size, (0, 0, width, height), kind)
    (_, made_bytes), *_ = made(data, [whole])
    return made_bytes, f"image/{kind.lower()}"


def _opened(data: bytes, path: str) -> Image.Image:
    """The picture upright, in RGB, RGBA or shades of grey."""
    # Whether it has more pixels than the settings allow was judged when the pages were planned.
    with opened(path, data, MOST_MEGAPIXELS) as image:
        divisor = divisor_of(image)
        if divisor > 1:
            image.draft(None, (image.width // divisor, image.height // divisor))
        image.load()
        profile = image.info.get("icc_profile")
        ImageOps.exif_transpose(image, in_place=True)
        plain = _plain(image)
        found = _in_srgb(plain, profile) if profile else plain
        # Whatever else the file said of itself stays behind.
        found.info = {}
        return found.copy() if found is image else found


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Sixteen bits a pixel, which no page can show.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The same colours as numbers of sRGB (IEC 61966-2-1), which is what browsers take them for without a profile."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except Exception:  # Broken profiles make the library raise almost anything; without them colours are near enough.
        found = None
    return found if found is not None else image.convert(mode)
