"""`sitegen serve`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen.cli.options import DRAFTS, SITE
from sitegen.cli.shows import in_colour, several, tell
from sitegen.problems import SiteError, tally

if TYPE_CHECKING:
    from sitegen.serve.state import Looked


class Pattern(click.ParamType[str]):
    """An editor's name or the pattern of its addresses; it becomes the pattern."""

    name = "EDITOR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from sitegen.serve.editor import pattern_of

        try:
            return pattern_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@SITE
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    help="A folder for the preview's pages, never the published one.  [default: one below .sitegen/]",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="An address of this machine; with any but the default one, other machines can see the preview.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--open", "show", is_flag=True, help="Open the site in the browser.")
@DRAFTS
@click.option("--write", is_flag=True, help="Keep output/ up to date as well, as sitegen build would.")
@click.option(
    "--editor",
    type=Pattern(),
    envvar="SITEGEN_EDITOR",
    default="",
    help="Problems link to this editor: vscode, zed, idea, ..., or an address with {path}, {line}, {column}.",
)
def serve(host: str, port: int, **asked: Any) -> None:
    """Show the site in the browser, and every change at once."""
    from sitegen.engine.places import require_site
    from sitegen.serve.listen import ListenError, listen
    from sitegen.serve.server import Reports, Wanted
    from sitegen.serve.server import serve as serve_site

    if asked["write"] and asked["drafts"]:
        raise click.UsageError("--write and --drafts exclude each other: drafts must not get among what is published")
    try:
        require_site(asked["root"])
        bound = listen(host, port)
    except SiteError as error:
        tell(error.problems)
        sys.exit(1)
    except ListenError as error:
        raise click.ClickException(str(error)) from None
    reports = Reports(_tell_looked, lambda url: click.echo(f"The site is at {url} (Ctrl-C ends)"), _warn)
    try:
        serve_site(Wanted(**asked), bound, reports)
    except SiteError as error:
        tell(error.problems)
        click.echo(f"\n{tally(error.problems)}; the preview was not started.", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo()


def _tell_looked(looked: Looked) -> None:
    """One line for a good look, with the warnings that are new; for a bad one its problems."""
    what = "its time has come: " if looked.is_due else ""
    what = f"{looked.changed[0]}: " if len(looked.changed) == 1 else what
    what = f"{len(looked.changed)} changes: " if len(looked.changed) > 1 else what
    begin = f"{datetime.now():%H:%M:%S} {what}"
    tell(looked.problems)
    if not looked.is_good:
        so = "the pages stay as they were until this is mended."
        if looked.files:
            so = "pages that need nothing of it are shown."
        click.echo(f"{looked.trace}{begin}{tally(looked.problems)}; {so}", err=True)
        return
    if not looked.files:
        return
    size = f"{several(looked.articles, 'article')}, {several(looked.files, 'file')}"
    warnings = f", {tally(looked.problems)}" if looked.problems else ""
    click.echo(f"{begin}{size}{warnings} ({looked.seconds * 1000:.0f} ms)")
    if looked.drafts:
        shows = "shows it" if looked.drafts == 1 else "shows them"
        click.echo(f"{several(looked.drafts, 'draft')} not shown; --drafts {shows}")


def _warn(message: str) -> None:
    click.secho(f"warning: {message}", err=True, fg="yellow", bold=True, color=in_colour(sys.stderr))
