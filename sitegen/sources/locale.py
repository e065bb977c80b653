"""What values are read by where they do not say it themselves: the site's clock, language, marks and address."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.settings import MISSING_ALT
from sitegen.typography import Typography, typography_of


class Locale(Struct, frozen=True):
    """`language` is a BCP 47 tag; without `smart_quotes` quotation marks stay as they were typed.

    `home` is the front page's full address: what begins with it is an address of the site itself. Where a picture
    `needs_alt`, one without a description is a problem, otherwise a warning.
    """

    zone: ZoneInfo
    language: str = "en"
    smart_quotes: bool = True
    home: str = ""
    needs_alt: bool = True

    def typography(self, language: str = "") -> Typography:
        """How a text in a language is set; in the site's language where it names none."""
        return typography_of(language or self.language, self.smart_quotes)


def locale_of(config: SiteConfig) -> Locale:
    """The locale of a site."""
    return Locale(
        ZoneInfo(config.timezone),
        config.language,
        config.smart_quotes,
        config.home,
        config.missing_alt == MISSING_ALT[0],
    )
