"""Telling the open pages: the latest message, and whoever follows it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

KEEPALIVE = 15.0
"""Seconds of silence after which a follower hears that the line still stands."""


class Channel:
    """One message at a time: a follower gets the latest, then every newer one; those in between may be skipped."""

    def __init__(self) -> None:
        self._message = ""
        self._number = 0
        self._closed = False
        self._news = asyncio.Condition()

    async def publish(self, message: str) -> None:
        """Replaces the message and wakes every follower."""
        async with self._news:
            self._message, self._number = message, self._number + 1
            self._news.notify_all()

    async def close(self) -> None:
        """Lets every follower go."""
        async with self._news:
            self._closed = True
            self._news.notify_all()

    async def follow(self) -> AsyncIterator[str]:
        """The latest message and all that follow, until the channel is closed; "" after KEEPALIVE of silence."""
        seen = 0
        while not self._closed:
            if await self._newer(seen):
                seen = self._number
                yield self._message
            elif not self._closed:
                yield ""

    async def _newer(self, seen: int) -> bool:
        async with self._news:
            try:
                async with asyncio.timeout(KEEPALIVE):
                    await self._news.wait_for(lambda: self._closed or self._number > seen)
            except TimeoutError:
                return False
            return not self._closed
