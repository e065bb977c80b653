"""Points in time as writers give them: a day, or a day and a time, in the site's own zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from msgspec import Struct


class Moment(Struct, frozen=True, order=True):
    """A point in time. `day_only` tells that the writer gave a date without a time; `end` is then the end of that day.

    Both have the distance from Greenwich that the site's zone has at that time, not the zone itself: so a moment is
    the same value wherever it is kept.
    """

    at: datetime
    day_only: bool
    end: datetime

    @property
    def day(self) -> date:
        """The calendar day in the site's own timezone."""
        return self.at.date()


def moment_at(at: datetime, day_only: bool) -> Moment:
    """A moment from a time in the site's zone; raises OverflowError where that is out of the calendar."""
    end = at
    if day_only and at.date() < date.max:
        # Not 24 hours later: a day may be longer or shorter.
        tomorrow = at.date() + timedelta(days=1)
        end = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=at.tzinfo)
    return Moment(_fixed(at), day_only, _fixed(end))


def _fixed(at: datetime) -> datetime:
    """The same time of day with the zone's distance from Greenwich, which before clocks agreed had odd seconds."""
    minutes = round((at.utcoffset() or timedelta()) / timedelta(minutes=1))
    return at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
