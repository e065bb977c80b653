"""When the site next changes by itself, and what looks at a site without writing anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.engine import content
from sitegen.engine.build import check
from sitegen.engine.options import Options
from sitegen.engine.places import STATE, cache_place
from tests.site import ARTICLE, CONFIG, NOW, build_site, tree, write_files, write_site

SITE = {
    "sitegen.toml": f'timezone = "Europe/Stockholm"\n{CONFIG}',
    "content/articles/news/later.md": ARTICLE.replace("2026-10-01", "2026-12-01 08:00").replace("first", "later"),
    "content/jobs.yaml": (
        "- employer: Loom & Co\n  title: Weaver\n  expires: 2026-11-20\n"
        "- employer: Loom & Co\n  title: Dyer\n  posted: 2026-12-24\n"
    ),
}
TURNS = ["2026-11-21T00:00:00+01:00", "2026-12-01T08:00:00+01:00", "2026-12-24T00:00:00+01:00"]


def next_change(root: Path, *options: str) -> str:
    done = CliRunner().invoke(main, ["next-change", "--site", str(root), *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_moments_at_which_the_site_changes_are_told_one_after_the_other(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    found, now = [], NOW.isoformat()
    while said := next_change(tmp_path, "--now", now):
        found.append(now := said.removesuffix("\n"))
    assert found == TURNS


def test_at_those_moments_and_at_no_other_the_output_changes(tmp_path: Path) -> None:
    build_site(write_site(tmp_path, SITE))
    for turn in TURNS:
        moment = datetime.fromisoformat(turn)
        just_before = build_site(tmp_path, now=moment - timedelta(microseconds=1))
        assert (just_before.written, just_before.until) == (0, moment)
        assert build_site(tmp_path, now=moment).written


def test_with_drafts_a_scheduled_article_is_there_already(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    assert next_change(tmp_path, "--drafts", "--now", TURNS[0]) == f"{TURNS[2]}\n"


def test_a_build_says_when_the_site_next_changes_whether_it_did_anything_or_not(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    call = ["build", "--site", str(tmp_path), "--now", NOW.isoformat()]
    for _ in range(3):
        said = CliRunner().invoke(main, call).output.splitlines()
        assert said[2:] == ["The site next changes by itself on 2026-11-21 at 00:00 (Europe/Stockholm)."]
    call[-1] = TURNS[-1]
    assert "by itself" not in CliRunner().invoke(main, call).output


def test_where_a_source_is_broken_the_moment_is_not_known(tmp_path: Path) -> None:
    write_site(tmp_path, SITE | {"content/articles/news/later.md": ARTICLE.replace("2026-10-01", "soon")})
    done = CliRunner().invoke(main, ["next-change", "--site", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "later.md:3:12" in done.stderr


def test_whoever_only_looks_writes_nothing(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    for built in (False, True):
        if built:
            build_site(tmp_path)
        before = tree(tmp_path)
        next_change(tmp_path)
        assert not check(Options(tmp_path, tmp_path / "output", now=NOW, workers=1))
        assert tree(tmp_path) == before


def test_whoever_only_looks_parses_nothing_that_a_build_has_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_site(write_site(tmp_path, SITE))
    parsed: list[str] = []
    parse = content._parse

    def counted(reading: content.Reading, kind: content._Kind[Any], path: str) -> content._Parsed:
        parsed.append(path)
        return parse(reading, kind, path)

    monkeypatch.setattr(content, "_parse", counted)
    options = Options(tmp_path, tmp_path / "output", now=NOW, workers=1)
    assert (check(options), parsed) == ((), [])
    assert (next_change(tmp_path, "--workers=1", "--now", NOW.isoformat()), parsed) == (f"{TURNS[0]}\n", [])
    write_files(tmp_path, {"content/articles/news/later.md": ARTICLE})
    check(options)
    assert parsed == ["content/articles/news/later.md"]


@pytest.mark.parametrize("spoil", [b"no database", None])
def test_whoever_only_looks_can_do_without_a_cache(tmp_path: Path, spoil: bytes | None) -> None:
    build_site(write_site(tmp_path, SITE))
    if spoil is None:
        (tmp_path / STATE).rename(tmp_path / "elsewhere")
    else:
        cache_place(tmp_path).path.write_bytes(spoil)
    before = tree(tmp_path)
    assert next_change(tmp_path, "--now", NOW.isoformat()) == f"{TURNS[0]}\n"
    assert check(Options(tmp_path, tmp_path / "output", now=NOW, workers=1)) == ()
    assert tree(tmp_path) == before
