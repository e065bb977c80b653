"""Folders for a moment: gone with their owner, and where that was killed, with the next one's beginning."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sitegen.engine.scratch import Scratch


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def folders(tmp_path: Path) -> set[Path]:
    return {folder for top in tmp_path.iterdir() for folder in top.iterdir()}


def test_a_folder_goes_with_its_owner(tmp_path: Path) -> None:
    with Scratch() as one:
        two = Scratch()
        assert folders(tmp_path) == {one, two.path}
    assert folders(tmp_path) == {two.path}
    del two
    assert not folders(tmp_path)


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_uses_is_not(tmp_path: Path) -> None:
    code = "from sitegen.engine.scratch import Scratch; s = Scratch(); print(s.path, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as process:
        assert process.stdout is not None
        other = Path(process.stdout.readline().strip())
        (other / "half.pdf").write_text("half")
        with Scratch():
            assert other.is_dir()
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        assert other.is_dir()
        with Scratch():
            assert not other.exists()


def test_a_forked_process_leaves_the_folder_alone(tmp_path: Path) -> None:
    one = Scratch()
    child = os.fork()
    if child == 0:
        one.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert one.path.is_dir()


def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    name = f"sitegen-{os.getuid()}"
    (tmp_path / "theirs").mkdir()
    (tmp_path / name).symlink_to(tmp_path / "theirs")
    with Scratch() as one:
        assert not one.resolve().is_relative_to(tmp_path / "theirs")
