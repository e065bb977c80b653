"""Names as parts of addresses: `Fjällräven` -> `fjallraven`, `北京` -> `bei-jing`.

Letters of other scripts are written in Latin ones by the tables of AnyAscii. Once an address has been made it must not
change, so every rule here is pinned by tests/slugs.txt.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]),(?=[0-9])")
_REST = re.compile(r"[^a-z0-9]+")
_OTHERWISE = {
    # Two brands, one collection: "A × B".
    "×": "x",
    "£": "ps",
    "§": "ss",
    # As passports write them (ICAO Doc 9303), and as was usual in addresses before this table was.
    "Й": "I",
    "й": "i",
    "Ю": "Iu",
    "ю": "iu",
    "Я": "Ia",
    "я": "ia",
    "Є": "E",
    "є": "e",
    "Ћ": "Tsh",
    "ћ": "tsh",
    # Greek by its letters, not by its sounds.
    "Β": "B",
    "β": "b",
    "Η": "E",
    "η": "e",
    "Ή": "E",
    "ή": "e",
    "Ξ": "Ks",
    "ξ": "ks",
    "Υ": "U",
    "υ": "u",
    "Ύ": "U",
    "ύ": "u",
    "Ϋ": "U",
    "ϋ": "u",
    "ΰ": "u",
    "Φ": "Ph",
    "φ": "ph",
    "Χ": "Kh",
    "χ": "kh",
}
"""Signs that AnyAscii writes in another way."""
_IDEOGRAPHS = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Each is a word of its own."""
_PICTURES = re.compile("[\u2190-\u245f\u2500-\u2bff\U0001f000-\U0001faff]")
"""Arrows, boxes, stars and emoji, which say nothing in an address."""


def slugify(text: str) -> str:
    """Lower-case letters a-z and digits with single hyphens between words; empty where nothing is left of the text."""
    plain = unicodedata.normalize("NFC", text).replace("'", "-")
    if "&" in plain:
        plain = _ENTITY.sub(lambda found: html.unescape(found[0]), plain)
    if not plain.isascii():
        plain = "".join(map(_latin, plain))
    plain = _BETWEEN_DIGITS.sub("", plain.lower().replace("'", ""))
    return _REST.sub("-", plain).strip("-")


@lru_cache(4096)
def _latin(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _OTHERWISE:
        return _OTHERWISE[sign]
    if _PICTURES.match(sign):
        return " "
    from anyascii import anyascii

    said = anyascii(sign)
    return f"{said} " if _IDEOGRAPHS.match(sign) else said
