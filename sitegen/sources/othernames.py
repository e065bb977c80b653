"""What other systems (Hugo, Jekyll, WordPress exports, Pelican, Eleventy, job feeds) call the fields that there are."""

from __future__ import annotations

from collections.abc import Collection

_OURS: dict[str, str] = {
    # ours, in the order in which they are tried: what others say
    "order": "weight menuorder position sortorder",
    "title": "headline name heading position role jobtitle post",
    "published": "date pubdate publishdate publishedat publishedon created createdat datecreated postdate",
    "posted": "date pubdate published publishdate created createdat datecreated dateposted",
    "updated": "lastmod modified lastmodified updatedat lastmodifiedat lastupdated datemodified dateupdated",
    "expires": "expirydate unpublishdate expiry expiration validthrough deadline closes closing end ends until",
    "starts": "start begin begins from published date",
    "summary": "description excerpt abstract subtitle deck lead teaser standfirst dek metadescription seodescription",
    "alt": "description title alttext text",
    "description": "summary body text content details excerpt",
    "src": "url file path source filename image href",
    "image": (
        "featuredimage featureimage thumbnail thumb cover coverimage hero heroimage banner photo picture img images "
        "ogimage socialimage imageurl teaserimage src"
    ),
    "caption": "legend subtitle",
    "credit": "attribution photographer photo copyright author source",
    "slug": "permalink url path basename",
    "url": "link href address applyurl apply website permalink",
    "aliases": "redirectfrom redirects oldurl oldurls alias",
    "section": "category categories channel rubric department",
    "tags": "tag keywords keyword topics topic subjects labels",
    "brands": "brand companies company houses",
    "people": "person persons names",
    "authors": "author byline writer writers by creator",
    "translator": "translators translatedby translation",
    "language": "lang locale languagecode",
    "original": "originalurl canonical canonicalurl translationof",
    "source": "sourceurl origin via publication",
    "copyright": "rights license licence",
    "reading_minutes": "readingtime timetoread readtime",
    "draft": "unpublished hidden private",
    "featured": "sticky pinned highlight",
    "menu": "nav navigation inmenu showinmenu",
    "employer": "company organisation organization hiringorganization brand house",
    "contract": "type contracttype employmenttype jobtype",
    "location": "city town place joblocation office",
    "department": "team division category",
    "remote": "homeoffice remotely telecommute",
    "label": "kicker tag heading",
}
_IDLE = frozenset(
    (
        *("layout", "template", "type", "markup", "toc", "comments", "guid", "id", "postid", "posttype", "sidebar"),
        *("authorprofile", "outputs", "cascade", "headless", "linktitle", "series", "status", "mathjax", "showtoc"),
    )
)
_VALUES: dict[str, set[str]] = {ours: set(others.split()) for ours, others in _OURS.items()}


def ours(name: str, known: Collection[str]) -> str:
    """The known field that another system calls by this name; empty where there is none."""
    bare = name.lower().replace("_", "").replace("-", "").replace(" ", "")
    return next((field for field, others in _VALUES.items() if field in known and bare in others), "")


def is_idle(name: str) -> bool:
    """Whether other systems have a field of this name for what is no matter of a text here."""
    return name.lower().replace("-", "").replace("_", "") in _IDLE
