"""Why a file of the output is as it is: what made it, from which sources and templates, and why the last build did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sitegen.beneath import Beneath
from sitegen.bundled import bundled_themes
from sitegen.engine.cache import digest_of
from sitegen.engine.fingerprint import LISTED, SHARED, SHOWN, TEMPLATES
from sitegen.engine.inputs import list_inputs
from sitegen.engine.last import Last
from sitegen.engine.memory import Memory, UnitRecord
from sitegen.engine.places import memory_place, require_site, shown
from sitegen.engine.standing import has_digest
from sitegen.engine.store import Spoiled
from sitegen.problems import Problem, SiteError, did_you_mean
from sitegen.text import MAX_ARTICLE_BYTES, read_bytes


class Explained(Struct, frozen=True):
    """One unit of work as the memory has it. `file` is the file that was asked for, "" where a source was.

    `sources` are what it is made from, `shows` other articles that it shows something of, `templates` all that it can
    reach; `is_framed` says that a header, a sidebar and a footer stand around it. It was `made` by the build with this
    number, `because` of these reasons; `last` is the number of the last build that had anything to do. `harmed` are
    those of its files that do not stand as they were written; `outdated` says that the site's sources have changed
    since the last build.
    """

    file: str
    files: tuple[str, ...]
    sources: tuple[str, ...]
    shows: tuple[str, ...]
    templates: tuple[str, ...]
    made: int
    because: tuple[str, ...]
    last: int
    is_framed: bool
    harmed: tuple[str, ...]
    outdated: bool


def why(root: Path, output: Path, asked: str) -> Explained:
    """Explains a file of an output folder, an address of the site or a source. Raises SiteError."""
    require_site(root)
    name = shown(output, root)
    if not memory_place(root, output).path.exists():
        raise SiteError([Problem(name, 0, 0, "nothing is known of this output folder", "run sitegen build first")])
    try:
        with closing(Memory(root, output, read_only=True)) as memory:
            return _Asking(root, output, memory).explain(asked)
    except Spoiled as error:
        message = "what is remembered of this folder is broken or from another version of sitegen"
        raise SiteError([Problem(name, 0, 0, message, "run sitegen build; it mends that")]) from error


class _Asking:
    """What the memory knows, ready to be asked."""

    def __init__(self, root: Path, output: Path, memory: Memory) -> None:
        self.root, self.output, self.memory = root, output, memory
        self.units = memory.units()
        self.last = memory.last()
        self.base_url = self.last.base_url if self.last is not None else ""
        self.owners = {file: key for key, record in self.units.items() for file in record.files}

    def explain(self, asked: str) -> Explained:
        file = next((file for file in self._files(asked) if file in self.owners), "")
        key = self.owners.get(file) or next((key for key in self._sources(asked) if key in self.units), "")
        if not key:
            raise SiteError([self._unknown(asked)])
        record = self.units[key]
        return Explained(
            file=file,
            files=record.files,
            sources=record.sources,
            shows=tuple(self._shows(key, record)),
            templates=tuple(self._value(record, TEMPLATES) or ()),
            made=record.build,
            because=record.reasons,
            last=self.memory.build,
            is_framed=SHARED in record.ingredients,
            harmed=tuple(self._harmed(record)),
            outdated=_is_outdated(self.root, self.memory, self.last),
        )

    def _files(self, asked: str) -> Iterator[str]:
        """The files of the output that somebody may mean who asks for this."""
        path = unquote(urlsplit(asked).path) if "://" in asked else asked
        for one in (_inside(asked, self.output), path.removeprefix(urlsplit(self.base_url).path), path):
            name = "" if one == "." else one.strip("/")
            if one:
                yield from (name, f"{name}/index.html" if name else "index.html")

    def _sources(self, asked: str) -> Iterator[str]:
        """The units whose own source is meant."""
        names = {asked, _inside(asked, self.root)}
        yield from (key for key, record in self.units.items() if record.sources and record.sources[0] in names)

    def _shows(self, key: str, record: UnitRecord) -> Iterator[str]:
        base_path = urlsplit(self.base_url).path
        found = set[str]()
        for name in (SHOWN, LISTED):
            for url in _urls(self._value(record, name)):
                file = url.removeprefix(self.base_url).removeprefix(base_path).strip("/")
                owner = self.owners.get(f"{file}/index.html")
                if owner is not None and owner != key:
                    found.update(self.units[owner].sources[:1])
        return iter(sorted(found - set(record.sources)))

    def _value(self, record: UnitRecord, name: str) -> Any:
        value = self.memory.value(record.ingredients.get(name, ""))
        return msgspec.json.decode(value) if value else None

    def _harmed(self, record: UnitRecord) -> Iterator[str]:
        written = self.memory.files()
        for file in record.files:
            try:
                with Beneath(self.output) as output:
                    if file not in written or not has_digest(output, file, written[file].digest):
                        yield file
            except OSError:
                yield file

    def _unknown(self, asked: str) -> Problem:
        # Comparing with every file of a large site would take seconds; the first of each unit stands for the others.
        firsts = [file for record in self.units.values() for file in record.files[:1]]
        known = [*(record.sources[0] for record in self.units.values() if record.sources), *firsts]
        near = did_you_mean(asked.strip("/"), known)
        hint = "name a file of the output, an address of the site, or an article"
        return Problem(asked, 0, 0, f"the last build made nothing of this name{near}", hint)


def _inside(asked: str, folder: Path) -> str:
    """A path as seen from a folder that it lies in; "" where it does not."""
    try:
        return Path(asked).absolute().resolve().relative_to(folder.resolve()).as_posix()
    except (OSError, ValueError):
        return ""


def _urls(value: Any) -> Iterator[str]:
    """Every address in a view."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name in ("url", "link") and isinstance(part, str):
                yield part
            else:
                yield from _urls(part)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for part in value:
            yield from _urls(part)


def _is_outdated(root: Path, memory: Memory, last: Last | None) -> bool:
    if last is None or last.inputs is None:
        return False
    inputs = list_inputs(root, (bundled_themes(),), last.needed)
    now = inputs.digests()
    if now == last.inputs:
        return False
    before = memory.texts()
    if last.inputs.texts or replace(now, texts="") != last.inputs or before.keys() != inputs.texts.keys():
        return True
    # Texts whose stamps were too young are known by their bytes alone.
    changed = (path for path, stamp in inputs.texts.items() if before[path].stamp != stamp)
    return any(not before[path].digest or _digest_of(root, path) != before[path].digest for path in changed)


def _digest_of(root: Path, path: str) -> bytes:
    """The digest of a source as it is now; empty where it cannot be read."""
    read, _ = read_bytes(root, path, MAX_ARTICLE_BYTES)
    return digest_of(read.data) if read is not None else b""
