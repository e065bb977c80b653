"""A theme looked at by itself, for those who make it."""

from __future__ import annotations

from pathlib import Path

from sitegen.engine.load import read_config, read_theme
from sitegen.problems import Problem, SiteError
from sitegen.render.assets import load_assets
from sitegen.render.catalogue import load_catalogue
from sitegen.render.templates import make_environment
from sitegen.render.theme import load_theme
from sitegen.render.themecheck import check_theme


def theme_problems(root: Path, name: str | None) -> tuple[str, list[Problem]]:
    """The name of a theme (by default the site's own), and all that is wrong with it. Raises SiteError."""
    problems: list[Problem] = []
    config, text = read_config(root, "", problems)
    if name is None:
        found = read_theme(root, config, text, problems)
    else:
        asked, said = load_theme(root, name, Problem("themes", 0, 0, ""))
        if asked is None:
            raise SiteError(said)
        found = asked
    words, said = load_catalogue(found, config.language)
    problems += said
    _, said = load_assets(found)
    return found.name, [*problems, *said, *check_theme(found, make_environment(found, words))]
