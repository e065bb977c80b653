"""`sitegen list` and `sitegen schema`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from click.shell_completion import CompletionItem

from sitegen.cli.options import NOW, SITE
from sitegen.cli.shows import json_text, tell
from sitegen.problems import SiteError, errors, printable

STATUS = {"articles": "", "published": "published", "scheduled": "scheduled", "drafts": "draft", "expired": "expired"}
"""What can be listed, and the status it has; none: all."""


@click.command(name="list")
@click.argument("what", metavar="[WHAT]", type=click.Choice(tuple(STATUS)), default="articles")
@SITE
@NOW
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
def list_articles(what: str, root: Path, now: datetime | None, form: str) -> None:
    """List the articles, the newest first.

    WHAT is articles (all of them), published, scheduled, drafts or expired.
    """
    from sitegen.engine.listing import entries

    try:
        found, problems = entries(root, now)
    except SiteError as error:
        tell(error.problems)
        sys.exit(1)
    shown = [entry for entry in found if STATUS[what] in ("", entry.status)]
    if form == "json":
        click.echo(json_text(msgspec.to_builtins(shown)))
    else:
        for entry in shown:
            line = f"{entry.published[:10]}  {entry.status:<9}  {entry.section:<12}  {entry.title}  ({entry.path})"
            click.echo(printable(line))
    tell(errors(problems))
    if errors(problems):
        sys.exit(1)


class Kind(click.ParamType[str]):
    """A kind of file; the tables are loaded only where one is named, not at every start of the program."""

    name = "KIND"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return self._names().convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return self._names().shell_complete(ctx, param, incomplete)

    def _names(self) -> click.Choice[str]:
        from sitegen.reference import NAMES

        return click.Choice(NAMES)


@click.command()
@click.argument("kind", type=Kind())
@SITE
def schema(kind: str, root: Path) -> None:
    """Print a JSON Schema for editors, which then complete and check while you type.

    KIND is front-matter, page, jobs, ads or config. In a site's folder the schema of front matter knows the site's
    sections.
    """
    from sitegen.engine.load import read_config
    from sitegen.reference import json_schema

    try:
        config = read_config(root, "", [])[0]
    except SiteError:
        config = None
    click.echo(json_text(json_schema(kind, config)))
