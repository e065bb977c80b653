"""Markdown -> HTML that still lacks the addresses of the site's own pages and pictures.

A body is parsed once. Where a link or a picture of the site stands, the HTML holds a marker; `resolve` puts the
addresses in, once for each kind of file that needs them in another form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from msgspec import Struct

from sitegen.problems import Problem
from sitegen.render.parser import Parser
from sitegen.render.prose import END_MARK, MARK, Prose, Ref
from sitegen.render.rawhtml import sanitise
from sitegen.render.reading import count_characters, count_words
from sitegen.render.textruns import typeset
from sitegen.render.unclosed import close_elements
from sitegen.text import as_line
from sitegen.typography import AS_TYPED, Typography

SUMMARY_LENGTH = 200
"""Characters, about two lines of a listing."""

_OTHERS = '(?: [a-z]+="[^"]*")*'
_MARKER = re.compile(
    f' href="{MARK}(?P<link>[0-9]+){END_MARK}"|'
    f'<img(?P<before>{_OTHERS}?) src="{MARK}(?P<image>[0-9]+){END_MARK}"(?P<after>{_OTHERS})>'
)
"""A marker: of a link the attribute, of a picture the whole element."""


class Put(NamedTuple):
    """What stands for a reference: the attributes of its element, and for a picture perhaps a `<source>` before it."""

    attributes: str
    source: str = ""


class Text(Struct, frozen=True):
    """What is known of a text besides its HTML.

    `refs` are the references that the markers in the HTML stand for, `digest` is the HTML's. `words` and `characters`
    (of Chinese and Japanese) feed the reading time; `summary` is plain text. `ids` are the names that a link may end
    in, sorted.
    """

    refs: tuple[Ref, ...]
    words: int
    characters: int
    summary: str
    ids: tuple[str, ...]
    digest: str


class ParsedBody(Struct, frozen=True):
    """A text as HTML with markers, what else is known of it, and what is wrong with it."""

    html: str
    text: Text
    problems: tuple[Problem, ...]


@lru_cache(maxsize=1)
def _parser() -> Parser:
    parser = Parser({"xhtmlOut": False})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.at("smartquotes", typeset)
    parser.enable("smartquotes")
    footnote_plugin(parser)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("footnote_block_open", _footnotes_open)
    parser.add_render_rule("footnote_block_close", _footnotes_close)
    return parser


def _table_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # A wide table scrolls inside its frame; tabindex lets the keyboard scroll it too.
    return '<div class="table" tabindex="0">\n<table>\n'


def _table_close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table>\n</div>\n"


def _footnotes_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # No section, which would want a heading; a screen reader is told by the role what this is.
    return '<hr class="footnotes-sep">\n<div class="footnotes" role="doc-endnotes">\n<ol class="footnotes-list">\n'


def _footnotes_close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</ol>\n</div>\n"


def parse_body(
    text: str, file: str, first_line: int, typography: Typography = AS_TYPED, home: str = "", needs_alt: bool = True
) -> ParsedBody:
    """The text below the front matter. `first_line` is its first line's number in the file. Never raises.

    The markers are made of noncharacters of Unicode, which no text holds that sitegen.text has accepted.

    Straight quotation marks and apostrophes are set as `typography` says. What begins with `home`, the front page's
    full address, is an address of the site itself. Where a picture `needs_alt`, one without a description is a problem,
    otherwise a warning.
    """
    parser = _parser()
    env: dict[str, Any] = {"typography": typography}
    tokens = parser.parse(text, env)
    close_elements(tokens)
    prose = Prose(text, file, first_line, home, needs_alt)
    prose.read(tokens, env)
    html = parser.renderer.render(tokens, parser.options, env) if not prose.is_too_deep else ""
    if prose.raw:
        html = sanitise(html, prose)
    prose.check_fragments()
    html = html.strip()
    plain = " ".join(prose.words)
    known = Text(
        refs=tuple(prose.refs),
        words=count_words(plain),
        characters=count_characters(plain),
        summary=shorten(prose.first_paragraph),
        ids=tuple(sorted(prose.ids)),
        digest=hashlib.blake2b(html.encode(), digest_size=12).hexdigest(),
    )
    return ParsedBody(html, known, prose.found)


def shorten(text: str, length: int = SUMMARY_LENGTH) -> str:
    """At most `length` characters of a text, cut between words where it has any."""
    text = as_line(text)
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    if " " in cut[length // 2 :]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:–-") + "…"


def resolve(html: str, puts: Sequence[Put]) -> str:
    """The HTML with what stands for each reference, such as `href="/a/"`, in the place of its marker."""

    def put(found: re.Match[str]) -> str:
        if found["link"] is not None:
            made = puts[int(found["link"])].attributes
            return f" {made}" if made else ""
        attributes, source = puts[int(found["image"])]
        image = f"<img{found['before']} {attributes}{found['after']}>"
        return f"<picture>{source}{image}</picture>" if source else image

    return _MARKER.sub(put, html) if puts else html
