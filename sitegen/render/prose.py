"""Goes over the tokens of a Markdown text: figures, interviews, headings, tables; links and pictures become Refs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token
from msgspec import Struct

from sitegen.problems import MOST_IN_A_FILE, Problem, as_warning, did_you_mean, note, problem_at, said_at
from sitegen.render.blocks import caption_pictures, cell, is_caption, is_silent, make_figures, pictures_of, quotation
from sitegen.render.finder import Finder
from sitegen.render.htmlscan import MOST_DEEP
from sitegen.render.misread import READS_AS_PROSE, is_closed, slips
from sitegen.render.turns import Turn, turn_of
from sitegen.render.turns import mark as mark_turns
from sitegen.slugs import slugify
from sitegen.sources.address import SCHEMES, has_host, inside, mended, printed
from sitegen.sources.alt import (
    DECORATIVE,
    HINT,
    LINKED,
    LINKED_HINT,
    is_decorative,
    lacks_substance,
    warning_of,
)
from sitegen.text import CONTROL, NO_SIGN, forbidden_references

MARK, END_MARK = "\ufdd0", "\ufdd1"
"""Stand around the number of a reference in HTML; no text may hold them."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):|//")
_PLAIN = re.compile(r"https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9}(?:/[A-Za-z0-9/._-]{0,500})?")
"""An address that nothing is wrong with, and that is written in HTML as it was typed."""
TEXT_FRAGMENT = ":~:"
"""What follows is for the browser, not the name of a part (WICG, "URL Fragment Text Directives")."""
TOO_DEEP = (f"more than {MOST_DEEP} elements stand in one another here", "take some of the marks out")
TAKEN_IDS = (
    "main",
    "jobs-box-title",
    "latest-title",
    "related-title",
    "text-size-status",
    "footer-about",
    "footer-find",
)
"""Ids that the bundled themes use around a text."""


class Ref(Struct, frozen=True):
    """A link (`kind` "link") or a picture ("image") of the site itself, as the writer typed its target.

    `place` is where it stands in the writer's file.
    """

    kind: str
    target: str
    place: Problem


class RawHtml(Struct, frozen=True):
    """A piece of HTML as it was typed; it stands between two character offsets of the text."""

    html: str
    start: int
    stop: int
    is_block: bool = False


class Prose:
    """One text while it is read. `first_line` is the number of its first line in the writer's file, `home` the full
    address of the site's front page. Where a picture `needs_alt`, one without a description is a problem.
    """

    def __init__(self, text: str, file: str, first_line: int, home: str = "", needs_alt: bool = True) -> None:
        self.needs_alt = needs_alt
        self.text, self.file, self.first_line, self.home = text, file, first_line, home
        self.refs: list[Ref] = []
        self.problems: list[Problem] = []
        self.words: list[str] = []
        self.first_paragraph = ""
        self.raw_before = 0
        self.raw: list[RawHtml] = []
        self.ids: set[str] = set()
        self._numbers: dict[str, int] = {}
        self.warnings: list[Problem] = []
        self.finder = Finder(text)
        self._fragments: list[Ref] = []
        self.is_too_deep = False

    # --- the walk ------------------------------------------------------------------------------------------

    @property
    def found(self) -> tuple[Problem, ...]:
        """Problems and warnings."""
        return (*self.problems, *self.warnings)

    def read(self, tokens: Sequence[Token], env: Mapping[str, Any]) -> None:
        """Rewrites the tokens in place and collects everything else; `env` is what the parser has noted."""
        self.finder.references = env.get("references", {})
        notes = env.get("footnotes", {}).get("refs", {})
        turns: list[Turn] = []
        quoted: list[int] = []
        for index, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token, tokens[index - 1], tokens[index + 1])
                turn = turn_of(token, tokens[index - 1])
                if turn is not None:
                    turns.append(turn)
            elif token.type in ("th_open", "td_open"):
                cell(token)
            elif token.type == "blockquote_open":
                quoted.append(index)
            elif token.type in ("fence", "code_block"):
                self._code(token)
            elif token.type == "html_block":
                self._enter(token)
                self.raw.append(RawHtml(token.content, self.finder.start, self.finder.stop, is_block=True))
                self._unclosed(token.meta.get("unclosed", ()))
                if not self.first_paragraph:
                    self.raw_before = len(self.raw)
            elif token.type in ("footnote_anchor", "footnote_open"):
                self.ids.add(f"fn{int((token.meta or {}).get('id', 0)) + 1}")
        for index in quoted:
            quotation(tokens, index)
        mark_turns(turns)
        self._headings(tokens)
        self._notes(notes)

    def _notes(self, notes: Mapping[str, int]) -> None:
        """Footnotes that nothing in the text refers to are not shown."""
        unseen = (label[1:] for label, number in notes.items() if number < 0)
        # Each is looked for in the whole text, so only as many as are told.
        for name in islice(unseen, MOST_IN_A_FILE + 1):
            place = max(0, self.text.find(f"[^{name}]:"))
            hint = f"write [^{name}] where it belongs, or remove it"
            self.warn(place, f'nothing refers to the footnote "{name}": readers do not see it', hint)

    def _inline(self, token: Token, before: Token, after: Token) -> None:
        self._enter(token)
        children = token.children or []
        if "&#" in token.content:
            self._leave_out_references(token.content, children)
        said: list[str] = []
        deepest, has_pictures = 0, False
        for child in children:
            if child.level > deepest:
                deepest = child.level
            if child.type == "link_open":
                self._link(child)
            elif child.type == "image":
                has_pictures = True
                self._image(child)
            elif child.type == "link_close" and has_pictures and is_silent(children, child):
                self.wrong(self.finder.start, LINKED, LINKED_HINT)
            elif child.type in ("text", "code_inline"):
                said.append(child.content)
            elif child.type in ("softbreak", "hardbreak"):
                said.append(" ")
            elif child.type == "html_inline":
                self._raw_inline(child.content)
        if token.level + deepest > MOST_DEEP and not self.is_too_deep:
            self.is_too_deep = True
            self.wrong(self.finder.start, *TOO_DEEP)
        plain = "".join(said)
        self.words.append(plain)
        if token.meta:
            self._slips(token.meta)
        pictures = pictures_of(children) if has_pictures and before.type == "paragraph_open" else []
        if pictures:
            self.words += make_figures(pictures, token, before, after)
            return
        if has_pictures:
            self.words += caption_pictures(token)
        if before.type == "paragraph_open" and not self.first_paragraph and before.level == 0:
            self.first_paragraph = plain.strip()

    def _code(self, token: Token) -> None:
        """Text that is shown letter by letter; the writer is told where that was hardly meant."""
        self.words.append(token.content)
        self._enter(token)
        if token.type == "fence" and not is_closed(token, self.text[self.finder.start : self.finder.stop]):
            message = f"{token.markup} opens code here and is never closed: all that follows is shown as typed"
            place = self.finder.find(token.markup, self.finder.start, self.finder.stop)
            self.warn(
                max(place, self.finder.start), message, f"write {token.markup} on a line of its own where it ends"
            )
        elif token.type == "code_block" and READS_AS_PROSE.search(token.content):
            message = "four spaces at the beginning of a line make code of it: it is shown as typed"
            self.warn(self.finder.start, message, "take the spaces away; code stands between lines of ```")

    def _unclosed(self, typed: Sequence[str]) -> None:
        """Tells of elements that end with their block because nothing closes them."""
        for tag in typed:
            name = tag.strip("<>").split()[0].rstrip("/")
            place = self.finder.find(tag, self.finder.start, self.finder.stop)
            hint = f"write </{name}> where it ends"
            message = f"<{name}> is opened here and never closed; it ends with its block"
            self.warn(max(place, self.finder.start), message, hint)

    def _slips(self, meta: Mapping[str, Any]) -> None:
        """Tells of what was meant as Markdown or HTML and is none."""
        self._unclosed(meta.get("unclosed", ()))
        words = meta.get("words", "")
        behind: dict[str, int] = {}
        for slip in slips(words):
            place = self.finder.find(slip.typed, behind.get(slip.typed, self.finder.start), self.finder.stop)
            behind[slip.typed] = place + 1 if place >= 0 else self.finder.start
            (self.wrong if slip.loses else self.warn)(max(place, self.finder.start), slip.message, slip.hint)

    def _leave_out_references(self, typed: str, children: Sequence[Token]) -> None:
        """References to signs that no text may hold: the writer is told, and the sign is not shown."""
        code = [child.content for child in children if child.type == "code_inline"]
        start, stop = self.finder.start, self.finder.stop
        for found in forbidden_references(typed):
            place = self.finder.find(found[0], start, stop)
            if place >= 0 and not any(found[0] in words for words in code):
                self.warn(place, *forbidden(found[0]))
                start = place + 1
        for child in children:
            child.content = CONTROL.sub(NO_SIGN, child.content)
            child.attrs = {name: CONTROL.sub(NO_SIGN, str(value)) for name, value in child.attrs.items()}

    def _raw_inline(self, html: str) -> None:
        start, stop = self.finder.start, self.finder.stop
        if self.raw and start <= self.raw[-1].start < stop:
            # Pieces of one block stand in the order in which they are read.
            start = self.raw[-1].start + 1
        place = self.finder.find(html, start, stop)
        self.raw.append(RawHtml(html, place if place >= 0 else start, stop))

    def _headings(self, tokens: Sequence[Token]) -> None:
        """The text's highest heading becomes h2, below the headline; no level is left out going down."""
        found = list(_opened(tokens))
        top = min((int(opening.tag[1]) for opening, _, _ in found), default=2)
        last = 1
        for opening, inline, closing in found:
            last = min(int(opening.tag[1]) - top + 2, last + 1, 6)
            opening.tag = closing.tag = f"h{last}"
            said = (c for c in inline.children or () if c.type in ("text", "code_inline") and not is_caption(c))
            words = "".join(c.content for c in said)
            words = words.replace("'", "").replace("’", "")
            opening.attrSet("id", self._unique_id(slugify(words)[:80].strip("-")))

    def may_be_id(self, name: str) -> bool:
        """Whether an id is one that neither footnotes nor the pages around a text use."""
        return not re.fullmatch(r"fn(ref)?\d.*", name) and name not in TAKEN_IDS and not re.search(r"\s", name)

    def _unique_id(self, wanted: str) -> str:
        name = wanted or "part"
        if not self.may_be_id(name):
            name = f"part-{name}"
        made = name
        while made in self.ids:
            self._numbers[name] = self._numbers.get(name, 1) + 1
            made = f"{name}-{self._numbers[name]}"
        self.ids.add(made)
        return made

    # --- links and pictures --------------------------------------------------------------------------------

    def _link(self, token: Token) -> None:
        target = str(token.attrGet("href") or "").strip()
        if self.is_inside(target):
            token.attrSet("href", self.marker("link", target))
        elif _PLAIN.fullmatch(target):
            # Most links are like this, and to judge one takes as long as to parse it.
            token.attrs = {**token.attrs, "href": target, "rel": "external"}
        elif self.link_fault(target):
            token.attrs.pop("href", None)
        elif _SCHEME.match(target):
            token.attrSet("href", printed(normalizeLink(target)))
            if target.lower().startswith("http"):
                token.attrSet("rel", "external")
        else:
            token.attrSet("href", self.marker("link", target))

    def _image(self, token: Token) -> None:
        target = str(token.attrGet("src") or "").strip()
        if not token.content.strip():
            hint = "write between the brackets what is to be seen: ![A loom by a window](loom.jpg)"
            self.without_alt(self._bracket(target), f"{hint}, or ![{DECORATIVE}](...)")
        elif is_decorative(token.content):
            token.content, token.children = "", []
        elif lacks_substance(token.content, target):
            self.warn(self._bracket(target), warning_of(token.content), HINT)
        token.attrs = {"src": self.image_marker(target), "alt": "", **_title(token)}
        token.attrSet("loading", "lazy")
        token.attrSet("decoding", "async")

    def without_alt(self, offset: int, hint: str) -> None:
        """Notes a picture without a description at a character offset of the text."""
        (self.wrong if self.needs_alt else self.warn)(offset, "the picture has no description", hint)

    def _bracket(self, target: str) -> int:
        """Where the picture with this address begins."""
        return max(self.finder.start, self.text.rfind("![", self.finder.start, self.finder.peek(target) + 1))

    def _enter(self, token: Token) -> None:
        # A cell of a table has no lines of its own: it stands in those of its row.
        if token.map:
            self.finder.enter(token.map)

    def link_fault(self, target: str, at: int | None = None) -> bool:
        """Notes what is wrong with a link's address as such, and stands at an offset; whether anything was."""
        if not target:
            self.wrong(self.finder.address("", "]("), "the link has no address", "write it between the round brackets")
            return True
        scheme = _SCHEME.match(target)
        if target.startswith("//") or (target.lower().startswith("http") and scheme and not has_host(target)):
            hint = f"write {mended(target)}" if mended(target) else "copy it from the address line of the browser"
            self.wrong(self._place(target, at), f'the link "{target}" is no full web address', hint)
            return True
        if scheme and scheme[1] and scheme[1].lower() not in SCHEMES:
            known = ", ".join(f"{name}:" for name in SCHEMES)
            message = f'a link must not start with "{scheme[1]}:"'
            self.wrong(self._place(target, at), message, f"a link to another site starts with one of {known}")
            return True
        return False

    def is_inside(self, target: str) -> bool:
        """Whether a full address is one of the site itself."""
        return bool(self.home) and inside(target, self.home) != target

    def _place(self, target: str, at: int | None) -> int:
        return self.finder.address(target) if at is None else at

    def image_marker(self, target: str, at: int | None = None) -> str:
        """The marker for a picture; an address that is none of the site's files is a problem."""
        if _SCHEME.match(target) or not target:
            message = f'the picture "{target[:80]}" is not a file of this site'
            hint = "save it beside this file or in content/images/; pages load nothing from other hosts"
            self.wrong(self.finder.address(target, "](") if at is None else at, message, hint)
            return ""
        return self.marker("image", target, at)

    def marker(self, kind: str, target: str, at: int | None = None) -> str:
        """Notes a reference, which is looked for where its offset is not known; what stands in the HTML until it is
        resolved.
        """
        place = problem_at(self.file, self.text, self._place(target, at), "", above=self.first_line - 1)
        ref = Ref(kind, inside(target, self.home) if kind == "link" else target, place)
        if target.startswith("#"):
            self._fragments.append(ref)
        self.refs.append(ref)
        return f"{MARK}{len(self.refs) - 1}{END_MARK}"

    def check_fragments(self) -> None:
        """Links to a heading of the same text: it must be there."""
        for ref in self._fragments:
            if len(self.problems) > MOST_IN_A_FILE:
                return
            fault = missing_part(unquote(ref.target[1:]), self.ids, "this text")
            if fault:
                note(self.problems, said_at(ref.place, *fault))

    def wrong(self, offset: int, message: str, hint: str = "") -> None:
        """Note a problem at a character offset of the text."""
        note(self.problems, problem_at(self.file, self.text, offset, message, hint, self.first_line - 1))

    def warn(self, offset: int, message: str, hint: str = "") -> None:
        """Note a warning at a character offset of the text."""
        place = problem_at(self.file, self.text, offset, message, hint, self.first_line - 1)
        note(self.warnings, as_warning(place))


def forbidden(reference: str) -> tuple[str, str]:
    """What is wrong with a reference to a sign that no text may hold, and how to mend it."""
    return f'"{reference[:20]}" stands for a character that no text may contain; it is shown as \ufffd', "remove it"


def missing_part(name: str, ids: Collection[str], holder: str) -> tuple[str, str] | None:
    """What is wrong with a link to a part of a text, and how to mend it; None where the part is there."""
    if name in ids or name.startswith(TEXT_FRAGMENT):
        return None
    known = sorted(part for part in ids if not re.fullmatch(r"fn\d+", part))
    there = f"the headings there are {', '.join(known)}" if known else "there is no heading"
    return f'no heading of {holder} has the name "{name}"', did_you_mean(name, known).lstrip("; ") or there


def _title(token: Token) -> dict[str, str | int | float]:
    title = token.attrGet("title")
    return {"title": title} if title else {}


def _opened(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token, Token]]:
    """Each heading's opening, its words and its closing."""
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[index + 1], tokens[index + 2]
