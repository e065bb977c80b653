"""What an earlier build has left in an output folder, to be shown while the site is not in memory yet."""

from __future__ import annotations

from collections.abc import Container, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from sitegen.beneath import is_file_beneath
from sitegen.bundled import bundled_themes
from sitegen.engine.inputs import list_inputs
from sitegen.engine.last import Last
from sitegen.engine.memory import Memory
from sitegen.engine.options import Options, default_workers
from sitegen.engine.places import Place
from sitegen.engine.program import program_digest
from sitegen.engine.shown import Served
from sitegen.engine.standing import Looking, names_in, still_written
from sitegen.engine.store import Spoiled


class Listed(Container[str]):
    """The paths of the files in an output folder: looked up in what is remembered of each of its folders."""

    def __init__(self, listings: Mapping[str, bytes]) -> None:
        self._listings = listings

    def __contains__(self, path: object) -> bool:
        folder, _, name = str(path).rpartition("/")
        return folder in self._listings and name in names_in(self._listings[folder])

    def __bool__(self) -> bool:
        return bool(self._listings)


class Shelf:
    """The files in an output folder, as the last build left them."""

    def __init__(self, folder: Path, last: Last, listings: Mapping[str, bytes]) -> None:
        self.folder, self.files = folder, Listed(listings)
        self.base_path, self.until = f"{urlsplit(last.base_url).path.rstrip('/')}/", last.until

    def file(self, name: str) -> Served | None:
        """One file by its path; None where there is none."""
        is_there = name in self.files and is_file_beneath(self.folder, name)
        return Served(copy_of=Place(self.folder, name)) if is_there else None


class Earlier:
    """An earlier build of a site: its files, and whether a build would make the same now.

    Another process looks at the files from the beginning; `end` has to be called.
    """

    def __init__(self, options: Options, memory: Memory, last: Last) -> None:
        self._options, self._memory, self._last = options, memory, last
        listings = memory.listings()
        self.shelf = Shelf(options.output, last, dict(listings))
        might = last.holds(options) and last.inputs is not None and last.inputs.program == program_digest()
        self._looking = Looking(options.output, listings, default_workers()) if might else None

    def is_current(self) -> bool:
        """Whether the sources, as they are listed now, and the files are what they were after that build."""
        if self._looking is None:
            return False
        inputs = list_inputs(self._options.root, (bundled_themes(),), self._last.needed)
        if inputs.digests() != self._last.inputs:
            return False
        with suppress(Spoiled, OSError):
            return still_written(self._options.output, self._looking.unsure(), self._memory, 0) is not None
        return False

    def end(self) -> None:
        """Ends the looking."""
        if self._looking is not None:
            self._looking.end()
        self._memory.close()


def find_earlier(*asked: Options) -> Earlier | None:
    """The latest of the earlier builds that were asked for the same; where there is none, any that there was."""
    opened = [one for one in map(_recalled, asked) if one is not None]
    chosen = max(opened, key=lambda one: (one[2].holds(one[0]), one[1].place.path.stat().st_mtime_ns), default=None)
    for one in opened:
        if one is not chosen:
            one[1].close()
    return Earlier(*chosen) if chosen is not None else None


def _recalled(options: Options) -> tuple[Options, Memory, Last] | None:
    """What is remembered of an output folder that was written for the same purpose; None where that is nothing."""
    with suppress(Spoiled, OSError):
        memory = Memory(options.root, options.output, read_only=True)
        with suppress(Spoiled):
            last = memory.last()
            if memory.known and memory.was_preview == options.preview and last is not None:
                return options, memory, last
        memory.close()
    return None
