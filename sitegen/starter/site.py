"""A new site: settings, an article, job ads, a page, and what git and a continuous integration need."""

from __future__ import annotations

import os
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from sitegen.beneath import write_new
from sitegen.problems import Problem, SiteError
from sitegen.starter.origin import DISTRIBUTION, requirement


class Part(Struct, frozen=True):
    """One file of a new site: its path there, and the name under which it lies in files/."""

    path: str
    name: str


WORKFLOW = ".github/workflows/site.yml"
PARTS: tuple[Part, ...] = (
    Part("sitegen.toml", "sitegen.toml"),
    Part("content/articles/news/{today}-welcome.md", "welcome.md"),
    Part("content/pages/about.md", "about.md"),
    Part("content/jobs.yaml", "jobs.yaml"),
    Part(".gitignore", "gitignore"),
    Part(WORKFLOW, "workflow.yml"),
)


def new_site(folder: Path, today: date) -> list[str]:
    """Writes a site that builds at once; returns the paths of its files.

    Raises SiteError, before anything is written, where one of them is there already; and OSError.
    """
    later = (today + timedelta(days=90)).isoformat()
    values = {"today": today.isoformat(), "later": later, "year": f"{today.year}", "install": install_step()}
    texts = {_filled(part.path, values): _filled(_read(part.name), values) for part in PARTS}
    there = [path for path in texts if os.path.lexists(folder / path)]
    if there:
        hint = "choose another folder; nothing was written"
        raise SiteError([Problem((folder / path).as_posix(), 0, 0, "is there already", hint) for path in there])
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        write_new(folder, path, text.encode())
    return list(texts)


_INSTALL = """\
      # Exactly the program that wrote this file.
      - run: pip install "{requirement}"
"""
_NOT_KNOWN = """\
      # sitegen could not tell where it was installed from. Replace this step with one that installs it, such as:
      # - run: pip install "{distribution} @ git+https://HOST/OWNER/REPOSITORY@COMMIT"
      - run: |
          echo "::error file={path}::Replace this step with one that installs sitegen; the comment above it says how."
          exit 1
"""


def install_step() -> str:
    """The step of the workflow that installs this program, or that stops and says what is missing."""
    known = requirement()
    step = _INSTALL if known else _NOT_KNOWN
    return step.format(requirement=known, distribution=DISTRIBUTION, path=WORKFLOW).rstrip("\n")


def _read(name: str) -> str:
    return (files("sitegen.starter") / "files" / name).read_text("utf-8")


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
