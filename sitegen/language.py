"""Which languages there are (CLDR, through Babel)."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=256)
def known_language(tag: str) -> bool:
    """Whether CLDR knows the language of a BCP 47 tag."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True
