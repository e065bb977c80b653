"""Small sites byte for byte, and that nothing but the sources decides on a byte."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sitegen.bundled import bundled_themes
from tests.site import NOW, build_site, tree, write_files

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir())
BUNDLED = Path(__file__).parents[1]


def copy_site(source: Path, target: Path) -> Path:
    """A site's sources, without what earlier builds made of them but for files made from pictures: they are known by
    their contents, and take longer than all the rest.
    """
    for name in ("content", "themes"):
        if (source / name).exists():
            shutil.copytree(source / name, target / name)
    shutil.copy(source / "sitegen.toml", target)
    if source == BUNDLED:
        shutil.copytree(_shelf(), target / ".sitegen/pictures")
    return target


def _shelf() -> Path:
    """The files made from the bundled site's pictures."""
    shelf = BUNDLED / ".sitegen/pictures"
    if not shelf.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            for name in ("content", "themes"):
                shutil.copytree(BUNDLED / name, Path(folder, name))
            shutil.copy(BUNDLED / "sitegen.toml", folder)
            build_site(Path(folder))
            shutil.copytree(Path(folder, ".sitegen/pictures"), shelf, dirs_exist_ok=True)
    return shelf


def with_short_styles(root: Path) -> Path:
    """The site with one line for each style, script and font of the default theme: how things look, and what they do
    in a browser, is no golden case's matter.
    """
    static = bundled_themes() / "default/static"
    for path in (path for folder in ("css", "fonts", "js") for path in (static / folder).iterdir()):
        write_files(root, {f"themes/default/static/{path.parent.name}/{path.name}": f"/* {path.name} */\n"})
    return root


def difference(expected: dict[str, bytes], got: dict[str, bytes]) -> str:
    """What differs, for a person: names, and the lines of the first text that is another one."""
    lines = [f"missing: {name}" for name in sorted(set(expected) - set(got))]
    lines += [f"not expected: {name}" for name in sorted(set(got) - set(expected))]
    for name in sorted(set(got) & set(expected)):
        if got[name] != expected[name]:
            old, new = (data.decode("utf-8", "replace").splitlines() for data in (expected[name], got[name]))
            lines += difflib.unified_diff(old, new, f"expected {name}", f"got {name}", lineterm="", n=1)
    return "\n".join(lines[:80])


@pytest.mark.parametrize("case", CASES)
def test_a_site_comes_out_as_expected(case: str, tmp_path: Path, update: bool) -> None:
    build_site(with_short_styles(copy_site(GOLDEN / case, tmp_path)))
    got = tree(tmp_path / "output")
    folder = GOLDEN / case / "expected"
    if update:
        shutil.rmtree(folder, ignore_errors=True)
        write_files(folder, got)
    said = difference(tree(folder), got)
    assert not said, f"{said}\n\nIf it is meant to be so: pytest tests/test_golden.py --update, then read the diff."


@pytest.mark.slow
@pytest.mark.parametrize("site", [BUNDLED, *(GOLDEN / case for case in CASES)], ids=lambda path: path.name)
def test_folder_time_zone_hash_seed_and_language_of_the_system_change_no_byte(site: Path, tmp_path: Path) -> None:
    surroundings = [
        ("here", "2", {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C", "LANG": "C"}),
        ("elsewhere/and deeper", "1", {"TZ": "America/St_Johns", "PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8"}),
    ]
    outputs = []
    for folder, workers, variables in surroundings:
        root = tmp_path / folder
        root.mkdir(parents=True)
        copy_site(site, root)
        command = [sys.executable, "-m", "sitegen", "build", "--now", NOW.isoformat(), "--workers", workers]
        subprocess.run(command, cwd=root, env={**os.environ, **variables}, check=True, capture_output=True)
        outputs.append(tree(root / "output"))
    assert difference(*outputs) == ""
    assert len(outputs[0]) > 10
