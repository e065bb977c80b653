"""What a writer waits for: from the writing of a file to the event in an open page, and to the new bytes served.

python -m bench.serve DIR 10000 20
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from bench.corpus import write_site
from bench.rebuild import BODY, EDITED_TEMPLATE, JOBS, TITLE, Case, Corpus

PATIENCE = 300.0
STARTS = 3
IDLE = 20.0
"""Seconds for which a preview that has nothing to do is watched."""
ROUNDS_OF = {BODY.name: 4}
"""The case that is measured so many times as often as others."""


class Wait(Struct, frozen=True):
    """Seconds from the writing of a file to the event, to the page looked at, and to those that list it."""

    event: float
    page: float
    all: float


class Figures(Struct, frozen=True):
    """One size of site. `starts` are seconds to the first page; `idle` is the share of a processor while nothing
    happens, `megabytes` the memory at that time and `most` the most there was.
    """

    starts: list[float]
    waits: dict[str, list[Wait]]
    idle: float
    megabytes: float
    most: float


class Client:
    """A browser's part of the talk with a preview."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def get(self, path: str) -> str:
        """The page at a path."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request("GET", path)
            return line.getresponse().read().decode()
        finally:
            line.close()

    @contextmanager
    def events(self, path: str) -> Iterator[Iterator[str]]:
        """The editions of the open page at a path."""
        token = self.get(path).partition('data-token="')[2].partition('"')[0]
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request("GET", f"/__sitegen/events?page={path}&token={token}")
            response = line.getresponse()
            yield (json.loads(row[6:])["edition"] for row in response if row.startswith(b"data: "))
        finally:
            line.close()

    def cpu(self) -> float:
        """The seconds of processor time that the preview has taken (proc(5), stat)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self, name: str) -> float:
        """A figure of its memory (proc(5), status): VmRSS now, VmHWM the most there was."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0


@contextmanager
def previewing(root: Path) -> Iterator[Client]:
    """A preview on a free port until the end of the block."""
    command = (str(Path(sys.executable).parent / "sitegen"), "serve", "--site", str(root), "--port", "0")
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        try:
            port = next(
                found[1] for line in process.stdout if (found := re.search(r"at http://127\.0\.0\.1:(\d+)", line))
            )
            yield Client(process, int(port))
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()


def page_of(article: Path) -> str:
    """The address of an article of the corpus."""
    found = re.search(r"^published: (\d{4})-(\d\d)", article.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return f"/{article.parent.name}/{found[1]}/{found[2]}/{article.stem}/"


def waits(client: Client, corpus: Corpus, case: Case, rounds: int) -> list[Wait]:
    """The waits after edits of one kind, as the open page of the edited article has them."""
    article = corpus.article(corpus.size // 2)
    page, others = page_of(article), (f"/{article.parent.name}/", "/jobs/")
    found = []
    with client.events(page) as editions:
        edition = next(editions)
        for number in range(1, rounds + 1):
            time.sleep(0.3)
            started = time.perf_counter()
            case.edit(corpus, number + 1000)
            # The making of the edit is not the preview's; it ends with the writing.
            while (now := next(editions)) == edition:
                pass
            event = time.perf_counter() - started
            served = client.get(page)
            shown = time.perf_counter() - started
            if f'data-edition="{now}"' not in served and f'data-edition="{edition}"' in served:
                raise SystemExit(f"{case.name}: a stale page was served")
            for other in others:
                client.get(other)
            found.append(Wait(event, shown, time.perf_counter() - started))
            edition = served.partition('data-edition="')[2].partition('"')[0]
    return found


def previewed(folder: Path, size: int, rounds: int, quiet: float = IDLE) -> Figures:
    """All figures of a site of one size, which is made and built for it; with nothing to do for `quiet` seconds."""
    corpus = Corpus(folder / f"serve-{size}", size)
    write_site(corpus.root, size)
    subprocess.run((Path(sys.executable).parent / "sitegen", "build", "--quiet", "--site", corpus.root), check=True)
    starts = []
    for _ in range(STARTS):
        started = time.perf_counter()
        with previewing(corpus.root) as client:
            client.get("/")
            starts.append(time.perf_counter() - started)
    with previewing(corpus.root) as client:
        found = {}
        for case in (BODY, TITLE, JOBS, EDITED_TEMPLATE):
            found[case.name] = waits(client, corpus, case, rounds * ROUNDS_OF.get(case.name, 1))
            print(f"{size} articles, {case.name}: {_ms(found[case.name], lambda wait: wait.page)} ms", flush=True)
        most = client.megabytes("VmHWM")
    with previewing(corpus.root) as client:
        client.get("/jobs/")
        time.sleep(quiet)
        before = client.cpu()
        time.sleep(quiet)
        idle = (client.cpu() - before) / quiet
        return Figures(starts, found, idle, client.megabytes("VmRSS"), most)


def rows_of_preview(figures: Figures) -> list[str]:
    """The table of one size."""
    lines = [
        "| edited | event ms | page ms: median, p95 | everything ms | edits |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, every in figures.waits.items():
        event, page = _ms(every, lambda wait: wait.event), _ms(every, lambda wait: wait.page)
        p95 = 1000 * sorted(wait.page for wait in every)[max(0, -(-len(every) * 95 // 100) - 1)]
        lines.append(f"| {name} | {event} | {page}, {p95:.0f} | {_ms(every, lambda wait: wait.all)} | {len(every)} |")
    starts = statistics.median(figures.starts)
    lines += [
        "",
        f"First page {starts:.2f} s after the start with the state of a build. Idle: {figures.idle:.1%} of a",
        f"processor, {figures.megabytes:.0f} MB; {figures.most:.0f} MB at most while edits were made.",
    ]
    return lines


def _ms(every: list[Wait], figure: Callable[[Wait], float]) -> str:
    return f"{1000 * statistics.median(figure(wait) for wait in every):.0f}"


if __name__ == "__main__":
    for line in rows_of_preview(previewed(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))):
        print(line)
