"""What tags, brands, people, employers and towns are told apart by, and the part of an address that each gives."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from sitegen.config import SiteConfig
from sitegen.settings import TermSlug
from sitegen.slugs import slugify
from sitegen.typography import straight

_LONGEST = 100


@lru_cache(maxsize=65_536)
def term_key(name: str) -> str:
    """What a name is told apart by: its characters (NFC), without regard to capitals, spaces and kinds of quotes.

    Caseless matching is that of the Unicode Standard, definition D145.
    """
    folded = unicodedata.normalize("NFD", straight(name)).casefold()
    return unicodedata.normalize("NFC", " ".join(folded.split()))


def term_slug(config: SiteConfig, name: str) -> str:
    """The last part of a term's address: the one that the settings give it, or what follows from the term alone."""
    key = term_key(name)
    return _given(config.terms).get(key) or made_slug(key)


_last_given: tuple[Sequence[TermSlug], dict[str, str]] = ((), {})


def _given(terms: Sequence[TermSlug]) -> dict[str, str]:
    """The slugs by their terms' keys; known from the call before, because all calls of a build ask for the same."""
    global _last_given
    if _last_given[0] is not terms:
        _last_given = terms, {term_key(term.name): term.slug for term in terms}
    return _last_given[1]


@lru_cache(maxsize=65_536)
def made_slug(key: str, folds_accents: bool = True) -> str:
    """A slug for the key of a name. Where characters are lost or written in another script, a digest of the key tells
    it from others: `C++` and `C#`, 李伟 and 李薇.

    Accents are lost without a digest unless it must not `folds_accents`.
    """
    plain = plain_slug(key)
    survives = all(_survives(sign, folds_accents) for sign in key) and len(key) <= _LONGEST
    if survives and plain:
        return plain
    digest = hashlib.blake2b(key.encode(), digest_size=3).hexdigest()
    return f"{plain}-{digest}" if plain else digest


def plain_slug(key: str) -> str:
    """The slug without regard to what is lost: what all terms had once, and what leads to those that have another."""
    return slugify(key)[:_LONGEST].strip("-")


@lru_cache(maxsize=4096)
def _survives(sign: str, folds_accents: bool) -> bool:
    """Whether a sign can be told from a slug: letters and digits of the Latin script, spaces, hyphens, apostrophes."""
    if sign.isascii():
        return sign.isalnum() or sign in " -'"
    if not folds_accents:
        return False
    if unicodedata.category(sign) == "Mn":
        return unicodedata.name(sign, "").startswith("COMBINING ")
    return unicodedata.name(sign, "").startswith("LATIN ") and bool(slugify(sign))
