"""The command `sitegen` with its subcommands, in the order in which a newcomer meets them."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from typing import NoReturn

import click

from sitegen import __version__
from sitegen.cli.build import build, check, next_change
from sitegen.cli.lists import list_articles, schema
from sitegen.cli.serve import serve
from sitegen.cli.site import init, new
from sitegen.cli.theme import theme
from sitegen.cli.why import why
from sitegen.problems import printable


class InOrder(click.Group):
    """Lists the commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sitegen", message="%(prog)s %(version)s")
def main() -> None:
    """Turns Markdown articles and job ads into a fashion-news site of plain files."""


for command in (init, new, serve, check, build, why, next_change, list_articles, schema, theme):
    main.add_command(command)


def run() -> NoReturn:
    """The whole process of one command. Ends it at once: to free a million values one by one takes long."""
    # The garbage of a command goes with its process; only the preview, which lasts, collects it.
    gc.disable()
    try:
        main()
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        for stream in (sys.stdout, sys.stderr):
            # A process that was started with a closed one has none.
            if stream is not None:
                stream.flush()
        os._exit(ended.code or 0)
    except Exception as error:
        _tell_failure(error)
        os._exit(_FAILED)
    raise AssertionError("click always exits")


_FAILED = 70
"""The exit code of a program that is itself at fault (sysexits.h: EX_SOFTWARE)."""


def _tell_failure(error: Exception) -> None:
    """What nobody expected and no source can be blamed for; a traceback helps whoever mends it, and nobody else."""
    click.echo(f"sitegen itself failed ({type(error).__name__}: {printable(str(error))})", err=True)
    if {"-v", "--verbose"} & set(sys.argv) or os.environ.get("SITEGEN_VERBOSE"):
        click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo("hint: this is a bug in sitegen: please report it; SITEGEN_VERBOSE=1 shows where it happened", err=True)
