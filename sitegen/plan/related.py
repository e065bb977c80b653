"""Which articles belong to one: its neighbours in the section, and those that write of the same brands.

Related articles are older ones but for one: so publishing an article touches the pages of at most one other article
for each of its brands, however many thousands have written of them before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from sitegen.plan.names import term_key
from sitegen.sources.articles import Article

OLDER = 3
"""The most older articles that are shown beside one."""
LOOK_BACK = 12
"""So many of a brand's articles before this one are looked at."""


def neighbours(live: list[Article]) -> dict[str, tuple[Article | None, Article | None]]:
    """The older and the newer article of the same section, by an article's file; `live` is sorted by time."""
    older: dict[str, Article | None] = {}
    newer: dict[str, Article | None] = {}
    last: dict[str, Article] = {}
    for article in live:
        before = last.get(article.section)
        older[article.path] = before
        if before is not None:
            newer[before.path] = article
        last[article.section] = article
    return {article.path: (older[article.path], newer.get(article.path)) for article in live}


def related(live: list[Article]) -> Callable[[Article], list[Article]]:
    """What tells the articles that share brands with one, the newest first; `live` is sorted by time.

    Of the older ones those come first that share the most brands, then the newest; of newer ones only the very next.
    """
    by_brand: dict[str, list[int]] = {}
    place: dict[str, dict[str, int]] = {}
    for position, article in enumerate(live):
        keys = dict.fromkeys(map(term_key, article.brands))
        place[article.path] = {key: len(by_brand.setdefault(key, [])) for key in keys}
        for key in keys:
            by_brand[key].append(position)

    every = len(live)

    def of(article: Article) -> list[Article]:
        before: list[int] = []
        after: list[int] = []
        for key, index in place[article.path].items():
            positions = by_brand[key]
            before += positions[max(0, index - LOOK_BACK) : index]
            after += positions[index + 1 : index + 2]
        # One number for both: how many brands are shared, then the time.
        ranked = sorted([many * every + position for position, many in Counter(before).items()])
        found = [rank % every for rank in ranked[-OLDER:]]
        if after:
            found.append(min(after))
        return [live[position] for position in sorted(found, reverse=True)]

    return of
