"""The files made from pictures, kept by their contents: each is made once, not once a build.

They lie below .sitegen/pictures/, in a folder whose name says with what they were made, under the names that they are
published by: these hold a digest of the source, the crop and the width.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from sitegen.beneath import WRITE, Beneath, is_file_beneath, read_beneath
from sitegen.engine.cache import Cache, digest_of, digest_of_all
from sitegen.engine.inputs import Inputs
from sitegen.engine.options import Progress
from sitegen.engine.places import PICTURES, STATE, Place
from sitegen.engine.pool import in_chunks
from sitegen.engine.program import LIBRARIES, program
from sitegen.engine.scratch import Scratch
from sitegen.engine.secret import state_key
from sitegen.engine.stamps import Stamp, stamp_of
from sitegen.engine.store import Spoiled, decoding, key_of
from sitegen.plan.pictures import PictureSizes, Rendition, renditions
from sitegen.plan.site import SitePlan
from sitegen.problems import Problem, unexpected
from sitegen.render.pictures import made
from sitegen.sources.media import MAX_BYTES, MediaFault, read_media
from sitegen.sources.pictures import RECIPE, Focus, Library, Picture, base_of, picture_of

_ROOM = 500
"""So many files that no page needs now may stay, besides as many as are needed."""


def _maker() -> str:
    """What decides about the files' bytes, as a folder's name."""
    assert "pillow" in LIBRARIES
    return f"{RECIPE}-pillow-{program()['pillow']}"


_MAKERS = re.compile(r"[0-9]{1,9}-pillow-[0-9A-Za-z.+_-]{1,40}")
_PART = re.compile(r"[0-9a-f]{2}")
"""The names of the folders, and of those in them, that sitegen makes here and may remove."""


_LOOKS, _MAKES = 16, 2
"""So many pictures are looked at, and so many made into files, in one task for a worker."""
_CHECKED = 16
"""Bytes of the digest at the beginning of a kept file: what a power failure left half written is no picture."""


class Known:
    """What pictures hold, as the cache knows it: a file whose stamp says that it is the same is not opened.

    It is the `look` of a Library. `noted` is the moment (ns) before the files were listed in `inputs`.
    """

    def __init__(self, cache: Cache, inputs: Inputs, noted: int) -> None:
        self._cache, self._stamps, self._noted = cache, inputs.files, noted
        self._found: dict[str, Picture | MediaFault] = {}

    def __call__(self, root: Path, path: str, megapixels: int) -> Picture | MediaFault:
        """What the picture at a path holds."""
        found = self._found.pop(path, None)
        if found is None and self._is_as_noted(path):
            found = self._recalled(path, self._cache.noted()[path].digest, megapixels)
        return found or self._read(root, path, megapixels)

    def _read(self, root: Path, path: str, megapixels: int) -> Picture | MediaFault:
        read = read_media(root, path)
        if isinstance(read, MediaFault):
            return read
        stamp, data = stamp_of(read[0]), read[1]
        digest = digest_of(data)
        found = self._recalled(path, digest, megapixels) or picture_of(path, data, megapixels)
        self._keep(path, stamp, digest, megapixels, found)
        return found

    def prefetch(self, root: Path, paths: Sequence[str], megapixels: int, workers: int, progress: Progress) -> None:
        """Finds out at once what many pictures hold; those that are new are looked at in several processes."""
        noted = self._cache.noted()
        keys = {path: self._key(path, noted[path].digest, megapixels) for path in paths if self._is_as_noted(path)}
        kept = self._cache.facts(list(keys.values()))
        with decoding(self._cache.place):
            decode = msgspec.json.Decoder(Picture).decode
            self._found.update((path, decode(kept[key])) for path, key in keys.items() if key in kept)
        unknown = [path for path in paths if path not in self._found]
        done = 0
        for chunk in in_chunks(_look_chunk, (root, megapixels), unknown, workers, size=_LOOKS):
            done += len(chunk)
            progress("looking at pictures", done, len(unknown))
            for path, stamp, digest, found in chunk:
                self._found[path] = found
                self._keep(path, stamp, digest, megapixels, found)

    def _keep(
        self, path: str, stamp: Stamp | None, digest: bytes, megapixels: int, found: Picture | MediaFault
    ) -> None:
        if isinstance(found, Picture) and stamp is not None:
            self._cache.note(path, stamp, digest, self._noted)
            self._cache.keep(self._key(path, digest, megapixels), msgspec.json.encode(found))

    def _is_as_noted(self, path: str) -> bool:
        noted = self._cache.noted().get(path)
        return noted is not None and noted.settled and noted.stamp == self._stamps.get(path)

    def _recalled(self, path: str, digest: bytes, megapixels: int) -> Picture | None:
        key = self._key(path, digest, megapixels)
        kept = self._cache.facts([key]).get(key)
        if kept is None:
            return None
        with decoding(self._cache.place):
            return msgspec.json.decode(kept, type=Picture)

    def _key(self, path: str, digest: bytes, megapixels: int) -> bytes:
        return digest_of_all(b"picture", _maker().encode(), b"%d" % megapixels, key_of(path), digest)


def _look_chunk(
    state: tuple[Path, int], paths: Sequence[str]
) -> list[tuple[str, Stamp | None, bytes, Picture | MediaFault]]:
    root, megapixels = state
    made: list[tuple[str, Stamp | None, bytes, Picture | MediaFault]] = []
    for path in paths:
        read = read_media(root, path)
        if isinstance(read, MediaFault):
            made.append((path, None, b"", read))
        else:
            made.append((path, stamp_of(read[0]), digest_of(read[1]), picture_of(path, read[1], megapixels)))
    return made


class Shelf:
    """Where the files made from pictures are kept; without a `place`, only as long as this object lives.

    Several processes may use it at once. If it is `read_only`, what is not there is made each time it is asked for.
    """

    def __init__(self, root: Path, place: Place | None, read_only: bool = False) -> None:
        self._root, self._place, self._read_only = root, place, read_only
        self._key = state_key(root) if place is not None else b""

    def data(self, one: Rendition) -> bytes:
        """The bytes of one file. Raises MediaFault."""
        kept = self._kept(one)
        if kept is None:
            kept = next(self.make([one]))
        return kept

    def published(self, picture: Picture) -> bytes:
        """The bytes of a picture's own file. Raises MediaFault."""
        if picture.is_remade:
            return self.data(next(renditions(picture, PictureSizes())))
        read = read_media(self._root, picture.path)
        if isinstance(read, MediaFault):
            raise read
        return read[1]

    def has(self, one: Rendition) -> bool:
        """Whether one file is there; if it is broken, it is made again when it is asked for."""
        return self._place is not None and is_file_beneath(self._place.root, self._name(one.file))

    def make(self, wanted: Sequence[Rendition]) -> Iterator[bytes]:
        """Makes files of one picture, and keeps them. Raises MediaFault."""
        source = wanted[0].source
        read = read_media(self._root, source)
        if isinstance(read, MediaFault):
            raise read
        if not wanted[0].file.startswith(base_of(source, read[1])):
            # Under this name its old content would be kept for ever.
            raise MediaFault(f'"{source}" was changed while the site was built', "build it again")
        for one, data in made(read[1], wanted):
            self._keep(one, data)
            yield data

    def make_missing(self, wanted: Iterable[Rendition], workers: int, progress: Progress) -> list[Problem]:
        """Makes all files that are not there yet; what is wrong with their pictures."""
        if self._place is None:
            self._scratch = Scratch()
            self._place = Place(self._scratch.path, "made")
        missing: dict[str, list[Rendition]] = {}
        for one in wanted:
            if not self.has(one):
                missing.setdefault(one.source, []).append(one)
        found, done = list[Problem](), 0
        for chunk in in_chunks(_make_chunk, self, list(missing.values()), workers, size=_MAKES):
            done += _MAKES
            progress("making pictures", min(done, len(missing)), len(missing))
            found += chunk
        return found

    def prune(self, needed: Iterable[str]) -> None:
        """Makes room, where much more is kept than the files that are needed. Removes nothing but what it made."""
        if self._place is None or not self._place.name.startswith(f"{STATE}/"):
            return
        wanted = {self._name(file) for file in needed}
        top, _, own = self._place.name.rpartition("/")
        with Beneath(self._place.root) as site:
            if not site.has_folder(self._place.name):
                return
            parts = (f"{self._place.name}/{part}" for part in site.names(self._place.name) if _PART.fullmatch(part))
            kept = [f"{part}/{name}" for part in parts for name in site.names(part)]
            if len(kept) > 2 * len(wanted) + _ROOM:
                for path in kept:
                    if path not in wanted:
                        site.unlink(path)
            for other in site.names(top):
                if other != own and _MAKERS.fullmatch(other):
                    site.remove_tree(f"{top}/{other}")

    def _name(self, file: str) -> str:
        """Where a file is kept, as its path beneath the place's root."""
        assert self._place is not None
        name = file.rpartition("/")[2]
        return f"{self._place.name}/{zlib.crc32(name.encode()) & 0xFF:02x}/{name}"

    def _kept(self, one: Rendition) -> bytes | None:
        if self._place is None:
            return None
        try:
            kept = read_beneath(self._place.root, self._name(one.file), MAX_BYTES)[1]
        except FileNotFoundError:
            return None
        data = kept[_CHECKED:]
        return data if self._sign(one.file, data) == kept[:_CHECKED] else None

    def _sign(self, file: str, data: bytes) -> bytes:
        """What stands before a kept file's bytes: with a secret, nobody else can make it."""
        return digest_of_all(self._key, file.encode(), data) if self._key else digest_of(data)

    def _keep(self, one: Rendition, data: bytes) -> None:
        if self._place is None or self._read_only:
            return
        name = self._name(one.file)
        folder, _, last = name.rpartition("/")
        waiting = f"{folder}/.{last}.{os.getpid()}"
        with Beneath(self._place.root) as site:
            site.make_folder(folder)
            try:
                with open(site.open(waiting, WRITE), "wb") as file:  # noqa: PTH123
                    file.truncate()
                    file.write(self._sign(one.file, data) + data)
                site.replace(waiting, name)
            except OSError:
                with suppress(OSError):
                    site.unlink(waiting)
                raise


def _make_chunk(shelf: Shelf, sources: Sequence[list[Rendition]]) -> list[Problem]:
    problems: list[Problem] = []
    for wanted in sources:
        try:
            for _ in shelf.make(wanted):
                pass
        except MediaFault as fault:
            problems.append(Problem(wanted[0].source, 0, 0, str(fault), fault.hint))
        except (OSError, Spoiled):
            raise
        except Exception as error:
            problems.append(unexpected(error, wanted[0].source))
    return problems


def shelf_of(root: Path, cache: Cache | None) -> Shelf:
    """The shelf of a site, beside its cache."""
    if cache is None:
        return Shelf(root, None)
    return Shelf(root, Place(root, f"{STATE}/{PICTURES}/{_maker()}"), cache.is_read_only)


def renditions_of(plan: SitePlan, media: Iterable[str], library: Library, sizes: PictureSizes) -> tuple[Rendition, ...]:
    """Every file that is made from the site's pictures, each once."""
    focuses: dict[str, set[Focus]] = {}
    for unit in plan.articles:
        if unit.article.image is not None:
            focuses.setdefault(unit.article.image.path, set()).add(unit.article.image.focus)
    found: dict[str, Rendition] = {}
    for path in media:
        picture = library.known(path)
        if picture is not None:
            for one in renditions(picture, sizes, frozenset(focuses.get(path, ()))):
                found.setdefault(one.file, one)
    return tuple(found.values())
