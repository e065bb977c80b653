"""Templates as Jinja code: where they are found, what they may use, and how they are compiled.

Two things are done at compile time that Jinja does at each page: a text without variables is translated, so that it
becomes part of the constant text around it, and what is already HTML is put out as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from msgspec import Struct

from sitegen.beneath import read_plain
from sitegen.problems import Problem, did_you_mean, said_at
from sitegen.render.catalogue import Catalogue
from sitegen.render.confined import Confined, looked_up
from sitegen.render.slips import Unknown, in_line, syntax_problem
from sitegen.render.theme import Theme
from sitegen.render.verbatim import KINDS, Kind, shows_verbatim
from sitegen.text import decode

DOCUMENT_TEMPLATES = ("epub/article.xhtml",)
"""Templates of what is no page: a theme that has none takes them from the default one."""


class NotText(Exception):
    """A template whose bytes are no UTF-8 text, as a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class LayerLoader(jinja2.BaseLoader):
    """Finds `article.html` in the highest layer, and `2|article.html` from the layer with index 2 on."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        first, name = split_name(template)
        theme = self.theme.whole if name in DOCUMENT_TEMPLATES else self.theme
        found = None if ".." in name.split("/") else theme.find(f"templates/{name}", first)
        if found is None:
            raise jinja2.TemplateNotFound(name)
        text, problems = decode(read_plain(found[1]), self.theme.shown(found[1]))
        if text is None:
            raise NotText(problems[0])
        return text, str(found[1]), None


def split_name(template: str) -> tuple[int, str]:
    """`2|article.html` -> (2, "article.html")."""
    first, bar, name = template.partition("|")
    return (int(first), name) if bar else (0, template)


class CompiledTemplates(jinja2.BytecodeCache):
    """Compiled templates, kept while the process lives: a theme's templates are compiled once, not at each build.

    Jinja's key names the file and its checksum the source; `words` says which catalogue was compiled in. The
    options are the same for every environment here.
    """

    _kept: ClassVar[dict[tuple[str, ...], CodeType]] = {}

    def __init__(self, words: str) -> None:
        self._words = words

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[self._key(bucket)] = bucket.code

    def _key(self, bucket: Bucket) -> tuple[str, ...]:
        return bucket.key, bucket.checksum, self._words


class _Generator(CodeGenerator):
    """Writes `environment.put(...)` around what a template puts out, where Jinja writes `escape(...)`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.put(")
        else:
            super()._output_child_pre(node, frame, finalize)


_SAYING = {"_", "gettext"}


def _own_names(source: nodes.Template) -> Iterator[str]:
    """The names that a template gives to something: variables, macros, and what it imports."""
    for node in source.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        if (isinstance(node, nodes.Name) and node.ctx != "load") or isinstance(node, nodes.Macro):
            yield node.name
        elif isinstance(node, nodes.Import):
            yield node.target
        elif isinstance(node, nodes.FromImport):
            yield from (name[1] if isinstance(name, tuple) else name for name in node.names)


class _Translated(NodeTransformer):
    """Replaces `_('text')` by the text in the site's language; where it has variables, it stays a call."""

    def __init__(self, say: Callable[[str], str]) -> None:
        self._say = say

    def visit_Call(self, node: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:
        self.generic_visit(node, *args, **kwargs)
        if not (isinstance(node.node, nodes.Name) and node.node.name in _SAYING and len(node.args) == 1):
            return node
        text = node.args[0]
        if not isinstance(text, nodes.Const) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        try:
            # A text is always a format, so that %% means the same with and without variables.
            said = self._say(text.value) % {}
        except (TypeError, ValueError, KeyError):
            # The call fails in its place, with its line.
            return node
        return nodes.MarkSafeIfAutoescape(nodes.Const(said), lineno=node.lineno)


_special = re.compile("[&<>'\"]").search


class LayerEnvironment(jinja2.Environment):
    """An environment in which a template that names itself means the one that it shadows."""

    code_generator_class = _Generator

    def __init__(self, theme: Theme, words: Catalogue) -> None:
        super().__init__(
            loader=LayerLoader(theme),
            autoescape=True,
            undefined=Unknown,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            extensions=EXTENSIONS,
            bytecode_cache=CompiledTemplates(words.digest),
        )
        self._theme = theme
        self._translated = _Translated(words.translations.gettext)
        self.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        Confined(name, filename).visit(template)
        return template

    def getitem(self, obj: Any, argument: Any) -> Any:
        """What stands under a name or number; filters look for attributes in this way too."""
        looked_up(obj, argument)
        return super().getitem(obj, argument)

    @staticmethod
    def put(value: Any) -> str:
        """What stands in the page for a value: HTML as it is, and everything else escaped."""
        # Most texts need no escaping, and Markup's own way copies what it is given twice.
        if type(value) is Markup or (type(value) is str and not _special(value)):
            return value
        return escape(value)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # Jinja's map of maps is looked through at each page and each include; no template has globals of its own.
        return {**self.globals, **d} if d else self.globals

    def join_path(self, template: str, parent: str) -> str:
        first, name = split_name(parent)
        if template != name:
            return template
        found = self._theme.find(f"templates/{name}", first)
        return f"{found[0] + 1 if found else first}|{name}"

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        if not _SAYING & set(_own_names(source)):
            source = self._translated.visit(source)
        return super()._generate(source, name, filename, defer_init)


EXTENSIONS = ("jinja2.ext.i18n",)


def make_environment(theme: Theme, words: Catalogue) -> LayerEnvironment:
    """Jinja as themes get it: no clock, no files, no chance; every undefined name is an error."""
    environment = LayerEnvironment(theme, words)
    for name in ("lipsum", "cycler", "joiner"):
        del environment.globals[name]
    for name in ("random", "attr"):
        del environment.filters[name]
    return environment


class Templates(Struct, frozen=True):
    """The templates that a site needs: `digests` of their sources by the paths that are shown for them, and `reach`.

    `reach` says of each template which it extends, includes and imports, as names of templates; `shown` the path.
    `altering` are those that do more with ready-made parts of a kind than to put them out, `inlined` the static files
    that stand inside of pages.
    """

    digests: dict[str, str]
    reach: dict[str, tuple[str, ...]]
    shown: dict[str, str]
    altering: dict[Kind, set[str]]
    inlined: set[str]

    def closure(self, names: Iterable[str]) -> dict[str, str]:
        """The digests of these templates and of all that they can reach, by the paths that are shown for them."""
        found = self._reached(names)
        return {
            shown: self.digests[shown] for shown in sorted(self.shown[name] for name in found if name in self.shown)
        }

    def tree(self, names: Iterable[str]) -> list[tuple[int, str]]:
        """These templates, each followed by those that it extends, includes and imports, one level further down.

        A template is named once, by the path that is shown for it.
        """
        found: dict[str, int] = {}
        waiting = [(0, name) for name in names][::-1]
        while waiting:
            depth, name = waiting.pop()
            if name not in found and name in self.shown:
                found[name] = depth
                waiting += [(depth + 1, other) for other in reversed(self.reach.get(name, ()))]
        return [(depth, self.shown[name]) for name, depth in found.items()]

    def show_verbatim(self, name: str, kind: Kind) -> bool:
        """Whether a page that is made from this template has parts of a kind in it just as they are, if at all."""
        return self.altering[kind].isdisjoint(self._reached((name,)))

    def _reached(self, names: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.reach.get(name, ())
        return found


def read_templates(
    theme: Theme, environment: LayerEnvironment, needed: tuple[str, ...]
) -> tuple[Templates, list[Problem]]:
    """Every template the site needs, with all it extends, includes and imports: found and well formed."""
    problems: list[Problem] = []
    whole = theme.whole
    read = Templates({}, {}, {}, {kind: set() for kind in KINDS}, set())
    waiting = [(name, Problem(f"themes/{theme.name}", 0, 0, "")) for name in needed]
    while waiting:
        name, asked_at = waiting.pop()
        if name in read.reach:
            continue
        read.reach[name] = ()
        try:
            source, filename, _ = LayerLoader(theme).get_source(environment, name)
            references, altering, inlined = _looked_through(source)
        except jinja2.TemplateNotFound:
            problems.append(_missing_template(theme, split_name(name)[1], asked_at))
        except NotText as error:
            problems.append(error.problem)
        except jinja2.TemplateSyntaxError:
            problems += _syntax_problems(theme, environment, name)
        else:
            shown = whole.shown(Path(filename or ""))
            # The site's own template and the one that it shadows are shown under the same path.
            read.shown[name] = f"{shown} (sitegen's own)" if shown in read.digests else shown
            read.digests[read.shown[name]] = hashlib.blake2b(source.encode(), digest_size=12).hexdigest()
            for kind in altering:
                read.altering[kind].add(name)
            read.inlined.update(file for file, _ in inlined)
            places = (in_line(shown, source, line, INLINE) for file, line in inlined if not file)
            problems += (said_at(place, *_INLINE_BY_VARIABLE) for place in places)
            others = []
            for other, line in references:
                place = in_line(shown, source, line, other or "{%")
                if other:
                    others.append(environment.join_path(other, name))
                    waiting.append((others[-1], place))
                else:
                    problems.append(said_at(place, *_BY_VARIABLE))
            read.reach[name] = tuple(others)
            problems += _syntax_problems(theme, environment, name)
    return read, problems


def _syntax_problems(theme: Theme, environment: LayerEnvironment, name: str) -> list[Problem]:
    try:
        environment.get_template(name)
    except jinja2.TemplateSyntaxError as error:
        return [syntax_problem(theme.shown, error, environment)]
    return []


_BY_VARIABLE = "a template is named by a variable", "write the name itself in quotes, so that changes can be followed"
_Named = tuple[tuple[str, int], ...]
"""Names, each with the line of the template in which it stands."""
INLINE = "inline"
"""The function of templates that puts a static file into a page."""
_INLINE_BY_VARIABLE = (
    "a static file inside of a page is named by a variable",
    "write the name itself in quotes, so that the page's policy can name the file",
)
_REFERRING = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


@lru_cache(maxsize=512)
def _looked_through(source: str) -> tuple[_Named, tuple[Kind, ...], _Named]:
    """The templates that one names, the kinds of parts that it does more with than show them, and the static files
    that it puts into pages.

    A name is empty where a variable names a template or a file.
    """
    found: list[tuple[str, int]] = []
    tree = jinja2.Environment(extensions=EXTENSIONS).parse(source)
    for node in tree.find_all(_REFERRING):
        assert isinstance(node, _REFERRING)
        template = node.template
        entries = template.items if isinstance(template, nodes.List | nodes.Tuple) else [template]
        for entry in entries:
            value = entry.value if isinstance(entry, nodes.Const) else ""
            found.append((value if isinstance(value, str) else "", node.lineno))
    inlined = []
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == INLINE:
            name = call.args[0].value if call.args and isinstance(call.args[0], nodes.Const) else ""
            inlined.append((str(name), call.lineno))
    return tuple(found), tuple(kind for kind in KINDS if not shows_verbatim(tree, kind)), tuple(inlined)


def _missing_template(theme: Theme, name: str, asked_at: Problem) -> Problem:
    message = f'unknown template "{name}"{did_you_mean(name, theme.files("templates"))}'
    hint = f"put it into themes/{theme.name}/templates/"
    return said_at(asked_at, message, hint)
