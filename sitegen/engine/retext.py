"""A build after nothing but the texts of a few articles was edited: it makes their files, and plans nothing.

A plan knows nothing of a text but what stands in its article's facts and the names of its parts. Where these are the
same as at the last build, so is the plan; what it says of the article is taken from the memory. Wherever something
else is found, the whole way is taken instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from sitegen.engine.cache import Cache
from sitegen.engine.content import ARTICLE, ArticleFacts, Door, PageFacts, reading_of
from sitegen.engine.fingerprint import LINKS, SHOWN, SITE, TEXT, Ingredient, reasons
from sitegen.engine.inputs import Inputs
from sitegen.engine.last import Last
from sitegen.engine.load import read_config, read_theme
from sitegen.engine.memory import Memory, Texts, UnitRecord, Written, texts_as_read
from sitegen.engine.options import Options, silent
from sitegen.engine.output import Output
from sitegen.engine.pictures import Known, shelf_of
from sitegen.engine.result import Result, again
from sitegen.engine.stage import Stage, Stored
from sitegen.engine.standing import Looking, listing_of, still_written
from sitegen.engine.store import Spoiled, decoding
from sitegen.engine.units import text_ingredient
from sitegen.engine.weight import weight_with
from sitegen.plan.formats import Formats
from sitegen.plan.site import ArticlePlan
from sitegen.plan.variants import VARIANTS
from sitegen.plan.views import Card, Link, SiteView
from sitegen.problems import Problem, errors, in_order
from sitegen.render.assets import load_assets
from sitegen.render.catalogue import load_catalogue
from sitegen.render.links import Goal
from sitegen.render.markdown import Text
from sitegen.render.renderer import Body, Renderer
from sitegen.render.seams import Shared, cut, holds_all, holds_any
from sitegen.render.templates import make_environment
from sitegen.render.verbatim import INNER_PARTS, SHARED_PARTS
from sitegen.sources.pictures import Library

T = TypeVar("T")
MOST = 50
"""More texts than these are rather a checkout than an edit."""


class _Edit(Struct, frozen=True):
    """An article whose text was edited: what it was and is, its HTML, and its unit as it was made before."""

    path: str
    old: ArticleFacts
    new: ArticleFacts
    html: str
    record: UnitRecord


class _Shown(Struct, frozen=True):
    """What the plan said of an article, in the form in which it is remembered (see units.py)."""

    path: str
    variants: tuple[str, ...]
    documents: tuple[str, ...]
    older: Link | None
    newer: Link | None
    related: tuple[Card, ...]


class _Elsewhere(Exception):
    """Something is not as it must be here: the whole way has to be taken."""


def rebuild_texts(
    options: Options, cache: Cache, memory: Memory, last: Last, inputs: Inputs, noted: int, looking: Looking
) -> Result | None:
    """Builds a site of which only Markdown files may have changed; None where that is not enough.

    `looking` tells which files of the output stand as they were written.
    """
    before = memory.texts()
    changed = [path for path, stamp in inputs.texts.items() if path not in before or before[path].stamp != stamp]
    if before.keys() != inputs.texts.keys() or len(changed) > MOST or memory.pending():
        return None
    try:
        return _Rebuild(options, memory, cache, last, inputs, noted, before).run(changed, looking)
    except _Elsewhere:
        # Whoever takes the whole way reads for himself.
        cache.discard()
        return None


class _Rebuild:
    """One such build."""

    def __init__(
        self, options: Options, memory: Memory, cache: Cache, last: Last, inputs: Inputs, noted: int, before: Texts
    ) -> None:
        self.options, self.memory, self.cache = options, memory, cache
        self.last, self.inputs, self.noted, self.before = last, inputs, noted, before
        self.config, self.text = read_config(options.root, options.base_url, [])
        self.door = Door(reading_of(options.root, self.config), cache, inputs.texts, noted, 1, frozenset(), [], silent)

    def run(self, changed: Iterable[str], looking: Looking) -> Result:
        edits = [edit for edit in map(self._edit, changed) if edit is not None]
        warnings = self._warnings(edits)
        stale = {edit.path: made for edit in edits if (made := self._made_from(edit)) is not None}
        folders = still_written(self.options.output, looking.unsure(), self.memory, self.noted)
        if folders is None:
            raise _Elsewhere
        output = Output(self.options.root, self.options.output, self.memory, self.noted, self.options.preview)
        output.restamped.update(folders)
        try:
            stored = self._stored(output, [edit for edit in edits if edit.path in stale])
            self.cache.save()
            placed = output.put_over(stored, stale)
            texts = self._texts()
            last = replace(
                self.last,
                inputs=self.inputs.known(self.noted),
                weight=weight_with(placed.folders, self.memory, self.last.weight),
                warnings=tuple(in_order(warnings)),
            )
            build = self.memory.build + 1
            units, why = {}, {}
            for edit in edits:
                if edit.path in stale:
                    made = stale[edit.path]
                    why[edit.path] = reasons(edit.record.ingredients, made, self.memory.value)
                    units[edit.path] = _record(edit.record, made, why[edit.path], stored, build)
            listings = {name: listing_of(folder) for name, folder in placed.folders.items()}
            self.memory.finish(placed.folders, listings, units, (), build, last, texts)
        except BaseException:
            output.abandon()
            raise
        found = again(last, self.options.output)
        return replace(found, changed=placed.changed, parsed=self.door.parsed, made=tuple(why.items()))

    def _edit(self, path: str) -> _Edit | None:
        """One changed file; None where its bytes are the same after all."""
        new = self.door.read([path], ARTICLE).get(path)
        record = self.memory.unit(path)
        if new is None or record is None or errors(self.door.problems):
            raise _Elsewhere
        if self.door.digests[path] == self.before[path].digest:
            return None
        old = self.door.recalled(path, self.before[path].digest, ARTICLE)
        if old is None or not plans_the_same(old, new):
            raise _Elsewhere
        return _Edit(path, old, new, self.door.bodies.some([path])[path], record)

    def _warnings(self, edits: Iterable[_Edit]) -> list[Problem]:
        """The warnings of the last build, with those of the new texts in place of those of the old ones."""
        warnings = list(self.last.warnings)
        for edit in edits:
            mine = [warning for warning in warnings if warning.file == edit.path]
            if not set(mine) <= set(edit.old.warnings):
                # One of them does not come from reading alone.
                raise _Elsewhere
            warnings = [warning for warning in warnings if warning.file != edit.path] + list(edit.new.warnings)
        return warnings

    def _made_from(self, edit: _Edit) -> tuple[Ingredient, ...] | None:
        """What an article's files are made from now; None where that is the same as before."""
        new = {TEXT: text_ingredient(edit.new.text)}
        made = tuple(new.get(name, Ingredient(name, digest)) for name, digest in edit.record.ingredients.items())
        return made if reasons(edit.record.ingredients, made, lambda digest: None) else None

    def _stored(self, output: Output, edits: Iterable[_Edit]) -> dict[str, Stored]:
        stored: dict[str, Stored] = {}
        intact: dict[str, Written] = {}
        for edit in edits:
            for file in edit.record.files:
                folder, _, name = file.rpartition("/")
                intact[file] = self.memory.folder(folder).files[name]
        stage = output.begin(intact)
        renderer = self._renderer(edits) if intact else None
        for edit in edits:
            assert renderer is not None
            goals = self._recalled(edit.record, LINKS, tuple[Goal, ...])
            renderer.shared[edit.new.source.section] = _shared(stage, edit.record)
            body = Body(edit.html, goals, edit.new.text)
            try:
                rendered = renderer.article(self._plan(edit), body, edit.record.files)
            except (OSError, Spoiled):
                raise
            except Exception:
                # The full build reports the failure.
                raise _Elsewhere from None
            if rendered.problems or len(rendered.files) < len(edit.record.files):
                raise _Elsewhere
            stored |= {file.path: stage.put(file.path, file.data, file.seams) for file in rendered.files}
        return stored

    def _renderer(self, edits: Iterable[_Edit]) -> Renderer:
        """What renders the articles: all of them show the same of the site."""
        root, config = self.options.root, self.config
        theme = read_theme(root, config, self.text, [])
        words, _ = load_catalogue(theme, config.language)
        formats = Formats(config.language, words.translations.gettext, words.translations.ngettext)
        site = self._recalled(next(iter(edits)).record, SITE, SiteView)
        environment = make_environment(theme, words)
        library = Library(root, Known(self.cache, self.inputs, self.noted), config.max_megapixels)
        published = shelf_of(root, self.cache).published
        assets = load_assets(theme)[0]
        renderer = Renderer(root, config, site, formats, theme, environment, assets, library, published)
        # A file whose seams are known was made from a template that only shows the shared parts.
        if any(found is None for edit in edits for found in edit.record.seams):
            raise _Elsewhere
        renderer.patchable = frozenset(variant.template for variant in VARIANTS)
        renderer.framing = frozenset(_framing(edits))
        return renderer

    def _plan(self, edit: _Edit) -> ArticlePlan:
        shown = self._recalled(edit.record, SHOWN, _Shown)
        if shown.documents:
            # What is typeset of a text is another unit, with ingredients of its own.
            raise _Elsewhere
        variants = tuple(variant for variant in VARIANTS if variant.name in shown.variants)
        return ArticlePlan(edit.new.source, shown.path, variants, shown.older, shown.newer, shown.related)

    def _recalled(self, record: UnitRecord, name: str, kind: type[T]) -> T:
        """The value of an ingredient of a unit."""
        value = self.memory.value(record.ingredients.get(name, ""))
        if value is None:
            raise _Elsewhere
        with decoding(self.memory.place):
            return msgspec.json.decode(value, type=kind)

    def _texts(self) -> Texts:
        digests = {path: one.digest for path, one in self.before.items()} | self.door.digests
        return texts_as_read(self.inputs.texts, digests, self.noted)


def plans_the_same(old: ArticleFacts | PageFacts, new: ArticleFacts | PageFacts) -> bool:
    """Whether a plan, and the links of other texts, cannot tell an article or a page from what it was."""
    return replace(old.source, body_line=0) == replace(new.source, body_line=0) and reads_the_same(old.text, new.text)


def reads_the_same(old: Text, new: Text) -> bool:
    """Whether a text has the same links, and can be linked to in the same places."""
    return old.ids == new.ids and [(ref.kind, ref.target) for ref in old.refs] == [
        (ref.kind, ref.target) for ref in new.refs
    ]


def _framing(edits: Iterable[_Edit]) -> Iterator[str]:
    """The templates that were seen to show the parts of an article just as they are."""
    templates = {variant.file: variant.template for variant in VARIANTS}
    for edit in edits:
        for file, seams in zip(edit.record.files, edit.record.seams, strict=True):
            if holds_any(seams, INNER_PARTS):
                yield templates[file.rpartition("/")[2]]


def _shared(stage: Stage, record: UnitRecord) -> Shared:
    """The shared parts as they stand in the files of an article."""
    for file, seams in zip(record.files, record.seams, strict=True):
        if seams and holds_all(seams, SHARED_PARTS):
            data = stage.standing(file)
            if data is not None:
                parts = cut(data, seams)
                return Shared(*(Markup(parts[name].decode()) for name in SHARED_PARTS))
    raise _Elsewhere


def _record(
    old: UnitRecord, made: tuple[Ingredient, ...], why: tuple[str, ...], stored: Mapping[str, Stored], build: int
) -> UnitRecord:
    ingredients = {one.name: one.digest for one in made}
    seams = tuple(stored[file].seams for file in old.files)
    return UnitRecord(ingredients, old.files, why, build, old.sources, seams)
