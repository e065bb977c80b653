"""The default theme: what its style sheets must never do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.render.theme import bundled_themes

SHEETS = sorted((bundled_themes() / "default/static/css").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_length_follows_the_window_instead_of_the_text_size(sheet: Path) -> None:
    # A headline in vw stays where it is when the reader doubles the text (WCAG 1.4.4).
    assert not re.findall(
        r"\d(?:vw|vi|vmin|vmax)\b", re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    )
