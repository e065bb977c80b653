"""Documents (PDF, EPUB) are made in workers: they take longer than pages, and hang on much less."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sitegen.beneath import read_plain
from sitegen.engine.fingerprint import digest, encode
from sitegen.engine.pool import in_chunks
from sitegen.engine.scratch import Scratch
from sitegen.engine.stage import Stage, Stored
from sitegen.engine.store import Spoiled
from sitegen.plan.site import SitePlan
from sitegen.plan.urls import output_file
from sitegen.problems import Problem, unexpected
from sitegen.render.documents import FAULTS, Documents, fault_of, style_of
from sitegen.render.renderer import Body
from sitegen.render.theme import Theme
from sitegen.render.typeset import typeset_files

if TYPE_CHECKING:
    from sitegen.engine.work import Work

_AT_ONCE = 8
"""So many documents are one task for a worker."""


class Wanted(Struct, frozen=True):
    """A document that is to be made: the article's number, the variant's name, and the file in the output."""

    number: int
    name: str
    file: str


class _State(Struct, frozen=True):
    work: Work
    documents: Documents
    stage: Stage | None


def kit_of(theme: Theme) -> dict[str, str]:
    """Digests of the files of a theme that documents are made with, for PDF and for EPUB."""
    typeset = {name: digest(read_plain(path)) for name, path in typeset_files(theme).items()}
    return {"pdf": digest(encode(typeset)), "epub": digest(style_of(theme).encode())}


def every_document(plan: SitePlan) -> list[Wanted]:
    """All documents of a site."""
    return [
        Wanted(number, variant.name, output_file(unit.path).removesuffix("index.html") + variant.file)
        for number, unit in enumerate(plan.articles)
        for variant in unit.documents
    ]


def documents_of(work: Work, folder: Path) -> Documents:
    """What makes a site's documents; it writes in `folder`."""
    look, library, shelf = work.look, work.library, work.shelf
    parts = (library.root, look.config, look.formats, look.theme, library, shelf.published, work.renderer)
    return Documents(*parts, folder)


def make_documents(work: Work, wanted: Sequence[Wanted], stage: Stage | None) -> dict[str, Stored]:
    """Makes documents and stages them; without a stage only looks for problems, which are added to the work's."""
    stored: dict[str, Stored] = {}
    if not wanted:
        return stored

    def laden(chunk: Sequence[Wanted]) -> list[tuple[Wanted, str | None]]:
        sources = {one.number: work.plan.articles[one.number].article.path for one in chunk}
        html = work.bodies.some(sources.values())
        return [(one, html[sources[one.number]]) for one in chunk]

    with Scratch() as folder:
        state = _State(work, documents_of(work, folder), stage)
        done = 0
        # The library that typesets keeps threads of its own: a process that has used it can never fork again.
        for made, problems in in_chunks(_chunk, state, wanted, work.workers, laden, size=_AT_ONCE, apart=True):
            done += _AT_ONCE
            work.progress("typesetting", min(done, len(wanted)), len(wanted))
            stored.update((one.file, one) for one in made)
            work.problems.extend(problems)
    return stored


def _chunk(state: _State, chunk: Sequence[tuple[Wanted, str | None]]) -> tuple[list[Stored], list[Problem]]:
    stored, problems, work = list[Stored](), list[Problem](), state.work
    for one, html in chunk:
        unit = work.plan.articles[one.number]
        path = unit.article.path
        try:
            data = state.documents.make(unit, Body(html, work.resolved[path].goals, work.texts[path]), one.name)
        except FAULTS as fault:
            problems.append(fault_of(fault, path))
        except (OSError, Spoiled):
            raise
        except Exception as error:
            problems.append(unexpected(error, path))
        else:
            if state.stage is not None:
                stored.append(state.stage.put(one.file, data))
    return stored, problems
