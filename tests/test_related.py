"""Related articles share brands; a new one touches few of the old ones."""

from __future__ import annotations

import random

from sitegen.plan.related import OLDER, related
from sitegen.sources.articles import Article
from sitegen.sources.moments import moment_at
from tests.site import NOW


def article(name: str, *brands: str) -> Article:
    return Article(path=name, title=name, section="news", slug=name, published=moment_at(NOW, False), brands=brands)


def names(live: list[Article]) -> dict[str, list[str]]:
    of = related(live)
    return {one.path: [other.path for other in of(one)] for one in live}


def test_those_that_share_more_brands_come_before_newer_ones() -> None:
    live = [article("a", "H&M", "Zara"), article("b", "Zara"), article("c", "h&m"), article("d", "Zara")]
    live.append(article("e", "Zara", "h&m"))
    # Three older ones of four: the one that shares both brands stays, the oldest of the others goes.
    assert names(live)["e"] == ["d", "c", "a"]


def test_of_newer_articles_only_the_next_is_shown_and_nothing_without_brands() -> None:
    live = [article("a", "Zara"), article("b"), article("c", "Zara"), article("d", "Zara")]
    assert names(live) == {"a": ["c"], "b": [], "c": ["d", "a"], "d": ["c", "a"]}


def test_publishing_an_article_touches_at_most_one_other_for_each_of_its_brands() -> None:
    draw = random.Random(7)
    brands = [f"brand {n}" for n in range(12)]
    live = [article(f"{n:03}", *draw.sample(brands, draw.randrange(4))) for n in range(400)]
    before = names(live)
    for count in range(4):
        new = article("new", *draw.sample(brands, count))
        after = names([*live, new])
        touched = [path for path, shown in before.items() if after[path] != shown]
        assert len(touched) <= count
        assert all(len(shown) <= OLDER + 1 for shown in after.values())
