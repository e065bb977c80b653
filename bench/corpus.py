"""Sites of any size for measuring and for large tests: the same number always gives the same site.

    python -m bench.corpus 10000 DIR

An article has 4 to 5 KB of text with headings, links and emphasis, every second one a list or a quotation, every fifth
a table; it has three tags and up to two brands of a few hundred. Beside the articles stand 218 job ads.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

SECTIONS = ("fabrics", "making", "retail", "care", "history", "interviews")
JOBS = 218
FIRST_DAY = date(2008, 1, 1)
A_DAY = 3
"""Articles that are published on one day."""
SPAN = 15_000
"""After so many articles the days begin again, so that none lies ahead: larger sites publish more a day."""

_VOCABULARY = """
warp weft thread yarn cloth loom reed heddle shuttle selvedge twill satin plain rib pile knit gauge stitch seam dart
pleat collar cuff lining button hem shoulder sleeve pattern cutter tailor mender dyer weaver spinner buyer season order
sample parcel return shelf price margin label wash press steam brush store moth light wool linen cotton silk hemp flax
felt leather lace ribbon cord old new narrow wide heavy light slow patient exact careful makes holds turns keeps carries
measures repairs sells counts asks answers remembers shrinks gives stands falls and or but with without under over
before after between the a one every no more less than as when while because
"""
_WORDS = _VOCABULARY.split()


class Entry(Struct, frozen=True):
    """One article of the corpus, in no generator's own form."""

    name: str
    title: str
    day: date
    section: str
    summary: str
    tags: tuple[str, ...]
    brands: tuple[str, ...]
    author: str
    translator: str
    body: str


def entries(count: int, first: int = 0) -> Iterator[Entry]:
    """Articles from the number `first` on, from the oldest to the newest; each depends on its number only."""
    for number in range(first, first + count):
        draw = random.Random(number)
        yield Entry(
            name=f"story-{number:06d}",
            title=f"{_sentence(draw, 4, 9)} {number}",
            day=FIRST_DAY + timedelta(days=number % SPAN // A_DAY),
            section=SECTIONS[draw.randrange(len(SECTIONS))],
            summary=_sentence(draw, 16, 26) + ".",
            tags=tuple(f"tag {n}" for n in sorted(draw.sample(range(120), 3))),
            brands=tuple(f"House {n}" for n in sorted({int(draw.paretovariate(0.8)) % 400 for _ in range(2)})),
            author=f"Author {draw.randrange(60)}",
            translator=f"Translator {draw.randrange(20)}" if draw.random() < 0.6 else "",
            body=_body(draw),
        )


def jobs() -> Iterator[dict[str, str]]:
    """The job ads."""
    draw = random.Random("jobs")
    for number in range(JOBS):
        yield {
            "employer": f"Employer {draw.randrange(70)}",
            "title": f"{_sentence(draw, 2, 5)} {number}",
            "contract": draw.choice(("Permanent", "Temporary", "Part-time")),
            "location": f"TOWN {draw.randrange(45)}",
            "country": draw.choice(("SE", "FR", "GB", "IT")),
            "url": f"https://jobs.example/{number}",
        }


def _words(draw: random.Random, least: int, most: int) -> list[str]:
    return draw.choices(_WORDS, k=draw.randint(least, most))


def _sentence(draw: random.Random, least: int, most: int) -> str:
    return " ".join(_words(draw, least, most)).capitalize()


def _paragraph(draw: random.Random, sentences: int) -> str:
    made = [_sentence(draw, 8, 20) + "." for _ in range(sentences)]
    marked = " ".join(_words(draw, 2, 4))
    made.insert(1, f"**{marked.capitalize()}** {' '.join(_words(draw, 4, 8))}, *{draw.choice(_WORDS)}*.")
    if draw.random() < 0.5:
        made.append(f"See [{' '.join(_words(draw, 2, 4))}](https://source.example/{draw.randrange(10_000)}).")
    return " ".join(made)


def _body(draw: random.Random) -> str:
    parts = [_paragraph(draw, 4), _paragraph(draw, 2)]
    for _ in range(4):
        parts += [f"## {_sentence(draw, 3, 6)}", _paragraph(draw, 4), _paragraph(draw, 3)]
    if draw.random() < 0.5:
        parts.insert(6, "\n".join(f"- {_sentence(draw, 5, 10)}" for _ in range(4)))
    if draw.random() < 0.5:
        parts.insert(9, f"> {_sentence(draw, 10, 18)}.")
    if draw.random() < 0.2:
        rows = [f"| {draw.choice(_WORDS)} | {draw.randrange(90) + 10} | {draw.choice(_WORDS)} |" for _ in range(4)]
        parts.append("\n".join(["| Cloth | Grams | Use |", "| --- | ---: | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def sitegen_text(entry: Entry) -> str:
    """An article as sitegen reads it."""
    fields = {
        "title": entry.title,
        "published": entry.day,
        "summary": entry.summary,
        "authors": [entry.author],
        "translator": entry.translator,
        "tags": list(entry.tags),
        "brands": list(entry.brands),
        "source": {"name": "Source", "url": f"https://source.example/{entry.name}"} if entry.translator else "",
    }
    lines = (f"{key}: {value if key == 'published' else json.dumps(value)}" for key, value in fields.items() if value)
    return "---\n" + "\n".join(lines) + f"\n---\n{entry.body}"


def write_site(root: Path, count: int) -> None:
    """A whole site for sitegen, in a folder that is empty or not there."""
    sections = "".join(f'\n[[sections]]\nslug = "{slug}"\ntitle = "{slug.title()}"\n' for slug in SECTIONS)
    root.mkdir(parents=True, exist_ok=True)
    settings = 'title = "Corpus"\nbase_url = "https://corpus.example/"\ndescription = "A site for measuring"\n'
    (root / "sitegen.toml").write_text(settings + sections, "utf-8")
    (root / "content/pages").mkdir(parents=True)
    (root / "content/pages/about.md").write_text("---\ntitle: About\n---\nA site for measuring.\n", "utf-8")
    (root / "content/jobs.yaml").write_text("".join(f"- {json.dumps(job)}\n" for job in jobs()), "utf-8")
    for slug in SECTIONS:
        (root / "content/articles" / slug).mkdir(parents=True)
    for entry in entries(count):
        write_article(root, entry)


def write_article(root: Path, entry: Entry) -> None:
    """One article in its section's folder."""
    path = root / "content/articles" / entry.section / f"{entry.name}.md"
    path.write_text(sitegen_text(entry), "utf-8")


if __name__ == "__main__":
    write_site(Path(sys.argv[2]), int(sys.argv[1]))
