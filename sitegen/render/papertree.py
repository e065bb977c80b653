"""A text's tree as it can be set on paper: whatever HTML a text holds, templates meet only what they know.

Browsers make the best of every HTML. Typst does not, and would name a line of the template, which the writer has never
seen. docs/themes.md ("PDF and EPUB") says what templates may rely on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sitegen.render.blocks import CAPTIONED
from sitegen.render.document import Node, is_block, texts

MOST_DEEP = 16
"""Elements inside of each other; Typst refuses calls inside of some 80 others, and each element is several."""
MOST_WIDE = 60
"""Columns of a table that cells may reach over."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LINES = _HEADINGS | {"p", "dt", "summary"}
"""Blocks that hold nothing but a run of text."""
_DECORATED = frozenset(("a", "del", "ins", "s", "u"))
"""Elements that draw a line along a text; PDF/UA-1 wants one at most."""
_PARTS = frozenset(("thead", "tbody", "tfoot"))
_FIXED = _PARTS | {"colgroup", "dl", "ol", "table", "tr", "ul"}
"""Elements whose children are certain other ones."""
_NUMBER = re.compile(r"[0-9]{1,6}")
_NO_ALT = re.compile(r"[\s\u00ad\u034f\u200b-\u200f\u2060-\u2064\ufeff]*")


def for_paper(nodes: list[Node]) -> list[Node]:
    """The nodes as templates of documents get them."""
    return _Maker().made(_apart(_shallow(nodes, 1)))


def _shallow(nodes: list[Node], depth: int) -> list[Node]:
    """The same without elements that stand deeper than is allowed; what stands in them stays."""
    if depth > MOST_DEEP:
        return list(_flat(nodes))
    return [
        node if isinstance(node, str) else {**node, "children": _shallow(node["children"], depth + 1)} for node in nodes
    ]


def _flat(nodes: list[Node]) -> Iterator[Node]:
    """What stands in all the nodes, without them."""
    for node in nodes:
        if isinstance(node, str) or not node["children"]:
            yield node
        else:
            yield from _flat(node["children"])
            if is_block(node):
                yield " "


def _apart(nodes: list[Node]) -> list[Node]:
    """The same with no block inside of what runs along a line: `<b>a<p>b</p></b>` is `<b>a</b><p><b>b</b></p>`."""
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            made.append(node)
            continue
        node = _as_figure(node)
        children = _apart(node["children"])
        tag = node["tag"]
        if not any(map(_stands_apart, children)):
            made.append({**node, "children": children})
        elif tag == "p":
            for apart, run in groupby(children, _stands_apart):
                nodes_of_run = list(run)
                made += nodes_of_run if apart else ({**node, "children": nodes_of_run},)
        elif tag in _LINES:
            phrases = _phrases(children)
            made.append({**node, "children": [one for one in phrases if not _stands_apart(one)]})
            made += filter(_stands_apart, phrases)
        elif tag == "note" or _stands_apart(node):
            made.append({**node, "children": children})
        else:
            made += _spread(node, children)
    return made


def _as_figure(node: dict[str, Any]) -> dict[str, Any]:
    """A picture in a line of text and its caption as the figure that they are."""
    if CAPTIONED not in node.get("class", "").split():
        return node
    caption = [{**one, "tag": "figcaption"} for one in node["children"] if _has_tag(one, "span")]
    return {"tag": "figure", "children": [*(one for one in node["children"] if not _has_tag(one, "span")), *caption]}


def _stands_apart(node: Node) -> bool:
    """Whether a node stands in lines of its own on paper, as pictures do, and links around nothing but pictures."""
    if isinstance(node, str) or is_block(node):
        return not isinstance(node, str)
    inner: list[Node] = node["children"]
    return node["tag"] == "img" or (node["tag"] == "a" and bool(inner) and all(map(_stands_apart, inner)))


def _phrases(nodes: list[Node]) -> list[Node]:
    """The nodes without blocks; what stands in these stays."""
    made: list[Node] = []
    for node in nodes:
        if is_block(node) and not _has_tag(node, "figure"):
            assert not isinstance(node, str)
            made += [*_phrases(node["children"]), " "] if node["tag"] != "hr" else [" "]
        else:
            made.append(node)
    return made


def _spread(node: dict[str, Any], children: list[Node]) -> Iterator[Node]:
    """An element of a line that has blocks inside: each of these has one of its own inside."""
    for blocks, run in groupby(children, _stands_apart):
        if not blocks:
            yield {**node, "children": list(run)}
        else:
            for one in run:
                assert not isinstance(one, str)
                inner = one["children"]
                if not inner or one["tag"] in _FIXED:
                    yield one if one["tag"] not in _FIXED else {**one, "children": _inside(node, inner)}
                else:
                    yield {**one, "children": list(_spread(node, inner))}
        # A name is given once.
        node = {name: value for name, value in node.items() if name != "id"}


def _inside(node: dict[str, Any], children: list[Node]) -> list[Node]:
    """The same for elements whose children may be certain ones only, such as the entries of a list."""
    return [
        one
        if isinstance(one, str)
        else {
            **one,
            "children": _inside(node, one["children"])
            if one["tag"] in _FIXED
            else list(_spread(node, one["children"])),
        }
        for one in children
    ]


class _Maker:
    """Makes one text's nodes; `level` is that of the last heading, the headline's at first."""

    def __init__(self) -> None:
        self.level = 1
        self._names: set[str] = set()

    def made(self, nodes: list[Node], is_decorated: bool = False) -> list[Node]:
        """The nodes as templates get them."""
        return [
            made for node in nodes for made in ((node,) if isinstance(node, str) else self._element(node, is_decorated))
        ]

    def _element(self, node: dict[str, Any], is_decorated: bool) -> tuple[Node, ...]:
        tag = node["tag"]
        if node.get("id"):
            if node["id"] in self._names:
                node = {name: value for name, value in node.items() if name != "id"}
            else:
                self._names.add(node["id"])
        if tag == "pre":
            return ({**node, "children": [texts(node["children"])]},)
        if tag == "table":
            return self._table(node)
        if tag in _DECORATED:
            if is_decorated:
                node = {**node, "tag": tag if tag == "a" else "span", "bare": True}
            elif _stands_apart(node):
                node = {**node, "bare": True}
            is_decorated = True
        if tag in _HEADINGS:
            return self._heading(node)
        children = self.made(node["children"], is_decorated)
        if tag in ("ul", "ol"):
            return _list(node, children)
        if tag == "figure":
            return (_figure(node, children),)
        if tag == "img" and _NO_ALT.fullmatch(node.get("alt", "")):
            return ({**node, "alt": ""},)
        return ({**node, "children": children},)

    def _heading(self, node: dict[str, Any]) -> tuple[Node, ...]:
        """A heading with words in it, and no level is left out going down; without words it is none."""
        children = self.made(node["children"])
        if not texts(children).strip():
            return ({**node, "tag": "div", "children": children},)
        self.level = max(2, min(int(node["tag"][1]), self.level + 1))
        return ({**node, "tag": f"h{self.level}", "children": children},)

    def _table(self, node: dict[str, Any]) -> tuple[Node, ...]:
        """The table's caption before it, and each cell at its place: column `x`, row `y`, from 0."""
        captions: list[Node] = []
        groups: list[tuple[bool, list[dict[str, Any]]]] = []
        for part in node["children"]:
            if _has_tag(part, "caption"):
                captions.append({"tag": "p", "class": "caption", "children": self.made(part["children"])})
            elif not isinstance(part, str) and part["tag"] in _PARTS:
                rows = [row for row in part["children"] if not isinstance(row, str) and row["tag"] == "tr"]
                # Only what stands first is repeated on every page.
                groups.append((part["tag"] == "thead" and not groups, rows))
            elif not isinstance(part, str) and part["tag"] == "tr":
                groups.append((False, [part]))
        taken: list[int] = []
        made: dict[bool, list[Node]] = {True: [], False: []}
        y = 0
        for is_head, rows in groups:
            end = y + len(rows)
            for row in rows:
                made[is_head].append({"tag": "tr", "children": self._cells(row, taken, y, end)})
                y += 1
        if not taken:
            return tuple(captions)
        head: Node = {"tag": "thead", "children": made[True]}
        body: Node = {"tag": "tbody", "children": made[False]}
        kept = [part for part in (head, body) if part["children"]]  # type: ignore[index]
        return (*captions, {**node, "columns": len(taken), "rows": y, "children": kept})

    def _cells(self, row: dict[str, Any], taken: list[int], y: int, end: int) -> list[Node]:
        """The cells of a row (HTML Standard, 4.9.12). `taken` says for each column in which row it is free again."""
        made: list[Node] = []
        x = 0
        for cell in row["children"]:
            if isinstance(cell, str) or cell["tag"] not in ("td", "th"):
                continue
            while x < len(taken) and taken[x] > y:
                x += 1
            wide = max(1, min(_number(cell, "colspan"), MOST_WIDE - x))
            free = next((at for at in range(x, x + wide) if at < len(taken) and taken[at] > y), x + wide)
            wide = free - x
            high = _number(cell, "rowspan") if cell.get("rowspan", "").strip() != "0" else end - y
            high = max(1, min(high, end - y))
            taken.extend([0] * (x + wide - len(taken)))
            taken[x : x + wide] = [y + high] * wide
            said = {"x": x, "y": y, "colspan": wide, "rowspan": high, "children": self.made(cell["children"])}
            made.append({**cell, **said})
            x += wide
        if made and row.get("id"):
            # Nothing of a row is on the paper but its cells, one of which links lead to then.
            first: dict[str, Any] = made[0]  # type: ignore[assignment]
            first["children"] = [{"tag": "span", "id": row["id"], "children": []}, *first["children"]]
        return made


def _list(node: dict[str, Any], children: list[Node]) -> tuple[Node, ...]:
    """A list whose children are entries; empty ones are none."""
    items = [one if _has_tag(one, "li") else {"tag": "li", "children": [one]} for one in children]
    if not items:
        return ()
    start = node.get("start", "").strip()
    number = int(start) if _NUMBER.fullmatch(start) else 1
    return ({**node, "start": number, "children": items},)


def _figure(node: dict[str, Any], children: list[Node]) -> Node:
    """A figure has something in it besides one caption; otherwise it is a part of the text like others."""
    captions = [one for one in children if _has_tag(one, "figcaption")]
    rest = [one for one in children if not _has_tag(one, "figcaption")]
    if not texts(rest).strip() and not any(_holds_picture(one) for one in rest):
        return {**node, "tag": "div", "children": children}
    if len(captions) > 1:
        return {**node, "tag": "div", "children": children}
    return {**node, "children": [*rest, *captions]}


def _holds_picture(node: Node) -> bool:
    return not isinstance(node, str) and (node["tag"] == "img" or any(map(_holds_picture, node["children"])))


def _number(cell: dict[str, Any], name: str) -> int:
    said = cell.get(name, "").strip()
    return int(said) if _NUMBER.fullmatch(said) else 1


def _has_tag(node: Node, tag: str) -> bool:
    return not isinstance(node, str) and node["tag"] == tag
