"""The parser that asks fewer rules makes the very tokens of the library's own loop."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from mdit_py_plugins.footnote import footnote_plugin

from bench.corpus import entries
from sitegen.render.parser import Parser
from sitegen.render.prose import _PLAIN
from sitegen.render.reading import count_words
from sitegen.sources.address import has_host

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = sorted((ROOT / "content").rglob("*.md"))

PIECES = (
    *"\n\n\n\n    \t|-:*_`~#>[]()!<&^\\'\"=+1.az5 é界",
    *("\n\n", "\n> ", "\n- ", "\n1. ", "\n    ", "\n```\n", "\n~~~\n", "\n# ", "\n***\n", "\n===\n", "\n---\n"),
    *("| a | b |\n| --- | :-: |\n", "[a](/b 'c')", "![a](b.jpg)", "[a]: /b\n", "[^1]", "\n[^1]: note\n", "^[note]"),
    *("**bold**", "_it_", "~~no~~", "`code`", "<b>", "<div>\n", "<!-- -->", "&amp;", "&#8212;", "<https://a.example>"),
    *("  \n", "\\\n", "word ", "two words"),
)


class _Library(MarkdownIt):
    normalizeLink = Parser.normalizeLink
    validateLink = Parser.validateLink


def _complete(parser: MarkdownIt) -> MarkdownIt:
    parser.enable(["table", "strikethrough"])
    footnote_plugin(parser)
    return parser


OURS = _complete(Parser({"xhtmlOut": False}))
THEIRS = _complete(_Library("commonmark", {"xhtmlOut": False}))


def tokens(parser: MarkdownIt, text: str) -> list[MutableMapping[str, Any]]:
    return [token.as_dict() for token in parser.parse(text)]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_a_bundled_text_gives_the_same_tokens(path: Path) -> None:
    text = path.read_text("utf-8")
    assert tokens(OURS, text) == tokens(THEIRS, text)


def test_texts_of_the_corpus_give_the_same_tokens() -> None:
    for entry in entries(20):
        assert tokens(OURS, entry.body) == tokens(THEIRS, entry.body)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_gives_the_same_tokens(text: str) -> None:
    assert tokens(OURS, text) == tokens(THEIRS, text)


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "[", "![", "^[", "*[", "[^"])
def test_deep_nesting_ends_where_the_library_ends_it(mark: str) -> None:
    text = mark * 60 + "*deep* text" + "](/a)" * 60 + "\n"
    assert tokens(OURS, text) == tokens(THEIRS, text)


@given(st.text("ab1é界_-–'.,  \n\t", max_size=60))
def test_words_are_runs_with_a_letter_or_a_digit(text: str) -> None:
    assert count_words(text) == sum(1 for run in text.split() if any(sign.isalnum() for sign in run))


@given(
    st.sampled_from(["http://", "https://"]),
    st.lists(st.text("az09-", min_size=1, max_size=4), min_size=1, max_size=5).map(".".join),
    st.text("/aZ0._-~%?#'é", max_size=12),
)
def test_an_address_that_is_taken_as_it_is_would_be_judged_and_written_so(scheme: str, host: str, path: str) -> None:
    url = f"{scheme}{host}{path}"
    if _PLAIN.fullmatch(url):
        assert has_host(url)
        assert normalizeLink(url) == url


def test_most_addresses_are_taken_as_they_are() -> None:
    assert _PLAIN.fullmatch("https://source.example/2026/a-story_1.html")
    for url in (
        "https://host",
        "https://HOST.example/",
        "https://a.example/?q",
        "https://a.example:8/",
        "//a.example/",
    ):
        assert not _PLAIN.fullmatch(url)
