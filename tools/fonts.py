"""Cuts the themes' fonts from the packages of tools/fontsource/, and writes the style sheets that name them.

What pages load is WOFF2; what PDF is typeset with are TrueType files, one a face with all its letters.

Run `make fonts` after a change. Each face is one file for the letters of Western European languages and a second one
for all other Latin letters, which a browser loads only where a page has such a letter.

Until a font has come, and where it does not come at all, a font of the reader's own system stands in. So that no line
breaks elsewhere then, it is drawn in the size at which ordinary text is as wide, with the same ascent and descent:
the widths are measured in fonts that have the very widths of the systems' own.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "tools/fontsource/node_modules"
THEMES = ROOT / "themes"
FEATURES = ("calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk", "pnum", "rvrn", "tnum")

TEXT = (
    "The mill has woven for the trade since the year when its owners bought the first looms, and it still sells by "
    "the metre: who wants a cloth of fine wool, silk or linen asks for a sample, waits two weeks and pays ahead. "
    "Designers from Paris, Milan and Stockholm came to see how a pattern of 1,200 threads is drawn in by hand."
)
"""What widths are measured on: the letters as often as English prose has them, spaces and a few capitals among them."""


class Face(NamedTuple):
    """One face of a family. `axes` fix the axes of the variable font, or narrow them to a span."""

    file: str
    family: str
    source: str
    weight: str
    style: str
    axes: dict[str, float | tuple[float, float]]


NEWSREADER, SANS = "newsreader", "instrument-sans"
FACES = (
    Face("newsreader-text", "Newsreader", "opsz-normal", "400", "normal", {"opsz": 16, "wght": 400}),
    Face("newsreader-text-italic", "Newsreader", "opsz-italic", "400", "italic", {"opsz": 16, "wght": 400}),
    Face("newsreader-text-bold", "Newsreader", "opsz-normal", "600", "normal", {"opsz": 16, "wght": 600}),
    Face("newsreader-display", "Newsreader Display", "opsz-normal", "500", "normal", {"opsz": 72, "wght": 500}),
    Face(
        "instrument-sans", "Instrument Sans", "standard-normal", "400 600", "normal", {"wdth": 100, "wght": (400, 600)}
    ),
)
POSTER = Face(
    "instrument-sans-poster", "Instrument Sans Poster", "standard-normal", "700", "normal", {"wdth": 75, "wght": 700}
)
TYPESET = (
    *FACES[:4],
    Face("newsreader-text-bold-italic", "Newsreader", "opsz-italic", "600", "italic", {"opsz": 16, "wght": 600}),
    Face("instrument-sans-regular", "Instrument Sans", "standard-normal", "400", "normal", {"wdth": 100, "wght": 400}),
    Face("instrument-sans-bold", "Instrument Sans", "standard-normal", "600", "normal", {"wdth": 100, "wght": 600}),
)
"""What PDF is typeset with, which knows no variable fonts."""
SUBSETS = {"": "latin", "-ext": "latin-ext"}

STAND_INS = {
    "Newsreader": ("Georgia", "Times New Roman", "Noto Serif"),
    "Newsreader Display": ("Georgia", "Times New Roman", "Noto Serif"),
    "Instrument Sans": ("Arial", "Roboto"),
    "Instrument Sans Poster": ("Arial", "Roboto"),
}
LOCAL = {
    "Georgia": ("gelasio", ("Georgia", "Gelasio")),
    "Times New Roman": ("tinos", ("Times New Roman", "Liberation Serif", "Tinos", "Times")),
    "Noto Serif": ("noto-serif", ("Noto Serif",)),
    "Arial": ("arimo", ("Arial", "Liberation Sans", "Arimo", "Helvetica")),
    "Roboto": ("roboto", ("Roboto",)),
}
"""Fonts of systems: the package that has the same widths, and the names under which systems have them."""


SHEETS = {"default/static/css/fonts.css": FACES, "bobbin/static/css/poster.css": (POSTER,)}
"""What each style sheet names; its fonts stand in the folder beside its own."""


def package_of(face: Face) -> str:
    """The package that a face is cut from."""
    return SANS if face.file.startswith(SANS) else NEWSREADER


def cut(face: Face, letters: str, without: frozenset[int] = frozenset()) -> TTFont:
    """One face for a set of letters; what another file of it has already is left out."""
    package = package_of(face)
    font = TTFont(PACKAGES / f"@fontsource-variable/{package}/files/{package}-{letters}-{face.source}.woff2")
    font = instancer.instantiateVariableFont(font, face.axes)
    options = subset.Options(layout_features=list(FEATURES), hinting=False, notdef_outline=True, glyph_names=False)
    options.flavor = "woff2"
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=set(font.getBestCmap()) - without)
    cutter.subset(font)
    # The same bytes each time: the moment of the cutting says nothing.
    font.recalcTimestamp = False
    font.flavor = "woff2"
    return font


def whole(face: Face, folder: Path) -> TTFont:
    """One face with all its letters, by a name of its own."""
    parts = []
    for letters in SUBSETS.values():
        part = cut(face, letters)
        part.flavor = None
        # Layouts of two parts cannot be put together for a feature that one of them lacks.
        parts.append(folder / f"{letters}.ttf")
        part.save(parts[-1])
    font = Merger(MergeOptions(drop_tables=["STAT", "DSIG", "meta"])).merge([str(part) for part in parts])
    style = {"400": "Regular", "500": "Medium", "600": "SemiBold"}[face.weight]
    style = style if face.style == "normal" else f"{style} Italic".removeprefix("Regular ")
    names = font["name"]
    names.names = [name for name in names.names if name.nameID in (0, 13, 14)]
    spoken = {1: f"{face.family} {style}", 2: "Regular", 4: f"{face.family} {style}", 16: face.family, 17: style}
    for number, text in (spoken | {3: f"{face.family} {style}", 6: face.file}).items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = int(face.weight)
    font["OS/2"].fsSelection = 0x01 if face.style == "italic" else 0x40
    font["head"].macStyle = 0x02 if face.style == "italic" else 0
    # The same bytes each time: when the parts were put together says nothing.
    font["head"].created = font["head"].modified = TTFont(parts[0])["head"].created
    font.recalcTimestamp = False
    return font


def ranges(points: list[int]) -> str:
    """Code points as CSS writes them: `U+0-7F, U+A0`."""
    spans: list[list[int]] = []
    for point in sorted(points):
        if spans and point == spans[-1][1] + 1:
            spans[-1][1] = point
        else:
            spans.append([point, point])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)


def width(font: TTFont) -> float:
    """How wide ordinary text is, as a part of the font's size."""
    names, metrics = font.getBestCmap(), font["hmtx"]
    return sum(float(metrics[names[ord(letter)]][0]) for letter in TEXT) / len(TEXT) / float(font["head"].unitsPerEm)


def stand_in(family: str, font: TTFont, system: str) -> str:
    """The rule of a system's font that stands in for one of ours."""
    package, names = LOCAL[system]
    local = TTFont(PACKAGES / f"@fontsource/{package}/files/{package}-latin-400-normal.woff2")
    size = width(font) / width(local)
    up, down = (abs(float(getattr(font["hhea"], name))) for name in ("ascent", "descent"))
    per = float(font["head"].unitsPerEm) * size
    sources = ", ".join(f'local("{name}")' for name in names)
    return (
        f'@font-face {{ font-family: "{family} {system}"; src: {sources}; size-adjust: {size:.2%}; '
        f"ascent-override: {up / per:.2%}; descent-override: {down / per:.2%}; line-gap-override: 0%; }}"
    )


def rule(face: Face, name: str, font: TTFont) -> str:
    """The rule of one file. A font that comes late is kept for the next page: nothing moves under a reader's eyes."""
    spans = ranges(list(font.getBestCmap()))
    family = f'"{face.family}"' if " " in face.family else face.family
    return (
        f'@font-face {{ font-family: {family}; src: url("../fonts/{name}.woff2") format("woff2"); '
        f"font-weight: {face.weight}; font-style: {face.style}; font-display: optional; unicode-range: {spans}; }}"
    )


def write_sheet(sheet: Path, faces: tuple[Face, ...]) -> None:
    """Cuts these faces, and writes what names them."""
    folder = sheet.parent.parent / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    rules: list[str] = []
    first: dict[str, TTFont] = {}
    for face in faces:
        have: frozenset[int] = frozenset()
        for ending, letters in SUBSETS.items():
            font = cut(face, letters, have)
            have |= frozenset(font.getBestCmap())
            name = face.file + ending
            font.save(folder / f"{name}.woff2")
            rules.append(rule(face, name, font))
            if not ending:
                first.setdefault(face.family, font)
            print(f"{name}: {(folder / f'{name}.woff2').stat().st_size} bytes")
    stands = [stand_in(family, font, system) for family, font in first.items() for system in STAND_INS[family]]
    head = "/* Written by `make fonts`: the fonts, and what stands in for them until they have come. */"
    sheet.write_text("\n".join([head, *rules, *stands, ""]), encoding="utf-8")
    write_licences(folder, faces)


def write_licences(folder: Path, faces: tuple[Face, ...]) -> None:
    """Puts the licence of each package beside what was cut from it."""
    for package in sorted({package_of(face) for face in faces}):
        licence = (PACKAGES / f"@fontsource-variable/{package}/LICENSE").read_text(encoding="utf-8")
        (folder / f"{package}.LICENSE.txt").write_text(licence, encoding="utf-8")


def main() -> None:
    """Writes all files."""
    for sheet, faces in SHEETS.items():
        write_sheet(THEMES / sheet, faces)
    typeset = THEMES / "default/documents/fonts"
    typeset.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as parts:
        for face in TYPESET:
            whole(face, Path(parts)).save(typeset / f"{face.file}.ttf")
            print(f"{face.file}: {(typeset / f'{face.file}.ttf').stat().st_size} bytes")
    write_licences(typeset, TYPESET)


if __name__ == "__main__":
    main()
