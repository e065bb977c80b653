"""Keeps the catalogues of the bundled themes: `make messages` after a text was added, changed or removed.

Writes locales/messages.pot with every text of the templates and of the program, and brings each locales/LANGUAGE.po
up to date: what is new stands there without a translation (in English with itself), what is gone is removed.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
THEME = ROOT / "themes/default"
LOCALES = THEME / "locales"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "say_many": (1, 2), "marked": None}
SOURCES = ((THEME / "templates", "*.html", "jinja2"), (ROOT / "sitegen/plan", "*.py", "python"))


def template() -> Catalog:
    """Every text that is translated, with the files that hold it."""
    catalogue = Catalog(project="sitegen", charset="utf-8")
    for folder, pattern, method in SOURCES:
        options = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"} if method == "jinja2" else {}
        for path in sorted(folder.rglob(pattern)):
            place = path.relative_to(ROOT).as_posix()
            found = extract(method, io.BytesIO(path.read_bytes()), KEYWORDS, ["Translators:"], options)
            for _, message, comments, _ in found:
                catalogue.add(message, locations=[(place, 0)], auto_comments=comments)
    return catalogue


def written(catalogue: Catalog) -> str:
    """A catalogue as its file: sorted, without dates and line numbers, so that it changes only with the texts."""
    file = io.BytesIO()
    write_po(file, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=True)
    head = ['msgid ""', 'msgstr ""', r'"Content-Type: text/plain; charset=utf-8\n"']
    head += [rf'"Plural-Forms: {catalogue.plural_forms}\n"'] if catalogue.locale else []
    return "\n".join(head) + "\n\n" + file.getvalue().decode()


def read(path: Path) -> Catalog:
    """The catalogue of one language, by its file's name."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def updated(path: Path) -> Catalog:
    """A language's catalogue with exactly the texts there are now."""
    catalogue = read(path)
    catalogue.update(template(), no_fuzzy_matching=True)
    for message in catalogue:
        if path.stem == "en" and message.id and not any(_strings(message.string)):
            message.string = message.id
    return catalogue


def main() -> None:

    (LOCALES / "messages.pot").write_text(written(template()), "utf-8")
    for path in sorted(LOCALES.glob("*.po")):
        catalogue = updated(path)
        path.write_text(written(catalogue), "utf-8")
        missing = sum(1 for message in catalogue if message.id and not all(_strings(message.string)))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {missing} without a translation")


def _strings(string: object) -> list[str]:
    return [str(part or "") for part in string] if isinstance(string, list | tuple) else [str(string or "")]


if __name__ == "__main__":
    main()
