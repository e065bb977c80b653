"""Files for machines: RSS 2.0, sitemaps (sitemaps.org 0.9) and robots.txt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from functools import partial
from typing import Any
from xml.etree import ElementTree as ET

from sitegen.plan.feeds import SITE_MAP, Feed, FeedItem, SiteMap
from sitegen.plan.site import SitePlan
from sitegen.plan.urls import Urls, output_file
from sitegen.plan.views import SiteView

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def machine_files(plan: SitePlan, urls: Urls) -> Iterator[tuple[str, Any, Callable[[], bytes]]]:
    """Every file for machines: its name in output/, what it lists, and what makes it."""
    for feed in plan.feeds:
        yield output_file(feed.path), feed, partial(_rss, feed, plan.site, urls)
    for part in plan.sitemaps:
        yield output_file(part.path), part, partial(_sitemap, part)
    yield "robots.txt", "", f"User-agent: *\nAllow: /\n\nSitemap: {urls.absolute(SITE_MAP)}\n".encode
    # GitHub Pages would otherwise hand the files to Jekyll.
    yield ".nojekyll", "", bytes


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    element = ET.SubElement(parent, tag, attributes)
    element.text = _NOT_XML.sub("\ufffd", text)


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _rss(feed: Feed, site: SiteView, urls: Urls) -> bytes:
    ET.register_namespace("atom", _ATOM)
    ET.register_namespace("dc", _DC)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.home)
    _add(channel, "description", site.description or site.title)
    _add(channel, "language", site.language.lower())
    if site.copyright:
        _add(channel, "copyright", site.copyright)
    own = {"href": urls.absolute(feed.path), "rel": "self", "type": "application/rss+xml"}
    ET.SubElement(channel, f"{{{_ATOM}}}link", own)
    for item in feed.items:
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
    if item.enclosure:
        said = {"url": item.enclosure.url, "length": str(item.enclosure.length), "type": item.enclosure.media_type}
        ET.SubElement(element, "enclosure", said)


def _sitemap(part: SiteMap) -> bytes:
    if part.parts:
        root = ET.Element("sitemapindex", xmlns=_SITEMAP)
        for url in part.parts:
            _add(ET.SubElement(root, "sitemap"), "loc", url)
        return _bytes(root)
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for entry in part.entries:
        element = ET.SubElement(root, "url")
        _add(element, "loc", entry.url)
        if entry.lastmod:
            _add(element, "lastmod", entry.lastmod)
    return _bytes(root)
