"""Quotation marks and apostrophes, in every language and in every place where a text can stand."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sitegen.render.markdown import parse_body
from sitegen.typography import AS_TYPED, Run, typography_of
from tests.paper import words
from tests.site import CONFIG, build_site, write_site
from tests.test_pictures import saved

NNB = "\u202f"


@pytest.mark.parametrize(
    ("language", "typed", "expected"),
    [
        ("en", "the '90s and the models' names", "the ’90s and the models’ names"),
        ("en", "the '80s alone", "the ’80s alone"),
        ("en", "rock 'n' roll and 'Twas 'em", "rock ’n’ roll and ’Twas ’em"),
        ("en", "'7 For All Mankind' and 'the look' of '68", "‘7 For All Mankind’ and ‘the look’ of ’68"),
        ("en", "\"'Tis 'new',\" she said", "“’Tis ‘new’,” she said"),
        ("en", '5\'10" tall, a 6" heel', '5’10" tall, a 6" heel'),
        ("it", "Negli anni '90 un po' di rosa, e l'estate '94", "Negli anni ’90 un po’ di rosa, e l’estate ’94"),
        ("it", "il 'look' dell'\"arte\"", "il “look” dell’«arte»"),
        ("fr", "L'été '68, l'\"affaire\"", f"L’été ’68, l’«{NNB}affaire{NNB}»"),
        ("fr", "aujourd'hui 'l'homme' qu'il", "aujourd’hui “l’homme” qu’il"),
        ("de", "\"'s ist 'ne Mode\", 'gut'", "„’s ist ’ne Mode“, ‚gut‘"),
        ("nl", "'s morgens in 't Hooft", "’s morgens in ’t Hooft"),
        ("sv", '\'90-talet och "snitt"', "’90-talet och ”snitt”"),
        ("es", "los '80 y \"la 'moda'\"", "los ’80 y «la “moda”»"),
        ("zh", '他说"你好"吗', "他说“你好”吗"),
        ("ja", '"新作"と"旧作"', "「新作」と「旧作」"),
        ("en", "one ' alone", "one ’ alone"),
        ("en", '"never closed', '"never closed'),
    ],
)
def test_a_mark_is_an_apostrophe_or_one_of_a_pair(language: str, typed: str, expected: str) -> None:
    assert typography_of(language).set(typed) == expected
    html = parse_body(typed, "a.md", 1, typography_of(language)).html
    assert unescape(html) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("<em>dell</em>'arte", "<em>dell</em>’arte"),
        ("*dell*'arte", "<em>dell</em>’arte"),
        ('<b>\'90s</b> "<i>x</i>"', "<b>’90s</b> “<i>x</i>”"),
        ("<kbd>'a'</kbd> 'b'", "<kbd>'a'</kbd> ‘b’"),
        ("<samp>\"a\"</samp> <code>it's</code> `it's`", "<samp>\"a\"</samp> <code>it's</code> <code>it's</code>"),
        ("<p>'90s \"<i>x</i>\" <!-- it's --></p>", "<p>’90s “<i>x</i>” </p>"),
        ('<pre>it\'s\n"x"</pre>', '<pre>it\'s\n"x"</pre>'),
        ('<p title="it\'s">it\'s</p><p>"a</p><p>b"</p>', '<p title="it\'s">it’s</p><p>"a</p><p>b"</p>'),
    ],
)
def test_marks_in_html_are_set_and_code_is_not(typed: str, expected: str) -> None:
    html = unescape(parse_body(typed, "a.md", 1, typography_of("en")).html)
    assert html.removeprefix("<p>").removesuffix("</p>") == expected.removeprefix("<p>").removesuffix("</p>")


def test_lines_of_chinese_and_japanese_join_without_a_space() -> None:
    parsed = parse_body("中文的\n**标题**\nand\n一个\n", "a.md", 1, AS_TYPED)
    assert parsed.html == "<p>中文的<strong>标题</strong>\nand\n一个</p>"
    assert parsed.text.summary == "中文的标题 and 一个"


PIECES = st.lists(st.sampled_from(("'", '"', "a", "90", "s", " ", ".", "(", "é", "李", "\n", "n", "po")), max_size=30)


@given(PIECES, st.sampled_from(("en", "fr", "it", "de", "ja")))
def test_nothing_but_marks_is_changed(pieces: list[str], language: str) -> None:
    typed = "".join(pieces)
    marks = "".join({*(typography_of(language).quotes or ()), "’"})
    bare = re.compile(f"['\"{marks}]")
    shown = typography_of(language).set(typed)
    assert bare.sub("", shown) == bare.sub("", typed)
    assert "'" not in shown
    runs = [Run(piece) for piece in pieces]
    typography_of(language).set_runs(runs)
    if "\n\n" not in typed:
        assert "".join(run.text for run in runs) == shown


def test_words_in_html_are_counted_and_excerpted() -> None:
    text = "one two three four five six\n\n" * 200
    in_html = "".join(f"<p>{line}</p>\n" for line in text.split("\n\n") if line)
    by_html, by_markdown = parse_body(in_html, "a.md", 1).text, parse_body(text, "a.md", 1).text
    assert (by_html.words, by_html.summary) == (by_markdown.words, by_markdown.summary)
    assert by_html.words == 1200


@pytest.mark.parametrize(
    ("typed", "words_in_it", "summary"),
    [
        ("<h2>A head</h2>\n<p>First one.</p>\n\nSecond one.", 6, "First one."),
        ("First one.\n\n<p>Second one.</p>", 4, "First one."),
        ("<table><tr><td>A cell</td></tr></table>\n\nFirst one.", 4, "First one."),
        ("<script>var a = 1</script>\n\n<div>It &amp; more</div>", 2, "It & more"),
        ("<!-- not said -->\n\n<div>\n\nFirst one.\n\n</div>", 2, "First one."),
        ('![A loom](loom.jpg "The caption")\n\nFirst one.', 4, "First one."),
        ("First one[^1].\n\n[^1]: A note.", 4, "First one."),
    ],
)
def test_the_first_words_are_those_of_running_text(typed: str, words_in_it: int, summary: str) -> None:
    text = parse_body(typed, "a.md", 1).text
    assert (text.words, text.summary) == (words_in_it, summary)


TYPED = "It's the '90s, \"slow\" one"
SHOWN = "It’s the ’90s, “slow” one"


def typed(place: int) -> str:
    return f"{TYPED} P{place:02d}"


def quoted(place: int) -> str:
    return "'" + typed(place).replace("'", "''") + "'"


ARTICLE = f"""---
title: {typed(1)}
published: 2026-10-01
summary: {typed(2)}
tags: [{quoted(3)}]
brands: [{quoted(4)}]
people: [{quoted(5)}]
authors: [{quoted(6)}]
translator: {typed(7)}
image: {{src: /images/loom.png, alt: {quoted(8)}, caption: {quoted(9)}, credit: {quoted(10)}}}
source: {{name: {quoted(11)}, url: "https://example.org/"}}
original: {{language: fr, url: "https://example.org/", note: {quoted(12)}}}
copyright: {typed(13)}
---
{typed(14)}[^1].

## {typed(15)}[^1]

- {typed(16)}

> {typed(17)}

| {typed(18)} |
| --- |
| {typed(19)} |

![{typed(20)}](/images/loom.png "{typed(21).replace('"', chr(92) + '"')}")

Words and ![{typed(22)}](/images/loom.png) in a line.

[a link](https://example.org/ "{typed(23).replace('"', chr(92) + '"')}")

<p>{typed(24)}</p>
<ul><li><b>{typed(25)}</b></li></ul>

<figure><img src="/images/loom.png" alt="A loom"><figcaption>{typed(26)}</figcaption></figure>

Words <small>{typed(27)}</small>.

[^1]: {typed(28)}
"""
PLAIN = f"---\ntitle: A\npublished: 2026-10-02\n---\n{typed(29)}\n"
PAGE = f"---\ntitle: {typed(30)}\nsummary: {typed(31)}\n---\n{typed(32)}\n"
JOBS = f"""
- employer: {typed(33)}
  title: {typed(34)}
  contract: {typed(35)}
  location: {typed(36)}
  department: {typed(37)}
  description: |
    {typed(38)}

    {typed(39)}
"""
ADS = f"- image: /images/loom.png\n  alt: {typed(40)}\n  url: /jobs/\n  label: {typed(41)}\n"
SITE = CONFIG.replace('title = "Tiny"', f"title = '''{typed(42)}'''").replace(
    'title = "News"', f"title = '''{typed(43)}'''"
)
SETTINGS = f"description = '''{typed(44)}'''\ncopyright = '''{typed(45)}'''\n"
NOT_IN_PAGES = {23}


def every_text(output: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(output.rglob("*")):
        name = path.relative_to(output).as_posix()
        if path.suffix in (".html", ".xml", ".json", ".txt"):
            found[name] = path.read_text("utf-8")
        elif path.suffix == ".pdf":
            found[name] = words(path)
        elif path.suffix == ".epub":
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
                texts = (inner for inner in book.namelist() if inner.endswith(("html", "opf")))
                found |= {f"{name}/{inner}": book.read(inner).decode() for inner in texts}
    return found


@pytest.mark.parametrize("theme", ["default", "bobbin"])
def test_every_place_of_a_text_gets_what_running_text_gets(tmp_path: Path, theme: str) -> None:
    site = write_site(
        tmp_path,
        {
            "sitegen.toml": f'{SETTINGS}theme = "{theme}"\n{SITE}[downloads]\nformats = ["pdf", "epub", "html"]\n',
            "content/articles/news/first.md": ARTICLE,
            "content/articles/news/plain.md": PLAIN,
            "content/pages/about.md": PAGE,
            "content/jobs.yaml": JOBS,
            "content/ads.yaml": ADS,
            "content/images/loom.png": saved(Image.new("RGB", (40, 30)), "PNG"),
        },
    )
    build_site(site)
    seen: dict[int, set[str]] = {}
    for name, text in every_text(site / "output").items():
        for found in re.finditer(r"(.{0,60}?)\s*P(\d\d)", unescape(unescape(text)), re.DOTALL):
            before = " ".join(re.sub(r"<[^>]*>", "", found[1]).split())
            assert before.endswith(SHOWN), f"{name}: {before} P{found[2]}"
            seen.setdefault(int(found[2]), set()).add(name)
    assert sorted(seen) == list(range(1, 46))
    article = next(name for name in seen[1] if name.endswith("first/index.html"))
    for place in (1, *range(6, 29)):
        assert article in seen[place], place
    for kind in ("print.html", ".pdf", ".epub/EPUB/article.xhtml"):
        told = {place for place, names in seen.items() if any(name.endswith(kind) for name in names)}
        assert told >= {1, *range(6, 8), *range(9, 20), 21, *range(24, 29)} - NOT_IN_PAGES, kind
    assert "feed.xml" in seen[1] & seen[2] & seen[29]


def test_a_mark_of_a_footnote_stands_in_no_contents(tmp_path: Path) -> None:
    site = write_site(
        tmp_path,
        {
            "sitegen.toml": CONFIG + '[downloads]\nformats = ["pdf", "epub"]\n',
            "content/articles/news/a.md": "---\ntitle: A\npublished: 2026-10-01\n---\n## A part[^1]\n\n[^1]: N.",
        },
    )
    build_site(site)
    for name, text in every_text(site / "output").items():
        if name.endswith("nav.xhtml"):
            assert ">A part<" in text
            return
    raise AssertionError("no contents")
