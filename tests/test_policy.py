"""What pages may load and run: one table, from which pages, hosts and the preview are told."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from sitegen.bundled import bundled_themes
from sitegen.plan import policy
from sitegen.plan.policy import Inlined, digest_of_inline
from sitegen.problems import SiteError
from tests.site import build_site, let_settle, tree, write_files, write_site

ROOT = Path(__file__).parent.parent
STATIC = bundled_themes() / "default/static"
_META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


def inlined() -> Inlined:
    """What stands inside of the default theme's pages."""
    script, style = ((STATIC / name).read_text("utf-8") for name in ("js/remembered.js", "css/download.css"))
    return Inlined((digest_of_inline(script),), (digest_of_inline(style),))


def test_the_document_says_what_the_table_says() -> None:
    text = (ROOT / "docs/hosting.md").read_text("utf-8")
    said = policy.header(inlined())
    assert f"    Content-Security-Policy: {said}\n" in text
    assert f'add_header Content-Security-Policy "{said}" always;' in text
    assert text.count("default-src") == 2


def test_every_page_says_it_before_anything_else(tmp_path: Path) -> None:
    """A meta element holds for what follows it (HTML Standard, 4.2.5.3)."""
    alias = {"content/articles/news/second.md": "---\ntitle: B\npublished: 2026-10-01\naliases: [/old/]\n---\nText.\n"}
    build_site(write_site(tmp_path, alias))
    pages = {name: data.decode() for name, data in tree(tmp_path / "output").items() if name.endswith(".html")}
    assert {"index.html", "404.html", "old/index.html", "news/2026/10/first/download.html"} <= pages.keys()
    for name, page in pages.items():
        (said,) = _META.findall(page)
        for kind, text in _INLINE.findall(page):
            row = next(part for part in unescape(said).split("; ") if part.startswith(f"{kind}-src"))
            assert digest_of_inline(text) in row.split(), name
        before = page[: page.index(said)]
        assert re.findall(r"<([a-z]+)", before) == ["html", "head", "meta", "meta"], name
        assert "frame-ancestors" not in said
        assert unescape(said) == (
            policy.meta_kept(inlined()) if name.endswith("download.html") else policy.meta(inlined())
        )


def test_a_covered_script_has_its_own_digest(tmp_path: Path) -> None:
    root = write_site(tmp_path)
    build_site(root)
    let_settle()
    write_files(root, {"themes/default/static/js/remembered.js": "document.title += 1;\r\n"})
    build_site(root)
    page = (root / "output/index.html").read_text("utf-8")
    assert digest_of_inline("document.title += 1;\n") in unescape(_META.findall(page)[0])
    write_files(root, {"elsewhere/sitegen.toml": ""})
    build_site(root, output="anew")
    assert tree(root / "anew") == tree(root / "output")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("{% set a = 'js/print.js' %}{{ inline(a) }}", "is named by a variable"),
        ("{{ inline('fonts.txt') }}", 'no static file "fonts.txt"'),
        ("{{ inline('a.txt') }}", "cannot stand inside of a page"),
        ("{{ inline('a.js') }}", 'it holds "</script"'),
    ],
)
def test_what_cannot_stand_inside_of_a_page_is_told(tmp_path: Path, said: str, message: str) -> None:
    files = {"a.txt": "text", "a.js": "'</script>'"}
    root = write_site(tmp_path, {f"themes/default/static/{name}": text for name, text in files.items()})
    write_files(root, {"themes/default/templates/404.html": f"<title>x</title>\n{said}\n"})
    with pytest.raises(SiteError) as caught:
        build_site(root)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert (problem.file, problem.line) == ("themes/default/templates/404.html", 2)
