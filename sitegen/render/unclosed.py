"""HTML elements that are opened in a text and never closed: each ends where its block does.

A browser would open a formatting element again in every block that follows (HTML Standard, 13.2.4.3), and close others
at the end of the page; a missing `</b>` would make the rest of an article bold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from sitegen.render.htmlscan import CLOSED_BY_OTHERS, FORMATTING, MOST_DEEP, VOID, tags
from sitegen.render.rawhtml import TAGS
from sitegen.render.textruns import PHRASES

_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_MOST_OPEN = 200
"""So many are looked through for the one that a tag closes; htmlscan.excess() tells of greater depth."""


class _Open:
    """An element that is open, and the block in which it was opened."""

    def __init__(self, name: str, typed: str, block: int) -> None:
        self.name, self.typed, self.block = name, typed, block


def close_elements(tokens: Sequence[Token]) -> None:
    """Closes what is never closed, in place. A block's `meta["unclosed"]` lists the tags that were."""
    open_now: list[_Open] = []
    unclosed: list[_Open] = []
    for number, token in enumerate(tokens):
        if token.type == "html_block":
            for start, stop in tags(token.content):
                _pass(token.content[start:stop], number, open_now)
            _end_phrases(number, open_now, unclosed)
        elif token.type == "inline" and "<" in token.content:
            for child in token.children or ():
                if child.type == "html_inline":
                    _pass(child.content, number, open_now)
            _end_phrases(number, open_now, unclosed)
    unclosed += reversed(open_now)
    by_block: dict[int, list[_Open]] = {}
    for element in unclosed:
        by_block.setdefault(element.block, []).append(element)
    for block, elements in by_block.items():
        # excess() refuses the text where there are more.
        if len(elements) <= MOST_DEEP:
            _close(tokens[block], elements)


def _pass(tag: str, block: int, open_now: list[_Open]) -> None:
    found = _TAG.match(tag)
    name = found["name"].lower() if found else ""
    if found is None or name not in TAGS or name in VOID or name in CLOSED_BY_OTHERS:
        return
    if not found["slash"]:
        open_now.append(_Open(name, tag, block))
        return
    for place in range(len(open_now) - 1, max(-1, len(open_now) - _MOST_OPEN), -1):
        if open_now[place].name == name:
            # What stands in it ends with it, but for formatting elements, which go on.
            open_now[place:] = [inner for inner in open_now[place + 1 :] if inner.name in FORMATTING]
            return


def _end_phrases(block: int, open_now: list[_Open], unclosed: list[_Open]) -> None:
    """At the end of a block, all that stands in a line ends with it."""
    while open_now and open_now[-1].block == block and open_now[-1].name in PHRASES:
        unclosed.append(open_now.pop())


def _close(token: Token, elements: Sequence[_Open]) -> None:
    token.meta["unclosed"] = [element.typed for element in elements]
    ends = [f"</{element.name}>" for element in elements]
    if token.type == "html_block":
        last = "\n" if token.content.endswith("\n") else ""
        token.content = f"{token.content.removesuffix(last)}{''.join(ends)}{last}"
    elif token.children is not None:
        token.children += (Token("html_inline", "", 0, content=end) for end in ends)
