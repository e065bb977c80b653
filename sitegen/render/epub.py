"""An article as EPUB 3.3: one text with its pictures, in a zip file that is the same each time.

References are to "EPUB 3.3" (W3C Recommendation), its metadata for accessibility to "EPUB Accessibility 1.1".
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from sitegen.plan.documents import DocumentView
from sitegen.render.document import Node, label
from sitegen.text import as_line

STYLE = "documents/epub.css"
_TYPE = "application/epub+zip"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""A zip file knows no earlier moment; which one it is says nothing."""
_CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


class Part(Struct, frozen=True):
    """One file of the publication, by its name in EPUB/."""

    name: str
    media_type: str
    data: bytes
    properties: str = ""


def packed(view: DocumentView, article: str, style: str, pictures: Iterable[Part], body: Sequence[Node]) -> bytes:
    """The EPUB file of an article. `article` is its whole XHTML document, `body` the text in it."""
    parts = [
        Part("nav.xhtml", "application/xhtml+xml", _navigation(view, body).encode(), "nav"),
        Part("article.xhtml", "application/xhtml+xml", article.encode()),
        Part("style.css", "text/css", style.encode()),
        *pictures,
    ]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        # The first one, and not compressed, so that it can be read at its place (section 4.2.6.2).
        _add(file, "mimetype", _TYPE.encode(), zipfile.ZIP_STORED)
        _add(file, "META-INF/container.xml", _CONTAINER.encode())
        _add(file, "EPUB/package.opf", _package(view, parts).encode())
        for part in parts:
            is_packed = part.media_type.startswith("image/")
            _add(file, f"EPUB/{part.name}", part.data, zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _add(file: zipfile.ZipFile, name: str, data: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
    about = zipfile.ZipInfo(name, _EARLIEST)
    about.compress_type = how
    # As if made on Unix by somebody who lets everybody read it, whoever it was.
    about.create_system, about.external_attr = 3, 0o644 << 16
    file.writestr(about, data, compresslevel=9)


def _metadata(view: DocumentView, has_pictures: bool) -> str:
    """What is said of the publication (section 5.5): one element a line."""
    said = [
        ("dc:identifier", {"id": "id"}, view.url),
        ("dc:title", {}, view.title),
        ("dc:language", {}, view.language),
        ("meta", {"property": "dcterms:modified"}, view.modified),
        ("dc:date", {}, view.published[:10]),
        ("dc:publisher", {}, view.site),
    ]
    for number, name in enumerate(view.authors, 1):
        said.append(("dc:creator", {"id": f"author-{number}"}, name))
        said.append(("meta", {"refines": f"#author-{number}", "property": "role", "scheme": "marc:relators"}, "aut"))
    for number, name in enumerate(view.translators, 1):
        said.append(("dc:contributor", {"id": f"translator-{number}"}, name))
        said.append(
            ("meta", {"refines": f"#translator-{number}", "property": "role", "scheme": "marc:relators"}, "trl")
        )
    for name, text in (("description", view.description), ("source", view.source), ("rights", view.rights)):
        if text:
            said.append((f"dc:{name}", {}, text))
    said += [("dc:subject", {}, word) for word in view.keywords]
    access = [
        *(("accessMode", mode) for mode in ("textual", *(("visual",) if has_pictures else ()))),
        ("accessModeSufficient", "textual"),
        *(("accessibilityFeature", name) for name in ("structuralNavigation", "tableOfContents", "readingOrder")),
        *((("accessibilityFeature", "alternativeText"),) if has_pictures else ()),
        ("accessibilityHazard", "none"),
    ]
    said += [("meta", {"property": f"schema:{name}"}, value) for name, value in access]
    return "\n".join(_said(name, given, text) for name, given, text in said)


def _package(view: DocumentView, parts: Sequence[Part]) -> str:
    """The package document (section 5)."""
    has_pictures = any(part.media_type.startswith("image/") for part in parts)
    listed = "\n".join(
        f'<item id="{_id(part)}" href={quoteattr(part.name)} media-type="{part.media_type}"'
        + (f' properties="{part.properties}"' if part.properties else "")
        + "/>"
        for part in parts
    )
    direction = ' page-progression-direction="rtl"' if view.direction == "rtl" else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"'
        f" xml:lang={quoteattr(view.language)}>\n"
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n{_metadata(view, has_pictures)}\n'
        f"</metadata>\n<manifest>\n{listed}\n</manifest>\n"
        f'<spine{direction}>\n<itemref idref="article-xhtml"/>\n</spine>\n</package>\n'
    )


def _said(name: str, given: dict[str, str], text: str) -> str:
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in given.items())
    return f"<{name}{attributes}>{escape(text)}</{name}>"


def _id(part: Part) -> str:
    return part.name.replace(".", "-")


def _words(node: dict[str, Any]) -> str:
    return escape(as_line(label(node["children"])))


def _navigation(view: DocumentView, body: Sequence[Node]) -> str:
    """The navigation document (section 7): the headline, and below it the text's own headings of the first rank."""
    inner = "".join(
        f"<li><a href={quoteattr('article.xhtml#' + node['id'])}>{_words(node)}</a></li>"
        for node in body
        if not isinstance(node, str) and node["tag"] == "h2" and node.get("id") and _words(node)
    )
    below = f"<ol>{inner}</ol>" if inner else ""
    title, language = escape(view.title), quoteattr(view.language)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f" lang={language} xml:lang={language}>\n"
        f"<head><title>{title}</title></head>\n"
        f'<body><nav epub:type="toc"><h1>{title}</h1>'
        f'<ol><li><a href="article.xhtml">{title}</a>{below}</li></ol></nav></body>\n</html>\n'
    )
