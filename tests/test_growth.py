"""Eight times as much of anything takes about eight times as long: nothing is quadratic.

What counts is the ratio of two costs, each the seconds of a processor that one build took; the seconds decide nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import pytest

from sitegen.engine.build import build
from sitegen.engine.options import Options
from sitegen.problems import SiteError
from tests.bounded import GIGABYTE, Cost, bounded, cost
from tests.site import CONFIG, NOW, PIXEL, write_site

MOST = int(os.environ.get("SITEGEN_GROWTH", "0"))
"""The largest size that is tried, in bytes; an article may have 2,097,152."""
TIMES = 8
STEEPEST = 24
"""What is linear costs 8 times as much, what is quadratic 64 times: between them, as far from one as from the other."""
LEAST = 0.1
"""Seconds below which a cost is that of the site around the text."""
MEMORY = 2 * GIGABYTE
ATTEMPTS = 3
"""A machine that is doing something else can spoil a ratio, not three."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not MOST, reason="takes minutes: make test-long"),
]

Make = Callable[[int], str]


def again(unit: str, before: str = "", behind: str = "") -> Make:
    """The same again and again; § in `unit` is the number of each."""

    def make(size: int) -> str:
        left = size - len(before.encode()) - len(behind.encode())
        if "§" not in unit:
            return before + unit * (left // len(unit.encode())) + behind
        parts = []
        for number in count():
            parts.append(unit.replace("§", str(number)))
            left -= len(parts[-1])
            if left < 0:
                break
        return before + "".join(parts[:-1]) + behind

    return make


def both(first: Make, second: Make) -> Make:
    """Half of it one thing, half another."""
    return lambda size: f"{first(size // 2)}\n\n{second(size // 2 - 2)}"


def nested(opening: str, closing: str, before: str = "", behind: str = "") -> Make:
    return lambda size: before + opening * (size // 2 - 9) + closing * (size // 2 - 9) + behind


def ticks(size: int) -> str:
    """Code spans, each with more backticks than the one before, and none of them closed."""
    return " ".join("`" * length for length in range(1, int((2 * size) ** 0.5)))


def wide(size: int) -> str:
    """A table of one row."""
    return "".join(again(f"|{cell}")(size // 3 - 2) + "|\n" for cell in ("a", "-", "b"))


BODIES: Mapping[str, Make] = {
    "words": again("word and word "),
    "one word": again("a"),
    "words without blanks": again("李"),
    "combining": again("\u0301", "a"),
    "lines": again("x\n"),
    "blank lines": again("\n"),
    "blanks": again(" ", "x", "x"),
    "paragraphs": again("x\n\n"),
    "references in a line": again("[r] ", behind="\n\n[r]: /jobs/\n"),
    "references": both(again("[r§] and\n"), again("[r§]: https://a.example/§\n")),
    "references without definition": again("[r] "),
    "definitions": again("[r]: https://a.example/\n"),
    "links": again("[a](https://a.example/§) "),
    "links of the site": again("[a](/news/) "),
    "links that lead nowhere": again("[a](/nowhere/§/) "),
    "links to no heading": again("## H§\n\n[a](#x§)\n\n"),
    "links to files that are not there": again("[a](no§.md)\n"),
    "links that begin": again("[a]("),
    "links of deep parentheses": nested("(", ")", "[a](", ")"),
    "links with titles that begin": again('[a](/news/ "'),
    "headings": again("Heading\n-------\n\n"),
    "headings of many names": again("Heading §\n---------\n\n"),
    "hashes": again("# "),
    "autolinks": again("<https://a.example/> "),
    "bare addresses": again("https://a.example/ a@b.example "),
    "pairs of brackets": again("[]"),
    "pictures that begin": again("!["),
    "pictures": again("![a loom](/images/a.png)\n\n"),
    "pictures in a line": again("![a loom](/images/a.png) "),
    "pictures that are not there": again("![a loom](/images/§.png)\n\n"),
    "emphasis": again("*a* **b** _c_ "),
    "emphasis that begins": again("*a **b _c__d "),
    "strikethrough": again("~~a~~ "),
    "tildes": again("~"),
    "escapes": again("\\* "),
    "backslashes": again("\\"),
    "backticks": ticks,
    "code": again("`a` "),
    "fences": again("```\nx\n```\n"),
    "fences that begin": again("```x "),
    "indented code": again("    x\n"),
    "quotes": again("> x\n"),
    "deep quotes": again("> "),
    "quotes that are deep in each line": again(">" * 40 + " x\n"),
    "lists": again("- x\n* y\n"),
    "lists behind text": again("x\n- y\n\n"),
    "deep lists": again("- "),
    "deep lists of two marks": again("* - "),
    "tables": again("| a |\n|---|\n| x |\n\n"),
    "a long table": again("| x | y |\n", "| a | b |\n|---|---|\n"),
    "a wide table": wide,
    "pipes": again("|"),
    "rules": again("***\n\n"),
    "footnotes": both(again("x[^§]\n"), again("[^§]: note\n\n")),
    "a footnote of many places": again("x[^1] ", behind="\n\n[^1]: note\n"),
    "footnotes without a note": again("x[^§] "),
    "footnotes in the text": again("^[x] "),
    "typographic quotes": again("\"a\" 'b' "),
    "apostrophes": again("'"),
    "dashes": again("a -- b ... "),
    "entities": again("&amp; "),
    "entities that begin": again("&amp &# &#x "),
    "ampersands": again("&"),
    "angles": again("<"),
    "html in the text": again("<b>x</b> "),
    "blocks of html": again("<div>x</div>\n\n"),
    "deep html": again("<div>\n"),
    "html that is never closed": again('<b class="§">'),
    "paragraphs of html": again("<p>x"),
    "tags that begin": again("<a "),
    "tags that end": again("</"),
    "attributes": again("a§=x ", "<b ", ">x</b>"),
    "attributes behind a comment that ends early": again("a§=x ", "<div>\n<!-- --!><b ", ">x</b></div>"),
    "attributes that begin": again('<b a="'),
    "names of places": again('<b id="i§">x</b> '),
    "the same name of a place": again('<b id="i">x</b> '),
    "links of html": again('<a href="https://a.example/§">x</a> '),
    "pictures of html": again('<img src="/images/a.png" alt="a loom"> '),
    "a table of html": again("<tr><td>x</td></tr>\n", "<table>", "</table>"),
    "entries of html": again("<li>"),
    "drawings": again("<svg>"),
    "scripts": again("<script>x</script>"),
    "comments": again("<!-- x --> "),
    "comments that begin": again("<!-- "),
    "instructions": again("<?"),
    "character data": again("<![CDATA["),
    "declarations": again("<!A "),
    "signs that cannot be seen": again("\u200b"),
    "notes without a mark": again("[^§]: note\n\n"),
    "links with a space": again("[a](b c) "),
    "links that are turned round": again("(a)[b.md] "),
    "links without a bracket": again("[a(b.md) a](c.md) "),
    "pictures without an address": again("![a] ![[b.png]] "),
    "references that lead nowhere": again("[a][b] "),
    "shortcodes": again('[a b="c"] [/a] '),
    "shortcodes that begin": again("[a b=[a c='"),
    "tags of templates": again("{{< a >}} {% b %} {{{% "),
    "asterisks with spaces": again("** a ** "),
    "addresses of films": again("https://youtu.be/a "),
    "headings without a space": again("##a\n"),
    "rules of tables": again("a\n-|-|-\n"),
    "code of html": again("<code>'x'</code> 'y' "),
    "comments among elements": again("<p>x<!-- 'x' --><b>\"y\"</b></p>\n\n"),
    "comments in a block": again("<!-- x -->x", "<div>", "</div>"),
    "elements that end with their block": again("<b>x\n\n"),
    "elements that are closed elsewhere": again("<div><b></div><i></b>\n\n"),
    "turns of a talk": again("**A§:** x\n\n"),
    "lines of chinese": again("中\n"),
    "marks among chinese": again('中"'),
    "elisions": again("l'\"a\" '90 po' "),
}
"""Bodies of articles."""


def article(body: str) -> str:
    return f"---\ntitle: T\npublished: 2026-10-01\nsummary: S.\n---\n{body}"


def head(make: Make) -> Make:
    return lambda size: f"---\ntitle: T\npublished: 2026-10-01\n{make(size - 100)}\n---\nx\n"


JOB = (
    "- title: Cutter §\n  employer: House\n  location: GOTHENBURG\n  url: https://a.example/§/\n  posted: 2026-10-01\n"
)
FILES: Mapping[str, tuple[str, int, Make]] = {
    **{
        f"front matter: {name}": ("content/articles/news/first.md", 2 << 20, head(make))
        for name, make in {
            "tags": again("a, ", "tags: [", "a]"),
            "tags of many names": again("a§, ", "tags: [", "a]"),
            "aliases": again("x§, ", "aliases: [", "/a/]"),
            "names": again("name§: x\n"),
            "a long value": again("x", "summary: "),
            "a value of many lines": again("  x\n", "summary: |\n"),
            "comments": again("# x\n"),
            "lists": again("[", "tags: "),
            "quotes": again('"', "summary: "),
            "colons": again("a: "),
            "anchors": again("&a§ x\n", "tags:\n"),
            "number signs": again("a #b ", "summary: "),
            "number signs in lines": again("  #b\n", "summary: a\n"),
            "number signs in a list": again("a #b, #c, ", "tags: [", "a]"),
            "number signs in deep lists": again("[a #b, ", "tags: "),
            "lines of chinese": again("  中\n", "summary: 中\n"),
        }.items()
    },
    **{
        f"jobs: {name}": ("content/jobs.yaml", 2 << 20, make)
        for name, make in {
            "ads": again(JOB),
            "what is no ad": again("- x\n"),
            "what is no ad, in one line": again("x, ", "[", "x]"),
            "number signs": again("- title: a #b\n"),
            "empty values": again("- title: # b\n  url: #c\n"),
            "ads that lack everything": again("- title: x\n"),
            "unknown names": again("  name§: x\n", "- title: x\n"),
            "groups": again("{a: x}, ", "[", "{a: x}]"),
            "deep lists": again("- "),
            "braces": again("{"),
            "text": again("x ", "- title: "),
            "lines of text": again("  x\n", "- title: >\n"),
        }.items()
    },
    **{
        f"settings: {name}": ("sitegen.toml", 256 << 10, make)
        for name, make in {
            "names": again("name§ = 1\n", CONFIG.partition("\n\n")[0] + "\n"),
            "tables": again("[a§]\nb = 1\n"),
            "arrays of tables": again('[[sections]]\nslug = "s§"\ntitle = "S"\n', CONFIG.partition("\n\n")[0] + "\n"),
            "an array": again("1, ", "a = [", "1]\n"),
            "deep arrays": nested("[", "]", "a = "),
            "an inline table": again("a§ = 1, ", "a = {", "z = 1}\n"),
            "dotted names": again("a.b.c.d§ = 1\n"),
            "text": again("x", 'title = "', '"\n'),
            "comments": again("# x\n"),
            "unclosed quotes": again('"'),
        }.items()
    },
}


def taken(root: Path, file: str, text: str) -> Cost:
    """What a build took of a site with this file."""
    shutil.rmtree(root, ignore_errors=True)
    write_site(root, {"content/images/a.png": PIXEL, file: text})

    def once() -> None:
        try:
            build(Options(root, root / "output", now=NOW, workers=1))
        except SiteError as error:
            assert not any(problem.trace for problem in error.problems), error

    return cost(once)


def costs(root: Path, file: str, small: str, large: str) -> tuple[Cost, Cost]:
    taken(root, file, small[:100])
    return taken(root, file, small), taken(root, file, large)


def judge(root: Path, record: Callable[[str, object], None], file: str, make: Make, most: int) -> None:
    ratio = float("inf")
    for _ in range(ATTEMPTS):
        small, large = bounded(costs, root, file, make(most // TIMES), make(most), memory=2 * MEMORY)
        ratio = min(ratio, large.seconds / max(LEAST, small.seconds))
        record("cost", f"{most:,} bytes: {large.seconds:.1f} s, {large.memory >> 20} MB, {ratio:.1f} times as much")
        assert large.memory < MEMORY
        if ratio < STEEPEST:
            return
    pytest.fail(f"{TIMES} times as much takes {ratio:.0f} times as long")


@pytest.mark.parametrize("name", BODIES)
def test_no_text_takes_longer_than_in_proportion(
    tmp_path: Path, record_property: Callable[[str, object], None], name: str
) -> None:
    def make(size: int) -> str:
        return article(BODIES[name](size - 100))

    judge(tmp_path, record_property, "content/articles/news/first.md", make, MOST)


@pytest.mark.parametrize("name", FILES)
def test_nor_does_any_other_file(tmp_path: Path, record_property: Callable[[str, object], None], name: str) -> None:
    file, limit, make = FILES[name]
    judge(tmp_path, record_property, file, make, min(MOST, limit))
