"""Dates, numbers, words and the order of names as the site's language has them (CLDR, through Babel)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date as Day
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from sitegen.plan.views import DateView
from sitegen.sources.moments import Moment

_AFTER_Z = {
    "sv": "åäö",
    "fi": "åäö",
    "da": "æøå",
    "nb": "æøå",
    "no": "æøå",
    "et": "õäöü",
}
"""Letters that stand after Z, in this order (CLDR collation). Elsewhere an accent does not change the place."""

_WITHOUT_ALPHABET = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


def marked(text: str) -> str:
    """A text that is translated where it is shown; the mark lets the catalogues' makers find it."""
    return text


class Formats:
    """Formats for one language. `say` translates a text, `say_many` one with a plural."""

    def __init__(
        self,
        language: str,
        say: Callable[[str], str] = lambda text: text,
        say_many: Callable[[str, str, int], str] = lambda one, many, n: one if n == 1 else many,
    ) -> None:
        self.language = language
        self.locale = Locale.parse(language, sep="-")
        self.say = say
        self.say_many = say_many

    def date(self, moment: Moment | None) -> DateView | None:
        """A day in words, `Oct 16, 2026`, with the exact moment for machines."""
        if moment is None:
            return None
        iso = moment.day.isoformat() if moment.day_only else moment.at.isoformat(timespec="minutes")
        return DateView(iso, _day(moment.day, str(self.locale)))

    def month(self, day: Day) -> str:
        """`October 2026`."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def number(self, value: int) -> str:
        """`1,218`, or `1 218`, as the language groups digits."""
        return format_decimal(value, locale=self.locale)

    def language_name(self, tag: str) -> str:
        """The name of a language in the site's own: `French`."""
        return Locale.parse(tag, sep="-").get_display_name(self.locale) or tag

    def sort_key(self, text: str) -> tuple[tuple[int, str], ...]:
        """Where a name stands in an alphabetical list; case and most accents do not count."""
        return _sort_key(text, self.locale.language)

    def initial(self, text: str) -> str:
        """The heading under which a name stands in a divided list: its first letter, `0–9`, `#` or `…`.

        Signs of scripts without an alphabet (Chinese, Japanese, Korean) share one heading.
        """
        late = _AFTER_Z.get(self.locale.language, "")
        rank, sign = next(iter(self.sort_key(text)), (0, ""))
        if rank == 2:
            return late[ord(sign) - ord("a")].upper()
        if rank == 0:
            return "#"
        if sign.isdigit():
            return "0–9"
        return "…" if unicodedata.name(sign, "").startswith(_WITHOUT_ALPHABET) else sign.upper()


@lru_cache(maxsize=256)
def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if Locale.parse(language, sep="-").character_order == "right-to-left" else "ltr"


@lru_cache(maxsize=8192)
def _day(day: Day, locale: str) -> str:
    return format_date(day, "medium", locale=locale)


@lru_cache(maxsize=8192)
def _sort_key(text: str, language: str) -> tuple[tuple[int, str], ...]:
    late = _AFTER_Z.get(language, "")
    key: list[tuple[int, str]] = []
    for sign in unicodedata.normalize("NFC", text.casefold()):
        if sign in late:
            key.append((2, chr(ord("a") + late.index(sign))))
            continue
        for base in unicodedata.normalize("NFKD", sign):
            if not unicodedata.combining(base):
                key.append((1, base) if base.isalnum() else (0, base))
    return tuple(key)
