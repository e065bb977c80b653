"""HTML that stands in a Markdown text: what is safe and useful stays, the rest goes, and the writer is told.

The content of a mirror is somebody else's. Only texts that hold raw HTML take this way. The cleaning goes over the
whole rendered text, since a tag may be opened and closed in different places; the warnings come from the pieces of
HTML as they were typed, since only these have a place.
"""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache

import nh3

from sitegen.render.htmlscan import MOST_ATTRIBUTES, MOST_DEEP, TolerantParser, excess, without_loose_end
from sitegen.render.prose import MARK, Prose, RawHtml, forbidden
from sitegen.render.textruns import PHRASES
from sitegen.sources.address import ADDRESS_ATTRIBUTES, SCHEMES, printed, refused_scheme
from sitegen.sources.alt import DECORATIVE, HINT, LINKED, LINKED_HINT, is_decorative, lacks_substance, warning_of
from sitegen.text import forbidden_references, without_forbidden_references

_EVERYWHERE = {"class", "id", "lang", "dir", "title"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href", "hreflang", "rel"},
    "blockquote": {"cite"},
    "div": {"tabindex", "role"},
    "img": {"src", "alt", "loading", "decoding"},
    "ol": {"start", "reversed"},
    "q": {"cite"},
    "section": set(),
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
TAGS = frozenset(nh3.ALLOWED_TAGS | {"section", "figure", "figcaption", "tfoot"})
_WITH_CONTENT = frozenset(("script", "style", "svg"))
"""Elements that go with all that stands in them; browsers show no words of a drawing but those of its own elements."""
_RUNNING = frozenset(("p", "div", "section", "article", "blockquote", "center", "br"))
"""Elements whose text may be the first words of an article; headings, tables and lists are not."""
_MEASURED = ("width", "height")
"""Attributes of a picture that sitegen sets itself, from the file."""
_ADVICE = {
    "script": "texts bring no scripts of their own",
    "style": "how things look is decided by the theme",
    "iframe": "link to the page or the film instead: [its title](https://...)",
    "video": "link to the film instead: [its title](https://...)",
    "audio": "link to the recording instead: [its title](https://...)",
    "embed": "link to the file instead: [its title](file.pdf)",
    "object": "link to the file instead: [its title](file.pdf)",
    "svg": "save it as a PNG or WebP picture and write ![what is to be seen](picture.png)",
    "picture": "write ![what is to be seen](picture.jpg)",
    "form": "link to the page with the form instead",
    "font": "how things look is decided by the theme",
}
_OTHER_ELEMENTS = frozenset(
    (
        *("base", "body", "button", "canvas", "dialog", "fieldset", "frame", "frameset", "head", "html", "input"),
        *("label", "legend", "link", "main", "marquee", "math", "menu", "meta", "meter", "noscript", "optgroup"),
        *("option", "output", "param", "plaintext", "progress", "search", "select", "slot", "source", "template"),
        *("textarea", "title", "track", "xmp", "big", "basefont", "blink", "applet", "dir", "noframes"),
    )
)
_MOST = {"colspan": (1, 100), "rowspan": (0, 500), "start": (-999_999, 999_999)}
"""The least and the most of attributes that are numbers: a table of a million rows fills any memory."""
_ROLE = "doc-endnotes"
"""What the parser says of the footnotes, and the one role that a text may give."""
_NO_SOURCE = re.compile(r'<img(?:\s+(?!src=)[a-z-]+(?:="[^"]*")?)*\s*/?>')
"""A picture without a file, as the cleaning writes it."""
_NO_ALT = re.compile(r"<img(?![^<>]*\salt=)")
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OWN_FRAGMENT = re.compile(r"#?fn(ref)?\d+(:\d+)?")


def sanitise(html: str, prose: Prose) -> str:
    """The HTML without scripts, styles, frames, forms and handlers; its own links and pictures become Refs.

    Notes in `prose` what is left out, with its place.
    """
    names: set[str] = set()
    typed: dict[str, deque[int]] = {}
    _read_pieces(prose, names, typed)
    much = excess(html)
    if much is not None:
        prose.wrong(_typed_at(html, much.offset, prose), much.message, much.hint)
        return ""
    prose.finder.enter(None)
    left = set(names)

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name in ADDRESS_ATTRIBUTES:
            return _address(tag, name, value, prose, typed)
        if name in _MOST:
            return value if _is_number(name, value) else None
        if name == "role" and value != _ROLE:
            return None
        if name == "alt" and is_decorative(value):
            return ""
        if name == "id" and value not in prose.ids and not _OWN_FRAGMENT.fullmatch(value):
            if value not in left:
                return None
            left.discard(value)
        return value

    cleaned = nh3.clean(
        without_forbidden_references(html),
        tags=set(TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        link_rel=None,
        url_schemes=set(SCHEMES),
    )
    prose.ids |= names
    # Whoever typed one has been told; <image> becomes one too.
    return _NO_ALT.sub('<img alt=""', _NO_SOURCE.sub("", cleaned))


def _read_pieces(prose: Prose, names: set[str], typed: dict[str, deque[int]]) -> None:
    """Reads each piece of HTML as it was typed. Its words count, and may be the first ones of the text."""
    for number, piece in enumerate(prose.raw):
        read = _Piece(piece, prose, names, typed)
        read.read()
        if piece.is_block:
            prose.words += read.paragraphs
            if number < prose.raw_before and read.first_paragraph:
                # It stands before the first paragraph that is Markdown.
                prose.first_paragraph, prose.raw_before = read.first_paragraph, 0


def _address(tag: str, name: str, value: str, prose: Prose, typed: dict[str, deque[int]]) -> str | None:
    """An address as it is printed, or the marker of one of the site's own; None where it is left out.

    `typed` says where each address stands that was typed in HTML, in their order.
    """
    if value.startswith(MARK):
        return value
    target = value.strip()
    at = typed[target].popleft() if typed.get(target) else None
    if (tag, name) == ("img", "src"):
        return prose.image_marker(target, at) or None
    if (tag, name) != ("a", "href"):
        return printed(target) or None
    # A fragment of the footnotes is made by the parser, not by the writer.
    if _OWN_FRAGMENT.fullmatch(target):
        return target
    # The writer has already been warned about a refused scheme.
    if refused_scheme(target) or prose.link_fault(target, at):
        return None
    is_elsewhere = _HAS_SCHEME.match(target) and not prose.is_inside(target)
    return (printed(target) or None) if is_elsewhere else prose.marker("link", target, at)


def _is_number(name: str, value: str) -> bool:
    least, most = _MOST[name]
    return bool(re.fullmatch(r"-?[0-9]{1,7}", value.strip())) and least <= int(value) <= most


def _typed_at(html: str, offset: int, prose: Prose) -> int:
    """Where a tag stands in the text that stands at an offset of the HTML made of it."""
    tag = html[offset : html.find(">", offset) + 1][:100]
    place, before = prose.raw[0].start, html.count(tag, 0, offset)
    for _ in range(before + 1):
        found = prose.finder.find(tag, place, len(prose.text))
        if found < 0:
            break
        place = found + 1
    return max(prose.raw[0].start, place - 1)


class _Piece(TolerantParser):
    """One piece of HTML as it was typed; `names` gathers the ids that may stay, `typed` where addresses stand."""

    def __init__(self, piece: RawHtml, prose: Prose, names: set[str], typed: dict[str, deque[int]]) -> None:
        super().__init__()
        self.piece, self.prose, self.names, self.typed = piece, prose, names, typed
        self._from = piece.start
        self.paragraphs: list[str] = []
        self.first_paragraph = ""
        self._said: list[str] = []
        self._is_running = True
        self._unseen: list[str] = []
        # Of the last link: whether it has no words yet, and where a picture without a description stands in it.
        self._is_silent, self._decoration = False, -1

    def read(self) -> None:
        """Notes everything that will be left out of this piece."""
        if self._is_never_closed():
            return
        if self.piece.is_block:
            for found in forbidden_references(self.piece.html):
                self.prose.warn(self._find(found[0]), *forbidden(found[0]))
            self._from = self.piece.start
        self.feed(without_loose_end(self.piece.html))
        self.close()
        self._end_paragraph("p", is_running=True)

    def _is_never_closed(self) -> bool:
        lower = self.piece.html.lower()
        for opening, closing, name in (
            ("<!--", "-->", "a comment"),
            ("<script", "</script", "<script>"),
            ("<style", "</style", "<style>"),
        ):
            last = lower.rfind(opening)
            if self.piece.is_block and last >= 0 and closing not in lower[last:]:
                place = self._find(self.piece.html[last : last + len(opening)])
                message = f"{name} is opened here and never closed: all that follows would vanish"
                self.prose.wrong(place, message, f"close it with {closing.rstrip('>')}>, or remove it")
                return True
        return False

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._said.append(data)
            self._is_silent = self._is_silent and not data.strip()

    def handle_endtag(self, tag: str) -> None:
        self._end_paragraph(tag, is_running=True)
        if tag == "a" and self._is_silent and self._decoration >= 0:
            self.prose.wrong(self._decoration, LINKED, LINKED_HINT)
            self._decoration = -1
        if tag in self._unseen:
            self._unseen.remove(tag)

    def _end_paragraph(self, tag: str, is_running: bool) -> None:
        """Ends a paragraph at a tag that does not stand in a line. What follows may be no running text."""
        if tag in PHRASES:
            return
        said = "".join(self._said).strip()
        self._said = []
        if said:
            self.paragraphs.append(said)
            if self._is_running and not self.first_paragraph:
                self.first_paragraph = said
        self._is_running = is_running

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_paragraph(tag, is_running=tag in _RUNNING)
        if tag == "a":
            self._is_silent, self._decoration = True, -1
        typed = self.get_starttag_text() or f"<{tag}"
        place = self._find(typed)
        if tag not in TAGS:
            if _goes_with_content(tag) and len(self._unseen) < MOST_DEEP:
                self._unseen.append(tag)
            self._left_out(tag, place)
            return
        if len(attrs) > MOST_ATTRIBUTES:
            # excess() reports this.
            return
        allowed = _EVERYWHERE | set(_ATTRIBUTES.get(tag, ()))
        for name, value in attrs:
            at = place + max(0, typed.lower().find(name))
            if name not in allowed or (name == "role" and value != _ROLE):
                if tag != "img" or name not in _MEASURED:
                    self.prose.warn(at, f'"{name}" was left out of <{tag}>', _attribute_hint(name))
            elif name in _MOST and not _is_number(name, value or ""):
                least, most = _MOST[name]
                message = f'"{name}" was left out of <{tag}>: it is no number from {least} to {most}'
                self.prose.warn(at, message, "count the cells of the table" if name != "start" else "write another one")
            elif name == "id" and value:
                self._id(value, at)
            elif name in ADDRESS_ATTRIBUTES and value:
                self._address(value, name, tag, at)
        if tag == "img":
            self._picture(dict(attrs), place)

    def handle_pi(self, data: str) -> None:
        place = self._find("<?")
        self.prose.warn(place, f"<?{(data.split() or [''])[0][:20]} was left out", "texts hold no programs; remove it")

    def _left_out(self, tag: str, place: int) -> None:
        what = "and what stands in it were" if _goes_with_content(tag) else "was"
        if tag in _ADVICE or tag in _OTHER_ELEMENTS:
            self.prose.warn(place, f"<{tag}> {what} left out", _ADVICE.get(tag, "write it in Markdown, or remove it"))
            return
        name = self.prose.text[place + 1 : place + 1 + len(tag)]
        message = f"<{name}> is read as HTML, which knows no such element; it {what} left out"
        self.prose.warn(place, message, f"if it is a word of the text write \\<{name}>, otherwise remove it")

    def _id(self, value: str, place: int) -> None:
        if value in self.prose.ids or value in self.names or not self.prose.may_be_id(value):
            message = f'the id "{value[:60]}" was left out: something else on the page has it'
            self.prose.warn(place, message, "choose another one")
        else:
            self.names.add(value)

    def _address(self, value: str, name: str, tag: str, place: int) -> None:
        self.typed.setdefault(value.strip(), deque()).append(place + self._before(value, place))
        scheme = refused_scheme(value)
        if scheme and (tag, name) == ("img", "src"):
            # The cleaning has taken it away before anybody could ask for the file.
            self.prose.image_marker(value.strip(), place)
        elif scheme:
            known = ", ".join(f"{scheme}:" for scheme in SCHEMES)
            message = f'the {name} of <{tag}> was left out: it starts with "{scheme}:"'
            self.prose.warn(place, message, f"an address on another site starts with one of {known}")

    def _before(self, value: str, place: int) -> int:
        """How far behind the beginning of an attribute its value stands, if it was typed as it is read."""
        return max(0, self.prose.text.find(value.strip(), place, place + len(value) + 40) - place)

    def _picture(self, attrs: dict[str, str | None], place: int) -> None:
        alt = attrs.get("alt") or ""
        self._is_silent = self._is_silent and (not alt.strip() or is_decorative(alt))
        if not (attrs.get("src") or "").strip():
            self.prose.wrong(place, "the picture has no file", 'add its name: src="loom.jpg"')
        elif not alt.strip():
            hint = f'add what is to be seen: alt="A loom by a window", or alt="{DECORATIVE}"'
            self.prose.without_alt(place, hint)
        elif is_decorative(alt):
            self._decoration = place
        elif lacks_substance(alt, attrs.get("src") or ""):
            self.prose.warn(place, warning_of(alt), HINT)

    def _find(self, typed: str) -> int:
        """Where something stands in the text: from behind the last find on, within the piece's own lines."""
        start, stop = self._from, self.piece.stop
        place = self.prose.finder.find(typed, start, stop)
        if place < 0:
            # A quote's marks stand between the lines of a tag: its beginning is found all the same.
            place = self.prose.finder.find(re.split(r"\s", typed, maxsplit=1)[0], start, stop)
        if place < 0:
            return start
        self._from = place + 1
        return place


@lru_cache(maxsize=256)
def _goes_with_content(tag: str) -> bool:
    """Whether the cleaning takes away what stands in an element as well, as of scripts, templates and drawings."""
    return "words" not in nh3.clean(f"<{tag}>words</{tag}>", tags=set(TAGS), clean_content_tags=set(_WITH_CONTENT))


def _attribute_hint(name: str) -> str:
    if name.startswith("on"):
        return "texts bring no scripts of their own"
    if name in ("style", "align", "bgcolor", "color", "width", "height", "border", "cellpadding", "cellspacing"):
        return "how things look is decided by the theme"
    return "remove it; nothing else is changed"
