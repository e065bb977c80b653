"""Writing the preview's pages to disk, in a process of its own.

The build there is the published site's. It finds what is wrong with pages that nobody has looked at, and what it
leaves is there at the next start. Nothing waits for it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.engine.build import build
from sitegen.engine.options import Options
from sitegen.problems import Problem, SiteError

IDLE = 1.0
"""Seconds without a change after which the pages are written to disk."""
LONGEST = 60.0
"""The longest time without a change that is waited for."""
_RATIO = 10.0
_NICER = 10


class Order(Struct, frozen=True):
    """What is to be written where."""

    root: str
    output: str
    base_url: str
    drafts: bool
    preview: bool


class Scribe:
    """Has the pages written, one time after the other.

    An `eager` one writes soon after each change. Any other one waits the longer, the longer the last writing took: a
    template that is saved every few seconds must not have every page of a large site written each time.
    """

    def __init__(self, options: Options, eager: bool = False) -> None:
        self.pause, self._eager = IDLE, eager
        order = Order(str(options.root), str(options.output), options.base_url, options.drafts, options.preview)
        self._order = msgspec.json.encode(order).decode()
        self._process: asyncio.subprocess.Process | None = None

    async def write(self) -> tuple[Problem, ...]:
        """Has all pages written; what is wrong with them. Raises OSError where there can be no such process."""
        started = time.monotonic()
        command = (sys.executable, "-m", "sitegen.serve.scribe", self._order)
        pipe, nobody = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        # Ctrl-C is for the preview alone, which ends this process in its own way.
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=nobody, stdout=pipe, stderr=pipe, start_new_session=True
        )
        said, failure = await self._process.communicate()
        if not self._eager:
            self.pause = min(max(IDLE, _RATIO * (time.monotonic() - started)), LONGEST)
        if self._process.returncode:
            # A signal has a negative code: then somebody has seen to its end.
            return _fault(failure) if self._process.returncode > 0 else ()
        return msgspec.json.decode(said, type=tuple[Problem, ...])

    def end(self) -> None:
        """Ends a writing that goes on; the next one heals what it leaves."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()


def _fault(failure: bytes) -> tuple[Problem, ...]:
    last = failure.decode("utf-8", "replace").strip().rpartition("\n")[2]
    hint = "this is a bug in sitegen; sitegen build shows where"
    return (Problem("sitegen", 0, 0, f"the pages could not be written to disk ({last})", hint, warning=True),)


def main() -> None:
    """The process: carries out one order and prints what was found."""
    with suppress(OSError, AttributeError):
        os.nice(_NICER)
    order = msgspec.json.decode(sys.argv[1], type=Order)
    options = Options(Path(order.root), Path(order.output), order.base_url, order.drafts, preview=order.preview)
    try:
        problems = build(options).warnings
    except SiteError as error:
        problems = tuple(error.problems)
    sys.stdout.write(msgspec.json.encode(problems).decode())


if __name__ == "__main__":
    main()
