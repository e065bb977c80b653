"""Articles and standing pages: Markdown files with front matter -> frozen values."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from msgspec import Struct
from slugify import slugify

from sitegen.problems import Problem, did_you_mean, nearest, problem_at
from sitegen.sources import fields as f
from sitegen.sources.fields import Field, Moment, Reader
from sitegen.sources.files import is_inside
from sitegen.sources.text import MAX_ARTICLE_BYTES, read_text
from sitegen.sources.yamldoc import Origin, compose


class ImageField(Struct, frozen=True):
    """A picture that front matter names; `path` is relative to the site's root."""

    path: str
    alt: str
    caption: str = ""
    credit: str = ""


class Source(Struct, frozen=True):
    """Where a mirrored article stands."""

    name: str
    url: str = ""


class Original(Struct, frozen=True):
    """The version of an article in another language."""

    language: str
    url: str
    note: str = ""


class Article(Struct, frozen=True, kw_only=True):
    """What an article's front matter says; its text is parsed apart from it.

    `path` is relative to the site's root. `body_line` is the line (from 1) on which the body starts.
    `excerpt` is what listings show: the summary, or the text's first words where there is none.
    """

    path: str
    title: str
    section: str
    slug: str
    published: Moment
    updated: Moment | None = None
    expires: Moment | None = None
    draft: bool = False
    aliases: tuple[str, ...] = ()
    summary: str = ""
    excerpt: str = ""
    tags: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    translator: tuple[str, ...] = ()
    language: str = ""
    featured: bool = False
    image: ImageField | None = None
    source: Source | None = None
    original: Original | None = None
    copyright: str = ""
    reading_minutes: int | None = None
    body_line: int = 1


class StandingPage(Struct, frozen=True, kw_only=True):
    """A page such as "About" or "Imprint"."""

    path: str
    title: str
    slug: str
    summary: str = ""
    language: str = ""
    aliases: tuple[str, ...] = ()
    draft: bool = False
    menu: bool = True
    order: int | None = None
    body_line: int = 1


_IMAGE = f.group(
    (
        Field("src", f.text, "loom.jpg", "the picture's file, seen from this file", required=True),
        Field("alt", f.text, "A loom by a window", "what is to be seen, for who cannot see it", required=True),
        Field("caption", f.text, "The loom in use.", "the line below the picture"),
        Field("credit", f.text, '"Photo: A. Name"', "who made the picture"),
    )
)
_SOURCE = f.group(
    (
        Field("name", f.text, "Le Fil", "the source's name", required=True),
        Field("url", f.url, "https://example.org/a", "the article's address there"),
    )
)
_ORIGINAL = f.group(
    (
        Field("language", f.language, "fr", "the language of the other version", required=True),
        Field("url", f.url, "https://example.org/a", "its address", required=True),
        Field("note", f.text, "Published in French on example.org.", "a sentence that points to it"),
    )
)

ARTICLE_FIELDS: tuple[Field, ...] = (
    Field("title", f.text, "How a shirt learns to hang", "the headline", required=True),
    Field(
        "published",
        f.moment,
        "2026-10-16 08:30",
        "date, or date and time; later than now: waits",
        required=True,
    ),
    Field("section", f.text, "fabrics", "a section's slug; the folder's name where it is left out"),
    Field("updated", f.moment, "2026-10-20", "when the text was last changed for the reader"),
    Field("expires", f.moment, "2027-10-16", "the article leaves the site then; a date counts to its end"),
    Field("draft", f.flag, "true", "true keeps the article out of the site"),
    Field("slug", f.slug, "shirt-that-hangs", "the last part of the address; made from the file's name"),
    Field("aliases", f.texts, "[/old/address/]", "older addresses that lead here"),
    Field("summary", f.text, "What the shoulder seam decides.", "one or two sentences for the listings"),
    Field("tags", f.texts, "[cotton, tailoring]", "subjects"),
    Field("brands", f.texts, "[Aldergate Mills]", "brands the article is about"),
    Field("people", f.texts, "[Ines Corvalho]", "people the article is about"),
    Field("authors", f.texts, "[Maud Ellery]", "who wrote it"),
    Field("translator", f.texts, "Jonas Wikander", "who translated it"),
    Field("language", f.language, "en", "the article's language; the site's where it is left out"),
    Field("featured", f.flag, "true", "true lifts it on the front page"),
    Field("image", _IMAGE, "{src: loom.jpg, alt: A loom by a window}", "the lead picture"),
    Field("source", _SOURCE, "{name: Le Fil, url: https://example.org/a}", "where the mirrored article stands"),
    Field(
        "original",
        _ORIGINAL,
        "{language: fr, url: https://example.org/a}",
        "the version in another language",
    ),
    Field("copyright", f.text, "© 2026 Le Fil", "instead of the site's own line"),
    Field("reading_minutes", f.minutes, "6", "instead of the computed reading time"),
)

PAGE_FIELDS: tuple[Field, ...] = (
    Field("title", f.text, "About us", "the page's headline", required=True),
    Field("slug", f.slug, "about", "the address; made from the file's name"),
    Field("summary", f.text, "Who we are.", "one sentence for search engines"),
    Field("language", f.language, "en", "the page's language; the site's where it is left out"),
    Field("aliases", f.texts, "[/old/address/]", "older addresses that lead here"),
    Field("draft", f.flag, "true", "true keeps the page out of the site"),
    Field("order", f.count, "1", "its place in the footer's menu; pages without one come after, by their file's name"),
    Field("menu", f.flag, "false", "false keeps the page out of the footer's menu"),
)

_FENCE = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_DATE_IN_NAME = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-")


class FrontMatter(Struct, frozen=True):
    """The two parts of a Markdown file; offsets count characters from the file's start."""

    source: str
    start: int
    body_start: int


def split_front_matter(text: str, path: str) -> FrontMatter | Problem:
    """Front matter and body, or the problem that the one cannot be told from the other."""
    opened = _FENCE.match(text)
    if not opened:
        hint = "start the file with a line ---, then the fields (title: ..., published: ...), then a line ---"
        return problem_at(path, text, 0, "no front matter", hint)
    closed = _CLOSE.search(text, opened.end())
    if not closed:
        hint = "put a line --- between the fields and the text"
        return problem_at(path, text, 0, "the front matter is opened here and never closed", hint)
    return FrontMatter(text[opened.end() : closed.start()], opened.end(), min(closed.end() + 1, len(text)))


def load_article(
    root: Path, path: str, sections: tuple[str, ...], zone: ZoneInfo
) -> tuple[Article | None, str, list[Problem]]:
    """One article's front matter and its text. `sections` are the known slugs; empty: they are not known."""
    loaded = _load(root, path, ARTICLE_FIELDS, zone)
    if isinstance(loaded, list):
        return None, "", loaded
    values, reader, node, body, body_line = loaded
    _place_in_section(values, path, sections, node, reader)
    _name(values, path, node, reader)
    _locate_image(values, path, root, node, reader)
    _check_order(values, node, reader)
    if reader.problems:
        return None, "", reader.problems
    _freeze_groups(values)
    return Article(path=path, body_line=body_line, **values), body, []


def load_page(root: Path, path: str, zone: ZoneInfo) -> tuple[StandingPage | None, str, list[Problem]]:
    """One standing page's front matter and its text."""
    loaded = _load(root, path, PAGE_FIELDS, zone)
    if isinstance(loaded, list):
        return None, "", loaded
    values, reader, node, body, body_line = loaded
    _name(values, path, node, reader)
    if reader.problems:
        return None, "", reader.problems
    return StandingPage(path=path, body_line=body_line, **values), body, []


def _load(
    root: Path, path: str, table: tuple[Field, ...], zone: ZoneInfo
) -> tuple[dict[str, Any], Reader, yaml.Node, str, int] | list[Problem]:
    text, problems = read_text(root, path, MAX_ARTICLE_BYTES)
    if text is None:
        return problems
    front = split_front_matter(text, path)
    if isinstance(front, Problem):
        return [front]
    origin = Origin(path, text, front.start)
    node, problems = compose(front.source, origin)
    if node is None:
        return problems or [_empty(origin, table)]
    reader = Reader(origin, zone)
    values = read_fields_of(node, table, reader, problems)
    body_line = text.count("\n", 0, front.body_start) + 1
    return values, reader, node, text[front.body_start :], body_line


def read_fields_of(node: yaml.Node, table: tuple[Field, ...], reader: Reader, found: list[Problem]) -> dict[str, Any]:
    """The fields of a node, after what was already found wrong with it."""
    reader.problems += found
    return f.read_fields(node, table, reader)


def _empty(origin: Origin, table: tuple[Field, ...]) -> Problem:
    needed = ", ".join(field.name for field in table if field.required)
    return origin.problem(0, "the front matter is empty", f"these fields are needed: {needed}")


def key_of(node: yaml.Node, *names: str) -> yaml.Node:
    """The value node of a (nested) field, or the nearest node around it: a place for a problem."""
    for name in names:
        if not isinstance(node, yaml.MappingNode):
            return node
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == name:
                node = value
                break
        else:
            return node
    return node


def _place_in_section(
    values: dict[str, Any], path: str, sections: tuple[str, ...], node: yaml.Node, reader: Reader
) -> None:
    folders = PurePosixPath(path).parts[2:-1]
    by_folder = next((part for part in folders if part in sections), None)
    section = values.setdefault("section", by_folder)
    if section is None:
        del values["section"]
        if sections:
            hint = f"add a line section: {sections[0]} (one of {', '.join(sections)})"
            reader.wrong(node, '"section" is missing, and the folder is not named after one', hint)
    elif sections and section not in sections:
        mend = did_you_mean(section, sections)
        hint = f"the sections are {', '.join(sections)}; they stand in sitegen.toml"
        reader.wrong(key_of(node, "section"), f'unknown section "{section}"{mend}', hint)


def _name(values: dict[str, Any], path: str, node: yaml.Node, reader: Reader) -> None:
    """The slug: the writer's own, or the file's name (its folder's for index.md), or the title's."""
    if values.get("slug"):
        return
    file = PurePosixPath(path)
    stem = file.parent.name if file.stem == "index" and len(file.parts) > 3 else file.stem
    made = slugify(_DATE_IN_NAME.sub("", stem))[:120].strip("-") or slugify(values.get("title", ""))[:120]
    if not made:
        reader.wrong(node, "no address can be made from the file's name", "add a line slug: some-name")
    values["slug"] = made


def _locate_image(values: dict[str, Any], path: str, root: Path, node: yaml.Node, reader: Reader) -> None:
    image = values.get("image")
    if not image:
        return
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", image["src"]):
        message = f'the picture "{image["src"][:80]}" is not a file of this site'
        hint = "save it beside this file or in content/images/; pages load nothing from other hosts"
        reader.wrong(key_of(node, "image", "src"), message, hint)
        return
    located = locate(root, path, image["src"])
    if located is None:
        place = key_of(node, "image", "src")
        reader.wrong(place, f'the picture "{image["src"]}" is not there', missing_hint(root, path, image["src"]))
        return
    image["path"] = located
    del image["src"]


def locate(root: Path, path: str, target: str) -> str | None:
    """A file that another names: seen from that file, or from content/ where it begins with /; None if not there."""
    normal = normalise(f"content{target}" if target.startswith("/") else f"{PurePosixPath(path).parent}/{target}")
    if normal and normal.startswith("content/") and is_file_inside(root, normal):
        return normal
    return None


def is_file_inside(root: Path, path: str) -> bool:
    """Whether a regular file stands there and no symbolic link leads out of the site."""
    try:
        return (root / path).is_file() and is_inside(root, path)
    except (OSError, ValueError):
        return False


def normalise(path: str) -> str | None:
    """`a/b/../c` -> `a/c`; None where the path climbs out of the site."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def missing_hint(root: Path, path: str, target: str) -> str:
    """Where the picture is, or the nearest one that is there."""
    folder = PurePosixPath(path).parent
    wanted = PurePosixPath(target).name
    written = {name: f"/images/{name}" for name in _names(root / "content/images")}
    written |= {name: name for name in _names(root / folder)}
    if wanted in written:
        return f"write {written[wanted]}"
    near = nearest(wanted, written)
    if near:
        return f'did you mean "{written[near]}"?'
    return "put the picture beside this file, or into content/images/ and write /images/NAME"


def _names(folder: Path) -> list[str]:
    return [entry.name for entry in sorted(folder.iterdir()) if entry.suffix != ".md"] if folder.is_dir() else []


def _check_order(values: dict[str, Any], node: yaml.Node, reader: Reader) -> None:
    published, updated, expires = (values.get(name) for name in ("published", "updated", "expires"))
    if published and updated and updated.day < published.day:
        reader.wrong(key_of(node, "updated"), '"updated" is before "published"', "one of the two dates is wrong")
    if published and expires and expires.day < published.day:
        reader.wrong(key_of(node, "expires"), '"expires" is before "published"', "one of the two dates is wrong")


def _freeze_groups(values: dict[str, Any]) -> None:
    for name, made in (("image", ImageField), ("source", Source), ("original", Original)):
        if name in values:
            values[name] = made(**values[name])
