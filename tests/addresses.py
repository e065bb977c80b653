"""How readers of pages and documents may take an address: browsers by the URL Standard, others more freely."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser

ALLOWED = ("http", "https", "mailto", "tel")
ATTRIBUTES = ("href", "src", "cite", "action", "formaction", "poster", "data", "background", "srcset", "content")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AROUND = "".join(map(chr, range(0x21)))


def schemes_of(address: str) -> set[str]:
    """The schemes that some reader may find: the URL Standard's own way, and two that strip more than it does."""
    browser = re.sub(r"[\t\n\r]", "", address.strip(_AROUND))
    unicode = address.strip()
    free = "".join(sign for sign in address if unicodedata.category(sign)[0] not in "ZC")
    found = (_SCHEME.match(one) for one in (browser, unicode, free, free.replace("\\", "")))
    return {one[1].lower() for one in found if one}


def runs_nothing(address: str) -> bool:
    return schemes_of(address) <= set(ALLOWED)


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ATTRIBUTES and value]


def in_html(html: str) -> list[str]:
    """Every address in a page, as a parser of HTML reads it."""
    reader = _Addresses()
    reader.feed(html)
    reader.close()
    return reader.found


def in_xml(text: str) -> Iterator[str]:
    """Every address in an XHTML document, which has to be well-formed."""
    for element in ET.fromstring(text).iter():
        yield from (value for name, value in element.attrib.items() if name in ATTRIBUTES)
