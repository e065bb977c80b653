"""The command as a person starts it."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest
from click.testing import CliRunner

from sitegen.cli import main


@pytest.mark.parametrize("call", [[sys.executable, "-m", "sitegen"], [f"{sys.exec_prefix}/bin/sitegen"]])
def test_the_command_and_the_module_tell_the_installed_version(call: list[str]) -> None:
    done = subprocess.run([*call, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"sitegen {version('sitegen')}\n"


def test_help_names_every_command() -> None:
    said = CliRunner().invoke(main, ["--help"]).output
    for name in main.commands:
        assert f"\n  {name}" in said
