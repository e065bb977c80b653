"""Quotation marks as each language sets them (CLDR, characters/delimiters): outer pair, then inner pair."""

from __future__ import annotations

from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import process_inlines

MOST_IN_A_BLOCK = 1000
"""The pairing of marks takes time with the square of their number; no paragraph that is read has so many."""

Quotes = tuple[str, str, str, str]

_HIGH: Quotes = ("“", "”", "‘", "’")
_LOW: Quotes = ("„", "“", "‚", "‘")
_POINTED: Quotes = ("«", "»", "“", "”")
_SAME: Quotes = ("”", "”", "’", "’")
_CORNERS: Quotes = ("「", "」", "『", "』")

_BY_LANGUAGE: dict[str, Quotes] = {
    "bg": ("„", "“", "’", "’"),
    "bs": ("„", "”", "‘", "’"),
    "ca": _POINTED,
    "cs": _LOW,
    "da": _HIGH,
    "de": _LOW,
    "de-ch": ("«", "»", "‹", "›"),
    "el": _POINTED,
    "es": _POINTED,
    "es-mx": _HIGH,
    "et": ("„", "“", "«", "»"),
    "eu": _HIGH,
    "fi": _SAME,
    # A narrow no-break space stands inside the pointed quotes (Imprimerie nationale).
    "fr": ("«\u202f", "\u202f»", "“", "”"),
    "fr-ca": ("«\u00a0", "\u00a0»", "”", "“"),
    "fr-ch": ("«", "»", "‹", "›"),
    "he": ("”", "”", "’", "’"),
    "hr": ("„", "”", "‘", "’"),
    "hu": ("„", "”", "»", "«"),
    "is": _LOW,
    "it": ("«", "»", "“", "”"),
    "ja": _CORNERS,
    "lt": _LOW,
    "lv": _HIGH,
    "nb": ("«", "»", "‘", "’"),
    "nn": ("«", "»", "‘", "’"),
    "no": ("«", "»", "‘", "’"),
    "pl": ("„", "”", "«", "»"),
    "pt-pt": _POINTED,
    "ro": ("„", "”", "«", "»"),
    "ru": ("«", "»", "„", "“"),
    "sk": _LOW,
    "sl": _LOW,
    "sr": ("„", "”", "’", "’"),
    "sv": _SAME,
    "uk": ("«", "»", "“", "„"),
    "zh-hant": _CORNERS,
    "zh-hk": _CORNERS,
    "zh-tw": _CORNERS,
}


def quotes_of(language: str) -> Quotes:
    """The marks of a language (a BCP 47 tag); the English ones where it has no row of its own."""
    tag = language.lower()
    return _BY_LANGUAGE.get(tag) or _BY_LANGUAGE.get(tag.partition("-")[0], _HIGH)


def set_quotes(state: StateCore) -> None:
    """The parser's rule of the same purpose, for every block that people may have written."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            marks = token.content.count('"') + token.content.count("'")
            if 0 < marks <= MOST_IN_A_BLOCK:
                process_inlines(token.children, state)
