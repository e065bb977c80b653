"""An article as PDF, typeset by Typst in this process: tagged, and checked against PDF/UA-1 (ISO 14289-1).

The theme's `documents/article.typ` is the template. What it shows comes as data, so no article can say anything in
Typst's own language. Only the theme's fonts and those in Typst itself are used: the same article gives the same bytes
on every machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from sitegen.beneath import read_plain
from sitegen.bundled import bundled_themes
from sitegen.plan.documents import DocumentView, shown_address
from sitegen.problems import Problem, excerpt_of, problem_at
from sitegen.render.document import Node, strings
from sitegen.render.theme import Theme
from sitegen.text import MAX_ARTICLE_BYTES, read_text

if TYPE_CHECKING:
    import typst

FOLDER = "documents"
MAIN = "article.typ"
_FONTS = (".ttf", ".otf", ".ttc", ".otc")
_LETTER = re.compile(r'the text `"(?P<sign>(?:[^"\\]|\\.){1,40})"` could not')
_PLACE = re.compile(r"┌─ (?P<file>[^\s:]{1,200}):(?P<line>\d+):(?P<column>\d+)")
_CODE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_WORDS = re.compile(r"\w[\w ,;]{3,80}")
"""What quotation marks and tags do not change."""
_TRIED = 50
_INSTEAD = "write downloads: [html] in this article, and it has no PDF"


class NotTypeset(Exception):
    """An article that cannot be typeset, as a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Panic(Exception):
    """The library that typesets failed, and not over what it was given to set."""


def typeset_files(theme: Theme) -> dict[str, Path]:
    """The theme's files that PDF is made with, by their names below documents/."""
    return {name: path for name, path in theme.whole.files(FOLDER).items() if name.lower().endswith((".typ", *_FONTS))}


class Typesetter:
    """Typesets articles in one process after another; `folder` is one of its own, in which it writes.

    It can be handed on to a forked process before it was used for the first time: the library keeps threads.
    """

    def __init__(self, theme: Theme, folder: Path) -> None:
        self._theme, self._folder = theme, folder

    @cached_property
    def _compiler(self) -> typst.Compiler:
        import typst

        files = typeset_files(self._theme)
        fonts = sorted({str(path.parent) for name, path in files.items() if name.lower().endswith(_FONTS)})
        for name, path in files.items():
            if name.endswith(".typ"):
                place = self._own / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(read_plain(path))
        found = typst.Fonts(include_system_fonts=False, font_paths=list[Any](fonts))
        return typst.Compiler(str(self._own / MAIN), root=str(self._own), font_paths=found)

    @cached_property
    def _own(self) -> Path:
        folder = self._folder / str(os.getpid())
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def pdf(
        self,
        view: DocumentView,
        body: Sequence[Node],
        names: Sequence[str],
        pictures: Mapping[str, bytes],
        lead: str,
    ) -> bytes:
        """The PDF of an article. `pictures` are the files that it names, `lead` that of the lead picture, `names` the
        parts that links lead to. Raises TypstError, and Panic where the library itself fails.
        """
        for name, data in pictures.items():
            (self._own / name).write_bytes(data)
        try:
            made = self._compiler.compile(
                format="pdf",
                sys_inputs={"data": _data(view, body, names, lead).decode()},
                pdf_standards="ua-1",
                # A day says enough, and is the same each time.
                timestamp=0,
            )
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            # The library's own errors are no exceptions to Python, and nobody knows what it is like after one.
            del self.__dict__["_compiler"]
            raise Panic(str(error)) from None
        finally:
            for name in pictures:
                (self._own / name).unlink(missing_ok=True)
        assert isinstance(made, bytes)
        return made


def _data(view: DocumentView, body: Sequence[Node], names: Sequence[str], lead: str) -> bytes:
    language, _, rest = view.language.partition("-")
    region = next((part for part in rest.split("-") if len(part) == 2 and part.isalpha()), None)
    article = msgspec.to_builtins(view)
    article["url-shown"] = shown_address(view.url)
    if article["image"] is not None:
        article["image"]["src"] = lead
    return msgspec.json.encode(
        {
            "site": {"title": view.site, "url": view.site_url},
            "article": article,
            "body": body,
            "names": names,
            "language": language.lower(),
            "region": region,
            "paper": view.paper,
            "columns": view.columns,
        }
    )


def why_not(error: Exception, root: Path, source: str, theme: Theme, find: Callable[[], Node | None]) -> Problem:
    """Why an article could not be typeset: the place in the theme's own template, which can be mended there; otherwise
    where the guilty node stands in the writer's file. To `find` that, the text is typeset several times more.
    """
    said, diagnostic = str(getattr(error, "message", error)), str(getattr(error, "diagnostic", ""))
    letter = _LETTER.search(said)
    if letter:
        return _no_letter(_CODE.sub(lambda found: chr(int(found[1], 16)), letter["sign"]), root, source, theme)
    hints = getattr(error, "hints", None) or []
    hint = f"{hints[0]}; or {_INSTEAD}" if hints else _INSTEAD
    place = _PLACE.search(diagnostic)
    files = typeset_files(theme)
    # Typst names the copy that it works with.
    name = next((name for name in files if place and f"/{place['file']}".endswith(f"/{name}")), "")
    path = files.get(name)
    node = find() if path is None or path.is_relative_to(bundled_themes()) else None
    if node is not None:
        return _in_text(f"the PDF cannot be made of what stands here: {said}", root, source, node)
    if place is None:
        return Problem(source, 0, 0, f"the PDF cannot be made: {said}", hint)
    shown = theme.shown(path) if path is not None else f"{FOLDER}/{place['file']}"
    # Typst counts columns from 0.
    line, column = int(place["line"]), int(place["column"]) + 1
    excerpt, cut = excerpt_of(_line(path, line) if path is not None else "", column)
    hint = hints[0] if hints else ""
    return Problem(shown, line, column, f"the PDF cannot be made: {said}", hint, excerpt, rendering=source, cut=cut)


def _in_text(message: str, root: Path, source: str, node: Node) -> Problem:
    """A problem at the first of a node's words that stand in the writer's file as they are set."""
    hint = f"write it in another way, or {_INSTEAD}"
    text, _ = read_text(root, source, MAX_ARTICLE_BYTES)
    words = [found[0] for part in islice(strings([node]), _TRIED) for found in islice(_WORDS.finditer(part), _TRIED)]
    words.sort(key=len, reverse=True)
    at = next((at for one in words if (at := (text or "").find(one)) >= 0), -1)
    return problem_at(source, text, at, message, hint) if text and at >= 0 else Problem(source, 0, 0, message, hint)


def _no_letter(sign: str, root: Path, source: str, theme: Theme) -> Problem:
    message = f'the PDF has no letter for "{sign}"'
    hint = f"put a font that has it into themes/{theme.name}/{FOLDER}/fonts/, or {_INSTEAD}"
    text, _ = read_text(root, source, MAX_ARTICLE_BYTES)
    at = text.find(sign) if text is not None else -1
    if text is None or at < 0:
        return Problem(source, 0, 0, message, hint)
    return problem_at(source, text, at, message, hint)


def _line(path: Path, number: int) -> str:
    lines = read_plain(path).decode("utf-8", "replace").splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""
