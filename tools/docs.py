"""Writes docs/content.md, docs/themes.md and the policy in docs/hosting.md from the program's code: `make docs`."""

from __future__ import annotations

import re
from pathlib import Path

from sitegen.bundled import bundled_themes
from sitegen.plan.policy import Inlined, digest_of_inline, header
from sitegen.reference import documentation
from tools import themedocs

DOCS = Path(__file__).resolve().parent.parent / "docs"


_POLICY = re.compile(r'(    Content-Security-Policy: |add_header Content-Security-Policy ")[^"\n]*')


def hosting() -> str:
    """docs/hosting.md with the policy of the default theme's pages."""
    static = bundled_themes() / "default/static"
    script, style = ((static / name).read_text("utf-8") for name in ("js/remembered.js", "css/download.css"))
    said = header(Inlined((digest_of_inline(script),), (digest_of_inline(style),)))
    return _POLICY.sub(lambda found: found[1] + said, (DOCS / "hosting.md").read_text("utf-8"))


def main() -> None:
    made = (("content.md", documentation()), ("themes.md", themedocs.documentation()), ("hosting.md", hosting()))
    for name, text in made:
        (DOCS / name).write_text(text, "utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
