"""Descriptions of pictures, for those who cannot see them (WCAG 2.2, 1.1.1)."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

HINT = "write what is to be seen, for example: A loom by a window"
_EMPTY_WORDS = frozenset(
    (
        *("alt", "alt-text", "alttext", "blank", "graphic", "icon", "illustration", "image", "img", "logo", "photo"),
        *("photograph", "photography", "pic", "picture", "placeholder", "screenshot", "spacer", "tbd", "todo"),
        *("untitled", "bild", "foto", "imagen", "imagem", "immagine", "afbeelding", "kuva", "obraz"),
    )
)
_CAMERA = re.compile(r"(?:img|dsc[fn]?|p|pict|image|photo|picture|foto|bild|screenshot)?[ _-]*\d+", re.IGNORECASE)
_FILE = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|tiff?|heic)", re.IGNORECASE)


def lacks_substance(alt: str, src: str) -> bool:
    """Whether a description says nothing: "image", "IMG_0123", the file's own name, a single sign."""
    said = " ".join(alt.split()).strip(".:;!?-–_ ").casefold()
    name = PurePosixPath(src.partition("?")[0])
    return (
        len(said) < 2
        or said in _EMPTY_WORDS
        or said in (name.name.casefold(), name.stem.casefold())
        or bool(_CAMERA.fullmatch(said) or _FILE.fullmatch(said))
    )


def warning_of(alt: str) -> str:
    """The warning for such a description."""
    return f'the description "{alt[:60]}" does not say what is to be seen'
