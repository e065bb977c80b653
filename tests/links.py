"""Following every link of a built site, as a host would answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from sitegen.serve.routes import answer

_ADDRESSES = {"href", "src", "poster", "action", "data", "cite"}
_META = {"og:image", "og:url"}
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]{1,2000})""")
_XML_ADDRESS = re.compile(r"<(?:link|loc|guid[^>]{0,100}|url)>([^<]{1,2000})</|(?:href|url)=\"([^\"]{1,2000})\"")


class Page(HTMLParser):
    """The addresses that a page names, and the places in it that can be named."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.addresses += [value for name, value in values.items() if name in _ADDRESSES]
        if "srcset" in values:
            self.addresses += [part.split()[0] for part in values["srcset"].split(",") if part.strip()]
        if tag == "meta" and values.get("property") in _META:
            self.addresses.append(values["content"])
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.addresses.append(values["content"].partition("url=")[2])
        if "id" in values:
            self.ids.append(values["id"])


def broken_links(site: Mapping[str, bytes], base_url: str) -> list[str]:
    """Every address inside the site that leads nowhere, or only by a detour, as `file: address`; and ids used twice."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(base_url))
    base_path = urlsplit(base_url).path
    pages = {name: Page(data.decode()) for name, data in site.items() if name.endswith(".html")}
    broken = []
    for name, page in pages.items():
        broken += [f"{name}: id {i} twice" for i in sorted(set(page.ids)) if page.ids.count(i) > 1]
    for name, data in site.items():
        here = origin + base_path + name.removesuffix("index.html")
        for address in _addresses(name, data, pages):
            target = urlsplit(urljoin(here, address))
            if target.scheme not in ("http", "https") or f"{target.scheme}://{target.netloc}" != origin:
                continue
            found = answer(unquote(target.path), base_path, site)
            if found.status != 200:
                broken.append(f"{name}: {address}")
            elif target.fragment and unquote(target.fragment) not in pages[found.file].ids:
                broken.append(f"{name}: {address} (no such place in the page)")
    return broken


def _addresses(name: str, data: bytes, pages: Mapping[str, Page]) -> Iterator[str]:
    if name in pages:
        yield from pages[name].addresses
    elif name.endswith(".css"):
        yield from _CSS_URL.findall(data.decode())
    elif name.endswith(".xml"):
        for element, attribute in _XML_ADDRESS.findall(data.decode()):
            yield element or attribute
    elif name == "robots.txt":
        yield from re.findall(r"^Sitemap: (\S+)$", data.decode(), re.MULTILINE)
