"""A new article: a dated draft with every field that it may have."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sitegen.beneath import write_new
from sitegen.config import SiteConfig
from sitegen.problems import Problem, SiteError, did_you_mean
from sitegen.reference import draft_front_matter
from sitegen.slugs import slugify
from sitegen.sources.articles import PLACEHOLDER
from sitegen.sources.site import ARTICLES
from sitegen.sources.yamldoc import quoted

BODY = f"\n{PLACEHOLDER}\n"
_LONGEST_NAME = 80


def new_article(root: Path, config: SiteConfig, headline: str, section: str, today: date) -> Path:
    """Writes a draft and returns its path, relative to the site.

    Raises SiteError where the section is unknown or the file is there already, and OSError.
    """
    title = " ".join("".join(sign if sign.isprintable() else " " for sign in headline).split())
    if not title:
        raise _refused("--", "the headline is empty", 'write it in quotes: sitegen new "A headline"')
    slugs = [section.slug for section in config.sections]
    if section not in slugs:
        message = f'unknown section "{section}"{did_you_mean(section, slugs)}'
        raise _refused(
            "--section", message, f"the sections are {', '.join(slugs)}; write for example --section {slugs[0]}"
        )
    name = slugify(title.replace("'", "").replace("’", ""))[:_LONGEST_NAME].strip("-") or "untitled"
    path = f"{ARTICLES}/{section}/{today.isoformat()}-{name}.md"
    values = {"title": yaml_text(title), "published": today.isoformat(), "draft": "true"}
    try:
        write_new(root, path, (draft_front_matter(values) + BODY).encode())
    except FileExistsError:
        raise _refused(path, "this file is there already", "choose another headline, or write in that file") from None
    return Path(path)


def yaml_text(text: str) -> str:
    """A text as YAML: plain where YAML then reads the same, otherwise in quotes."""
    try:
        node: Any = yaml.compose(f"a: {text}", Loader=yaml.CSafeLoader)
        plain = node.value[0][1].value == text and not node.value[0][1].style
    except (yaml.YAMLError, AttributeError, IndexError):
        plain = False
    return text if plain and not text.startswith(("&", "*", "!")) else quoted(text)


def _refused(place: str, message: str, hint: str) -> SiteError:
    return SiteError([Problem(place, 0, 0, message, hint)])
