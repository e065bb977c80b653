"""A site in memory, for a preview: kept up to date with its sources, and any of its files can be had at once.

It is made by the same steps as a build (work.py) and by the same renderer; only what nobody asks for is never
rendered. After an edit those steps are taken again whose sources have changed; a text that cannot change the plan
takes none of them but the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC

from msgspec.structs import replace

from sitegen.bundled import bundled_themes
from sitegen.engine.cache import Cache
from sitegen.engine.edits import Edits
from sitegen.engine.faults import answered
from sitegen.engine.inputs import Inputs, differing, list_inputs, needing, stamps_of
from sitegen.engine.moments import moment_of
from sitegen.engine.options import Options
from sitegen.engine.places import Place, clock_place, is_site, require_site
from sitegen.engine.shown import Early, Index, Site
from sitegen.engine.stamps import clock
from sitegen.engine.store import Spoiled, remove
from sitegen.engine.work import Work, prepare
from sitegen.problems import Problem, SiteError, errors, in_order


class Live:
    """Keeps a site in memory up to date with its sources.

    `site` is the last one without errors, None where there has been none yet; `rest` is then what can be shown all
    the same, without the articles that have errors. `problems` are those of the last look at the sources. `options` may
    be replaced between two looks.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.site: Site | None = None
        self.rest: Site | None = None
        self.problems: tuple[Problem, ...] = ()
        self._cache: Cache | None = None
        self._work: Work | None = None
        self._spoiled: Place | None = None
        self._listed: Inputs | None = None

    @property
    def _index(self) -> Index | None:
        return self.site.index if self.site is not None else None

    def missed(self) -> list[str]:
        """The files that are not what they were at the last look, by their paths from the site's root, sorted."""
        known = self._listed
        now = list_inputs(self.options.root, (bundled_themes(),), known.needed if known is not None else ())
        then = stamps_of(known) if known is not None else {}
        return differing(then, stamps_of(now))

    def forget(self, spoiled: Place) -> None:
        """Has the next look read everything anew: the cache in a file is broken. Any thread may say so."""
        self._spoiled = spoiled

    def look(self, changed: Collection[str] | None = None, early: Callable[[Early], None] | None = None) -> None:
        """Reads what has changed: the files `changed`, by their paths from the site's root; by default all of them.

        `early` is called with what can be had before the site is planned anew, if there is something.
        """
        try:
            with answered(self.options.root):
                if self._spoiled is not None:
                    remove(self._spoiled)
                    self._spoiled = self._cache = self._work = None
                self._work = self._healing(changed, early)
        except SiteError as error:
            self._work, self.rest, self.problems = None, None, tuple(in_order(error.problems))
            return
        self.problems = tuple(in_order(self._work.problems))
        self.rest = None
        if errors(self.problems):
            self.rest = Site(self._work) if self.site is None and self._work.basis is not None else None
        else:
            self.site = Site(self._work, self._index)
            # Whoever asks first should not have to wait for that.
            _ = self.site.index.files, self.site.index.articles

    def _healing(self, changed: Collection[str] | None, early: Callable[[Early], None] | None) -> Work:
        """The cache is disposable: where it is broken, reading only takes longer."""
        try:
            return self._prepared(changed, early)
        except Spoiled as error:
            remove(error.place)
            self._cache = self._work = None
            return self._prepared(None, None)

    def _prepared(self, changed: Collection[str] | None, early: Callable[[Early], None] | None) -> Work:
        if not is_site(self.options.root):
            self._listed = list_inputs(self.options.root, (bundled_themes(),), ())
        require_site(self.options.root)
        if self._cache is None or not self._cache.is_in_place():
            self._cache = Cache(self.options.root)
        before, work = self._work, None
        noted = clock(clock_place(self.options.root))
        if before is not None and changed is not None and before.planned.holds(moment_of(self.options.now, UTC)):
            edits = Edits(self.options, before, self._cache, changed, noted, self._index)
            work = edits.joined()
            found = edits.early() if work is None and early is not None else None
            if found is not None and early is not None:
                early(found)
        if work is None:
            needed = before.inputs.needed if before is not None else ()
            inputs = self._listed = list_inputs(self.options.root, (bundled_themes(),), needed)
            work = prepare(self.options, self._cache, inputs, noted, before)
            work = replace(work, inputs=needing(self.options.root, inputs, work.media))
        self._cache.save(work.loaded.gone)
        self._listed = work.inputs
        return work
