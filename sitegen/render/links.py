"""Links and pictures in an article's text: from what the writer wrote to addresses that work on the site."""

from __future__ import annotations

import base64
import posixpath
import unicodedata
from collections.abc import Callable, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from sitegen.beneath import is_file_beneath
from sitegen.plan.addresses import HIDDEN_HINT, LinkTable
from sitegen.plan.pictures import WHOLE, PictureSizes, cuts
from sitegen.plan.urls import Urls
from sitegen.problems import Problem, as_warning, nearest, note, said_at
from sitegen.render.markdown import Put, Text
from sitegen.render.prose import Ref, missing_part
from sitegen.sources.address import HELD_SCHEMES, SCHEMES, mended, printed
from sitegen.sources.locate import SiteFiles, file_named, normalise
from sitegen.sources.media import MediaFault
from sitegen.sources.pictures import CENTRE, Library, Picture


class Goal(Struct, frozen=True, array_like=True):
    """What a reference leads to: an address (empty: nowhere at the moment), or a picture of a size in pixels.

    `picture` is the picture's file, relative to the site's root; `candidates` and `sizes` are its other files and its
    width on a page, as HTML writes them.
    """

    url: str
    picture: str = ""
    width: int = 0
    height: int = 0
    tone: str = ""
    candidates: str = ""
    sizes: str = ""


class Resolved(Struct, frozen=True):
    """The goals of a text's references, in their order; the media files that they need; and what is wrong."""

    goals: tuple[Goal, ...] = ()
    media: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


Published = Callable[[Picture], bytes]
"""Gives the bytes of a picture's file as it is published."""


def attributes(goals: Sequence[Goal]) -> list[Put]:
    """What stands for links and pictures on the site's own pages, such as `href="/a/"`."""
    return [Put(_written(goal, goal.url, _toned(goal)), _source(goal)) for goal in goals]


def standalone(goals: Sequence[Goal], origin: str, held: Callable[[str], str]) -> list[Put]:
    """The same for a file that is kept elsewhere: full addresses, and pictures that the file holds itself.

    `held` gives the address of a picture in it, by the picture's path in the site's folder.
    """
    made = []
    for goal in goals:
        url = origin + goal.url if goal.url.startswith("/") else goal.url
        made.append(Put(_written(goal, held(goal.picture) if goal.picture else url)))
    return made


def _written(goal: Goal, url: str, more: str = "") -> str:
    if goal.picture:
        url = printed(url, (*SCHEMES, *HELD_SCHEMES))
        return f'src="{escape(url)}" width="{goal.width}" height="{goal.height}"{more}'
    url = printed(url)
    return f'href="{escape(url)}"' if url else ""


def _toned(goal: Goal) -> str:
    """The classes of a picture: the colour of its place, and whether it is wider than 16 to 9."""
    names = (f"tone-{goal.tone}" if goal.tone else "", "wide" if goal.width * 9 > goal.height * 16 else "")
    said = " ".join(filter(None, names))
    return f' class="{said}"' if said else ""


def _source(goal: Goal) -> str:
    """The element that offers a picture's other files; nothing where it has none."""
    if not goal.candidates:
        return ""
    # Browsers that know the width of a lazy picture from its layout (HTML, "sizes") need not be told.
    return f'<source type="image/webp" srcset="{goal.candidates}" sizes="auto, {escape(goal.sizes)}">'


class Links:
    """Resolves the references of all texts of a site. `texts` is what is known of each, by its file's path.

    What leads somewhere is looked for once, whoever links to it.
    """

    def __init__(
        self,
        root: Path,
        table: LinkTable,
        urls: Urls,
        library: Library,
        pictures: PictureSizes,
        texts: Callable[[str], Text | None],
    ) -> None:
        self.root, self.table, self.urls, self.library, self.text_of = root, table, urls, library, texts
        self.pictures = pictures
        self.sources = {path: source for source, path in table.targets.items()}
        self._found: dict[tuple[str, str, str], _Found] = {}
        self.files = SiteFiles(root)
        self.budget = self.files.budget

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The files of articles and standing pages by their names; of the same name the last one."""
        return {target.rpartition("/")[2]: target for target in sorted(self.table.targets)}

    @cached_property
    def by_letters(self) -> dict[str, str]:
        """The files of articles and standing pages by their paths in NFC, in which a link may name them."""
        every = (*self.table.targets, *self.table.hidden)
        return {unicodedata.normalize("NFC", path): path for path in every if not path.isascii()}

    def resolve(self, path: str, refs: Sequence[Ref]) -> Resolved:
        """The references of the text in the file `path`."""
        if not refs:
            return Resolved()
        folder, goals, media, problems = path.rpartition("/")[0], [], dict[str, None](), list[Problem]()
        faulty: dict[tuple[str, str], _Found] = {}
        for ref in refs:
            found = self._found.get((folder, ref.kind, ref.target)) or faulty.get((ref.kind, ref.target))
            if found is None:
                one = _Resolver(self, path)
                found = _Found(one.goal(ref), tuple(one.media), one.problems)
                if found.problems:
                    faulty[ref.kind, ref.target] = found
                else:
                    self._found[folder, ref.kind, ref.target] = found
            for problem in found.problems:
                wrong = said_at(ref.place, problem.message, problem.hint)
                note(problems, as_warning(wrong) if problem.warning else wrong)
            goals.append(found.goal)
            media.update(dict.fromkeys(found.media))
        return Resolved(tuple(goals), tuple(media), tuple(problems))


class _Found(Struct):
    """What a reference leads to, the media files that it needs, and what is wrong at the first of its places."""

    goal: Goal
    media: tuple[str, ...]
    problems: list[Problem]


class _Resolver:
    """Resolves the references of one Markdown file. Problems and the media files it needs are collected."""

    def __init__(self, links: Links, path: str) -> None:
        self._links = links
        self.root, self.path = links.root, path
        self._text_of, self._sources = links.text_of, links.sources
        self.table, self.urls, self.library, self.pictures = links.table, links.urls, links.library, links.pictures
        self.problems: list[Problem] = []
        self.media: list[str] = []

    def goal(self, ref: Ref) -> Goal:
        """What a link or picture leads to."""
        return self._image(ref) if ref.kind == "image" else Goal(self._address(ref))

    def _wrong(self, ref: Ref, message: str, hint: str = "") -> None:
        self.problems.append(said_at(ref.place, message, hint))

    def _image(self, ref: Ref) -> Goal:
        located = self._links.files.locate(self.path, unquote(ref.target))
        if located is None:
            self._wrong(ref, *self._links.files.missing(self.path, unquote(ref.target), ref.target))
            return Goal("")
        try:
            picture = self.library.picture(located)
        except MediaFault as fault:
            self._wrong(ref, str(fault), fault.hint)
            return Goal("")
        self.media.append(located)
        files = cuts(picture.base, picture.width, picture.height, CENTRE, WHOLE, self.pictures.widths)
        return Goal(
            self.urls.local(picture.file),
            located,
            picture.width,
            picture.height,
            picture.tone,
            ", ".join(f"{self.urls.local(file)} {wide}w" for file, wide, _, _ in files),
            self.pictures.sizes,
        )

    def _address(self, ref: Ref) -> str:
        """The address a link leads to; empty where its article is not public at the moment."""
        path, mark, fragment = ref.target.partition("#")
        path, question, query = path.partition("?")
        tail = question + query + mark + fragment
        path = unquote(path)
        if not path:
            return tail
        if path.startswith("/") and not path.lower().endswith((".md", ".markdown")):
            return self._site_address(ref, path, tail)
        base = "content" if path.startswith("/") else self.path.rpartition("/")[0]
        found = normalise(f"{base}/{path}")
        if path.lower().endswith((".md", ".markdown")):
            return self._article_address(ref, found, tail)
        file = file_named(self.root, found) if found and found.startswith("content/") else None
        if file:
            return self._attachment(ref, file, tail)
        hint = "write the path of a file in content/, or a full address with https://"
        if path.endswith("/"):
            hint = "write the address of a page from the top on, for example /jobs/, or of an article its file"
        if ref.target.lower().startswith("www.") and mended(ref.target):
            hint = f"for another site write {mended(ref.target)}"
        elif not path.endswith("/"):
            hint = self._links.files.elsewhere(self.path, path) or hint
        self._wrong(ref, f'the link "{ref.target}" leads nowhere', hint)
        return ""

    def _article_address(self, ref: Ref, found: str | None, tail: str) -> str:
        if found and not found.isascii():
            found = self._links.by_letters.get(unicodedata.normalize("NFC", found), found)
        if found in self.table.targets:
            self._check_fragment(ref, found)
            return self.urls.local(self.table.targets[found]) + tail
        if found in self.table.hidden:
            # The words stay, without a link, and the clock breaks no build.
            self._hidden(ref, self.table.hidden[found])
            return ""
        if found and is_file_beneath(self.root, found):
            # It is broken itself, which has been said already.
            return ""
        self._wrong(ref, f'the link "{ref.target}" leads to no article', self._nearest_article(ref))
        return ""

    def _nearest_article(self, ref: Ref) -> str:
        """The file whose name is most like the one that was written, as this file would name it."""
        by_name = self._links.by_name
        name = unquote(ref.target.partition("#")[0].rpartition("/")[2])
        near = name if name in by_name else ""
        if not near and self._links.budget.spend():
            near = nearest(name, by_name)
        if not near or by_name[near] == self.path:
            return "write the path of an article as seen from this file"
        path = posixpath.relpath(by_name[near], posixpath.dirname(self.path))
        return f"write {path}" if near == name else f'did you mean "{path}"?'

    def _site_address(self, ref: Ref, path: str, tail: str) -> str:
        found = self.table.addresses.find(path)
        if found.kind == "page":
            source = self._sources.get(found.path)
            if source is not None:
                self._check_fragment(ref, source)
            return self.urls.local(found.path) + tail
        if found.kind == "hidden":
            self._hidden(ref, found.why)
        elif found.kind == "nothing":
            normal = normalise(f"content{path}")
            file = file_named(self.root, normal) if normal else None
            if file:
                return self._attachment(ref, file, tail)
            hint = self.table.addresses.hint(path, self._links.budget)
            self._wrong(ref, f'the link "{ref.target}" leads to no page of this site', hint)
        return ""

    def _check_fragment(self, ref: Ref, source: str) -> None:
        """A link to a part of another text: it must have that part."""
        name = unquote(ref.target.partition("#")[2])
        text = self._text_of(source)
        fault = missing_part(name, text.ids, source) if name and text is not None else None
        if fault:
            self._wrong(ref, *fault)

    def _hidden(self, ref: Ref, what: str) -> None:
        self._wrong(ref, f'the link "{ref.target}" leads to {what}; the words stand without it', HIDDEN_HINT)
        self.problems[-1] = as_warning(self.problems[-1])

    def _attachment(self, ref: Ref, path: str, tail: str) -> str:
        try:
            file = self.library.attachment(path)
        except MediaFault as fault:
            try:
                file = self.library.picture(path).file
            except MediaFault:
                self._wrong(ref, str(fault), fault.hint)
                return ""
        self.media.append(path)
        return self.urls.local(file) + tail


def data_url(picture: Picture, published: Published) -> str:
    """A picture as a `data:` address (RFC 2397)."""
    return f"data:{picture.media_type};base64,{base64.b64encode(published(picture)).decode()}"
