"""No address runs anything: whatever stands before, inside or behind a scheme, wherever it was typed."""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from sitegen.problems import SiteError
from sitegen.render.markdown import parse_body
from sitegen.sources.address import SCHEMES, printed, refused_scheme
from sitegen.sources.articles import load_article
from sitegen.sources.jobs import load_ads, load_jobs
from sitegen.sources.locale import Locale
from sitegen.sources.locate import SiteFiles
from sitegen.text import CONTROL
from tests.addresses import in_html, in_xml, runs_nothing
from tests.paper import links_of
from tests.site import build_site, write_site

BAD = ("javascript", "vbscript", "data", "file", "blob")
TRIED = os.environ.get("SITEGEN_SIGNS", "unseen")
"""The signs that are tried in every place: `unseen` are blanks and those that cannot be seen, `marks` also whatever is
no letter, or is another one in compatibility forms; `every` takes a quarter of an hour."""
UNSEEN = ("Zs", "Zl", "Zp", "Cc", "Cf")


def is_tried(sign: str) -> bool:
    category = unicodedata.category(sign)
    if category in UNSEEN or TRIED == "every":
        return True
    is_plain = category[0] == "L" and unicodedata.normalize("NFKC", sign) == sign
    return TRIED == "marks" and not is_plain and category not in ("Co", "Cn", "Cs")


SIGNS = [sign for sign in map(chr, range(0xFFFF)) if is_tried(sign)]
TYPED = [sign for sign in SIGNS if not CONTROL.search(sign) and unicodedata.category(sign) != "Cs"]
"""Those that can stand in a file."""


def around(sign: str, scheme: str) -> Iterator[str]:
    """A scheme with a sign before, inside and behind it."""
    yield f"{sign}{scheme}:alert(1)"
    yield f"{scheme[:4]}{sign}{scheme[4:]}:alert(1)"
    yield f"{scheme}{sign}:alert(1)"


@pytest.mark.slow
def test_every_sign_around_every_scheme() -> None:
    for scheme in BAD if TRIED != "unseen" else BAD[:1]:
        for code in range(0xFFFF):
            for address in around(chr(code), scheme):
                assert runs_nothing(printed(address)), ascii(address)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_allowed_stays(scheme: str) -> None:
    for address in (f"{scheme}:a@b.example", f"{scheme.upper()}:x", f"{scheme}://a.example/b?c=d:e#f"):
        assert printed(address) == address


@pytest.mark.parametrize("address", ["/a/b/", "#part", "?a=javascript:b", "/a:b", "a/javascript:b", "./javascript:b"])
def test_what_names_no_scheme_stays(address: str) -> None:
    assert printed(address) == address


def test_what_cannot_be_seen_is_written_in_bytes() -> None:
    assert printed("https://a.example/\u202eb\u00a0c\\d") == "https://a.example/%E2%80%AEb%C2%A0c%5Cd"


def test_what_is_refused_is_named() -> None:
    assert refused_scheme("\u00a0JavaScript:x") == "JavaScript"
    assert refused_scheme("https://a.example/") == ""


FORMS = (
    '<a href="{}">x</a>',
    '<blockquote cite="{}">x</blockquote>',
    '<q cite="{}">x</q>',
    '<img src="{}" alt="What is to be seen">',
    '<form action="{}"><button formaction="{}">x</button></form>',
    '<video poster="{}" src="{}"></video>',
    '<object data="{}"></object>',
)


def referred(sign: str) -> str:
    return f"&#{ord(sign)};"


@pytest.mark.parametrize("form", FORMS)
def test_raw_html(form: str) -> None:
    typed = [address for sign in SIGNS for address in around(referred(sign), "javascript")]
    names = ("&nbsp;", "&Tab;", "&NewLine;", "&ZeroWidthSpace;", "&colon;")
    typed += [address for name in names for address in around(name, "data")]
    judge(typed, form)


def judge(typed: list[str], form: str) -> None:
    """Writes each address into the form, hundreds of them into a text, and looks at what is printed."""
    for start in range(0, len(typed), 300):
        forms = (form.replace("{}", address) for address in typed[start : start + 300])
        text = "\n\n".join(one.replace("[r]", f"[r{number}]") for number, one in enumerate(forms))
        for address in in_html(parse_body(text, "a.md", 1).html):
            assert runs_nothing(address), ascii(address)


WRITTEN = ("[x]({})", "[x](<{}>)", "![x]({})", "<{}>", "[x][r]\n\n[r]: {}", "[x][r]\n\n[r]: <{}>")


@pytest.mark.parametrize("form", WRITTEN)
def test_markdown(form: str) -> None:
    for sign in TYPED:
        if sign.isascii():
            # One of them may begin what takes all that follows, as "<?" does.
            for address in around(sign, "javascript"):
                judge([address], form)
    typed = [address for sign in TYPED if not sign.isascii() for address in around(sign, "javascript")]
    typed += [address for sign in SIGNS for address in around(referred(sign), "javascript")]
    judge(typed, form)


ARTICLE = "---\ntitle: A\npublished: 2026-10-01\nsummary: B\n{}\n---\nText.\n"
FIELDS = (
    ("content/articles/news/first.md", ARTICLE, "source: {name: N, url: {}}\noriginal: {language: fr, url: {}}"),
    ("content/jobs.yaml", "{}\n", "more: {}\njobs: [{employer: E, title: T, url: {}}]"),
    ("content/ads.yaml", "{}\n", "- {image: /images/a.png, alt: An ad, url: {}}"),
)


@pytest.mark.parametrize(("file", "text", "field"), FIELDS)
def test_fields(tmp_path: Path, file: str, text: str, field: str) -> None:
    site, locale = write_site(tmp_path), Locale(ZoneInfo("UTC"))
    for sign in SIGNS:
        for address in around(sign, "javascript"):
            written = yaml.dump(address, width=10**6, default_style='"').strip()
            typed = text.replace("{}", field.replace("{}", written))
            if file.endswith(".md"):
                found = load_article(SiteFiles(site), file, typed, ("news",), locale)[2]
            else:
                found = (
                    load_jobs(file, typed, locale)[1]
                    if "jobs" in file
                    else load_ads(SiteFiles(site), file, typed, locale)[1]
                )
            refused = (one for one in found if "must be a web address" in one.message or "invisible" in one.message)
            is_refused = len({one.line for one in refused}) == field.count("{}")
            is_a_path = unicodedata.category(sign) not in UNSEEN and runs_nothing(address)
            assert is_refused or is_a_path, ascii(address)


@pytest.mark.slow
def test_every_form_of_a_published_site(tmp_path: Path) -> None:
    """Pages, EPUB and PDF of a text that is full of them."""
    blanks = [sign for sign in SIGNS if unicodedata.category(sign) in ("Zs", "Zl", "Zp", "Cf")]
    lines = [FORMS[0].replace("{}", address) for sign in blanks for address in around(referred(sign), "javascript")]
    article = "---\ntitle: A\npublished: 2026-10-01\nsummary: B\n---\n" + "\n\n".join(lines) + "\n"
    site = write_site(tmp_path, {"content/articles/news/first.md": article})
    config = site / "sitegen.toml"
    config.write_text(config.read_text() + '\n[downloads]\nformats = ["pdf", "epub", "html"]\n')
    path = site / "content/articles/news/first.md"
    while True:
        try:
            build_site(site)
            break
        except SiteError as error:
            # Those that begin with a sign that is no blank are taken for files, which are not there: they go.
            wrong = {problem.line for problem in error.problems}
            assert min(wrong) >= 6 and len(wrong) > 1
            numbered = enumerate(path.read_text().split("\n"), 1)
            path.write_text("\n".join(line for number, line in numbered if number not in wrong))
    folder = site / "output/news/2026/10/first"
    for page in folder.glob("*.html"):
        found = [one for one in in_html(page.read_text("utf-8")) if not one.startswith(("data:image/", "data:,"))]
        assert all(map(runs_nothing, found))
    with zipfile.ZipFile(io.BytesIO((folder / "download.epub").read_bytes())) as book:
        for name in book.namelist():
            if name.endswith(".xhtml"):
                assert all(map(runs_nothing, in_xml(book.read(name).decode())))
    assert all(map(runs_nothing, links_of(folder / "download.pdf")))
