"""What a browser makes of a page: its elements, attributes and addresses, by a parser of the HTML Standard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.addresses import ALLOWED, ATTRIBUTES, schemes_of

TEXT_TAGS = frozenset(
    (
        *(
            "a",
            "abbr",
            "acronym",
            "area",
            "article",
            "aside",
            "b",
            "bdi",
            "bdo",
            "blockquote",
            "br",
            "caption",
            "center",
        ),
        *("cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em"),
        *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img"),
        *("ins", "kbd", "li", "map", "mark", "nav", "ol", "p", "picture", "pre", "q", "rp", "rt", "rtc", "ruby", "s"),
        *("samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody"),
        *("td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr"),
    )
)
"""Elements of which a text may consist; written here anew, so that a slip in the program's own list is seen."""
TEXT_ATTRIBUTES = frozenset(
    (
        *("alt", "cite", "class", "colspan", "datetime", "decoding", "dir", "height", "href", "hreflang", "id", "lang"),
        *("loading", "rel", "reversed", "role", "rowspan", "scope", "sizes", "src", "srcset", "start", "tabindex"),
        *("title", "type", "width"),
    )
)
_LOADED = ("src", "srcset", "poster", "background", "data")


class Seen(NamedTuple):
    """An element with its attributes."""

    tag: str
    attributes: dict[str, str]


def elements(node: LexborNode) -> Iterator[Seen]:
    """A node and all that it holds."""
    for one in node.traverse():
        yield Seen(str(one.tag), {name: value or "" for name, value in one.attributes.items()})


def prose(page: bytes) -> LexborNode:
    """The text of an article's page; it must stand in the page's frame, and the frame not in it."""
    tree = LexborHTMLParser(page)
    (found,) = tree.css("div.prose")
    assert found.parent is not None and found.parent.tag == "article"
    assert tree.css("main article div.prose") and not found.css("main, body")
    assert [one.tag for one in tree.css("body > *")][-1] == "footer"
    return found


def faults(node: LexborNode) -> Iterator[str]:
    """What must not stand in a stranger's text; nothing, if all is well."""
    for tag, attributes in elements(node):
        if tag not in TEXT_TAGS:
            yield f"<{tag}>"
        for name, value in attributes.items():
            if name not in TEXT_ATTRIBUTES:
                yield f"<{tag} {name}>"
            if name in ATTRIBUTES and name != "srcset" and not schemes_of(value) <= set(ALLOWED):
                yield f"<{tag} {name}={value!r}>"
            if name in _LOADED and not all(one.strip().startswith("/") for one in value.split(", ")):
                yield f"<{tag} {name}={value!r}> is loaded from elsewhere"
