"""Sets the quotation marks and apostrophes of a parsed text, and joins its lines, before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from sitegen.render.htmlscan import tags
from sitegen.render.misread import HELD, may_hold_slips
from sitegen.text import has_no_spaces
from sitegen.typography import Run, Typography

_VERBATIM = frozenset(("code", "kbd", "pre", "samp", "script", "style", "svg", "textarea", "tt", "var"))
"""Elements whose text is shown as it was typed, or not at all."""
PHRASES = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "img"),
        *("ins", "mark", "q", "rp", "rt", "ruby", "s", "small", "span", "strike", "strong", "sub", "sup", "time"),
        *("tt", "u", "wbr", "code", "kbd", "samp", "var"),
    )
)
"""Elements that stand in a line; any other one ends it."""
_MARKUP = frozenset(f"{kind}_{end}" for kind in ("em", "strong", "s", "link") for end in ("open", "close"))
"""What takes no room of its own among the words."""
_NAME = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")


def typeset(state: StateCore) -> None:
    """The rule of the parser's core; `typography` is found in the environment of the parsing."""
    typography: Typography = state.env["typography"]
    for token in state.tokens:
        if token.type == "inline" and token.children:
            typed = token.content
            if "\n" in typed and not typed.isascii():
                token.children = _joined(token.children)
            if may_hold_slips(typed):
                words = _understood(token.children)
                if may_hold_slips(words):
                    token.meta["words"] = words
            if "'" in typed or '"' in typed:
                _set_inline(token.children, typography)
        elif token.type == "html_block":
            token.content = _set_html(token.content, typography)


def _understood(children: Sequence[Token]) -> str:
    """The words of a block, with what the parser has understood taken out."""
    return "".join(
        child.content if child.type == "text" else "\n" if child.type in ("softbreak", "hardbreak") else HELD
        for child in children
        if child.type not in _MARKUP
    )


def _joined(children: list[Token]) -> list[Token]:
    """The same without the line ends between Chinese and Japanese characters, where no space belongs."""
    if not any(child.type == "softbreak" for child in children):
        return children
    kept: list[Token] = []
    before = ""
    for place, child in enumerate(children):
        if child.type == "softbreak" and before and has_no_spaces(before):
            following = place + 1
            while following < len(children) and not children[following].content:
                following += 1
            if following < len(children) and has_no_spaces(children[following].content[0]):
                continue
        kept.append(child)
        before = child.content[-1:] or before
    return kept


def _set_inline(children: Sequence[Token], typography: Typography) -> None:
    runs: list[Run] = []
    texts: list[tuple[Token, Run]] = []
    verbatim: list[str] = []
    for child in children:
        if child.type == "text":
            runs.append(Run(child.content, child.level, is_fixed=bool(verbatim)))
            texts.append((child, runs[-1]))
        elif child.type in ("softbreak", "hardbreak"):
            runs.append(Run("\n", child.level, is_fixed=True))
        elif child.type == "html_inline":
            runs.append(Run(_stands_for(child.content, verbatim), child.level, is_fixed=True))
        elif child.type in ("text_special", "code_inline"):
            runs.append(Run(child.content, child.level, is_fixed=True))
        elif child.type == "image":
            runs.append(Run(HELD, child.level, is_fixed=True))
            _set_inline(child.children or (), typography)
        if child.attrs.get("title"):
            child.attrs["title"] = typography.set(str(child.attrs["title"]))
    typography.set_runs(runs)
    for token, run in texts:
        token.content = run.text


def _stands_for(tag: str, verbatim: list[str]) -> str:
    """What a tag is among the text around it: nothing, or the end of a line. Notes which elements are `verbatim`."""
    found = _NAME.match(tag)
    if found is None:
        return ""
    name = found[2].lower()
    if name in _VERBATIM:
        if not found[1]:
            verbatim.append(name)
        elif name in verbatim:
            verbatim.remove(name)
    return "" if name in PHRASES else "\n"


def _set_html(html: str, typography: Typography) -> str:
    """A block of HTML as it was typed; nothing in its tags is changed."""
    pieces: list[tuple[str, Run | None]] = []
    block: list[Run] = []
    verbatim: list[str] = []
    for piece, is_text in _pieces(html):
        run = Run(piece, is_fixed=bool(verbatim)) if is_text else Run(_stands_for(piece, verbatim), is_fixed=True)
        pieces.append((piece, run if is_text else None))
        if run.text == "\n" and not is_text:
            typography.set_runs(block)
            block = []
        else:
            block.append(run)
    typography.set_runs(block)
    return "".join(piece if run is None else _BARE_AMPERSAND.sub("&amp;", run.text) for piece, run in pieces)


_BARE_AMPERSAND = re.compile(r"&(?=[A-Za-z])(?![A-Za-z][A-Za-z0-9]{1,31};)")
"""HTML reads some names as entities even without a semicolon; nobody means those: `Beauty&ethics`."""


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """Texts (True), and tags and comments (False), in their order."""
    done = 0
    for start, stop in tags(html):
        if start > done:
            yield html[done:start], True
        yield html[start:stop], False
        done = stop
    if done < len(html):
        yield html[done:], True
