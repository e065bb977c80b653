"""A site of many articles: what one more of them touches."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.corpus import entries, write_article, write_site
from sitegen.engine.build import build
from sitegen.engine.options import Options
from sitegen.engine.result import Result
from tests.site import NOW

ARTICLES = int(os.environ.get("SITEGEN_ARTICLES", "2000"))
MOST = 60


def build_site(root: Path) -> Result:
    return build(Options(root, root / "output", now=NOW))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_publishing_one_article_changes_few_files_of_many(tmp_path: Path) -> None:
    write_site(tmp_path, ARTICLES)
    before = build_site(tmp_path)
    assert before.articles == ARTICLES
    for entry in entries(1, ARTICLES):
        write_article(tmp_path, entry)
    after = build_site(tmp_path)
    own = after.files - before.files
    assert after.articles == ARTICLES + 1
    # All its variants are new, and those listings are among the changed whose cards they are.
    assert 6 <= own < after.written + after.removed <= MOST
