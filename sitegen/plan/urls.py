"""Addresses and the files behind them; and that no two sources want the same one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import quote, unquote

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.sources.address import printed
from sitegen.sources.articles import Article


class Urls(Struct, frozen=True):
    """Makes addresses from site paths such as `/jobs/`."""

    base_path: str
    origin: str

    def local(self, path: str) -> str:
        """An address for a page of the same site: `/name/jobs/`."""
        return self.base_path + encoded(path.lstrip("/"))

    def absolute(self, path: str) -> str:
        """The full address: `https://host/name/jobs/`."""
        return self.origin + self.local(path)

    def written(self, url: str) -> str:
        """An address as a writer gives it: one that starts with `/` is a path of the site."""
        return printed(self.base_path + url.lstrip("/") if url.startswith("/") else url)

    def written_absolute(self, url: str) -> str:
        """The same in full, for pages that are kept elsewhere."""
        return printed(self.origin + self.written(url) if url.startswith("/") else url)


_AS_IT_IS = re.compile(r"[A-Za-z0-9/._~!$'()+,;=@-]*")
"""Characters of a path that need no encoding; `&` and `*` would need one in HTML or on some hosts."""


def encoded(path: str) -> str:
    """The path of a file as addresses have it, percent-encoded (RFC 3986, section 2.4)."""
    return path if _AS_IT_IS.fullmatch(path) else quote(path, safe="/~!$'()+,;=@")


def urls_of(config: SiteConfig) -> Urls:
    """The addresses of a site."""
    return Urls(config.base_path, config.origin)


def article_path(config: SiteConfig, article: Article) -> str:
    """The site path of an article by the permalink pattern, with `/` at both ends."""
    at = article.published.at
    return config.permalink.format(
        section=article.section,
        year=f"{at.year:04d}",
        month=f"{at.month:02d}",
        day=f"{at.day:02d}",
        slug=article.slug,
    )


def output_file(path: str) -> str:
    """The file behind a site path: `/jobs/` is `jobs/index.html`, `/feed.xml` is itself."""
    trimmed = path.lstrip("/")
    return trimmed + "index.html" if path.endswith("/") else trimmed


def site_path(file: str) -> str:
    """The site path that leads to a file of the output: `jobs/index.html` is `/jobs/`."""
    folder, _, name = file.rpartition("/")
    return f"/{file}" if name != "index.html" else f"/{folder}/" if folder else "/"


_SEGMENT = re.compile(r"[\w~%!$'()+,;=@-](?:[\w.~%!$'()+,;=@ -]*[\w.~%!$'()+,;=@-])?")
_MOST_SEGMENTS = 32
RESERVED = ("assets", "media")
"""Top-level folders that sitegen fills by itself."""


def alias_fault(alias: str) -> str:
    """Why an alias cannot be used; empty where it can."""
    if not alias.startswith("/") or alias.startswith("//"):
        return "must start with one /"
    if "%2f" in alias.lower():
        return "climbs out of the site"
    decoded = unquote(alias)
    segments = [segment for segment in decoded.split("/") if segment]
    if not segments:
        return "is the front page's own address"
    if ".." in segments or "." in segments:
        return "climbs out of the site"
    if segments[0].lower() in RESERVED:
        return f'is reserved: "/{segments[0]}/" is filled by sitegen'
    if " " in alias or "//" in alias or "\ufffd" in decoded or not all(map(_may_be_named, segments)):
        return "holds a sign that an address may not have"
    if max(len(segment.encode()) for segment in segments) > 200 or len(alias) > 1000:
        return "is too long"
    if len(segments) > _MOST_SEGMENTS:
        return f"has more than {_MOST_SEGMENTS} folders"
    return ""


def _may_be_named(segment: str) -> bool:
    """Whether a file may have this name: letters of all scripts with their marks, digits, and some signs."""
    letters = "".join(sign for sign in segment if unicodedata.category(sign) not in ("Mn", "Mc"))
    return bool(_SEGMENT.fullmatch(letters))


def alias_path(alias: str) -> str:
    """An alias as a site path, decoded as hosts decode it; a name without an ending counts as a folder."""
    path = unquote(alias)
    last = path.rsplit("/", 1)[-1]
    return path if not last or last.lower().endswith((".html", ".htm")) else path + "/"


class Claim(Struct, frozen=True):
    """Who wants a file: `source` is the writer's file, `wanted` says for what, `field` is the place."""

    source: str
    wanted: str
    field: tuple[str, ...] = ("slug",)
    value: str = ""


class Conflict(Struct, frozen=True):
    """Two sources that want one file."""

    first: Claim
    second: Claim
    file: str


class Claims:
    """Who wants which output file. Names that differ only in case count as one: many hosts fold them."""

    def __init__(self) -> None:
        self._by_file: dict[str, Claim | tuple[str, str, str]] = {}
        self._folders: dict[str, Claim] = {}
        self.files: list[str] = []
        self.conflicts: list[Conflict] = []

    def add(self, file: str, claim: Claim) -> bool:
        """Note a claim; False where another source was first."""
        folded = file.lower()
        other = self._claim(self._by_file.get(folded) or self._folders.get(folded))
        # Above a folder that is known there are only folders.
        known = folded.rpartition("/")[0] in self._folders
        parents = [] if known else [folded[:i] for i, sign in enumerate(folded) if sign == "/"]
        other = other or self._claim(next((self._by_file[p] for p in parents if p in self._by_file), None))
        if other is not None:
            self.conflicts.append(Conflict(other, claim, file))
            return False
        self._by_file[folded] = claim
        for parent in parents:
            self._folders.setdefault(parent, claim)
        self.files.append(file)
        return True

    def is_free(self, file: str) -> bool:
        """Whether nobody wants a file, nor a folder of that name, nor a file in the place of a folder above it."""
        folded = file.lower()
        parents = (folded[:i] for i, sign in enumerate(folded) if sign == "/")
        return (
            folded not in self._by_file and folded not in self._folders and not any(p in self._by_file for p in parents)
        )

    def add_folder(self, path: str, names: Sequence[str], source: str) -> None:
        """Note the claims of one source to files in the folder of a site path; at the first conflict it ends."""
        folder = path.lstrip("/")
        folded = folder.lower()
        if names and folded[:-1] not in self._folders and folded[:-1] not in self._by_file:
            first = Claim(source, path + names[0].removesuffix("index.html"))
            if not self.add(folder + names[0], first):
                return
            # Nothing was in this folder, and nothing but these files has come into it.
            for name in names[1:]:
                self._by_file[folded + name.lower()] = (source, path, name)
                self.files.append(folder + name)
            return
        for name in names:
            if not self.add(folder + name, Claim(source, path + name.removesuffix("index.html"))):
                return

    @staticmethod
    def _claim(noted: Claim | tuple[str, str, str] | None) -> Claim | None:
        """A claim as it was noted; most are never looked at again, so they are noted in short."""
        if isinstance(noted, tuple):
            source, path, name = noted
            return Claim(source, path + name.removesuffix("index.html"))
        return noted
