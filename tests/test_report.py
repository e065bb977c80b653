"""What a build says of itself: one line, lists when asked for, and a report for programs."""

from __future__ import annotations

import errno
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sitegen.cli import main
from sitegen.cli.hosts import amount
from sitegen.cli.shows import Progress
from sitegen.engine.build import build as build_site
from sitegen.engine.options import Options
from tests.site import ARTICLE, NOW, PIXEL, weight_on_disk, write_files, write_site

FIRST = "content/articles/news/first.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_site(tmp_path, {"content/articles/news/second.md": ARTICLE.replace("A first", "A second")})
    assert build(tmp_path).exit_code == 0
    return tmp_path


def build(root: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["build", "--site", str(root), "--now", NOW.isoformat(), *options])


def reported(root: Path, *options: str) -> dict[str, Any]:
    build(root, "--report", str(root / "reports" / "last.json"), *options)
    found: dict[str, Any] = json.loads((root / "reports" / "last.json").read_text("utf-8"))
    return found


def edit(root: Path, old: str, new: str) -> None:
    (root / FIRST).write_text((root / FIRST).read_text("utf-8").replace(old, new), "utf-8")


def test_a_report_names_the_files_that_were_changed_with_their_bytes_and_addresses(root: Path) -> None:
    edit(root, "The text of it", "Another text of it")
    report = reported(root)
    assert [file["path"] for file in report["changed"]] == sorted(file["path"] for file in report["changed"])
    own = [file for file in report["changed"] if file["path"].startswith("news/2026/10/first/")]
    assert {file["url"] for file in own} >= {"https://tiny.example/news/2026/10/first/"}
    for file in report["changed"]:
        data = (root / "output" / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert (report["built"], report["added"], report["removed"]) == (True, [], [])


def test_a_report_tells_new_files_from_changed_and_removed_ones(root: Path) -> None:
    (root / "content/articles/news/second.md").unlink()
    write_files(root, {"content/articles/news/räv.md": ARTICLE.replace("A first", "A third"), "content/p.png": PIXEL})
    report = reported(root)
    assert {"news/2026/10/rav/index.html"} <= {file["path"] for file in report["added"]}
    assert {"news/2026/10/second/index.html"} <= {file["path"] for file in report["removed"]}
    assert all(set(file) == {"path", "url"} for file in report["removed"])
    changed = {file["path"] for file in report["changed"]}
    assert {"index.html", "feed.xml"} <= changed
    assert not changed & {file["path"] for file in report["added"] + report["removed"]}


def test_where_nothing_was_done_a_report_is_empty(root: Path) -> None:
    report = reported(root)
    assert [report[part] for part in ("built", "added", "changed", "removed", "problems")] == [True, [], [], [], []]


def test_a_report_of_a_first_build_has_every_file(tmp_path: Path) -> None:
    report = reported(write_site(tmp_path))
    there = {path.relative_to(tmp_path / "output") for path in (tmp_path / "output").rglob("*") if path.is_file()}
    assert {Path(file["path"]) for file in report["added"]} == there
    assert report["files"] == len(there)
    sizes = {file["path"]: file["bytes"] for file in report["added"]}
    assert report["bytes"] == sum(sizes.values())
    assert report["largest"]["bytes"] == sizes[report["largest"]["path"]] == max(sizes.values())


def test_a_report_of_a_failed_build_says_why_and_replaces_an_earlier_one(root: Path) -> None:
    assert reported(root)["built"]
    edit(root, "published", "publishd")
    report = reported(root)
    assert (report["built"], report["added"], report["changed"], report["removed"]) == (False, [], [], [])
    assert {(found["file"], found["line"], found["severity"]) for found in report["problems"]} == {(FIRST, 3, "error")}


def test_a_report_that_cannot_be_written_is_a_problem_before_anything_is_built(root: Path) -> None:
    (root / "reports").write_text("a file", "utf-8")
    edit(root, "The text of it", "Another text of it")
    before = (root / "output/feed.xml").read_bytes()
    done = build(root, "--report", str(root / "reports" / "last.json"))
    assert done.exit_code == 1
    assert "reports" in done.stderr
    assert (root / "output/feed.xml").read_bytes() == before


@pytest.mark.parametrize("broken", [False, True])
def test_a_report_for_which_there_is_no_room_hides_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    edit(root, "published" if broken else "The text of it", "publishd" if broken else "Another text of it")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(root / "reports/last.json"))

    monkeypatch.setattr("sitegen.cli.report._write", full)
    done = build(root, "--report", str(root / "reports/last.json"))
    assert done.exit_code == 1
    if broken:
        assert f"{FIRST}:3:1: unknown field" in done.stderr
        assert "the site was not built" in done.stderr
    else:
        assert "reports/last.json: there is no space left on the disk" in done.stderr
        assert "The site was built, but its report could not be written" in done.stderr
        assert "was not built" not in done.stderr
        assert b"Another text of it" in (root / "output/news/2026/10/first/index.html").read_bytes()


def test_two_lines_sum_up_a_build(root: Path) -> None:
    edit(root, "A first headline", "Another headline")
    lines = build(root).stdout.splitlines()
    assert len(lines) == 2
    assert "2 articles, " in lines[0]
    assert " 0 removed (" in lines[0]
    assert lines[1].startswith(f"{amount(weight_on_disk(root / 'output').bytes)} in all, the largest file ")
    assert lines[1].endswith(": within the limits of Cloudflare Pages, GitHub Pages and Netlify.")


def test_verbose_lists_what_was_made_and_why_and_the_files(root: Path) -> None:
    edit(root, "The text of it", "Another text of it")
    said = build(root, "--verbose").stdout
    assert f"made     {FIRST} (its text)\n" in said
    assert "changed  news/2026/10/first/print.html\n" in said
    assert "second" not in said


def test_quiet_says_nothing_but_what_is_wrong(root: Path) -> None:
    assert build(root, "--quiet").output == ""
    edit(root, "summary: What the first one says.\n", "")
    done = build(root, "--quiet")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "warning: the article" in done.stderr
    assert build(root, "--quiet", "--verbose").exit_code == 2


def test_progress_is_shown_on_a_terminal_where_a_build_takes_longer_than_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    now = [0.0]
    monkeypatch.setattr("sitegen.cli.shows.time.monotonic", lambda: now[0])
    monkeypatch.setenv("TERM", "xterm")
    for stream, quiet, shown in ((Terminal(), False, True), (Terminal(), True, False), (io.StringIO(), False, False)):
        monkeypatch.setattr("sys.stderr", stream)
        now[0] = 0.0
        with Progress(quiet) as progress:
            for now[0], done in ((0.9, 128), (1.0, 256), (1.05, 384), (1.2, 1280)):
                progress("reading", done, 10_000)
            now[0] = 1.4
            progress("planning", 0, 0)
        lines = ["reading: 256 of 10,000 …", "reading: 1,280 of 10,000 …", "planning …", ""]
        assert stream.getvalue() == ("".join(f"\r\x1b[K{line}" for line in lines) if shown else "")


def test_a_build_tells_how_far_it_is(root: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build_site(Options(root, root / "output", now=NOW, workers=1, clean=True, progress=lambda *step: told.append(step)))
    assert told[0] == ("reading", 2, 2)
    steps = list(dict.fromkeys(doing for doing, *_ in told))
    assert steps == ["reading", "planning", "rendering", "putting files in place"]
    assert any(step[0] == "rendering" and step[1] == step[2] for step in told)
