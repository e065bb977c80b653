"""`sitegen check`: every problem and warning, in three forms, and nothing written."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sitegen.beneath import READ, Beneath
from sitegen.cli import main
from sitegen.problems import Problem, show, tally
from tests.site import ARTICLE, tree, write_site

NOW = "--now=2026-11-01T12:00:00+00:00"
WARNED = ARTICLE.replace("summary: What the first one says.\n", "")
BROKEN = ARTICLE.replace("published", "publishd")


def check(root: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", "--site", str(root), NOW, *options])


def test_a_good_site_has_no_problems_and_nothing_is_written(tmp_path: Path) -> None:
    before = tree(write_site(tmp_path))
    done = check(tmp_path, "--strict")
    assert (done.exit_code, done.output) == (0, "no problems.\n")
    assert tree(tmp_path) == before


def test_problems_stop_and_warnings_only_when_asked_to(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/second.md": WARNED})
    assert check(tmp_path).exit_code == 0
    assert check(tmp_path, "--strict").exit_code == 1
    write_site(tmp_path, {"content/articles/news/third.md": BROKEN})
    done = check(tmp_path)
    assert done.exit_code == 1
    # What stops a build stands above what does not.
    assert done.output.index("third.md:3:1: unknown field") < done.output.index("second.md:2:1: warning: the article")
    assert done.output.endswith("\n1 problem and 1 warning.\n")
    assert not (tmp_path / "output").exists()


def test_problems_in_texts_and_templates_are_found_too(tmp_path: Path) -> None:
    files = {
        "content/articles/news/second.md": ARTICLE + "[nowhere](/nowhere/)\n",
        "themes/default/templates/404.html": "{{ pag.title }}",
    }
    said = check(write_site(tmp_path, files)).output
    assert 'the link "/nowhere/" leads to no page of this site' in said
    assert "themes/default/templates/404.html:1:4:" in said


def test_drafts_are_checked_when_asked_to(tmp_path: Path) -> None:
    draft = ARTICLE.replace("---\nThe", "draft: true\n---\n[nowhere](/nowhere/) The")
    write_site(tmp_path, {"content/articles/news/draft.md": draft})
    assert check(tmp_path).exit_code == 0
    assert check(tmp_path, "--drafts").exit_code == 1


def test_json_for_programs(tmp_path: Path) -> None:
    files = {"content/articles/news/second.md": WARNED, "content/articles/news/third.md": BROKEN}
    done = check(write_site(tmp_path, files), "--format", "json")
    said: dict[str, Any] = json.loads(done.output)
    assert (said["errors"], said["warnings"]) == (1, 1)
    assert said["problems"][0] == {
        "severity": "error",
        "file": "content/articles/news/third.md",
        "line": 3,
        "column": 1,
        "message": 'unknown field "publishd"; did you mean "published"?',
        "hint": "",
        "excerpt": "publishd: 2026-10-01",
        "cut": 0,
    }
    assert said["problems"][1]["severity"] == "warning"


def test_annotations_for_github(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/50%,x.md": BROKEN.replace("A first", "'A: 100%' first")})
    done = check(tmp_path, "--format", "github")
    lines = done.output.splitlines()
    assert lines[0].startswith(f"::error file={tmp_path}/content/articles/news/50%25%2Cx.md,line=2,col=")
    assert all(line.startswith("::") for line in lines)
    assert done.exit_code == 1


def test_a_folder_that_is_no_site_is_answered(tmp_path: Path) -> None:
    done = check(tmp_path)
    assert done.exit_code == 1
    assert "there is no sitegen.toml here" in done.output
    assert not any(tmp_path.iterdir())


def problems(number: int, warning: bool = False) -> list[Problem]:
    return [Problem(f"{index:03}.md", 1, 1, "wrong", warning=warning) for index in range(number)]


def test_fifty_are_shown_and_the_rest_is_counted() -> None:
    assert "more" not in show(problems(50))
    said = show([*problems(60, warning=True), *problems(40)]).splitlines()
    assert len(said) == 51
    assert said[39:41] == ["039.md:1:1: wrong", "000.md:1:1: warning: wrong"]
    assert said[50] == "... and 50 warnings more"


@pytest.mark.parametrize(
    ("stopping", "warnings", "said"),
    [(0, 0, "no problems"), (1, 0, "1 problem"), (2, 1, "2 problems and 1 warning"), (0, 3, "3 warnings")],
)
def test_problems_are_counted_in_words(stopping: int, warnings: int, said: str) -> None:
    assert tally([*problems(stopping), *problems(warnings, warning=True)]) == said


@pytest.mark.slow
def test_colour_stands_on_a_terminal_only_and_not_where_the_reader_wants_none(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/third.md": BROKEN})
    # On a busy machine a terminal is told of the progress as well, with another sequence than those of colours.
    colour = re.compile(r"\x1b\[[0-9;]*m").search
    assert colour(on_a_terminal(tmp_path))
    assert not colour(on_a_terminal(tmp_path, NO_COLOR="1"))
    assert "\x1b[" not in on_a_terminal(tmp_path, TERM="dumb")
    assert "\x1b[" not in check(tmp_path).output


def on_a_terminal(root: Path, **settings: str) -> str:
    """What `sitegen check` says to a terminal."""
    command = [sys.executable, "-m", "sitegen", "check", "--site", str(root), NOW]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"TERM": "xterm", **settings}
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        said = b""
        try:
            while piece := terminal.read(4096):
                said += piece
        except OSError:  # Linux says so at the end of a terminal.
            pass
        assert process.wait(60) == 1
    return said.decode()


def test_a_file_that_cannot_be_read_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(tmp_path, {"themes/default/static/a.txt": "a"})
    read = Beneath.open

    def refuse(folder: Beneath, path: str, flags: int = READ, mode: int = 0o666) -> int:
        if path == "a.txt":
            raise PermissionError(13, "Permission denied", str(tmp_path / "themes/default/static/a.txt"))
        return read(folder, path, flags, mode)

    monkeypatch.setattr(Beneath, "open", refuse)
    done = check(tmp_path)
    assert (done.exit_code, done.output.splitlines()[0]) == (1, "themes/default/static/a.txt: permission denied")


@pytest.mark.parametrize("said", ["::set-env name=A::b", "  ::add-mask::x", "##[add-mask]x", "a ##vso[task.x]y"])
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_no_text_commands_the_runner_of_ci(tmp_path: Path, said: str, form: str) -> None:
    """What GitHub's runner looks for: a line that begins with `::` behind blanks, or one that holds `##[`."""
    article = f"---\ntitle: A\npublished: 2026-10-01\n---\n{said} [x](gone.md)\n\n    {said}\n"
    write_site(tmp_path, {"content/articles/news/first.md": article, f"content/articles/{said.strip()}/b.md": "no"})
    shown = check(tmp_path, "--format", form).output
    own = ("::error ", "::warning ") if form == "github" else ("no command",)
    commands = [line for line in shown.splitlines() if line.strip().startswith("::") and not line.startswith(own)]
    assert not commands
    assert form == "github" or not any(sign in shown for sign in ("##[", "##vso["))
    if form == "json":
        assert any(said.strip() in problem["excerpt"] for problem in json.loads(shown)["problems"])
