"""The commands. The only place that prints or exits."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sitegen import __version__
from sitegen.problems import SiteError, show

SITE = click.option(
    "--site",
    "root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The site's folder, which holds sitegen.toml.  [default: the current folder]",
)
OUTPUT = click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    help="Where the site is written.  [default: output/ in the site's folder]",
)
DRAFTS = click.option("--drafts", is_flag=True, help="Show drafts and scheduled articles too.")


class Moment(click.ParamType[datetime]):
    """A date and time (ISO 8601); the site's own timezone where it names none."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(f'"{value}" is no time; write for example 2026-10-16T08:30', param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sitegen", message="%(prog)s %(version)s")
def main() -> None:
    """Turns Markdown articles and job ads into a fashion-news site of plain files."""


@main.command()
@SITE
@OUTPUT
@click.option("--base-url", default="", help="Instead of base_url in sitegen.toml.")
@DRAFTS
@click.option("--now", type=Moment(), default=None, help="Build as if it were this time.")
@click.option("--workers", type=click.IntRange(0, 256), default=0, help="Processes; 0: one per processor.")
def build(root: Path, output: Path | None, base_url: str, drafts: bool, now: datetime | None, workers: int) -> None:
    """Build the site."""
    from sitegen.engine.build import Options
    from sitegen.engine.build import build as build_site

    options = Options(root, output or root / "output", base_url, drafts, now, workers)
    try:
        result = build_site(options)
    except SiteError as error:
        _fail(error)
    else:
        click.echo(
            f"{result.articles} articles, {result.files} files in {_folder(result.output)}: "
            f"{result.written} written, {result.unchanged} unchanged, {result.removed} removed "
            f"({result.seconds:.2f} s)"
        )


def _folder(path: Path) -> str:
    text = str(path)
    return text if text.endswith("/") else text + "/"


def _fail(error: SiteError) -> None:
    """Shows the problems on stderr, in colour only on a terminal, and exits with 1."""
    count = len(error.problems)
    click.echo(show(error.problems, colour=sys.stderr.isatty()), err=True, color=sys.stderr.isatty())
    words = "1 problem" if count == 1 else f"{count} problems"
    click.echo(f"\n{words}; the site was not built, and the output stays as it was.", err=True)
    sys.exit(1)
