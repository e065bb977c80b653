"""Which templates put the shared parts into a page just as they are, so that others can be put in their place later.

That is seen from a template's code alone, and in doubt the answer is no: then a page is rendered anew instead.
"""

from __future__ import annotations

from jinja2 import nodes

PARTS = ("header", "sidebar", "footer")
"""The shared parts, as templates name them."""

_CAPTURING = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock)
"""What is put out in these does not go into the page, but into a value that something may be done with."""
_ELSEWHERE = (nodes.Include, nodes.Block)
"""What these put out may stand in another template."""
_WATCHED = ("shared", "super", "self")


def shows_verbatim(node: nodes.Node, captured: bool = False) -> bool:
    """Whether a template does nothing with the shared parts but to put them out.

    `captured` says that what it puts out becomes a value first.
    """
    if isinstance(node, nodes.Name):
        return node.name not in _WATCHED
    # What a template puts out that is imported with the context is a value of its name.
    if isinstance(node, nodes.Import) and (node.with_context or node.target in _WATCHED):
        return False
    if isinstance(node, nodes.FromImport) and any(_given(name) in _WATCHED for name in node.names):
        return False
    if captured and isinstance(node, _ELSEWHERE):
        return False
    within = captured or isinstance(node, _CAPTURING)
    for child in node.iter_child_nodes():
        if isinstance(node, nodes.Output) and not captured and (_is_part(child) or _is_block(child)):
            continue
        if not shows_verbatim(child, within):
            return False
    return True


def _given(name: str | tuple[str, str]) -> str:
    return name[1] if isinstance(name, tuple) else name


def _is_part(node: nodes.Node) -> bool:
    """`shared.header`, and nothing else."""
    return isinstance(node, nodes.Getattr) and node.attr in PARTS and _is_name(node.node, "shared")


def _is_block(node: nodes.Node) -> bool:
    """`super()` or `self.name()`: what a block puts out."""
    if not isinstance(node, nodes.Call) or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return False
    called = node.node
    return _is_name(called, "super") or (isinstance(called, nodes.Getattr) and _is_name(called.node, "self"))


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name
