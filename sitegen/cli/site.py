"""`sitegen init` and `sitegen new`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from sitegen.cli.options import SITE
from sitegen.cli.shows import tell
from sitegen.problems import SiteError, printable


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Begin a new site in DIR, which builds at once."""
    from sitegen.engine.faults import answered
    from sitegen.starter.origin import requirement
    from sitegen.starter.site import WORKFLOW, new_site

    try:
        with answered(folder):
            # The new site's clock is UTC: its first article must not wait for tomorrow.
            for path in new_site(folder, datetime.now(UTC).date()):
                click.echo(printable(str(folder / path)))
    except SiteError as error:
        _fail(error)
    if not requirement():
        said = f"{WORKFLOW} cannot install sitegen yet: replace the step that stops; the file says how"
        click.echo(f"\n{said}", err=True)
    go = f"cd {click.format_filename(folder)} && " if folder.resolve() != Path.cwd() else ""
    click.echo(f"\nNow: {go}sitegen serve", err=True)


@click.command()
@click.argument("headline")
@click.option(
    "--section", default="", help="The section's slug.  [default: on a terminal you are asked; the first one]"
)
@SITE
def new(headline: str, section: str, root: Path) -> None:
    """Begin an article: write a dated draft, and print where it lies."""
    from zoneinfo import ZoneInfo

    from sitegen.engine.faults import answered
    from sitegen.engine.load import read_config
    from sitegen.starter.article import new_article

    try:
        with answered(root):
            config, _ = read_config(root, "", [])
            section = section or _section([section.slug for section in config.sections])
            today = datetime.now(ZoneInfo(config.timezone)).date()
            click.echo(printable(str(root / new_article(root, config, headline, section, today))))
    except SiteError as error:
        _fail(error)


def _section(slugs: list[str]) -> str:
    """The section of a new article: the only one, the one that is chosen on a terminal, or the first."""
    if len(slugs) == 1:
        return slugs[0]
    if sys.stdin.isatty() and sys.stderr.isatty():
        return str(click.prompt("Section", type=click.Choice(slugs), default=slugs[0], err=True))
    click.echo(f"no section is named; the article goes to {slugs[0]} (--section takes {', '.join(slugs)})", err=True)
    return slugs[0]


def _fail(error: SiteError) -> NoReturn:
    tell(error.problems)
    sys.exit(1)
