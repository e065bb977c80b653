"""Reading the content: a source whose bytes were read before is taken from the cache, and never parsed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from sitegen.beneath import is_file_beneath
from sitegen.config import SiteConfig
from sitegen.engine.bodies import Bodies
from sitegen.engine.cache import Cache, digest_of, digest_of_all
from sitegen.engine.moments import zone_data
from sitegen.engine.options import Progress, silent
from sitegen.engine.pool import in_chunks
from sitegen.engine.program import program_digest
from sitegen.engine.stamps import Stamp, stamp_of
from sitegen.engine.store import decoding, key_of
from sitegen.problems import Problem, errors, unexpected
from sitegen.render.markdown import Text, parse_body
from sitegen.sources.articles import Article, StandingPage, load_article, load_page
from sitegen.sources.jobs import HouseAd, JobBoard, load_ads, load_jobs
from sitegen.sources.locale import Locale, locale_of
from sitegen.sources.locate import SiteFiles
from sitegen.sources.site import ADS, JOBS, PAGES, Content, content_files
from sitegen.text import MAX_ARTICLE_BYTES, MAX_DATA_BYTES, decode, read_bytes
from sitegen.typography import AS_TYPED

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode


class ArticleFacts(Struct, frozen=True, array_like=True):
    """What reading an article yields besides its HTML. `Article.excerpt` is set."""

    source: Article
    text: Text
    warnings: tuple[Problem, ...] = ()


class PageFacts(Struct, frozen=True, array_like=True):
    """What reading a standing page yields besides its HTML."""

    source: StandingPage
    text: Text
    warnings: tuple[Problem, ...] = ()


class BoardFacts(Struct, frozen=True, array_like=True):
    """What reading the job ads yields."""

    source: JobBoard
    warnings: tuple[Problem, ...] = ()


class AdFacts(Struct, frozen=True, array_like=True):
    """What reading the house's own advertisements yields."""

    source: tuple[HouseAd, ...]
    warnings: tuple[Problem, ...] = ()


class Loaded(Struct, frozen=True):
    """All content; what is known of each text and its HTML, by its file's path.

    `facts` and `digests` are what was read from each text and the digest of its bytes; `settings` stand for how it was
    read. `parsed` is the number of files that were parsed for it, `gone` are files that were read once and are no more,
    `problems` are those of reading.
    """

    content: Content
    texts: dict[str, Text]
    bodies: Bodies
    facts: dict[str, ArticleFacts | PageFacts]
    digests: dict[str, bytes]
    settings: bytes
    parsed: int
    gone: tuple[str, ...]
    problems: tuple[Problem, ...]


class Reading(Struct, frozen=True):
    """How sources of one kind are read. `settings` stands for all that reading depends on besides path and bytes."""

    root: Path
    files: SiteFiles
    config: SiteConfig
    sections: tuple[str, ...]
    locale: Locale
    settings: bytes

    def html(self, body: str, source: Article | StandingPage) -> tuple[str, Text, tuple[Problem, ...]]:
        """A source's body, parsed."""
        typography = self.locale.typography(source.language)
        locale = self.locale
        parsed = parse_body(body, source.path, source.body_line, typography, locale.home, locale.needs_alt)
        return parsed.html, parsed.text, parsed.problems

    def problems(self, body: str, path: str, text: str) -> tuple[Problem, ...]:
        """What is wrong with the body of a source whose fields are wrong: a writer wants to know all at once."""
        line, locale = text[: len(text) - len(body)].count("\n") + 1, self.locale
        return parse_body(body, path, line, AS_TYPED, locale.home, locale.needs_alt).problems if body else ()


def reading_of(root: Path, config: SiteConfig) -> Reading:
    """How the sources of a site are read."""
    sections = tuple(section.slug for section in config.sections)
    said = (sections, locale_of(config), program_digest())
    settings = digest_of_all(repr(said).encode(), zone_data(config.timezone))
    return Reading(root, SiteFiles(root), config, sections, locale_of(config), settings)


class _Parsed(Struct, frozen=True):
    """A file that was read: its facts and its HTML as they are kept, None where it is broken."""

    path: str
    stamp: Stamp | None
    digest: bytes
    facts: bytes | None
    html: bytes | None
    problems: tuple[Problem, ...]


class _Kind(Struct, Generic[T], frozen=True):
    """One kind of source: how its text is parsed, in what form its facts are kept, and how large it may be.

    `needs` are the files without which the facts hold no more.
    """

    parse: Callable[[Reading, str, str], tuple[Any, str | None, list[Problem]]]
    facts: type[T]
    limit: int
    needs: Callable[[T], Iterable[str]] = lambda facts: ()


def _parse_article(reading: Reading, path: str, text: str) -> tuple[Any, str | None, list[Problem]]:
    article, body, found = load_article(reading.files, path, text, reading.sections, reading.locale)
    if article is None:
        return None, None, [*found, *reading.problems(body, path, text)]
    html, known, more = reading.html(body, article)
    found += more
    # Listings need a few words; where the writer gave none, it is the start of the text.
    article = msgspec.structs.replace(article, excerpt=article.summary or known.summary)
    return ArticleFacts(article, known, tuple(found)), html, found


def _parse_page(reading: Reading, path: str, text: str) -> tuple[Any, str | None, list[Problem]]:
    page, body, found = load_page(path, text, reading.locale)
    if page is None:
        return None, None, [*found, *reading.problems(body, path, text)]
    html, known, more = reading.html(body, page)
    found += more
    return PageFacts(page, known, tuple(found)), html, found


def _parse_jobs(reading: Reading, path: str, text: str) -> tuple[Any, str | None, list[Problem]]:
    board, found = load_jobs(path, text, reading.locale)
    return BoardFacts(board, tuple(found)), None, found


def _parse_ads(reading: Reading, path: str, text: str) -> tuple[Any, str | None, list[Problem]]:
    ads, found = load_ads(reading.files, path, text, reading.locale)
    return AdFacts(ads, tuple(found)), None, found


def _picture_of(facts: ArticleFacts) -> tuple[str, ...]:
    return (facts.source.image.path,) if facts.source.image is not None else ()


def _pictures_of(facts: AdFacts) -> Iterator[str]:
    return (ad.path for ad in facts.source)


ARTICLE = _Kind(_parse_article, ArticleFacts, MAX_ARTICLE_BYTES, _picture_of)
PAGE = _Kind(_parse_page, PageFacts, MAX_ARTICLE_BYTES)
BOARD = _Kind(_parse_jobs, BoardFacts, MAX_DATA_BYTES)
HOUSE_ADS = _Kind(_parse_ads, AdFacts, MAX_DATA_BYTES, _pictures_of)


def kind_of(path: str) -> _Kind[Any]:
    """The kind of a Markdown file."""
    return PAGE if path.startswith(f"{PAGES}/") else ARTICLE


class Door:
    """The one way by which sources come in. `digests` are those of the files that were read, by their paths.

    What has the same bytes as in `before` is not decoded again.
    """

    def __init__(
        self,
        reading: Reading,
        cache: Cache | None,
        stamps: Mapping[str, Stamp],
        noted: int,
        workers: int,
        every: frozenset[str],
        problems: list[Problem],
        progress: Progress,
        before: Loaded | None = None,
    ) -> None:
        self._before = before if before is not None and before.settings == reading.settings else None
        self.reading, self.cache, self.stamps = reading, cache, stamps
        self.noted, self.workers = noted, workers
        self.every, self.problems = every, problems
        self.progress = progress
        self.bodies = Bodies(cache)
        self.digests: dict[str, bytes] = {}
        self.parsed = 0
        self._is_cold = cache is None or cache.is_empty

    def read(self, paths: Sequence[str], kind: _Kind[T]) -> dict[str, T]:
        """The facts of these files, but for broken ones; the order is that of the paths."""
        found = self._known(paths, kind) if not self._is_cold else {}
        decode_facts = msgspec.json.Decoder(kind.facts).decode
        missing = [path for path in paths if path not in found]
        done = 0
        for chunk in in_chunks(_parse_chunk, (self.reading, kind), missing, self.workers):
            done += len(chunk)
            self.progress("reading", done, len(missing))
            for one in chunk:
                self.parsed += 1
                self.problems += one.problems
                self.digests[one.path] = one.digest
                if one.facts is None:
                    continue
                found[one.path] = decode_facts(one.facts)
                key = self._key(one.path, one.digest)
                self.bodies.add(one.path, key, one.html)
                if self.cache is not None and one.stamp is not None:
                    self.cache.note(one.path, one.stamp, one.digest, self.noted)
                    if not errors(one.problems):
                        self.cache.keep(key, one.facts, one.html)
        return {path: found[path] for path in paths if path in found}

    def recalled(self, path: str, digest: bytes, kind: _Kind[T]) -> T | None:
        """The facts that a file had when its bytes had this digest; None where they are not known any more."""
        assert self.cache is not None
        key = self._key(path, digest)
        kept = self.cache.facts([key])
        with decoding(self.cache.place):
            return msgspec.json.decode(kept[key], type=kind.facts) if kept else None

    def _key(self, path: str, digest: bytes) -> bytes:
        return digest_of_all(self.reading.settings, key_of(path), digest)

    def _known(self, paths: Sequence[str], kind: _Kind[T]) -> dict[str, T]:
        """The facts of all files whose bytes were read before."""
        assert self.cache is not None
        digests = self._digests(paths, kind)
        self.digests |= digests
        keys = {path: self._key(path, digest) for path, digest in digests.items()}
        same = self._same(digests, kind)
        kept = self.cache.facts([key for path, key in keys.items() if path not in same])
        decode_facts = msgspec.json.Decoder(kind.facts).decode
        found: dict[str, T] = {}
        for path, key in keys.items():
            if path in same:
                facts = same[path]
            elif key in kept:
                with decoding(self.cache.place):
                    facts = decode_facts(kept[key])
            else:
                continue
            if all(need in self.every or is_file_beneath(self.reading.root, need) for need in kind.needs(facts)):
                found[path] = facts
                self.bodies.add(path, key, None)
                self.problems += facts.warnings  # type: ignore[attr-defined]
        return found

    def _same(self, digests: Mapping[str, bytes], kind: _Kind[T]) -> dict[str, T]:
        """What was read of those files before that have the same bytes as then."""
        before = self._before
        if before is None:
            return {}
        facts = (
            (path, before.facts.get(path)) for path, digest in digests.items() if before.digests.get(path) == digest
        )
        # What is wrong with one may have been mended elsewhere: a picture that was missing.
        return {path: one for path, one in facts if isinstance(one, kind.facts) and not errors(one.warnings)}  # type: ignore[attr-defined]

    def _digests(self, paths: Sequence[str], kind: _Kind[T]) -> dict[str, bytes]:
        """The digests of the files' bytes: of most of them without reading one."""
        assert self.cache is not None
        noted = self.cache.noted()
        digests: dict[str, bytes] = {}
        unsure: list[str] = []
        for path in paths:
            known = noted.get(path)
            if known is not None and known.settled and self.stamps.get(path) == known.stamp:
                digests[path] = known.digest
            else:
                unsure.append(path)
        for chunk in in_chunks(_digest_chunk, (self.reading.root, kind.limit), unsure, self.workers):
            for path, stamp, digest in chunk:
                digests[path] = digest
                self.cache.note(path, stamp, digest, self.noted)
        return digests


def _digest_chunk(state: tuple[Path, int], paths: Sequence[str]) -> list[tuple[str, Stamp, bytes]]:
    root, limit = state
    read = ((path, read_bytes(root, path, limit)[0]) for path in paths)
    return [(path, stamp_of(one.stat), digest_of(one.data)) for path, one in read if one is not None]


def _parse_chunk(state: tuple[Reading, _Kind[Any]], paths: Sequence[str]) -> list[_Parsed]:
    reading, kind = state
    return [_parse(reading, kind, path) for path in paths]


def _parse(reading: Reading, kind: _Kind[Any], path: str) -> _Parsed:
    read, found = read_bytes(reading.root, path, kind.limit)
    if read is None:
        return _Parsed(path, None, b"", None, None, tuple(found))
    digest = digest_of(read.data)
    text, found = decode(read.data, path)
    facts, html = None, None
    if text is not None:
        try:
            facts, html, found = kind.parse(reading, path, text)
        except OSError:
            raise
        except Exception as error:
            facts, html, found = None, None, [unexpected(error, path)]
    kept = _encode(facts) if facts is not None else None
    return _Parsed(path, stamp_of(read.stat), digest, kept, html.encode() if html is not None else None, tuple(found))


def read_content(
    root: Path,
    config: SiteConfig,
    workers: int,
    cache: Cache | None,
    stamps: Mapping[str, Stamp],
    noted: int,
    progress: Progress = silent,
    before: Loaded | None = None,
) -> Loaded:
    """Every source of the site. Without a cache all of them are parsed; what was read `before` need not be decoded.

    `stamps` are those of the files, taken before the first is read; `noted` is the moment (ns, by the file system's
    clock) when the build began; `progress` is told of what has to be parsed.
    """
    problems: list[Problem] = []
    if not (root / "content").is_dir():
        problems.append(Problem("content", 0, 0, "there is no folder content/", "put articles into content/articles/"))
    files, found = content_files(root)
    problems += found
    reading, every_file = reading_of(root, config), frozenset(files.every)
    door = Door(reading, cache, stamps, noted, workers, every_file, problems, progress, before)
    articles = door.read(files.articles, ARTICLE)
    pages = door.read(files.pages, PAGE)
    boards = door.read([JOBS] if JOBS in every_file else [], BOARD)
    ads = door.read([ADS] if ADS in every_file else [], HOUSE_ADS)
    every: dict[str, ArticleFacts | PageFacts] = {**articles, **pages}
    content = Content(
        articles=tuple(facts.source for facts in articles.values()),
        pages=tuple(facts.source for facts in pages.values()),
        board=next((facts.source for facts in boards.values()), JobBoard()),
        ads=next((facts.source for facts in ads.values()), ()),
        broken=tuple(path for path in (*files.articles, *files.pages) if path not in every),
    )
    gone = tuple(path for path in cache.noted() if path not in every_file) if cache is not None else ()
    texts = {path: facts.text for path, facts in every.items()}
    return Loaded(
        content, texts, door.bodies, every, door.digests, reading.settings, door.parsed, gone, tuple(problems)
    )
