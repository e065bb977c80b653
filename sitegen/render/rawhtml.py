"""HTML that stands in a Markdown text: what is safe and useful stays, the rest goes.

The content of a mirror is somebody else's. Only texts that hold raw HTML take this way; it goes over the whole
rendered text, since a tag may be opened and closed in different places.
"""

from __future__ import annotations

import re

import nh3

from sitegen.render.prose import SCHEMES, Prose

_EVERYWHERE = {"class", "id", "lang", "dir", "title"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href", "hreflang", "rel"},
    "blockquote": {"cite"},
    "div": {"tabindex"},
    "img": {"src", "alt", "loading", "decoding"},
    "ol": {"start", "reversed"},
    "q": {"cite"},
    "section": set(),
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_TAGS = frozenset(nh3.ALLOWED_TAGS | {"section", "figure", "figcaption"})
_NO_ALT = re.compile(r"<img(?![^>]*\balt=\"[^\"]*\S[^\"]*\")[^>]*>", re.IGNORECASE)


def sanitise(html: str, prose: Prose) -> str:
    """The HTML without scripts, styles, frames, forms and handlers; its own links and pictures become Refs."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if value.startswith("\ufdd0"):
            return value
        if (tag, name) == ("a", "href"):
            return _href(value, prose)
        if (tag, name) == ("img", "src"):
            return prose.image_marker(value) or None
        if name == "id" and value not in prose.ids and not re.fullmatch(r"fn(ref)?\d+(:\d+)?", value):
            return None
        return value

    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        link_rel=None,
        url_schemes=set(SCHEMES),
    )
    for _ in _NO_ALT.finditer(cleaned):
        found = re.search(r"<img\b", prose.text, re.IGNORECASE)
        hint = 'add what is to be seen: alt="A loom by a window"'
        if found:
            prose.wrong(found.start(), "the picture has no description", hint)
    return cleaned


def _href(value: str, prose: Prose) -> str | None:
    target = value.strip()
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target):
        return target
    # A fragment of the footnotes is made by the parser, not by the writer.
    if re.fullmatch(r"#fn(ref)?\d+(:\d+)?", target):
        return target
    return None if prose.link_fault(target) else prose.marker("link", target)
