#!/usr/bin/env python3
"""Draws the pictures of the bundled site: cloth, thread by thread, from a weaving draft.

A draft says for every crossing whether the warp or the weft lies on top; with the order of the colours in both
directions that is the whole cloth. Run it with `python tools/pictures.py content/images` after a change.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

SIZE = (1200, 675)
"""Width and height in pixels, 16:9."""

Colour = tuple[int, int, int]
Lift = Callable[[int, int], bool]
"""Whether the warp thread of a column lies over the weft thread of a row."""

INK, NAVY, INDIGO, STEEL = (32, 31, 36), (36, 46, 78), (44, 62, 105), (88, 103, 122)
ECRU, CHALK, SAND, CAMEL = (232, 222, 203), (243, 239, 229), (206, 184, 148), (176, 128, 78)
MADDER, WINE, RUST, BLUSH = (158, 52, 44), (98, 28, 44), (181, 86, 44), (214, 164, 152)
MOSS, BOTTLE, SAGE, SAFFRON = (92, 104, 62), (28, 66, 54), (150, 162, 134), (214, 158, 48)


@dataclass(frozen=True)
class Cloth:
    """One cloth. `warp` and `weft` are the threads' colours in order, `thread` a thread's width in pixels."""

    name: str
    lift: Lift
    warp: Sequence[Colour]
    weft: Sequence[Colour]
    thread: int = 15


def twill(over: int, under: int) -> Lift:
    """A diagonal: `over` threads up, `under` down, one step further in each row."""
    return lambda row, column: (column - row) % (over + under) < over


def herringbone(width: int) -> Lift:
    """A 2/2 twill that turns every `width` threads."""

    def lift(row: int, column: int) -> bool:
        turned = (column // width) % 2
        return (column + row + 1 if turned else column - row) % 4 < 2

    return lift


def plain(row: int, column: int) -> bool:
    """Over one, under one."""
    return (row + column) % 2 == 0


def satin(row: int, column: int) -> bool:
    """A five-end satin: one crossing in five, scattered so that no line shows."""
    return row % 5 != (column * 2) % 5


def basket(row: int, column: int) -> bool:
    """Two by two."""
    return (row // 2 + column // 2) % 2 == 0


def diamond(row: int, column: int) -> bool:
    """A twill that turns in both directions."""
    half = 8
    across = half - 1 - column % half if (column // half) % 2 else column % half
    down = half - 1 - row % half if (row // half) % 2 else row % half
    return (across + down) % 4 < 2


def repp(row: int, column: int) -> bool:
    """A rib: four weft threads lie together under one warp thread, so that only the warp is seen."""
    return (row // 4 + column) % 2 == 0 if row % 4 else True


def honeycomb(row: int, column: int) -> bool:
    """Floats that grow and shrink in both directions, so that the cloth stands up in cells."""
    across, down = abs(column % 12 - 6), abs(row % 12 - 6)
    return across + down < 6 if (across + down) % 6 else (row + column) % 2 == 0


def crepe(row: int, column: int) -> bool:
    """No line and no repeat that the eye could find: a scattered order of 16 by 16 threads, none of them loose."""
    row, column = row % 16, column % 16
    return (
        (row * row * 5 + column * 7 + (row ^ column) * 3) % 7 < 3 if (row * 3 + column) % 4 else (row + column) % 2 == 0
    )


def brocade(row: int, column: int) -> bool:
    """A satin ground with flowers of weft floats, each row of them moved by half a repeat."""
    repeat = 64
    half = repeat // 2
    x, y = column % repeat - half, row % repeat - half
    if abs(x) + abs(y) > half:
        # The corners of the square belong to the flowers of the next row.
        x, y = (x - half if x > 0 else x + half), (y - half if y > 0 else y + half)
    away, angle = math.hypot(x, y), math.atan2(y, x)
    petals = 11 + 7 * math.cos(6 * angle)
    flower = 4 < away < petals or away < 2.5 or 19 < away < 20.5
    scattered = row % 5 == (column * 2) % 5
    return scattered if flower else not scattered


def mirrored(half: Sequence[tuple[Colour, int]]) -> tuple[Colour, ...]:
    """A sett: the stripes of one half, then the same back again without the two at the turns."""
    return tuple(colour for colour, count in (*half, *half[-2:0:-1]) for _ in range(count))


SETT = mirrored(((SAFFRON, 2), (BOTTLE, 14), (NAVY, 6), (BOTTLE, 2), (NAVY, 14), (MADDER, 4)))


CLOTHS = (
    Cloth("twill", twill(2, 2), (ECRU,), (CAMEL,), 17),
    Cloth("denim", twill(3, 1), (INDIGO, INDIGO, NAVY, INDIGO), (CHALK,), 14),
    Cloth("herringbone", herringbone(10), (INK,), (SAND,), 13),
    Cloth("houndstooth", twill(2, 2), (INK,) * 4 + (CHALK,) * 4, (INK,) * 4 + (CHALK,) * 4, 16),
    Cloth("gingham", plain, (MADDER,) * 6 + (CHALK,) * 6, (MADDER,) * 6 + (CHALK,) * 6, 13),
    Cloth("satin", satin, (WINE, WINE, MADDER), (WINE,), 12),
    Cloth("basket", basket, (SAGE, SAGE, MOSS, MOSS), (ECRU,), 20),
    Cloth(
        "glen-check",
        twill(2, 2),
        ((STEEL,) * 4 + (CHALK,) * 4) * 4 + ((STEEL,) * 2 + (CHALK,) * 2) * 8 + (SAFFRON,) * 2 + (CHALK,) * 2,
        ((STEEL,) * 4 + (CHALK,) * 4) * 4 + ((STEEL,) * 2 + (CHALK,) * 2) * 8 + (SAFFRON,) * 2 + (CHALK,) * 2,
        9,
    ),
    Cloth("diamond", diamond, (BOTTLE,), (SAFFRON, SAFFRON, RUST, RUST), 13),
    Cloth("tartan", twill(2, 2), SETT, SETT, 9),
    Cloth("brocade", brocade, (WINE,), (SAFFRON, SAND), 7),
    Cloth("pinstripe", twill(2, 2), (NAVY,) * 13 + (CHALK,), (NAVY, INK), 11),
    Cloth("repp", repp, (WINE,) * 12 + (SAFFRON,) * 3 + (NAVY,) * 12 + (SAFFRON,) * 3, (INK,), 12),
    Cloth("honeycomb", honeycomb, (ECRU,), (CHALK, ECRU), 12),
    Cloth("ticking", twill(2, 1), ((NAVY,) * 6 + (CHALK,) * 2 + (NAVY,) * 2 + (CHALK,) * 8), (CHALK,), 12),
    Cloth("sharkskin", twill(2, 2), (INK, STEEL), (STEEL, INK), 14),
    Cloth("windowpane", twill(2, 2), (MOSS,) * 26 + (RUST,) * 2, (MOSS,) * 26 + (RUST,) * 2, 11),
    Cloth("canvas", plain, (ECRU, SAND, ECRU), (ECRU, CHALK), 16),
    Cloth("crepe", crepe, (BLUSH,), (BLUSH, CHALK), 13),
    Cloth("shirting", plain, (CHALK,) * 10 + (NAVY,) * 2 + (CHALK,) * 2 + (NAVY,) * 2, (CHALK,), 10),
)


def shade(colour: Colour, across: float, along: float) -> Colour:
    """A thread's colour at a point: round across its width, dark where it dives under the next thread.

    `across` and `along` run from -1 to 1, with 0 on the thread's middle.
    """
    light = 1.14 - 0.42 * across * across - 0.3 * max(0.0, abs(along) - 0.45)
    red, green, blue = (min(255, round(part * light)) for part in colour)
    return red, green, blue


@dataclass(frozen=True)
class Crossing:
    """What is seen where two threads meet: whose colour, and whether that thread stays on top before and after."""

    warp: bool
    colour: Colour
    before: bool
    after: bool

    def draw(self, size: int) -> Image.Image:
        """The square of `size` pixels."""
        square = Image.new("RGB", (size, size))
        for y in range(size):
            for x in range(size):
                u, v = ((x + 0.5) / size * 2 - 1, (y + 0.5) / size * 2 - 1)
                across, along = (u, v) if self.warp else (v, u)
                goes_on = self.before if along < 0 else self.after
                square.putpixel((x, y), shade(self.colour, across, 0.0 if goes_on else along))
        return square


def crossing(cloth: Cloth, row: int, column: int) -> Crossing:
    """What a cloth shows at one place."""
    if cloth.lift(row, column):
        colour = cloth.warp[column % len(cloth.warp)]
        return Crossing(True, colour, cloth.lift(row - 1, column), cloth.lift(row + 1, column))
    colour = cloth.weft[row % len(cloth.weft)]
    return Crossing(False, colour, not cloth.lift(row, column - 1), not cloth.lift(row, column + 1))


def draw(cloth: Cloth, size: tuple[int, int] = SIZE) -> Image.Image:
    """The whole picture, lit from above on the left."""
    squares: dict[Crossing, Image.Image] = {}
    picture = Image.new("RGB", size)
    for row in range(-(-size[1] // cloth.thread)):
        for column in range(-(-size[0] // cloth.thread)):
            seen = crossing(cloth, row, column)
            if seen not in squares:
                squares[seen] = seen.draw(cloth.thread)
            picture.paste(squares[seen], (column * cloth.thread, row * cloth.thread))
    return ImageChops.multiply(picture, light().resize(size))


def light() -> Image.Image:
    """Full light on the left above the middle, falling off to the corners."""
    width, height = SIZE
    falloff = (
        Image.radial_gradient("L")
        .resize((width * 2, width * 2))
        .crop((width - width // 3, width - height // 3, width * 2 - width // 3, width + height - height // 3))
    )
    return falloff.point(lambda distance: 255 - distance * 2 // 5).convert("RGB")


def letter() -> Image.Image:
    """The house's own advertisement: a label sewn onto satin."""
    cloth = next(cloth for cloth in CLOTHS if cloth.name == "satin")
    picture = draw(cloth, (600, 500))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((90, 130, 510, 370), fill=CHALK)
    for left in range(100, 500, 18):
        for top in (142, 356):
            pen.line((left, top, left + 10, top), fill=WINE, width=3)
    for text, top, size in (("The Friday letter", 205, 44), ("one fabric, one page, every week", 285, 23)):
        pen.text((300, top), text, fill=INK, font=ImageFont.load_default(size), anchor="mm")
    return picture


def main(folder: Path) -> None:
    """Writes every picture as a JPEG."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {cloth.name: draw(cloth) for cloth in CLOTHS} | {"letter": letter()}
    for name, picture in pictures.items():
        path = folder / f"{name}.jpg"
        picture.save(path, quality=72, optimize=True, progressive=True)
        print(f"{path}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "content/images"))
