"""How long a text takes to read silently.

Words a minute: English from Brysbaert (2019), "How many words do we read per minute?"; the others from the
IReST standard texts (Trauzettel-Klosinski and Dietz, 2012). Chinese and Japanese count characters.
"""

from __future__ import annotations

import re
from math import ceil

WORDS_PER_MINUTE = {
    "ar": 138,
    "de": 179,
    "en": 238,
    "es": 218,
    "fi": 161,
    "fr": 195,
    "he": 187,
    "it": 188,
    "nl": 202,
    "pl": 166,
    "pt": 181,
    "ru": 184,
    "sl": 180,
    "sv": 199,
    "tr": 166,
}
CHARACTERS_PER_MINUTE = {"ja": 357, "zh": 255}
USUAL = 184
"""The mean over the languages of the IReST texts, for a language that has no figure of its own."""

_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[^\W_]")


def count_words(text: str) -> int:
    """Runs of signs between spaces that hold at least one letter or digit."""
    runs = text.split()
    # A run that begins with a letter or a digit, as nearly all do, needs no closer look.
    return len(runs) - sum(1 for run in runs if not run[0].isalnum() and not _LETTER.search(run))


def count_characters(text: str) -> int:
    """Han characters and kana, the units of Chinese and Japanese."""
    return sum(1 for _ in _CJK.finditer(text)) if not text.isascii() else 0


def reading_minutes(words: int, characters: int, language: str, words_per_minute: int | None = None) -> int:
    """Whole minutes, rounded up, at least one. `language` is a BCP 47 tag.

    `words_per_minute` replaces the language's norm; languages that count characters ignore it.
    """
    tag = language.partition("-")[0].lower()
    if tag in CHARACTERS_PER_MINUTE:
        exact = characters / CHARACTERS_PER_MINUTE[tag]
    else:
        exact = words / (words_per_minute or WORDS_PER_MINUTE.get(tag, USUAL))
    return max(1, ceil(exact))
