"""A text as a tree of values: what documents that are no pages (PDF, EPUB) are made from.

The text's HTML is sitegen's own, made from Markdown or cleaned, so its tags are few and well nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sitegen.render.blocks import CAPTIONED
from sitegen.render.htmlscan import TolerantParser
from sitegen.sources.address import ADDRESS_ATTRIBUTES, printed

Node = str | dict[str, Any]
"""A text, or an element: `tag`, `children` (nodes), and its attributes by their names."""

_EMPTY = frozenset(("area", "br", "col", "hr", "img", "wbr"))
_UNSAID = frozenset(("tag", "children", "loading", "decoding", "tabindex"))
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = frozenset(
    (
        *("article", "aside", "blockquote", "caption", "col", "colgroup", "dd", "details", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li", "nav"),
        *("ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
"""Elements between which blanks say nothing."""
_RENAMED = {"acronym": "abbr", "center": "div", "rtc": "rt", "strike": "s", "tt": "code"}
"""Elements of old that browsers still show, and what stands for them where the rules are strict."""
_FOR_BROWSERS = frozenset(("picture", "source", "map", "area"))
"""Elements that say nothing outside of a browser; what stands in them stays."""
_MARK = "\ufeff"
"""The byte-order mark, which a reference may have brought; PDF/UA-1 refuses it."""


def tree(html: str) -> list[Node]:
    """The nodes of a text's HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _tidied(reader.root["children"])


def with_notes(nodes: list[Node]) -> list[Node]:
    """The same with each footnote where it is referred to for the first time, as `{"tag": "note", "number", ...}`.

    Where it is referred to again, `children` is empty.
    """
    notes: dict[str, list[Node]] = {}
    rest = [node for node in nodes if not _takes_notes(node, notes)]
    seen: set[str] = set()
    return [_with_notes(node, notes, seen) for node in rest if not _is(node, "hr", "footnotes-sep")]


def named(nodes: Sequence[Node]) -> set[str]:
    """The names (`id`) of all elements, such as links lead to."""
    found: set[str] = set()
    for node in nodes:
        if not isinstance(node, str):
            found |= {node["id"]} if node.get("id") else set()
            found |= named(node["children"])
    return found


def xml(nodes: list[Node]) -> str:
    """The nodes as XHTML, without what is for browsers alone."""
    return "".join(_xml(node) for node in nodes)


def is_block(node: Node) -> bool:
    """Whether a node stands in lines of its own."""
    return not isinstance(node, str) and node["tag"] in _BLOCKS


def texts(nodes: list[Node]) -> str:
    """All text of the nodes."""
    return "".join(strings(nodes))


def label(nodes: Sequence[Node]) -> str:
    """The text of a heading as a table of contents shows it: without marks of footnotes and captions of pictures."""
    kept = (node for node in nodes if not _is(node, "sup", "footnote-ref") and not _is(node, "span", CAPTIONED))
    return "".join(node if isinstance(node, str) else label(node["children"]) for node in kept)


def strings(nodes: Sequence[Node]) -> Iterator[str]:
    """The pieces of text of the nodes, in their order."""
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            yield from strings(node["children"])


class _Reader(TolerantParser):
    def __init__(self) -> None:
        super().__init__()
        self.root: dict[str, Any] = {"tag": "", "children": []}
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FOR_BROWSERS or (tag == "img" and not dict(attrs).get("src")):
            return
        tag = _RENAMED.get(tag, tag)
        said = {name: _judged(name, (value or "").replace(_MARK, "")) for name, value in attrs}
        node = {**said, "tag": tag, "children": []}
        self._open[-1]["children"].append(node)
        if tag not in _EMPTY:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        tag = _RENAMED.get(tag, tag)
        if any(node["tag"] == tag for node in self._open[1:]):
            while self._open.pop()["tag"] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1]["children"].append(data.replace(_MARK, ""))


def _judged(name: str, value: str) -> str:
    """An attribute's value; readers of documents may look for a scheme in other ways than browsers do."""
    return printed(value) if name in ADDRESS_ATTRIBUTES else value


def _tidied(nodes: list[Node]) -> list[Node]:
    """Without the blanks between blocks, and with single blanks inside of them."""
    has_blocks = any(is_block(node) for node in nodes)
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            text = _BLANKS.sub(" ", node)
            # Whose turn it is stands in a line of its own.
            text = text.lstrip() if kept and _is(kept[-1], "strong", "speaker") else text
            if text.strip() or (text and not has_blocks):
                kept.append(text)
        else:
            if node["tag"] != "pre":
                node["children"] = _tidied(node["children"])
            kept.append(node)
    return kept


def _is(node: Node, tag: str, name: str) -> bool:
    return not isinstance(node, str) and node["tag"] == tag and name in node.get("class", "").split()


def _takes_notes(node: Node, notes: dict[str, list[Node]]) -> bool:
    """Whether a node is the list of footnotes; these are then in `notes`, without the links back."""
    if isinstance(node, str) or not _is(node, "div", "footnotes"):
        return False
    for listed in node["children"]:
        for item in listed["children"] if not isinstance(listed, str) else ():
            if not isinstance(item, str):
                notes[item.get("id", "")] = _unwrapped(_without_ways_back(item["children"]))
    return True


def _unwrapped(nodes: list[Node]) -> list[Node]:
    """The text of a single paragraph, without the blank before what led back."""
    if len(nodes) != 1 or isinstance(nodes[0], str) or nodes[0]["tag"] != "p":
        return nodes
    inner: list[Node] = nodes[0]["children"]
    if inner and isinstance(inner[-1], str):
        inner[-1] = inner[-1].rstrip()
    return inner


def _without_ways_back(nodes: list[Node]) -> list[Node]:
    kept = [node for node in nodes if not _is(node, "a", "footnote-backref")]
    for node in kept:
        if not isinstance(node, str):
            node["children"] = _without_ways_back(node["children"])
    return kept


def _with_notes(node: Node, notes: dict[str, list[Node]], seen: set[str]) -> Node:
    if isinstance(node, str):
        return node
    if _is(node, "sup", "footnote-ref") and node["children"] and not isinstance(node["children"][0], str):
        name = node["children"][0].get("href", "").removeprefix("#")
        if name in notes:
            is_new = name not in seen
            seen.add(name)
            # A note may refer to another one.
            inner = [_with_notes(one, notes, seen) for one in notes[name]] if is_new else []
            return {"tag": "note", "name": name, "children": inner}
    return {**node, "children": [_with_notes(one, notes, seen) for one in node["children"]]}


def _xml(node: Node) -> str:
    if isinstance(node, str):
        return escape(node)
    tag = node["tag"]
    said = (f" {name}={quoteattr(value)}" for name, value in node.items() if name not in _UNSAID)
    attributes = "".join(said)
    if tag in _EMPTY:
        return f"<{tag}{attributes}/>"
    return f"<{tag}{attributes}>{xml(node['children'])}</{tag}>"
