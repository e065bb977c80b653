"""What is made again after each kind of edit, in a site that is large enough for several workers: counts, not times."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench import rebuild
from bench.corpus import write_site
from bench.rebuild import CASES, Case, Corpus
from sitegen.engine.memory import Memory
from sitegen.engine.result import Result
from tests.site import build_site, tree

pytestmark = pytest.mark.slow
SIZE = 400
FILES_OF_AN_ARTICLE = 6


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A site that was built once; each test edits it further and builds it again."""
    root = tmp_path_factory.mktemp("corpus")
    write_site(root, SIZE)
    assert build_site(root, workers=2).parsed == SIZE + 2
    return Corpus(root, SIZE)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(1, 100))


def built_after(corpus: Corpus, case: Case, numbers: Iterator[int]) -> Result:
    case.edit(corpus, next(numbers))
    return build_site(corpus.root, workers=2)


def showing(corpus: Corpus, text: str) -> set[str]:
    """The files of the output in which a text stands."""
    return {file for file, data in tree(corpus.root / "output").items() if text.encode() in data}


def written(result: Result) -> set[str]:
    return {*result.added, *result.changed}


def test_where_nothing_has_changed_nothing_is_made(corpus: Corpus, numbers: Iterator[int]) -> None:
    result = built_after(corpus, rebuild.NOTHING, numbers)
    assert (result.parsed, result.rendered, result.written, result.removed) == (0, 0, 0, 0)


def test_an_edited_body_writes_the_files_of_its_article(corpus: Corpus, numbers: Iterator[int]) -> None:
    result = built_after(corpus, rebuild.BODY, numbers)
    assert (result.parsed, result.rendered, result.removed) == (1, 1, 0)
    assert len({file.rpartition("/")[0] for file in written(result)}) == 1
    assert result.written == FILES_OF_AN_ARTICLE
    assert written(result) == showing(corpus, "One more paragraph, the")


def test_an_edited_title_writes_what_shows_it(corpus: Corpus, numbers: Iterator[int]) -> None:
    result = built_after(corpus, rebuild.TITLE, numbers)
    assert (result.parsed, result.removed) == (1, 0)
    assert written(result) == showing(corpus, "Another title ")
    assert result.written < 60


def test_a_published_article_writes_a_few_dozen_files(corpus: Corpus, numbers: Iterator[int]) -> None:
    result = built_after(corpus, rebuild.PUBLISHED, numbers)
    assert result.parsed == 1
    assert result.written <= 60
    assert len(result.added) >= FILES_OF_AN_ARTICLE


def test_job_ads_parse_no_text_and_render_no_article(
    corpus: Corpus, numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.render.renderer.Renderer.article", None)
    monkeypatch.setattr("sitegen.engine.content.parse_body", None)
    result = built_after(corpus, rebuild.JOBS, numbers)
    assert result.parsed == 1
    assert written(result) == showing(corpus, "Another position ")


def test_a_template_parses_nothing_and_writes_the_files_that_it_is_in(
    corpus: Corpus, numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.engine.content.parse_body", None)
    result = built_after(corpus, rebuild.EDITED_TEMPLATE, numbers)
    assert result.parsed == 0
    assert written(result) == showing(corpus, "--></body>")
    papers = {file for file in tree(corpus.root / "output") if file.endswith(("/print.html", "/download.html"))}
    assert len(papers) >= 2 * SIZE
    assert not papers & written(result)


def test_every_kind_of_edit_is_counted_here() -> None:
    tested = (rebuild.NOTHING, rebuild.BODY, rebuild.TITLE, rebuild.PUBLISHED, rebuild.JOBS, rebuild.EDITED_TEMPLATE)
    assert tested == CASES


def test_in_the_end_the_output_is_that_of_a_clean_build(corpus: Corpus) -> None:
    build_site(corpus.root, workers=1, output="clean")
    assert tree(corpus.root / "clean") == tree(corpus.root / "output")


def test_what_explains_a_page_is_known_of_each(corpus: Corpus) -> None:
    memory = Memory(corpus.root, corpus.root / "output", read_only=True)
    try:
        records = memory.units().values()
        unknown = [
            (record.files[0], name)
            for record in records
            for name in ("what it shows", "its links", "its templates", "the shared parts")
            if name in record.ingredients and memory.value(record.ingredients[name]) is None
        ]
    finally:
        memory.close()
    assert len(records) > SIZE
    assert not unknown
