"""A build that has something to do: reading, planning, judging what is stale, making it, and putting it in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.bundled import bundled_themes
from sitegen.engine.cache import Cache, looking
from sitegen.engine.documents import Wanted, every_document, make_documents
from sitegen.engine.fingerprint import Ingredient, digest
from sitegen.engine.inputs import Inputs, list_inputs, needed_of
from sitegen.engine.last import Last, asked_for
from sitegen.engine.memory import Memory, Texts, UnitRecord, Written, texts_as_read
from sitegen.engine.moments import in_zone, zone_data
from sitegen.engine.options import Options
from sitegen.engine.output import Output, Placed
from sitegen.engine.pages import Task, make_pages
from sitegen.engine.result import Result
from sitegen.engine.stage import Stage, Stored
from sitegen.engine.staleness import Stale, judge
from sitegen.engine.standing import Looking, listing_of
from sitegen.engine.store import Spoiled
from sitegen.engine.units import Unit, Units
from sitegen.engine.weight import Weight, weight_with
from sitegen.engine.work import Work, prepare
from sitegen.problems import Problem, SiteError, errors, in_order, unexpected
from sitegen.sources.media import MediaFault


def problems_of(options: Options) -> list[Problem]:
    """Everything that is wrong with a site, found without writing anything."""
    inputs = list_inputs(options.root, (bundled_themes(),), ())

    def find(cache: Cache | None) -> list[Problem]:
        work = prepare(options, cache, inputs, 0)
        if work.basis is not None:
            units = Units(work.basis, work.plan, work.texts, work.resolved, work.library).pages()
            make_pages(work, (Task(unit.number, unit.files) for unit in units), None, lambda: None)
            if not errors(work.problems):
                make_documents(work, every_document(work.plan), None)
        return work.problems

    return looking(options.root, find) if options.cache else find(None)


def make(
    options: Options, cache: Cache | None, memory: Memory, inputs: Inputs, noted: int, looking: Looking | None
) -> Result:
    """Builds the site with all that it takes. `inputs` were listed after the moment `noted`, before any was read.

    `looking` tells which files of the output stand as they were written; without it all of them are read.
    """
    output = Output(options.root, options.output, memory, noted, options.preview)
    try:
        work = prepare(options, cache, inputs, noted)
        # Files are staged only when nothing was wrong so far: the folder may not even be ours.
        broken = bool(errors(work.problems))
        intact = {} if broken else output.intact(looking)
        stage = None if broken else output.begin(intact)
        done = _make(work, memory, cache, stage, intact)
        if errors(work.problems):
            raise SiteError(work.problems)
        options.progress("putting files in place", 0, 0)
        before = memory.last()
        placed = output.put_in_place(done.stored, done.kept, done.stale, intact)
        files = len(done.stored) + len(done.kept)
        weight = weight_with(placed.folders, memory, before.weight if before is not None else None)
        last = _last(options, work, inputs, noted, files, weight) if cache is not None else None
        _remember(memory, placed, done, last, texts_as_read(inputs.texts, work.loaded.digests, noted))
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
        weight=weight,
        warnings=tuple(in_order(work.problems)),
        until=in_zone(work.planned.until, ZoneInfo(work.config.timezone)),
        parsed=work.parsed,
        made=tuple((key, one.why) for key, one in done.stale.items()),
    )


class _Done(Struct, frozen=True):
    """What a build has made: every unit, those that were stale, and the files that were made and that were not.

    `records` are the units as they were made before, `gone` the keys of those that are no more.
    """

    units: list[Unit]
    stored: dict[str, Stored] = {}
    kept: frozenset[str] = frozenset()
    stale: dict[str, Stale] = {}
    records: Mapping[str, UnitRecord] = {}
    gone: tuple[str, ...] = ()


class _Judge:
    """Judges units one after the other, and keeps what it has seen: all `units`, and those that are `stale`."""

    def __init__(self, memory: Memory, intact: Mapping[str, Written]) -> None:
        self.records = memory.units()
        self.units: list[Unit] = []
        self.stale: dict[str, Stale] = {}
        self._value, self._intact = memory.value, intact

    def judge(self, unit: Unit) -> Stale | None:
        """What has to be made of a unit; None where that is nothing."""
        self.units.append(unit)
        found = judge(unit, self.records.get(unit.key), self._value, self._intact)
        if found is not None:
            self.stale[unit.key] = found
        return found

    def done(self, stored: dict[str, Stored]) -> _Done:
        """What all that comes to, with the files that were made."""
        kept = frozenset(file for unit in self.units for file in unit.files if file not in stored)
        keys = {unit.key for unit in self.units}
        return _Done(
            self.units, stored, kept, self.stale, self.records, tuple(k for k in self.records if k not in keys)
        )


def _make(work: Work, memory: Memory, cache: Cache | None, stage: Stage | None, intact: Mapping[str, Written]) -> _Done:
    """Makes every unit that is stale."""

    def save() -> None:
        """Keeps what was read: that is true whatever becomes of the build."""
        if cache is not None:
            cache.save(work.loaded.gone, prunes=True)

    if work.basis is None:
        save()
        return _Done([])
    listed, judged = Units(work.basis, work.plan, work.texts, work.resolved, work.library), _Judge(memory, intact)

    def tasks() -> Iterator[Task]:
        """Judges every page; those that are found stale first are made while the others are judged."""
        of = len(work.plan.articles) + len(work.plan.pages)
        for unit in listed.pages():
            one = judged.judge(unit)
            if one is not None:
                yield Task(unit.number, one.wanted, one.patched, one.inner)
            work.progress("rendering", len(judged.units), of)
        if cache is not None:
            memory.keep(_news(judged.stale.values(), judged.records))

    stored = make_pages(work, tasks(), stage, save)
    if stage is not None and not errors(work.problems):
        stored |= _documents(work, listed, judged, stage)
    if stage is not None and not errors(work.problems):
        stored |= _files(work, listed, judged, stage)
    return judged.done(stored)


def _documents(work: Work, listed: Units, judged: _Judge, stage: Stage) -> dict[str, Stored]:
    """Makes what is stale of all that is typeset or packed."""
    every = listed.documents()
    wanted = [Wanted(number, one.name, unit.files[0]) for unit, number, one in every if judged.judge(unit) is not None]
    return make_documents(work, wanted, stage)


def _files(work: Work, listed: Units, judged: _Judge, stage: Stage) -> dict[str, Stored]:
    """Makes what is stale of all that is no page: the theme's files, feeds, pictures, what is published as it is."""
    every = listed.files(work.media, work.pictures, work.shelf.data)
    stale = [(unit, make) for unit, make in every if judged.judge(unit) is not None]
    makes = {unit.files[0] for unit, _ in stale}
    wanted = [one for one in work.pictures if one.file in makes]
    work.problems.extend(work.shelf.make_missing(wanted, work.workers, work.progress))
    if errors(work.problems):
        return {}
    stored: dict[str, Stored] = {}
    for unit, make in stale:
        file, source = unit.files[0], next(iter(unit.sources), unit.files[0])
        try:
            data = make()
        except MediaFault as fault:
            work.problems.append(Problem(source, 0, 0, str(fault), fault.hint))
        except (OSError, Spoiled):
            raise
        except Exception as error:
            work.problems.append(unexpected(error, source))
        else:
            stored[file] = stage.put(file, data)
    if wanted:
        work.shelf.prune(one.file for one in work.pictures)
    return stored


def _news(stale: Iterable[Stale], records: Mapping[str, UnitRecord]) -> Iterator[Ingredient]:
    """The ingredients that are not known from the last time."""
    for one in stale:
        record = records.get(one.unit.key)
        before = record.ingredients if record is not None else {}
        yield from (new for new in one.unit.ingredients if before.get(new.name) != new.digest)


def _last(options: Options, work: Work, inputs: Inputs, noted: int, files: int, weight: Weight) -> Last:
    needed = needed_of(inputs, work.media)
    # What is needed for the first time was not looked at in time; the next build does that.
    known = inputs.known(noted) if needed == inputs.needed else None
    return Last(
        asked=asked_for(options),
        inputs=known,
        needed=needed,
        since=work.planned.since,
        until=work.planned.until,
        timezone=work.config.timezone,
        zone=digest(zone_data(work.config.timezone)),
        articles=len(work.plan.articles),
        files=files,
        weight=weight,
        base_url=work.config.base_url,
        warnings=tuple(in_order(work.problems)),
    )


def _remember(memory: Memory, placed: Placed, done: _Done, last: Last | None, texts: Texts) -> None:
    """Keeps what was made, for the next build; without `last` only which files there are."""
    build = memory.build + 1
    kept = done.stale if last is not None else {}
    units = {key: _record(one, done, build) for key, one in kept.items()}
    # What pages are made from was kept while they were rendered.
    memory.keep(_news((one for one in kept.values() if one.unit.number < 0), done.records))
    listings = {name: listing_of(folder) for name, folder in placed.folders.items()}
    memory.finish(placed.folders, listings, units, done.gone, build, last, texts)


def _record(stale: Stale, done: _Done, build: int) -> UnitRecord:
    unit, old = stale.unit, done.records.get(stale.unit.key)
    before = dict(zip(old.files, old.seams, strict=True)) if old is not None else {}
    stored = (done.stored.get(file) for file in unit.files)
    seams = (one.seams if one is not None else before.get(file) for file, one in zip(unit.files, stored, strict=True))
    ingredients = {one.name: one.digest for one in unit.ingredients}
    return UnitRecord(ingredients, unit.files, stale.why, build, unit.sources, tuple(seams))
