"""The files an article becomes: one row each. A new text size is one row here and a rule in the theme's CSS."""

from __future__ import annotations

from msgspec import Struct

from sitegen.config import SiteConfig


class Variant(Struct, frozen=True):
    """One file of an article, in the article's own folder.

    `scale` is the text's size in per cent of the reader's own. `label` is what its link is called;
    themes translate it. A `standalone` file holds its styles and pictures itself: it is kept and read elsewhere.
    """

    name: str
    file: str
    template: str
    label: str
    scale: int = 100
    role: str = "text-size"
    standalone: bool = False


VARIANTS: tuple[Variant, ...] = (
    Variant("small", "small.html", "article.html", "Small text", 87),
    Variant("article", "index.html", "article.html", "Normal text", 100),
    Variant("large", "large.html", "article.html", "Large text", 125),
    Variant("x-large", "x-large.html", "article.html", "Very large text", 200),
    Variant("print", "print.html", "print.html", "Print", role="print"),
    Variant("download", "download.html", "download.html", "Download", role="download", standalone=True),
)
"""In the order in which their links stand."""


def chosen(config: SiteConfig) -> tuple[Variant, ...]:
    """The variants that this site makes; the article itself is always one of them."""
    wanted = {"article", *config.text_sizes}
    wanted |= {"print"} if config.print else set()
    wanted |= {"download"} if "html" in config.downloads else set()
    return tuple(variant for variant in VARIANTS if variant.name in wanted)
