"""What a site costs that is built again: edits of the corpus as they happen, each followed by one build.

python -m bench.rebuild DIR 10000 3
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from bench.clock import timed
from bench.corpus import entries, write_article, write_site
from sitegen.bundled import bundled_themes
from sitegen.engine.places import STATE

TEMPLATE = "themes/default/templates/base.html"
"""The template that every page but those for paper and for keeping is made from."""


class Corpus(Struct, frozen=True):
    """A site of `size` articles in the folder `root`, made by write_site."""

    root: Path
    size: int

    def article(self, number: int) -> Path:
        """The file of one article."""
        (found,) = (self.root / "content/articles").glob(f"*/story-{number:06d}.md")
        return found


class Case(Struct, frozen=True):
    """One kind of change. `edit` makes it; it is given a number from 1 on, and each number makes another change."""

    name: str
    edit: Callable[[Corpus, int], None]


def _nothing(corpus: Corpus, number: int) -> None:
    pass


def _body(corpus: Corpus, number: int) -> None:
    path = corpus.article(corpus.size // 2)
    path.write_text(path.read_text("utf-8") + f"\nOne more paragraph, the {number}th.\n", "utf-8")


def _title(corpus: Corpus, number: int) -> None:
    path = corpus.article(corpus.size // 2)
    path.write_text(re.sub("(?m)^title: .*$", f"title: Another title {number}", path.read_text("utf-8")), "utf-8")


def _published(corpus: Corpus, number: int) -> None:
    for entry in entries(1, corpus.size + number - 1):
        write_article(corpus.root, entry)


def _jobs(corpus: Corpus, number: int) -> None:
    path = corpus.root / "content/jobs.yaml"
    first, rest = path.read_text("utf-8").split("\n", 1)
    job = {**json.loads(first.removeprefix("- ")), "title": f"Another position {number}"}
    path.write_text(f"- {json.dumps(job)}\n{rest}", "utf-8")


def _template(corpus: Corpus, number: int) -> None:
    source = (bundled_themes() / TEMPLATE.removeprefix("themes/")).read_text("utf-8")
    path = corpus.root / TEMPLATE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source.replace("</body>", f"<!-- {number} --></body>"), "utf-8")


NOTHING = Case("nothing changed", _nothing)
BODY = Case("one body edited", _body)
TITLE = Case("one title edited", _title)
PUBLISHED = Case("one article published", _published)
JOBS = Case("jobs.yaml edited", _jobs)
EDITED_TEMPLATE = Case("a template edited", _template)
CASES = (NOTHING, BODY, TITLE, PUBLISHED, JOBS, EDITED_TEMPLATE)


class Build(Struct, frozen=True):
    """One build: seconds of wall time, MB of its largest process, and the number of files written."""

    seconds: float
    megabytes: float
    written: int


COLD = "built for the first time"


def rebuilds(folder: Path, size: int, rounds: int) -> dict[str, list[Build]]:
    """The builds of each case, by its name, with those of the same site for the first time; all in turns."""
    corpus, cold = Corpus(folder / f"again-{size}", size), folder / f"cold-{size}"
    write_site(corpus.root, size)
    shutil.copytree(corpus.root, cold)
    _build(corpus.root, corpus.root / "output")
    found: dict[str, list[Build]] = {name: [] for name in (COLD, *(case.name for case in CASES))}
    for number in range(1, rounds + 1):
        shutil.rmtree(cold / STATE, ignore_errors=True)
        found[COLD].append(_build(cold, cold / "output"))
        shutil.rmtree(cold / "output")
        for case in CASES:
            case.edit(corpus, number)
            found[case.name].append(_build(corpus.root, corpus.root / "output"))
            print(f"{size} articles, {case.name}: {found[case.name][-1].seconds:.2f} s", flush=True)
    return found


def _build(site: Path, output: Path) -> Build:
    command = (Path(sys.executable).parent / "sitegen", "build", "--site", site, "--output", output)
    run = timed(command)
    written = re.search("([0-9]+) written", run.said)
    if written is None:
        raise SystemExit(f"sitegen said: {run.said}")
    return Build(run.seconds, run.megabytes, int(written[1]))


def rows(found: dict[str, list[Build]]) -> list[str]:
    """The rows of a table: the medians of each case."""
    cold = statistics.median(build.seconds for build in found[COLD])
    lines = ["| | s | beside the first | MB | files written |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, builds in found.items():
        seconds, megabytes, written = (
            statistics.median(getattr(build, field) for build in builds)
            for field in ("seconds", "megabytes", "written")
        )
        lines.append(f"| {name} | {seconds:.2f} | {seconds / cold:.3f} | {megabytes:.0f} | {written:,.0f} |")
    return lines


if __name__ == "__main__":
    print(*rows(rebuilds(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))), sep="\n")
