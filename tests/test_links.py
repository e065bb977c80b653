"""Every link inside a site leads somewhere, under / and under a sub-path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.links import broken_links
from tests.site import build_site, tree
from tests.test_golden import BUNDLED, CASES, GOLDEN, copy_site

PAGE = b'<p id="a"><a href="%s">'


@pytest.mark.slow
@pytest.mark.parametrize("base_url", ["https://host.example/", "https://host.example/a/b/"])
@pytest.mark.parametrize("site", [BUNDLED, *(GOLDEN / case for case in CASES)], ids=lambda path: path.name)
def test_every_internal_link_resolves(site: Path, base_url: str, tmp_path: Path) -> None:
    build_site(copy_site(site, tmp_path), base_url=base_url)
    assert broken_links(tree(tmp_path / "output"), base_url) == []


@pytest.mark.parametrize(
    ("address", "is_broken"),
    [
        (b"/name/", False),
        (b"x/", False),
        (b"x", True),
        (b"/", True),
        (b"x/#b", True),
        (b"#a", False),
        (b"#c", True),
        (b"https://host.example/name/y/", True),
        (b"https://other.example/y/", False),
        (b"mailto:a@b.example", False),
    ],
)
def test_the_checker_tells_a_broken_link(address: bytes, is_broken: bool) -> None:
    site = {"index.html": PAGE % address, "x/index.html": PAGE % b"/name/"}
    assert bool(broken_links(site, "https://host.example/name/")) is is_broken


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.css", b"p { background: url('no.png') }"),
        ("feed.xml", b"<link>https://host.example/no/</link>"),
        ("feed.xml", b'<enclosure url="https://host.example/no.png"/>'),
        ("robots.txt", b"Sitemap: https://host.example/no.xml\n"),
        ("i.html", b'<img srcset="no.png 2x">'),
        ("i.html", b'<meta http-equiv="refresh" content="0; url=/no/">'),
        ("i.html", b'<p id="twice"><p id="twice">'),
    ],
)
def test_the_checker_looks_everywhere(name: str, data: bytes) -> None:
    assert len(broken_links({name: data}, "https://host.example/")) == 1
