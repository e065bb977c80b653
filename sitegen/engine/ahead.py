"""When the site next changes by itself: whoever builds it then, by cron or the like, never shows a stale site."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sitegen.bundled import bundled_themes
from sitegen.engine.cache import Cache, looking
from sitegen.engine.content import Loaded, read_content
from sitegen.engine.faults import answered
from sitegen.engine.inputs import list_inputs
from sitegen.engine.load import read_config
from sitegen.engine.moments import in_zone, moment_of
from sitegen.engine.options import Options, default_workers
from sitegen.plan.live import next_turn
from sitegen.problems import Problem, in_order


def next_change(options: Options) -> tuple[datetime | None, list[Problem]]:
    """The first moment after `options.now` at which something comes or goes, in the site's timezone.

    None where that is never. Nothing is written; what is wrong with the sources comes with it. Raises SiteError.
    """
    root, problems = options.root, list[Problem]()
    with answered(root):
        config, _ = read_config(root, options.base_url, problems)
        listed = list_inputs(root, (bundled_themes(),), ())

        def read(cache: Cache | None) -> Loaded:
            workers = options.workers or default_workers()
            return read_content(root, config, workers, cache, listed.texts | listed.files, 0)

        loaded = looking(root, read)
    zone = ZoneInfo(config.timezone)
    turn = next_turn(loaded.content, moment_of(options.now, zone), options.drafts)
    return in_zone(turn, zone), in_order([*problems, *loaded.problems])
