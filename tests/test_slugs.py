"""Names as parts of addresses: 700 of them, pinned, since an address that was published never changes."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sitegen.slugs import slugify

LINES = (Path(__file__).parent / "slugs.txt").read_text("utf-8").splitlines()[1:]
GOLDEN = [(*line.replace("\\t", "\t").split(" | "), "")[:3] for line in LINES]


def test_every_name_gives_the_address_that_it_gave() -> None:
    assert len(GOLDEN) > 700
    assert {name: slugify(name) for name, *_ in GOLDEN} == {name: slug for name, slug, *_ in GOLDEN}


def test_addresses_of_western_names_are_what_they_were_before() -> None:
    """Only names in other scripts are written otherwise than by the table that was used before."""
    changed = [name for name, slug, before in GOLDEN if before and before != slug]
    assert len(changed) <= 30
    latin = [name for name in changed if re.search(r"[A-Za-zÀ-ž]", name)]
    assert latin == ["&eacute;t&eacute;", "&#233;t&#xe9;", "zero\u200bwidth", "µm"]


@given(st.text(max_size=60))
def test_a_slug_is_always_one_and_stays_one(text: str) -> None:
    slug = slugify(text)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert slugify(slug) == slug
