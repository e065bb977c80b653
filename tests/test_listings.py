"""Listings: which articles stand on which page, and that full archive pages never change."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sitegen.plan.listings import stretches
from tests.site import ARTICLE, CONFIG, build_site, tree, write_site


@given(st.integers(0, 500), st.integers(1, 30))
def test_every_article_stands_on_one_page_and_the_newest_page_is_never_short(total: int, size: int) -> None:
    own, *archive = stretches(total, size)
    positions = [n for page in (*archive, own) for n in range(page.start, page.stop)]
    assert positions == list(range(total))
    assert all(page.stop - page.start == size for page in archive)
    assert min(total, size) <= own.stop - own.start <= 2 * size - 1


def test_an_archive_page_never_changes_once_it_exists(tmp_path: Path) -> None:
    write_site(tmp_path, {"sitegen.toml": "page_size = 2\n" + CONFIG})
    seen: dict[str, bytes] = {}
    for n in range(2, 12):
        write_site(
            tmp_path,
            {
                "sitegen.toml": "page_size = 2\n" + CONFIG,
                f"content/articles/news/{n}.md": ARTICLE.replace("10-01", f"10-{n:02d}"),
            },
        )
        build_site(tmp_path)
        pages = {
            name: data
            for name, data in tree(tmp_path / "output").items()
            if name.startswith("news/page/") and b'http-equiv="refresh"' not in data
        }
        assert all(pages[name] == data for name, data in seen.items())
        seen |= pages
    assert len(seen) == 4


def test_the_pages_of_a_listing_lead_to_one_another(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"content/articles/news/{n}.md": ARTICLE.replace("10-01", f"10-{n:02d}") for n in range(2, 7)
    }
    build_site(write_site(tmp_path, {"sitegen.toml": "page_size = 2\n" + CONFIG, **files}))
    own = (tmp_path / "output/news/index.html").read_text()
    newest = (tmp_path / "output/news/page/2/index.html").read_text()
    assert 'rel="next" ' not in own
    assert '<a href="/news/page/2/" rel="next">' in own
    assert '<a href="/news/page/1/" rel="next">' in newest
    assert '<a href="/news/page/3/" rel="prev">' in newest
    assert 'url=/news/"' in (tmp_path / "output/news/page/3/index.html").read_text()


def test_a_short_index_is_one_list_and_a_long_one_is_divided_by_letters(tmp_path: Path) -> None:
    brands = [
        "4711",
        "Åhléns",
        "Ängel",
        "Ab",
        "Åk",
        "細川",
        "Élan",
        "'t Hof",
        "zz",
        "Z",
        *(f"E{n:02}" for n in range(20)),
    ]
    few, many = (ARTICLE.replace("summary:", f"brands: {names}\nsummary:") for names in (brands[:-1], brands))
    config = CONFIG.replace("[[", 'language = "sv"\n[[', 1)
    files = {"sitegen.toml": config, "content/articles/news/first.md": few}
    build_site(write_site(tmp_path, files))
    page = tmp_path / "output/brands/index.html"
    assert "<h2" not in page.read_text("utf-8")
    write_site(tmp_path, files | {"content/articles/news/first.md": many})
    build_site(tmp_path)
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", page.read_text("utf-8"))
    assert headings == ["#", "0–9", "A", "E", "Z", "…", "Å", "Ä"]


def test_the_archive_is_divided_by_years(tmp_path: Path) -> None:
    older = ARTICLE.replace("2026-10-01", "2024-02-03")
    build_site(write_site(tmp_path, {"content/articles/news/older.md": older}))
    html = (tmp_path / "output/archive/index.html").read_text("utf-8")
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>|>(\w+ \d+)</a>", html) == [
        ("2026", ""),
        ("", "October 2026"),
        ("2024", ""),
        ("", "February 2024"),
    ]
