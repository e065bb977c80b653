"""What typed HTML would grow to, found in one pass before a parser takes it.

A parser of HTML repairs everything (HTML Standard, 13.2.6): formatting elements that are never closed are opened anew
in each block that follows, and any depth is kept. A few kilobytes can become gigabytes that way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import islice

from msgspec import Struct

MOST_DEEP = 100
"""Elements in elements. What people write has a dozen."""
MOST_GROWN = 4
"""So many times longer than it was typed, besides a little, may HTML become."""
_LITTLE = 65_536
MOST_ATTRIBUTES = 50
"""Attributes of one tag."""
_ATTRIBUTE = re.compile(r"""[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?""")
FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
"""Elements that are opened anew (HTML Standard, 13.2.4.3, "the list of active formatting elements")."""
VOID = frozenset(
    (
        *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link"),
        *("meta", "param", "source", "track", "wbr"),
    )
)
CLOSED_BY_OTHERS = frozenset(
    (
        *("p", "li", "dd", "dt", "option", "optgroup", "rp", "rt", "rb", "rtc", "td", "th", "tr", "thead", "tbody"),
        *("tfoot", "caption", "colgroup", "html", "head", "body"),
    )
)
"""Elements whose end need not be written: one alone never stands in another of its kind."""
_DRAWN = frozenset(
    (
        *("path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "use", "stop", "g", "defs", "symbol"),
        *("lineargradient", "radialgradient", "clippath", "mask", "pattern", "marker", "image", "text", "tspan", "svg"),
    )
)
"""Elements of drawings, which a slash at the end of their tag closes as long as nothing else stands among them."""
_TAG = re.compile(
    r"""<(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<rest>(?:[^>=]|=\s*+(?:"[^"]*+"|'[^']*+'|))*+)>""",
)


class Excess(Struct, frozen=True):
    """What is too much, at a character offset: what is wrong, and how to mend it."""

    offset: int
    message: str
    hint: str


def excess(html: str) -> Excess | None:
    """Where typed HTML becomes too deep or too long; None where it does not."""
    open_now: dict[str, int] = {}
    deep = carried = grown = 0
    lengths: dict[str, list[int]] = {}
    limit = (MOST_GROWN - 1) * len(html) + _LITTLE
    is_drawing = False
    # Behind the last sign that ends a tag there is none, and each beginning of one would be looked at to the end.
    for tag in _TAG.finditer(html, 0, html.rfind(">") + 1):
        name = tag["name"].lower()
        if _has_many_attributes(tag["rest"]):
            message = f"<{name}> has more than {MOST_ATTRIBUTES} attributes"
            return Excess(tag.start(), message, "remove those that do nothing")
        is_drawing = (is_drawing or name == "svg") and name in _DRAWN
        if name in FORMATTING:
            held = lengths.setdefault(name, [])
            if not tag["slash"]:
                held.append(len(tag[0]) + len(name) + 3)
                carried += held[-1]
            elif held:
                carried -= held.pop()
            # To close one may move and copy those inside of it (13.2.6.4.7, "the adoption agency algorithm").
            grown += 8 * carried if tag["slash"] else 0
        elif carried:
            grown += carried
        if grown > limit:
            return Excess(tag.start(), f"from here on <{_first(lengths)}> is never closed", _CLOSE)
        if name in VOID or name in CLOSED_BY_OTHERS or (is_drawing and tag["rest"].endswith("/")):
            continue
        was = open_now.get(name, 0)
        if tag["slash"]:
            open_now[name] = max(0, was - 1)
            deep -= was > 0
        else:
            open_now[name] = was + 1
            deep += 1
            if deep > MOST_DEEP:
                return Excess(tag.start(), f"more than {MOST_DEEP} elements stand in one another here", _CLOSE)
    return None


def tags(html: str) -> Iterator[tuple[int, int]]:
    """Where each tag and each comment of typed HTML stands: its start, and its end. A comment that is never closed
    goes to the end of the text, as browsers read it.
    """
    last = html.rfind(">") + 1
    place = 0
    comment = html.find("<!--")
    tag = _TAG.search(html, 0, last)
    while True:
        if comment >= 0 and (tag is None or comment < tag.start()):
            closed = html.find("-->", comment + 4)
            place = closed + 3 if closed >= 0 else len(html)
            yield comment, place
        elif tag is not None:
            place = tag.end()
            yield tag.span()
        else:
            return
        if 0 <= comment < place:
            comment = html.find("<!--", place)
        if tag is not None and tag.start() < place:
            tag = _TAG.search(html, place, last)


def _has_many_attributes(typed: str) -> bool:
    # Parsers compare each attribute with all those before it, because the first one of a name wins.
    if len(typed) <= 2 * MOST_ATTRIBUTES:
        return False
    return next(islice(_ATTRIBUTE.finditer(typed), MOST_ATTRIBUTES, None), None) is not None


_CLOSE = "close each element where it ends, or write it in Markdown"


def _first(lengths: dict[str, list[int]]) -> str:
    """The name of a formatting element that is open."""
    return next((name for name, held in lengths.items() if held), "b")


class TolerantParser(HTMLParser):
    """Python's parser of HTML, which takes whatever is typed for some HTML, as browsers do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def parse_html_declaration(self, i: int) -> int:
        # Of a marked section, such as old word processors write, Python's own parser knows a few kinds alone.
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)


def without_loose_end(html: str) -> str:
    """The same without tags at its end that are never closed: each would be looked for again to the end."""
    last = html.rfind(">") + 1
    tail = html[last:]
    return html if tail.count("<") < _MOST_BEGUN else html[:last]


_MOST_BEGUN = 20
