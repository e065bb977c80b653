"""The moment for which a site is built."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def moment_of(now: datetime | None, zone: ZoneInfo) -> datetime:
    """The build's now: the one that is asked for, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the clock.

    A moment without a zone is the site's own.
    """
    if now is not None:
        return (now if now.tzinfo else now.replace(tzinfo=zone)).astimezone(zone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).astimezone(zone)
    return datetime.now(zone)
