"""Bytes of a writer's file -> text, with every reason why that may fail."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.beneath import NotPlain, read_beneath
from sitegen.problems import Problem, excerpt_of, problem_at

_LAST_OF_PLANES = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
CONTROL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef{_LAST_OF_PLANES}]")
"""Signs that no text holds on purpose. XML 1.0 (section 2.2) refuses most of them, so feeds would break, HTML
calls the others errors (section 13.2.3.5), and sitegen marks places with some of them while it makes a page."""
_INVISIBLE = re.compile(
    "(?P<flag>\U0001f3f4[\U000e0020-\U000e007e]{1,10}\U000e007f)|"
    "[\u034f\u17b4\u17b5\u180e\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
"""Signs that nobody sees, and that turn the order of others around (Unicode Standard Annex 9, section 2), or make two
names that look the same. What scripts and emoji need (joiners, marks of direction, variation selectors, flags) is not
among them.
"""
_REFERENCE = re.compile(r"&#(?:[xX](?P<hex>[0-9a-fA-F]+)|(?P<digits>[0-9]+));?")
"""A numeric character reference (HTML Standard, 13.1.4); HTML reads it without its semicolon too."""
NO_SIGN = "\ufffd"
"""What stands for a sign that cannot be shown."""

MAX_ARTICLE_BYTES = 2 * 1024 * 1024
"""An article of two megabytes is a whole book: a larger file is surely not an article."""

CONFIG = "sitegen.toml"
"""The file of the settings, in a site's folder."""
MAX_CONFIG_BYTES = 256 * 1024
"""The settings of a site."""

MAX_DATA_BYTES = 16 * 1024 * 1024
"""Job advertisements: some 50,000 ads."""


def read_text(root: Path, path: str, limit: int) -> tuple[str | None, list[Problem]]:
    """The text of a file below `root` with `\\n` as its only line end, or the problem that prevents it.

    `limit` is in bytes. Byte-order marks (U+FEFF) are dropped: programs put them in front of texts, so they stand
    inside where texts were joined.
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
        stat, data = read_beneath(root, path, limit)
        if len(data) > limit:
            return None, [_too_large(path, max(stat.st_size, len(data)), limit)]
        return Read(data, stat), []
    except NotPlain as error:
        return None, [not_plain(path, error.is_link)]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return None, [Problem(path, 0, 0, f"cannot be read: {reason}", "look at the file's permissions")]


def not_plain(path: str, is_link: bool) -> Problem:
    """The problem that a source is no regular file, or lies behind a link: it is not opened."""
    if is_link:
        return Problem(path, 0, 0, "this is a symbolic link; sitegen follows none", "put the file itself here")
    return Problem(path, 0, 0, "this is no regular file, but a pipe, a socket or a device", "remove it")


def decode(data: bytes, path: str) -> tuple[str | None, list[Problem]]:
    """UTF-8 bytes -> text with `\\n` line ends, or a problem at the first sign that is no text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(data, path, error.start)]
    text = _plain(text)
    control = CONTROL.search(text)
    if control:
        message = f"an invisible control character (U+{ord(control[0]):04X}) stands here"
        return None, [problem_at(path, text, control.start(), message, "delete it and retype the text around it")]
    return text, []


def _plain(text: str) -> str:
    """A text with one kind of line end and without byte-order marks."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


_WHITE = re.compile(r"[ \t\n\x0b\x0c\r\x85\u2028\u2029]+")
"""Runs that are one space in a line of text. Spaces that do not break, and wide or narrow ones, stay as typed."""
_WRAPPED = re.compile(r"[ \t\x0b\x0c\r]*[\n\x85\u2028\u2029][ \t\n\x0b\x0c\r\x85\u2028\u2029]*")
_NO_SPACES = (
    "[\u2e80-\u303f\u3041-\u30ff\u3100-\u312f\u31a0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff]"
)
_BETWEEN = re.compile(rf"(?<={_NO_SPACES}){_WRAPPED.pattern}(?={_NO_SPACES})")


def as_line(text: str) -> str:
    """A text in one line: a line break becomes a space, and nothing between Chinese or Japanese characters."""
    if text.isascii():
        return " ".join(text.split())
    if "\n" in text:
        text = _BETWEEN.sub("", text)
    return _WHITE.sub(" ", text).strip()


def has_no_spaces(sign: str) -> bool:
    """Whether a character is of a script that sets no spaces between words: Chinese or Japanese."""
    return bool(re.match(_NO_SPACES, sign))


def without_invisible(text: str) -> tuple[str, str]:
    """A text of one line, a title or a name, without invisible signs; and the first of these as `U+202E`, if any."""
    if text.isascii():
        return text, ""
    found = next((found for found in _INVISIBLE.finditer(text) if not found["flag"]), None)
    if found is None:
        return text, ""
    return _INVISIBLE.sub(lambda sign: sign["flag"] or "", text), f"U+{ord(found[0]):04X}"


def forbidden_references(text: str) -> Iterator[re.Match[str]]:
    """The numeric character references in a text that stand for signs which no text may hold, such as `&#1;`."""
    return (found for found in _REFERENCE.finditer(text) if _is_forbidden(found))


def without_forbidden_references(html: str) -> str:
    """The same with NO_SIGN in the place of each, so that what is left makes no other reference."""
    return _REFERENCE.sub(lambda found: NO_SIGN if _is_forbidden(found) else found[0], html)


def _is_forbidden(reference: re.Match[str]) -> bool:
    number = (reference["hex"] or reference["digits"]).lstrip("0") or "0"
    # A longer one is no sign at all.
    if len(number) > 7:
        return False
    # HTML reads some of the old numbers of Windows as the signs that they were meant for.
    meant = html.unescape(f"&#{'x' if reference['hex'] else ''}{number};")
    return not meant or bool(CONTROL.search(meant))


def _too_large(path: str, size: int, limit: int) -> Problem:
    message = f"the file is too large: {_of_bytes(size)}, at most {_of_bytes(limit)}"
    return Problem(path, 0, 0, message, "split it into several files, or shorten it")


def _of_bytes(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB".replace(".0 ", " ") if size >= 1_048_576 else f"{size // 1024} KB"


def _not_utf8(data: bytes, path: str, start: int) -> Problem:
    above = _plain(data[:start].decode("utf-8"))
    line, before = above.count("\n") + 1, above.rpartition("\n")[2]
    excerpt = before + _plain(re.split(b"[\r\n]", data[start:], maxsplit=1)[0].decode("utf-8", "replace"))
    message = f"the file is not UTF-8 text (byte 0x{data[start]:02x})"
    hint = 'save it with the encoding "UTF-8" in your editor'
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem(path, 1, 1, "the file is UTF-16 text, not UTF-8", hint)
    shown, cut = excerpt_of(excerpt, len(before) + 1)
    return Problem(path, line, len(before) + 1, message, hint, shown, cut=cut)
