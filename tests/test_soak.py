"""A preview through thousands of edits: every page that it serves is the one of a clean build."""

from __future__ import annotations

import os
import random
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.engine.build import build
from sitegen.engine.options import Options
from sitegen.problems import SiteError
from tests.preview import PATIENCE, Running, serving
from tests.site import CONFIG, PIXEL, tree, write_files, write_site

EDITS = int(os.environ.get("SITEGEN_EDITS", "150"))
COMPARED = 5
"""After so many edits at most every page is compared."""
SECTIONS = ("news", "making")
WORDS = ("wool", "linen", "silk", "loom", "reed", "heddle", "weft", "warp")
TEMPLATES = ("shared/footer.html", "shared/header.html", "print.html", "article/foot.html", "listing.html", "404.html")


class Newsroom:
    """Everybody who works on a site, by a fixed series of chances."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.chance = root, random.Random(seed)
        self.names = [f"story-{number}" for number in range(12)]
        for name in self.names[:8]:
            self.write(name)

    def work(self) -> str:
        """One edit; its name."""
        acts: tuple[Callable[[], None], ...] = (
            *(self.body, self.body, self.body, self.title, self.title, self.rewritten, self.deleted, self.moved),
            *(self.jobs, self.template, self.style, self.settings, self.picture, self.folder, self.broke, self.mended),
            *(self.page, self.touched, self.linked),
        )
        act = self.chance.choice(acts)
        act()
        return act.__name__

    def some(self) -> Path | None:
        there = sorted((self.root / "content/articles").rglob("*.md"))
        return self.chance.choice(there) if there else None

    def words(self, number: int) -> str:
        return " ".join(self.chance.choice(WORDS) for _ in range(number))

    def write(self, name: str) -> None:
        for section in SECTIONS:
            (self.root / f"content/articles/{section}/{name}.md").unlink(missing_ok=True)
        day = f"2026-0{self.chance.randrange(1, 10)}-1{self.chance.randrange(10)}"
        more = self.chance.choice(("", "draft: true\n", "featured: true\n", f"brands: [{self.words(1)}]\n"))
        head = f"---\ntitle: {self.words(3)}\npublished: {day}\ntags: [{self.words(1)}]\n{more}---\n"
        section = self.chance.choice(SECTIONS)
        write_files(self.root, {f"content/articles/{section}/{name}.md": f"{head}{self.words(30)}.\n"})

    def body(self) -> None:
        path = self.some()
        if path is not None:
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n{self.words(12)}.\n")

    def title(self) -> None:
        path = self.some()
        if path is not None:
            text = re.sub("(?m)^title: .*$", f"title: {self.words(4)}", path.read_text("utf-8"), count=1)
            path.write_text(text, "utf-8")

    def rewritten(self) -> None:
        self.write(self.chance.choice(self.names))

    def deleted(self) -> None:
        path = self.some()
        if path is not None:
            path.unlink()

    def moved(self) -> None:
        path = self.some()
        if path is not None:
            free = [name for name in self.names if not list((self.root / "content/articles").rglob(f"{name}.md"))]
            if free:
                path.rename(path.with_name(f"{self.chance.choice(free)}.md"))

    def jobs(self) -> None:
        ads = "".join(
            f'- title: "{self.words(2)}"\n  employer: {self.words(1)}\n' for _ in range(self.chance.randrange(4))
        )
        write_files(self.root, {"content/jobs.yaml": ads or "[]\n"})

    def template(self) -> None:
        name = self.chance.choice(TEMPLATES)
        path = self.root / "themes/default/templates" / name
        if path.exists() and self.chance.randrange(3) == 0:
            path.unlink()
            return
        text = f"<footer>{self.words(2)}</footer>\n" if name.startswith("shared/") else f"{{% extends '{name}' %}}\n"
        write_files(self.root, {f"themes/default/templates/{name}": f"{text}{{# {self.words(1)} #}}\n"})

    def style(self) -> None:
        write_files(self.root, {"themes/default/static/css/own.css": f"p {{ margin: {self.chance.randrange(9)}px }}\n"})

    def settings(self) -> None:
        write_files(self.root, {"sitegen.toml": CONFIG.replace('"Tiny"', f'"{self.words(1)}"', 1)})

    def picture(self) -> None:
        write_files(self.root, {f"content/images/{self.words(1)}.png": PIXEL})

    def linked(self) -> None:
        path, pictures = self.some(), sorted((self.root / "content/images").glob("*.png"))
        if path is not None and pictures:
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n![{self.words(2)}](/images/{self.chance.choice(pictures).name})\n")

    def folder(self) -> None:
        """A whole section is away for a moment, as at a checkout."""
        section, aside = self.root / "content/articles" / self.chance.choice(SECTIONS), self.root / "aside"
        if section.is_dir():
            section.rename(aside)
            time.sleep(self.chance.random() / 20)
            aside.rename(section)

    def broke(self) -> None:
        path = self.some()
        if path is not None:
            path.write_text(path.read_text("utf-8").replace("\ntitle:", "\ntitel:", 1), "utf-8")

    def mended(self) -> None:
        for path in sorted((self.root / "content/articles").rglob("*.md")):
            text = path.read_text("utf-8")
            if "\ntitel:" in text:
                path.write_text(text.replace("\ntitel:", "\ntitle:", 1), "utf-8")

    def page(self) -> None:
        write_files(self.root, {"content/pages/about.md": f"---\ntitle: {self.words(2)}\n---\n{self.words(9)}.\n"})

    def touched(self) -> None:
        path = self.some()
        if path is not None:
            path.touch()


def clean_build(root: Path, work: Path) -> dict[str, bytes] | None:
    """All files of a clean build; None where the site has errors."""
    copy = work / "copy"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("output", ".sitegen"))
    try:
        build(Options(copy, work / "clean", workers=1, cache=False))
        return tree(work / "clean")
    except SiteError:
        return None
    finally:
        shutil.rmtree(copy)
        shutil.rmtree(work / "clean", ignore_errors=True)


def bare(data: bytes) -> bytes:
    """A page as it was before the preview's script was put into it."""
    before, script, after = data.partition(b'<script type="module" src="/__sitegen/')
    return before + after.partition(b"</script>")[2] if script else data


def wrong(served: Running, clean: dict[str, bytes], gone: set[str]) -> list[str]:
    """The files that are not served as a clean build has them."""
    found = [name for name, data in clean.items() if bare(served.get(f"/{name}").body) != data]
    return [*found, *(name for name in sorted(gone) if served.get(f"/{name}").status != 404)]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_page_is_that_of_a_clean_build_after_thousands_of_edits(tmp_path: Path) -> None:
    root = write_site(tmp_path / "site")
    newsroom = Newsroom(root, seed=1)
    before: dict[str, bytes] = {}
    done, compared = 0, 0
    with serving(root) as served:
        while done < EDITS:
            history = []
            for _ in range(newsroom.chance.randrange(1, 2 * COMPARED)):
                history.append(newsroom.work())
                done += 1
                if newsroom.chance.randrange(2):
                    name = newsroom.chance.choice(sorted(before) or ["index.html"])
                    assert served.get(f"/{name}").status in (200, 404, 503)
            clean = clean_build(root, tmp_path)
            if clean is None:
                newsroom.mended()
                clean = clean_build(root, tmp_path)
            if clean is None:
                continue
            gone, end = before.keys() - clean.keys(), time.monotonic() + PATIENCE
            while found := wrong(served, clean, gone):
                assert time.monotonic() < end, (done, history, found[:5])
                time.sleep(0.02)
            before, compared = clean, compared + 1
        assert compared > EDITS // (4 * COMPARED)
        assert "itself failed" not in served.output
        assert "Traceback" not in served.output
