"""docs/themes.md: how themes work, and every view with its fields, read from the program's own code."""

from __future__ import annotations

import io
import re
import tokenize
import types
import typing
from collections.abc import Iterator
from pathlib import Path

from markupsafe import Markup
from msgspec import Struct

from sitegen.plan import views
from sitegen.plan.pages import VIEWS
from sitegen.plan.variants import PARTS, VARIANTS
from sitegen.render.renderer import SHARED_TEMPLATES

INTRO = Path(__file__).with_name("themes.md")
"""What is written by hand, above the tables."""

PARTS_EXPLAINED = """\
The parts of an article (`head`, `body`, `foot`, `more`) are rendered once and stand in all its files ready made. So do
`shared.header`, `shared.sidebar` and `shared.footer` in all pages; their own templates know the `section` (its part of
addresses) whose pages they stand on. `variant` has `name`, `scale` (per cent) and `role`.
"""
_KINDS: dict[object, str] = {str: "text", int: "number", bool: "true or false", Markup: "HTML"}
_COMMENT = re.compile(r"    (\w+): .*?#: (.+)")


def documentation() -> str:
    """The whole of docs/themes.md."""
    parts = [INTRO.read_text("utf-8"), "## Templates", _templates(), PARTS_EXPLAINED, "## Views"]
    for view in all_views():
        parts += [f"### {view.__name__}", " ".join((view.__doc__ or "").split()), _fields(view)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def all_views() -> Iterator[type[Struct]]:
    """Every view and its parts: those of pages first, in the order of the code."""
    found = [kind for kind in vars(views).values() if isinstance(kind, type) and issubclass(kind, Struct)]
    found = [kind for kind in found if kind.__module__ == views.__name__]
    pages = [views.SiteView, views.SharedView, views.ArticleView, views.Toolbar, *VIEWS.values()]
    yield from pages
    yield from (kind for kind in found if kind not in pages)


def explanations(view: type[Struct]) -> dict[str, str]:
    """What the code says of each field, by its name: the comment `#:` behind it."""
    source = Path(views.__file__).read_text("utf-8")
    found: dict[str, str] = {}
    inside = False
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.start[1] == 0:
            inside = token.line.startswith(f"class {view.__name__}(")
        if inside and token.type == tokenize.COMMENT and (match := _COMMENT.match(token.line)):
            found[match[1]] = match[2].strip()
    return found


def _templates() -> str:
    rows = [("Template", "Page", "Knows besides")]
    rows.append(("---", "---", "---"))
    for variant in {variant.template: variant for variant in VARIANTS if not variant.document}.values():
        parts = ", ".join(f"`{part}`" for part in variant.parts)
        more = "" if variant.standalone else "`toolbar` ([Toolbar](#toolbar)), `shared`, "
        rows.append((f"`{variant.template}`", "[ArticleView](#articleview)", f"{more}`variant`, {parts}"))
    rows += [(f"`{name}`", "[ArticleView](#articleview)", f"becomes `{part}`") for part, name in PARTS.items()]
    rows += [(f"`{name}`", _kind(view), "`shared`") for name, view in VIEWS.items()]
    rows += [(f"`{name}`", "", "`shared` ([SharedView](#sharedview)), `section`") for name in SHARED_TEMPLATES]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _fields(view: type[Struct]) -> str:
    said = explanations(view)
    rows = ["| Field | Kind | What it is |", "| --- | --- | --- |"]
    for name, kind in typing.get_type_hints(view).items():
        rows.append(f"| `{name}` | {_kind(kind)} | {said[name]} |")
    return "\n".join(rows)


def _kind(kind: object) -> str:
    if kind in _KINDS:
        return _KINDS[kind]
    if isinstance(kind, types.UnionType):
        return " or ".join("nothing" if part is type(None) else _kind(part) for part in typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return f"list of {_kind(typing.get_args(kind)[0])}"
    name = getattr(kind, "__name__", str(kind))
    return f"[{name}](#{name.lower()})"
