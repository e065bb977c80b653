"""What there is to know of a page of a site in memory: where it comes from, and why it is another one than before."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sitegen.engine.fingerprint import SHARED, reasons
from sitegen.engine.shown import Site
from sitegen.engine.units import Unit, Units
from sitegen.plan.live import DRAFT, in_short, status
from sitegen.plan.urls import urls_of
from sitegen.plan.variants import PARTS
from sitegen.problems import Problem, in_order
from sitegen.render.article import minutes_of
from sitegen.render.renderer import SHARED_TEMPLATES
from sitegen.sources.articles import Article


class Template(Struct, frozen=True):
    """A template that a page is made with; `depth` tells by how many others it is reached."""

    depth: int
    file: str


class About(Struct, frozen=True):
    """A page: the files of the site that it alone is made from, and its templates.

    `status` is empty where the article is to be seen on the published site, or where it is none. `words` and `minutes`
    are the length of an article and the time to read it, 0 for other pages.
    """

    sources: tuple[str, ...]
    status: str
    words: int
    minutes: int
    templates: tuple[Template, ...]
    problems: tuple[Problem, ...]


def about(site: Site, name: str) -> About | None:
    """What there is to know of a page by its path in the output; None where there is no such page."""
    unit, work = unit_of(site, name), site.work
    if unit is None or work.basis is None:
        return None
    roots = [*_templates(site, unit, name)]
    if any(one.name == SHARED for one in unit.ingredients):
        roots += SHARED_TEMPLATES
    templates = tuple(Template(depth, file) for depth, file in work.basis.templates.tree(roots))
    made = site.file(name)
    found = [problem for problem in work.problems if problem.file in unit.sources]
    problems = tuple(in_order([*found, *(made.problems if made is not None else ())]))
    words, minutes = _length(site, unit)
    return About(unit.sources, status_of(site, name), words, minutes, templates, problems)


def unit_of(site: Site, name: str) -> Unit | None:
    """The unit of work to which a page belongs; None where there is no such page."""
    number, work = site.number(name), site.work
    if number is None or work.basis is None:
        return None
    return Units(work.basis, work.plan, work.texts, work.resolved, work.library).of(number)


def differences(old: Site, new: Site, name: str) -> tuple[str, ...]:
    """Why a page is another one than it was, in words."""
    before, after = unit_of(old, name), unit_of(new, name)
    if after is None:
        return ("it is gone",)
    if before is None:
        return ("it is new",)
    values = {one.digest: one.value for one in before.ingredients}
    return reasons({one.name: one.digest for one in before.ingredients}, after.ingredients, values.get)


def status_of(site: Site, name: str) -> str:
    """What keeps an article from the published site, for a person to read; empty where nothing does."""
    number, articles = site.number(name), site.work.plan.articles
    return _status(site, articles[number].article) if number is not None and number < len(articles) else ""


def unpublished(site: Site) -> Iterator[tuple[str, str]]:
    """The addresses of all articles that are not on the published site, as links name them, and why they are not."""
    urls = urls_of(site.work.config)
    for unit in site.work.plan.articles:
        found = _status(site, unit.article)
        if found:
            yield urls.local(unit.path), found


def drafts_of(site: Site) -> int:
    """How many articles and standing pages are not shown because they are drafts."""
    return sum(why.endswith(DRAFT) for why in site.work.plan.links.hidden.values())


def _status(site: Site, article: Article) -> str:
    found = status(article, site.work.planned.now)
    if found == "scheduled":
        return f"Scheduled for {in_short(article.published)}"
    return "Draft" if found == "draft" else ""


def _templates(site: Site, unit: Unit, name: str) -> Iterator[str]:
    articles = site.work.plan.articles
    if unit.number >= len(articles):
        yield site.work.plan.pages[unit.number - len(articles)].template
        return
    variants = articles[unit.number].variants
    variant = next(one for one in variants if name.rpartition("/")[2] == one.file)
    yield from (variant.template, *(PARTS[part] for part in variant.parts))


def _length(site: Site, unit: Unit) -> tuple[int, int]:
    work = site.work
    if unit.number >= len(work.plan.articles):
        return 0, 0
    article = work.plan.articles[unit.number].article
    text = work.texts[article.path]
    return text.words, minutes_of(article, work.config, text)
