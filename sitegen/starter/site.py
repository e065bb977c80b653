"""A new site: settings, an article, job ads, a page, and what git and a continuous integration need."""

from __future__ import annotations

import os
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from sitegen.beneath import write_new
from sitegen.problems import Problem, SiteError


class Part(Struct, frozen=True):
    """One file of a new site: its path there, and the name under which it lies in files/."""

    path: str
    name: str


PARTS: tuple[Part, ...] = (
    Part("sitegen.toml", "sitegen.toml"),
    Part("content/articles/news/{today}-welcome.md", "welcome.md"),
    Part("content/pages/about.md", "about.md"),
    Part("content/jobs.yaml", "jobs.yaml"),
    Part(".gitignore", "gitignore"),
    Part(".github/workflows/site.yml", "workflow.yml"),
)


def new_site(folder: Path, today: date) -> list[str]:
    """Writes a site that builds at once; returns the paths of its files.

    Raises SiteError, before anything is written, where one of them is there already; and OSError.
    """
    dates = {"today": today.isoformat(), "later": (today + timedelta(days=90)).isoformat(), "year": f"{today.year}"}
    texts = {_filled(part.path, dates): _filled(_read(part.name), dates) for part in PARTS}
    there = [path for path in texts if os.path.lexists(folder / path)]
    if there:
        hint = "choose another folder; nothing was written"
        raise SiteError([Problem((folder / path).as_posix(), 0, 0, "is there already", hint) for path in there])
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        write_new(folder, path, text.encode())
    return list(texts)


def _read(name: str) -> str:
    return (files("sitegen.starter") / "files" / name).read_text("utf-8")


def _filled(text: str, dates: dict[str, str]) -> str:
    for name, value in dates.items():
        text = text.replace("{" + name + "}", value)
    return text
