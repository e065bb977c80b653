"""A whole build: which files there are, when they are written, and when the output stays as it was."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sitegen.problems import SiteError
from tests.site import ARTICLE, CONFIG, build_site, tree, write_site


def test_an_article_becomes_a_page_its_sizes_a_print_page_and_a_download(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    folder = tmp_path / "output/news/2026/10/first"
    assert sorted(path.name for path in folder.iterdir()) == [
        "download.html",
        "index.html",
        "large.html",
        "print.html",
        "small.html",
        "x-large.html",
    ]


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    first = build_site(write_site(tmp_path))
    second = build_site(tmp_path)
    assert first.written == first.files
    assert (second.written, second.removed, second.unchanged) == (0, 0, first.files)


def test_what_is_no_longer_planned_is_removed_with_its_folder(tmp_path: Path) -> None:
    build_site(write_site(tmp_path, {"content/articles/news/second.md": ARTICLE}))
    (tmp_path / "content/articles/news/second.md").unlink()
    result = build_site(tmp_path)
    assert result.removed == 6
    assert not (tmp_path / "output/news/2026/10/second").exists()


def test_a_failed_build_leaves_the_output_as_it_was(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    before = tree(tmp_path / "output")
    write_site(tmp_path, {"content/articles/news/second.md": ARTICLE.replace("title", "titel")})
    with pytest.raises(SiteError):
        build_site(tmp_path)
    assert tree(tmp_path / "output") == before


@pytest.mark.slow
def test_one_worker_and_three_make_the_same_bytes(tmp_path: Path) -> None:
    articles = {
        f"content/articles/{'news' if n % 3 else 'making'}/item-{n}.md": ARTICLE.replace("headline", f"headline {n}")
        for n in range(400)
    }
    build_site(write_site(tmp_path, articles), workers=1)
    alone = tree(tmp_path / "output")
    (tmp_path / "output").rename(tmp_path / "kept")
    result = build_site(tmp_path, workers=3)
    assert result.written == len(alone)
    assert tree(tmp_path / "output") == alone


def test_a_scheduled_article_appears_at_its_moment_in_the_sites_own_timezone(tmp_path: Path) -> None:
    text = ARTICLE.replace("2026-10-01", "2026-11-02 00:30")
    config = 'timezone = "Europe/Stockholm"\n' + CONFIG
    write_site(tmp_path, {"sitegen.toml": config, "content/articles/news/soon.md": text})
    page = tmp_path / "output/news/2026/11/soon/index.html"
    build_site(tmp_path, now=datetime.fromisoformat("2026-11-01T23:29:59+00:00"))
    assert not page.exists()
    build_site(tmp_path, now=datetime.fromisoformat("2026-11-01T23:30:00+00:00"))
    assert page.exists()


@pytest.mark.parametrize(
    ("field", "drafts", "there"),
    [("draft: true", False, False), ("draft: true", True, True), ("expires: 2026-10-31", False, False)],
)
def test_drafts_and_expired_articles_stay_out(tmp_path: Path, field: str, drafts: bool, there: bool) -> None:
    text = ARTICLE.replace("published", f"{field}\npublished")
    build_site(write_site(tmp_path, {"content/articles/news/other.md": text}), drafts=drafts)
    assert (tmp_path / "output/news/2026/10/other/index.html").exists() is there


def test_every_address_honours_the_path_of_the_base_url(tmp_path: Path) -> None:
    build_site(write_site(tmp_path), base_url="https://host.example/name/")
    html = (tmp_path / "output/news/2026/10/first/index.html").read_text()
    assert 'href="/name/news/"' in html
    assert '<link rel="canonical" href="https://host.example/name/news/2026/10/first/">' in html
    assert 'href="/news' not in html


def test_byte_order_mark_and_windows_line_ends_are_no_mistakes(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    before = tree(tmp_path / "output")
    for name in ("sitegen.toml", "content/articles/news/first.md"):
        text = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    (tmp_path / "content/jobs.yaml").write_bytes(b"\xef\xbb\xbf- employer: A\r\n  title: B\r\n")
    assert build_site(tmp_path).warnings == ()
    (tmp_path / "content/jobs.yaml").unlink()
    build_site(tmp_path)
    assert tree(tmp_path / "output") == before


def test_an_article_may_expire_at_the_end_of_all_days(tmp_path: Path) -> None:
    ends = ARTICLE.replace("published: 2026-10-01", "published: 2026-10-01\nexpires: 9999-12-31")
    build_site(write_site(tmp_path, {"content/articles/news/first.md": ends}))
    assert (tmp_path / "output/news/2026/10/first/index.html").exists()


def test_links_lead_to_headings_of_other_articles_and_to_documents(tmp_path: Path) -> None:
    text = "[e](second.md#:~:text=wool) "
    text += "[a](second.md#wool) [b](/news/2026/10/second/#wool) [c](/files/plan.pdf) [d](../../files/plan.pdf)"
    files: dict[str, str | bytes] = {
        "content/articles/news/first.md": ARTICLE + text,
        "content/articles/news/second.md": ARTICLE + "\n## Wool\n",
        "content/files/plan.pdf": b"%PDF-1.7",
    }
    assert build_site(write_site(tmp_path, files)).warnings == ()
    html = (tmp_path / "output/news/2026/10/first/index.html").read_text()
    assert html.count('href="/news/2026/10/second/#wool"') == 2
    (document,) = (tmp_path / "output/media").iterdir()
    assert html.count(f'href="/media/{document.name}"') == 2
