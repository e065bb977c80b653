"""Descriptions of pictures, for those who cannot see them (WCAG 2.2, 1.1.1)."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

DECORATIVE = "decorative"
"""Stands for the description of a picture that says nothing, such as an ornament: screen readers pass over it."""
LINKED = "the link holds nothing but a decorative picture: nobody hears where it leads"
LINKED_HINT = "describe the picture, or write words beside it"
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


def is_decorative(alt: str) -> bool:
    """Whether a writer says that a picture needs no description."""
    return alt.strip().lower() == DECORATIVE


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
