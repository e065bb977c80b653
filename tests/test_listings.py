"""Listings: which articles stand on which page, and that full archive pages never change."""

from __future__ import annotations

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
            if name.startswith("news/page/") and b"http-equiv" not in data
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
