"""Any history of a site leads to the same output as a clean build of what the site is in the end."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from msgspec.structs import replace

from sitegen.engine.build import build
from sitegen.engine.live import Live
from sitegen.engine.options import Options
from sitegen.engine.shown import Site
from sitegen.problems import SiteError, errors
from tests.builder import KILLED, Builder, Fault
from tests.site import CONFIG, NOW, PIXEL, tree, weight_on_disk, write_files

EXAMPLES = int(os.environ.get("SITEGEN_HISTORIES", "2"))
STEPS = 30
SECTIONS = ("news", "making")
NAMES = ("one", "two", "three", "four", "five")
TAGS = ("Wool", "李伟", "李薇")
BRANDS = ("Loom & Co", "Loom + Co", "Heddle")
BODIES = (
    "The text of it.\n",
    "The text of me.\n",
    "A longer one.\n\n## A part\n\nWith *more* than that, and a note[^1].\n\n[^1]: The note.\n",
    "See [the jobs](/jobs/) and [a tag](/tags/).\n",
    "![A loom by a window](/images/loom.png)\n",
    "",
    '<p>It\'s "raw", and <b>open.</p>\n\nSee [the jobs](https://tiny.example/jobs/#main).\n',
    "**Ada Lind:** Why?\n\n**Bo:** So.\n\n**AL:** Well.\n",
)
FRAGMENTS = (
    ("templates/shared/footer.html", "<footer>{{ site.title }} REMARK</footer>\n"),
    ("templates/print.html", "{% extends 'print.html' %}\n{# REMARK #}\n"),
    ("templates/article/foot.html", "<p>REMARK {{ page.title }}</p>\n"),
    ("templates/listing.html", "{% extends 'listing.html' %}\n{# REMARK #}\n"),
    (
        "templates/404.html",
        "{% extends '404.html' %}{% block main %}{{ shared.sidebar|length }} REMARK{% endblock %}\n",
    ),
    ("templates/terms.html", "{{ shared.header }}REMARK{{ shared.sidebar }}\n"),
    ("static/css/extra.css", "p { color: #REMARK }\n"),
    ("static/top/CNAME", "REMARK.example\n"),
)
SETTINGS = (
    'title = "Tiny"',
    'title = "Other"',
    'title = "It\'s Tiny"',
    'title = "Tiny"\npage_size = 2',
    'title = "Tiny"\nlanguage = "sv"',
    'title = "Tiny"\nterms = [{name = "李伟", slug = "wei"}]',
)
names = st.sampled_from(NAMES)
sections = st.sampled_from(SECTIONS)
remarks = st.sampled_from(("aaa", "bbb", "ccc"))
dates = st.sampled_from(("2026-09-01", "2026-10-01", "2026-10-31", "2026-11-02", "2026-11-20 08:30"))


@contextmanager
def builders() -> Iterator[tuple[Builder, Builder]]:
    """One for what goes on, one for the clean builds, in another environment."""
    pair = (
        Builder(PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C"),
        Builder(PYTHONHASHSEED="2", TZ="Asia/Kathmandu", LC_ALL="C.UTF-8", LANG="sv_SE.UTF-8"),
    )
    try:
        yield pair
    finally:
        for one in pair:
            one.close()


class History(RuleBasedStateMachine):
    """A site that writers, theme authors, the clock and accidents change, and that is built after each change."""

    going_on: ClassVar[Builder]
    clean: ClassVar[Builder]

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sitegen-history-"))
        self.root = self.folder / "site"
        self.now = NOW
        self.draw = random.Random(0)
        self.shelf: dict[str, bytes] = {}
        self.live = Live(Options(self.root, self.root / "output"))
        write_files(self.root, {"sitegen.toml": CONFIG, "content/images/loom.png": PIXEL})
        self.write("one", "news", "2026-10-01", 0, 1, 1)
        self.write("two", "making", "2026-09-01", 2, 2, 3)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    # --- what people do ------------------------------------------------------------------------------------

    def path(self, name: str, section: str) -> Path:
        return self.root / f"content/articles/{section}/{name}.md"

    def articles(self) -> list[Path]:
        return sorted((self.root / "content/articles").rglob("*.md"))

    def chosen(self, number: int) -> Path | None:
        there = self.articles()
        return there[number % len(there)] if there else None

    def write(self, name: str, section: str, date: str, body: int, tags: int, brands: int, more: str = "") -> None:
        tag_list, brand_list = (
            ", ".join(f'"{one}"' for i, one in enumerate(of) if bits >> i & 1)
            for of, bits in ((TAGS, tags), (BRANDS, brands))
        )
        head = f"---\ntitle: About {name}\npublished: {date}\ntags: [{tag_list}]\nbrands: [{brand_list}]\n{more}---\n"
        write_files(self.root, {f"content/articles/{section}/{name}.md": head + BODIES[body]})

    @rule(
        name=names,
        section=sections,
        date=dates,
        body=st.integers(0, len(BODIES) - 1),
        tags=st.integers(0, 7),
        brands=st.integers(0, 7),
        more=st.sampled_from(
            ("", "draft: true\n", "summary: In short.\n", "expires: 2026-11-10\n", "featured: true\n")
        ),
    )
    def an_article_is_written(
        self, name: str, section: str, date: str, body: int, tags: int, brands: int, more: str
    ) -> None:
        if more.startswith("expires") and date > "2026-11-10":
            more = ""
        for other in SECTIONS:
            if other != section:
                self.path(name, other).unlink(missing_ok=True)
        self.write(name, section, date, body, tags, brands, more)
        self.build()

    @rule(number=st.integers(0, 9), body=st.sampled_from(BODIES))
    def an_edit_is_undone(self, number: int, body: str) -> None:
        path = self.chosen(number)
        if path:
            before = path.read_bytes()
            self.a_text_is_edited(number, body)
            path.write_bytes(before)
        self.build()

    @rule(number=st.integers(0, 9), body=st.sampled_from(BODIES))
    def a_text_is_edited(self, number: int, body: str) -> None:
        path = self.chosen(number)
        if path:
            head = path.read_text("utf-8").split("---\n", 2)[1]
            path.write_text(f"---\n{head}---\n{body}", "utf-8")
        self.build()

    @rule(number=st.integers(0, 9), title=st.sampled_from(("About this", "About that")))
    def a_title_is_edited(self, number: int, title: str) -> None:
        path = self.chosen(number)
        if path:
            lines = path.read_text("utf-8").splitlines(keepends=True)
            path.write_text("".join([lines[0], f"title: {title}\n", *lines[2:]]), "utf-8")
        self.build()

    @rule(number=st.integers(0, 9))
    def an_article_is_deleted(self, number: int) -> None:
        path = self.chosen(number)
        if path:
            self.shelf[str(path)] = path.read_bytes()
            path.unlink()
        self.build()

    @rule()
    def a_deleted_article_comes_back(self) -> None:
        for path, data in self.shelf.items():
            if not any(there.name == Path(path).name for there in self.articles()):
                write_files(self.root, {str(Path(path).relative_to(self.root)): data})
        self.build()

    @rule(number=st.integers(0, 9), section=sections)
    def an_article_is_moved_to_another_section(self, number: int, section: str) -> None:
        path = self.chosen(number)
        if path:
            new = self.path(path.stem, section)
            new.parent.mkdir(parents=True, exist_ok=True)
            path.rename(new)
        self.build()

    @rule(number=st.integers(0, 9))
    def a_file_is_touched(self, number: int) -> None:
        path = self.chosen(number)
        if path:
            os.utime(path)
        self.build()

    @rule(number=st.integers(0, 9))
    def a_file_is_written_with_the_same_size_and_time(self, number: int) -> None:
        path = self.chosen(number)
        if path:
            stat = path.stat()
            data = path.read_bytes()
            path.write_bytes(data.replace(b"About", b"abOUT") if b"About" in data else data.replace(b"abOUT", b"About"))
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        self.build()

    @rule(about=st.sampled_from(FRAGMENTS), remark=remarks)
    def the_theme_is_changed(self, about: tuple[str, str], remark: str) -> None:
        name, text = about
        write_files(self.root, {f"themes/default/{name}": text.replace("REMARK", remark)})
        self.build()

    @rule()
    def the_own_theme_is_removed(self) -> None:
        shutil.rmtree(self.root / "themes", ignore_errors=True)
        self.build()

    @rule(said=st.sampled_from(SETTINGS))
    def a_setting_is_changed(self, said: str) -> None:
        write_files(self.root, {"sitegen.toml": CONFIG.replace('title = "Tiny"', said, 1)})
        self.build()

    @rule(title=remarks, expires=st.sampled_from(("2026-11-05", "2027-01-01")))
    def the_job_ads_are_changed(self, title: str, expires: str) -> None:
        write_files(
            self.root, {"content/jobs.yaml": f"- employer: Loom & Co\n  title: {title}\n  expires: {expires}\n"}
        )
        self.build()

    @rule(title=remarks, menu=st.booleans())
    def a_standing_page_is_changed(self, title: str, menu: bool) -> None:
        menu_line = "" if menu else "menu: false\n"
        write_files(self.root, {"content/pages/about.md": f"---\ntitle: {title}\n{menu_line}---\nAbout us.\n"})
        self.build()

    @rule(size=st.integers(1, 3))
    def a_picture_is_changed(self, size: int) -> None:
        write_files(self.root, {"content/images/loom.png": PIXEL + b"\0" * size})
        self.build()

    # --- what happens --------------------------------------------------------------------------------------

    @rule(days=st.sampled_from((-30, -2, 1, 10, 30)))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.build()

    @rule(number=st.integers(0, 50), how=st.sampled_from(("delete", "edit", "empty")))
    def a_file_of_the_output_is_harmed(self, number: int, how: str) -> None:
        there = [path for path in sorted((self.root / "output").rglob("*")) if path.is_file()]
        if there:
            path = there[number % len(there)]
            path.unlink() if how == "delete" else path.write_bytes(b"" if how == "empty" else path.read_bytes() + b" ")
        self.build()

    @rule(at=st.integers(1, 600))
    def a_build_is_killed(self, at: int) -> None:
        self.going_on.build(self.root, self.now, fault=Fault(at))

    @rule(number=st.integers(0, 9))
    def the_state_is_lost(self, number: int) -> None:
        there = sorted((self.root / ".sitegen").rglob("*.sqlite")) if (self.root / ".sitegen").is_dir() else []
        if there and number % 3:
            there[number % len(there)].unlink()
        self.build()

    @rule()
    def somebody_builds_once_more(self) -> None:
        # The first one may have to heal what a killed one left.
        self.build()
        self.build()
        assert self.numbers == (0, 0, 0, 0)

    # --- what must hold ------------------------------------------------------------------------------------

    def build(self) -> None:
        """Builds here or in another process, and compares the output with a clean build's."""
        if self.draw.randrange(2):
            answer = self.going_on.build(self.root, self.now, workers=2)
            code, said, self.numbers = answer.code, answer.said, answer.numbers
        else:
            code, said, self.numbers = self.build_here()
        copy = self.folder / "another" / "place"
        shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns("output", ".sitegen"))
        try:
            clean = self.clean.build(copy, self.now, workers=1)
            assert (code, said) == (clean.code, clean.said)
            if code == 0:
                assert_same(tree(self.root / "output"), tree(copy / "output"))
            self.look(code, said, tree(copy / "output") if code == 0 else {})
        finally:
            shutil.rmtree(copy)

    def look(self, code: int, said: str, clean: dict[str, bytes]) -> None:
        """The site in memory, after it was told what has changed as a preview is, has the files of a clean build."""
        now, self.live.options = self.now, replace(self.live.options, now=self.now)
        early: list[dict[str, bytes]] = []
        # What can be had early is asked for while the rest is made, as in a preview.
        self.live.look(self.live.missed(), lambda one: early.append(files_of(one.site, one.holds)))
        assert self.live.missed() == []
        wrong = errors(self.live.problems)
        assert (bool(wrong), self.live.options.now) == (bool(code), now)
        if wrong:
            assert said == "\n".join(f"{p.file}: {p.message} ({p.hint})" for p in wrong)
        else:
            assert self.live.site is not None
            assert_same(files_of(self.live.site), clean)
        for held in early if not wrong else ():
            assert held
            assert held == {name: clean[name] for name in held}

    def build_here(self) -> tuple[int, str, tuple[int, int, int, int]]:
        try:
            done = build(Options(self.root, self.root / "output", now=self.now, workers=1))
        except SiteError as error:
            return 1, "\n".join(f"{p.file}: {p.message} ({p.hint})" for p in error.problems), (0, 0, 0, 0)
        assert done.weight == weight_on_disk(self.root / "output")
        return 0, "", (done.parsed, done.rendered, done.written, done.removed)


def files_of(site: Site, wanted: Callable[[str], bool] = bool) -> dict[str, bytes]:
    """Every file of a site in memory that is wanted."""
    found: dict[str, bytes] = {}
    for name in filter(wanted, sorted(site.files)):
        made = site.file(name)
        assert made is not None, name
        assert made.problems == ()
        found[name] = made.copy_of.path.read_bytes() if made.copy_of is not None else made.data
    return found


def assert_same(there: dict[str, bytes], clean: dict[str, bytes]) -> None:
    assert sorted(there) == sorted(clean)
    assert [name for name in there if there[name] != clean[name]] == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_any_history_leads_to_the_output_of_a_clean_build() -> None:
    with builders() as (History.going_on, History.clean):
        run_state_machine_as_test(
            History,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            ),
        )


@pytest.mark.slow
def test_a_killed_build_is_told_from_one_that_ends(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"sitegen.toml": CONFIG, "content/articles/news/one.md": "---\ntitle: A\npublished: 2026-10-01\n---\nText.\n"},
    )
    with builders() as (builder, _):
        whole = builder.build(tmp_path, NOW)
        assert whole.code == 0
        assert whole.operations > 100
        assert builder.build(tmp_path, NOW, fault=Fault(20)).code == KILLED
