"""A build that has something to do: reading, planning, judging what is stale, making it, and putting it in place."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.bundled import bundled_themes
from sitegen.engine.cache import Cache, looking
from sitegen.engine.fingerprint import digest, reasons
from sitegen.engine.inputs import Inputs, list_inputs
from sitegen.engine.last import Last, asked_for
from sitegen.engine.memory import Memory, UnitRecord
from sitegen.engine.moments import in_zone, zone_data
from sitegen.engine.options import Options
from sitegen.engine.output import Output, Placed
from sitegen.engine.result import Result
from sitegen.engine.stage import Stage, Stored
from sitegen.engine.standing import listing_of
from sitegen.engine.units import Unit, Units
from sitegen.engine.work import Work, prepare, render
from sitegen.problems import Problem, SiteError, errors, in_order


def problems_of(options: Options) -> list[Problem]:
    """Everything that is wrong with a site, found without writing anything."""
    inputs = list_inputs(options.root, (bundled_themes(),), ())

    def find(cache: Cache | None) -> list[Problem]:
        work = prepare(options, cache, inputs, 0)
        if work.basis is not None:
            units = list(Units(work.basis, work.plan, work.texts, work.resolved, work.library).pages())
            render(work, units, None, lambda: None)
        return work.problems

    return looking(options.root, find) if options.cache else find(None)


def make(options: Options, cache: Cache | None, memory: Memory, inputs: Inputs, noted: int) -> Result:
    """Builds the site with all that it takes. `inputs` were listed after the moment `noted`, before any was read."""
    work = prepare(options, cache, inputs, noted)
    output = Output(options.root, options.output, memory, noted, options.preview)
    broken = bool(errors(work.problems))
    # Files are staged only when nothing was wrong so far: the folder may not even be ours.
    intact = {} if broken else output.intact(options.clean or cache is None, work.workers)
    stage = None if broken else output.begin(intact)
    try:
        done = _make(work, memory, cache, stage, intact)
        if errors(work.problems):
            raise SiteError(work.problems)
        options.progress("putting files in place", 0, 0)
        placed = output.put_in_place(done.stored, done.kept, done.stale)
        files = len(done.stored) + len(done.kept)
        last = _last(options, work, inputs, noted, files) if cache is not None else None
        _remember(memory, placed, done, last)
    except BaseException:
        output.abandon()
        raise
    return Result(
        articles=len(work.plan.articles),
        files=files,
        added=placed.added,
        changed=placed.changed,
        gone=placed.removed,
        seconds=0.0,
        output=options.output,
        base_url=work.config.base_url,
        warnings=tuple(in_order(work.problems)),
        until=in_zone(work.until, ZoneInfo(work.config.timezone)),
        parsed=work.parsed,
        made=tuple(done.stale.items()),
    )


class _Done(Struct, frozen=True):
    """What a build has made: the files of stale units, the files of all others, and why each stale one was made.

    `gone` are the keys of units that are no more.
    """

    units: list[Unit]
    stored: dict[str, Stored] = {}
    kept: frozenset[str] = frozenset()
    stale: dict[str, tuple[str, ...]] = {}
    gone: tuple[str, ...] = ()


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
    keys = {unit.key for unit in units}
    return _Done(units, stored, kept, stale, tuple(key for key in known if key not in keys))


def _why(unit: Unit, known: Mapping[str, UnitRecord], memory: Memory, intact: Mapping[str, str]) -> tuple[str, ...]:
    """Why a unit has to be made anew; nothing where it need not be."""
    record = known.get(unit.key)
    found = reasons(record.ingredients if record else None, unit.ingredients, memory.value)
    if found or all(file in intact for file in unit.files):
        return found
    return tuple(f"{file} is not as it was written" for file in unit.files if file not in intact)


def _last(options: Options, work: Work, inputs: Inputs, noted: int, files: int) -> Last:
    needed = tuple(path for path in work.media if path not in inputs.files or path in inputs.needed)
    # What is needed for the first time was not looked at in time; the next build does that.
    known = inputs.is_settled(noted) and needed == inputs.needed
    return Last(
        asked=asked_for(options),
        inputs=inputs.digests() if known else None,
        needed=needed,
        since=work.since,
        until=work.until,
        timezone=work.config.timezone,
        zone=digest(zone_data(work.config.timezone)),
        articles=len(work.plan.articles),
        files=files,
        base_url=work.config.base_url,
        warnings=tuple(in_order(work.problems)),
    )


def _remember(memory: Memory, placed: Placed, done: _Done, last: Last | None) -> None:
    """Keeps what was made, for the next build; without `last` only which files there are."""
    build = memory.build + 1
    made = {unit.key: unit for unit in done.units}
    units = {key: _record(made[key], why, build) for key, why in done.stale.items() if last is not None}
    # What pages are made from was kept while they were rendered.
    memory.keep(one for key in units if made[key].number < 0 for one in made[key].ingredients)
    listings = {name: listing_of(folder) for name, folder in placed.folders.items()}
    memory.finish(placed.folders, listings, units, done.gone, build, last)


def _record(unit: Unit, why: tuple[str, ...], build: int) -> UnitRecord:
    return UnitRecord({one.name: one.digest for one in unit.ingredients}, unit.files, why, build, unit.sources)
