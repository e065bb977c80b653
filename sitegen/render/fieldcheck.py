"""Which names and fields a theme's templates ask for that are not there: found by reading them, before any is rendered.

Every template is followed from where its pages begin, with the kinds of values that are known there: the fields of a
view say of what kind they are, a loop gives its variable the kind of what it goes through, a macro is followed with
what it is called with. What is of no known kind is not judged.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes
from msgspec import Struct

from sitegen.problems import Problem, did_you_mean, said_at
from sitegen.render.slips import in_line

Env = dict[str, Any]
"""The kinds of the names that are known: a class, Many, a tuple of kinds, a macro, a module, or ANY."""
Parsed = tuple[str, str, nodes.Template]
"""A template's path as it is shown, its source, and what Jinja reads in it."""
ANY: Any = typing.Any
_SAME = frozenset(("sort", "reverse", "list", "selectattr", "rejectattr", "select", "reject", "unique"))
"""Filters that give what they were given, or some of it."""
_GIVEN = frozenset(
    ("loop", "caller", "varargs", "kwargs", "self", "super", "_", "gettext", "ngettext", "true", "false")
)
_DEEPEST = 40
NOTHING: Mapping[str, str] = types.MappingProxyType({})


class Many(typing.NamedTuple):
    """A list of values of one kind."""

    kind: Any


class Macro(typing.NamedTuple):
    """A macro of a template, with the names that are known where it stands."""

    template: str
    node: nodes.Macro
    env: Env


class Module(typing.NamedTuple):
    """A template that was imported as a whole."""

    macros: dict[str, Macro]


class FieldCheck:
    """Follows templates. `parsed` gives each by its name, None where there is none; `names` are known everywhere."""

    def __init__(self, parsed: Callable[[str, str], tuple[str, Parsed] | None], names: Mapping[str, Any]) -> None:
        self.parsed, self._names = parsed, dict(names)
        self._done: set[tuple[Any, ...]] = set()
        self.problems: dict[Problem, None] = {}
        self.hidden: dict[tuple[str, str, Problem], list[str]] = {}
        """Blocks that are covered, by their names, templates and places; and the templates that cover them."""

    def follow(self, template: str, known: Mapping[str, Any]) -> None:
        """One template with all that it extends and includes; `known` are the kinds of what its page knows."""
        self.template(template, template, {**self._names, **known}, 0)

    def template(self, template: str, parent: str, env: Env, deep: int, covered: Mapping[str, str] = NOTHING) -> None:
        """One template that another one names, with what is known there.

        Its blocks `covered` are not used: each comes with the template that puts another one in its place.
        """
        found = self.parsed(template, parent)
        if found is None or deep > _DEEPEST:
            return
        name, (_, _, tree) = found
        _Walk(self, name, found[1], env, deep, covered=covered).body(tree.body)

    def macros(self, template: str, parent: str, env: Env, deep: int) -> dict[str, Macro]:
        """The macros of a template."""
        found = self.parsed(template, parent)
        if found is None or deep > _DEEPEST:
            return {}
        name, parsed = found
        inner = {**self._names}
        _Walk(self, name, parsed, inner, deep + 1, judges=False).body(parsed[2].body)
        return {key: value for key, value in inner.items() if isinstance(value, Macro)}

    def is_new(self, *key: Any) -> bool:
        """Whether something is to be followed for the first time."""
        if key in self._done:
            return False
        self._done.add(key)
        return True


class _Walk:
    """One template, or one macro of it, with the names that are known at the place that has been reached."""

    def __init__(
        self,
        check: FieldCheck,
        name: str,
        parsed: Parsed,
        env: Env,
        deep: int,
        judges: bool = True,
        covered: Mapping[str, str] = NOTHING,
    ) -> None:
        self.covered = covered
        self.check, self.name, self.env, self.deep, self.judges = check, name, env, deep, judges
        self.shown, self.source, self.tree = parsed
        self.stored = {node.name for node in self.tree.find_all(nodes.Name) if node.ctx != "load"}

    def body(self, found: list[nodes.Node]) -> None:
        for node in found:
            self.node(node)

    def node(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Extends | nodes.Include):
            if isinstance(node.template, nodes.Const):
                covered = self._covering() if isinstance(node, nodes.Extends) else NOTHING
                self.check.template(node.template.value, self.name, self.env, self.deep + 1, covered)
        elif isinstance(node, nodes.Block) and node.name in self.covered:
            if self.judges and _says_something(node):
                place = in_line(self.shown, self.source, node.lineno, node.name)
                self.check.hidden.setdefault((node.name, self.name, place), []).append(self.covered[node.name])
        elif isinstance(node, nodes.FromImport):
            self._from_import(node)
        elif isinstance(node, nodes.Import):
            if isinstance(node.template, nodes.Const):
                self.env[node.target] = Module(self.check.macros(node.template.value, self.name, self.env, self.deep))
        elif isinstance(node, nodes.Macro):
            self.env[node.name] = Macro(self.name, node, self.env)
        elif isinstance(node, nodes.For):
            self._for(node)
        elif isinstance(node, nodes.Assign):
            self._assign(node.target, self.kind(node.node))
        elif isinstance(node, nodes.Expr):
            self.kind(node)
        else:
            self.body(list(node.iter_child_nodes()))

    def _covering(self) -> dict[str, str]:
        """The blocks that this template, or one that extends it, puts in the place of those that it extends."""
        own = self.tree.find_all(nodes.Block)
        covering = (block.name for block in own if not any(map(_is_super, block.find_all(nodes.Call))))
        return {**dict.fromkeys(covering, self.name), **self.covered}

    def _from_import(self, node: nodes.FromImport) -> None:
        if not isinstance(node.template, nodes.Const):
            return
        macros = self.check.macros(node.template.value, self.name, self.env, self.deep)
        for name in node.names:
            own, here = name if isinstance(name, tuple) else (name, name)
            self.env[here] = macros.get(own, ANY)

    def _for(self, node: nodes.For) -> None:
        before = dict(self.env)
        self._assign(node.target, _inner(self.kind(node.iter)))
        if node.test is not None:
            self.kind(node.test)
        self.body(node.body)
        self.env.update(before)
        self.body(node.else_)

    def _assign(self, target: nodes.Node, kind: Any) -> None:
        if isinstance(target, nodes.Name):
            self.env[target.name] = kind
        elif isinstance(target, nodes.Tuple):
            parts = kind if type(kind) is tuple and len(kind) == len(target.items) else [ANY] * len(target.items)
            for item, part in zip(target.items, parts, strict=True):
                self._assign(item, part)

    # --- the kinds of values -------------------------------------------------------------------------------

    def kind(self, node: nodes.Node) -> Any:
        """Of what kind an expression's value is; all that it asks for is judged."""
        if isinstance(node, nodes.Name):
            return self._name(node)
        if isinstance(node, nodes.Getattr):
            return self._field(self.kind(node.node), node.attr, node.lineno)
        if isinstance(node, nodes.Call):
            return self._call(node)
        if isinstance(node, nodes.List):
            kinds = [self.kind(item) for item in node.items]
            return Many(kinds[0]) if kinds and all(_alike(kinds[0], one) for one in kinds) else ANY
        if isinstance(node, nodes.Tuple):
            return tuple(self.kind(item) for item in node.items)
        inner = [self.kind(child) for child in node.iter_child_nodes() if isinstance(child, nodes.Expr)]
        for child in node.iter_child_nodes(exclude=("args",)):
            if isinstance(child, nodes.Keyword):
                self.kind(child.value)
        return _of(node, inner)

    def _name(self, node: nodes.Name) -> Any:
        known = node.name in self.env or node.name in _GIVEN or node.name in self.stored
        if not known and node.ctx == "load":
            names = sorted(name for name in self.env if not name.startswith("_"))
            self._wrong(node.lineno, node.name, f'"{node.name}" is not known here{did_you_mean(node.name, names)}')
        return self.env.get(node.name, ANY)

    def _field(self, kind: Any, name: str, line: int) -> Any:
        if isinstance(kind, Module):
            return kind.macros.get(name, ANY)
        if not (isinstance(kind, type) and (issubclass(kind, Struct) or hasattr(kind, "_fields"))):
            return ANY
        fields = typing.get_type_hints(kind)
        if name in fields:
            return plain(fields[name])
        if not hasattr(kind, name):
            mend = did_you_mean(name, fields) or f"; it has {', '.join(fields)}"
            self._wrong(line, name, f'{kind.__name__} has no "{name}"{mend}')
        return ANY

    def _call(self, node: nodes.Call) -> Any:
        called = self.kind(node.node)
        given = [self.kind(one) for one in node.args]
        named = {one.key: self.kind(one.value) for one in node.kwargs}
        if isinstance(called, Macro):
            self._follow_macro(called, given, named)
        return ANY

    def _follow_macro(self, macro: Macro, given: list[Any], named: dict[str, Any]) -> None:
        names = [argument.name for argument in macro.node.args]
        kinds = {**dict.fromkeys(names, ANY), **dict(zip(names, given, strict=False)), **named}
        found = self.check.parsed(macro.template, macro.template)
        if found is None or not self.check.is_new(
            macro.template, macro.node.name, repr(sorted(kinds.items(), key=str))
        ):
            return
        _Walk(self.check, macro.template, found[1], {**macro.env, **kinds}, self.deep + 1).body(macro.node.body)

    def _wrong(self, line: int, word: str, message: str) -> None:
        if self.judges:
            self.check.problems[said_at(in_line(self.shown, self.source, line, word), message, "")] = None


def _says_something(block: nodes.Block) -> bool:
    said = (one for output in block.body if isinstance(output, nodes.Output) for one in output.nodes)
    return any(not isinstance(node, nodes.Output) for node in block.body) or any(
        not isinstance(one, nodes.TemplateData) or one.data.strip() for one in said
    )


def _is_super(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name == "super"


def plain(kind: Any) -> Any:
    """A field's kind without "or nothing", and lists for tuples of any length."""
    if isinstance(kind, types.UnionType):
        kinds = [one for one in typing.get_args(kind) if one is not type(None)]
        return plain(kinds[0]) if len(kinds) == 1 else ANY
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)
        return Many(plain(inner[0])) if inner[1:] == (...,) else tuple(map(plain, inner))
    return kind


def _inner(kind: Any) -> Any:
    return kind.kind if isinstance(kind, Many) else ANY


def _alike(one: Any, other: Any) -> bool:
    return bool(one == other)


def _of(node: nodes.Node, inner: list[Any]) -> Any:
    first = inner[0] if inner else ANY
    if isinstance(node, nodes.Filter):
        return first if node.name in _SAME else _inner(first) if node.name in ("first", "last") else ANY
    if isinstance(node, nodes.Getitem):
        return _inner(first)
    if isinstance(node, nodes.CondExpr):
        return inner[1] if len(inner) > 2 and _alike(inner[1], inner[2]) else ANY
    if isinstance(node, nodes.Add | nodes.Or | nodes.And):
        return first if len(inner) > 1 and _alike(first, inner[1]) else ANY
    return ANY
