"""Finds the interview in a text: paragraphs that begin with a speaker's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from markdown_it.token import Token
from msgspec import Struct

_NO_SPEAKERS = frozenset(
    (
        *("address", "admission", "contact", "correction", "date", "dates", "details", "editor’s note", "how"),
        *("location",),
        *("more", "note", "opening hours", "photo", "photos", "place", "price", "source", "tickets", "time", "tip"),
        *("update", "venue", "warning", "website", "what", "when", "where", "who", "why"),
        *("adresse", "correctif", "horaires", "lieu", "où", "prix", "quand", "quoi", "rectificatif", "tarif"),
        *("achtung", "eintritt", "hinweis", "korrektur", "ort", "preis", "wann", "warum", "was", "wer", "wo", "zeit"),
        *("che cosa", "correzione", "dove", "indirizzo", "luogo", "nota", "orari", "prezzo", "quando"),
        *("corrección", "cuándo", "dirección", "dónde", "horario", "lugar", "precio", "qué"),
        *("waar", "wanneer", "adres", "prijs", "rättelse", "var", "när", "plats", "pris", "hvor", "hvornår", "når"),
    )
)
"""Labels that never name a speaker, however often they occur."""
_MOST_SPEAKERS = 40
"""Names for which a short form is looked for; nobody could follow a talk of more."""
_SHORT = 5
"""Letters of a short form such as FNW."""


class Turn(Struct):
    """One paragraph that may be a turn: what opens it, what opens its name, and the name as typed."""

    paragraph: Token
    strong: Token
    name: str


def turn_of(inline: Token, paragraph: Token) -> Turn | None:
    """`**Name:** words` or `**Name**: words`, as interviews are written."""
    if paragraph.type != "paragraph_open" or paragraph.level != 0:
        return None
    children = inline.children or []
    # markdown-it may start with an empty text.
    while children and children[0].type == "text" and not children[0].content:
        children = children[1:]
        inline.children = children
    if len(children) < 4 or children[0].type != "strong_open" or children[2].type != "strong_close":
        return None
    if not (children[1].content.rstrip().endswith(":") or children[3].content.startswith(":")):
        return None
    name = children[1].content.strip().rstrip(":").rstrip()
    return Turn(paragraph, children[0], name) if name else None


def mark(turns: Sequence[Turn]) -> None:
    """Marks the turns of an interview: the first speaker asks the questions, and all others answer them.

    An interview needs a speaker who comes back. A name that occurs only once counts as a speaker directly after a
    question; anywhere else it is a label, such as a correction or a place.
    """
    turns = [turn for turn in turns if turn.name.casefold() not in _NO_SPEAKERS]
    speakers = _speakers([turn.name for turn in turns])
    often = Counter(speakers)
    asker = next((speaker for speaker in speakers if often[speaker] > 1), None)
    if asker is None:
        return
    spoken = [
        (turn, speaker)
        for number, (turn, speaker) in enumerate(zip(turns, speakers, strict=True))
        if often[speaker] > 1 or (number > 0 and speakers[number - 1] == asker)
    ]
    two = any(speaker != asker for _, speaker in spoken)
    for turn, speaker in spoken:
        kind = "question" if speaker == asker else "answer"
        turn.paragraph.attrSet("class", f"turn {kind}" if two else "turn")
        turn.strong.attrSet("class", "speaker")


def _speakers(names: Sequence[str]) -> list[str]:
    """The speaker of each turn. A short form counts as an earlier name if it fits that name alone."""
    known: dict[str, str] = {}
    full_names: list[str] = []
    speakers = []
    for name in names:
        folded = name.casefold()
        if folded not in known:
            meant = [full for full in full_names if is_short_for(name, full)]
            known[folded] = meant[0] if len(meant) == 1 else name
            if len(full_names) < _MOST_SPEAKERS and len(meant) != 1:
                full_names.append(name)
        speakers.append(known[folded])
    return speakers


def is_short_for(short: str, full: str) -> bool:
    """Whether a name stands for a longer one: `SB` or `Badault` for `Sébastien Badault`, `FNW` for `FashionNetwork`."""
    parts = [part.casefold() for part in re.findall(r"[^\W_]+", full)]
    said = [part.casefold() for part in re.findall(r"[^\W_]+", short)]
    if not said or len(short) >= len(full):
        return False
    if len(said) < len(parts) and all(part in parts for part in said):
        return True
    letters = "".join(said)
    if short.upper() != short or len(letters) > _SHORT or not letters.isalpha():
        return False
    if len(parts) > 1 and letters == "".join(part[0] for part in parts):
        return True
    rest = iter("".join(parts))
    return letters[0] == parts[0][0] and all(letter in rest for letter in letters)
