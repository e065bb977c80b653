"""Quotation marks and apostrophes as each language sets them: the one way of every text that readers see.

The marks are those of CLDR (characters/delimiters): outer pair, then inner pair. Which mark opens and which one closes
follows from what stands around it (CommonMark 0.31, "left-flanking"), but an apostrophe that begins or ends a word, as
in '90s, 'twas or un po', is one by rule, before any pair is looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from sitegen.text import has_no_spaces

APOSTROPHE = "\u2019"
MOST_IN_A_BLOCK = 1000
"""Pairing marks takes time with the square of their number; no paragraph that people read has so many."""

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


_FALL_AWAY = {
    "ca": "l|ls|n|ns|s|t|m",
    "da": "n",
    "de": "s|n|ne|nem|nen|ner|nes|ns|mal|ran|rauf|raus|rein|rum|runter|rüber",
    "en": "tis|twas|twere|twill|twould|twixt|til|till|em|n|nuff|nother|cos|coz|cuz",
    "es": "ta|tá|tas|tás",
    "it": "a|e|l|na|ndrangheta|nu|o|sta|ste|sti|sto|un",
    "nb": "n",
    "nl": "k|m|n|ns|r|s|t|tis",
    "no": "n",
    "pt": "bora|cê|ta|tá|tava",
    "sv": "n|na|sa",
}
"""Words that have lost their beginning, behind an apostrophe."""
_CUT_SHORT = {
    "ca": "[dlmnst]",
    "de": "geh|hab|hätt|könnt|möcht|wär|würd",
    "en": "ol|o|th",
    "es": "na|pa|to",
    "fr": "[cdjlmnst]|(?:jusq|lorsq|presq|puisq|q|quelq|quoiq)u|entr",
    "it": (
        "be|ca|co|da|de|di|fa|mo|ne|pe|po|que|sta|to|va|ve|"
        "[cdlmnstv]|gl|un|(?:al|col|dal|del|nel|pel|quel|bel|sul)l|anch|buon|com|dov|quand|sant|senz|tutt"
    ),
    "pt": "d|n",
}
"""Words that have lost their end, before an apostrophe."""


@lru_cache(maxsize=64)
def _elisions(language: str) -> re.Pattern[str]:
    """The apostrophes that begin or end a word of a language."""
    tag = language.lower().partition("-")[0]
    begun = [r"\d\d(?!\d)", r"n'(?!\w)"]
    if tag in _FALL_AWAY:
        begun.append(rf"(?:{_FALL_AWAY[tag]})(?!\w)")
    patterns = [rf"(?<!\w)'(?={'|'.join(begun)})", r"(?<=(?<!\w)'n)'(?!\w)"]
    if tag in _CUT_SHORT:
        patterns.append(rf"(?<!\w)(?:{_CUT_SHORT[tag]})'")
    return re.compile("|".join(patterns), re.IGNORECASE)


class Run(Struct):
    """A stretch of one block of text. Marks pair on the same `level` of emphasis and links only.

    One that `is_fixed` (code, an escaped mark) is not changed, but stands beside others. An empty one is not there.
    """

    text: str
    level: int = 0
    is_fixed: bool = False


class Typography(Struct, frozen=True):
    """How the texts of a language are set; without `quotes` they stay as they were typed."""

    language: str
    quotes: Quotes | None

    def set(self, text: str) -> str:
        """A plain text of one paragraph, or of several with empty lines between them."""
        if self.quotes is None or not ("'" in text or '"' in text):
            return text
        if "\n\n" in text:
            return "\n\n".join(map(self.set, text.split("\n\n")))
        runs = [Run(text)]
        self.set_runs(runs)
        return runs[0].text

    def set_runs(self, runs: Sequence[Run]) -> None:
        """One block of text in several stretches, which are changed in place."""
        whole = "".join(run.text for run in runs)
        number = whole.count("'") + whole.count('"')
        if self.quotes is None or not 0 < number <= MOST_IN_A_BLOCK:
            return
        signs = _set(whole, _levels(runs), self)
        start = 0
        for run in runs:
            stop = start + len(run.text)
            if not run.is_fixed:
                run.text = "".join(signs[start:stop])
            start = stop


@lru_cache(maxsize=64)
def typography_of(language: str, smart_quotes: bool = True) -> Typography:
    """How the texts of a language (a BCP 47 tag) are set."""
    return Typography(language, quotes_of(language) if smart_quotes else None)


AS_TYPED = Typography("", None)
"""Changes nothing."""


_STRAIGHT = str.maketrans({APOSTROPHE: "'", "ʼ": "'", **dict.fromkeys("“”„«»", '"')})
_BESIDE_QUOTES = re.compile(r'(?<=")[\u00a0\u202f]|[\u00a0\u202f](?=")')


def straight(text: str) -> str:
    """A text with straight marks, so that what was typed can be compared with what is shown."""
    return _BESIDE_QUOTES.sub("", text.translate(_STRAIGHT))


def _levels(runs: Sequence[Run]) -> list[int | None]:
    """The level of each character; None where it stays as it is."""
    return [None if run.is_fixed else run.level for run in runs for _ in run.text]


def _set(text: str, levels: Sequence[int | None], typography: Typography) -> list[str]:
    quotes = typography.quotes
    assert quotes is not None
    signs = list(text)
    for found in _elisions(typography.language).finditer(text):
        place = found.end() - 1
        if levels[place] is not None:
            signs[place] = APOSTROPHE
    opened: list[tuple[str, int, int]] = []
    for found in _MARK.finditer(text):
        place, sign = found.start(), found[0]
        level = levels[place]
        if level is None or signs[place] != sign:
            continue
        while opened and opened[-1][2] > level:
            opened.pop()
        opens, closes = _flanks(text, place)
        match = next((i for i in range(len(opened) - 1, -1, -1) if opened[i][::2] == (sign, level)), None)
        if closes and match is not None:
            outer = sign == '"'
            signs[opened[match][1]], signs[place] = quotes[:2] if outer else quotes[2:]
            del opened[match:]
        elif opens:
            opened.append((sign, place, level))
    # What belongs to no pair: a single one is an apostrophe, a double one stays as it was typed.
    return [
        APOSTROPHE if sign == "'" and level is not None else sign for sign, level in zip(signs, levels, strict=True)
    ]


_MARK = re.compile("[\"']")


def _flanks(text: str, place: int) -> tuple[bool, bool]:
    """Whether a mark may open, and whether it may close."""
    before, after = text[place - 1 : place] or " ", text[place + 1 : place + 2] or " "
    if text[place] == '"' and has_no_spaces(before) and has_no_spaces(after):
        return True, True
    if text[place] == after == '"' and before.isdigit():
        # Feet and inches: 5'10"".
        return False, False
    opens = not after.isspace() and (not _is_punctuation(after) or before.isspace() or _is_punctuation(before))
    closes = not before.isspace() and (not _is_punctuation(before) or after.isspace() or _is_punctuation(after))
    if opens and closes:
        opens, closes = _is_punctuation(before), _is_punctuation(after)
    return opens, closes


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "P" or sign in "$+<=>^`|~"
