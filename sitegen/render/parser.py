"""markdown-it-py with its rules asked only where they can match: the same tokens, in less time.

The library asks every rule at every place. Nearly every rule begins by looking at one character, so a table of these
characters saves most of the asking. `tests/test_parser.py` compares the tokens with the library's own.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cached_property
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_BLOCK_BEGINS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "reference": "[",
    "footnote_def": "[",
    "html_block": "<",
    "heading": "#",
}
"""The first characters of a line, behind its indentation, that a rule for blocks can match."""
_INLINE_BEGINS = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    "footnote_inline": "^",
    "footnote_ref": "[",
}
"""The characters that a rule inside a line can match."""


class _Rules:
    """The rules of one ruler by the character that they can match; the order stays the ruler's."""

    def __init__(self, ruler: Ruler[Any], begins: dict[str, str], apart: tuple[str, ...]) -> None:
        self.every = ruler.getRules("")
        named = list(zip(ruler.get_active_rules(), self.every, strict=True))
        signs = {sign for name, _ in named for sign in begins.get(name, "")}

        asked = [(begins.get(name), rule) for name, rule in named if name not in apart]
        self.by_sign = {sign: [rule for begin, rule in asked if begin is None or sign in begin] for sign in signs}
        self.others = [rule for begin, rule in asked if begin is None]


class _Block(ParserBlock):
    @cached_property
    def _rules(self) -> _Rules:
        # Code and tables have conditions of their own.
        return _Rules(self.ruler, _BLOCK_BEGINS, apart=("code", "table"))

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        line = startLine
        has_gap = False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            if state.level >= state.md.options.maxNesting:
                state.line = endLine
                break
            for rule in self._asked(state, line):
                if rule(state, line, endLine, False):
                    break
            state.tight = not has_gap
            line = state.line
            # A paragraph in a nested list may take the empty line behind it.
            has_gap = has_gap or (line - 1 < endLine and state.isEmpty(line - 1))
            if line < endLine and state.isEmpty(line):
                has_gap = True
                line += 1
                state.line = line

    def _asked(self, state: StateBlock, line: int) -> list[Any]:
        begin = state.bMarks[line] + state.tShift[line]
        if state.is_code_block(line) or state.src.find("|", begin, state.eMarks[line]) >= 0:
            return self._rules.every
        return self._rules.by_sign.get(state.src[begin : begin + 1], self._rules.others)


class _Inline(ParserInline):
    @cached_property
    def _rules(self) -> _Rules:
        # `text` takes whatever stands before the next character that means something.
        return _Rules(self.ruler, _INLINE_BEGINS, apart=("text",))

    def tokenize(self, state: StateInline) -> None:
        by_sign, others = self._rules.by_sign, self._rules.others
        source, end = state.src, state.posMax
        special = self.terminator_re.search
        deepest = state.md.options.maxNesting
        while state.pos < end:
            place = state.pos
            found = special(source, place, end)
            stop = found.start() if found else end
            if state.level >= deepest:
                state.append_pending(source[place])
                state.pos = place + 1
            elif stop > place:
                state.append_pending(source[place:stop])
                state.pos = stop
            elif not any(rule(state, False) for rule in by_sign.get(source[place], others)):
                state.append_pending(source[place])
                state.pos = place + 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:
        """Skips the next token without creating it; called for each token between the brackets of a link."""
        place = state.pos
        known = state.cache.get(place)
        if known is not None:
            state.pos = known
            return
        found = self.terminator_re.search(state.src, place)
        stop = found.start() if found else state.posMax
        if state.level >= state.md.options.maxNesting:
            state.pos = state.posMax + 1
        elif stop > place:
            state.pos = stop
        else:
            # Rules call each other through here, so this counts as nesting as well.
            state.level += 1
            if not any(rule(state, True) for rule in self._rules.by_sign.get(state.src[place], self._rules.others)):
                state.pos = place + 1
            state.level -= 1
        state.cache[place] = state.pos

    def parse(self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]) -> list[Token]:
        if src and not self.terminator_re.search(src):
            # Words and nothing else, as in most headings, cells and entries of lists.
            tokens.append(Token("text", "", 0, content=src))
            return tokens
        return super().parse(src, md, env, tokens)


class Parser(MarkdownIt):
    """A parser of CommonMark to which rules and plugins may be added before its first text."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__("commonmark", options)
        self.block, self.inline = _Block(), _Inline()
        self.configure("commonmark", options)

    def normalizeLink(self, url: str) -> str:
        # Addresses stay as they were typed: they are judged after parsing, with their place.
        return url

    def validateLink(self, url: str) -> bool:
        return True
