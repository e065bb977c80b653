"""A repository that means harm: nothing outside is read, written or removed, and nothing is waited for."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from sitegen.beneath import LINKED
from sitegen.engine.build import check
from sitegen.engine.memory import Written
from sitegen.engine.options import Options
from sitegen.engine.places import PICTURES, STAGE, STATE, cache_place, lock_place, memory_place
from sitegen.engine.secret import KEY, KEY_FILE
from sitegen.engine.stamps import Stamp
from sitegen.engine.store import Store
from sitegen.problems import Problem, SiteError
from tests.site import ARTICLE, NOW, PIXEL, build_site, let_settle, tree, write_files, write_site

SECRET = "hunter2-the-secret-of-this-machine"
PICTURED = ARTICLE.replace("title", "image: {src: /images/a.png, alt: A loom}\ntitle")


class Sandbox:
    """A site in a folder of its own, beside files that nobody may read or change."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.site = folder, folder / "site"
        write_files(folder, {"secret.txt": SECRET, "beside/precious.txt": SECRET, "beside/deep/more.html": SECRET})
        write_files(folder, {"beside/deep/down/jobs.yaml": f"- employer: {SECRET}\n  title: {SECRET}\n"})
        write_site(self.site, {".git/config": SECRET, ".env": SECRET, "content/images/a.png": PIXEL})
        self._before = self.outside()

    def outside(self) -> dict[str, bytes]:
        """Every file outside of the site, and those in it that are none of its sources."""
        found = {
            f"{path}": path.read_bytes() for path in self.folder.rglob("*") if path.is_file() and self._is_trap(path)
        }
        return dict(sorted(found.items()))

    def _is_trap(self, path: Path) -> bool:
        own = (self.site / name for name in ("content", "themes", "output", STATE, "sitegen.toml"))
        return not any(path.is_relative_to(one) for one in own) and not path.is_symlink()

    def link(self, name: str, target: str) -> None:
        path = self.site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    def problems(self) -> list[Problem]:
        """What a build says, which must touch and tell nothing; none where it went well."""
        said: list[Problem] = []
        try:
            said += build_site(self.site).warnings
        except SiteError as error:
            said += error.problems
        said += check(Options(self.site, self.site / "output", now=NOW))
        self.holds()
        assert not any(SECRET in str(problem) for problem in said)
        return said

    def holds(self) -> None:
        """Whether nothing outside has changed, and nothing of it has come in."""
        assert self.outside() == self._before
        output = self.site / "output"
        for path in output.rglob("*") if not output.is_symlink() else ():
            if path.is_file() and not path.is_symlink():
                assert SECRET.encode() not in path.read_bytes(), path


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path)


SOURCES = {
    "content/articles/news/notes.txt": "../../../.git/config",
    "content/articles/news/env.txt": "../../../.env",
    "content/articles/news/second.md": "../../../../secret.txt",
    "content/articles/more": "../../../beside",
    "content/pages": "../../beside",
    "content/jobs.yaml": "../../beside/deep/down/jobs.yaml",
    "content/ads.yaml": "/proc/self/environ",
    "content/images/b.png": "/etc/hostname",
    "content/images": "../../beside",
    "content": "../beside",
    "themes": "../beside",
    "themes/default": "../../beside",
    "themes/default/templates/article.html": "/etc/hostname",
    "themes/default/static/a.txt": "../../../../secret.txt",
    "themes/default/theme.toml": "../../../secret.txt",
    "themes/default/locales/en.po": "/proc/self/environ",
    "sitegen.toml": "/etc/hostname",
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_that_is_a_link_is_named_and_not_opened(sandbox: Sandbox, name: str) -> None:
    article = ARTICLE + "See [notes](notes.txt), [env](env.txt), ![A loom](/images/b.png).\n"
    if name.endswith(("notes.txt", "env.txt", "b.png")):
        write_files(sandbox.site, {"content/articles/news/first.md": article})
    sandbox.link(name, SOURCES[name])
    assert any(problem.file == name and "symbolic link" in problem.message for problem in sandbox.problems())


def test_a_link_inside_of_the_content_is_followed_no_more_than_another(sandbox: Sandbox) -> None:
    sandbox.link("content/articles/news/second.md", "first.md")
    sandbox.link("content/l1", ".")
    sandbox.link("content/l2", ".")
    names = [problem.file for problem in sandbox.problems() if "symbolic link" in problem.message]
    assert sorted(set(names)) == ["content/articles/news/second.md", "content/l1", "content/l2"]


def test_content_may_lie_elsewhere_where_the_environment_says_so(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = sandbox.folder / "texts"
    (sandbox.site / "content").rename(elsewhere)
    sandbox._before = sandbox.outside()
    sandbox.link("content", "../texts")
    assert [problem.file for problem in sandbox.problems() if "symbolic link" in problem.message]
    monkeypatch.setenv(LINKED, str(elsewhere))
    assert not sandbox.problems()
    assert (sandbox.site / "output/news/2026/10/first/index.html").is_file()
    monkeypatch.setenv(LINKED, str(sandbox.folder / "beside"))
    assert [problem.file for problem in sandbox.problems() if "symbolic link" in problem.message]


@pytest.mark.parametrize(
    "name",
    [
        *("content/jobs.yaml", "content/ads.yaml", "content/articles/news/pipe.md", "content/images/pipe.png"),
        *("content/articles/news/first.md", "themes/default/static/pipe.txt", "sitegen.toml"),
    ],
)
def test_a_pipe_is_not_waited_for(sandbox: Sandbox, name: str) -> None:
    path = sandbox.site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    said = sandbox.problems()
    assert any(problem.file == name for problem in said)
    assert all(problem.hint for problem in said if problem.file == name)


def test_a_pipe_in_the_output_is_not_waited_for(sandbox: Sandbox) -> None:
    build_site(sandbox.site)
    for name in ("index.html", "news/2026/10/first/index.html", "pipe"):
        (sandbox.site / "output" / name).unlink(missing_ok=True)
        os.mkfifo(sandbox.site / "output" / name)
    assert not sandbox.problems()
    assert (sandbox.site / "output/index.html").is_file()


def test_folders_that_are_nested_without_end_are_named(sandbox: Sandbox) -> None:
    deep = sandbox.site / "content" / "/".join("a" * 60)
    deep.mkdir(parents=True)
    assert any("nested" in problem.message for problem in sandbox.problems())


STATES = (
    *(STATE, f"{STATE}/outputs", f"{STATE}/pictures", f"{STATE}/cache.sqlite", f"{STATE}/clock", f"{STATE}/preview"),
    *("output", f"output/{STAGE}", "output/news", "output/media"),
)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["..", "../..", "../../beside", "../beside"])
@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("first", [True, False])
def test_state_and_output_are_never_links(sandbox: Sandbox, name: str, target: str, first: bool) -> None:
    write_files(sandbox.site, {"content/articles/news/first.md": PICTURED})
    if not first:
        build_site(sandbox.site)
        let_settle()
        write_files(sandbox.site, {"content/articles/news/first.md": PICTURED + "More.\n"})
    sandbox.link(name, target)
    said = sandbox.problems()
    assert all("symbolic link" in one.message or "in the way" in one.message or "holds" in one.message for one in said)


@pytest.mark.parametrize("ending", ["lock", "sqlite", "sqlite-journal", "sqlite-wal"])
def test_no_file_of_the_state_is_written_through_a_link(sandbox: Sandbox, ending: str) -> None:
    name = lock_place(sandbox.site, sandbox.site / "output").name.removesuffix("lock") + ending
    sandbox.link(name, "../../../secret.txt")
    assert any("symbolic link" in problem.message for problem in sandbox.problems())


def test_only_what_was_made_for_pictures_is_removed_beside_them(sandbox: Sandbox) -> None:
    write_files(sandbox.site, {"content/articles/news/first.md": PICTURED})
    shelf = sandbox.site / STATE / PICTURES
    write_files(shelf, {"mine/note.txt": "mine", "1-pillow-0.0/ab/old.webp": "old", "note.txt": "mine"})
    (shelf / "2-pillow-0.0").symlink_to("../../../beside")
    with pytest.raises(SiteError, match="symbolic link"):
        build_site(sandbox.site)
    (shelf / "2-pillow-0.0").unlink()
    build_site(sandbox.site)
    sandbox.holds()
    assert (shelf / "mine/note.txt").is_file() and (shelf / "note.txt").is_file()
    assert not (shelf / "1-pillow-0.0").exists()


def test_a_page_behind_a_link_is_neither_written_nor_removed(sandbox: Sandbox) -> None:
    second = {"content/articles/news/second.md": ARTICLE}
    build_site(write_site(sandbox.site, second))
    (sandbox.site / "output/news").rename(sandbox.folder / "moved")
    (sandbox.site / "output/news").symlink_to("../../moved")
    before = tree(sandbox.folder / "moved")
    (sandbox.site / "content/articles/news/second.md").unlink()
    with pytest.raises(SiteError, match="in the way of its pages: news"):
        build_site(sandbox.site)
    assert tree(sandbox.folder / "moved") == before


# --- state that somebody else has made ---------------------------------------------------------------------

Forge = Callable[[Sandbox], None]


def _forge_names(sandbox: Sandbox) -> None:
    """A memory that calls files outside of the output its own."""
    place = memory_place(sandbox.site, sandbox.site / "output")
    target = sandbox.folder / "beside/precious.txt"
    from sitegen.engine.fingerprint import digest
    from sitegen.engine.memory import _TABLES, _VERSION, Folder

    store = Store(place, _TABLES, _VERSION)
    written = Written(digest(target.read_bytes()), Stamp(0, 0, 0, 0))
    encode = msgspec.msgpack.encode
    for folder in ("../../beside", "..", "/", str(target.parent)):
        store.put("folders", [(folder.encode(), encode(Folder({"precious.txt": written, "../beside/x": written}, 0)))])
    store.put("facts", [(b"pending", encode({b"../../beside/precious.txt": (written.digest,)}))])
    store.commit()
    store.close()


def _run(sandbox: Sandbox, *commands: str, of_cache: bool = False) -> None:
    place = cache_place(sandbox.site) if of_cache else memory_place(sandbox.site, sandbox.site / "output")
    with closing(sqlite3.connect(place.path)) as connection, connection:
        for command in commands:
            connection.execute(command)


_ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT"


def _forge_view(sandbox: Sandbox) -> None:
    for of_cache, table in ((False, "folders"), (True, "facts")):
        view = f"CREATE VIEW {table} AS {_ENDLESS} CAST(x AS BLOB) AS key, x AS value FROM n"
        _run(sandbox, f"DROP TABLE {table}", view, of_cache=of_cache)


def _forge_trigger(sandbox: Sandbox) -> None:
    _run(sandbox, f"CREATE TRIGGER t AFTER INSERT ON facts BEGIN {_ENDLESS} x FROM n; END")


def _forge_schema(sandbox: Sandbox) -> None:
    _run(sandbox, "PRAGMA writable_schema = ON", "UPDATE sqlite_master SET sql = 'CREATE TABLE x(' || char(0)")


def _forge_text(sandbox: Sandbox) -> None:
    _run(
        sandbox,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = CAST(x'fffe00' AS TEXT), name = CAST(x'ff' AS TEXT)",
    )


def _forge_types(sandbox: Sandbox) -> None:
    _run(sandbox, "INSERT OR REPLACE INTO folders VALUES ('a text', 12), (NULL, x'00'), (3.5, 'text')")


def _forge_file(sandbox: Sandbox) -> None:
    for place in (cache_place(sandbox.site), memory_place(sandbox.site, sandbox.site / "output")):
        place.path.write_bytes(b"SQLite format 3\0" + os.urandom(5000))


def _forge_journal(sandbox: Sandbox) -> None:
    for place in (cache_place(sandbox.site), memory_place(sandbox.site, sandbox.site / "output")):
        place.path.with_name(place.path.name + "-journal").write_bytes(os.urandom(2000))


FORGERIES = (
    _forge_names,
    _forge_view,
    _forge_trigger,
    _forge_schema,
    _forge_text,
    _forge_types,
    _forge_file,
    _forge_journal,
)


@pytest.mark.slow
@pytest.mark.parametrize("forge", FORGERIES)
@pytest.mark.parametrize("edits", [True, False])
def test_forged_state_costs_time_and_nothing_else(sandbox: Sandbox, forge: Forge, edits: bool) -> None:
    build_site(sandbox.site)
    let_settle()
    forge(sandbox)
    if edits:
        write_files(sandbox.site, {"content/articles/news/first.md": ARTICLE + "More.\n"})
    assert not sandbox.problems()
    build_site(sandbox.site, output="clean")
    assert tree(sandbox.site / "output") == tree(sandbox.site / "clean")


def test_a_secret_keeps_what_others_have_made_out(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cached text that somebody has changed, with the checksum that goes with it."""
    monkeypatch.setenv(KEY, "a secret of sixteen bytes")
    build_site(sandbox.site)
    let_settle()
    monkeypatch.delenv(KEY)
    _forge_html(sandbox)
    monkeypatch.setenv(KEY, "a secret of sixteen bytes")
    (sandbox.site / "output/news/2026/10/first/index.html").unlink()
    build_site(sandbox.site)
    assert b"forged" not in (sandbox.site / "output/news/2026/10/first/index.html").read_bytes()


def test_without_a_secret_the_same_is_believed(sandbox: Sandbox) -> None:
    """What the documentation warns of: it shows that the test above can fail."""
    build_site(sandbox.site)
    let_settle()
    _forge_html(sandbox)
    (sandbox.site / "output/news/2026/10/first/index.html").unlink()
    build_site(sandbox.site)
    assert b"forged" in (sandbox.site / "output/news/2026/10/first/index.html").read_bytes()


def _forge_html(sandbox: Sandbox) -> None:
    with closing(sqlite3.connect(cache_place(sandbox.site).path)) as connection, connection:
        for key, _ in connection.execute("SELECT key, value FROM html").fetchall():
            import hashlib

            value = b"<p>forged</p>"
            checked = hashlib.blake2b(value, digest_size=8, key=key[:64]).digest() + value
            connection.execute("UPDATE html SET value = ? WHERE key = ?", (checked, key))


def test_a_secret_is_long_and_lies_elsewhere(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "short")
    with pytest.raises(SiteError, match="fewer than 16 bytes"):
        build_site(sandbox.site)
    monkeypatch.delenv(KEY)
    write_files(sandbox.site, {"key": "a secret of sixteen bytes"})
    monkeypatch.setenv(KEY_FILE, str(sandbox.site / "key"))
    with pytest.raises(SiteError, match="among the site's files"):
        build_site(sandbox.site)
    (sandbox.site / "key").rename(sandbox.folder / "key")
    monkeypatch.setenv(KEY_FILE, str(sandbox.folder / "key"))
    assert build_site(sandbox.site).articles == 1


@pytest.fixture(autouse=True)
def _no_secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (KEY, KEY_FILE, LINKED):
        monkeypatch.delenv(name, raising=False)
    yield
