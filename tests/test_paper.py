"""Every picture of an article is in its files for keeping and on paper, once, whole and inside the margins."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hurts import picture
from tests.paper import pictures, words
from tests.reader import Reader, reading
from tests.site import CONFIG, build_site, set_theme, write_files

TEXT = "Cloth is sold by the metre and bought by the hand. " * 9
PORTRAIT, LANDSCAPE, STRIP, PANORAMA = (400, 600), (640, 360), (200, 1400), (1200, 300)
PLACES = """\
![Alone](/images/{0}.jpg "Caption alone")

![One of two](/images/{1}.jpg "Caption one") ![Two of two](/images/{2}.jpg "Caption two")

[![Linked](/images/{3}.jpg "Caption linked")](https://host.example/)
![Below it](/images/{4}.jpg)

A sentence with a ![picture](/images/{5}.jpg "Caption inside") in it.

A sentence with [![another](/images/{6}.jpg)](https://host.example/) in it.

- in a list ![entry](/images/{7}.jpg)
- ![alone in an entry](/images/{8}.jpg "Caption entry")

> quoted ![quoted](/images/{9}.jpg "Caption quoted")

| a | b |
|---|---|
| ![cell](/images/{10}.jpg) | ![cell](/images/{11}.jpg "Caption cell") |

## A heading ![heading](/images/{12}.jpg "Caption heading")

<details><summary>More</summary><p>What opens.</p><img src="/images/{13}.jpg" alt="opened"></details>

<p><b>bold <img src="/images/{14}.jpg" alt="bold"></b></p>

A note.[^1]

[^1]: Noted ![noted](/images/{15}.jpg "Caption note").
"""


def _figure(*names: str, caption: str = "Caption figure", around: str = "{}") -> str:
    inner = "\n".join(around.format(f'<img src="/images/{name}.jpg" alt="picture {name}">') for name in names)
    return f"<figure>\n{inner}\n<figcaption>{caption}</figcaption>\n</figure>\n"


def _run(*names: str) -> str:
    return "\n\n".join(f'![picture {name}](/images/{name}.jpg "Caption {name}")' for name in names)


def _names(kind: str, count: int) -> list[str]:
    return [f"{kind}{number}" for number in range(count)]


ARTICLES = {
    "portraits": (PLACES.format(*_names("p", 16)), 16),
    "landscapes": (PLACES.format(*_names("l", 16)), 16),
    "strips": (PLACES.format(*_names("s", 16)), 16),
    "two-in-a-figure": (f"{TEXT}\n\n{_figure(*_names('p', 2))}\n{TEXT}", 2),
    "three-in-a-figure": (f"{TEXT}\n\n{_figure(*_names('p', 3))}\n{TEXT}", 3),
    "nine-in-a-figure": (f"{TEXT}\n\n{_figure(*_names('p', 9))}\n{TEXT}", 9),
    "linked-in-a-figure": (_figure(*_names("p", 5), around='<p><a href="https://host.example/">{}</a></p>'), 5),
    "mixed-in-a-figure": (_figure(*_names("l", 3), *_names("s", 3), around="<div>words {}</div>"), 6),
    "three-in-a-row": (f"{TEXT}\n\n{_run(*_names('p', 3))}\n\n{TEXT}", 3),
    "long-caption": (f"{TEXT}\n\n{_figure('p1', caption=TEXT * 12)}", 1),
    "every-kind-in-a-row": (_run("p1", "l1", "w1", "s1", "p2", "p3", "w2", "w3", "l2", "s2", "s3"), 11),
}
"""Texts and how many pictures stand in each."""
CAPTIONS = ("alone", "one", "two", "linked", "inside", "entry", "quoted", "cell", "heading", "note")


@pytest.fixture(scope="module", params=["default", "bobbin"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    extra = '\n[variants]\nprint = true\n\n[downloads]\nformats = ["pdf", "epub", "html"]\n'
    sizes = {"p": PORTRAIT, "l": LANDSCAPE, "s": STRIP, "w": PANORAMA}
    write_files(root, {"sitegen.toml": CONFIG + extra, "content/images/lead.jpg": picture(800, 500)})
    for kind, (width, height) in sizes.items():
        for number in range(16):
            # Each is another one, so that none stands for two.
            write_files(root, {f"content/images/{kind}{number}.jpg": picture(width + number, height)})
    for name, (text, _) in ARTICLES.items():
        head = f"---\ntitle: {name}\npublished: 2026-10-01\nsummary: Pictures.\n"
        head += "image: {src: /images/lead.jpg, alt: The lead picture}\n---\n"
        write_files(root, {f"content/articles/news/{name}.md": head + text})
    if request.param != "default":
        set_theme(root, request.param)
    build_site(root)
    return root / "output"


@pytest.fixture(scope="module")
def reader(site: Path) -> Iterator[Reader]:
    with reading(site) as one:
        yield one


def on_page(site: Path, name: str) -> int:
    page = (site / f"news/2026/10/{name}/index.html").read_text("utf-8")
    (article,) = re.findall(r'<div class="prose">(.*?)<footer class="article-foot">', page, re.DOTALL)
    return str(article).count("<img ")


def whole(pdf: Path, count: int) -> None:
    """All pictures are in a PDF, each once, and none of them reaches into the margins or another one."""
    found = pictures(pdf)
    assert len(found) == count
    # A picture that is cut stands on two pages, in parts.
    for one in found:
        assert one.left >= 0.04 and one.top >= 0.03, one
        assert one.left + one.width <= 0.96 and one.top + one.height <= 0.95, one
        assert one.height > 0.03, one
    for index, one in enumerate(found):
        for other in found[:index]:
            apart = (
                one.page != other.page
                or one.left + one.width <= other.left + 0.01
                or other.left + other.width <= one.left + 0.01
                or one.top + one.height <= other.top + 0.01
                or other.top + other.height <= one.top + 0.01
            )
            assert apart, (one, other)


@pytest.mark.slow
@pytest.mark.parametrize("name", ARTICLES)
def test_every_picture_is_in_the_files_for_keeping(site: Path, name: str) -> None:
    folder, (_, count) = site / f"news/2026/10/{name}", ARTICLES[name]
    assert on_page(site, name) == count
    whole(folder / "download.pdf", count + 1)
    with zipfile.ZipFile(folder / "download.epub") as file:
        held = [one for one in file.namelist() if one.endswith(".jpg")]
        text = file.read("EPUB/article.xhtml").decode()
    assert len(held) == count + 1
    assert all(text.count(f'src="{one.removeprefix("EPUB/")}"') == 1 for one in held)
    assert (folder / "download.html").read_text("utf-8").count("<img ") == count + 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ARTICLES)
def test_every_picture_is_on_paper(site: Path, reader: Reader, tmp_path: Path, name: str) -> None:
    for page in ("print.html", "download.html", ""):
        reader.look(f"/news/2026/10/{name}/{page}")
        pdf = tmp_path / f"{page or 'article'}.pdf"
        pdf.write_bytes(reader.paper(8.27, 11.69))
        whole(pdf, ARTICLES[name][1] + 1)
        if name == "three-in-a-row":
            assert len({one.page for one in pictures(pdf)}) <= 2
        if name == "every-kind-in-a-row" and page == "print.html":
            # No picture is drawn out of shape or smaller than there is room for.
            a4 = 8.27 / 11.69
            shapes = sorted(round(one.width * a4 / one.height, 1) for one in pictures(pdf)[1:])
            assert shapes == [0.1] * 3 + [0.7] * 3 + [1.8] * 2 + [4.0] * 3
        if name == "portraits":
            assert "What opens." in words(pdf)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["portraits", "landscapes", "strips"])
def test_every_caption_is_shown(site: Path, name: str) -> None:
    folder = site / f"news/2026/10/{name}"
    with zipfile.ZipFile(folder / "download.epub") as file:
        book = file.read("EPUB/article.xhtml").decode()
    sheets = words(folder / "download.pdf")
    for variant in ("index.html", "print.html", "download.html"):
        page = (folder / variant).read_text("utf-8")
        assert 'title="Caption' not in page
        assert all(page.count(f">Caption {one}<") == 1 for one in CAPTIONS), variant
    assert all(book.count(f">Caption {one}<") == 1 for one in CAPTIONS)
    assert all(sheets.count(f"Caption {one}") == 1 for one in CAPTIONS)


@pytest.mark.slow
@pytest.mark.parametrize(("paper", "columns"), [("us-letter", 1), ("a4", 2)])
def test_other_papers_hold_them_too(tmp_path: Path, paper: str, columns: int) -> None:
    extra = f'\n[downloads]\nformats = ["pdf"]\npaper = "{paper}"\ncolumns = {columns}\n'
    write_files(tmp_path, {"sitegen.toml": CONFIG + extra})
    for kind, (width, height) in {"p": PORTRAIT, "l": LANDSCAPE, "s": STRIP, "w": PANORAMA}.items():
        for number in range(16):
            write_files(tmp_path, {f"content/images/{kind}{number}.jpg": picture(width + number, height)})
    for name, (text, _) in ARTICLES.items():
        head = f"---\ntitle: {name}\npublished: 2026-10-01\nsummary: Pictures.\n---\n"
        write_files(tmp_path, {f"content/articles/news/{name}.md": head + text})
    build_site(tmp_path)
    for name, (_, count) in ARTICLES.items():
        whole(tmp_path / f"output/news/2026/10/{name}/download.pdf", count)
