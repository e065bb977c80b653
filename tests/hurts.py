"""Articles that a layout can break on, each for one reason, and a site of them."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from tests.site import CONFIG, write_files

WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaftenverein"[:80]
HEADLINE = " ".join(["A headline that does not know when it has said enough"] * 4)[:200]
COLUMNS = 12
PARAGRAPHS = 300


def picture(width: int, height: int) -> bytes:
    """A JPEG file of so many pixels."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    made = io.BytesIO()
    image.save(made, "JPEG", quality=70)
    return made.getvalue()


def _article(title: str, text: str, day: int, *lines: str) -> str:
    front = "\n".join([f'title: "{title}"', f"published: 2026-10-{day:02}", *lines])
    return f"---\n{front}\n---\n{text}\n"


def _table(columns: int) -> str:
    rows = ["|".join(f"{kind} {n}" for n in range(columns)) for kind in ("Column", "Value", "Another value")]
    return "\n".join([rows[0], "|".join(["---"] * columns), *rows[1:]])


TEXT = "Cloth is sold by the metre and bought by the hand. " * 6
IMAGE = ("image:", "  src: /images/{0}.jpg", "  alt: A gradient from black to white")


def _pictured(name: str) -> tuple[str, ...]:
    return tuple(line.format(name) for line in IMAGE)


ARTICLES = {
    "headline": _article(HEADLINE, TEXT, 1, "summary: Long.", *_pictured("wide")),
    "no-picture": _article("No picture", TEXT, 2, "summary: Nothing to be seen."),
    "tall": _article(
        "A picture of one to five", f"{TEXT}\n\n![A tall gradient](/images/tall.jpg)", 3, *_pictured("tall")
    ),
    "table": _article("Twelve columns", _table(COLUMNS), 4, *_pictured("wide")),
    "word": _article(WORD, f"{TEXT}\n\n{WORD} {WORD}\n\n## {WORD}\n\n> {WORD}\n\n- {WORD}\n", 5, f"summary: {WORD}"),
    "arabic": _article(
        "النسيج لا يعرف لماذا صُنع",
        "يباع القماش بالمتر ويشترى باليد. " * 8 + "\n\n> القماش لا ينسى.\n\n1. خيط\n2. نسيج\n",
        6,
        "language: ar",
        "tags: [weaves]",
    ),
    "chinese": _article("布料不记得它的用途", "布料按米出售,用手购买。" * 40, 7, "language: zh", "summary: 关于布料。"),
    "long": _article("Three hundred paragraphs", "\n\n".join([TEXT] * PARAGRAPHS), 8, "tags: [weaves]"),
    "bare": _article("No summary and no tags", TEXT, 9),
    "everything": _article(
        "Everything at once",
        f"{TEXT}[^1]\n\n## A heading\n\n> Short.\n\n> {TEXT}\n>\n> — Somebody\n\n**A:** Why?\n\n**B:** Because.\n\n"
        f"{_table(4)}\n\n1. One\n2. Two\n\n`code` and [a link](https://host.example/a/very/long/address/{'x' * 60})\n\n"
        '![A gradient](/images/wide.jpg "A caption")\n\n[^1]: A note.\n',
        10,
        "summary: All kinds of parts.",
        "authors: [Maud Ellery, A Second Author]",
        "translator: Jonas Wikander",
        "updated: 2026-10-12",
        "tags: [weaves, wool]",
        "brands: [Norrby]",
        "people: [Olof Stenmark]",
        "source: {name: Handelsbladet, url: 'https://handelsbladet.example/a'}",
        "original: {language: sv, url: 'https://handelsbladet.example/a'}",
        *_pictured("wide"),
    ),
}
"""Each by the name of its file."""

JOBS = """\
total: 2
jobs:
  - employer: {word}
    title: {word}
    location: {word}
    url: https://jobs.example/1
  - employer: D&H
    title: Weaver
"""


def write_hurting_site(root: Path) -> Path:
    """The whole site."""
    write_files(
        root,
        {
            "sitegen.toml": CONFIG + '\n[variants]\nprint = true\ntext_sizes = ["small", "large", "x-large"]\n',
            "content/images/wide.jpg": picture(1600, 900),
            "content/images/tall.jpg": picture(300, 1500),
            "content/jobs.yaml": JOBS.format(word=WORD),
            "content/pages/about.md": f"---\ntitle: About {WORD}\n---\n{TEXT}\n",
            **{f"content/articles/news/{name}.md": text for name, text in ARTICLES.items()},
        },
    )
    return root


PAGES = {
    "front": "/",
    "section": "/news/",
    "jobs": "/jobs/",
    "tags": "/tags/",
    "archive": "/archive/",
    "standing": "/about/",
    "missing": "/404.html",
    **{name: f"/news/2026/10/{name}/" for name in ARTICLES},
}
"""Pages of every kind, by the kind or the article's name."""
