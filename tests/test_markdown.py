"""Texts: quotation marks by language, ids, and that hostile input takes no time."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.render.markdown import parse_body
from sitegen.typography import AS_TYPED, MOST_IN_A_BLOCK, typography_of
from tests.site import ARTICLE, CONFIG, build_site, write_site

NB, NNB = "\u00a0", "\u202f"


def html_of(text: str, language: str | None = "en") -> str:
    return parse_body(text, "a.md", 1, typography_of(language) if language else AS_TYPED).html


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“It’s ‘new’,” she said"),
        ("en-GB", "“It’s ‘new’,” she said"),
        ("sv", "”It’s ’new’,” she said"),
        ("de", "„It’s ‚new‘,“ she said"),
        ("de-CH", "«It’s ‹new›,» she said"),
        ("fr", f"«{NNB}It’s “new”,{NNB}» she said"),
        ("fr-CA", f"«{NB}It’s ”new“,{NB}» she said"),
        ("it", "«It’s “new”,» she said"),
        ("ja", "「It’s 『new』,」 she said"),
        ("zh-Hant", "「It’s 『new』,」 she said"),
        ("zh", "“It’s ‘new’,” she said"),
        ("eo", "“It’s ‘new’,” she said"),
        (None, "&quot;It's 'new',&quot; she said"),
    ],
)
def test_straight_quotation_marks_become_those_of_the_language(language: str | None, expected: str) -> None:
    assert html_of("\"It's 'new',\" she said", language) == f"<p>{expected}</p>"


@pytest.mark.parametrize("text", ['`"a"`', '    "a"', '```\n"a"\n```', '\\"a\\"', '<span title="a">b</span>'])
def test_code_tags_and_escaped_marks_stay_as_they_are(text: str) -> None:
    html = html_of(text)
    assert "“" not in html
    assert "”" not in html


def test_marks_around_emphasis_and_links_are_paired() -> None:
    assert html_of('"*a* [b](https://c.example/)"').startswith("<p>“<em>a</em> <a")
    assert html_of('"*a* [b](https://c.example/)"').endswith("</a>”</p>")


def test_a_heading_has_the_same_id_with_and_without_typographic_quotes() -> None:
    assert 'id="its-the-look"' in html_of('# It\'s "the look"', "en")
    assert 'id="its-the-look"' in html_of('# It\'s "the look"', None)


def test_an_article_keeps_the_marks_of_its_own_language_and_the_site_may_have_none(tmp_path: Path) -> None:
    french = ARTICLE.replace("---\nThe", 'language: fr\n---\n"The')
    page = "output/news/2026/10/second/index.html"
    build_site(write_site(tmp_path, {"content/articles/news/second.md": french.replace("of it.", 'of it."')}))
    assert f"«{NNB}The text of it.{NNB}»" in (tmp_path / page).read_text("utf-8")
    build_site(write_site(tmp_path, {"sitegen.toml": CONFIG + "[markdown]\nsmart_quotes = false\n"}))
    assert "&#34;The text" in (tmp_path / page).read_text("utf-8").replace("&quot;", "&#34;")


def test_footnotes_are_named_to_screen_readers_and_survive_raw_html() -> None:
    for words in ("Words.[^1]", '<span role="img">Words.</span>[^1]'):
        html = parse_body(f"{words}\n\n[^1]: The note.\n", "a.md", 1).html
        assert '<div class="footnotes" role="doc-endnotes">' in html
        assert 'role="img"' not in html


HOSTILE = {
    "brackets": "[" * 100_000,
    "pictures": "![" * 25_000,
    "quotation marks": " \"'" * 20_000,
    "marks in many paragraphs": ("'\"( " * (MOST_IN_A_BLOCK // 4) + "\n\n") * 20,
    "backticks": "`" * 50_000,
    "tags": "<a " * 20_000,
    "open elements": "<div>" * 10_000,
    "quotes": "> " * 3_000 + "a",
    "lists": "".join("  " * depth + "- a\n" for depth in range(400)),
    "emphasis": "*a _b **c " * 5_000,
    "links": "[a](" * 20_000,
    "definitions": "[a]: b\n" * 10_000,
    "footnotes": "".join(f"[^{n}] " for n in range(5_000)) + "\n\n" + "".join(f"[^{n}]: x\n" for n in range(5_000)),
    "equal headings": "# a\n\n" * 5_000,
    "table": "|a" * 10_000 + "\n" + "|-" * 10_000,
    "ampersands": "&" * 50_000,
    "one word": "a" * 1_000_000,
    "no word": "-" * 1_000_000,
}


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_read_in_about_linear_time(text: str) -> None:
    parse_body(text, "a.md", 1, typography_of("en"))
