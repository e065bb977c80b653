"""Where the programs are. A test that needs one skips on a developer's machine without it and fails in CI."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).parent
# Where Debian has its servers, which is not on everybody's path.
_SYSTEM = "/usr/sbin"


def program(name: str) -> Path:
    """The program of this name in the environment of the tests or on the system."""
    places = [Path(sys.executable).parent.as_posix(), os.environ.get("PATH", ""), _SYSTEM]
    found = shutil.which(name, path=os.pathsep.join(places))
    return Path(found) if found else missing(name)


def node_package(path: str, folder: Path = HERE) -> Path:
    """A file of a package that this folder's package-lock.json pins."""
    file = folder / "node_modules" / path
    return file if file.is_file() else missing(path)


def missing(name: str) -> NoReturn:
    """Skips the test, or fails it in CI: a program that it needs is not there."""
    text = f"{name} is not installed; `make test` says what is missing"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)
