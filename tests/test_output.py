"""The output folder: what is ours in it, and what happens to everything else."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sitegen.engine import lock
from sitegen.engine.places import STAGE
from sitegen.problems import SiteError
from tests.site import ARTICLE, build_site, tree, write_files, write_site


def test_the_state_lies_beside_the_configuration_and_never_in_the_output(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    assert (tmp_path / ".sitegen/outputs").is_dir()
    hidden = [path.name for path in (tmp_path / "output").iterdir() if path.name.startswith(".")]
    assert hidden == [".nojekyll"]


def test_a_folder_without_a_record_is_accepted_where_it_holds_only_what_would_be_written(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    shutil.rmtree(tmp_path / ".sitegen")
    (tmp_path / "output/index.html").write_text("an older page")
    assert build_site(tmp_path).written == 1


def test_a_folder_without_a_record_that_holds_strangers_is_refused_and_left_alone(tmp_path: Path) -> None:
    write_site(tmp_path, {"output/thesis.txt": "precious", "output/a/b.txt": "too"})
    with pytest.raises(SiteError, match=r"output: the output folder holds files .* not write: a/b\.txt, thesis\.txt"):
        build_site(tmp_path)
    assert tree(tmp_path / "output") == {"thesis.txt": b"precious", "a/b.txt": b"too"}
    assert not (tmp_path / "output" / STAGE).exists()


def test_foreign_files_that_came_later_stay_and_do_not_hinder(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    (tmp_path / "output/CNAME").write_text("host.example")
    assert build_site(tmp_path).written == 0
    assert (tmp_path / "output/CNAME").read_text() == "host.example"


def test_a_stale_file_that_somebody_has_changed_since_stays(tmp_path: Path) -> None:
    build_site(write_site(tmp_path, {"content/articles/news/second.md": ARTICLE}))
    page = tmp_path / "output/news/2026/10/second/index.html"
    page.write_text("changed by hand")
    (tmp_path / "content/articles/news/second.md").unlink()
    assert build_site(tmp_path).removed == 5
    assert page.read_text() == "changed by hand"


def test_a_page_that_was_changed_by_hand_is_put_right(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    before = tree(tmp_path / "output")
    (tmp_path / "output/index.html").write_text("changed by hand")
    assert build_site(tmp_path).written == 1
    assert tree(tmp_path / "output") == before


def test_a_foreign_file_where_a_folder_is_needed_is_named(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    (tmp_path / "output/making").rename(tmp_path / "elsewhere")
    (tmp_path / "output/making").write_text("mine")
    with pytest.raises(SiteError, match="in the way of its pages: making"):
        build_site(tmp_path)
    assert (tmp_path / "output/making").read_text() == "mine"


def test_a_link_in_the_place_of_a_page_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    target = tmp_path / "target.html"
    target.write_text("outside")
    page = tmp_path / "output/index.html"
    page.unlink()
    page.symlink_to(target)
    build_site(tmp_path)
    assert target.read_text() == "outside"
    assert not page.is_symlink()


def test_a_page_may_become_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    aliased = ARTICLE.replace("title", "aliases: [/old.html]\ntitle")
    build_site(write_site(tmp_path, {"content/articles/news/first.md": aliased}))
    assert (tmp_path / "output/old.html").is_file()
    write_site(tmp_path, {"content/articles/news/first.md": aliased.replace("/old.html", "/old.html/in/")})
    build_site(tmp_path)
    assert (tmp_path / "output/old.html/in/index.html").is_file()
    write_site(tmp_path, {"content/articles/news/first.md": aliased})
    build_site(tmp_path)
    assert (tmp_path / "output/old.html").is_file()


def test_what_a_killed_build_left_is_cleared_and_recognised(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    write_site(tmp_path / "output" / STAGE, {"half.html": "half"})
    write_site(tmp_path, {"content/articles/news/second.md": ARTICLE})
    build_site(tmp_path)
    assert not (tmp_path / "output" / STAGE).exists()


def test_an_output_path_that_is_a_file_is_refused(tmp_path: Path) -> None:
    write_site(tmp_path, {"output": "a file"})
    with pytest.raises(SiteError, match="is a file, not a folder"):
        build_site(tmp_path)


@pytest.mark.parametrize("folder", ["content", "content/articles/site", "themes/x", "."])
def test_the_output_never_lies_among_the_sources(tmp_path: Path, folder: str) -> None:
    with pytest.raises(SiteError, match="output folder"):
        build_site(write_site(tmp_path), output=folder)


def test_two_output_folders_have_records_of_their_own(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/second.md": ARTICLE})
    build_site(tmp_path)
    build_site(tmp_path, output="preview")
    (tmp_path / "content/articles/news/second.md").unlink()
    assert build_site(tmp_path).removed == 6
    assert (tmp_path / "preview/news/2026/10/second/index.html").is_file()


def test_a_second_build_waits_for_the_first_and_says_so_when_that_does_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_site(write_site(tmp_path))
    before = tree(tmp_path / "output")
    write_files(tmp_path, {"content/articles/news/second.md": ARTICLE})
    with another_build(tmp_path) as process:
        monkeypatch.setattr(lock, "PATIENCE", 0.2)
        with pytest.raises(SiteError, match=rf"output: another build \(process {process}\) is writing this folder"):
            build_site(tmp_path)
        assert tree(tmp_path / "output") == before
    assert build_site(tmp_path).articles == 2


@contextmanager
def another_build(root: Path) -> Iterator[int]:
    """Another process that is in the midst of a build; its id."""
    code = (
        "import sys; from pathlib import Path; from sitegen.engine.lock import locked\n"
        "root = Path(sys.argv[1])\n"
        "with locked(root, root / 'output'): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process.pid
        finally:
            process.stdin.close()
            process.wait(30)


def test_the_lock_of_a_killed_build_holds_nobody_up(tmp_path: Path) -> None:
    write_site(tmp_path)
    with another_build(tmp_path) as process:
        os.kill(process, signal.SIGKILL)
        assert build_site(tmp_path).articles == 1


@pytest.mark.slow
def test_builds_at_the_same_time_leave_one_whole_site(tmp_path: Path) -> None:
    write_site(tmp_path)
    command = [sys.executable, "-m", "sitegen", "build", "--site", str(tmp_path), "--now", "2026-11-01T12:00:00+00:00"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(4)]
    said = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0, 0], said
    at_once = tree(tmp_path / "output")
    shutil.rmtree(tmp_path / "output")
    build_site(tmp_path)
    assert tree(tmp_path / "output") == at_once


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "there is no space left on the disk"),
        (errno.EACCES, "permission denied"),
        (errno.EROFS, "the disk can only be read"),
        (errno.ETXTBSY, "text file busy"),
    ],
)
def test_what_the_system_refuses_is_answered_and_the_output_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    build_site(write_site(tmp_path))
    before = tree(tmp_path / "output")
    write_files(tmp_path, {"content/articles/news/second.md": ARTICLE})

    write = os.write

    def refuse(file: int, data: bytes) -> int:
        if b"<html" in bytes(data):
            raise OSError(number, os.strerror(number))
        return write(file, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", refuse)
        with pytest.raises(SiteError, match=rf"output/news/2026/10/[a-z]+/[a-z-]+\.html: {said}"):
            build_site(tmp_path)
    assert tree(tmp_path / "output") == before
    assert build_site(tmp_path).articles == 2


def test_a_path_that_is_too_long_is_answered(tmp_path: Path) -> None:
    write_site(tmp_path)
    with pytest.raises(SiteError, match="the path is too long for this system"):
        build_site(tmp_path, output="a" * 300)
    with pytest.raises(SiteError, match="the path is too long for this system"):
        build_site(tmp_path, output="/".join(["deep" * 20] * 60))


def test_a_folder_that_is_no_site_is_left_without_a_trace(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"there is no sitegen\.toml here"):
        build_site(tmp_path)
    assert not any(tmp_path.iterdir())
