"""What a static host answers to a path: a file, another address, or the page that says there is nothing."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import quote

from msgspec import Struct

NOT_FOUND = "404.html"


class Answer(Struct, frozen=True):
    """The answer to a path: a status, and the file to send or the address to go to."""

    status: int
    file: str = ""
    location: str = ""


def answer(path: str, base_path: str, files: Container[str]) -> Answer:
    """The answer to a decoded path on a host that has `files` below `base_path` (which ends in /).

    Only what is among the files is ever found, so no spelling of a path leaves the site.
    """
    if not path.startswith(base_path):
        # Nothing but the site lives on this host: whoever asks for its root wants the site.
        is_near = path == "/" or path + "/" == base_path
        return Answer(307, location=quote(base_path)) if is_near else _missing(files)
    name = path[len(base_path) :]
    if name == "" or name.endswith("/"):
        index = name + "index.html"
        return Answer(200, index) if index in files else _missing(files)
    if name in files:
        return Answer(200, name)
    if name + "/index.html" in files:
        return Answer(301, location=quote(path + "/"))
    return _missing(files)


def _missing(files: Container[str]) -> Answer:
    return Answer(404, NOT_FOUND if NOT_FOUND in files else "")
