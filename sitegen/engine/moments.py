"""The moment for which a site is built, and the rules of its time zone."""

from __future__ import annotations

import os
import zoneinfo
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from sitegen.problems import Problem, SiteError


def moment_of(now: datetime | None, zone: tzinfo) -> datetime:
    """The build's now: the one that is asked for, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the clock.

    A moment without a zone is the site's own.
    """
    if now is not None:
        return (now if now.tzinfo else now.replace(tzinfo=zone)).astimezone(zone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        try:
            return datetime.fromtimestamp(int(epoch), UTC).astimezone(zone)
        except (ValueError, OverflowError, OSError):
            hint = "write the seconds since 1970, for example 1700000000"
            raise SiteError([Problem("SOURCE_DATE_EPOCH", 0, 0, "this is no moment of the calendar", hint)]) from None
    return datetime.now(zone)


def in_zone(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The same moment by the clocks of a zone."""
    try:
        return moment.astimezone(zone) if moment is not None else None
    except OverflowError:
        # On the last day of the calendar it may be the next one there.
        return moment


def zone_data(name: str) -> bytes:
    """The rules of a time zone as this machine has them, found as zoneinfo finds them (PEP 615)."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / name
        if path.is_file():
            return path.read_bytes()
    from importlib import resources

    found = resources.files("tzdata.zoneinfo").joinpath(*name.split("/"))
    return found.read_bytes() if found.is_file() else b""
