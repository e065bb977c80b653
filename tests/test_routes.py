"""What the preview answers to a path: what a static host would."""

from __future__ import annotations

import pytest

from sitegen.serve.routes import Answer, answer

FILES = {"index.html", "404.html", "jobs/index.html", "old.html", "assets/site.css"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", Answer(200, "index.html")),
        ("/jobs/", Answer(200, "jobs/index.html")),
        ("/jobs", Answer(301, location="/jobs/")),
        ("/jobs/index.html", Answer(200, "jobs/index.html")),
        ("/old.html", Answer(200, "old.html")),
        ("/old.html/", Answer(404, "404.html")),
        ("/assets/site.css", Answer(200, "assets/site.css")),
        ("/assets/", Answer(404, "404.html")),
        ("/nothing", Answer(404, "404.html")),
        ("//jobs/", Answer(404, "404.html")),
        ("//jobs", Answer(404, "404.html")),
        ("/../index.html", Answer(404, "404.html")),
        ("/jobs/../index.html", Answer(404, "404.html")),
        ("", Answer(404, "404.html")),
    ],
)
def test_at_the_root(path: str, expected: Answer) -> None:
    # A client may send no path at all; that is the root, which lacks only its slash.
    expected = Answer(307, location="/") if path == "" else expected
    assert answer(path, "/", FILES) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/name/", Answer(200, "index.html")),
        ("/name/jobs", Answer(301, location="/name/jobs/")),
        ("/name", Answer(307, location="/name/")),
        ("/", Answer(307, location="/name/")),
        ("/jobs/", Answer(404, "404.html")),
        ("/names/", Answer(404, "404.html")),
    ],
)
def test_below_the_path_of_the_base_url(path: str, expected: Answer) -> None:
    assert answer(path, "/name/", FILES) == expected


def test_an_address_to_go_to_is_spelled_as_headers_need_it() -> None:
    assert answer("/a b", "/", {"a b/index.html"}) == Answer(301, location="/a%20b/")


def test_without_a_404_page_there_is_still_an_answer() -> None:
    assert answer("/nothing", "/", {"index.html"}) == Answer(404)
