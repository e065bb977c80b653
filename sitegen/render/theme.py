"""Themes: folders with theme.toml, templates/, static/ and locales/, layered over one another.

The layers of a theme, from the top: the site's own themes/<name>, sitegen's themes/<name>, then the same for
the theme that it inherits from. A file in a higher layer shadows the one of the same name below. A template that
extends its own name extends the one it shadows.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import jinja2
from jinja2 import meta
from msgspec import Struct

from sitegen.problems import Problem, did_you_mean

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_INFO_KEYS = ("title", "description", "version", "license", "inherits", "styles")


class ThemeInfo(Struct, frozen=True):
    """What theme.toml says. `styles` are static files that are joined into one style sheet, in this order."""

    name: str
    title: str = ""
    inherits: str = ""
    styles: tuple[str, ...] = ()


class Layer(Struct, frozen=True):
    """One folder of a theme; `shown` is its path as problems name it."""

    folder: Path
    shown: str


class Theme(Struct, frozen=True):
    """A theme with all its layers, the highest first."""

    name: str
    layers: tuple[Layer, ...]
    styles: tuple[str, ...]

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
    styles: list[tuple[str, ...]] = []
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
        styles.insert(0, info.styles)
        shown = f"{found[-1].shown}/theme.toml"
        wanted, place = info.inherits, Problem(shown, 1, 1, "")
    joined = tuple(dict.fromkeys(style for part in styles for style in part))
    return Theme(name, tuple(layers), joined), []


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
        message = f'the theme "{name}" inherits from itself'
    hint = f"themes that are there: {', '.join(known)}"
    return Problem(place.file, place.line, place.column, message, hint, place.excerpt)


def _merged_info(name: str, layers: list[Layer]) -> tuple[ThemeInfo, list[Problem]]:
    """theme.toml of the highest layer that has one."""
    for layer in layers:
        path = layer.folder / "theme.toml"
        if path.is_file():
            return _info(name, path, f"{layer.shown}/theme.toml")
    return ThemeInfo(name), []


def _info(name: str, path: Path, shown: str) -> tuple[ThemeInfo, list[Problem]]:
    try:
        values = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return ThemeInfo(name), [Problem(shown, 1, 1, f"cannot be read as TOML: {error}")]
    problems = [
        Problem(shown, 1, 1, f'unknown key "{key}"{did_you_mean(key, _INFO_KEYS)}')
        for key in values
        if key not in _INFO_KEYS
    ]
    styles = values.get("styles", [])
    if not isinstance(styles, list) or not all(isinstance(style, str) for style in styles):
        problems.append(Problem(shown, 1, 1, '"styles" must be a list of file names'))
        styles = []
    inherits = values.get("inherits", "")
    return ThemeInfo(name, str(values.get("title", name)), str(inherits), tuple(styles)), problems


# --- templates ---------------------------------------------------------------------------------------------


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
        return found[1].read_text("utf-8"), str(found[1]), None


def split_name(template: str) -> tuple[int, str]:
    """`2|article.html` -> (2, "article.html")."""
    first, bar, name = template.partition("|")
    return (int(first), name) if bar else (0, template)


class LayerEnvironment(jinja2.Environment):
    """An environment in which a template that names itself means the one that it shadows."""

    def join_path(self, template: str, parent: str) -> str:
        first, name = split_name(parent)
        if template != name:
            return template
        assert isinstance(self.loader, LayerLoader)
        found = self.loader.theme.find(f"templates/{name}", first)
        return f"{found[0] + 1 if found else first}|{name}"


def make_environment(theme: Theme) -> LayerEnvironment:
    """Jinja as themes get it: no clock, no files, no chance; every undefined name is an error."""
    environment = LayerEnvironment(
        loader=LayerLoader(theme),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    for name in ("lipsum", "cycler", "joiner"):
        del environment.globals[name]
    del environment.filters["random"]
    return environment


def check_templates(theme: Theme, environment: LayerEnvironment, needed: tuple[str, ...]) -> list[Problem]:
    """Every template the site needs, with all it extends, includes and imports: found and well formed."""
    problems: list[Problem] = []
    seen: set[str] = set()
    waiting = [(name, f"themes/{theme.name}") for name in needed]
    while waiting:
        name, asked_by = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            source, filename, _ = LayerLoader(theme).get_source(environment, name)
            tree = environment.parse(source, name, filename)
        except jinja2.TemplateNotFound:
            problems.append(_missing_template(theme, split_name(name)[1], asked_by))
            continue
        except UnicodeDecodeError:
            problems.append(Problem(f"template {name}", 0, 0, "the file is not UTF-8 text"))
            continue
        except jinja2.TemplateSyntaxError as error:
            problems.append(syntax_problem(theme, error))
            continue
        shown = theme.shown(Path(filename or ""))
        for other in meta.find_referenced_templates(tree):
            if other is None:
                hint = "write the name itself in quotes, so that changes can be followed"
                problems.append(Problem(shown, 1, 1, "a template is named by a variable", hint))
            else:
                waiting.append((environment.join_path(other, name), shown))
    return problems


def _missing_template(theme: Theme, name: str, asked_by: str) -> Problem:
    message = f'unknown template "{name}"{did_you_mean(name, theme.files("templates"))}'
    return Problem(asked_by, 0, 0, message, f"put it into themes/{theme.name}/templates/")


def syntax_problem(theme: Theme, error: jinja2.TemplateSyntaxError) -> Problem:
    """A template that Jinja cannot read."""
    path = Path(error.filename or error.name or "")
    lines = (error.source or "").splitlines()
    excerpt = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else ""
    column = len(excerpt) - len(excerpt.lstrip()) + 1
    message = f"the template cannot be read: {error.message}"
    return Problem(theme.shown(path), error.lineno, column, message, "", excerpt)
