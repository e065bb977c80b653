"""No bytes in any of the three kinds of file give a traceback, and every accepted article appears exactly once.

The bytes are of three sorts: any at all; whole files put together from the pieces that break parsers; good files with
a piece cut out, doubled or put in. `make test-long` draws many more of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.engine.listing import entries
from sitegen.engine.result import Result
from sitegen.problems import Problem, SiteError, show
from sitegen.settings import SETTINGS
from sitegen.sources.schema import AD_FIELDS, ARTICLE_FIELDS, BOARD_FIELDS, JOB_FIELDS
from sitegen.starter.article import yaml_text
from tests.site import ARTICLE, CONFIG, NOW, build_site, tree, write_files, write_site

ROOT = Path(__file__).parent.parent
SIGNS = (
    *(
        "",
        " ",
        "\n",
        "\n\n",
        "\t",
        "\r\n",
        "\r",
        "\x00",
        "\x1b",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ufdd0",
        "\uffff",
    ),
    *(
        "'",
        '"',
        '"""',
        "'''",
        "`",
        "```",
        "~~~",
        "\\",
        "\\x07",
        "\\ud800",
        "#",
        "## ",
        "- ",
        "1. ",
        "> ",
        "---\n",
        "...\n",
    ),
    *(
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "<",
        ">",
        "|",
        "&",
        "*",
        "**",
        "_",
        "~",
        "!",
        "![",
        "](",
        "[^1]",
        "[^1]: ",
        "[a]: b",
    ),
    *(": ", ":", "=", " = ", ",", ";", "%", "@", "?", "? ", "&a ", "*a", "!t ", "!!python/object:os.system", "<<: *a"),
    *("织物", "ё", "e\u0301", "🧵", "a" * 300, "&amp;", "&#0;", "&#x110000;", "&nbsp", "{{ x }}", "{% raw %}", "{#"),
)
VALUES = (
    *(
        "true",
        "no",
        "null",
        "~",
        "0",
        "-1",
        "1e999",
        "0x10",
        ".inf",
        "12:30",
        "99999999999999999999",
        "[]",
        "{}",
        "[[a]]",
    ),
    *(
        "2026-10-01",
        "2026-10-01 08:30",
        "2026-10-01T08:30:00.5+14:00",
        "0001-01-01 00:00 +14:00",
        "9999-12-31 23:59 -12:00",
    ),
    *("9999-12-31", "2026-02-30", "2027-01-01", "2026-11-01", "soon", "news", "making", "first", "index", "..", "CON"),
    *(
        "/",
        "//",
        "/old/",
        "/news/",
        "/news/2026/10/first/",
        "/%2e%2e/",
        "first.md",
        "../",
        "https://[a/",
        "https://a.example/",
    ),
    *(
        "javascript:alert(1)",
        "mailto:a@b.example",
        "en",
        "ja",
        "pt-BR",
        "/images/a.png",
        "a.png",
        "https://a.example/a.png",
    ),
    *("{src: /images/loom.png, alt: A loom}", "{name: A, url: /news/}", "{language: fr, url: https://a.example/}"),
    *(
        "[print, small]",
        "html",
        "[wool, silk]",
        '"A: b"',
        "'It''s'",
        "|\n  one\n  two",
        ">-\n  one\n\n  two",
        "Europe/Stockholm",
    ),
)
PIECES = (
    *(
        "[a](first.md)",
        "[a](#b)",
        "[a](/news/)",
        "[a](https://a.example/)",
        "![a loom](/images/loom.png)",
        "![](x.png)",
        "[]()",
    ),
    *(
        "<b onclick=a>",
        "</b>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<svg onload=x>",
        '<a href="first.md">',
        "<img src=x>",
    ),
    *(
        '<img src="/images/loom.png" alt="A loom">',
        "<p id=a>",
        "<?php",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE html>",
        "<https://a>",
    ),
    *(
        "| a | b |\n| - | - |\n| c | d |\n",
        "# A\n",
        "#### B\n",
        "* a\n  * b\n",
        "    code\n",
        "**A:** b\n\n**C:** d\n",
        "a  \nb",
    ),
)

any_bytes = st.binary(max_size=300)
text = st.lists(st.sampled_from((*SIGNS, *VALUES, *PIECES)), max_size=12).map("".join)
value = st.one_of(st.sampled_from(VALUES), st.sampled_from(VALUES), text)


def yaml_fields(names: Sequence[str], between: str = "\n") -> st.SearchStrategy[str]:
    line = st.builds(
        "{}{}{}".format, st.sampled_from((*names, "weather")), st.sampled_from((": ", ": ", ": ", ":")), value
    )
    return st.lists(line, max_size=8).map(between.join)


@st.composite
def changed(draw: st.DrawFn, good: Sequence[str]) -> bytes:
    """A good file with up to three changes."""
    data = draw(st.sampled_from(good)).encode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        stop = draw(st.integers(start, min(len(data), start + 20)))
        put = draw(st.one_of(st.just(data[start:stop] * 2), st.just(b""), any_bytes, text.map(_encoded)))
        data = data[:start] + put + data[stop:]
    return data


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _article(title: str, fields: str, body: str) -> bytes:
    return _encoded(f"---\n{title}\n{fields}\n---\n{body}")


WORDS = (
    "織物",
    "ёлка",
    "e\u0301toffe",
    "🧵",
    "Ines & Co",
    "<b>",
    "'Tis",
    "a" * 90,
    "A: b",
    "-",
    "#1",
    "[Update]",
    "\u202e",
    "1",
)
quoted = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda words: yaml_text(" ".join(words)))
listed = st.lists(quoted, max_size=3).map(lambda texts: f"[{', '.join(texts)}]")
PLAUSIBLE: dict[str, st.SearchStrategy[str]] = {
    "updated": st.sampled_from(("2026-10-05", "2026-12-01T08:00+09:00")),
    "expires": st.sampled_from(("2026-10-31", "2026-11-01 12:00", "2026-11-01 12:01", "9999-12-31")),
    "draft": st.sampled_from(("true", "no")),
    "slug": st.sampled_from(("one", "two", "three-3", "4")),
    "aliases": st.integers(0, 99).map(lambda number: f"[/old/{number}/, /{number}.html]"),
    **dict.fromkeys(("summary", "translator", "copyright"), quoted),
    **dict.fromkeys(("tags", "brands", "people", "authors"), listed),
    "language": st.sampled_from(("en", "ja", "ar", "fr-CA")),
    "featured": st.just("yes"),
    "image": quoted.map(lambda alt: f"{{src: /images/loom.png, alt: {alt}}}"),
    "source": quoted.map(lambda name: f"{{name: {name}, url: /news/2026/10/first/}}"),
    "variants": st.sampled_from(("false", "[large]", "true")),
    "downloads": st.sampled_from(("false", "html")),
    "section": st.sampled_from(("news", "making")),
}


@st.composite
def plausible(draw: st.DrawFn) -> bytes:
    """An article that a writer could have meant so."""
    published = draw(
        st.sampled_from(("2026-10-01", "2026-11-01 12:00", "2026-11-01 12:00:01", "2026-11-01T14:00+02:00"))
    )
    lines = [f"title: {draw(quoted)}", f"published: {published}"]
    for name in draw(st.lists(st.sampled_from(sorted(PLAUSIBLE)), unique=True, max_size=6)):
        lines.append(f"{name}: {draw(PLAUSIBLE[name])}")
    words = st.sampled_from(
        (*WORDS, "[a](../making/b.md)", "**b**", "\n\n", "\n- ", "\n> ", "![a loom](/images/loom.png)", "`c`")
    )
    body = " ".join(draw(st.lists(words, max_size=12)))
    return _article("\n".join(lines), "", body)


good_articles = [ARTICLE, *(p.read_text("utf-8") for p in sorted((ROOT / "content/articles").rglob("*.md"))[:6])]
articles = st.one_of(
    plausible(),
    plausible(),
    plausible(),
    any_bytes,
    changed(good_articles),
    st.builds(
        _article,
        st.sampled_from(("title: A\npublished: 2026-10-01", "title: B\npublished: 2026-10-02 09:00", "")),
        yaml_fields([field.name for field in ARTICLE_FIELDS[2:]]),
        st.lists(st.one_of(text, st.sampled_from(PIECES)), max_size=6).map("\n".join),
    ),
)
good_ads = st.lists(st.tuples(quoted, quoted), unique=True, max_size=4).map(
    lambda ads: _encoded("".join(f"- {{employer: {employer}, title: {title}}}\n" for employer, title in ads))
)
boards = st.one_of(
    good_ads,
    any_bytes,
    changed(
        [
            (ROOT / "content/jobs.yaml").read_text("utf-8")[:2000],
            "- {employer: A, title: B}\n- {employer: C, title: D}\n",
        ]
    ),
    st.lists(yaml_fields([field.name for field in JOB_FIELDS], "\n  ").map("- ".__add__), max_size=4).map(
        lambda ads: _encoded("\n".join(ads))
    ),
    yaml_fields([field.name for field in (*BOARD_FIELDS, *AD_FIELDS)]).map(_encoded),
)
configs = st.one_of(
    any_bytes,
    changed([CONFIG, (ROOT / "sitegen.toml").read_text("utf-8")]),
    st.lists(
        st.builds(
            "{} = {}".format,
            st.sampled_from(sorted({setting.path[-1] for setting in SETTINGS})),
            st.one_of(value, value.map(lambda v: f'"{v}"')),
        ),
        max_size=3,
    ).map(lambda lines: _encoded("\n".join([*lines, CONFIG]))),
)


@pytest.fixture(scope="module")
def picture() -> bytes:
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (4, 3)).save(data, "PNG")
    return data.getvalue()


def attempt(root: Path) -> tuple[Result | None, Sequence[Problem]]:
    """One build: what came of it, or the problems; anything else it raises fails the test."""
    try:
        result = build_site(root)
    except SiteError as error:
        return None, error.problems
    return result, result.warnings


def check_places(root: Path, problems: Sequence[Problem]) -> None:
    """Every problem stands where it says, can be shown, and says what to do."""
    assert show(problems, colour=True) if problems else True
    for problem in problems:
        assert problem.message
        assert problem.hint or "did you mean" in problem.message, problem
        path = root / problem.file
        if problem.line and path.is_file():
            lines = re.split("\r\n|\r|\n", path.read_bytes().decode("utf-8", "replace").replace("\ufeff", ""))
            assert 1 <= problem.line <= len(lines), problem
            line = lines[problem.line - 1]
            assert problem.excerpt in ("", line[problem.cut : problem.cut + len(problem.excerpt)]), problem
            assert len(problem.excerpt) <= 200 and len(problem.message) <= 500 and len(problem.hint) <= 500
            assert 1 <= problem.column <= len(line) + 1, problem


def count_articles(output: dict[str, bytes]) -> dict[str, int]:
    """How often each article's address stands in the sitemap; and it must be the one of a page."""
    urls = re.findall(r"<loc>https://tiny.example/([^<]*)</loc>", output["sitemap.xml"].decode())
    found: dict[str, int] = {}
    for url in urls:
        assert f"{url}index.html" in output or url in output
        found[url] = found.get(url, 0) + 1
    return found


def appears_once(output: dict[str, bytes], paths: Sequence[str]) -> None:
    """Each article: one page, one entry of the sitemap, one of its section's listing and archive."""
    mapped = count_articles(output)
    assert set(mapped.values()) <= {1}
    listing = output["news/index.html"].decode() + output["making/index.html"].decode()
    cards = re.findall(r'<h[23][^>]*>\s*<a[^>]* href="/((?:news|making)/[^"]*)"', listing)
    for path in paths:
        assert mapped.get(path) == 1, path
        assert cards.count(path) == 1, (path, cards)
    assert len(cards) == len(paths)


@pytest.mark.slow
@pytest.mark.timeout(900)
@given(st.lists(articles, min_size=1, max_size=3))
def test_articles(picture: bytes, files: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        root = write_site(Path(folder), {"content/images/loom.png": picture, "content/articles/making/b.md": ARTICLE})
        write_files(root, {f"content/articles/news/a{index}.md": data for index, data in enumerate(files)})
        result, problems = attempt(root)
        check_places(root, problems)
        if result is not None:
            listed, found = entries(root, NOW)
            assert not [problem for problem in found if not problem.warning]
            assert len(listed) == len(files) + 2
            shown = [entry.url.removeprefix("https://tiny.example/") for entry in listed if entry.status == "published"]
            appears_once(tree(root / "output"), shown)


@pytest.mark.slow
@pytest.mark.timeout(900)
@given(boards, st.sampled_from(("content/jobs.yaml", "content/jobs.yaml", "content/ads.yaml")))
def test_job_boards_and_house_ads(picture: bytes, data: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        root = write_site(Path(folder), {"content/images/loom.png": picture, name: data})
        result, problems = attempt(root)
        check_places(root, problems)
        if result is not None:
            appears_once(tree(root / "output"), ["news/2026/10/first/"])


@pytest.mark.slow
@pytest.mark.timeout(900)
@given(configs)
def test_settings(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        root = write_site(Path(folder), {"sitegen.toml": data})
        result, problems = attempt(root)
        check_places(root, problems)
        assert (result is None) == any(not problem.warning for problem in problems)
