"""Which addresses of the site itself there are, for everything that links to one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from sitegen.problems import Budget, did_you_mean

HIDDEN_HINT = "it is a link again as soon as that can be seen; if it never will be, remove it"
_NUMBERED = re.compile(r"(?P<listing>/(?:[^/]+/)+)page/[0-9]{1,9}/")
_MOST_COMPARED = 20_000
"""Above so many files no nearest address is looked for: it would take seconds."""


class Found(Struct, frozen=True):
    """What an address leads to. `path` is a page's own site path; `why` says what keeps a hidden page from sight."""

    kind: Literal["page", "hidden", "broken", "nothing"]
    path: str = ""
    why: str = ""


class Addresses(Struct, frozen=True):
    """`files` are the site's files with `/` in front; `hidden` maps addresses that are not to be seen now to why.

    `broken` are the slugs of what could not be read: a link there says nothing more, since that has been said.
    """

    files: frozenset[str]
    hidden: dict[str, str]
    broken: frozenset[str] = frozenset()

    def find(self, path: str) -> Found:
        """What stands at a site path, as a static host would answer it. Accents may be encoded in either way."""
        if not path.isascii():
            forms = (path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path))
            return next((found for found in map(self._find, forms) if found.kind != "nothing"), Found("nothing"))
        return self._find(path)

    def _find(self, path: str) -> Found:
        if (path + "index.html" if path.endswith("/") else path) in self.files:
            return Found("page", path)
        if path + "/index.html" in self.files:
            return Found("page", path + "/")
        folder = path if path.endswith("/") else path + "/"
        for spelling in (path, folder, path.removesuffix("index.html")):
            if spelling in self.hidden:
                return Found("hidden", spelling, self.hidden[spelling])
        if folder.split("/")[-2] in self.broken:
            return Found("broken")
        numbered = _NUMBERED.fullmatch(folder)
        if numbered and (numbered["listing"] + "index.html" in self.files or numbered["listing"] in self.hidden):
            return Found("hidden", folder, "a page of a listing that has fewer articles at the moment")
        return Found("nothing")

    def hint(self, path: str, budget: Budget) -> str:
        """What was probably meant, as long as there is `budget` to look for it, or what to do instead."""
        names: Iterable[str] = (name.removesuffix("index.html") for name in self.files)
        mend = ""
        if len(self.files) < _MOST_COMPARED and budget.spend():
            mend = did_you_mean(path, names).lstrip("; ")
        return mend or "for a page outside of this site write the full address with https://"


class LinkTable(Struct, frozen=True):
    """All that a link inside the site may lead to.

    `targets` are the site paths of articles and standing pages by their files, `hidden` says of the files of those
    that are not to be seen now what keeps them from sight.
    """

    targets: dict[str, str]
    hidden: dict[str, str]
    addresses: Addresses
