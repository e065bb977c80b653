"""The commands. The only place that prints or exits."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sitegen import __version__
from sitegen.problems import Problem, SiteError, show

if TYPE_CHECKING:
    from sitegen.serve.preview import Built

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
        _fail(error, "the site was not built, and the output stays as it was.")
    else:
        click.echo(
            f"{result.articles} articles, {result.files} files in {_folder(result.output)}: "
            f"{result.written} written, {result.unchanged} unchanged, {result.removed} removed "
            f"({result.seconds:.2f} s)"
        )


@main.command()
@SITE
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    help="A folder for the preview's pages, never the published one.  [default: one below .sitegen/]",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--open", "show_site", is_flag=True, help="Open the site in the browser.")
@DRAFTS
def serve(root: Path, output: Path | None, host: str, port: int, show_site: bool, drafts: bool) -> None:
    """Show the site in the browser, and every change at once."""
    from sitegen.serve.listen import ListenError, listen
    from sitegen.serve.server import Reports
    from sitegen.serve.server import serve as serve_site

    try:
        bound = listen(host, port)
    except ListenError as error:
        raise click.ClickException(str(error)) from None
    reports = Reports(_tell_built, lambda url: click.echo(f"The site is at {url} (Ctrl-C ends)"), _warn)
    try:
        serve_site(root, output, bound, drafts, show_site, reports)
    except SiteError as error:
        _fail(error, "the preview was not started.")
    except KeyboardInterrupt:
        click.echo()


def _tell_built(built: Built) -> None:
    """One line for a good build; for a bad one its problems, as `sitegen build` shows them."""
    what = f"{built.changed[0]}: " if len(built.changed) == 1 else ""
    what = f"{len(built.changed)} changes: " if len(built.changed) > 1 else what
    begin = f"{datetime.now():%H:%M:%S} {what}"
    if built.result is None:
        colour = sys.stderr.isatty()
        click.echo(show(built.problems, colour=colour), err=True, color=colour)
        so = "the pages stay as they were until this is mended."
        click.echo(f"{built.trace}{begin}{_count(built.problems)}; {so}", err=True)
        return
    result = built.result
    done = f"{result.written} written, {result.removed} removed" if result.has_news else "nothing to write"
    click.echo(f"{begin}{done}, {result.articles} articles, {result.files} files ({result.seconds:.2f} s)")


def _warn(message: str) -> None:
    click.echo(f"warning: {message}", err=True)


def _count(problems: Sequence[Problem]) -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def _folder(path: Path) -> str:
    text = str(path)
    return text if text.endswith("/") else text + "/"


def _fail(error: SiteError, so: str) -> NoReturn:
    """Shows the problems on stderr, in colour only on a terminal, and exits with 1."""
    click.echo(show(error.problems, colour=sys.stderr.isatty()), err=True, color=sys.stderr.isatty())
    click.echo(f"\n{_count(error.problems)}; {so}", err=True)
    sys.exit(1)
