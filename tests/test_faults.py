"""A disk that fails, and a build that is killed, at any operation: a clear problem, and the next build heals."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builder import KILLED, Builder, Fault
from tests.site import ARTICLE, CONFIG, NOW, PIXEL, let_settle, tree, write_files, write_site

EVERY = int(os.environ.get("SITEGEN_FAULTS_EVERY", "397"))
"""Only every so many operations are tried; 1 for all of them."""
NUMBERS = (errno.ENOSPC, errno.EIO, errno.EACCES)
SITE: dict[str, str | bytes] = {
    "content/articles/news/second.md": ARTICLE.replace("title: A first", "tags: [Wool]\ntitle: A second"),
    "content/articles/making/third.md": ARTICLE + "![A loom](/images/loom.png)\n",
    "content/images/loom.png": PIXEL,
    "content/jobs.yaml": "- employer: Loom & Co\n  title: Weaver\n",
    "sitegen.toml": CONFIG + "\n[variants]\nprint = false\ntext_sizes = []\n\n[downloads]\nformats = []\n",
}
TEXT = {"content/articles/news/first.md": ARTICLE + "More of it.\n"}
CHANGES: dict[str, dict[str, str | bytes | None]] = {
    "much": {
        **TEXT,
        "content/articles/making/fourth.md": ARTICLE.replace("A first", "A fourth"),
        "content/images/loom.png": PIXEL + b"\0",
        "content/articles/news/second.md": None,
    },
    "a text": {**TEXT},
    "job ads": {"content/jobs.yaml": "- employer: Loom & Co\n  title: Dyer\n"},
}
"""What is changed between two builds; None removes a file."""
LEAST = {"much": 300, "a text": 60, "job ads": 200}
"""So many operations the build makes at least that follows."""


@pytest.fixture(scope="module")
def builder() -> Iterator[Builder]:
    one = Builder()
    yield one
    one.close()


class Case:
    """A site that was built and has been changed since; copies of it are to be built with faults."""

    def __init__(self, folder: Path, builder: Builder, name: str) -> None:
        self.folder, self.builder, self.name = folder, builder, name
        self.kept = folder / "kept"
        write_site(self.kept, SITE)
        assert builder.build(self.kept, NOW).code == 0
        self.old = tree(self.kept / "output")
        root = self.changed()
        whole = builder.build(root, NOW)
        assert whole.code == 0
        self.operations, self.new = whole.operations, tree(root / "output")
        assert self.operations > LEAST[name]

    def changed(self) -> Path:
        """The site as it is to be built, with all that the first build left."""
        root = self.folder / "site"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.kept, root, symlinks=True)
        if self.name == "a text":
            # All stamps of a copy are new; only after one more build an edited text is all that has changed.
            let_settle()
            assert self.builder.build(root, NOW).numbers[2:] == (0, 0)
        for file, data in CHANGES[self.name].items():
            if data is None:
                (root / file).unlink()
            else:
                write_files(root, {file: data})
        return root

    def heals(self, root: Path) -> bool:
        """Whether the next build makes the whole site, and the one after it has nothing to do."""
        mended = self.builder.build(root, NOW)
        if (mended.code, tree(root / "output")) != (0, self.new):
            return False
        return self.builder.build(root, NOW).numbers == (0, 0, 0, 0)


@pytest.fixture(scope="module", params=CHANGES)
def case(request: pytest.FixtureRequest, builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("faults"), builder, request.param)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_build_that_is_killed_at_any_operation_heals_at_the_next_one(case: Case) -> None:
    for at in range(1, case.operations + 1, EVERY):
        root = case.changed()
        assert case.builder.build(root, NOW, fault=Fault(at)).code == KILLED, at
        there = tree(root / "output")
        strange = [
            name
            for name, data in there.items()
            if not name.startswith(".sitegen-stage/") and data not in (case.old.get(name), case.new.get(name))
        ]
        assert not strange, (at, strange)
        assert case.heals(root), at


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: errno.errorcode[number])
def test_an_operation_that_fails_is_answered_and_mended_by_the_next_build(
    case: Case, number: int, lasting: bool
) -> None:
    wrong: list[tuple[int, str, str]] = []
    for at in range(1, case.operations + 1, EVERY):
        root = case.changed()
        done = case.builder.build(root, NOW, fault=Fault(at, number, lasting))
        if done.code not in (0, 1) or bool(done.said) != bool(done.code):
            wrong.append((at, "no answer", done.said))
        elif done.code == 0 and tree(root / "output") != case.new:
            wrong.append((at, "not the site", ""))
        if not case.heals(root):
            wrong.append((at, "not healed", done.said))
    assert not wrong
