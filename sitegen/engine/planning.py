"""A plan is made of everything at once; where it fails over one article, that one is named and the rest is planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from sitegen.engine.store import Spoiled
from sitegen.plan.site import SitePlan
from sitegen.problems import Problem, guilty, unexpected
from sitegen.sources.articles import Article, StandingPage
from sitegen.sources.jobs import HouseAd, Job
from sitegen.sources.site import ADS, JOBS, Content

Item = Article | StandingPage | Job | HouseAd
Plan = Callable[[Content], tuple[SitePlan, list[Problem]]]
_MOST_LEFT_OUT = 3
"""Where more fails, it is hardly the fault of one source."""


def planned(content: Content, plan: Plan) -> tuple[SitePlan, list[Problem]]:
    """The plan of a site's content, without what nobody expected it to fail over, which is a problem."""
    found: list[Problem] = []
    while True:
        try:
            made, problems = plan(content)
        except (OSError, Spoiled):
            raise
        except Exception as error:
            one = _guilty(content, plan) if len(found) < _MOST_LEFT_OUT else None
            if one is None:
                raise
            found.append(unexpected(error, _source(one)))
            content = _with(content, [item for item in _items(content) if item is not one])
            if isinstance(one, Article | StandingPage):
                content = replace(content, broken=(*content.broken, one.path))
        else:
            return made, [*problems, *found]


def _guilty(content: Content, plan: Plan) -> Item | None:
    return guilty(_items(content), lambda some: _fails(plan, _with(content, some)))


def _items(content: Content) -> list[Item]:
    return [*content.articles, *content.pages, *content.board.jobs, *content.ads]


def _with(content: Content, items: Sequence[Item]) -> Content:
    """The content with these items alone."""
    return replace(
        content,
        articles=tuple(one for one in items if isinstance(one, Article)),
        pages=tuple(one for one in items if isinstance(one, StandingPage)),
        board=replace(content.board, jobs=tuple(one for one in items if isinstance(one, Job))),
        ads=tuple(one for one in items if isinstance(one, HouseAd)),
    )


def _fails(plan: Plan, content: Content) -> bool:
    try:
        plan(content)
    except (OSError, Spoiled):
        raise
    except Exception:
        return True
    return False


def _source(one: Item) -> str:
    if isinstance(one, Article | StandingPage):
        return one.path
    return JOBS if isinstance(one, Job) else ADS
