"""Every mistake a writer can make, and the exact answer to it.

The cases stand in tests/problems/*.txt: `@@ title`, files as `== path` and their text, then `->` and what the writer
reads. A path may be followed by `(escaped)`: the text holds Python escapes; by `(link)`: the path is a symbolic link
to where the text says; by `(30000 times)`: the text is repeated. After a deliberate change run
`pytest tests/test_problems.py --update` and read the difference as a writer would.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from sitegen.problems import Problem, SiteError, errors, show
from tests.site import build_site, write_site

FOLDER = Path(__file__).parent / "problems"
_CASE = re.compile(r"^@@ (?P<title>.*)\n(?P<files>(?:.*\n)*?)->\n(?P<expected>(?:(?!@@ ).*\n)*)", re.MULTILINE)
_FILE = re.compile(
    r"^== (?P<path>\S+)(?: \((?:(?P<escaped>escaped)|(?P<link>link)|(?P<times>\d+) times)\))?\n"
    r"(?P<text>(?:(?!== ).*\n)*)",
    re.MULTILINE,
)


class Link(str):
    """Where a symbolic link leads."""


Files = dict[str, bytes | Link]


def cases() -> Iterator[tuple[Path, str, Files, str]]:
    for path in sorted(FOLDER.glob("*.txt")):
        for found in _CASE.finditer(path.read_text("utf-8")):
            files = {file["path"]: content(file) for file in _FILE.finditer(found["files"])}
            yield path, found["title"], files, found["expected"].strip("\n")


def content(file: re.Match[str]) -> bytes | Link:
    text = file["text"]
    if file["link"]:
        return Link(text.strip())
    if file["escaped"]:
        return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1")
    return text.encode() * int(file["times"] or 1)


def write(root: Path, files: Files) -> Path:
    site = write_site(root, {name: text for name, text in files.items() if isinstance(text, bytes)})
    for name, text in files.items():
        if isinstance(text, Link):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).symlink_to(text)
    return site


def answer(root: Path, files: Files, warnings: bool) -> Sequence[Problem]:
    """What the writer reads: what stops the build, or (in warnings.txt) what does not."""
    try:
        result = build_site(write(root, files))
    except SiteError as error:
        return () if warnings else errors(error.problems)
    return result.warnings if warnings else ()


ALL = list(cases())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good site, built once: what a mistake must leave as it is."""
    root = tmp_path_factory.mktemp("built")
    build_site(write_site(root))
    return root


def parameters() -> Iterator[object]:
    """Every case; half of them is left out of the quick tests."""
    for index, (path, title, files, expected) in enumerate(ALL):
        marks = (pytest.mark.slow,) if index % 2 else ()
        yield pytest.param(path, title, files, expected, id=f"{path.stem}: {title}", marks=marks)


@pytest.mark.parametrize(("path", "title", "files", "expected"), list(parameters()))
def test_a_mistake_is_answered(
    tmp_path: Path, built: Path, path: Path, title: str, files: Files, expected: str, update: bool
) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    warnings = path.stem == "warnings"
    problems = answer(tmp_path, files, warnings)
    assert all(problem.hint or "did you mean" in problem.message for problem in problems)
    said = show(problems)
    if update:
        write_expected(path, title, said)
    else:
        assert said == expected
        assert warnings or stamps(tmp_path / "output") == stamps(built / "output")


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and moment of every file, which copies share and no write leaves alone."""
    found: dict[str, tuple[int, int]] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            known = os.stat(os.path.join(place, name))  # noqa: PTH116, PTH118 (over 10,000 files, this is the quick way)
            found[os.path.relpath(place, folder) + "/" + name] = known.st_size, known.st_mtime_ns
    return found


def write_expected(path: Path, title: str, said: str) -> None:
    def put(found: re.Match[str]) -> str:
        if found["title"] != title:
            return found[0]
        return f"@@ {title}\n{found['files']}->\n{said}\n\n"

    path.write_text(_CASE.sub(put, path.read_text("utf-8")).rstrip("\n") + "\n", "utf-8")


def test_there_is_an_answer_to_every_case_and_no_title_stands_twice() -> None:
    assert all(expected for *_, expected in ALL)
    assert len({(path, title) for path, title, *_ in ALL}) == len(ALL)
