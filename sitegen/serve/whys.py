"""Why the pages that somebody looks at were made anew."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from sitegen.engine.about import differences
from sitegen.engine.shown import Site

_MOST = 500
"""So many pages are remembered."""


class Whys:
    """The reasons for which pages were made anew the last time, by their paths in the output."""

    def __init__(self) -> None:
        self._began = f"{datetime.now():%H:%M:%S}"
        self._reasons: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def note(self, name: str, old: object, new: object) -> None:
        """Takes note why a page of the new site is another one than that of the old one."""
        if not isinstance(old, Site) or not isinstance(new, Site):
            return
        at = f"{datetime.now():%H:%M:%S}"
        found = differences(old, new, name) or ("what it is made from has not changed",)
        self._reasons[name] = tuple(f"{at} {reason}" for reason in found)
        self._reasons.move_to_end(name)
        if len(self._reasons) > _MOST:
            self._reasons.popitem(last=False)

    def of(self, name: str) -> tuple[str, ...]:
        """The reasons, each with the time of day; where there are none, since when that is so."""
        return self._reasons.get(name, (f"not since the preview began at {self._began}",))
