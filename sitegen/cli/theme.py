"""`sitegen theme check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen.cli.options import SITE
from sitegen.cli.shows import tell
from sitegen.problems import SiteError, errors


@click.group()
def theme() -> None:
    """For those who make themes."""


@theme.command()
@click.argument("name", required=False)
@SITE
def check(name: str | None, root: Path) -> None:
    """Look for mistakes in a theme: fields and templates that are not there or that nothing uses, missing words.

    NAME is a folder in themes/; without it the site's own theme is looked at.
    """
    from sitegen.engine.faults import answered
    from sitegen.engine.themes import theme_problems

    try:
        with answered(root):
            shown, problems = theme_problems(root, name)
    except SiteError as error:
        shown, problems = name or "", error.problems
    tell(problems, err=False)
    if not problems:
        click.echo(f'no problems in the theme "{shown}".')
    sys.exit(1 if errors(problems) else 0)
