"""Whatever HTML a text holds, its PDF is made: what browsers make the best of, paper does as well."""

from __future__ import annotations

import random
from typing import Any

import nh3
import pytest

from sitegen.bundled import bundled_themes
from sitegen.plan.documents import DocumentView
from sitegen.problems import Problem
from sitegen.render.document import Node, named, texts, tree, with_notes
from sitegen.render.papertree import MOST_DEEP, for_paper
from sitegen.render.rawhtml import _ATTRIBUTES, TAGS
from sitegen.render.theme import load_theme
from sitegen.render.typeset import Typesetter
from tests.site import PIXEL

VIEW = DocumentView(
    site="A paper",
    site_url="https://host.example/",
    title="A title",
    summary="A summary",
    description="A description",
    section="News",
    language="en",
    site_language="en",
    direction="ltr",
    authors=(),
    translators=(),
    keywords=(),
    credits=("One credit",),
    closing=(),
    rights="",
    source="",
    day=(2026, 10, 16),
    published="2026-10-16T08:30:00Z",
    modified="2026-10-16T08:30:00Z",
    url="https://host.example/news/a/",
    image=None,
    paper="a4",
    columns=1,
)
DEEP = ("div", "blockquote", "b", "span", "section")
NOTED = "".join(f'<p>a<sup class="footnote-ref"><a href="#fn{one}" id="fnref{one}">[1]</a></sup></p>' for one in (1, 2))
PICTURE = '<img src="p.png" alt="A pixel">'
ATTRIBUTES = {
    "class": ("align-right", "question", "pull", "speaker", "attribution"),
    "id": ("a", "b", "c"),
    "lang": ("fr", "x", ""),
    "href": ("#a", "#b", "#zzz", "https://host.example/", ""),
    "colspan": ("2", "7", "0", "100", "x"),
    "rowspan": ("2", "0", "400", "x"),
    "start": ("0", "7", "-3", "999999", "x"),
    "src": ("p.png",),
    "alt": ("A pixel", "", "\u200b"),
}


def clean(html: str) -> str:
    """HTML as the sanitiser leaves it."""
    attributes = {tag: names | {"href"} if tag == "a" else names for tag, names in _ATTRIBUTES.items()}
    attributes["img"] = {"src", "alt", "class", "id"}
    return nh3.clean(html, tags=set(TAGS), attributes=attributes, link_rel=None)


@pytest.fixture(scope="module")
def typesetter(tmp_path_factory: pytest.TempPathFactory) -> Typesetter:
    root = tmp_path_factory.mktemp("paper")
    theme, problems = load_theme(root, "default", Problem("sitegen.toml", 0, 0, ""))
    assert theme is not None and not problems, bundled_themes()
    return Typesetter(theme, root / "made")


def measured(nodes: list[Node]) -> list[Node]:
    """Pictures with the size that the program gives them; those without a file are none."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            found.append(node)
        elif node["tag"] != "img" or "src" in node:
            size = {"width": "1", "height": "1"} if node["tag"] == "img" else {}
            found.append({**node, **size, "children": measured(node["children"])})
    return found


def pdf_of(html: str, typesetter: Typesetter) -> bytes:
    body = for_paper(with_notes(measured(tree(clean(html)))))
    return typesetter.pdf(VIEW, body, sorted(named(body)), {"p.png": PIXEL}, "")


ORDINARY = {
    "pre with code": "<pre><code><i>a</i> b</code></pre>",
    "a span beyond the table": '<table><tr><td colspan="9">a</td></tr><tr><td>b</td><td>c</td></tr></table>',
    "rows over each other": '<table><tr><td rowspan="3">a</td><td>b</td></tr><tr><td colspan="2">c</td></tr></table>',
    "rows of unlike length": "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td><td>d</td></tr><tr></tr></table>",
    "no number": '<table><tr><td colspan="100%" rowspan="2px">a</td></tr></table>',
    "an empty table": "<table></table><table><tr></tr></table><table><caption>c</caption></table>",
    "a head that is not first": "<table><tbody><tr><td>a</td></tr></tbody><thead><tr><th>b</th></tr></thead></table>",
    "two heads": "<table><thead><tr><th>a</th></tr></thead><thead><tr><th>b</th></tr></thead></table>",
    "a foot": "<table><tfoot><tr><td>a</td></tr></tfoot><tbody><tr><td>b</td></tr></tbody></table>",
    "a head alone": "<table><thead><tr><th>a</th></tr></thead></table>",
    "a table in a table": "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>",
    "a figure of words": "<figure>text</figure>",
    "a figure of a caption": "<figure><figcaption>c</figcaption></figure><figure></figure>",
    "two captions": f"<figure>{PICTURE}<figcaption>a</figcaption><figcaption>b</figcaption></figure>",
    "two captions and a table": (
        "<figure><table><tr><td>a</td></tr></table><figcaption>b</figcaption><figcaption>c</figcaption></figure>"
    ),
    "notes of blocks": NOTED
    + '<div class="footnotes"><ol><li id="fn1"><p>one</p><p>two</p><ul><li>three</li></ul></li>'
    f'<li id="fn2"><pre>code</pre><table><tr><td>cell</td></tr></table><p>{PICTURE}</p></li></ol></div>',
    "a long number": '<ol start="99999999999999999999"><li>a</li></ol><ol start="-4"><li>b</li></ol>',
    "headings that say nothing": '<h2></h2><h3> </h3><h2 id="a">&nbsp;</h2><h4><br></h4><a href="#a">to a</a>',
    "a heading of a picture": '<h2><img src="p.png" alt="A pixel"></h2>',
    "a heading in a heading": "<h2>a<div><h3>b</h3></div></h2>",
    "lists without entries": "<ul></ul><ol></ol><ul>text<p>par</p></ul><li>alone</li><dl></dl><dl>text</dl><dd>a</dd>",
    "no description": '<img src="p.png"><img src="p.png" alt=" "><figure><img src="p.png" alt="&#8203;"></figure>',
    "a byte-order mark": "<p>a&#xFEFF;b</p>",
    "parts that are led to": "".join(
        f'<{tag} id="{tag}">x</{tag}><a href="#{tag}">to it</a>' for tag in sorted(TAGS - {"td", "th", "tr", "tbody"})
    ),
    "cells that are led to": (
        '<table id="t"><tr id="r"><td id="c">a</td></tr></table><a href="#t">t</a><a href="#r">r</a><a href="#c">c</a>'
    ),
    "an empty part that is led to": '<span id="a"></span><p id="b"></p><a href="#a">a</a><a href="#b">b</a>',
    "a note's name": '<p id="note-fn1">x</p><a href="#note-fn1">y</a>',
    "old elements": "<center><tt>a</tt><strike>b</strike><acronym>c</acronym></center><map><area></map>",
    "ruby": "<ruby>k<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
    **{
        f"deep {tag}": f"<{tag}>" * 90 + "x" + f"</{tag}>" * 90 for tag in ("div", "blockquote", "b", "span", "section")
    },
    "deep lists": "<ul><li>" * 45 + "x" + "</li></ul>" * 45,
    "deep tables": "<table><tr><td>" * 24 + "x" + "</td></tr></table>" * 24,
    "deep figures": "<figure><blockquote>" * 45 + "x" + "</blockquote></figure>" * 45,
    "many rows": '<table><tr><td rowspan="500" colspan="100">a</td><td>b</td></tr></table>',
    "words in pieces": "<p>" + "<b>a</b><i>b</i>" * 300 + "</p>",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_a_pdf_is_made_of_ordinary_html(name: str, typesetter: Typesetter) -> None:
    assert pdf_of(ORDINARY[name], typesetter).startswith(b"%PDF-")


def _random(chance: random.Random, depth: int) -> str:
    parts = []
    for _ in range(chance.randrange(4)):
        tag = chance.choice(NAMES)
        if depth > 6 or chance.random() < 0.3:
            parts.append(
                chance.choice(("text ", " ", "a<br>b", "&nbsp;", "“quoted”", "<hr>", '<img src="p.png" alt="A pixel">'))
            )
            continue
        said = "".join(f' {name}="{chance.choice(ATTRIBUTES[name])}"' for name in ATTRIBUTES if chance.random() < 0.15)
        parts.append(f"<{tag}{said}>{_random(chance, depth + 1)}</{tag}>")
    return "".join(parts)


NAMES = sorted(TAGS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(120))
def test_a_pdf_is_made_of_any_html(seed: int, typesetter: Typesetter) -> None:
    html = "".join(_random(random.Random(f"{seed}-{part}"), 0) for part in range(6))
    assert pdf_of(html, typesetter).startswith(b"%PDF-"), html


# --- what templates may rely on ----------------------------------------------------------------------------


def paper(html: str) -> list[Any]:
    return for_paper(measured(tree(html)))


def test_every_cell_has_its_place() -> None:
    (table,) = paper(
        "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
        '<tbody><tr><td rowspan="0">c</td><td colspan="3">d</td></tr><tr><td>e</td></tr></tbody></table>'
    )
    assert (table["columns"], table["rows"]) == (4, 3)
    cells = [
        (texts(cell["children"]), cell["x"], cell["y"], cell["colspan"], cell["rowspan"])
        for part in table["children"]
        for row in part["children"]
        for cell in row["children"]
    ]
    assert cells == [("a", 0, 0, 1, 1), ("b", 1, 0, 1, 1), ("c", 0, 1, 1, 2), ("d", 1, 1, 3, 1), ("e", 1, 2, 1, 1)]


def test_nothing_is_deeper_than_is_allowed_and_nothing_is_lost() -> None:
    found = paper("<div>a" * 90 + "<p>x<br>y</p>" + "</div>" * 90)

    def deepest(nodes: list[Any]) -> int:
        return max((1 + deepest(node["children"]) for node in nodes if not isinstance(node, str)), default=0)

    assert deepest(found) == MOST_DEEP + 1
    assert texts(found).replace(" ", "") == "a" * 90 + "xy"


def test_the_blocks_of_a_note_stay() -> None:
    ref = '<p>a<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup></p>'
    notes = f'<div class="footnotes"><ol><li id="fn1"><p>one</p><ul><li>two</li></ul>{PICTURE}</li></ol></div>'
    (paragraph,) = for_paper(with_notes(measured(tree(ref + notes))))
    assert not isinstance(paragraph, str)
    assert [one["tag"] for one in paragraph["children"][1]["children"]] == ["p", "ul", "img"]


def test_the_caption_of_a_table_stands_before_it() -> None:
    caption, table = paper("<table><caption>What it costs</caption><tr><td>a</td></tr></table>")
    assert texts([caption]) == "What it costs"
    assert table["tag"] == "table"


def test_what_stands_in_a_list_is_an_entry() -> None:
    (listed,) = paper("<ol start='x'>text<li>entry</li></ol>")
    assert [one["tag"] for one in listed["children"]] == ["li", "li"]
    assert listed["start"] == 1
