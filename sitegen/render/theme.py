"""Themes: folders with theme.toml, templates/, static/ and locales/, layered over one another.

The layers of a theme, from the top: the site's own themes/<name>, sitegen's themes/<name>, then the same for
the theme that it extends. A file in a higher layer shadows the one of the same name below. A template that
extends its own name extends the one it shadows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.beneath import may_lead_out, read_plain, stat_beneath
from sitegen.bundled import bundled_themes
from sitegen.plan.pictures import PictureSizes
from sitegen.problems import Problem, did_you_mean, problem_at, said_at
from sitegen.sources.files import is_left_by_editor, walk
from sitegen.sources.media import MAX_BYTES
from sitegen.text import decode, not_plain
from sitegen.tomldoc import Path as Keys
from sitegen.tomldoc import Spot, places, read_toml, spot

DEFAULT = "default"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_INFO_KEYS = ("title", "description", "version", "license", "extends", "styles", "pictures")
_WIDTH = range(16, 4097)
"""Pixels that a picture may be wide."""
_MOST_WIDTHS = 8
MAX_TEXT_BYTES = 1024 * 1024
"""Of a template, a catalogue or theme.toml."""
_LARGE = ("static", "documents")
"""Folders in which fonts and pictures lie."""
_CROP = re.compile(r"[1-9]\d?:[1-9]\d?")


class ThemeInfo(Struct, frozen=True):
    """What theme.toml says. `styles` are static files that are joined into one style sheet, in this order.

    `places` say where the extended theme and each style are named. `pictures` is None where it says nothing of them.
    """

    name: str
    title: str = ""
    extends: str = ""
    styles: tuple[str, ...] = ()
    places: dict[str, Problem] = {}
    pictures: PictureSizes | None = None


class Layer(Struct, frozen=True):
    """One folder of a theme; `shown` is its path as problems name it."""

    folder: Path
    shown: str


class Theme(Struct, frozen=True):
    """A theme with all its layers, the highest first; `styles` maps each style to the place that names it.

    `root` is the site's folder. `pictures` are the sizes of the highest theme that says something of them.
    """

    name: str
    layers: tuple[Layer, ...]
    styles: dict[str, Problem]
    root: Path
    pictures: PictureSizes = PictureSizes()

    @property
    def whole(self) -> Theme:
        """The same, with the default theme below all: from there comes what documents are made with, if it has none."""
        own = _layers(self.root, DEFAULT)
        return msgspec.structs.replace(self, layers=tuple(dict.fromkeys((*self.layers, *own))))

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


def _strange(root: Path, name: str) -> list[Problem]:
    """What must not be in a theme of the site's own: links and what is no file, wherever it lies."""
    if (root / "themes").is_symlink() and not may_lead_out(root, "themes"):
        return [not_plain("themes", is_link=True)]
    if (root / "themes" / name).is_symlink():
        return [not_plain(f"themes/{name}", is_link=True)]
    files, problems = walk(root, f"themes/{name}", is_left_by_editor)
    for path in files:
        limit = MAX_BYTES if path.split("/")[2] in _LARGE else MAX_TEXT_BYTES
        size = stat_beneath(root, path).st_size
        if size > limit:
            shown = f"{limit // 1024**2} MB"
            problems.append(Problem(path, 0, 0, f"this file of a theme is larger than {shown}", "make it smaller"))
    return problems


def load_theme(root: Path, name: str, asked_by: Problem) -> tuple[Theme | None, list[Problem]]:
    """A theme by its name. `asked_by` is the place that names it, for the problem that it is unknown."""
    layers: list[Layer] = []
    styles: dict[str, Problem] = {}
    wanted, seen, place = name, [], asked_by
    pictures: PictureSizes | None = None
    while wanted:
        strange = _strange(root, wanted) if _NAME.fullmatch(wanted) else []
        if strange:
            return None, strange
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
        pictures = pictures or info.pictures
        wanted = info.extends
        place = info.places.get("extends", place)
    return Theme(name, tuple(layers), styles, root, pictures or PictureSizes()), []


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
    text, problems = decode(read_plain(path), shown)
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
    pictures = (
        _pictures(values["pictures"], partial(_said, shown, text, spots), problems) if "pictures" in values else None
    )
    return ThemeInfo(name, title, extends, tuple(styles), where, pictures), problems


def _said(shown: str, text: str, spots: dict[Keys, Spot], path: Keys, message: str, hint: str) -> Problem:
    return problem_at(shown, text, spot(spots, path).value, message, hint)


def _pictures(value: Any, said: Callable[[Keys, str, str], Problem], problems: list[Problem]) -> PictureSizes:
    """The table `pictures`: the sizes in which pages show pictures."""
    at: Keys = ("pictures",)
    if not isinstance(value, dict):
        problems.append(said(at, '"pictures" must be a table', "write [pictures] in a line of its own"))
        return PictureSizes()
    for key in value:
        if key not in ("widths", "crops", "sizes"):
            problems.append(said((*at, key), f'unknown key "{key}"', "known: widths, crops, sizes"))
    crops = value.get("crops", {})
    if not isinstance(crops, dict):
        problems.append(said((*at, "crops"), '"crops" must be a table', 'write crops = { "4:3" = [320, 640] }'))
        crops = {}
    for ratio in crops:
        if not _CROP.fullmatch(ratio):
            problems.append(said((*at, "crops", ratio), f'"{ratio}" is no ratio', 'write width and height: "16:9"'))
    sizes = value.get("sizes", "100vw")
    if not isinstance(sizes, str):
        problems.append(said((*at, "sizes"), '"sizes" must be a text in quotes', 'write sizes = "100vw"'))
    return PictureSizes(
        _widths(value.get("widths", []), (*at, "widths"), said, problems),
        {str(one): _widths(list_of, (*at, "crops", one), said, problems) for one, list_of in crops.items()},
        str(sizes),
    )


def _widths(
    value: Any, path: Keys, said: Callable[[Keys, str, str], Problem], problems: list[Problem]
) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(one) is int and one in _WIDTH for one in value):
        message = f"widths must be a list of whole numbers from {_WIDTH[0]} to {_WIDTH[-1]}"
        problems.append(said(path, message, "write pixels: [480, 960]"))
        return ()
    if len(value) > _MOST_WIDTHS:
        problems.append(said(path, f"more than {_MOST_WIDTHS} widths of one picture", "leave some out"))
    return tuple(sorted(set(value)))
