"""Which templates put ready-made parts into a page just as they are, so that others can be put in their place later.

That is seen from a template's code alone, and in doubt the answer is no: then a page is rendered anew instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jinja2 import nodes

SHARED_PARTS = ("header", "sidebar", "footer")
INNER_PARTS = ("head", "body", "foot", "more")
PARTS = (*SHARED_PARTS, *INNER_PARTS)
"""The parts that pages share and those of an article, as templates name them."""


class Kind(NamedTuple):
    """A kind of parts: the names that templates know them by, and whether a piece of code is one of them."""

    names: tuple[str, ...]
    is_part: Callable[[nodes.Node], bool]


def _is_shared(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Getattr) and node.attr in SHARED_PARTS and _is_name(node.node, "shared")


def _is_inner(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name in INNER_PARTS


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name


SHARED = Kind(("shared",), _is_shared)
INNER = Kind(INNER_PARTS, _is_inner)
KINDS = (SHARED, INNER)

_CAPTURING = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock)
"""What is put out in these does not go into the page, but into a value that something may be done with."""
_ELSEWHERE = (nodes.Include, nodes.Block)
"""What these put out may stand in another template."""
_BLOCKS = ("super", "self")


def shows_verbatim(node: nodes.Node, kind: Kind, captured: bool = False) -> bool:
    """Whether a template does nothing with parts of a kind but to put them out.

    `captured` says that what it puts out becomes a value first.
    """
    watched = (*kind.names, *_BLOCKS)
    if isinstance(node, nodes.Name):
        return node.name not in watched
    # What a template puts out that is imported with the context is a value of its name.
    if isinstance(node, nodes.Import) and (node.with_context or node.target in watched):
        return False
    if isinstance(node, nodes.FromImport) and any(_given(name) in watched for name in node.names):
        return False
    if captured and isinstance(node, _ELSEWHERE):
        return False
    within = captured or isinstance(node, _CAPTURING)
    for child in node.iter_child_nodes():
        if isinstance(node, nodes.Output) and not captured and (kind.is_part(child) or _is_block(child)):
            continue
        if not shows_verbatim(child, kind, within):
            return False
    return True


def _given(name: str | tuple[str, str]) -> str:
    return name[1] if isinstance(name, tuple) else name


def _is_block(node: nodes.Node) -> bool:
    """`super()` or `self.name()`: what a block puts out."""
    if not isinstance(node, nodes.Call) or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return False
    called = node.node
    return _is_name(called, "super") or (isinstance(called, nodes.Getattr) and _is_name(called.node, "self"))
