"""Telling the open pages that there is something new."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

KEEPALIVE = 15.0
"""Seconds of silence after which a follower hears that the line still stands."""


class News:
    """Wakes everybody who follows it; what is told while one is busy is told once."""

    def __init__(self) -> None:
        self._number = 0
        self._closed = False
        self._told = asyncio.Event()

    def tell(self) -> None:
        """Wakes every follower."""
        self._number += 1
        # Whoever waits has the old event, and all others see another number.
        self._told.set()
        self._told = asyncio.Event()

    def close(self) -> None:
        """Lets every follower go."""
        self._closed = True
        self.tell()

    async def follow(self) -> AsyncIterator[bool]:
        """True at once and after all that is told later, False after KEEPALIVE of silence; until it is closed."""
        seen = -1
        while not self._closed:
            if seen != self._number:
                seen = self._number
                yield True
                continue
            try:
                async with asyncio.timeout(KEEPALIVE):
                    await self._told.wait()
            except TimeoutError:
                yield False
