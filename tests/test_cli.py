"""The command as a person starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.reference import NAMES


@pytest.mark.parametrize("call", [[sys.executable, "-m", "sitegen"], [f"{sys.exec_prefix}/bin/sitegen"]])
def test_the_command_and_the_module_tell_the_installed_version(call: list[str]) -> None:
    done = subprocess.run([*call, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"sitegen {version('sitegen-press')}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "last"),
    [(["schema", "front-matter"], 0, "}\n"), (["check"], 1, "1 problem.\n"), (["chek"], 2, "'schema'?)\n")],
)
def test_the_process_says_all_it_has_to_say_and_how_it_ended(
    tmp_path: Path, arguments: list[str], code: int, last: str
) -> None:
    command = [sys.executable, "-m", "sitegen", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == code
    assert (done.stdout + done.stderr).endswith(last)


def test_help_names_every_command() -> None:
    said = CliRunner().invoke(main, ["--help"]).output
    for name in main.commands:
        assert f"\n  {name}" in said


def test_the_start_of_the_command_loads_nothing_that_only_some_commands_need() -> None:
    code = "import sys; import sitegen.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"yaml", "jinja2", "babel", "markdown_it", "nh3", "PIL", "anyascii", "starlette", "uvicorn", "watchdog"}
    assert not heavy & set(loaded)


def test_the_help_of_schema_names_every_kind() -> None:
    said = " ".join(CliRunner().invoke(main, ["schema", "--help"]).output.split())
    assert all(name in said for name in NAMES)
    refused = CliRunner().invoke(main, ["schema", "frontmatter"])
    assert refused.exit_code == 2
    assert all(name in refused.output for name in NAMES)


def test_a_failure_of_sitegen_itself_is_said_without_a_traceback(tmp_path: Path) -> None:
    fail = "@main.command('fail')\ndef fail(): raise RuntimeError('a\\x1b[31mb')"
    code = f"from sitegen.cli.main import main, run\n{fail}\nrun()"
    for more, shows in (({}, False), ({"SITEGEN_VERBOSE": "1"}, True)):
        done = subprocess.run(
            [sys.executable, "-c", code, "fail"],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, **more},
            check=False,
        )
        assert done.returncode == 70
        assert done.stderr.startswith("sitegen itself failed (RuntimeError: a\ufffd[31mb)\n")
        assert ("Traceback" in done.stderr) is shows
        assert "hint: this is a bug in sitegen" in done.stderr
