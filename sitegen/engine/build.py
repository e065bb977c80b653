"""A build of a site: where nothing has changed, that is all there is to it."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Iterator

from msgspec.structs import replace

from sitegen.bundled import bundled_themes
from sitegen.engine.faults import answered
from sitegen.engine.inputs import Inputs, list_inputs
from sitegen.engine.last import Last
from sitegen.engine.lock import locked
from sitegen.engine.memory import Memory
from sitegen.engine.options import Options, default_workers
from sitegen.engine.places import require_site
from sitegen.engine.result import Result, again
from sitegen.engine.standing import Looking, listing_of, still_written, unsure
from sitegen.engine.store import Spoiled, remove
from sitegen.problems import Problem, SiteError, in_order

_STORES = 2
"""Files that a build keeps between runs: the cache and the memory."""


def build(options: Options) -> Result:
    """Builds the site. Raises SiteError with every problem; the output then stays as it was."""
    started = time.perf_counter()
    with answered(options.root), without_collector():
        require_site(options.root)
        with locked(options.root, options.output) as noted:
            result = _healing(options, noted)
    return replace(result, seconds=time.perf_counter() - started)


def check(options: Options) -> tuple[Problem, ...]:
    """Every problem and warning of a site, in order: all that a build does, but nothing is written."""
    from sitegen.engine.making import problems_of

    try:
        with answered(options.root), without_collector():
            return tuple(in_order(problems_of(options)))
    except SiteError as error:
        return tuple(error.problems)


def _healing(options: Options, noted: int) -> Result:
    """What is kept between builds is disposable: where it is broken, the build only takes longer."""
    for _ in range(_STORES):
        try:
            return _build(options, noted)
        except Spoiled as error:
            remove(error.place)
    return _build(options, noted)


def _build(options: Options, noted: int) -> Result:
    memory = Memory(options.root, options.output, options.preview)
    try:
        trusting = options.cache and not options.clean
        if not trusting:
            memory.forget()
        last = memory.last() if trusting else None
        inputs = list_inputs(options.root, (bundled_themes(),), last.needed if last is not None else ())
        known = last.inputs if last is not None and last.holds(options) else None
        now = inputs.digests()
        if last is not None and known == now:
            result = _again(options, memory, last, noted)
            if result is not None:
                return result
        texts_only = known is not None and replace(now, texts=known.texts) == known
        return _anew(options, memory, last if texts_only else None, inputs, noted, trusting)
    finally:
        memory.close()


def _again(options: Options, memory: Memory, last: Last, noted: int) -> Result | None:
    """The same site once more: only the output is looked at. None where a file there is not as it was written."""
    doubtful = unsure(options.output, memory.listings(), options.workers or default_workers())
    folders = still_written(options.output, doubtful, memory, noted)
    if folders:
        memory.restamp(folders, {name: listing_of(folder) for name, folder in folders.items()})
    return again(last, options.output) if folders is not None else None


def _anew(options: Options, memory: Memory, last: Last | None, inputs: Inputs, noted: int, trusting: bool) -> Result:
    """A build that has something to do; `last` is the last one where only texts can have changed since."""
    looking = Looking(options.output, memory.listings(), options.workers or default_workers()) if trusting else None
    try:
        # Libraries that parse and render are loaded while another process looks at the output.
        from sitegen.engine.cache import Cache
        from sitegen.engine.making import make
        from sitegen.engine.retext import rebuild_texts

        if not options.cache:
            return make(options, None, memory, inputs, noted, looking)
        cache = Cache(options.root)
        try:
            if options.clean:
                cache.forget()
            result = None
            if last is not None and looking is not None:
                result = rebuild_texts(options, cache, memory, last, inputs, noted, looking)
            return result if result is not None else make(options, cache, memory, inputs, noted, looking)
        finally:
            cache.close()
    finally:
        if looking is not None:
            looking.end()


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Keeps Python from looking for circles of garbage: a build makes hardly any, among a million values to visit."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
