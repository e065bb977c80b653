"""Times builds and writes bench/RESULTS.md: cold ones beside other generators, and those after each kind of edit.

    python -m bench.run --rivals .venv-bench

The sites lie on a memory disk where there is one: ext4 is slow to make files for minutes after many were deleted, and
what a disk takes differs more from minute to minute than the generators do.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from bench.clock import timed
from bench.corpus import write_site
from bench.rebuild import Build, rebuilds, rows
from bench.rivals import write_hugo, write_pelican
from bench.serve import IDLE, Figures, previewed, rows_of_preview
from sitegen.engine.places import STATE

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
SIZES = (1_000, 10_000)
ROUNDS = 5
EDITS = 20
MEMORY_DISK = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that the sites of ten thousand articles take there, at most; containers often have a few million only."""

PREVIEW = (
    "From the writing of a file to the event in the open page of an article, to its new bytes, and to those of the",
    "pages that list articles and jobs (`everything`). The article is the edited one, or shows what was edited.",
)


class Generator(Struct, frozen=True):
    """One generator: how its site is written, and the command that builds the site SITE into OUT."""

    name: str
    version: str
    write: Callable[[Path, int], None]
    command: tuple[str, ...]
    rounds_of: int = 1
    """It takes part in every so many rounds."""
    state: str = ""
    """What it keeps in the site between its builds, which a first build does not have."""


class Run(Struct, frozen=True):
    """One build: seconds of wall time and of CPU time, MB of the largest process, and the files that it made.

    `again` are the seconds of a second build into the same folder, when nothing had changed.
    """

    seconds: float
    cpu: float
    megabytes: float
    files: int
    again: float


def generators(rivals: Path | None) -> list[Generator]:
    """sitegen, and what is installed in the environment of the rivals."""
    own = Path(sys.executable).parent / "sitegen"
    command: tuple[str, ...] = (str(own), "build", "--site", "SITE", "--output", "OUT")
    found = [Generator("sitegen", "", write_site, command, state=STATE)]
    if rivals is not None:
        # The package's own command is a script that starts this program.
        (hugo,) = rivals.glob("lib/python*/site-packages/hugo/binaries/hugo*")
        version = _said(hugo, "version").split()[1].partition("-")[0].lstrip("v")
        command = (str(hugo), "--source", "SITE", "--destination", "OUT", "--quiet")
        found.append(Generator("Hugo", version, write_hugo, command))
        pelican = rivals / "bin/pelican"
        options = ("--settings", "SITE/pelicanconf.py", "--output", "OUT")
        command = (str(pelican), "-q", "SITE/content", *options)
        found.append(Generator("Pelican", _said(pelican, "--version"), write_pelican, command, rounds_of=ROUNDS))
    return found


def _said(program: Path, *arguments: str) -> str:
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def built(command: list[str], output: Path) -> Run:
    """Runs one build, and then the same once more."""
    first = timed(command)
    files = sum(len(names) for _, _, names in os.walk(output))
    return Run(first.seconds, first.cpu, first.megabytes, files, timed(command).seconds)


def measured(found: list[Generator], size: int, rounds: int, work: Path) -> dict[str, list[Run]]:
    """Every generator's runs with sites of one size, in turns."""
    runs: dict[str, list[Run]] = {generator.name: [] for generator in found}
    for generator in found:
        generator.write(work / f"{generator.name}-{size}", size)
    for number in range(rounds):
        for generator in found:
            if number % generator.rounds_of:
                continue
            site, output = work / f"{generator.name}-{size}", work / f"out-{number}"
            if generator.state:
                shutil.rmtree(site / generator.state, ignore_errors=True)
            put = {"SITE": str(site), "OUT": str(output)}
            command = [put.get(part, part).replace("SITE/", put["SITE"] + "/") for part in generator.command]
            run = built(command, output)
            shutil.rmtree(output)
            runs[generator.name].append(run)
            print(f"{size} articles, {generator.name}: {run.seconds:.1f} s, {run.files} files", flush=True)
    return runs


def report(
    found: list[Generator],
    results: dict[int, dict[str, list[Run]]],
    again: dict[int, dict[str, list[Build]]],
    previews: dict[int, Figures],
    file_system: str,
) -> str:
    """The page of results."""
    processors = f"{len(os.sched_getaffinity(0))} CPUs"
    machine = (f"{datetime.now(UTC):%Y-%m-%d}", processors, file_system, f"Python {platform.python_version()}")
    lines = [
        "# What builds take",
        "",
        "Written by `make bench`; the sites come from bench/corpus.py and bench/rivals.py. All builds of a table are",
        "made in turns in one run. Figures are medians of wall time, with the start of the program; memory is that of",
        "the largest process, CPU the time of all processes together.",
        "",
        ", ".join((*machine, *(f"{generator.name} {generator.version}" for generator in found if generator.version))),
    ]
    lines += [
        "",
        "First builds, each into a new folder and without anything kept from before; `again`: the same once more, when",
        "nothing had changed. sitegen and Hugo make six files an article, Pelican makes one.",
    ]
    for size, runs in results.items():
        own = statistics.median(run.seconds for run in runs[found[0].name])
        lines += ["", f"## {size:,} articles", "", "| | s | beside sitegen | again s | CPU s | MB | files | runs |"]
        lines.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for generator in found:
            mine = runs[generator.name]
            seconds, cpu, megabytes, second = (
                statistics.median(getattr(run, name) for run in mine)
                for name in ("seconds", "cpu", "megabytes", "again")
            )
            spread = f"{seconds:.1f} ({min(r.seconds for r in mine):.1f} to {max(r.seconds for r in mine):.1f})"
            cells = (generator.name, spread if len(mine) > 1 else f"{seconds:.1f}", f"{seconds / own:.2f}")
            figures = (f"{second:.2f}", f"{cpu:.1f}", f"{megabytes:.0f}", f"{mine[0].files:,}", str(len(mine)))
            lines.append("| " + " | ".join((*cells, *figures)) + " |")
    for size, builds in again.items():
        lines += ["", f"## {size:,} articles, built again by sitegen", "", *rows(builds)]
    for size, preview in previews.items():
        lines += ["", f"## {size:,} articles in the preview", "", *PREVIEW, "", *rows_of_preview(preview)]
    return "\n".join(lines) + "\n"


def file_system_of(folder: Path) -> str:
    """The kind of the file system that a folder lies on; "unknown" where the system does not say."""
    try:
        said = subprocess.run(["stat", "--file-system", "--format=%T", folder], capture_output=True, text=True)
    except OSError:
        return "unknown"
    return said.stdout.strip().replace("ext2/ext3", "ext4") or "unknown"


def _memory_disk() -> Path | None:
    """The memory disk, where there is one with room enough."""
    return MEMORY_DISK if MEMORY_DISK.is_dir() and shutil.disk_usage(MEMORY_DISK).free >= ROOM else None


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Time builds, cold ones beside other generators.")
    parser.add_argument("--rivals", type=Path, help="an environment with Hugo and Pelican; without it, only sitegen")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of articles")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="builds of each generator with each size")
    parser.add_argument("--edits", type=int, default=EDITS, help="edits of each kind in the preview")
    parser.add_argument("--idle", type=float, default=IDLE, help="seconds for which a preview without work is watched")
    help_work = f"where the sites are made; otherwise {MEMORY_DISK} if it has room, or a folder for temporary files"
    parser.add_argument("--work", type=Path, default=_memory_disk(), help=help_work)
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file to write")
    options = parser.parse_args(arguments)
    found = generators(options.rivals)
    work = Path(tempfile.mkdtemp(prefix="sitegen-bench-", dir=options.work))
    try:
        results = {size: measured(found, size, options.rounds, work) for size in options.sizes}
        again = {size: rebuilds(work, size, options.rounds) for size in options.sizes}
        previews = {size: previewed(work, size, options.edits, options.idle) for size in options.sizes}
        options.results.write_text(report(found, results, again, previews, file_system_of(work)), "utf-8")
    finally:
        shutil.rmtree(work)
    print(f"written: {options.results.name}")


if __name__ == "__main__":
    main()
