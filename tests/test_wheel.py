"""The package as a stranger installs it: a wheel in an empty environment, from nothing to a built site."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """What a command says; nothing of this checkout is in its reach."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `sitegen`, installed from a wheel into an environment that held nothing."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("sitegen_press-*.whl")
    venv.create(folder / "empty", with_pip=False)
    python = folder / "empty/bin/python"
    run(*pip, "--python", python, "install", "-r", ROOT / "requirements/runtime.lock", cwd=folder)
    run(*pip, "--python", python, "install", "--no-deps", wheel, cwd=folder)
    run(*pip, "--python", python, "check", cwd=folder)
    return folder / "empty/bin/sitegen"


def test_from_nothing_to_a_built_site(command: Path, tmp_path: Path) -> None:
    run(command, "init", "paper", cwd=tmp_path)
    paper = tmp_path / "paper"
    assert run(command, "check", "--strict", cwd=paper) == "no problems.\n"
    draft = run(command, "new", "A coat", "--section", "interviews", cwd=paper).strip()
    assert (paper / draft).is_file()
    assert run(command, "list", "drafts", cwd=paper).count("A coat") == 1
    assert run(command, "check", "--strict", "--drafts", cwd=paper) == "no problems.\n"
    assert run(command, "build", "--drafts", cwd=paper).startswith("2 articles, ")
    page = next((paper / "output/interviews").rglob("a-coat/index.html")).read_text("utf-8")
    assert "Write the text here." in page
    assert list((paper / "output/assets").glob("site.*.css"))


def test_a_mistake_is_answered_there_too(command: Path, tmp_path: Path) -> None:
    run(command, "init", ".", cwd=tmp_path)
    (tmp_path / "content/articles/news/slip.md").write_text("---\ntitel: A\n---\n")
    said = run(command, "check", cwd=tmp_path, code=1)
    assert 'slip.md:2:1: unknown field "titel"; did you mean "title"?' in said


def test_the_schemas_are_there(command: Path, tmp_path: Path) -> None:
    for kind in ("front-matter", "page", "jobs", "ads", "config"):
        assert run(command, "schema", kind, cwd=tmp_path).startswith("{")
