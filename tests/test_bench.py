"""The bench builds its sites, counts what they make, and writes its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import rebuild, run
from bench.corpus import entries, jobs
from bench.rivals import write_hugo, write_pelican


@pytest.mark.slow
def test_the_bench_writes_its_page(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    few = ("--sizes", "7", "--rounds", "2", "--edits", "2", "--idle", "0.2")
    run.main([*few, "--work", str(tmp_path), "--results", str(results)])
    builds, _, preview = results.read_text("utf-8").partition("## 7 articles in the preview")
    lines = builds.splitlines()
    rows = [line for line in lines if line.startswith("| sitegen")]
    assert len(rows) == 1
    name, _, ratio, _, _, _, files, runs = (cell.strip() for cell in rows[0].strip("|").split("|"))
    assert (name, ratio, runs) == ("sitegen", "1.00", "2")
    assert int(files) > 6 * 7
    for name, least, most in (
        (rebuild.COLD, 6 * 7, 200),
        (rebuild.NOTHING.name, 0, 0),
        (rebuild.BODY.name, 6, 6),
        (rebuild.TITLE.name, 7, 40),
        (rebuild.PUBLISHED.name, 7, 60),
        (rebuild.JOBS.name, 20, 200),
        (rebuild.EDITED_TEMPLATE.name, 20, 200),
    ):
        (row,) = (line for line in lines if line.startswith(f"| {name} |"))
        assert least <= int(row.strip("| ").split("|")[-1]) <= most, row
    for case, edits in ((rebuild.BODY, 8), (rebuild.TITLE, 2), (rebuild.JOBS, 2), (rebuild.EDITED_TEMPLATE, 2)):
        (row,) = (line for line in preview.splitlines() if line.startswith(f"| {case.name} |"))
        assert int(row.strip("| ").split("|")[-1]) == edits
    assert "First page" in preview
    assert list(tmp_path.iterdir()) == [results]


def test_the_rivals_get_the_same_articles(tmp_path: Path) -> None:
    write_hugo(tmp_path / "hugo", 5)
    write_pelican(tmp_path / "pelican", 5)
    for entry in entries(5):
        for name in ("hugo", "pelican"):
            text = (tmp_path / name / "content" / entry.section / f"{entry.name}.md").read_text("utf-8")
            assert entry.title in text
            assert text.endswith(entry.body)


def test_an_article_is_the_same_however_many_are_asked_for() -> None:
    assert list(entries(3, first=4)) == list(entries(7))[4:]
    assert len(list(jobs())) == 218


def test_articles_have_four_to_five_kilobytes() -> None:
    sizes = sorted(len(entry.body) for entry in entries(100))
    assert sizes[0] > 3_500
    assert 4_000 <= sizes[50] <= 5_000
    assert sizes[-1] < 5_500
