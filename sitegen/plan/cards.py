"""Cards: what listings know of an article, made once an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sitegen.config import SiteConfig
from sitegen.plan.formats import Formats, direction
from sitegen.plan.urls import Urls, urls_of
from sitegen.plan.views import Card, DateView, ImageView, Link
from sitegen.problems import Problem
from sitegen.sources.articles import Article, ImageField
from sitegen.sources.media import MediaFault
from sitegen.sources.pictures import Library
from sitegen.sources.places import problem_in


class Sheet:
    """The cards of all live articles."""

    def __init__(self, urls: Urls, cards: dict[str, Card]) -> None:
        self.urls = urls
        self._cards = cards

    def card(self, article: Article) -> Card:
        """The card of one article."""
        return self._cards[article.path]

    def cards(self, articles: Iterable[Article]) -> tuple[Card, ...]:
        """The cards of several, in the same order."""
        return tuple(self._cards[article.path] for article in articles)

    def link(self, article: Article) -> Link:
        """Headline and address only."""
        card = self._cards[article.path]
        return Link(card.title, card.url)


def image_view(image: ImageField, library: Library, urls: Urls) -> ImageView:
    """A picture of front matter, with its size; raises MediaFault."""
    picture = library.picture(image.path)
    return ImageView(
        url=urls.local(picture.file),
        width=picture.width,
        height=picture.height,
        alt=image.alt,
        caption=image.caption,
        credit=image.credit,
        absolute_url=urls.absolute(picture.file),
        base=picture.base,
        focus=image.focus,
        tone=picture.tone,
    )


def section_link(config: SiteConfig, urls: Urls, slug: str) -> Link:
    """A section's title and address."""
    title = next((section.title for section in config.sections if section.slug == slug), slug)
    return Link(title, urls.local(f"/{slug}/"))


def make_sheet(
    config: SiteConfig,
    formats: Formats,
    library: Library,
    live: list[Article],
    paths: Mapping[str, str],
    problems: list[Problem],
    root: Path,
) -> Sheet:
    """All cards; a picture that cannot be shown becomes a problem. `paths` are the articles' site paths."""
    urls = urls_of(config)
    sections = {s.slug: section_link(config, urls, s.slug) for s in config.sections}
    made: dict[str, Card] = {}
    for article in live:
        image: ImageView | None = None
        try:
            image = image_view(article.image, library, urls) if article.image else None
        except MediaFault as fault:
            problems.append(problem_in(root, article.path, ("image", "src"), str(fault), fault.hint))
        date = formats.date(article.published)
        made[article.path] = Card(
            title=article.title,
            url=urls.local(paths[article.path]),
            section=sections[article.section],
            date=date or DateView("", ""),
            summary=article.excerpt,
            image=image,
            language=article.language or config.language,
            direction=direction(article.language or config.language),
            translated=bool(article.translator),
        )
    return Sheet(urls, made)
