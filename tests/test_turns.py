"""Interviews: who speaks, who asks, and what only looks like a name."""

from __future__ import annotations

import re

import pytest

from sitegen.render.markdown import parse_body
from sitegen.render.turns import is_short_for


def turns(*names: str) -> list[str]:
    """What each paragraph that begins with a name is: q(uestion), a(nswer), t(urn), or - for none."""
    text = "\n\n".join(f"**{name}:** Some words." for name in names)
    html = parse_body(text, "a.md", 1).html
    kinds = re.findall(r'<p(?: class="turn ?(question|answer)?")?>', html)
    classes = re.findall(r"<p([^>]*)>", html)
    return [kind[:1] or ("t" if "turn" in said else "-") for kind, said in zip(kinds, classes, strict=True)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("FashionNetwork.com", "Sébastien Badault", *("FNW", "SB") * 3), "qaqaqaqa"),
        (("Ada Lind", "Hélène Vasseur", "Ada Lind"), "qaq"),
        (("Ada Lind", "Hélène Vasseur", "AL", "HV"), "qaqa"),
        (("Ada Lind", "Hélène Vasseur", "Lind", "Vasseur"), "qaqa"),
        (("Ada Lind", "Hélène Vasseur", "ADA LIND", "Hélène"), "qaqa"),
        (("Q", "A", "Q", "A"), "qaqa"),
        (("Ada", "Berta", "Ada", "Carl", "Ada", "Dora"), "qaqaqa"),
        (("Q", "Q"), "tt"),
        (("Where", "When"), "--"),
        (("Where", "When", "Where", "When"), "----"),
        (("Fabric", "Colour", "Price"), "---"),
        (("Ada", "Berta", "Ada", "Berta", "Correction"), "qaqa-"),
        (("Where", "Ada", "Berta", "Ada", "Berta", "Tickets"), "-qaqa-"),
        (("Ada", "Berta", "Sponsor", "Ada", "Berta"), "qa-qa"),
        (("Sara Berg", "Stina Borg", "SB", "SB"), "--tt"),
        (("Ada",), "-"),
    ],
)
def test_a_talk_needs_somebody_who_comes_back(names: tuple[str, ...], expected: str) -> None:
    assert "".join(turns(*names)) == expected


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("SB", "Sébastien Badault", True),
        ("FNW", "FashionNetwork.com", True),
        ("Badault", "Sébastien Badault", True),
        ("Sébastien", "Sébastien Badault", True),
        ("H.V.", "Hélène Vasseur", True),
        ("VH", "Hélène Vasseur", False),
        ("Berta", "Sébastien Badault", False),
        ("Seb", "Sébastien Badault", False),
        ("Sébastien Badault", "SB", False),
        ("?", "Sébastien Badault", False),
    ],
)
def test_a_short_form_stands_for_a_name(short: str, full: str, expected: bool) -> None:
    assert is_short_for(short, full) is expected
