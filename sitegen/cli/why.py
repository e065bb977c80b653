"""`sitegen why`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from sitegen.cli.options import OUTPUT, SITE
from sitegen.cli.shows import json_text, tell
from sitegen.problems import SiteError, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sitegen.engine.why import Explained

_MOST = 12
"""So many names of one kind are listed; the rest are counted."""


@click.command()
@click.argument("name", metavar="PATH-or-URL")
@SITE
@OUTPUT
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
def why(name: str, root: Path, output: Path | None, form: str) -> None:
    """Tell what made a page or file, and why the last build made it anew or did not.

    PATH-or-URL is a file of the output, an address of the site, or an article's Markdown file.
    """
    from sitegen.engine.faults import answered
    from sitegen.engine.why import why as explain

    try:
        with answered(root):
            found = explain(root, output or root / "output", name)
    except SiteError as error:
        tell(error.problems)
        sys.exit(1)
    if form == "json":
        click.echo(json_text(msgspec.to_builtins(found)))
        return
    click.echo(printable(found.file or found.sources[0]))
    for label, lines in _told(found):
        for number, line in enumerate(_some(lines)):
            click.echo(printable(f"  {label if number == 0 else '':<12} {line}"))


def _told(found: Explained) -> Iterator[tuple[str, Sequence[str]]]:
    yield "made from", found.sources or ("the site as a whole",)
    yield "files", found.files
    yield "shows also", found.shows
    yield "templates", found.templates
    if found.is_framed:
        yield "around it", ("header, sidebar with the job ads (content/jobs.yaml, content/ads.yaml) and footer",)
    yield "last made", (f"by build {found.made}",)
    yield "because", found.because
    yield "since then", (_since(found),)
    yield "harmed", tuple(f"{file} is not as it was written" for file in found.harmed)
    if found.outdated:
        yield "now", ("sources have changed since the last build",)


def _since(found: Explained) -> str:
    later = found.last - found.made
    if later == 0:
        return "no build has made anything"
    return f"{later} build{'s' if later > 1 else ''} made other pages; nothing that this one is made from had changed"


def _some(lines: Sequence[str]) -> Sequence[str]:
    return lines if len(lines) <= _MOST else [*lines[:_MOST], f"and {len(lines) - _MOST} more"]
