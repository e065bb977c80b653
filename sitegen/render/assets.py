"""A theme's static files: named by their content, so that browsers may keep them for ever.

`css/site.css` is published as `assets/css/site.3fa9bc12.css`. Addresses inside style sheets are rewritten to
the published names. The theme's `styles` are joined into one sheet, `site.css`. What lies in `top/` is wanted under
its own name by others (favicon.ico, CNAME) and goes to the top of the site as it is.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from sitegen.beneath import read_plain
from sitegen.plan.policy import Inlined, digest_of_inline
from sitegen.problems import Problem, did_you_mean, problem_at, said_at
from sitegen.render.theme import Theme
from sitegen.sources.files import is_named_in_utf8, misnamed
from sitegen.text import decode

JOINED = "site.css"
TOP = "top/"
_URL = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<target>[^"')]+)(?P=quote)\s*\)""")
_FOREIGN = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


_INLINE = {".js": "script", ".css": "style"}


class Assets:
    """The published files of a theme: `files` maps output names to bytes, `names` static names to output names."""

    def __init__(self, files: dict[str, bytes], names: dict[str, str]) -> None:
        self.files = files
        self.names = names

    def text(self, name: str) -> str:
        """A static file's text, as it stands in a page."""
        return self.files[self.names[name]].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")

    def inline(self, name: str) -> str:
        """The element that holds a script or a style sheet. Raises LookupError for any other file."""
        kind = _INLINE.get(posixpath.splitext(name)[1])
        if kind is None:
            raise LookupError(f'"{name}" cannot stand inside of a page; scripts (.js) and style sheets (.css) can')
        text = self.text(name)
        if f"</{kind}" in text.lower():
            raise LookupError(f'"{name}" cannot stand inside of a page: it holds "</{kind}"')
        return f"<{kind}>{text}</{kind}>"

    def inlined(self, names: Iterable[str]) -> Inlined:
        """What a policy says of the files with these names that are there."""
        found: dict[str, list[str]] = {"script": [], "style": []}
        for name in sorted(names):
            kind = _INLINE.get(posixpath.splitext(name)[1])
            if kind is not None and name in self.names:
                found[kind].append(digest_of_inline(self.text(name)))
        return Inlined(tuple(found["script"]), tuple(found["style"]))


def load_assets(theme: Theme) -> tuple[Assets, list[Problem]]:
    """All static files of a theme. Style sheets come last, since they name the others."""
    problems: list[Problem] = []
    assets = Assets({}, {})
    paths = theme.files("static")
    problems += [misnamed(theme.shown(path)) for name, path in paths.items() if not is_named_in_utf8(name)]
    paths = {name: path for name, path in paths.items() if is_named_in_utf8(name)}
    raw = {name: read_plain(path) for name, path in paths.items()}
    for name in [name for name in raw if not name.endswith(".css")]:
        _publish(assets, name, raw[name])
    for name in [name for name in raw if name.endswith(".css")]:
        shown = theme.shown(paths[name])
        text, found = decode(raw[name], shown)
        problems += found
        stands_in = "assets" if name in theme.styles else posixpath.dirname(_place(name))
        raw[name] = _rewritten(name, text or "", assets, problems, shown, stands_in)
        if name not in theme.styles:
            _publish(assets, name, raw[name])
    for name, place in theme.styles.items():
        if name not in raw:
            message = f'the style "{name}" is not among the static files{did_you_mean(name, raw)}'
            hint = f"put it into themes/{theme.name}/static/, or take it out of the list"
            problems.append(said_at(place, message, hint))
    joined = b"\n".join(raw[name].strip() for name in theme.styles if name in raw)
    _publish(assets, JOINED, joined + b"\n")
    return assets, problems


def _place(name: str) -> str:
    """Where a static file is published, but for the hash in its name."""
    return name.removeprefix(TOP) if name.startswith(TOP) else f"assets/{name}"


def _publish(assets: Assets, name: str, data: bytes) -> None:
    file = PurePosixPath(_place(name))
    digest = hashlib.blake2b(data, digest_size=5).hexdigest()
    published = str(file if name.startswith(TOP) else file.with_suffix(f".{digest}{file.suffix}"))
    assets.files[published] = data
    assets.names[name] = published


def _rewritten(name: str, text: str, assets: Assets, problems: list[Problem], shown: str, stands_in: str) -> bytes:
    folder = posixpath.dirname(name)

    def published(found: re.Match[str]) -> str:
        target = found["target"].strip()
        if target.startswith(("data:", "#")):
            return found[0]
        if _FOREIGN.match(target):
            hint = "put the file into the theme's static/ folder; pages load nothing from other hosts"
            problems.append(problem_at(shown, text, found.start(), f'"{target}" is on another host', hint))
            return found[0]
        path, mark, fragment = target.partition("#")
        resolved = posixpath.normpath(posixpath.join(folder, path.partition("?")[0]))
        if resolved not in assets.names:
            message = f'"{target}" is not among the static files{did_you_mean(resolved, assets.names)}'
            problems.append(problem_at(shown, text, found.start(), message, "write the path as seen from this file"))
            return found[0]
        return f'url("{posixpath.relpath(assets.names[resolved], stands_in)}{mark}{fragment}")'

    return _URL.sub(published, text).encode()
