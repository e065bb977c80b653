"""What templates cannot reach: a theme shows values, and runs nothing of Python's own.

Themes come from strangers as articles do, for example in a pull request that CI builds. Jinja lets a template walk from
any value to its class, and from there to everything in the process. Names in a template are judged when it is compiled,
which costs a page nothing; those that are made while it runs are judged there. The rule is Jinja's own sandbox's.
"""

from __future__ import annotations

import re
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

_OUTWARDS = re.compile(r"_.*|mro|(?:gi|cr|ag)_(?:frame|code|running|yieldfrom|await|suspended)")
"""Attributes that lead out of a value: Python's own, and the frames of functions that are running."""
_FORMATS = ("format", "format_map")
"""Methods of a text that print attributes of what they are given; other values may have fields of these names."""
SAID = "is Python's own, which templates cannot reach"


class Outwards(Exception):
    """A template that asked for such a name while it ran."""


class Confined(NodeTransformer):
    """Raises TemplateSyntaxError at the first such name in the template `name`."""

    def __init__(self, name: str | None, filename: str | None) -> None:
        self._name, self._filename = name, filename

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        self.generic_visit(node)
        self._judge(node.attr, node.lineno)
        if node.attr in _FORMATS:
            return nodes.Getitem(node.node, nodes.Const(node.attr, lineno=node.lineno), "load", lineno=node.lineno)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Const):
            self._judge(node.arg.value, node.lineno)
        return node

    def _judge(self, name: object, line: int) -> None:
        if isinstance(name, str) and _OUTWARDS.fullmatch(name):
            raise jinja2.TemplateSyntaxError(f'"{name}" {SAID}', line, self._name, self._filename)


def looked_up(holder: Any, name: object) -> None:
    """Raises Outwards for a name that a template looks up while it runs."""
    if isinstance(name, str) and (_OUTWARDS.fullmatch(name) or (name in _FORMATS and isinstance(holder, str))):
        raise Outwards(f'"{name}" {SAID}')
