"""The shape of the program: imports run one way, no room knows the ones below it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import sitegen

PACKAGE = Path(sitegen.__file__).parent
ROOMS = (
    *("problems", "beneath", "text", "slugs", "typography", "language", "bundled", "tomldoc", "values", "settings"),
    *("config", "sources", "reference", "starter", "plan", "render", "engine", "serve", "cli"),
)
"""In walking order: a room imports only itself and rooms that stand before it."""
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "sitegen":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sitegen."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("sitegen.")}
    return names - {"__version__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    room = room_of(path)
    if room in ("__init__", "__main__"):
        return
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    assert imported_rooms(path) <= allowed


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_short_enough_to_be_read_at_once(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_only_the_commands_print_or_exit() -> None:
    calls = {"print", "exit", "quit"}
    for path in FILES:
        if room_of(path) in ("cli", "__main__"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in calls, f"{path}:{node.lineno}"


def test_what_is_installed_is_pinned_by_its_bytes() -> None:
    """Each version with digests, and no host to fetch it from."""
    locks = sorted((Path(__file__).parent.parent / "requirements").glob("*.lock"))
    assert len(locks) == 6
    entry = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+(?: \\\n    --hash=sha256:[0-9a-f]{64})+")
    for lock in locks:
        left = entry.sub("", lock.read_text("utf-8"))
        assert not left.strip(), (lock.name, left.strip()[:100])
