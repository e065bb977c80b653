"""The files that a picture becomes: copies of several widths, of the whole and of its crops.

A theme says in theme.toml which of them its pages show. Their names follow from the picture's content, the crop and the
width alone, so that pages can name files that nobody has made yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sitegen.plan.views import ImageView
from sitegen.sources.pictures import CENTRE, Focus, Picture

MOST_LONG = 16_383
"""Pixels of one side, the most that WebP holds (RFC 6386, section 9.1: 14 bits)."""
WHOLE = ""
"""Stands for no crop."""


class PictureSizes(Struct, frozen=True):
    """What a theme shows: widths in pixels of whole pictures, and of each crop by its ratio, such as `4:3`.

    `sizes` says how wide a picture in a text is, as the attribute of HTML does.
    """

    widths: tuple[int, ...] = ()
    crops: dict[str, tuple[int, ...]] = {}
    sizes: str = "100vw"

    def of(self, crop: str) -> tuple[int, ...]:
        """The widths of a crop; KeyError where the theme has none of this ratio."""
        return self.crops[crop] if crop else self.widths


class Rendition(Struct, frozen=True):
    """One file made from a picture: the part `box` (left, top, right, bottom in the upright picture's pixels) of the
    file `source`, drawn in `width` times `height` pixels. `format` is Pillow's name of the file's type.
    """

    source: str
    file: str
    width: int
    height: int
    box: tuple[int, int, int, int]
    format: str = "WEBP"


def box_of(width: int, height: int, crop: str, focus: Focus) -> tuple[int, int, int, int]:
    """The largest part of a picture with the ratio of a crop, as near around the point of focus as there is room."""
    if not crop:
        return 0, 0, width, height
    across, down = map(int, crop.split(":"))
    part = max(1, min(width, height * across // down)), max(1, min(height, width * down // across))
    starts = (
        min(max(0, round(whole * at / 100 - size / 2)), whole - size)
        for whole, size, at in zip((width, height), part, focus, strict=True)
    )
    left, top = starts
    return left, top, left + part[0], top + part[1]


def cuts(
    base: str, width: int, height: int, focus: Focus, crop: str, widths: tuple[int, ...]
) -> Iterator[tuple[str, int, int, tuple[int, int, int, int]]]:
    """File, width, height and box of each copy of a picture; none is wider than what it is made from, or longer than
    its type allows.

    A crop of a picture that has its ratio already is the picture, and has no files of its own.
    """
    if not base or not widths:
        return
    box = box_of(width, height, crop, focus)
    across, down = box[2] - box[0], box[3] - box[1]
    name = base
    if (across, down) != (width, height):
        name += f"-{crop.replace(':', 'x')}"
        name += f"-f{focus[0]}x{focus[1]}" if focus != CENTRE else ""
    for wide in sorted({min(wide, across) for wide in widths}):
        high = max(1, round(down * wide / across))
        if max(wide, high) <= MOST_LONG:
            yield f"{name}-{wide}w.webp", wide, high, box


def candidates(view: ImageView, sizes: PictureSizes, crop: str, base_path: str) -> str:
    """The files of a picture as the attribute `srcset` lists them (HTML, "Srcset attributes"); may be empty."""
    found = cuts(view.base, view.width, view.height, view.focus, crop, sizes.of(crop))
    return ", ".join(f"{base_path}{file} {wide}w" for file, wide, _, _ in found)


def renditions(picture: Picture, sizes: PictureSizes, focuses: frozenset[Focus] = frozenset()) -> Iterator[Rendition]:
    """The files of one picture: with crops for each point of focus with which an article leads with it.

    A file may come more than once: of crops that cut nothing off.
    """
    if picture.is_remade:
        # For browsers of old, and wherever one file has to do.
        whole = (0, 0, picture.width, picture.height)
        kind = "PNG" if picture.file.endswith(".png") else "JPEG"
        yield Rendition(picture.path, picture.file, *picture.file_size, whole, kind)
    wanted = [(WHOLE, CENTRE), *((crop, focus) for focus in sorted(focuses) for crop in sizes.crops)]
    for crop, focus in wanted:
        for file, wide, high, box in cuts(picture.base, picture.width, picture.height, focus, crop, sizes.of(crop)):
            yield Rendition(picture.path, file, wide, high, box)
