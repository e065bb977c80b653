"""Files for machines: RSS 2.0, sitemaps (sitemaps.org 0.9) and robots.txt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from sitegen.plan.site import MAP_ENTRIES, FeedItem, MapEntry, SitePlan
from sitegen.plan.urls import Urls

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed_files(plan: SitePlan, urls: Urls) -> list[tuple[str, bytes]]:
    """Every file for machines, by its name in output/."""
    return [
        ("feed.xml", _rss(plan, urls)),
        *_sitemaps(plan.sitemap, urls),
        ("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {urls.absolute('/sitemap.xml')}\n".encode()),
        # GitHub Pages would otherwise hand the files to Jekyll.
        (".nojekyll", b""),
    ]


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    element = ET.SubElement(parent, tag, attributes)
    element.text = _NOT_XML.sub("\ufffd", text)


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _rss(plan: SitePlan, urls: Urls) -> bytes:
    ET.register_namespace("atom", _ATOM)
    ET.register_namespace("dc", _DC)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", plan.site.title)
    _add(channel, "link", plan.site.url)
    _add(channel, "description", plan.site.description or plan.site.title)
    _add(channel, "language", plan.site.language.lower())
    if plan.site.copyright:
        _add(channel, "copyright", plan.site.copyright)
    own = {"href": urls.absolute("/feed.xml"), "rel": "self", "type": "application/rss+xml"}
    ET.SubElement(channel, f"{{{_ATOM}}}link", own)
    for item in plan.feed:
        _item(channel, item)
    return _bytes(root)


def _item(channel: ET.Element, item: FeedItem) -> None:
    element = ET.SubElement(channel, "item")
    _add(element, "title", item.title)
    _add(element, "link", item.url)
    _add(element, "guid", item.url, isPermaLink="true")
    _add(element, "pubDate", format_datetime(item.published))
    _add(element, "category", item.section)
    for author in item.authors:
        _add(element, f"{{{_DC}}}creator", author)
    if item.summary:
        _add(element, "description", item.summary)


def _sitemaps(entries: Sequence[MapEntry], urls: Urls) -> list[tuple[str, bytes]]:
    """One sitemap, or an index of several where there are too many addresses for one."""
    if len(entries) <= MAP_ENTRIES:
        return [("sitemap.xml", _sitemap(entries))]
    parts = [entries[i : i + MAP_ENTRIES] for i in range(0, len(entries), MAP_ENTRIES)]
    files = [(f"sitemap-{n}.xml", _sitemap(part)) for n, part in enumerate(parts, 1)]
    root = ET.Element("sitemapindex", xmlns=_SITEMAP)
    for name, _ in files:
        _add(ET.SubElement(root, "sitemap"), "loc", urls.absolute(f"/{name}"))
    return [("sitemap.xml", _bytes(root)), *files]


def _sitemap(entries: Sequence[MapEntry]) -> bytes:
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for entry in entries:
        element = ET.SubElement(root, "url")
        _add(element, "loc", entry.url)
        if entry.lastmod:
            _add(element, "lastmod", entry.lastmod)
    return _bytes(root)
