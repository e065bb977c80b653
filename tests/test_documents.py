"""Files for keeping: PDF typeset by Typst, and EPUB; what stands in them, and when they are made."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sitegen.problems import SiteError
from sitegen.render.document import named, texts, tree, with_notes, xml
from tests.checkers.books import epubcheck
from tests.hurts import ARTICLES, HEADLINE, PARAGRAPHS, WORD, write_hurting_site
from tests.paper import facts, pictures, words
from tests.paper import texts as texts_of_pages
from tests.site import ARTICLE, CONFIG, build_site, let_settle, write_files, write_site
from tests.site import tree as files_of
from tests.test_pictures import quarters, saved

BOTH = CONFIG + '\n[downloads]\nformats = ["pdf", "epub"]\n'
FIRST = "content/articles/news/first.md"
FOLDER = "news/2026/10/first"
FULL = (
    ARTICLE.replace(
        "summary:",
        "authors: [Maud Ellery]\ntranslator: Jonas Wikander\n"
        "tags: [wool]\ncopyright: © Somebody\n"
        "source: {name: Le Fil, url: 'https://fil.example/a'}\n"
        "image: {src: /images/a.jpg, alt: Four colours}\nsummary:",
    )
    + "\n## A heading\n\nText with *emphasis* and a [link](https://host.example/x).[^1]\n\n"
    "![Four colours again](/images/a.jpg 'A caption')\n\n[^1]: A note.\n"
)


def documents(tmp_path: Path, text: str = FULL, config: str = BOTH) -> Path:
    files: dict[str, str | bytes] = {
        "sitegen.toml": config,
        FIRST: text,
        "content/images/a.jpg": saved(quarters(400, 300)),
    }
    return write_site(tmp_path, files)


def pdf(root: Path) -> bytes:
    return (root / f"output/{FOLDER}/download.pdf").read_bytes()


def epub(root: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(root / f"output/{FOLDER}/download.epub") as file:
        return {name: file.read(name) for name in file.namelist()}


# --- the text as a tree ------------------------------------------------------------------------------------


def test_blanks_between_blocks_are_no_text() -> None:
    assert tree("<ul>\n<li>one\ntwo</li>\n</ul>\n<p>a <em>b</em> c</p>") == [
        {"tag": "ul", "children": [{"tag": "li", "children": ["one two"]}]},
        {"tag": "p", "children": ["a ", {"tag": "em", "children": ["b"]}, " c"]},
    ]


def test_what_is_set_as_typed_keeps_its_blanks() -> None:
    assert texts(tree("<pre><code>a\n  b\n</code></pre>")) == "a\n  b\n"


def test_a_picture_stands_without_what_is_for_browsers() -> None:
    (node,) = tree('<picture><source srcset="a"><img src="b" alt="c"></picture>')
    assert node == {"tag": "img", "children": [], "src": "b", "alt": "c"}


def test_a_note_stands_where_it_is_first_referred_to() -> None:
    ref = '<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup>'
    back = '<a class="footnote-backref" href="#fnref1">^</a>'
    list_of = f'<div class="footnotes"><ol><li id="fn1"><p>Why. {back}</p></li></ol></div>'
    nodes = with_notes(tree(f'<p>a{ref} b{ref}</p><hr class="footnotes-sep">{list_of}'))
    assert nodes == [
        {
            "tag": "p",
            "children": [
                "a",
                {"tag": "note", "name": "fn1", "children": ["Why."]},
                " b",
                {"tag": "note", "name": "fn1", "children": []},
            ],
        }
    ]


def test_xml_is_well_formed_whatever_is_said() -> None:
    html = '<p title="a &quot;b&quot; &lt;c&gt;">a &amp; b<br>&lt;x&gt;<img src="a" alt="&amp;"></p>'
    made = xml(tree(html))
    assert ElementTree.fromstring(made).get("title") == 'a "b" <c>'
    assert named(tree('<h2 id="a">x</h2><p><span id="b"></span></p>')) == {"a", "b"}


# --- what stands in them -----------------------------------------------------------------------------------


def test_an_epub_is_a_text_with_its_pictures_and_what_is_said_of_it(tmp_path: Path) -> None:
    root = documents(tmp_path)
    build_site(root)
    parts = epub(root)
    assert next(iter(parts)) == "mimetype"
    assert {"EPUB/article.xhtml", "EPUB/lead.jpg", "EPUB/picture-1.jpg", "EPUB/nav.xhtml"} <= parts.keys()
    assert parts["mimetype"] == b"application/epub+zip"
    for name in parts:
        if name.endswith((".xhtml", ".opf", ".xml")):
            ElementTree.fromstring(parts[name])
    package = parts["EPUB/package.opf"].decode()
    for said in ("Maud Ellery", "Jonas Wikander", ">trl<", "© Somebody", "https://fil.example/a", ">wool<", "Tiny"):
        assert said in package
    assert "article.xhtml#a-heading" in parts["EPUB/nav.xhtml"].decode()
    article = parts["EPUB/article.xhtml"].decode()
    assert "A note." in article and 'src="picture-1.jpg"' in article and "loading" not in article


def test_the_same_article_gives_the_same_bytes(tmp_path: Path) -> None:
    root = documents(tmp_path)
    build_site(root, workers=1)
    before = files_of(root / "output")
    shutil.rmtree(root / ".sitegen")
    build_site(root, workers=2, output="elsewhere")
    assert files_of(root / "elsewhere") == before
    assert f"{FOLDER}/download.pdf" in before


def test_nothing_that_is_written_is_a_command(tmp_path: Path) -> None:
    hostile = '#panic("no") $x$ *a* _b_ `#c` @d <e> // f /* g */ \\ "h" #include "/etc/passwd" [i] = j'
    text = ARTICLE.replace("A first headline", "'#panic() $x$'").replace(
        "The text of it.", f"{hostile}\n\n## #panic()\n"
    )
    root = documents(tmp_path, text)
    build_site(root)
    assert pdf(root).startswith(b"%PDF-1.7")


def test_links_and_toolbar_lead_to_the_files(tmp_path: Path) -> None:
    root = documents(tmp_path)
    build_site(root)
    page = (root / f"output/{FOLDER}/index.html").read_text("utf-8")
    for name in ("pdf", "epub"):
        assert f'href="/{FOLDER}/download.{name}" download="first.{name}"' in page
    assert not (root / f"output/{FOLDER}/download.html").exists()


@pytest.mark.slow
def test_two_columns_and_another_paper_are_another_file(tmp_path: Path) -> None:
    root, file = documents(tmp_path), tmp_path / f"output/{FOLDER}/download.pdf"
    build_site(root)
    assert facts(file)["Page size"].endswith("(A4)")
    write_files(root, {"sitegen.toml": BOTH + 'paper = "us-letter"\n'})
    build_site(root)
    assert facts(file)["Page size"].endswith("(letter)")
    letter = file.read_bytes()
    write_files(root, {"sitegen.toml": BOTH + 'paper = "us-letter"\ncolumns = 2\n'})
    assert f"{FIRST} (pdf)" in dict(build_site(root).made)
    assert file.read_bytes() != letter


def test_a_part_may_have_any_name(tmp_path: Path) -> None:
    root = documents(tmp_path, ARTICLE + "\n<h2 id='a\"b&c'>A part</h2>\n\n[There](#a\"b&c)\n")
    build_site(root)
    navigation = ElementTree.fromstring(epub(root)["EPUB/nav.xhtml"])
    assert 'article.xhtml#a"b&c' in {element.get("href") for element in navigation.iter()}


# --- what cannot be typeset --------------------------------------------------------------------------------


def test_a_letter_that_no_font_has_is_a_problem_with_its_place(tmp_path: Path) -> None:
    root = documents(tmp_path, ARTICLE.replace("The text of it.", "The text of it.\nWith a 布 in it."))
    with pytest.raises(SiteError) as caught:
        build_site(root)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == (FIRST, 7, 8)
    assert problem.message == 'the PDF has no letter for "布"'
    assert "themes/default/documents/fonts/" in problem.hint
    assert "downloads: [html]" in problem.hint
    assert not (root / "output").exists() or not files_of(root / "output")


def test_an_article_may_do_without_a_pdf(tmp_path: Path) -> None:
    root = documents(tmp_path, ARTICLE.replace("summary:", "downloads: [epub]\nsummary:") + "布\n")
    build_site(root)
    assert not (root / f"output/{FOLDER}/download.pdf").exists()
    assert "布" in epub(root)["EPUB/article.xhtml"].decode()


def test_a_mistake_in_the_template_is_told_with_its_place(tmp_path: Path) -> None:
    root = documents(tmp_path)
    write_files(root, {"themes/default/documents/article.typ": '#set document(title: "A")\n= A\n#nonsense\n'})
    with pytest.raises(SiteError) as caught:
        build_site(root)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("themes/default/documents/article.typ", 3, 2)
    assert problem.message.startswith("the PDF cannot be made: unknown variable: nonsense (while")
    assert problem.excerpt == "#nonsense"


@pytest.mark.parametrize("is_panic", [False, True], ids=["an error", "a panic"])
def test_what_cannot_be_set_is_told_at_the_writers_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_panic: bool
) -> None:
    """No HTML is known that the bundled template cannot set: here it is given one."""
    root = documents(tmp_path, f"{FULL}\nSome words.\n\nThe guilty paragraph, of <b>all</b>.\n\nMore words.\n")
    import typst

    class PanicException(BaseException):
        """As the library's own look to Python."""

    real = typst.Compiler

    class Compiler:
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.inner = real(*arguments, **options)

        def compile(self, **options: Any) -> Any:
            if "guilty" in options["sys_inputs"]["data"]:
                raise PanicException("out of bounds") if is_panic else typst.TypstError("not this", "")
            return self.inner.compile(**options)

    monkeypatch.setattr(typst, "Compiler", Compiler)
    with pytest.raises(SiteError) as caught:
        build_site(root)
    (problem,) = caught.value.problems
    text = (root / FIRST).read_text("utf-8").splitlines()
    assert (problem.file, text[problem.line - 1]) == (FIRST, "The guilty paragraph, of <b>all</b>.")
    assert problem.message.startswith("the PDF cannot be made of what stands here: ")
    assert "downloads: [html]" in problem.hint


# --- when they are made ------------------------------------------------------------------------------------


def made_by(root: Path) -> set[str]:
    let_settle()
    return {key for key, _ in build_site(root).made if "(" in key}


@pytest.mark.slow
def test_documents_are_made_when_what_they_show_has_changed(tmp_path: Path) -> None:
    root = documents(tmp_path)
    second = ARTICLE.replace("A first", "A second").replace("2026-10-01", "2026-10-02")
    write_files(root, {"content/articles/news/second.md": second})
    both = {f"{FIRST} (pdf)", f"{FIRST} (epub)"}
    assert made_by(root) == both | {f"content/articles/news/second.md ({name})" for name in ("pdf", "epub")}
    assert made_by(root) == set()
    write_files(root, {"content/jobs.yaml": "- employer: Loom & Co\n  title: Dyer\n"})
    assert made_by(root) == set()
    write_files(root, {"content/articles/news/second.md": second.replace("A second", "Another")})
    assert made_by(root) == {f"content/articles/news/second.md ({name})" for name in ("pdf", "epub")}
    write_files(root, {"themes/default/static/css/print.css": "p { color: #111 }\n"})
    assert made_by(root) == set()
    write_files(root, {FIRST: FULL + "\nMore.\n"})
    assert made_by(root) == both
    write_files(root, {"content/images/a.jpg": saved(quarters(400, 300).rotate(180))})
    assert made_by(root) == both
    typ = (Path(__file__).parent.parent / "themes/default/documents/article.typ").read_text("utf-8")
    write_files(root, {"themes/default/documents/article.typ": typ.replace("#a3172e", "#000000")})
    assert {key.rpartition(" ")[2] for key in made_by(root)} == {"(pdf)"}
    write_files(root, {"themes/default/documents/epub.css": "p { margin: 0 }\n"})
    assert {key.rpartition(" ")[2] for key in made_by(root)} == {"(epub)"}
    clean = build_site(root, output="elsewhere")
    assert clean.files and files_of(root / "elsewhere") == files_of(root / "output")


def test_only_the_newest_articles_have_them_where_that_is_said(tmp_path: Path) -> None:
    config = BOTH + 'for = "recent:1"\n\n[variants]\nfor = "recent:2"\n'
    root = documents(tmp_path, config=config)
    for day in (2, 3):
        text = ARTICLE.replace("A first", f"No. {day}").replace("-10-01", f"-10-0{day}")
        write_files(root, {f"content/articles/news/{day}.md": text})
    build_site(root)
    kept = [sorted(path.name for path in (root / f"output/news/2026/10/{n}").iterdir()) for n in ("3", "2", "first")]
    assert kept[0] == [
        *("download.epub", "download.pdf", "index.html", "large.html", "print.html", "small.html", "x-large.html"),
    ]
    assert kept[1] == ["index.html", "large.html", "print.html", "small.html", "x-large.html"]
    assert kept[2] == ["index.html"]


PREVIEW = """
import sys
from pathlib import Path
from sitegen.engine.live import Live
from sitegen.engine.options import Options
from tests.site import NOW, build_site
from tests.test_documents import ARTICLE, FIRST, FOLDER, write_files
root = Path(sys.argv[1])
live = Live(Options(root, root / "preview", now=NOW))
live.look()
for name in ("pdf", "epub"):
    one = live.site.file(f"{FOLDER}/download.{name}")
    assert one.data == (root / f"output/{FOLDER}/download.{name}").read_bytes(), one.problems
# What typesets keeps threads: from now on nothing is forked, and everything works all the same.
build_site(root, workers=2, output="elsewhere")
write_files(root, {FIRST: ARTICLE + "\u5e03\\n"})
live.look()
print(*(problem.message for problem in live.site.file(f"{FOLDER}/download.pdf").problems))
"""


@pytest.mark.slow
def test_a_preview_makes_them_when_they_are_asked_for(tmp_path: Path) -> None:
    root = documents(tmp_path)
    build_site(root)
    # In a process of its own: this one is to fork again.
    done = subprocess.run([sys.executable, "-c", PREVIEW, str(root)], capture_output=True, text=True, timeout=60)
    assert done.stdout == 'the PDF has no letter for "布"\n', done.stderr
    assert files_of(root / "elsewhere") == files_of(root / "output")


def test_a_zip_says_nothing_of_when_and_where_it_was_made(tmp_path: Path) -> None:
    root = documents(tmp_path)
    build_site(root)
    with zipfile.ZipFile(io.BytesIO((root / f"output/{FOLDER}/download.epub").read_bytes())) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.infolist()[0].compress_type == zipfile.ZIP_STORED


# --- as other programs read them ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hurting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site whose articles a layout can break on."""
    root = write_hurting_site(tmp_path_factory.mktemp("site"))
    config, chinese = root / "sitegen.toml", root / "content/articles/news/chinese.md"
    config.write_text(config.read_text("utf-8") + '\n[downloads]\nformats = ["pdf", "epub"]\n', "utf-8")
    chinese.write_text(chinese.read_text("utf-8").replace("language: zh", "language: zh\ndownloads: [epub]"), "utf-8")
    build_site(root)
    return root / "output"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in ARTICLES if name != "chinese"])
def test_a_pdf_is_tagged_and_says_what_it_is(hurting: Path, name: str) -> None:
    found = facts(hurting / f"news/2026/10/{name}/download.pdf")
    assert found["Tagged"] == "yes"
    assert found["Page size"].endswith("(A4)")
    assert found["Title"]
    assert " Oct " in found["CreationDate"] and found["CreationDate"].endswith("2026 UTC")


@pytest.mark.slow
def test_all_of_a_text_stands_in_its_pdf(hurting: Path) -> None:
    def said(name: str) -> str:
        return words(hurting / f"news/2026/10/{name}/download.pdf")

    assert "".join(said("long").split()).count("Clothissoldbythemetre") == 6 * PARAGRAPHS
    assert "".join(said("word").split()).count(WORD) >= 6
    table = said("table").split()
    assert [table.count(word) for word in ("Column", "Another")] == [12, 12]
    everything = said("everything")
    for text in (
        "Everything at once",
        "Jonas Wikander",
        "A caption",
        "A note.",
        "Because.",
        "— Somebody",
        "Handelsbladet",
    ):
        assert text in everything
    assert "tiny.example/news/2026/10/everything" in everything
    assert HEADLINE in said("headline")


@pytest.mark.slow
def test_pages_are_numbered_and_headed(hurting: Path) -> None:
    pages = texts_of_pages(hurting / "news/2026/10/long/download.pdf")
    assert len(pages) > 10
    assert [page.split()[-3:] for page in pages] == [[str(n), "/", str(len(pages))] for n in range(1, len(pages) + 1)]
    assert all(page.strip().startswith("Three hundred paragraphs") for page in pages[1:])


@pytest.mark.slow
def test_epubcheck_has_nothing_to_say(hurting: Path, tmp_path: Path) -> None:
    found = {path.parent.name: path for path in hurting.rglob("download.epub")}
    assert found.keys() == ARTICLES.keys()
    for name in ("everything", "chinese"):
        assert epubcheck(found[name]) == []
    with zipfile.ZipFile(found["bare"]) as good, zipfile.ZipFile(tmp_path / "bad.epub", "w") as bad:
        for entry in good.infolist():
            bad.writestr(entry, good.read(entry).replace(b"<h1>", b"<h7>"))
    assert any("RSC-016" in line or "RSC-005" in line for line in epubcheck(tmp_path / "bad.epub"))


def test_a_decorative_picture_says_nothing_anywhere(tmp_path: Path) -> None:
    text = FULL.replace("alt: Four colours}", "decorative: true}").replace("![Four colours again]", "![decorative]")
    root = documents(tmp_path, text, BOTH.replace('"epub"', '"epub", "html"'))
    build_site(root)
    for name in ("index.html", "print.html", "download.html"):
        page = (root / f"output/{FOLDER}/{name}").read_text("utf-8")
        article = page[page.index("<article") : page.index("</article>")]
        assert article.count('alt=""') == article.count("<img ") == 2, name
        assert "og:image:alt" not in page
    assert epub(root)["EPUB/article.xhtml"].count(b'alt=""') == 2
    # Every PDF is checked against PDF/UA-1, which wants a description of whatever is no decoration.
    assert len(pictures(root / f"output/{FOLDER}/download.pdf")) == 2
