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
from sitegen.engine.memory import Folder, Memory
from sitegen.engine.options import Options, default_workers
from sitegen.engine.places import STAGE, require_site
from sitegen.engine.result import Result, again
from sitegen.engine.standing import listing_of, look_at, unsure
from sitegen.engine.store import Spoiled, remove
from sitegen.problems import Problem, SiteError, in_order

_STORES = 2
"""Files that a build keeps between runs: the cache and the memory."""


def build(options: Options) -> Result:
    """Builds the site. Raises SiteError with every problem; the output then stays as it was."""
    started = time.perf_counter()
    with answered(options.root), _without_collector():
        require_site(options.root)
        with locked(options.root, options.output) as noted:
            result = _healing(options, noted)
    return replace(result, seconds=time.perf_counter() - started)


def check(options: Options) -> tuple[Problem, ...]:
    """Every problem and warning of a site, in order: all that a build does, but nothing is written."""
    from sitegen.engine.making import problems_of

    try:
        with answered(options.root), _without_collector():
            return tuple(in_order(problems_of(options)))
    except SiteError as error:
        return tuple(error.problems)


def _healing(options: Options, noted: int) -> Result:
    """What is kept between builds is disposable: where it is broken, the build only takes longer."""
    for _ in range(_STORES):
        try:
            return _build(options, noted)
        except Spoiled as error:
            remove(error.path)
    return _build(options, noted)


def _build(options: Options, noted: int) -> Result:
    memory = Memory(options.root, options.output, options.preview)
    try:
        trusting = options.cache and not options.clean
        if not trusting:
            memory.forget()
        last = memory.last() if trusting else None
        inputs = list_inputs(options.root, (bundled_themes(),), last.needed if last is not None else ())
        result = _little(options, memory, last, inputs, noted) if last is not None and last.holds(options) else None
        return result if result is not None else _anew(options, memory, inputs, noted)
    finally:
        memory.close()


def _little(options: Options, memory: Memory, last: Last, inputs: Inputs, noted: int) -> Result | None:
    """What there is to do where nothing or only texts have changed; None where that is not enough."""
    known, now = last.inputs, inputs.digests()
    if known is None or replace(now, texts=known.texts) != known:
        return None
    if now.texts == known.texts:
        folders = _looked(options, memory, noted)
        if folders:
            memory.restamp(folders, {name: listing_of(folder) for name, folder in folders.items()})
        return again(last, options.output) if folders is not None else None
    from sitegen.engine.retext import rebuild_texts

    return rebuild_texts(options, memory, last, inputs, noted, lambda: _looked(options, memory, noted))


def _looked(options: Options, memory: Memory, noted: int) -> dict[str, Folder] | None:
    """The folders of the output whose stamps are others than was remembered, though every file is as it was written.

    None where a file is not.
    """
    if (options.output / STAGE).exists():
        # A killed build has left it, and will be cleared.
        return None
    doubtful = unsure(options.output, memory.listings(), options.workers or default_workers())
    looked = {name: look_at(options.output, name, memory.folder(name), noted) for name in doubtful}
    if any(len(found.intact) < len(found.now.files) for found in looked.values()):
        return None
    return {name: found.now for name, found in looked.items()}


def _anew(options: Options, memory: Memory, inputs: Inputs, noted: int) -> Result:
    from sitegen.engine.cache import Cache
    from sitegen.engine.making import make

    if not options.cache:
        return make(options, None, memory, inputs, noted)
    cache = Cache(options.root)
    try:
        if options.clean:
            cache.forget()
        return make(options, cache, memory, inputs, noted)
    finally:
        cache.close()


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Keeps Python from looking for circles of garbage: a build makes hardly any, among a million values to visit."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
