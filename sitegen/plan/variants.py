"""The files an article becomes: one row each. A new text size is one row here and a rule in the theme's CSS."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.formats import marked
from sitegen.sources.articles import Article

PARTS = {
    "head": "article/head.html",
    "body": "article/body.html",
    "foot": "article/foot.html",
    "more": "article/more.html",
}
"""The parts of an article and their templates: headline and credits, text, what stands below it, and where to go on."""
WHOLE = tuple(PARTS)
PAPER = ("head", "body")


class Variant(Struct, frozen=True):
    """One file of an article, in the article's own folder.

    `parts` are what its template shows of the article, ready rendered: each is rendered once for all its files.
    `scale` is the text's size in per cent of the reader's own. `label` is what its link is called;
    themes translate it; `sign` stands for it where there is little room. A `standalone` file holds its styles and
    pictures itself: it is kept and read elsewhere. A `document` is no page: it is typeset, or packed.
    """

    name: str
    file: str
    template: str
    label: str
    parts: tuple[str, ...] = WHOLE
    scale: int = 100
    role: str = "text-size"
    standalone: bool = False
    sign: str = ""
    document: bool = False


VARIANTS: tuple[Variant, ...] = (
    Variant("small", "small.html", "article.html", marked("Small text"), scale=87, sign="A−"),
    Variant("article", "index.html", "article.html", marked("Normal text"), sign="A"),
    Variant("large", "large.html", "article.html", marked("Large text"), scale=125, sign="A+"),
    Variant("x-large", "x-large.html", "article.html", marked("Very large text"), scale=200, sign="A++"),
    Variant("print", "print.html", "print.html", marked("Print"), PAPER, role="print"),
    Variant("pdf", "download.pdf", "", "PDF", (), role="download", document=True),
    Variant("epub", "download.epub", "", "EPUB", (), role="download", document=True),
    Variant("html", "download.html", "download.html", "HTML", PAPER, role="download", standalone=True),
)
"""In the order in which their links stand."""


def chosen(config: SiteConfig, article: Article, rank: int) -> tuple[Variant, ...]:
    """The variants of an article: its own choice, or else the site's; the article itself is always one of them.

    `rank` is its place among all articles, 0 for the newest.
    """
    return _rows(
        _names(config, rank) if article.variants is None else article.variants,
        _formats(config, rank) if article.downloads is None else article.downloads,
    )


def _names(config: SiteConfig, rank: int) -> tuple[str, ...]:
    if config.variants_for is not None and rank >= config.variants_for:
        return ()
    return ("print", *config.text_sizes) if config.print else config.text_sizes


def _formats(config: SiteConfig, rank: int) -> tuple[str, ...]:
    return config.downloads if config.downloads_for is None or rank < config.downloads_for else ()


@lru_cache(maxsize=256)
def _rows(names: tuple[str, ...], downloads: tuple[str, ...]) -> tuple[Variant, ...]:
    wanted = {"article", *names, *downloads}
    return tuple(variant for variant in VARIANTS if variant.name in wanted)
