"""Making pages in chunks: files are rendered, or they are copies of those that stand there with other shared parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from sitegen.engine.pool import in_chunks
from sitegen.engine.stage import Stage, Stored
from sitegen.engine.store import Spoiled
from sitegen.engine.work import Work
from sitegen.plan.site import SitePlan
from sitegen.problems import Problem, errors, unexpected
from sitegen.render.links import Resolved
from sitegen.render.markdown import Text
from sitegen.render.renderer import Body, Rendered, Renderer, TextWanted
from sitegen.render.seams import Seams, cut, exchanged
from sitegen.render.verbatim import INNER_PARTS


class Task(Struct, frozen=True):
    """What is to be made of one page, by its number in the plan: first come the articles, then all others.

    `wanted` are the files that are to be rendered, by their paths. In those that are `patched` the shared parts are
    exchanged: a job ad costs a copy of each page, and no rendering. `inner` is a file that has the article's own parts
    as they should be, with its seams: then no text has to be read.
    """

    number: int
    wanted: tuple[str, ...]
    patched: tuple[tuple[str, Seams], ...] = ()
    inner: tuple[str, Seams] | None = None


class Made(Struct):
    """What came of tasks: files, problems, and those files that have to be rendered after all, as new tasks."""

    stored: list[Stored] = []
    problems: list[Problem] = []
    failed: list[Task] = []


def make_pages(
    work: Work, tasks: Iterable[Task], stage: Stage | None, meanwhile: Callable[[], None]
) -> dict[str, Stored]:
    """Makes files of pages and stages them. Without a stage, or with problems, only looks for more of them.

    Tasks are asked for while workers are at the first of them; `meanwhile` is called once, then or later.
    """
    stored: dict[str, Stored] = {}
    failed: list[Task] = []

    def run(tasks: Iterable[Task], meanwhile: Callable[[], None]) -> None:
        # With a text that is broken there is no page to look at.
        sound = (task for task in tasks if not _is_broken(work, task.number))
        state = _State(work.renderer, work.plan, work.texts, work.resolved, stage)
        for made in in_chunks(_chunk, state, sound, work.workers, laden, meanwhile):
            work.problems.extend(made.problems)
            stored.update((item.file, item) for item in made.stored)
            failed.extend(made.failed)

    def laden(tasks: Sequence[Task]) -> list[tuple[Task, str | None]]:
        sources = {task.number: _text_of(work.plan, task.number) for task in tasks if task.wanted and not task.inner}
        html = work.bodies.some(path for path in sources.values() if path)
        return [(task, html.get(sources.get(task.number, ""))) for task in tasks]

    run(tasks, meanwhile)
    if failed:
        again, failed = failed, []
        run(again, lambda: None)
    return stored


def section_of(plan: SitePlan, number: int) -> str:
    """The section whose shared parts a page shows."""
    if number < len(plan.articles):
        return plan.articles[number].article.section
    return plan.pages[number - len(plan.articles)].section


def _text_of(plan: SitePlan, number: int) -> str:
    """The path of the Markdown file that a page shows; empty where it shows none."""
    if number < len(plan.articles):
        return plan.articles[number].article.path
    body = plan.pages[number - len(plan.articles)].body
    return body.path if body is not None else ""


def _is_broken(work: Work, number: int) -> bool:
    path = _text_of(work.plan, number)
    return bool(path) and bool(errors(work.resolved[path].problems))


class _State(Struct, frozen=True):
    """What rendering needs besides the texts."""

    renderer: Renderer
    plan: SitePlan
    texts: Mapping[str, Text]
    resolved: Mapping[str, Resolved]
    stage: Stage | None


def _chunk(state: _State, tasks: Sequence[tuple[Task, str | None]]) -> Made:
    """Makes pages; each comes with the HTML of its text, if it is to be rendered and has one."""
    made = Made()
    for task, html in tasks:
        if task.patched and state.stage is not None:
            _patch(state, state.stage, task, made)
        if task.wanted and not _render(state, task, html, made):
            made.failed.append(Task(task.number, task.wanted))
    return made


def _patch(state: _State, stage: Stage, task: Task, made: Made) -> None:
    parts = state.renderer.shared[section_of(state.plan, task.number)].encoded()
    for path, seams in task.patched:
        data = stage.standing(path)
        if data is None:
            made.failed.append(Task(task.number, (path,)))
        else:
            file = exchanged(path, data, seams, parts)
            made.stored.append(stage.put(path, file.data, file.seams))


def _render(state: _State, task: Task, html: str | None, made: Made) -> bool:
    """Renders the wanted files; False where that cannot be done without a text that was not read."""
    articles, path = state.plan.articles, _text_of(state.plan, task.number)
    body = Body(html, state.resolved[path].goals, state.texts[path]) if path else None
    if task.number < len(articles):
        assert body is not None
        inner = _inner(state.stage, task)
        if html is None and inner is None:
            return False
        try:
            rendered = state.renderer.article(articles[task.number], body, task.wanted, inner)
        except TextWanted:
            return False
        except (OSError, Spoiled):
            raise
        except Exception as error:
            rendered = Rendered((), (unexpected(error, path),))
        if inner is not None and rendered.problems:
            # Perhaps they come of a text that is missing.
            return False
    else:
        page = state.plan.pages[task.number - len(articles)]
        try:
            rendered = state.renderer.page(page, body)
        except (OSError, Spoiled):
            raise
        except Exception as error:
            rendered = Rendered((), (unexpected(error, page.claim.source),))
    made.problems += rendered.problems
    if state.stage is not None and not errors(made.problems):
        made.stored += [state.stage.put(file.path, file.data, file.seams) for file in rendered.files]
    return True


def _inner(stage: Stage | None, task: Task) -> dict[str, bytes] | None:
    """The article's own parts as they stand in one of its files; None where they have to be rendered."""
    if task.inner is None or stage is None:
        return None
    file, seams = task.inner
    data = stage.standing(file)
    if data is None:
        return None
    found = cut(data, seams)
    return {name: found[name] for name in INNER_PARTS}
