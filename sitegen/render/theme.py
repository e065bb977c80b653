"""Themes: folders with theme.toml, templates/, static/ and locales/, layered over one another.

The layers of a theme, from the top: the site's own themes/<name>, sitegen's themes/<name>, then the same for
the theme that it extends. A file in a higher layer shadows the one of the same name below. A template that
extends its own name extends the one it shadows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import ClassVar

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from msgspec import Struct

from sitegen.problems import Problem, did_you_mean, problem_at, said_at
from sitegen.render.slips import Unknown, in_line, syntax_problem
from sitegen.text import decode
from sitegen.tomldoc import places, read_toml, spot

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_INFO_KEYS = ("title", "description", "version", "license", "extends", "styles")


class ThemeInfo(Struct, frozen=True):
    """What theme.toml says. `styles` are static files that are joined into one style sheet, in this order.

    `places` say where the extended theme and each style are named.
    """

    name: str
    title: str = ""
    extends: str = ""
    styles: tuple[str, ...] = ()
    places: dict[str, Problem] = {}


class Layer(Struct, frozen=True):
    """One folder of a theme; `shown` is its path as problems name it."""

    folder: Path
    shown: str


class Theme(Struct, frozen=True):
    """A theme with all its layers, the highest first; `styles` maps each style to the place that names it."""

    name: str
    layers: tuple[Layer, ...]
    styles: dict[str, Problem]

    def find(self, name: str, first: int = 0) -> tuple[int, Path] | None:
        """The layer (from `first` on) and the path of a file such as `templates/article.html`."""
        for index, layer in enumerate(self.layers[first:], first):
            path = layer.folder / name
            if path.is_file():
                return index, path
        return None

    def shown(self, path: Path) -> str:
        """A theme file's path as problems name it."""
        for layer in self.layers:
            if path.is_relative_to(layer.folder):
                return f"{layer.shown}/{path.relative_to(layer.folder).as_posix()}"
        return path.as_posix()

    def holds(self, path: Path) -> bool:
        """Whether a file belongs to one of the theme's layers."""
        return any(path.is_relative_to(layer.folder) for layer in self.layers)

    def files(self, folder: str) -> dict[str, Path]:
        """All files below a folder of the theme, by their names in it, sorted; higher layers shadow."""
        found: dict[str, Path] = {}
        for layer in reversed(self.layers):
            base = layer.folder / folder
            for path in sorted(base.rglob("*")) if base.is_dir() else ():
                if path.is_file() and not path.name.startswith("."):
                    found[path.relative_to(base).as_posix()] = path
        return dict(sorted(found.items()))


def bundled_themes() -> Path:
    """The folder of the themes that come with sitegen: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def load_theme(root: Path, name: str, asked_by: Problem) -> tuple[Theme | None, list[Problem]]:
    """A theme by its name. `asked_by` is the place that names it, for the problem that it is unknown."""
    layers: list[Layer] = []
    styles: dict[str, Problem] = {}
    wanted, seen, place = name, [], asked_by
    while wanted:
        found = _layers(root, wanted)
        if wanted in seen or not found:
            return None, [_unknown(root, wanted, wanted in seen, place)]
        seen.append(wanted)
        info, problems = _merged_info(wanted, found)
        if problems:
            return None, problems
        layers += found
        # The extended theme's styles come first, so that the one that extends it has the last word.
        own = {style: info.places[style] for style in info.styles}
        styles = {**own, **styles}
        wanted = info.extends
        place = info.places.get("extends", place)
    return Theme(name, tuple(layers), styles), []


def _layers(root: Path, name: str) -> list[Layer]:
    if not _NAME.fullmatch(name):
        return []
    own, bundled = root / "themes" / name, bundled_themes() / name
    layers = [Layer(own, f"themes/{name}")] if own.is_dir() else []
    if bundled.is_dir() and not (own.is_dir() and own.samefile(bundled)):
        layers.append(Layer(bundled, f"themes/{name}"))
    return layers


def _unknown(root: Path, name: str, loop: bool, place: Problem) -> Problem:
    folders = [root / "themes", bundled_themes()]
    known = sorted({p.name for f in folders if f.is_dir() for p in f.iterdir() if p.is_dir()})
    message = f'unknown theme "{name}"{did_you_mean(name, known)}'
    if loop:
        message = f'the theme "{name}" extends itself'
    hint = "remove the line, or name another theme" if loop else f"themes that are there: {', '.join(known)}"
    return said_at(place, message, hint)


def _merged_info(name: str, layers: list[Layer]) -> tuple[ThemeInfo, list[Problem]]:
    """theme.toml of the highest layer that has one."""
    for layer in layers:
        path = layer.folder / "theme.toml"
        if path.is_file():
            return _info(name, path, f"{layer.shown}/theme.toml")
    return ThemeInfo(name), []


def _info(name: str, path: Path, shown: str) -> tuple[ThemeInfo, list[Problem]]:
    text, problems = decode(path.read_bytes(), shown)
    if text is None:
        return ThemeInfo(name), problems
    values, problems = read_toml(text, shown)
    if values is None:
        return ThemeInfo(name), problems
    spots = places(text)
    for key in values:
        if key not in _INFO_KEYS:
            mend = did_you_mean(key, _INFO_KEYS)
            hint = "" if mend else f"known: {', '.join(_INFO_KEYS)}"
            problems.append(problem_at(shown, text, spot(spots, (key,)).key, f'unknown key "{key}"{mend}', hint))
    for key in ("title", "extends"):
        if not isinstance(values.get(key, ""), str):
            message = f'"{key}" must be a text in quotes'
            problems.append(problem_at(shown, text, spot(spots, (key,)).value, message, f'write {key} = "..."'))
    styles = values.get("styles", [])
    if not isinstance(styles, list) or not all(isinstance(style, str) for style in styles):
        message = '"styles" must be a list of file names'
        problems.append(
            problem_at(shown, text, spot(spots, ("styles",)).value, message, 'write styles = ["css/site.css"]')
        )
        styles = []
    where = {style: problem_at(shown, text, spot(spots, ("styles", at)).value, "") for at, style in enumerate(styles)}
    where["extends"] = problem_at(shown, text, spot(spots, ("extends",)).value, "")
    title, extends = str(values.get("title", name)), str(values.get("extends", ""))
    return ThemeInfo(name, title, extends, tuple(styles), where), problems


# --- templates ---------------------------------------------------------------------------------------------


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
        found = None if ".." in name.split("/") else self.theme.find(f"templates/{name}", first)
        if found is None:
            raise jinja2.TemplateNotFound(name)
        text, problems = decode(found[1].read_bytes(), self.theme.shown(found[1]))
        if text is None:
            raise NotText(problems[0])
        return text, str(found[1]), None


def split_name(template: str) -> tuple[int, str]:
    """`2|article.html` -> (2, "article.html")."""
    first, bar, name = template.partition("|")
    return (int(first), name) if bar else (0, template)


class CompiledTemplates(jinja2.BytecodeCache):
    """Compiled templates, kept while the process lives: a theme's templates are compiled once, not at each build.

    Jinja's key names the file and its checksum the source; the options are the same for every environment here.
    """

    _kept: ClassVar[dict[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key + bucket.checksum] = bucket.code


class LayerEnvironment(jinja2.Environment):
    """An environment in which a template that names itself means the one that it shadows."""

    def join_path(self, template: str, parent: str) -> str:
        first, name = split_name(parent)
        if template != name:
            return template
        assert isinstance(self.loader, LayerLoader)
        found = self.loader.theme.find(f"templates/{name}", first)
        return f"{found[0] + 1 if found else first}|{name}"


EXTENSIONS = ("jinja2.ext.i18n",)


def make_environment(theme: Theme) -> LayerEnvironment:
    """Jinja as themes get it: no clock, no files, no chance; every undefined name is an error."""
    environment = LayerEnvironment(
        loader=LayerLoader(theme),
        autoescape=True,
        undefined=Unknown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=EXTENSIONS,
        bytecode_cache=CompiledTemplates(),
    )
    for name in ("lipsum", "cycler", "joiner"):
        del environment.globals[name]
    del environment.filters["random"]
    return environment


def check_templates(theme: Theme, environment: LayerEnvironment, needed: tuple[str, ...]) -> list[Problem]:
    """Every template the site needs, with all it extends, includes and imports: found and well formed."""
    problems: list[Problem] = []
    seen: set[str] = set()
    waiting = [(name, Problem(f"themes/{theme.name}", 0, 0, "")) for name in needed]
    while waiting:
        name, asked_at = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            source, filename, _ = LayerLoader(theme).get_source(environment, name)
            environment.get_template(name)
        except jinja2.TemplateNotFound:
            problems.append(_missing_template(theme, split_name(name)[1], asked_at))
        except NotText as error:
            problems.append(error.problem)
        except jinja2.TemplateSyntaxError as error:
            problems.append(syntax_problem(theme.shown, error, environment))
        else:
            shown = theme.shown(Path(filename or ""))
            for other, line in _references(source):
                place = in_line(shown, source, line, other or "{%")
                if other:
                    waiting.append((environment.join_path(other, name), place))
                else:
                    hint = "write the name itself in quotes, so that changes can be followed"
                    message = "a template is named by a variable"
                    problems.append(said_at(place, message, hint))
    return problems


_REFERRING = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


@lru_cache(maxsize=512)
def _references(source: str) -> tuple[tuple[str, int], ...]:
    """The templates that one names, each with its line; an empty name where a variable names it."""
    found: list[tuple[str, int]] = []
    for node in jinja2.Environment(extensions=EXTENSIONS).parse(source).find_all(_REFERRING):
        assert isinstance(node, _REFERRING)
        template = node.template
        entries = template.items if isinstance(template, nodes.List | nodes.Tuple) else [template]
        for entry in entries:
            value = entry.value if isinstance(entry, nodes.Const) else ""
            found.append((value if isinstance(value, str) else "", node.lineno))
    return tuple(found)


def _missing_template(theme: Theme, name: str, asked_at: Problem) -> Problem:
    message = f'unknown template "{name}"{did_you_mean(name, theme.files("templates"))}'
    hint = f"put it into themes/{theme.name}/templates/"
    return said_at(asked_at, message, hint)
