"""The watcher: whatever happens to the sources, it calls."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from watchdog.observers.polling import PollingObserver

import sitegen.serve.watch
from sitegen.serve.watch import Watcher, differing, snapshot
from tests.preview import eventually
from tests.site import ARTICLE, write_files, write_site


@contextmanager
def watching(root: Path) -> Iterator[list[str]]:
    """The paths that were called out, from now on."""
    seen: list[str] = []
    watcher = Watcher(root, seen.append, seen.append)
    watcher.start()
    try:
        yield seen
    finally:
        watcher.stop()


def heard(seen: list[str], path: str) -> bool:
    return eventually(lambda: path in seen)


def test_files_that_are_written_made_renamed_and_removed(tmp_path: Path) -> None:
    write_site(tmp_path)
    folder = tmp_path / "content/articles/news"
    with watching(tmp_path) as seen:
        (folder / "first.md").write_text("changed")
        assert heard(seen, "content/articles/news/first.md")
        (folder / "new.md").write_text("new")
        assert heard(seen, "content/articles/news/new.md")
        (folder / "new.md").rename(folder / "renamed.md")
        assert heard(seen, "content/articles/news/renamed.md")
        seen.clear()
        (folder / "renamed.md").unlink()
        assert heard(seen, "content/articles/news/renamed.md")


def test_an_editor_that_saves_by_renaming_a_new_file_over_the_old_one(tmp_path: Path) -> None:
    write_site(tmp_path)
    for name in ("sitegen.toml", "content/articles/news/first.md"):
        with watching(tmp_path) as seen:
            new = tmp_path / f"{name}.tmp"
            new.write_text("changed")
            new.rename(tmp_path / name)
            assert heard(seen, name)


def test_a_folder_that_was_moved_in_is_watched(tmp_path: Path) -> None:
    write_site(tmp_path / "site")
    write_site(tmp_path / "elsewhere", {"deep/down/second.md": "text"})
    with watching(tmp_path / "site") as seen:
        (tmp_path / "elsewhere/deep").rename(tmp_path / "site/content/articles/deep")
        assert heard(seen, "content/articles/deep")
        seen.clear()
        (tmp_path / "site/content/articles/deep/down/second.md").write_text("changed")
        assert heard(seen, "content/articles/deep/down/second.md")


@pytest.mark.parametrize("name", ["content", "themes"])
def test_a_folder_that_is_missing_comes_goes_and_comes_back(tmp_path: Path, name: str) -> None:
    write_site(tmp_path)
    shutil.rmtree(tmp_path / "content")
    with watching(tmp_path) as seen:
        for _ in range(3):
            (tmp_path / name / "in").mkdir(parents=True)
            assert heard(seen, name)
            # The watch itself comes a moment after the folder: what is written until then is not called out by name.
            assert eventually(lambda: _called(tmp_path / name / "in/file.md", seen))
            seen.clear()
            shutil.rmtree(tmp_path / name)
            assert heard(seen, name)
            seen.clear()


def _called(file: Path, seen: list[str]) -> bool:
    file.write_text(str(time.monotonic_ns()))
    time.sleep(0.05)
    return any(path.endswith("in/file.md") for path in seen)


def test_a_content_folder_that_is_a_link(tmp_path: Path) -> None:
    write_site(tmp_path / "real")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/content").symlink_to(tmp_path / "real/content")
    with watching(tmp_path / "site") as seen:
        (tmp_path / "real/content/articles/news/first.md").write_text("changed")
        assert heard(seen, "content/articles/news/first.md")


def test_what_a_build_reads_and_what_editors_leave_behind_is_no_change(tmp_path: Path) -> None:
    write_site(tmp_path)
    folder = tmp_path / "content/articles/news"
    with watching(tmp_path) as seen:
        (folder / "first.md").read_text()
        (folder / ".first.md.swp").write_text("vim")
        (folder / "first.md~").write_text("emacs")
        (tmp_path / ".sitegen").mkdir()
        (tmp_path / "notes.txt").write_text("no source")
        (folder / "last.md").write_text("the end")
        assert heard(seen, "content/articles/news/last.md")
        assert set(seen) == {"content/articles/news/last.md"}


def test_where_watches_run_out_the_sources_are_polled_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path)

    class Full(PollingObserver):
        def schedule(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sitegen.serve.watch, "Observer", Full)
    monkeypatch.setattr(sitegen.serve.watch, "_POLL_SECONDS", 0.05)
    with watching(tmp_path) as seen:
        assert "max_user_watches" in seen[0]
        (tmp_path / "content/articles/news/first.md").write_text("changed text")
        assert heard(seen, "content/articles/news/first.md")


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
def test_a_folder_below_that_cannot_be_watched_counts_as_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    real = InotifyFD.add_callback

    def full(self: InotifyFD, path: bytes, *rest: Any) -> Any:
        if path.endswith(b"/news"):
            raise OSError(28, "inotify watch limit reached")
        return real(self, path, *rest)

    monkeypatch.setattr(InotifyFD, "add_callback", full)
    monkeypatch.setattr(sitegen.serve.watch, "_POLL_SECONDS", 0.05)
    with watching(write_site(tmp_path)) as seen:
        assert "max_user_watches" in seen[0]
        (tmp_path / "content/articles/news/first.md").write_text("changed text")
        assert heard(seen, "content/articles/news/first.md")


def test_where_every_folder_is_watched_nothing_is_said(tmp_path: Path) -> None:
    with watching(write_site(tmp_path, {"themes/own/templates/a.html": ""})) as seen:
        assert seen == []


def test_what_changed_before_the_watching_began_is_found(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/second.md": ARTICLE, "content/articles/news/.x.swp": ""})
    folder = tmp_path / "content/articles/news"
    before = snapshot(tmp_path)
    assert differing(before, snapshot(tmp_path)) == []
    write_files(tmp_path, {"content/articles/news/first.md": ARTICLE, "themes/own/theme.toml": ""})
    (folder / "second.md").rename(folder / "third.md")
    assert differing(before, snapshot(tmp_path)) == [
        "content/articles/news/first.md",
        "content/articles/news/second.md",
        "content/articles/news/third.md",
        "themes/own/theme.toml",
    ]
