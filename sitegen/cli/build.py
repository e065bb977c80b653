"""`sitegen build` and `sitegen check`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen.cli.hosts import weighed
from sitegen.cli.options import BASE_URL, DRAFTS, NOW, OUTPUT, SITE, WORKERS
from sitegen.cli.report import begin_report, write_failure, write_report
from sitegen.cli.shows import Progress, as_json, folder_name, json_text, several, tell
from sitegen.problems import Problem, SiteError, errors, printable, tally

if TYPE_CHECKING:
    from sitegen.engine.options import Options
    from sitegen.engine.result import Result


@click.command()
@SITE
@OUTPUT
@BASE_URL
@DRAFTS
@NOW
@WORKERS
@click.option("--clean", is_flag=True, help="Make everything anew, as if nothing were known of earlier builds.")
@click.option("--no-cache", is_flag=True, help="The same, and keep nothing for the next build either.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write into FILE (JSON) which files are new, changed and removed.",
)
@click.option("--verbose", "-v", is_flag=True, help="List what was made, why, and which files changed.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but problems and warnings.")
def build(report: Path | None, verbose: bool, quiet: bool, **asked: Any) -> None:
    """Build the site: what has changed since the last build is made anew, and nothing else."""
    from sitegen.engine.build import build as build_site
    from sitegen.engine.faults import answered

    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet exclude each other")
    try:
        with answered(asked["root"]), Progress(quiet) as progress:
            if report is not None:
                begin_report(report)
            result = build_site(_options(progress, **asked))
    except SiteError as error:
        tell(error.problems, traces=verbose)
        if report is not None:
            # What keeps the report from being written is not what keeps the site from being built.
            with contextlib.suppress(OSError):
                write_failure(report, error.problems)
        click.echo(f"\n{tally(error.problems)}; the site was not built, and the output stays as it was.", err=True)
        sys.exit(1)
    tell(result.warnings)
    if result.warnings:
        click.echo(f"\n{tally(result.warnings)}; the site was built all the same.", err=True)
    if verbose:
        _list(result)
    if not quiet:
        _sum_up(result)
    if report is not None:
        _report(report, result, asked["root"])


def _report(report: Path, result: Result, root: Path) -> None:
    from sitegen.engine.faults import answered

    try:
        with answered(root):
            write_report(report, result)
    except SiteError as error:
        tell(error.problems)
        click.echo("\nThe site was built, but its report could not be written: copy all of the output.", err=True)
        sys.exit(1)


def _options(
    progress: Progress,
    root: Path,
    output: Path | None,
    base_url: str,
    drafts: bool,
    now: datetime | None,
    workers: int,
    clean: bool,
    no_cache: bool,
) -> Options:
    from sitegen.engine.options import Options

    folder, cache = output or root / "output", not no_cache
    return Options(root, folder, base_url, drafts, now, workers, clean=clean, cache=cache, progress=progress)


def _list(result: Result) -> None:
    """What was made and why, then the files of the output that are others now."""
    for unit, reasons in result.made:
        click.echo(printable(f"made     {unit} ({'; '.join(reasons)})"))
    for word, files in (("new", result.added), ("changed", result.changed), ("removed", result.gone)):
        for file in files:
            click.echo(printable(f"{word:<8} {file}"))


def _sum_up(result: Result) -> None:
    click.echo(
        f"{several(result.articles, 'article')}, {several(result.files, 'file')} in {folder_name(result.output)}: "
        f"{result.written} written, {result.unchanged} unchanged, {result.removed} removed "
        f"({result.seconds:.2f} s)"
    )
    for line in weighed(result.files, result.weight):
        click.echo(printable(line))
    if result.until is not None:
        click.echo(f"The site next changes by itself on {result.until:%Y-%m-%d} at {_clock(result.until)}.")


def _clock(moment: datetime) -> str:
    return f"{moment.time().isoformat('auto' if moment.second else 'minutes')} ({moment.tzinfo})"


@click.command()
@SITE
@DRAFTS
@NOW
@WORKERS
def next_change(root: Path, drafts: bool, now: datetime | None, workers: int) -> None:
    """Print when the site next changes by itself, to build it then.

    That is when a scheduled article or an ad appears, or one of them expires: a time with its offset (ISO 8601), or
    nothing where no such time is planned.
    """
    from sitegen.engine.ahead import next_change as find
    from sitegen.engine.options import Options

    try:
        moment, problems = find(Options(root, root / "output", drafts=drafts, now=now, workers=workers))
    except SiteError as error:
        tell(error.problems)
        sys.exit(1)
    tell(errors(problems))
    if errors(problems):
        sys.exit(1)
    if moment is not None:
        click.echo(moment.isoformat())


@click.command()
@SITE
@BASE_URL
@DRAFTS
@NOW
@WORKERS
@click.option("--strict", is_flag=True, help="Fail for warnings too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "github")),
    default="text",
    show_default=True,
    help="How problems are shown; github: as annotations of GitHub Actions.",
)
@click.option("--verbose", "-v", is_flag=True, help="Show where in sitegen's own code it failed, if it did.")
def check(
    root: Path, base_url: str, drafts: bool, now: datetime | None, workers: int, strict: bool, form: str, verbose: bool
) -> None:
    """Show every problem and warning, without writing anything."""
    from sitegen.engine.build import check as check_site
    from sitegen.engine.options import Options

    with Progress(form != "text") as progress:
        problems = check_site(Options(root, root / "output", base_url, drafts, now, workers, progress=progress))
    if form == "text":
        _text(problems, verbose)
    else:
        {"json": _json, "github": _github}[form](problems, root)
    if errors(problems) or (strict and problems):
        sys.exit(1)


def _text(problems: Sequence[Problem], traces: bool) -> None:
    tell(problems, err=False, traces=traces)
    click.echo(f"\n{tally(problems)}." if problems else "no problems.")


def _json(problems: Sequence[Problem], root: Path) -> None:
    """One object: every problem, and how many there are of each severity."""
    listed = [as_json(problem) for problem in problems]
    stopping = len(errors(problems))
    shown = {"errors": stopping, "warnings": len(problems) - stopping, "problems": listed}
    click.echo(json_text(shown))


def _github(problems: Sequence[Problem], root: Path) -> None:
    """Workflow commands (docs.github.com, "Workflow commands for GitHub Actions"); paths as the repository has them."""
    for problem in problems:
        kind = "warning" if problem.warning else "error"
        place = {"file": (root / problem.file).as_posix()}
        if problem.line:
            place |= {"line": str(problem.line), "col": str(problem.column)}
        properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in place.items())
        words = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
        click.echo(f"::{kind} {properties}::{_escaped(words)}")


def _escaped(text: str, also: str = "") -> str:
    for sign in "%\r\n" + also:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
