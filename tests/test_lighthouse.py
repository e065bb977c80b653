"""The pages behind a real nginx as Lighthouse judges them: a part of the long tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.checkers.lighthouse import lighthouse
from tests.checkers.nginx import free_port, nginx
from tests.kinds import KINDS, build_bundled
from tests.reader import hosted

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("SITEGEN_EVERY_VIEW" not in os.environ, reason="takes minutes: a part of `make test-long`"),
]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work, port = tmp_path_factory.mktemp("host"), free_port()
    with nginx(build_bundled(work / "site"), port, work / "nginx"):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("is_wide", [False, True], ids=["phone", "desk"])
@pytest.mark.parametrize("kind", ["front", "section", "article", "jobs"])
def test_lighthouse_finds_no_fault(
    host: str, tmp_path: Path, kind: str, is_wide: bool, record_property: Callable[[str, object], None]
) -> None:
    found = lighthouse(host + KINDS[kind], tmp_path, is_wide=is_wide)
    # How quick it is depends on how busy the machine is: that goes into a report, and decides on nothing.
    record_property("performance", found.performance)
    counted = (found.accessibility, found.best_practices, found.seo, found.shift)
    assert counted == (100, 100, 100, 0), found.faults


def test_lighthouse_tells_a_fault(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!doctype html><p style='color: #bbb'>Pale.</p>", "utf-8")
    # The policy of hosting.md would stop the style.
    with hosted(tmp_path, has_headers=False) as elsewhere:
        found = lighthouse(f"{elsewhere}/bad.html", tmp_path)
    assert max(found.accessibility, found.seo) < 100
    told = {line.split(": ")[1] for line in found.faults}
    assert {"color-contrast", "html-has-lang", "document-title", "meta-description"} <= told
