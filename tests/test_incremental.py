"""What a build does that follows another one: as little as there is, and the same bytes as a clean one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.engine import content, inputs, last, memory, units
from sitegen.engine.build import build
from sitegen.engine.memory import Memory
from sitegen.engine.options import Options
from sitegen.engine.places import STAGE, cache_place, memory_place
from sitegen.engine.result import Result
from sitegen.problems import SiteError
from tests.site import ARTICLE, CONFIG, NOW, PIXEL, build_site, let_settle, tree, write_files, write_site

SECOND = ARTICLE.replace("A first", "A second").replace("2026-10-01", "2026-10-02")
THIRD = ARTICLE.replace("A first", "A third").replace("2026-10-01", "2026-10-03")
SITE = {
    "content/articles/news/second.md": SECOND,
    "content/articles/making/third.md": THIRD,
    "content/pages/about.md": "---\ntitle: About\n---\nAbout us.\n",
    "content/jobs.yaml": "- employer: Loom & Co\n  title: Weaver\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_site(tmp_path, SITE)
    let_settle()
    build_site(tmp_path)
    return tmp_path


def did(result: Result) -> tuple[int, int, int, int]:
    """The sources that were parsed, units made, files written and files removed."""
    return result.parsed, result.rendered, result.written, result.removed


def assert_as_clean(root: Path) -> None:
    """The output is that of a build that knows nothing."""
    there = tree(root / "output")
    clean = root.parent / f"{root.name}-clean"
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns("output", ".sitegen"))
    try:
        build_site(clean)
        assert tree(clean / "output") == there
    finally:
        shutil.rmtree(clean)


def test_where_nothing_has_changed_nothing_is_done(root: Path) -> None:
    assert did(build_site(root)) == (0, 0, 0, 0)


def test_where_nothing_has_changed_no_library_is_loaded_that_parses_or_renders(root: Path) -> None:
    code = (
        "import sys; from sitegen.cli import main\n"
        "try: main(['build', '--site', sys.argv[1], '--now', '2026-11-01T12:00:00+00:00'])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code, root], capture_output=True, text=True, check=True)
    summary, _, loaded = done.stdout.splitlines()
    assert "0 written" in summary
    assert not {"markdown_it", "jinja2", "babel", "yaml", "PIL", "nh3", "anyascii", "concurrent"} & set(loaded.split())


def test_whatever_a_build_asks_for_is_looked_at_before_it_is_said_to_be_there(root: Path) -> None:
    write_files(root, {"content/articles/news/later.md": SECOND.replace("2026-10-02", "2026-11-03")})
    assert build_site(root).articles == 3
    build_site(root)
    assert did(build_site(root)) == (0, 0, 0, 0)
    assert build_site(root, now=NOW.replace(day=4)).articles == 4
    assert build_site(root, now=NOW.replace(day=5)).rendered == 0
    assert build_site(root).articles == 3
    assert build_site(root, drafts=True).articles == 4
    assert build_site(root, base_url="https://other.example/x/").written > 10
    assert build_site(root).written > 10


def test_a_date_that_lies_too_far_ahead_is_found_when_the_clock_is_put_back(root: Path) -> None:
    write_files(root, {"content/articles/news/later.md": SECOND.replace("2026-10-02", "2036-11-03")})
    build_site(root)
    build_site(root)
    with pytest.raises(SiteError, match="more than 10 years ahead"):
        build_site(root, now=NOW.replace(year=2025))


def test_what_a_killed_build_staged_is_cleared_where_nothing_has_changed(root: Path) -> None:
    build_site(root)
    write_files(root, {f"output/{STAGE}/half.html": "half"})
    build_site(root)
    assert not (root / "output" / STAGE).exists()


def test_warnings_are_told_again_where_nothing_has_changed(root: Path) -> None:
    write_files(root, {"content/articles/news/second.md": SECOND.replace("summary: What the first one says.\n", "")})
    said = build_site(root).warnings
    assert [warning.message for warning in said] == ["the article has no summary"]
    build_site(root)
    assert build_site(root).warnings == said


def test_pictures_that_no_walk_finds_are_watched_too(root: Path) -> None:
    write_files(
        root,
        {
            "content/_images/loom.png": PIXEL,
            "content/articles/news/second.md": SECOND + "![A loom](/_images/loom.png)\n",
        },
    )
    build_site(root)
    build_site(root)
    build_site(root)
    assert did(build_site(root)) == (0, 0, 0, 0)
    write_files(root, {"content/_images/loom.png": PIXEL + b"\0"})
    assert build_site(root).written > 0
    assert_as_clean(root)


def test_files_that_are_only_touched_are_read_and_not_parsed(root: Path) -> None:
    for path in root.rglob("*.*"):
        if ".sitegen" not in path.parts:
            os.utime(path)
    assert did(build_site(root)) == (0, 0, 0, 0)


def test_an_edited_text_makes_the_files_of_its_article_and_no_others(root: Path) -> None:
    write_files(root, {"content/articles/news/first.md": ARTICLE + "More.\n"})
    assert did(build_site(root)) == (1, 1, 6, 0)
    assert_as_clean(root)


def test_an_edit_that_shows_nowhere_writes_nothing(root: Path) -> None:
    write_files(root, {"content/articles/news/first.md": ARTICLE.replace("title", "# a remark\ntitle") + "\n\n"})
    assert did(build_site(root)) == (1, 0, 0, 0)
    assert_as_clean(root)


def test_going_back_to_what_was_is_no_parsing(root: Path) -> None:
    before = tree(root / "output")
    write_files(root, {"content/articles/news/first.md": ARTICLE + "More.\n"})
    build_site(root)
    write_files(root, {"content/articles/news/first.md": ARTICLE})
    assert did(build_site(root)) == (0, 1, 6, 0)
    assert tree(root / "output") == before


def test_a_change_of_the_same_size_and_time_is_seen(root: Path) -> None:
    path = root / "content/articles/news/first.md"
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_text(ARTICLE.replace("The text of it", "The text of me"))
    os.utime(path, ns=times)
    assert did(build_site(root)) == (1, 1, 6, 0)
    assert "The text of me" in (root / "output/news/2026/10/first/index.html").read_text()


def test_job_ads_are_stamped_onto_every_page_without_parsing_a_text(root: Path) -> None:
    write_files(root, {"content/jobs.yaml": "- employer: Loom & Co\n  title: Dyer\n"})
    result = build_site(root)
    assert result.parsed == 1
    assert result.written == sum(path.suffix == ".html" for path in (root / "output").rglob("*")) - 6
    assert_as_clean(root)


def test_a_template_makes_the_pages_that_can_reach_it(root: Path) -> None:
    write_files(root, {"themes/default/templates/print.html": "{% extends 'print.html' %}{# a remark #}"})
    assert did(build_site(root)) == (0, 3, 0, 0)
    shutil.copy(Path("themes/default/templates/print.html"), root / "themes/default/templates/print.html")
    build_site(root)
    page = root / "themes/default/templates/print.html"
    page.write_text(page.read_text("utf-8").replace("</body>", "<hr></body>"), "utf-8")
    assert did(build_site(root)) == (0, 3, 3, 0)
    assert_as_clean(root)


def test_a_template_that_is_shadowed_and_not_any_more(root: Path) -> None:
    before = tree(root / "output")
    write_files(root, {"themes/default/templates/shared/footer.html": "<footer>Ours</footer>"})
    assert build_site(root).parsed == 0
    assert "Ours" in (root / "output/index.html").read_text()
    (root / "themes/default/templates/shared/footer.html").unlink()
    assert build_site(root).parsed == 0
    assert tree(root / "output") == before


def test_a_setting_is_an_ingredient(root: Path) -> None:
    write_files(root, {"sitegen.toml": CONFIG.replace('"Tiny"', '"Other"')})
    assert build_site(root).written > 10
    assert_as_clean(root)


@pytest.mark.parametrize("harm", ["delete", "other bytes", "empty"])
def test_files_of_the_output_that_were_harmed_are_mended(root: Path, harm: str) -> None:
    before = tree(root / "output")
    page = root / "output/news/2026/10/first/index.html"
    if harm == "delete":
        page.unlink()
    else:
        page.write_bytes(b"" if harm == "empty" else page.read_bytes().replace(b"first", b"first!"))
    assert did(build_site(root)) == (0, 1, 1, 0)
    assert tree(root / "output") == before


def test_an_output_folder_that_was_removed_is_made_again_without_parsing(root: Path) -> None:
    before = tree(root / "output")
    shutil.rmtree(root / "output")
    result = build_site(root)
    assert (result.parsed, result.written) == (0, len(before))
    assert tree(root / "output") == before


def test_foreign_files_in_the_output_stay_and_cost_nothing(root: Path) -> None:
    write_files(root, {"output/news/2026/10/first/index.html.gz": "packed"})
    assert did(build_site(root)) == (0, 0, 0, 0)
    (root / "content/articles/news/first.md").unlink()
    assert build_site(root).removed == 6
    assert (root / "output/news/2026/10/first/index.html.gz").read_text() == "packed"


def test_a_heading_that_others_link_to_is_an_ingredient_of_theirs(root: Path) -> None:
    link = "See [there](second.md#a-part).\n"
    write_files(root, {"content/articles/news/second.md": SECOND + "\n## A part\n"})
    write_files(root, {"content/articles/news/first.md": ARTICLE + link})
    build_site(root)
    write_files(root, {"content/articles/news/second.md": SECOND + "\n## Another part\n"})
    with pytest.raises(Exception, match=r"no heading of content/articles/news/second\.md has the name"):
        build_site(root)


@pytest.mark.parametrize("name", ["cache", "memory"])
@pytest.mark.parametrize("harm", ["delete", "no database", "cut", "flipped", "empty", "old tables"])
@pytest.mark.slow
def test_a_state_that_is_broken_only_costs_time(root: Path, name: str, harm: str) -> None:
    before = tree(root / "output")
    path = cache_place(root).path if name == "cache" else memory_place(root, root / "output").path
    data = path.read_bytes()
    if harm == "delete":
        path.unlink()
    elif harm == "flipped":
        # A bit in every stretch of 50 bytes behind SQLite's own header.
        path.write_bytes(bytes(b ^ (i % 50 == 7 and i > 5000) for i, b in enumerate(data)))
    elif harm == "old tables":
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 9999")
        connection.close()
    else:
        path.write_bytes({"no database": b"x" * 5000, "cut": data[: len(data) // 2], "empty": b""}[harm])
    build_site(root)
    assert tree(root / "output") == before
    write_files(root, {"content/articles/news/first.md": ARTICLE + "More.\n"})
    build_site(root)
    assert_as_clean(root)
    assert did(build_site(root)) == (0, 0, 0, 0)


@pytest.mark.parametrize("cache", [True, False])
def test_a_build_that_is_to_trust_nothing_makes_everything(root: Path, cache: bool) -> None:
    page = root / "output/index.html"
    stat, data = page.stat(), page.read_bytes()
    options = Options(root, root / "output", now=NOW, workers=1, clean=cache, cache=cache)
    result = build(options)
    assert (result.parsed, result.rendered > 10, result.written) == (5, True, 0)
    page.write_bytes(data[:-3] + b"???")
    os.utime(page, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert build(options).written == 1
    assert page.read_bytes() == data
    # Only what was made with a cache is known to the next build.
    assert (build_site(root).rendered == 0) == cache
    (root / "content/articles/news/first.md").unlink()
    assert build(options).removed == 6


@pytest.mark.parametrize("table", ["facts", "html", "stamps"])
def test_a_broken_cache_costs_no_knowledge_of_which_files_are_our_own(root: Path, table: str) -> None:
    connection = sqlite3.connect(cache_place(root).path)
    with connection:
        connection.execute(f"UPDATE {table} SET value = x'00112233445566778899'")
    connection.close()
    (root / "content/articles/news/second.md").unlink()
    write_files(root, {"content/articles/news/first.md": ARTICLE + "More.\n", "content/jobs.yaml": ""})
    assert build_site(root).removed == 6
    assert_as_clean(root)


@pytest.mark.slow
def test_what_explains_nothing_any_more_is_forgotten(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_ROOM", 10)

    def kept() -> int:
        connection = sqlite3.connect(memory_place(root, root / "output").path)
        found: int = connection.execute("SELECT count(*) FROM details").fetchone()[0]
        connection.close()
        return found

    for number in range(20):
        write_files(root, {"content/jobs.yaml": f"- employer: Loom & Co\n  title: Weaver {number}\n"})
        write_files(root, {"content/articles/news/first.md": ARTICLE.replace("A first", f"The {number}.")})
        build_site(root)
    assert kept() <= 2 * build_site(root).files + 10


def test_a_picture_that_no_walk_finds_and_nobody_needs_any_more_is_not_watched(root: Path) -> None:
    write_files(root, {"content/_images/loom.png": PIXEL})
    write_files(root, {"content/articles/news/second.md": SECOND + "![A loom](/_images/loom.png)\n"})
    build_site(root)
    build_site(root)
    write_files(root, {"content/articles/news/second.md": SECOND})
    build_site(root)
    build_site(root)
    remembered = Memory(root, root / "output")
    found = remembered.last()
    remembered.close()
    assert found is not None
    assert found.needed == ()


def test_other_rules_of_the_time_zone_are_an_input(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_site(root)
    monkeypatch.setattr(last, "zone_data", lambda name: b"other rules")
    monkeypatch.setattr(content, "zone_data", lambda name: b"other rules")
    assert build_site(root).parsed == 5


@pytest.mark.skipif(sys.platform != "linux", reason="other systems make names into text")
@pytest.mark.parametrize("folder", [b"content/articles/news", b"content", b"themes/default/static"])
def test_a_name_that_is_no_text_is_answered_where_it_matters(root: Path, folder: bytes) -> None:
    place = os.fsencode(root) + b"/" + folder
    os.makedirs(place, exist_ok=True)  # noqa: PTH103
    with open(place + b"/caf\xe9.md", "wb") as file:  # noqa: PTH123
        file.write(ARTICLE.encode())
    if folder == b"content":
        assert build_site(root).written == 0
    else:
        with pytest.raises(SiteError, match="the name is not UTF-8 text"):
            build_site(root)


def test_a_state_that_was_made_by_another_program_is_not_believed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (content, inputs):
        monkeypatch.setattr(module, "program_digest", lambda: "another one")
    monkeypatch.setattr(units, "program", lambda: {"sitegen": "another one"})
    result = build_site(root)
    assert (result.parsed, result.rendered > 10, result.written) == (5, True, 0)


def test_a_site_that_is_moved_with_its_state_is_not_made_anew(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    moved = tmp_path_factory.mktemp("moved") / "site"
    shutil.copytree(root, moved)
    assert did(build_site(moved)) == (0, 0, 0, 0)
