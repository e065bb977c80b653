"""What strangers may put into texts, one by one: what stands in the page then, and what must be true of each."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from sitegen.engine.build import check
from sitegen.engine.options import Options
from sitegen.problems import Problem, show
from tests.addresses import in_html, in_xml, runs_nothing
from tests.bounded import GIGABYTE, bounded
from tests.seen import faults, prose
from tests.site import CONFIG, NOW, PIXEL, build_site, tree, write_files, write_site

FILE = Path(__file__).parent / "hostile/texts.txt"
_CASE = re.compile(r"^< (?P<typed>.*)\n(?P<expected>(?:[>!?] .*\n)*)", re.MULTILINE)
SECRET = "hunter2-the-secret-of-this-machine"
TRAPS = {"secret.txt": SECRET, "site/.env": SECRET, "site/.git/config": SECRET, "beside/a.html": SECRET}
FRONT = "---\ntitle: T\npublished: 2026-10-01\nsummary: S.\n---\n"
IMAGES: dict[str, str | bytes] = {"content/images/a.png": PIXEL, "content/articles/news/notes.txt": "notes"}


def plain(typed: str) -> str:
    """`a\\nb` as it was typed."""
    return typed.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\" in typed else typed


def escaped(text: str) -> str:
    is_plain = text.isascii() and text.isprintable() and "\\" not in text
    return text if is_plain else text.encode("unicode_escape").decode()


CASES = [(found["typed"], found["expected"]) for found in _CASE.finditer(FILE.read_text("utf-8"))]


class Built(Struct):
    """A site of many texts: the problems of each, and all files of the output; its text is in the pages' order."""

    texts: Sequence[str]
    problems: Mapping[int, list[Problem]]
    output: Mapping[str, bytes]

    def page(self, number: int) -> bytes | None:
        """The page of a text; None where it was refused."""
        return self.output.get(f"news/2026/10/t{number:04}/index.html")


def built(folder: Path, texts: Sequence[str], formats: str) -> Built:
    """A site in a folder between traps: every text that is not refused is published."""
    write_files(folder, dict(TRAPS))
    root = write_site(folder / "site", {"sitegen.toml": f"{CONFIG}\n[downloads]\nformats = {formats}\n", **IMAGES})
    before = tree(folder)
    for number, text in enumerate(texts):
        write_files(root, {f"content/articles/news/t{number:04}.md": FRONT + text})
    found: dict[int, list[Problem]] = {}
    for problem in check(Options(root, root / "output", now=NOW)):
        named = re.search(r"/t(\d{4})\.md$", problem.file)
        assert named, problem
        found.setdefault(int(named[1]), []).append(problem)
    for number, problems in found.items():
        if not all(problem.warning for problem in problems):
            (root / f"content/articles/news/t{number:04}.md").unlink()
    build_site(root)
    after = tree(folder)
    assert {name: after.get(name) for name in before} == before
    new = after.keys() - before.keys()
    assert all(name.startswith(("site/output/", "site/.sitegen/", "site/content/articles/news/t")) for name in new)
    return Built(texts, found, tree(root / "output"))


def judge(site: Built) -> None:
    """What must be true whatever was typed."""
    for number, text in enumerate(site.texts):
        page = site.page(number)
        problems = site.problems.get(number, [])
        assert (page is None) == any(not problem.warning for problem in problems), text
        for problem in problems:
            assert not problem.trace, text
            assert len(problem.message) <= 500 and len(problem.excerpt) <= 200, text
        said = show(problems)
        assert not re.search(r"(?m)^\s*(::|##\[|##vso\[|##teamcity\[)", said), text
        assert all(sign.isprintable() or sign in "\n\u2060" for sign in said), text
        if page is not None:
            assert list(faults(prose(page))) == [], text
    for name, data in site.output.items():
        assert SECRET.encode() not in data, name
        if name.endswith(".html"):
            held = ("data:image/", "data:,")
            assert all(runs_nothing(one) or one.startswith(held) for one in in_html(data.decode())), name
        elif name.endswith(".xml"):
            ET.fromstring(data)
        elif name.endswith(".epub"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                text = book.read("EPUB/article.xhtml").decode()
                assert all(map(runs_nothing, in_xml(text))), name
                assert "<script" not in text.lower(), name


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """All of them in one build, which the system ends where it takes too much."""
    texts = [plain(typed) for typed, _ in CASES]
    return bounded(built, tmp_path_factory.mktemp("strangers"), texts, '["html", "epub"]', memory=GIGABYTE, seconds=120)


def answer(site: Built, number: int) -> str:
    """What came of a text, as the file of the cases says it."""
    lines = [
        f"{'?' if problem.warning else '!'} {problem.line - 5}:{problem.column}: {escaped(problem.message)}\n"
        for problem in site.problems.get(number, [])
    ]
    page = site.page(number)
    if page is not None:
        lines.insert(0, f"> {escaped((prose(page).inner_html or '').strip())}\n")
    return "".join(lines)


def test_what_strangers_type_gives_what_is_known(site: Built, update: bool) -> None:
    if update:
        numbers = iter(range(len(CASES)))
        text = _CASE.sub(lambda found: f"< {found['typed']}\n{answer(site, next(numbers))}", FILE.read_text("utf-8"))
        FILE.write_text(text, "utf-8")
        return
    for number, (typed, expected) in enumerate(CASES):
        assert answer(site, number) == expected, typed


PLANTED = (
    "<script>1</script>",
    "<b onclick=1>x</b>",
    "<a href='java&#10;script:1'>x</a>",
    "<img src='https://x.example/a.png' alt=x>",
    "<svg><b>x</b></svg>",
    "<p style='color: red'>x</p>",
)


@pytest.mark.parametrize("planted", PLANTED)
def test_what_does_harm_is_seen(site: Built, planted: str) -> None:
    page = site.page(1)
    assert page is not None
    assert list(faults(prose(page.replace(b'<div class="prose">', f'<div class="prose">{planted}'.encode()))))


def test_nothing_that_strangers_type_harms_anybody(site: Built) -> None:
    assert len(CASES) >= 400
    judge(site)


@pytest.mark.slow
def test_nor_is_there_any_that_no_pdf_can_be_made_of(tmp_path: Path) -> None:
    judge(built(tmp_path, [plain(typed) for typed, _ in CASES], '["pdf"]'))


# --- what nobody has thought of ----------------------------------------------------------------------------

PIECES = (
    *("<b>", "</b>", "<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<svg>", "</svg>"),
    *("<math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<script>", "</script>", "<template>", "<noscript>"),
    *("</noscript>", "<title>", "</title>", "<textarea>", "<xmp>", "<select>", "<option>", "<form>", "</form>"),
    *("<a ", "<img ", "<b ", "<li>", "<ul>", "</ul>", "<h2>", "</h2>", "<pre>", "</pre>", "<!--", "-->", "--!>"),
    *("<![CDATA[", "]]>", "<?", "?>", "href=", "src=", "onclick=", "title=", "style=", "id=", "class=", "alt="),
    *("cite=", '"', "'", "`", ">", "/>", " ", "\n", "javascript:alert(1)", "&#106;avascript:x", "java\tscript:x"),
    *("https://x.example/", "/jobs/", "data:text/html,x", "&lt;", "&quot;", "&#0;", "&#x1;", "&#xFDD0;", "&#xFDD1;"),
    *("\u2028", "\u3000", "\u202e", "alert(1)", "x", "a loom", "[x](", ")", "![a loom](", "/images/a.png", "```\n"),
    *("    ", "> ", "- ", "1. ", "| a |\n|---|\n", "[^1]", "[^1]: ", "**", "*", "_", "\\", "# ", "{", "}", "<https:"),
    *("<", "</", "<>", "&", ";", "=", "\n\n"),
)


@pytest.mark.slow
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=24).map("".join), min_size=8, max_size=24))
@settings(max_examples=settings().max_examples // 6)
def test_nothing_that_is_put_together_from_pieces_harms_anybody(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    judge(built(tmp_path_factory.mktemp("pieces"), texts, "[]"))


# --- the same texts as values of fields ----------------------------------------------------------------------

FIELDS = """\
---
title: {}
published: 2026-10-01
slug: t{:04}
summary: {}
tags: [{}]
brands: [{}]
people: [{}]
authors: [{}]
translator: [{}]
copyright: {}
source: {{name: {}, url: https://source.example/}}
image: {{src: /images/a.png, alt: {}, caption: {}, credit: {}}}
---
Text.
"""
AD = (
    "- {{title: {}, employer: {}, contract: {}, location: {}, department: {}, description: {}, "
    "url: https://a.example/{:04}}}\n"
)


def filled(form: str, number: int, value: str) -> str:
    """A form with a text in each of its places; at {:04} stands its number."""
    return form.format(*[_Place(number, value)] * form.count("{"))


class _Place(NamedTuple):
    number: int
    value: str

    def __format__(self, spec: str) -> str:
        return format(self.number, spec) if spec else json.dumps(self.value)


def shapes(page: bytes) -> set[str]:
    """The elements of a page, each with its parent's name and those of its attributes."""
    tree = LexborHTMLParser(page)
    assert tree.root is not None
    return {f"{one.parent and one.parent.tag} {one.tag} {' '.join(one.attributes)}" for one in tree.root.traverse()}


def with_fields(folder: Path, values: Sequence[str]) -> Mapping[str, bytes]:
    """What is published of articles and job ads whose fields hold these texts; those that are refused are left out."""
    root = write_site(folder, {**IMAGES, "sitegen.toml": CONFIG + "\n[downloads]\nformats = []\n"})
    (root / "content/articles/news/first.md").unlink()
    names = {f"content/articles/news/t{number:04}.md": number for number in range(len(values))}
    write_files(root, {name: filled(FIELDS, number, values[number]) for name, number in names.items()})
    ads = [filled(AD, number, value) for number, value in enumerate(values)]
    write_files(root, {"content/jobs.yaml": "".join(ads)})
    for _ in range(len(values)):
        wrong = [problem for problem in check(Options(root, root / "output", now=NOW)) if not problem.warning]
        if not wrong:
            break
        assert all(problem.file in (*names, "content/jobs.yaml") for problem in wrong), show(wrong)
        for problem in wrong:
            if problem.file in names:
                (root / problem.file).unlink(missing_ok=True)
            else:
                ads[problem.line - 1] = "\n"
        write_files(root, {"content/jobs.yaml": "".join(ads)})
    build_site(root)
    return tree(root / "output")


@pytest.mark.slow
def test_no_field_adds_an_element_to_any_page(tmp_path: Path) -> None:
    typed = [plain(text) for text, _ in CASES]
    expected = with_fields(tmp_path / "plain", [f"plain {number % 90}" for number in range(len(typed))])
    found = with_fields(tmp_path / "typed", typed)
    known = {shape for name, data in expected.items() if name.endswith(".html") for shape in shapes(data)}
    assert len([name for name in found if re.fullmatch(r"news/2026/10/t\d{4}/index\.html", name)]) > 300
    assert found["jobs/index.html"].count(b'href="https://a.example/') > 300
    for name, data in found.items():
        if name.endswith(".html"):
            assert shapes(data) <= known, (name, shapes(data) - known)
    page = found["news/2026/10/t0000/index.html"]
    for planted in ("<b>x</b>", "<p onclick=x>", "<script>x</script>", "<img src=/a.png onerror=x>"):
        assert shapes(page.replace(b"</h1>", f"{planted}</h1>".encode())) - known, planted


def test_what_takes_too_much_memory_or_time_is_ended() -> None:
    with pytest.raises(AssertionError, match="out of 1024 MB"):
        bounded(bytearray, 2 * GIGABYTE, memory=GIGABYTE)
    with pytest.raises(AssertionError, match="or 1 s"):
        bounded(_never_ends, seconds=1)


def _never_ends() -> None:
    while True:
        pass
