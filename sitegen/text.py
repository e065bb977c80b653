"""Bytes of a writer's file -> text, with every reason why that may fail."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from sitegen.problems import Problem, problem_at

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Signs that no text holds on purpose. XML 1.0 (section 2.2) refuses most of them, so feeds would break, and HTML
calls the others errors (section 13.2.3.5)."""

MAX_ARTICLE_BYTES = 2 * 1024 * 1024
"""An article of two megabytes is a whole book: a larger file is surely not an article."""

MAX_DATA_BYTES = 16 * 1024 * 1024
"""Job advertisements: some 50,000 ads."""


def read_text(root: Path, path: str, limit: int) -> tuple[str | None, list[Problem]]:
    """The text of a file below `root` with `\\n` as its only line end, or the problem that prevents it.

    `limit` is in bytes. A UTF-8 byte-order mark is accepted and dropped.
    """
    read, problems = read_bytes(root, path, limit)
    return decode(read.data, path) if read is not None else (None, problems)


class Read(NamedTuple):
    """The bytes of a file, and what the system said of it just before they were read."""

    data: bytes
    stat: os.stat_result


def read_bytes(root: Path, path: str, limit: int) -> tuple[Read | None, list[Problem]]:
    """The bytes of a file below `root`, or the problem that prevents reading them."""
    try:
        with open(root / path, "rb") as file:  # noqa: PTH123
            stat = os.fstat(file.fileno())
            data = file.read(limit + 1) if stat.st_size <= limit else b""
        size = max(stat.st_size, len(data))
        if size > limit:
            return None, [_too_large(path, size, limit)]
        return Read(data, stat), []
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return None, [Problem(path, 0, 0, f"cannot be read: {reason}", "look at the file's permissions")]


def decode(data: bytes, path: str) -> tuple[str | None, list[Problem]]:
    """UTF-8 bytes -> text with `\\n` line ends, or a problem at the first sign that is no text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(data, path, error.start)]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = CONTROL.search(text)
    if control:
        message = f"an invisible control character (U+{ord(control[0]):04X}) stands here"
        return None, [problem_at(path, text, control.start(), message, "delete it and type the text around it anew")]
    return text, []


def _too_large(path: str, size: int, limit: int) -> Problem:
    message = f"the file is too large: {size / 1_048_576:.1f} MB, at most {limit / 1_048_576:.0f} MB"
    return Problem(path, 0, 0, message, "split it into several files")


def _not_utf8(data: bytes, path: str, start: int) -> Problem:
    above = data[:start].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    line, before = above.count("\n") + 1, above.rpartition("\n")[2]
    excerpt = before + re.split(b"[\r\n]", data[start:], maxsplit=1)[0].decode("utf-8", "replace")
    message = f"the file is not UTF-8 text (byte 0x{data[start]:02x})"
    hint = 'save it with the encoding "UTF-8" in your editor'
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem(path, 1, 1, "the file is UTF-16 text, not UTF-8", hint)
    return Problem(path, line, len(before) + 1, message, hint, excerpt[: len(before) + 200])
