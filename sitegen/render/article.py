"""The view of one article, made when it is rendered: bodies are never all in memory at once."""

from __future__ import annotations

from markupsafe import Markup

from sitegen.config import SiteConfig
from sitegen.plan.cards import image_view, section_link
from sitegen.plan.formats import Formats, direction
from sitegen.plan.site import ArticlePlan
from sitegen.plan.terms import home_link, term_links
from sitegen.plan.urls import Urls
from sitegen.plan.variants import Variant
from sitegen.plan.views import ArticleView, DateView, DownloadLink, OriginalView, SizeLink, SourceView, Toolbar
from sitegen.render.markdown import Text
from sitegen.render.reading import reading_minutes
from sitegen.sources.articles import Article
from sitegen.sources.pictures import Library


def article_view(
    unit: ArticlePlan,
    config: SiteConfig,
    formats: Formats,
    urls: Urls,
    library: Library,
    text: Text,
    content: Markup,
) -> ArticleView:
    """Everything that an article's pages may show."""
    article = unit.article
    section = section_link(config, urls, article.section)
    language = article.language or config.language
    return ArticleView(
        title=article.title,
        url=urls.local(unit.path),
        canonical=urls.absolute(unit.path),
        breadcrumb=(home_link(config, formats), section),
        section=section,
        section_slug=article.section,
        language=language,
        direction=direction(language),
        summary=article.summary,
        description=article.excerpt or text.summary,
        authors=article.authors,
        translators=article.translator,
        published=formats.date(article.published) or DateView("", ""),
        updated=formats.date(article.updated),
        minutes=minutes_of(article, config, text),
        image=image_view(article.image, library, urls) if article.image else None,
        content=content,
        source=SourceView(article.source.name, urls.written_absolute(article.source.url)) if article.source else None,
        original=_original(article, formats, urls),
        tags=term_links(config, "tags", article.tags),
        brands=term_links(config, "brands", article.brands),
        people=term_links(config, "people", article.people),
        older=unit.older,
        newer=unit.newer,
        related=unit.related,
        copyright=article.copyright or config.copyright,
    )


def minutes_of(article: Article, config: SiteConfig, text: Text) -> int:
    """The minutes it takes to read an article: its own figure, or else one that follows from its text's length."""
    if article.reading_minutes is not None:
        return article.reading_minutes
    # The site's own figure speaks of the site's language; an article in another one keeps that one's norm.
    language = article.language or config.language
    own = config.words_per_minute if language == config.language else None
    return reading_minutes(text.words, text.characters, language, own)


def _original(article: Article, formats: Formats, urls: Urls) -> OriginalView | None:
    original = article.original
    if original is None:
        return None
    name = formats.language_name(original.language)
    return OriginalView(original.language, name, urls.written_absolute(original.url), original.note)


def toolbar(unit: ArticlePlan, url: str, current: Variant, formats: Formats) -> Toolbar:
    """The links of an article's tools, as rows of the variants table."""
    paper = next((v.file for v in unit.variants if v.role == "print"), "")
    kept = [v for v in (*unit.documents, *unit.variants) if v.role == "download"]
    sizes = tuple(
        SizeLink(v.name, formats.say(v.label), v.sign, url + v.file.removesuffix("index.html"), v.scale, v is current)
        for v in unit.variants
        if v.role == "text-size"
    )
    return Toolbar(
        downloads=tuple(DownloadLink(v.name, v.label, url + v.file, f"{unit.article.slug}.{v.name}") for v in kept),
        print=url + paper if paper else "",
        sizes=sizes if len(sizes) > 1 else (),
    )
