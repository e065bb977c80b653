"""Draws the default theme's icons: four threads woven round a square, as SVG, PNG and ICO.

Run `python -m tools.icons` after a change.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "themes/default/static"
GRID = 32
"""The drawing's width and height; every number below is in its units."""
GROUND, THREAD, HEART = "#1b1917", "#fdfcfa", "#9c2b2b"
THREADS = ((4, 8, 8, 16), (12, 4, 8, 8), (12, 20, 8, 8), (20, 8, 8, 16))
"""Left, top, width and height."""
SQUARE = (12, 12, 8, 8)


def svg() -> str:
    """The icon as a drawing that is sharp at every size."""
    path = "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in THREADS)
    x, y, w, h = SQUARE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID} {GRID}"><rect width="{GRID}" height="{GRID}" '
        f'fill="{GROUND}"/><path d="{path}" fill="{THREAD}"/><path d="M{x} {y}h{w}v{h}h-{w}z" fill="{HEART}"/></svg>\n'
    )


def picture(size: int) -> Image.Image:
    """The icon in pixels; `size` is its width and height."""
    scale = 8
    image = Image.new("RGB", (GRID * scale, GRID * scale), GROUND)
    draw = ImageDraw.Draw(image)
    for box, colour in (*((thread, THREAD) for thread in THREADS), (SQUARE, HEART)):
        x, y, w, h = (value * scale for value in box)
        draw.rectangle((x, y, x + w - 1, y + h - 1), fill=colour)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    (STATIC / "top").mkdir(exist_ok=True)
    (STATIC / "icons/favicon.svg").write_text(svg(), "utf-8")
    picture(180).save(STATIC / "icons/apple-touch-icon.png", optimize=True)
    picture(48).save(STATIC / "top/favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])


if __name__ == "__main__":
    main()
