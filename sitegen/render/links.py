"""Links and pictures in an article's text: from what the writer wrote to addresses that work on the site."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Mapping
from html import escape
from pathlib import Path
from urllib.parse import unquote

from sitegen.plan.addresses import HIDDEN_HINT
from sitegen.plan.site import SitePlan
from sitegen.plan.urls import Urls
from sitegen.problems import Problem, as_warning, nearest
from sitegen.render.markdown import Text
from sitegen.render.prose import Ref, missing_part
from sitegen.sources.address import mended
from sitegen.sources.locate import is_file_inside, locate, missing, normalise
from sitegen.sources.pictures import Library, MediaFault


class Resolver:
    """Resolves the references of one Markdown file. Problems and the media files it needs are collected.

    `texts` is what is known of the texts by their files' paths, `sources` those files by their pages' site paths.
    """

    def __init__(
        self,
        root: Path,
        path: str,
        plan: SitePlan,
        urls: Urls,
        library: Library,
        texts: Mapping[str, Text],
        sources: Mapping[str, str],
    ) -> None:
        self.root, self.path = root, path
        self._texts, self._sources = texts, sources
        self.plan, self.urls, self.library = plan, urls, library
        self.problems: list[Problem] = []
        self.media: set[str] = set()

    def attributes(self, ref: Ref) -> str:
        """The attributes of a link or picture on the site's own pages."""
        if ref.kind == "image":
            return self._image(ref, inline=False)
        address = self._address(ref)
        return f'href="{escape(address)}"' if address else ""

    def standalone(self, ref: Ref) -> str:
        """The same for a file that is kept elsewhere: full addresses, pictures inside the file."""
        if ref.kind == "image":
            return self._image(ref, inline=True)
        address = self._address(ref)
        if address.startswith("/"):
            address = self.urls.origin + address
        return f'href="{escape(address)}"' if address else ""

    def _wrong(self, ref: Ref, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.path, ref.line, ref.column, message, hint, ref.excerpt))

    def _image(self, ref: Ref, inline: bool) -> str:
        located = locate(self.root, self.path, unquote(ref.target))
        if located is None:
            self._wrong(ref, *missing(self.root, self.path, ref.target))
            return 'src=""'
        try:
            picture = self.library.picture(located)
        except MediaFault as fault:
            self._wrong(ref, str(fault), fault.hint)
            return 'src=""'
        self.media.add(located)
        source = data_url(self.root, self.library, located) if inline else self.urls.local(picture.file)
        return f'src="{source}" width="{picture.width}" height="{picture.height}"'

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
        if found and found.startswith("content/") and is_file_inside(self.root, found):
            return self._attachment(ref, found)
        hint = "write the path of a file in content/, or a full address with https://"
        if path.endswith("/"):
            hint = "write the address of a page from the top on, for example /jobs/, or of an article its file"
        if ref.target.lower().startswith("www.") and mended(ref.target):
            hint = f"for another site write {mended(ref.target)}"
        self._wrong(ref, f'the link "{ref.target}" leads nowhere', hint)
        return ""

    def _article_address(self, ref: Ref, found: str | None, tail: str) -> str:
        if found in self.plan.targets:
            self._check_fragment(ref, found)
            return self.urls.local(self.plan.targets[found]) + tail
        if found in self.plan.hidden:
            # The words stay, without a link, and the clock breaks no build.
            self._hidden(ref, self.plan.hidden[found])
            return ""
        if found and is_file_inside(self.root, found):
            # It is broken itself, which has been said already.
            return ""
        self._wrong(ref, f'the link "{ref.target}" leads to no article', self._nearest_article(ref))
        return ""

    def _nearest_article(self, ref: Ref) -> str:
        """The file whose name is most like the one that was written, as this file would name it."""
        by_name = {target.rpartition("/")[2]: target for target in sorted(self.plan.targets) if target != self.path}
        near = nearest(ref.target.partition("#")[0].rpartition("/")[2], by_name)
        if not near:
            return "write the path of an article as seen from this file"
        return f'did you mean "{posixpath.relpath(by_name[near], posixpath.dirname(self.path))}"?'

    def _site_address(self, ref: Ref, path: str, tail: str) -> str:
        found = self.plan.addresses.find(path)
        if found.kind == "page":
            source = self._sources.get(found.path)
            if source is not None:
                self._check_fragment(ref, source)
            return self.urls.local(found.path) + tail
        if found.kind == "hidden":
            self._hidden(ref, found.why)
        elif found.kind == "nothing":
            file = normalise(f"content{path}")
            if file and is_file_inside(self.root, file):
                return self._attachment(ref, file)
            hint = self.plan.addresses.hint(path)
            self._wrong(ref, f'the link "{ref.target}" leads to no page of this site', hint)
        return ""

    def _check_fragment(self, ref: Ref, source: str) -> None:
        """A link to a part of another text: it must have that part."""
        name = unquote(ref.target.partition("#")[2])
        text = self._texts.get(source)
        fault = missing_part(name, text.ids, source) if name and text is not None else None
        if fault:
            self._wrong(ref, *fault)

    def _hidden(self, ref: Ref, what: str) -> None:
        self._wrong(ref, f'the link "{ref.target}" leads to {what}; the words stand without it', HIDDEN_HINT)
        self.problems[-1] = as_warning(self.problems[-1])

    def _attachment(self, ref: Ref, path: str) -> str:
        try:
            file = self.library.attachment(path)
        except MediaFault as fault:
            try:
                file = self.library.picture(path).file
            except MediaFault:
                self._wrong(ref, str(fault), fault.hint)
                return ""
        self.media.add(path)
        return self.urls.local(file)


def data_url(root: Path, library: Library, path: str) -> str:
    """A picture as a `data:` address (RFC 2397)."""
    data = (root / path).read_bytes()
    return f"data:{library.picture(path).media_type};base64,{base64.b64encode(data).decode()}"
