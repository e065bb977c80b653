"""The corpus as sites for other generators: as much of what sitegen makes as each of them can.

Hugo makes the same six files an article with the templates beside this module, in which everything that pages share
(navigation, job ads, footer, an article's own parts) is rendered once, as sitegen does. Pelican makes one file an
article, with its simplest own theme.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from textwrap import dedent

from bench.corpus import SECTIONS, Entry, entries, jobs

HUGO = Path(__file__).resolve().parent / "hugo"
STYLES = Path(__file__).resolve().parent.parent / "themes/default/static/css"


def hugo_text(entry: Entry) -> str:
    """An article as Hugo reads it: JSON front matter, the quickest that it has."""
    fields: dict[str, object] = {
        "title": entry.title,
        "date": entry.day.isoformat(),
        "summary": entry.summary,
        "authors": [entry.author],
        "translator": entry.translator,
        "tags": entry.tags,
        "brands": entry.brands,
    }
    if entry.translator:
        fields["source"] = {"name": "Source", "url": f"https://source.example/{entry.name}"}
    return json.dumps(fields, indent=1) + f"\n\n{entry.body}"


def write_hugo(root: Path, count: int) -> None:
    """A whole site for Hugo."""
    shutil.copytree(HUGO, root)
    (root / "assets").mkdir()
    sheets = sorted(STYLES.glob("*.css"))
    (root / "assets/site.css").write_text("".join(sheet.read_text("utf-8") for sheet in sheets), "utf-8")
    shutil.copy(STYLES / "download.css", root / "assets/download.css")
    (root / "data").mkdir()
    (root / "data/jobs.json").write_text(json.dumps(list(jobs())), "utf-8")
    pages = root / "content"
    for slug in SECTIONS:
        (pages / slug).mkdir(parents=True)
        (pages / slug / "_index.md").write_text(json.dumps({"title": slug.title()}) + "\n", "utf-8")
    for name, title in (("about", "About"), ("jobs", "Jobs")):
        fields = {"title": title, "outputs": ["html"], "url": f"/{name}/", "layout": "jobs" if name == "jobs" else ""}
        (pages / f"{name}.md").write_text(json.dumps(fields) + "\n\nA site for measuring.\n", "utf-8")
    for entry in entries(count):
        (pages / entry.section / f"{entry.name}.md").write_text(hugo_text(entry), "utf-8")


# The pattern for further pages keeps the second one of "House 1" apart from the first one of "House 12".
PELICAN_SETTINGS = """
    SITENAME = "Corpus"
    SITEURL = "https://corpus.example"
    PATH = "content"
    TIMEZONE = "UTC"
    THEME = "simple"
    ARTICLE_URL = "{category}/{slug}/"
    ARTICLE_SAVE_AS = "{category}/{slug}/index.html"
    DEFAULT_PAGINATION = 20
    PAGINATION_PATTERNS = (
        (1, "{url}", "{save_as}"),
        (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
    )
    SUMMARY_MAX_LENGTH = None
    FEED_ALL_RSS = "feed.xml"
    FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""


def pelican_text(entry: Entry) -> str:
    """An article as Pelican reads it."""
    fields = {
        "Title": entry.title,
        "Date": entry.day.isoformat(),
        "Category": entry.section,
        "Tags": ", ".join((*entry.tags, *entry.brands)),
        "Slug": entry.name,
        "Authors": entry.author,
        "Summary": entry.summary,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items()) + f"\n{entry.body}"


def write_pelican(root: Path, count: int) -> None:
    """A whole site for Pelican."""
    for slug in SECTIONS:
        (root / "content" / slug).mkdir(parents=True)
    (root / "pelicanconf.py").write_text(dedent(PELICAN_SETTINGS).lstrip(), "utf-8")
    for entry in entries(count):
        (root / "content" / entry.section / f"{entry.name}.md").write_text(pelican_text(entry), "utf-8")
