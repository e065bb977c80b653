"""Options that several commands have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click


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
BASE_URL = click.option("--base-url", default="", help="Instead of base_url in sitegen.toml.")
DRAFTS = click.option("--drafts", is_flag=True, help="Show drafts and scheduled articles too.")
NOW = click.option("--now", type=Moment(), default=None, help="Do it as if it were this time.")
WORKERS = click.option(
    "--workers", type=click.IntRange(0, 256), default=0, help="Processes; 0: one per processor.", show_default=True
)
