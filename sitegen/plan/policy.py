"""What pages may load and run, from one table: the Content Security Policy (W3C, Content Security Policy Level 3).

Hosts send it as a header; for those that cannot, each page holds it as a meta element. Whatever loads something new
adds its row here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct


class Row(Struct, frozen=True):
    """One directive with its sources, and why it is so. A meta element cannot say what is `header_only` (CSP3, 3.3).

    What is `optional` is left out unless the settings name more sources: default-src says the same.
    """

    directive: str
    sources: tuple[str, ...]
    why: str
    header_only: bool = False
    optional: bool = False


PAGES = (
    Row("default-src", ("'self'",), "everything else, such as fonts, comes from the site itself"),
    Row("connect-src", ("'self'",), "scripts of the settings talk to their own hosts", optional=True),
    Row("img-src", ("'self'", "data:"), "a kept page holds its pictures itself"),
    Row("script-src", ("'self'",), "the theme's scripts; those inside of pages by their digests"),
    Row("style-src", ("'self'",), "the theme's style sheets; those inside of pages by their digests"),
    Row("object-src", ("'none'",), "no plug-ins"),
    Row("base-uri", ("'none'",), "no text changes where a page's addresses lead"),
    Row("form-action", ("'none'",), "no page sends a form"),
    Row("frame-ancestors", ("'self'",), "no other site shows a page in a frame", header_only=True),
)
KEPT = (
    Row("default-src", ("'none'",), "a page that is kept holds all that it shows"),
    Row("img-src", ("data:",), "its pictures"),
    Row("style-src", (), "its style sheet, by its digest"),
    Row("base-uri", ("'none'",), "no text changes where its addresses lead"),
    Row("form-action", ("'none'",), "it sends no form"),
)


class Inlined(Struct, frozen=True):
    """The scripts and style sheets that stand inside of pages, each as the digest that a policy names it by."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


class Hosts(Struct, frozen=True):
    """Other hosts, as the settings name them: from which pages load scripts, and to which their scripts talk."""

    scripts: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()


NOBODY = Hosts()


def digest_of_inline(text: str) -> str:
    """How a policy names a script or style sheet that stands in a page (CSP3, 2.3.1, "hash-source")."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def header(inlined: Inlined, hosts: Hosts = NOBODY) -> str:
    """The header for every file of a site."""
    return _written(PAGES, inlined.scripts, inlined.styles, hosts)


def for_every_answer() -> str:
    """What a preview says of all that it sends, whatever its pages say of themselves; nobody may show it in a frame."""
    own = (row for row in PAGES if row.directive in ("object-src", "base-uri", "form-action"))
    return f"{_written(own, (), ())}; frame-ancestors 'none'"


def meta(inlined: Inlined, hosts: Hosts = NOBODY) -> str:
    """What the meta element of a page says."""
    return _written((row for row in PAGES if not row.header_only), inlined.scripts, (), hosts)


def meta_kept(inlined: Inlined) -> str:
    """What the meta element of a page says that readers keep."""
    return _written(KEPT, (), inlined.styles)


def _written(rows: Iterable[Row], scripts: tuple[str, ...], styles: tuple[str, ...], hosts: Hosts = NOBODY) -> str:
    more = {
        "script-src": (*scripts, *hosts.scripts),
        "style-src": styles,
        "connect-src": hosts.connections,
    }
    return "; ".join(_directives(rows, more))


def _directives(rows: Iterable[Row], more: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        added = more.get(row.directive, ())
        if row.optional and not added:
            continue
        sources = (*row.sources, *added)
        yield " ".join((row.directive, *(sources or ("'none'",))))
