"""Job advertisements and house advertisements: YAML files -> frozen values.

Ads come as they are found. A text copied out of a web page often carries entities (`H&amp;M`); they are
turned into the signs they stand for, once, here, so that no page shows them doubled.
"""

from __future__ import annotations

from typing import Any

import yaml
from msgspec import Struct

from sitegen.problems import Problem
from sitegen.sources.alt import HINT, lacks_substance, warning_of
from sitegen.sources.locale import Locale
from sitegen.sources.locate import SiteFiles
from sitegen.sources.moments import Moment
from sitegen.sources.reader import Field, Reader, is_empty, key_of, read_fields, refuse_before, typeset
from sitegen.sources.schema import AD_FIELDS, BOARD_FIELDS, JOB_FIELDS
from sitegen.sources.yamldoc import Origin, compose


class Job(Struct, frozen=True, kw_only=True):
    """One job advertisement, with the employer's own spelling of everything."""

    employer: str
    title: str
    contract: str = ""
    location: str = ""
    country: str = ""
    url: str = ""
    department: str = ""
    description: str = ""
    posted: Moment | None = None
    expires: Moment | None = None
    remote: bool = False
    language: str = ""


class JobBoard(Struct, frozen=True):
    """All ads in the file's order. `total` counts the ads of the mirrored board, `more` is its address."""

    jobs: tuple[Job, ...] = ()
    total: int | None = None
    more: str = ""


class HouseAd(Struct, frozen=True, kw_only=True):
    """An advertisement of the house itself; `path` is the picture's, relative to the site's root.

    `index` is its place in the file, from 0.
    """

    path: str
    alt: str
    url: str
    label: str = ""
    starts: Moment | None = None
    expires: Moment | None = None
    index: int = 0


def load_jobs(path: str, text: str, locale: Locale) -> tuple[JobBoard, list[Problem]]:
    """The job board in the text of a file; an empty one where that is empty."""
    node, reader = _compose(path, text, locale)
    if node is None or reader.problems:
        return JobBoard(), reader.found
    board: dict[str, Any] = {}
    listed: yaml.Node | None = node
    if isinstance(node, yaml.MappingNode) and "employer" in (key.value for key, _ in node.value):
        reader.wrong(node, "the ads must be a list", 'start each ad with "- employer: ..."')
        listed = None
    elif isinstance(node, yaml.MappingNode):
        board = read_fields(node, BOARD_FIELDS, reader)
        listed = board.pop("jobs", None)
    jobs = _entries(listed, JOB_FIELDS, reader) if listed is not None else []
    for entry, values in jobs:
        refuse_before(values, "posted", "expires", entry, reader)
    if "total" in board and board["total"] < len(jobs) and not reader.problems:
        total = next(value for key, value in node.value if key.value == "total")
        message = f'"total" is {board["total"]}, but {len(jobs)} ads are listed'
        reader.wrong(total, message, "count the ads of the whole board, or remove the line")
    if not reader.problems:
        _refuse_doubles(jobs, reader)
    if reader.problems:
        return JobBoard(), reader.found
    for _, values in jobs:
        typeset(values, JOB_FIELDS, locale.typography(values.get("language", "")))
    return JobBoard(jobs=tuple(Job(**values) for _, values in jobs), **board), reader.warnings


def _refuse_doubles(jobs: list[tuple[yaml.Node, dict[str, Any]]], reader: Reader) -> None:
    """Ads that say the same in every field: one of them was pasted twice."""
    seen: dict[Job, yaml.Node] = {}
    for entry, values in jobs:
        first = seen.setdefault(Job(**values), entry)
        if first is not entry:
            line = reader.origin.problem(first.start_mark.index, "").line
            message = f'this ad stands here twice: "{values["title"]}" (first in line {line})'
            reader.wrong(entry, message, "remove one of the two, or tell them apart (url, department, description)")


def load_ads(files: SiteFiles, path: str, text: str, locale: Locale) -> tuple[tuple[HouseAd, ...], list[Problem]]:
    """The house's own advertisements in the text of a file; none where that is empty."""
    node, reader = _compose(path, text, locale)
    if node is None or reader.problems:
        return (), reader.found
    ads: list[HouseAd] = []
    for index, (entry, values) in enumerate(_entries(node, AD_FIELDS, reader)):
        refuse_before(values, "starts", "expires", entry, reader)
        if "image" not in values or "alt" not in values or "url" not in values:
            continue
        located = files.locate(path, values["image"])
        if located is None:
            reader.wrong(key_of(entry, "image"), *files.missing(path, values["image"]))
        else:
            if lacks_substance(values["alt"], values["image"]):
                reader.warn(key_of(entry, "alt"), warning_of(values["alt"]), HINT)
            del values["image"]
            typeset(values, AD_FIELDS, locale.typography())
            ads.append(HouseAd(path=located, index=index, **values))
    return tuple(ads), reader.found


def _compose(path: str, text: str, locale: Locale) -> tuple[yaml.Node | None, Reader]:
    origin = Origin(path, text)
    node, found = compose(text, origin)
    reader = Reader(origin, locale)
    reader.take(found)
    return node, reader


def _entries(node: yaml.Node, table: tuple[Field, ...], reader: Reader) -> list[tuple[yaml.Node, dict[str, Any]]]:
    if is_empty(node):
        return []
    if not isinstance(node, yaml.SequenceNode):
        reader.wrong(node, "expected a list", f'start each entry with "- {table[0].name}: ..."')
        return []
    return [(entry, read_fields(entry, table, reader)) for entry in node.value]
