"""What is typed is shown, or the writer is told: no field loses a character without a word."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.problems import Problem
from sitegen.sources.articles import load_article
from sitegen.sources.jobs import load_jobs
from sitegen.sources.locale import Locale
from sitegen.sources.locate import SiteFiles
from sitegen.starter.article import yaml_text

LOCALE = Locale(ZoneInfo("Europe/Paris"), smart_quotes=False)
WORDS = st.sampled_from(
    (
        *(
            "#",
            "#3",
            " #",
            "# ",
            " # ",
            "##",
            "coats",
            "é",
            "李",
            "'",
            '"',
            "''",
            '""',
            ": ",
            ":",
            " :",
            "-",
            "- ",
            "?",
        ),
        *("[", "]", "{", "}", ",", ", ", "&", "&amp", "&amp;", "*", "!", "|", ">", "%", "@", "`", "~", "null", "yes"),
        *("\\", "\\n", "\u00a0", "\u202f", "\u3000", "=", "<", "0x1f", "1_000", "2026-10-01", "...", "---", "\t", " "),
    )
)
TYPED = st.lists(WORDS, min_size=1, max_size=7).map("".join)


def spaced(text: str) -> str:
    """A text as it stands in one line."""
    return re.sub(r"[ \t\n]+", " ", text).strip()


def loaded(fields: str) -> tuple[object, list[Problem]]:
    text = f"---\npublished: 2026-10-01\nsummary: S.\n{fields}\n---\nWords.\n"
    article, _, found = load_article(SiteFiles(Path("/nowhere")), "content/articles/news/a.md", text, ("news",), LOCALE)
    return article, found


def is_told(found: list[Problem], line: int) -> bool:
    return any(problem.line >= line for problem in found)


@pytest.mark.parametrize("lead", ["title: {}", "title: {}\ntags: [a]", "title:\n  {}", "title: a\n  {}"])
@given(TYPED)
@example("Ten coats at show #3")
@example("#MeToo")
@example("C #")
def test_a_headline_is_shown_as_typed_or_told(lead: str, typed: str) -> None:
    article, found = loaded(lead.format(typed))
    if article is None or is_told(found, 4):
        assert found
        return
    title = article.title  # type: ignore[attr-defined]
    meant = spaced(lead.format(typed).removeprefix("title:").removesuffix("\ntags: [a]"))
    # A comment with its space, and quotes and their escapes, are YAML that a writer has asked for.
    meant = spaced(re.split(r"(?:^|[ \t])#[ \t]", meant)[0]) if title != meant else meant
    if meant[:1] in "\"'|>" or re.search(r"\n[ \t]*#", lead.format(typed)):
        return
    assert title == meant


@given(TYPED)
def test_a_text_in_quotes_is_shown_as_typed(typed: str) -> None:
    shown = spaced(typed)
    article, found = loaded(f"title: {yaml_text(shown)}")
    if article is None:
        assert is_told(found, 4)
    else:
        assert article.title == shown  # type: ignore[attr-defined]


@pytest.mark.parametrize("lead", ["tags: [{}]", "tags: [a, {}, b]", "tags:\n  - {}", "tags:\n  - a\n  - {}\n  - b"])
@given(TYPED.filter(lambda typed: not set(typed) & set(",[]{}\"'|>")))
@example("#denim")
@example("coats #3")
def test_a_tag_is_shown_as_typed_or_told(lead: str, typed: str) -> None:
    article, found = loaded(f"title: T\n{lead.format(typed)}")
    if article is None or is_told(found, 5):
        assert found
        return
    shown = spaced(re.split(r"(?:^|[ \t])#(?:[ \t]|$)", typed)[0])
    kept = spaced(typed)
    assert set(article.tags) - {"a", "b"} <= {shown, kept}  # type: ignore[attr-defined]
    assert len(article.tags) == len({"a", "b"} & set(re.findall(r"\b\w\b", lead)) | ({shown} - {""}))  # type: ignore[attr-defined]


@given(TYPED)
@example("Store #114 (Paris)")
@example("Cut&section")
def test_a_post_is_shown_as_typed_or_told(typed: str) -> None:
    text = f"- employer: A\n  title: {typed}\n  location: B\n"
    board, found = load_jobs("content/jobs.yaml", text, LOCALE)
    if found:
        return
    (job,) = board.jobs
    if spaced(typed)[:1] in "\"'|>" or re.search(r"(?:^|[ \t])#[ \t]", typed):
        return
    assert job.title == spaced(typed).replace("&amp;", "&")


@pytest.mark.parametrize(
    "typed",
    ["|\n  中文的\n  标题", ">\n  中文的\n  标题", "中文的\n  标题", '"中文的\n  标题"', "中文的标题"],
)
def test_lines_of_chinese_join_without_a_space(typed: str) -> None:
    article, _ = loaded(f"title: {typed}\ntags: [a b, 中文 标题]")
    assert article.title == "中文的标题"  # type: ignore[attr-defined]
    assert article.tags == ("a b", "中文 标题")  # type: ignore[attr-defined]
    assert loaded("title: 서울의\n  패션")[0].title == "서울의 패션"  # type: ignore[attr-defined]
