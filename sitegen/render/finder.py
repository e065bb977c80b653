"""Where something stands in a Markdown text: the parser keeps the lines of blocks, and nothing of what is in a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sitegen.problems import line_starts

_LEAD = re.compile(r"""(?:\]\([ \t\n]?<?|\]:[ \t\n]?<?|<|=[ \t]?["']?)\Z""")
"""What stands before an address that is one, and not a word of the text."""
_PATIENCE = 20
"""So many times the text's length is looked through at most, however the text was made."""


class Finder:
    """Finds what was typed, each time from behind the last find on. `references` are those that the parser has seen.

    What cannot be found, or not soon enough, stands where its block begins.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.references: Mapping[str, Any] = {}
        self.start, self.stop = 0, len(text)
        self._cursor = 0
        self._left = _PATIENCE * (len(text) + 1000)
        self._definitions: dict[str, int] | None = None

    def enter(self, lines: list[int] | None) -> None:
        """Goes on with the block of these lines (from 0, the second one excluded); None: the whole text."""
        before = self.start, self.stop
        self.start, self.stop = 0, len(self.text)
        if lines is not None:
            self.start, self.stop = self._line(lines[0]), self._line(lines[1])
        if (self.start, self.stop) != before or lines is None:
            self._cursor = self.start

    def _line(self, number: int) -> int:
        starts = line_starts(self.text)
        return starts[number] if number < len(starts) else len(self.text)

    def find(self, typed: str, start: int, stop: int) -> int:
        """The first place between two offsets; -1 where there is none, or where too much was looked for."""
        if self._left <= 0 or not typed:
            return -1
        place = self.text.find(typed, start, stop)
        self._left -= (place if place >= 0 else stop) - start + len(typed)
        return place

    def address(self, typed: str, near: str = "") -> int:
        """Where an address stands; an empty one stands behind the sign `near`."""
        sought = typed or near
        place = self._seek(sought, self._cursor, self.stop)
        if place < 0 and self._cursor > self.start:
            place = self._seek(sought, self.start, self._cursor)
        if place >= 0:
            self._cursor = place + len(sought)
            return place if typed else self._cursor
        return self._defined(typed)

    def peek(self, typed: str) -> int:
        """The same without going on behind it."""
        kept = self._cursor
        try:
            return self.address(typed)
        finally:
            self._cursor = kept

    def _seek(self, typed: str, start: int, stop: int) -> int:
        """Where an address begins as one; else where it stands first as a word."""
        first = place = self.find(typed, start, stop)
        while place >= 0 and typed[:1] not in "](":
            if _LEAD.search(self.text, max(0, place - 4), place):
                return place
            place = self.find(typed, place + 1, stop)
        return first

    def _defined(self, typed: str) -> int:
        """The definition of a reference, which may stand anywhere; else where the block begins."""
        if self._definitions is None:
            self._definitions = {}
            for one in self.references.values():
                self._definitions.setdefault(str(one["href"]), self._line(one["map"][0]))
        line = self._definitions.get(typed, -1)
        if line < 0:
            return self.start
        place = self.find(typed, line, min(len(self.text), line + len(typed) + 1000))
        return place if place >= 0 else line
