"""Articles and standing pages: Markdown files with front matter -> frozen values."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import yaml
from msgspec import Struct

from sitegen.problems import Problem, as_warning, did_you_mean, errors, note, problem_at
from sitegen.slugs import slugify
from sitegen.sources.alt import HINT, lacks_substance, warning_of
from sitegen.sources.locale import Locale
from sitegen.sources.locate import SiteFiles
from sitegen.sources.moments import Moment
from sitegen.sources.reader import Field, Reader, key_of, read_fields, refuse_before, typeset
from sitegen.sources.schema import ARTICLE_FIELDS, PAGE_FIELDS
from sitegen.sources.yamldoc import Origin, compose


class ImageField(Struct, frozen=True):
    """A picture that front matter names; `path` is relative to the site's root.

    Around the point `focus` (per cent from the left and from the top) it is cropped.
    """

    path: str
    alt: str
    caption: str = ""
    credit: str = ""
    focus: tuple[int, int] = (50, 50)


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
    `variants` and `downloads` are None where the site's own hold.
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
    variants: tuple[str, ...] | None = None
    downloads: tuple[str, ...] | None = None
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


PLACEHOLDER = "Write the text here."
"""What stands for the text of a new article."""
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
        return _no_front_matter(text, path)
    closed = _CLOSE.search(text, opened.end())
    if not closed:
        hint = "put a line --- between the fields and the text"
        return problem_at(path, text, 0, "the front matter is opened here and never closed", hint)
    return FrontMatter(text[opened.end() : closed.start()], opened.end(), min(closed.end() + 1, len(text)))


def _no_front_matter(text: str, path: str) -> Problem:
    late = re.match(r"\s+(?=---[ \t]*\n)", text)
    if late:
        message = "the front matter must begin in the first line of the file"
        return problem_at(path, text, late.end(), message, "remove what stands above this line")
    if text.startswith("+++"):
        hint = "write the fields as YAML (title: ...) between two lines ---"
        return problem_at(path, text, 0, "front matter between +++ is not read here", hint)
    hint = "start the file with a line ---, then the fields (title: ..., published: ...), then a line ---"
    return problem_at(path, text, 0, "no front matter", hint)


def load_article(
    files: SiteFiles, path: str, text: str, sections: tuple[str, ...], locale: Locale
) -> tuple[Article | None, str, list[Problem]]:
    """One article's front matter and its body. `text` is the whole file's.

    An article whose lead picture is not there comes without it, and with the problem: what else it names is looked at.

    `sections` are the known slugs; empty: they are not known.
    """
    loaded = _load(path, text, ARTICLE_FIELDS, locale)
    if isinstance(loaded, list):
        return None, "", loaded
    values, reader, node, body, body_line = loaded
    _place_in_section(values, path, sections, node, reader)
    _name(values, path, node, reader)
    lost = _locate_image(values, path, files, node, reader)
    _check_order(values, node, reader)
    if not values.get("draft"):
        _look_for_gaps(values, node, reader)
        _look_for_placeholder(body, text, reader)
    if reader.problems:
        return None, body, [*reader.found, *lost]
    typeset(values, ARTICLE_FIELDS, locale.typography(values.get("language", "")))
    _freeze_groups(values)
    return Article(path=path, body_line=body_line, **values), body, [*reader.warnings, *lost]


def load_page(path: str, text: str, locale: Locale) -> tuple[StandingPage | None, str, list[Problem]]:
    """One standing page's front matter and its body. `text` is the whole file's."""
    loaded = _load(path, text, PAGE_FIELDS, locale)
    if isinstance(loaded, list):
        return None, "", loaded
    values, reader, node, body, body_line = loaded
    _name(values, path, node, reader)
    if reader.problems:
        return None, body, reader.found
    typeset(values, PAGE_FIELDS, locale.typography(values.get("language", "")))
    return StandingPage(path=path, body_line=body_line, **values), body, reader.warnings


def _load(
    path: str, text: str, table: tuple[Field, ...], locale: Locale
) -> tuple[dict[str, Any], Reader, yaml.Node, str, int] | list[Problem]:
    front = split_front_matter(text, path)
    if isinstance(front, Problem):
        return [front]
    origin = Origin(path, text, front.start)
    node, problems = compose(front.source, origin)
    if node is None:
        return problems if errors(problems) else [*problems, _empty(origin, table)]
    reader = Reader(origin, locale)
    values = read_fields_of(node, table, reader, problems)
    body_line = text.count("\n", 0, front.body_start) + 1
    return values, reader, node, text[front.body_start :], body_line


def read_fields_of(node: yaml.Node, table: tuple[Field, ...], reader: Reader, found: list[Problem]) -> dict[str, Any]:
    """The fields of a node, after what was already found wrong with it."""
    reader.take(found)
    return read_fields(node, table, reader)


def _empty(origin: Origin, table: tuple[Field, ...]) -> Problem:
    needed = ", ".join(field.name for field in table if field.required)
    return origin.problem(0, "the front matter is empty", f"these fields are needed: {needed}")


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
    """The slug: the writer's own, or the file's name, or the title's."""
    if values.get("slug"):
        return
    made = slug_of(path) or slugify(values.get("title", ""))[:120]
    if not made:
        reader.wrong(node, "no address can be made from the file's name", "add a line slug: some-name")
    values["slug"] = made


def slug_of(path: str) -> str:
    """The slug that a file's name gives (its folder's for index.md), without a date at its front; may be empty."""
    file = PurePosixPath(path)
    stem = file.parent.name if file.stem == "index" and len(file.parts) > 3 else file.stem
    return slugify(_DATE_IN_NAME.sub("", stem))[:120].strip("-")


def _locate_image(
    values: dict[str, Any], path: str, files: SiteFiles, node: yaml.Node, reader: Reader
) -> list[Problem]:
    """Finds the lead picture's file; without one there is no lead picture, and the problem is returned."""
    image = values.get("image")
    if not image:
        return []
    located = files.locate(path, image["src"])
    if located is None:
        place = key_of(node, "image", "src")
        del values["image"]
        return [reader.origin.problem(place.start_mark.index, *files.missing(path, image["src"]))]
    if image["alt"] and lacks_substance(image["alt"], image["src"]):
        reader.warn(key_of(node, "image", "alt"), warning_of(image["alt"]), HINT)
    image["path"] = located
    del image["src"]
    return []


def _check_order(values: dict[str, Any], node: yaml.Node, reader: Reader) -> None:
    for later in ("updated", "expires"):
        refuse_before(values, "published", later, node, reader)


def _look_for_gaps(values: dict[str, Any], node: yaml.Node, reader: Reader) -> None:
    """What a finished article should have, and can do without."""
    if not values.get("summary") and "summary" not in reader.meant:
        hint = "add summary: one or two sentences; until then listings show the first words of the text"
        reader.warn(node, "the article has no summary", hint)
    if values.get("translator") and not (values.get("source") or values.get("original")):
        example = next(field.example for field in ARTICLE_FIELDS if field.name == "source")
        hint = f"add source: {example}"
        reader.warn(key_of(node, "translator"), "the article is translated, but says not from where", hint)


def _look_for_placeholder(body: str, text: str, reader: Reader) -> None:
    if body.strip() == PLACEHOLDER:
        message = "the text has not been written: readers see the words that stand for it"
        place = problem_at(reader.origin.file, text, text.rfind(PLACEHOLDER), message, "write it, or add draft: true")
        note(reader.warnings, as_warning(place))


def _freeze_groups(values: dict[str, Any]) -> None:
    for name, made in (("image", ImageField), ("source", Source), ("original", Original)):
        if name in values:
            values[name] = made(**values[name])
