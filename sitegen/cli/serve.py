"""`sitegen serve`."""

from __future__ import annotations

import gc
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli.options import DRAFTS, SITE
from sitegen.cli.shows import several, tell
from sitegen.problems import SiteError, tally

if TYPE_CHECKING:
    from sitegen.serve.preview import Built


@click.command()
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
    # This process lasts, unlike those of the other commands.
    gc.enable()
    reports = Reports(_tell_built, lambda url: click.echo(f"The site is at {url} (Ctrl-C ends)"), _warn)
    try:
        serve_site(root, output, bound, drafts, show_site, reports)
    except SiteError as error:
        tell(error.problems)
        click.echo(f"\n{tally(error.problems)}; the preview was not started.", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo()


def _tell_built(built: Built) -> None:
    """One line for a good build, with the warnings that are new; for a bad one its problems."""
    what = f"{built.changed[0]}: " if len(built.changed) == 1 else ""
    what = f"{len(built.changed)} changes: " if len(built.changed) > 1 else what
    begin = f"{datetime.now():%H:%M:%S} {what}"
    tell(built.problems)
    if built.result is None:
        so = "the pages stay as they were until this is mended."
        click.echo(f"{built.trace}{begin}{tally(built.problems)}; {so}", err=True)
        return
    result = built.result
    done = f"{result.written} written, {result.removed} removed" if result.has_news else "nothing to write"
    warnings = f", {tally(result.warnings)}" if result.warnings else ""
    size = f"{several(result.articles, 'article')}, {several(result.files, 'file')}"
    click.echo(f"{begin}{done}, {size}{warnings} ({result.seconds:.2f} s)")


def _warn(message: str) -> None:
    click.echo(f"warning: {message}", err=True)
