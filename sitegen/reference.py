"""The tables of fields and settings, as documentation, as JSON Schemas, and as the front matter of a new article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.settings import SETTINGS, Setting
from sitegen.sources.fields import object_schema
from sitegen.sources.reader import Field
from sitegen.sources.schema import AD_FIELDS, ARTICLE_FIELDS, BOARD_FIELDS, JOB_FIELDS, PAGE_FIELDS

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Chapter(Struct, frozen=True):
    """One kind of file: `name` is what `sitegen schema` calls it, `intro` is Markdown."""

    name: str
    title: str
    where: str
    intro: str
    fields: tuple[Field, ...]
    listed: bool = False


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "front-matter",
        "An article",
        "content/articles/**/*.md",
        "A Markdown file that begins with its front matter: a line `---`, the fields, a line `---`. Below it stands\n"
        "the text.",
        ARTICLE_FIELDS,
    ),
    Chapter(
        "page",
        "A standing page",
        "content/pages/*.md",
        "A Markdown file like an article, for what stands aside of the news: who we are, the imprint.",
        PAGE_FIELDS,
    ),
    Chapter(
        "jobs",
        "Job ads",
        "content/jobs.yaml",
        "A list of ads. Or, where the mirrored board has more ads than are listed here, the fields `total`, `more`\n"
        "and `jobs` (the list).",
        JOB_FIELDS,
        listed=True,
    ),
    Chapter(
        "ads",
        "The house's own advertisements",
        "content/ads.yaml",
        "A list of pictures with an address, which stand in the sidebar.",
        AD_FIELDS,
        listed=True,
    ),
)
NAMES = (*(chapter.name for chapter in CHAPTERS), "config")
"""The kinds of files that have a schema."""


# --- JSON Schema -------------------------------------------------------------------------------------------


def json_schema(name: str, config: SiteConfig | None = None) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind of file, by one of NAMES.

    With a site's configuration, `section` is one of its sections.
    """
    if name == "config":
        return {"$schema": _DRAFT, "title": "sitegen.toml", **_settings_schema()}
    chapter = next(chapter for chapter in CHAPTERS if chapter.name == name)
    schema = object_schema(chapter.fields)
    if config is not None and "section" in schema["properties"]:
        section = {"enum": [section.slug for section in config.sections]}
        schema["properties"]["section"] = {"description": schema["properties"]["section"]["description"], **section}
    if chapter.listed:
        schema = {"type": "array", "items": schema}
    if name == "jobs":
        schema = {"anyOf": [schema, object_schema(BOARD_FIELDS)]}
    return {"$schema": _DRAFT, "title": chapter.where, **schema}


def _settings_schema() -> dict[str, Any]:
    root: dict[str, Any] = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    for setting in SETTINGS:
        holder = root
        for key in setting.path[:-1]:
            empty = {"type": "object", "properties": {}, "additionalProperties": False}
            holder = holder["properties"].setdefault(key, empty)
        name = setting.path[-1]
        holder["properties"][name] = {"description": setting.explained, **setting.kind.schema}
        if setting.required:
            holder["required"].append(name)
    return root


# --- front matter of a new article -------------------------------------------------------------------------


_SAID_BY_THE_FOLDER = "section"


def draft_front_matter(values: dict[str, str]) -> str:
    """The front matter of a new article: these fields (as YAML), and all others as comments with what they are for."""
    lines = [f"{name}: {value}" for name, value in values.items()]
    lines += ["", "# Take the # away from what you need:"]
    rest = [field for field in ARTICLE_FIELDS if field.name not in (*values, _SAID_BY_THE_FOLDER)]
    typed = [f"# {field.name}: {field.example}" for field in rest]
    width = max(map(len, typed))
    lines += [f"{line:<{width}}  # {field.explained}" for line, field in zip(typed, rest, strict=True)]
    return "---\n" + "\n".join(lines) + "\n---\n"


# --- documentation -----------------------------------------------------------------------------------------


def documentation() -> str:
    """docs/content.md: everything that can be written, and where."""
    parts = [
        "# What can be written",
        "<!-- Made from the program's own tables by `make docs`; changes here are lost. -->",
        "Every field and every setting. How to write: [writing.md](writing.md).",
    ]
    for chapter in CHAPTERS:
        parts += [f"## {chapter.title}", f"`{chapter.where}`", chapter.intro, _field_table(chapter.fields)]
        if chapter.name == "jobs":
            parts += ["Beside the list:", _field_table(field for field in BOARD_FIELDS if field.name != "jobs")]
        for field in chapter.fields:
            if field.kind.fields:
                parts += [f"### Inside `{field.name}`", _field_table(field.kind.fields)]
    parts += ["## Settings", "`sitegen.toml`", "Names with a dot stand in a table: `[jobs]`, then `sidebar_count = 8`."]
    parts.append(_setting_table(SETTINGS))
    return "\n\n".join(parts) + "\n"


def _field_table(fields: Iterable[Field]) -> str:
    rows = [
        (f"`{field.name}`{_NEEDED if field.required else ''}", field.kind.shape, _code(field.example), field.explained)
        for field in fields
    ]
    return _table(("Field", "Value", "For example", "What it is for"), rows)


def _setting_table(settings: Iterable[Setting]) -> str:
    rows = [
        (
            f"`{'.'.join(setting.path)}`{_NEEDED if setting.required else ''}",
            setting.kind.shape,
            _code(setting.example),
            setting.explained,
        )
        for setting in settings
    ]
    return _table(("Setting", "Value", "For example", "What it is for"), rows)


_NEEDED = " (needed)"


def _code(text: str) -> str:
    return f"`{text}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(re.sub(r"\|", r"\\|", cell) for cell in line) + " |" for line in lines)
