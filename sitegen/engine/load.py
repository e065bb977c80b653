"""Reading what is small and always read: the configuration, and the theme with its layers."""

from __future__ import annotations

from pathlib import Path

from sitegen.config import SiteConfig, load_config, override_base_url
from sitegen.engine.places import require_site
from sitegen.problems import Problem, SiteError, problem_at
from sitegen.render.theme import Theme, load_theme
from sitegen.text import CONFIG, MAX_CONFIG_BYTES, read_text
from sitegen.tomldoc import places, spot


def read_config(root: Path, base_url: str, problems: list[Problem]) -> tuple[SiteConfig, str]:
    """The settings, with `base_url` instead of the file's where it is not empty, and the file's text.

    Raises SiteError.
    """
    require_site(root)
    text, found = read_text(root, CONFIG, MAX_CONFIG_BYTES)
    if text is None:
        raise SiteError(found)
    config, found = load_config(text, CONFIG)
    problems += found
    if config is not None and base_url:
        config, found = override_base_url(config, base_url)
        problems += found
    if config is None:
        raise SiteError(problems)
    return config, text


def read_theme(root: Path, config: SiteConfig, text: str, problems: list[Problem]) -> Theme:
    """The site's theme with its layers; `text` is sitegen.toml's.

    Raises SiteError: without a theme nothing can be checked.
    """
    asked_at = problem_at(CONFIG, text, spot(places(text), ("theme",)).value, "")
    theme, found = load_theme(root, config.theme, asked_at)
    problems += found
    if theme is None:
        raise SiteError(problems)
    return theme
