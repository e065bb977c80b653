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
from sitegen.beneath import LINKED
from sitegen.engine.live import Live
from sitegen.engine.options import Options
from sitegen.serve.mounts import tells_nothing
from sitegen.serve.watch import Watcher
from tests.preview import eventually
from tests.site import ARTICLE, write_files, write_site


@contextmanager
def watching(root: Path) -> Iterator[list[str]]:
    """The paths that were called out, from now on."""
    seen: list[str] = []
    watcher = Watcher(root, lambda path, within: seen.append(path), lambda: seen.append("lost"), seen.append)
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


def test_a_content_folder_that_is_a_link_and_may_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LINKED, str(tmp_path / "real"))
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


def test_where_watches_run_out_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(PollingObserver):
        def schedule(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sitegen.serve.watch, "Observer", Full)
    warned: list[str] = []
    watcher = Watcher(write_site(tmp_path), lambda path, within: None, lambda: None, warned.append)
    assert not watcher.start()
    assert "max_user_watches" in warned[0]


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
def test_a_folder_below_that_cannot_be_watched_counts_as_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    real = InotifyFD.add_callback

    def full(self: InotifyFD, path: bytes, *rest: Any) -> Any:
        if path.endswith(b"/news"):
            raise OSError(28, "inotify watch limit reached")
        return real(self, path, *rest)

    monkeypatch.setattr(InotifyFD, "add_callback", full)
    with watching(write_site(tmp_path)) as seen:
        assert "max_user_watches" in seen[0]


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
def test_events_that_were_lost_are_noticed(tmp_path: Path) -> None:
    from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent, InotifyFD, Mask, WatchDescriptor

    write_site(tmp_path)
    with watching(tmp_path) as seen:
        overflow = InotifyEvent(WatchDescriptor(-1), Mask(InotifyConstants.IN_Q_OVERFLOW), 0, b"")
        InotifyFD.get_instance().handle_event(overflow)
        assert heard(seen, "lost")
        (tmp_path / "content/articles/news/first.md").write_text("changed")
        assert heard(seen, "content/articles/news/first.md")


def test_what_a_link_leads_to_is_not_watched(tmp_path: Path) -> None:
    write_site(tmp_path / "site")
    write_files(tmp_path / "far", {"one.md": ARTICLE})
    (tmp_path / "site/content/articles/far").symlink_to(tmp_path / "far")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/content").symlink_to(tmp_path / "far")
    for site in ("site", "other"):
        with watching(tmp_path / site) as seen:
            write_files(tmp_path / "far", {"one.md": "changed"})
            write_files(tmp_path / site, {"sitegen.toml": "changed"})
            assert heard(seen, "sitegen.toml")
            assert not any("one.md" in path for path in seen)


def test_what_is_being_written_or_exchanged_is_told_to_be_so(tmp_path: Path) -> None:
    write_site(tmp_path)
    told: dict[str, float] = {}
    watcher = Watcher(tmp_path, told.__setitem__, lambda: None, lambda text: None)
    watcher.start()
    first, name = tmp_path / "content/articles/news/first.md", "content/articles/news/first.md"
    try:
        with first.open("w") as file:
            assert eventually(lambda: told.get(name, 0.0) > 0)
            file.write("changed")
        assert eventually(lambda: told.get(name) == 0.0)
        first.rename(tmp_path / "elsewhere.md")
        assert eventually(lambda: told.get(name, 0.0) > 0)
    finally:
        watcher.stop()


def test_a_system_that_tells_of_changes_is_found_out(tmp_path: Path) -> None:
    warned: list[str] = []
    watcher = Watcher(write_site(tmp_path), lambda path, within: None, lambda: None, warned.append)
    watcher.start()
    assert watcher.probe()
    assert warned == []
    assert not any(path.name.startswith(".") for path in (tmp_path / "content").iterdir())
    watcher.stop()


def test_a_system_that_does_not_tell_of_changes_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf(PollingObserver):
        def schedule(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            return None

    monkeypatch.setattr(sitegen.serve.watch, "Observer", Deaf)
    monkeypatch.setattr(sitegen.serve.watch, "PROBED", 0.05)
    monkeypatch.setattr(sitegen.serve.watch, "_watches_held", lambda: 1000)
    warned: list[str] = []
    watcher = Watcher(write_site(tmp_path), lambda path, within: None, lambda: None, warned.append)
    assert watcher.start()
    assert not watcher.probe()
    assert "content/" in warned[0]
    assert "network drive" in warned[0]
    watcher.stop()


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:26 / /home/w rw - 9p drvfs rw
31 30 8:2 / /home/w/own\\040disk rw - btrfs /dev/sdb1 rw
32 22 0:30 / /srv rw - nfs4 host:/srv rw
33 22 8:3 / /srv rw - xfs /dev/sdc1 rw
"""


@pytest.mark.parametrize(
    ("folder", "is_silent"),
    [("/home/w/site", True), ("/home/w/own disk/site", False), ("/home/word", False), ("/srv/site", False)],
)
def test_drives_of_other_machines_are_known(tmp_path: Path, folder: str, is_silent: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert tells_nothing(Path(folder), mounts) == is_silent
    assert not tells_nothing(Path(folder), tmp_path / "none")


def test_where_every_folder_is_watched_nothing_is_said(tmp_path: Path) -> None:
    with watching(write_site(tmp_path, {"themes/own/templates/a.html": ""})) as seen:
        assert seen == []


def test_what_nobody_told_of_is_found(tmp_path: Path) -> None:
    second = {"content/articles/news/second.md": ARTICLE, "content/articles/news/.x.swp": ""}
    live = Live(Options(write_site(tmp_path, second), tmp_path / "output"))
    live.look()
    assert live.missed() == []
    write_files(tmp_path, {"content/articles/news/first.md": ARTICLE + "more", "themes/own/theme.toml": ""})
    (tmp_path / "content/articles/news/second.md").rename(tmp_path / "content/articles/news/third.md")
    missed = [
        "content/articles/news/first.md",
        "content/articles/news/second.md",
        "content/articles/news/third.md",
        "themes/own/theme.toml",
    ]
    assert live.missed() == missed
    live.look(missed)
    assert live.missed() == []
    (tmp_path / "sitegen.toml").unlink()
    assert live.missed() == ["sitegen.toml"]
    live.look(["sitegen.toml"])
    assert live.missed() == []
    assert live.problems
