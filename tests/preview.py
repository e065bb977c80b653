"""A running `sitegen serve` for tests, in a process of its own, and a browser's part of the talk with it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds; only ever waited for in full where a test fails."""


def eventually(true: Callable[[], bool]) -> bool:
    """Whether something becomes true within PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Reply:
    """An answer that was read to its end."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.text = self.body.decode("utf-8", "replace")


class Running:
    """A preview that runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        assert eventually(lambda: "The site is at" in self.output or process.poll() is not None), self.output
        assert process.poll() is None, self.output
        self.port = int(self.output.partition("The site is at http://127.0.0.1:")[2].partition("/")[0])

    @property
    def output(self) -> str:
        return "".join(self.said)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Asks for a path exactly as it is spelled; `_` in the names of headers is `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            with connection.getresponse() as response:
                return Reply(response)
        finally:
            connection.close()

    @contextmanager
    def events(self, page: str = "/") -> Iterator[Iterator[dict[str, Any]]]:
        """The messages of the event channel, as the open page at a path hears them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", f"/__sitegen/events?page={page}&token={self.token}")
            with connection.getresponse() as response:
                assert response.headers["Content-Type"].startswith("text/event-stream")
                lines = (line.decode() for line in response)
                yield (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        finally:
            connection.close()

    @property
    def token(self) -> str:
        """What a page names to be told of changes, as it stands in any page."""
        return self.get("/__no_such_page").text.partition('data-token="')[2].partition('"')[0]

    def end(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            self.said.extend(stream)


@contextmanager
def serving(root: Path, *options: str) -> Iterator[Running]:
    """`sitegen serve` on a free port until the end of the block."""
    command = [sys.executable, "-m", "sitegen", "serve", "--port", "0", "--site", str(root), *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, encoding="utf-8"
    )
    try:
        served = Running(process)
        yield served
        if process.poll() is None:
            served.end()
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
