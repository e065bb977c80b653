"""What the preview marks as not published: the page of such an article, and the links that lead to one."""

from __future__ import annotations

import re

from sitegen.engine.about import status_of, unpublished
from sitegen.engine.shown import Site
from sitegen.serve.state import Page, Pages

_LINKS = re.compile(rb'href="([^"]*)"')


class Marks:
    """Finds what is to be marked. What a whole site hides is found out once."""

    def __init__(self) -> None:
        self._hidden: tuple[Site, dict[str, str]] | None = None

    def of(self, page: Page, pages: Pages) -> tuple[str, dict[str, str]]:
        """Why a page is not published, "" where it is; and the same for the links in it, by what stands in `href`."""
        if not isinstance(pages, Site) or not page.found.file.endswith(".html"):
            return "", {}
        if self._hidden is None or self._hidden[0] is not pages:
            self._hidden = pages, dict(unpublished(pages))
        # An article's own pages, which link to each other, say it once.
        own = f"{pages.base_path}{page.found.file.rpartition('/')[0]}/"
        named = {*_LINKS.findall(page.data)} - {own.encode()}
        marks = {href: why for href, why in self._hidden[1].items() if href.encode() in named}
        return status_of(pages, page.found.file), marks
