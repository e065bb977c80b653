"""What a site weighs, counted by differences as well, and what hosts take of that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.cli.hosts import HOSTS, amount, weighed
from sitegen.engine.weight import Weight
from tests.site import ARTICLE, build_site, let_settle, weight_on_disk, write_files, write_site

HOSTING = (Path(__file__).parents[1] / "docs/hosting.md").read_text("utf-8")
FIRST = "content/articles/news/first.md"
LONG = ARTICLE + "\n\n".join(f"Paragraph {number}: cloth is sold by the metre." for number in range(2000))


def test_the_weight_of_every_build_is_that_of_the_folder(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/second.md": LONG.replace("A first", "A second")})
    weights = [build_site(tmp_path).weight]
    edits: list[dict[str, str | None]] = [
        {},
        {FIRST: ARTICLE + "More.\n"},
        {FIRST: LONG + "And longer than the longest.\n"},
        # The largest file becomes smaller: which is the largest now cannot be told from it alone.
        {FIRST: ARTICLE},
        {"content/articles/news/second.md": ARTICLE.replace("A first", "A second")},
        {"content/articles/news/third.md": ARTICLE.replace("A first", "A third")},
        {"content/articles/news/third.md": None},
    ]
    for edit in edits:
        let_settle()
        write_files(tmp_path, {name: data for name, data in edit.items() if data is not None})
        for name in (name for name, data in edit.items() if data is None):
            (tmp_path / name).unlink()
        weights.append(build_site(tmp_path).weight)
        assert weights[-1] == weight_on_disk(tmp_path / "output"), edit
    assert weights[0] == weights[1]
    assert weights[3].bytes > weights[2].bytes > weights[1].bytes > weights[5].bytes
    assert "first" in weights[3].largest
    assert "second" in weights[4].largest


SMALL = Weight(5_300_000, "a/index.html", 12_345, "news", 12)


def test_a_site_that_every_host_takes_says_so() -> None:
    assert list(weighed(700, SMALL)) == [
        "5.3 MB in all, the largest file 12.3 kB (a/index.html): within the limits of Cloudflare Pages, GitHub Pages "
        "and Netlify."
    ]
    assert "within" in "".join(weighed(20_000, Weight(10**9, "a", 25 * 2**20, "", 54_000)))


@pytest.mark.parametrize(
    ("files", "weight", "said"),
    [
        (20_001, SMALL, "Cloudflare Pages (20,001 files of at most 20,000; 100,000 where one pays)."),
        (1, Weight(10**9 + 10**8, "a", 1, "", 1), "GitHub Pages (1.1 GB of at most 1.0 GB)."),
        (1, Weight(10**8, "a.mp4", 10**8, "", 1), "Cloudflare Pages (a file of at most 25 MiB)."),
        (1, Weight(1, "a", 1, "news/2026", 60_000), "Netlify (60,000 files of at most 54,000 in news/2026)."),
        (1, Weight(1, "a", 1, "", 60_000), "Netlify (60,000 files of at most 54,000 in one folder)."),
    ],
)
def test_what_a_host_does_not_take_is_said(files: int, weight: Weight, said: str) -> None:
    lines = list(weighed(files, weight))
    assert lines[0].endswith(f": too much for {said}")
    assert lines[1:] == (
        ['Fewer files: for = "recent:N" in [variants] and in [downloads] of sitegen.toml.'] if files > 1 else []
    )


def test_the_limits_are_those_of_the_document() -> None:
    rows = re.findall(r"^\| (Cloudflare Pages|GitHub Pages|Netlify) \| (.+?) \|$", HOSTING, re.MULTILINE)
    said = {name: text.replace(",", "") for name, text in rows}
    assert set(said) == {host.name for host in HOSTS}
    for host in HOSTS:
        numbers = [host.files, host.paid, host.folder_files]
        numbers += [host.bytes and host.bytes // 10**9, host.file_bytes and host.file_bytes // 2**20]
        assert sorted(map(int, re.findall(r"\d+", said[host.name]))) == sorted(number for number in numbers if number)


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (25_000_000, "25.0 MB"), (10**10, "10.0 GB")],
)
def test_amounts_are_for_people(size: int, said: str) -> None:
    assert amount(size) == said
