"""What the last build of an output folder was asked for and what it found: whoever finds the same has nothing to do."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.engine.fingerprint import digest, encode
from sitegen.engine.inputs import InputDigests
from sitegen.engine.moments import moment_of, zone_data
from sitegen.engine.options import Options
from sitegen.engine.weight import Weight
from sitegen.problems import Problem


class Last(Struct, frozen=True):
    """The last build: what it was asked for, what it read, and its numbers and warnings.

    `inputs` is None where a file was too young for its stamp to be trusted. `needed` are files of the site that no walk
    of content/ finds. `zone` is the digest of the time zone's rules. Nothing changes by itself from `since` up to
    `until`; None means for ever.
    """

    asked: str
    inputs: InputDigests | None
    needed: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    timezone: str
    zone: str
    articles: int
    files: int
    weight: Weight
    base_url: str
    warnings: tuple[Problem, ...] = ()

    def holds(self, options: Options) -> bool:
        """Whether a build that is asked for this, now, would make of the same sources the same site."""
        now = moment_of(options.now, ZoneInfo(self.timezone)).astimezone(UTC)
        in_time = (self.since is None or self.since <= now) and (self.until is None or now < self.until)
        return in_time and self.asked == asked_for(options) and self.zone == digest(zone_data(self.timezone))


def asked_for(options: Options) -> str:
    """A digest of what a build is asked for, besides the time."""
    return digest(encode((options.base_url, options.drafts, options.preview)))
