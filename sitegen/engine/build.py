"""One build, from the files to the output folder."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import MsgspecError, Struct

from sitegen.config import SiteConfig
from sitegen.engine.cache import Cache
from sitegen.engine.faults import answered
from sitegen.engine.fingerprint import reasons
from sitegen.engine.load import require_site
from sitegen.engine.memory import Memory, UnitRecord
from sitegen.engine.options import Options
from sitegen.engine.output import Output, Placed, Stage, Stored, locked
from sitegen.engine.pool import without_collector
from sitegen.engine.store import Spoiled
from sitegen.engine.units import Unit, Units
from sitegen.engine.work import Work, prepare, render
from sitegen.problems import Problem, SiteError, errors, in_order


class Result(Struct, frozen=True):
    """What a build did: numbers of articles and files, seconds of wall time, and warnings in order.

    `parsed` are the sources that were parsed for it, `rendered` the units of work that were made anew.
    """

    articles: int
    files: int
    written: int
    unchanged: int
    removed: int
    seconds: float
    output: Path
    config: SiteConfig
    warnings: tuple[Problem, ...] = ()
    parsed: int = 0
    rendered: int = 0

    @property
    def has_news(self) -> bool:
        """Whether the output is another one than before."""
        return bool(self.written or self.removed)


def build(options: Options) -> Result:
    """Builds the site. Raises SiteError with every problem; the output then stays as it was."""
    started = time.perf_counter()
    require_site(options.root)
    with answered(options.root), without_collector(), locked(options.root, options.output) as noted:
        for is_last in (False, True):
            cache = Cache(options.root) if options.cache else None
            memory = Memory(options.root, options.output, options.preview)
            try:
                if options.clean or cache is None:
                    memory.forget()
                if options.clean and cache is not None:
                    cache.forget()
                return _build(options, started, cache, memory, noted)
            except (Spoiled, MsgspecError):
                # What is kept between builds is disposable: without it this one only takes longer.
                if cache is not None:
                    cache.spoiled()
                memory.spoiled()
                if is_last:
                    raise
            finally:
                if cache is not None:
                    cache.close()
                memory.close()
    raise AssertionError("a build ends with its result or with an error")


def check(options: Options) -> tuple[Problem, ...]:
    """Every problem and warning of a site, in order: all that a build does, but nothing is written."""
    try:
        with answered(options.root), without_collector():
            work = prepare(options, None, 0)
            if work.basis is not None:
                units = list(Units(work.basis, work.plan, work.texts, work.resolved, work.library).pages())
                render(work, units, None, lambda: None)
    except SiteError as error:
        return tuple(error.problems)
    return tuple(in_order(work.problems))


def _build(options: Options, started: float, cache: Cache | None, memory: Memory, noted: int) -> Result:
    work = prepare(options, cache, noted)
    output = Output(options.root, options.output, memory, noted, options.preview)
    broken = bool(errors(work.problems))
    # Files are staged only when nothing was wrong so far: the folder may not even be ours.
    intact = {} if broken else output.intact(options.clean or cache is None)
    stage = None if broken else output.begin(intact)
    try:
        done = _make(work, memory, cache, stage, intact)
        if errors(work.problems):
            raise SiteError(work.problems)
        placed = output.put_in_place(done.stored, done.kept, done.stale)
        _remember(memory, placed, done, cache is not None)
    except BaseException:
        output.abandon()
        raise
    files = len(done.stored) + len(done.kept)
    return Result(
        articles=len(work.plan.articles),
        files=files,
        written=len(placed.changed),
        unchanged=files - len(placed.changed),
        removed=len(placed.removed),
        seconds=time.perf_counter() - started,
        output=options.output,
        config=work.config,
        warnings=tuple(in_order(work.problems)),
        parsed=work.parsed,
        rendered=len(done.stale),
    )


class _Done(Struct, frozen=True):
    """What a build has made: the files of stale units, the files of all others, and why each stale one was made."""

    units: list[Unit]
    stored: dict[str, Stored] = {}
    kept: frozenset[str] = frozenset()
    stale: dict[str, tuple[str, ...]] = {}


def _make(work: Work, memory: Memory, cache: Cache | None, stage: Stage | None, intact: Mapping[str, str]) -> _Done:
    """Makes every unit that is stale."""

    def save() -> None:
        """Keeps what is true whatever becomes of the build."""
        if cache is not None:
            cache.save(work.gone)
            memory.keep(one for unit in making for one in unit.ingredients)

    making: list[Unit] = []
    if work.basis is None:
        save()
        return _Done([])
    listed = Units(work.basis, work.plan, work.texts, work.resolved, work.library)
    pages = list(listed.pages())
    known = memory.units()
    stale = {unit.key: why for unit in pages if (why := _why(unit, known, memory, intact))}
    making = [unit for unit in pages if unit.key in stale]
    stored = render(work, making, stage, save)
    units = pages
    if stage is not None and not errors(work.problems):
        for unit, make in listed.files(work.media):
            units.append(unit)
            why = _why(unit, known, memory, intact)
            if why:
                stale[unit.key] = why
                stored[unit.files[0]] = stage.put(unit.files[0], make())
    kept = frozenset(file for unit in units if unit.key not in stale for file in unit.files)
    return _Done(units, stored, kept, stale)


def _why(unit: Unit, known: Mapping[str, UnitRecord], memory: Memory, intact: Mapping[str, str]) -> tuple[str, ...]:
    """Why a unit has to be made anew; nothing where it need not be."""
    record = known.get(unit.key)
    found = reasons(record.ingredients if record else None, unit.ingredients, lambda _, was: memory.value(was))
    if found or all(file in intact for file in unit.files):
        return found
    return tuple(f"{file} is not as it was written" for file in unit.files if file not in intact)


def _remember(memory: Memory, placed: Placed, done: _Done, with_units: bool) -> None:
    """Keeps what was made, for the next build; without units only which files there are."""
    build = memory.build + 1
    made = {unit.key: unit for unit in done.units}
    gone = [key for key in memory.units() if key not in made]
    if not (placed.folders or done.stale or gone):
        return
    units = {
        key: UnitRecord({one.name: one.digest for one in made[key].ingredients}, made[key].files, why, build)
        for key, why in done.stale.items()
        if with_units
    }
    memory.finish(placed.folders, units, gone, build)
