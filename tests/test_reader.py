"""The pages as readers use them: sizes of text, keys, narrow screens, the dark, paper; with content that hurts."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.hurts import PAGES, WORD, write_hurting_site
from tests.paper import texts, words
from tests.reader import Reader, hosted, reading
from tests.site import build_site, set_theme

pytestmark = pytest.mark.slow

ARTICLE = PAGES["everything"]
SIZES = {"small": 14, "article": 16, "large": 20, "x-large": 32}
"""Each text size with the root's size in pixels."""
ROOT_SIZE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_hurting_site(tmp_path_factory.mktemp("site"))
    build_site(root)
    return root / "output"


@pytest.fixture(scope="module")
def browser(site: Path) -> Iterator[Reader]:
    with reading(site) as one:
        yield one


@pytest.fixture
def reader(browser: Reader) -> Iterator[Reader]:
    """Somebody who has never been here."""
    browser.look("/robots.txt")
    browser.forget()
    yield browser
    browser.scripts(are_on=True)


def root_size(reader: Reader) -> float:
    return float(reader.run(f"return {ROOT_SIZE}"))


def press_size(reader: Reader, size: str) -> None:
    reader.driver.find_element(By.CSS_SELECTOR, f'[data-text-size="{size}"]').click()


def current_sizes(reader: Reader) -> list[str]:
    """The sizes that are said to be the current one."""
    return list(
        reader.run(
            "return [...document.querySelectorAll('[data-text-size][aria-current]')].map(a => a.dataset.textSize)"
        )
    )


# --- text size ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_without_scripts_each_size_is_a_link_to_a_page(reader: Reader, size: str) -> None:
    reader.scripts(are_on=False)
    reader.look(ARTICLE)
    press_size(reader, size)
    assert reader.wait(lambda: root_size(reader) == SIZES[size])
    assert reader.driver.current_url.endswith(ARTICLE if size == "article" else f"{size}.html")
    assert current_sizes(reader) == [size]


@pytest.mark.parametrize("size", SIZES)
def test_with_scripts_the_size_changes_in_place(reader: Reader, size: str) -> None:
    reader.look(ARTICLE)
    press_size(reader, size)
    assert root_size(reader) == SIZES[size]
    assert reader.is_untouched
    assert current_sizes(reader) == [size]
    assert reader.driver.current_url.endswith(ARTICLE)
    label = reader.run(f"return document.querySelector('[data-text-size={size}] .away').textContent")
    assert reader.run("return document.querySelector('[role=status]').textContent").endswith(label)


def test_all_text_grows_to_twice_its_size(reader: Reader) -> None:
    sizes = (
        "return [...document.querySelectorAll('h1, h2, .prose p, .credits li, .tool, .card-title, .terms a, figcaption,"
        " .masthead-title, .sections a, .footer-links a')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    reader.look(ARTICLE)
    before = reader.run(sizes)
    press_size(reader, "x-large")
    after = reader.run(sizes)
    assert [round(new / old, 2) for old, new in zip(before, after, strict=True)] == [2.0] * len(before)
    assert len(before) > 20


def test_a_size_holds_on_every_page_from_before_the_first_paint(reader: Reader) -> None:
    reader.look(ARTICLE)
    press_size(reader, "x-large")
    watch = reader.command(
        "Page.addScriptToEvaluateOnNewDocument",
        source="new MutationObserver((_, me) => { if (document.body) { window.atBody = "
        "document.documentElement.className; me.disconnect(); } }).observe(document, {childList: true, subtree: true})",
    )
    try:
        for path in ("/", "/news/", "/about/", "/jobs/", PAGES["bare"], "/404.html"):
            reader.look(path)
            assert root_size(reader) == 32, path
            assert "size-x-large" in reader.run("return window.atBody"), path
    finally:
        reader.command("Page.removeScriptToEvaluateOnNewDocument", identifier=watch["identifier"])
    assert current_sizes(reader) == []
    reader.look(ARTICLE)
    assert current_sizes(reader) == ["x-large"]


def test_who_has_chosen_nothing_sees_the_size_of_the_page(reader: Reader) -> None:
    reader.look(f"{ARTICLE}large.html")
    assert root_size(reader) == 20
    assert current_sizes(reader) == ["large"]
    reader.look(ARTICLE)
    assert root_size(reader) == 16
    assert reader.run("return document.documentElement.className") == ""


def test_what_was_chosen_holds_on_the_page_of_another_size(reader: Reader) -> None:
    reader.look(ARTICLE)
    press_size(reader, "x-large")
    reader.look(f"{ARTICLE}small.html")
    assert root_size(reader) == 32
    press_size(reader, "large")
    assert root_size(reader) == 20
    assert reader.driver.current_url.endswith(ARTICLE)


def test_another_tab_follows(reader: Reader) -> None:
    reader.look(ARTICLE)
    first = reader.driver.current_window_handle
    reader.driver.switch_to.new_window("tab")
    try:
        reader.open(reader.host + PAGES["bare"])
        press_size(reader, "large")
        assert root_size(reader) == 20
    finally:
        reader.driver.close()
        reader.driver.switch_to.window(first)
    assert reader.wait(lambda: root_size(reader) == 20)
    assert current_sizes(reader) == ["large"]


def test_what_is_pressed_stays_where_it_is(reader: Reader) -> None:
    reader.look(ARTICLE, 390)
    top = "return document.querySelector('[data-text-size=x-large]').getBoundingClientRect().top"
    reader.run("scrollTo({top: 200, behavior: 'instant'})")
    before = float(reader.run(top))
    press_size(reader, "x-large")
    assert abs(float(reader.run(top)) - before) < 40


def test_where_nothing_can_be_stored_the_links_lead_to_pages(reader: Reader) -> None:
    refuse = "Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new Error('refused'); };"
    watch = reader.command("Page.addScriptToEvaluateOnNewDocument", source=refuse)
    try:
        reader.look(ARTICLE)
        press_size(reader, "large")
        assert reader.wait(lambda: reader.driver.current_url.endswith("large.html") and root_size(reader) == 20)
    finally:
        reader.command("Page.removeScriptToEvaluateOnNewDocument", identifier=watch["identifier"])


@pytest.mark.parametrize("has_headers", [True, False], ids=["with headers", "by the page alone"])
def test_pages_keep_to_their_policy(reader: Reader, site: Path, has_headers: bool) -> None:
    watch = reader.command(
        "Page.addScriptToEvaluateOnNewDocument",
        source="window.broken = [];"
        "document.addEventListener('securitypolicyviolation', e => broken.push(e.effectiveDirective + e.blockedURI))",
    )
    usual = reader.host
    try:
        with hosted(site, has_headers=has_headers) as reader.host:
            for path in (
                *PAGES.values(),
                *(f"{ARTICLE}{name}.html" for name in ("print", "large", "download")),
                "/404.html",
            ):
                reader.look(path)
                assert reader.run("return window.broken") == [], path
                # What a stranger's text would bring in, if ever one got so far.
                reader.run(
                    "document.head.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
                )
                reader.run("document.body.append(Object.assign(document.createElement('form'), {action: '/x'}))")
                reader.run(
                    "document.body.append(Object.assign(document.createElement('base'), {href: 'https://x.example/'}))"
                )
                reader.run("document.forms[document.forms.length - 1].submit()")
                assert reader.eventually("new Set(window.broken.map(b => b.split('-')[0])).size === 3"), path
                assert reader.run("return [window.ran, document.baseURI.includes('x.example')]") == [None, False], path
    finally:
        reader.host = usual
        reader.command("Page.removeScriptToEvaluateOnNewDocument", identifier=watch["identifier"])


@pytest.mark.parametrize("stored", ["null", "", "<b>", "huge", "x" * 500])
def test_whatever_is_stored_breaks_nothing(reader: Reader, stored: str) -> None:
    reader.look(ARTICLE)
    reader.run(f"localStorage.setItem('text-size', {stored!r})")
    reader.look(ARTICLE)
    assert root_size(reader) == 16


# --- keys and names ----------------------------------------------------------------------------------------


def test_the_sizes_are_reached_and_changed_by_the_keyboard_alone(reader: Reader) -> None:
    reader.look(ARTICLE)
    for _ in range(60):
        reader.press_on(Keys.TAB)
        if reader.run("return document.activeElement.dataset.textSize === 'x-large'"):
            break
    outline = reader.run("const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth")
    assert outline == "solid3px"
    reader.press_on(Keys.ENTER)
    assert root_size(reader) == 32
    assert reader.run("return document.activeElement.dataset.textSize") == "x-large"


def test_the_first_tab_offers_to_skip_to_the_text(reader: Reader) -> None:
    reader.look(ARTICLE)
    reader.press_on(Keys.TAB)
    box = reader.run("return document.activeElement.getBoundingClientRect().top")
    assert reader.run("return document.activeElement.className") == "skip"
    assert box >= 0
    reader.press_on(Keys.ENTER)
    assert reader.eventually("location.hash === '#main'")


def test_the_sizes_are_a_named_group_of_links(reader: Reader) -> None:
    reader.look(ARTICLE)
    group = "document.querySelector('.sizes')"
    assert reader.run(f"return [{group}.role, {group}.ariaLabel]") == ["group", "Text size"]
    names = reader.run("return [...document.querySelectorAll('[data-text-size]')].map(a => a.innerText.trim())")
    assert [name.split()[0] for name in names] == ["A−", "A", "A+", "A++"]
    assert [name.split(maxsplit=1)[1] for name in names] == [
        "Small text",
        "Normal text",
        "Large text",
        "Very large text",
    ]


@pytest.mark.parametrize("width", [320, 1280])
def test_every_target_has_24_pixels(reader: Reader, width: int) -> None:
    # WCAG 2.2, 2.5.8: but for links inside of sentences; round a small one a circle of 24 pixels must be free.
    small = (
        "const boxes = [...document.querySelectorAll('a, button, summary')].filter(e => e.checkVisibility() && "
        "!e.closest('.prose, .skip, .provenance') && !e.hasAttribute('aria-hidden'))"
        ".map(e => [e.textContent.trim(), e.getBoundingClientRect()]).filter(([, b]) => b.width > 1);"
        "const middle = b => [b.x + b.width / 2, b.y + b.height / 2];"
        "return boxes.filter(([, b]) => b.height < 24 || b.width < 24).filter(([, b]) => boxes.some("
        "([, o]) => o !== b && "
        "Math.hypot(middle(o)[0] - middle(b)[0], middle(o)[1] - middle(b)[1]) < 24)).map(([name]) => name)"
    )
    for path in (ARTICLE, f"{ARTICLE}small.html", "/", "/jobs/", "/tags/", "/archive/"):
        reader.look(path, width)
        assert reader.run(small) == [], path


# --- narrow, wide, spaced ----------------------------------------------------------------------------------

TOO_WIDE = (
    "const all = [...document.querySelectorAll('body *')].filter(e => !e.closest('.table, pre, .away, .skip'));"
    "const root = document.documentElement, width = root.clientWidth;"
    "return [root.scrollWidth - width, ...all.filter(e => e.getBoundingClientRect().right > width + 1)"
    ".map(e => e.tagName + '.' + e.className).slice(0, 5)]"
)


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_page_scrolls_sideways(reader: Reader, width: int) -> None:
    for path in PAGES.values():
        reader.look(path, width)
        assert reader.run(TOO_WIDE) == [0], path


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways_at_twice_the_size(reader: Reader, width: int) -> None:
    reader.look(ARTICLE, width)
    press_size(reader, "x-large")
    for path in PAGES.values():
        reader.look(path, width)
        assert root_size(reader) == 32
        assert reader.run(TOO_WIDE) == [0], path


def test_the_second_theme_does_not_scroll_sideways_either(tmp_path: Path) -> None:
    root = set_theme(write_hurting_site(tmp_path), "bobbin")
    build_site(root)
    with reading(root / "output") as reader:
        for width, size in ((320, ""), (768, ""), (1280, ""), (320, "x-large"), (1280, "x-large")):
            reader.look("/robots.txt")
            reader.run(f"localStorage.setItem('text-size', {size!r})")
            for path in PAGES.values():
                reader.look(path, width)
                assert root_size(reader) == SIZES[size or "article"]
                assert reader.run(TOO_WIDE) == [0], (path, width, size)


def test_a_zoom_of_200_per_cent_is_a_window_of_half_the_width(reader: Reader) -> None:
    for path in PAGES.values():
        reader.look(path, 640, 450)
        assert reader.run(TOO_WIDE) == [0], path


def test_nothing_is_cut_when_a_reader_spaces_the_text(reader: Reader) -> None:
    # WCAG 2.2, 1.4.12.
    spacing = (
        "const s = document.createElement('style'); s.textContent = '* { line-height: 1.5 !important; letter-spacing: "
        "0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }';"
        "document.head.append(s);"
    )
    cut = (
        "return [...document.querySelectorAll('body *')].filter(e => !e.closest('.away, .skip, .table, pre') && "
        "getComputedStyle(e).overflow !== 'visible' && (e.scrollWidth > e.clientWidth + 1 || "
        "e.scrollHeight > e.clientHeight + 1)).map(e => e.className)"
    )
    for path in PAGES.values():
        reader.look(path, 320)
        reader.run(spacing)
        assert reader.run(TOO_WIDE) == [0], path
        assert reader.run(cut) == [], path


def test_a_wide_table_scrolls_in_its_frame_also_by_keys(reader: Reader) -> None:
    reader.look(PAGES["table"], 320)
    frame = "document.querySelector('.table')"
    assert reader.run(f"return {frame}.scrollWidth > {frame}.clientWidth")
    reader.run(f"{frame}.focus()")
    for _ in range(5):
        reader.press_on(Keys.ARROW_RIGHT)
    assert reader.eventually(f"{frame}.scrollLeft > 0")


@pytest.mark.parametrize("width", [768, 1280, 1920])
def test_a_line_has_60_to_75_characters(reader: Reader, width: int) -> None:
    lines = """
        const text = document.querySelector('.prose > p').firstChild, range = document.createRange(), found = {};
        for (let i = 0; i < text.length; i++) {
          range.setStart(text, i); range.setEnd(text, i + 1);
          const top = Math.round(range.getBoundingClientRect().top);
          found[top] = (found[top] || 0) + 1;
        }
        return Object.values(found);
    """
    reader.look(ARTICLE, width)
    full = reader.run(lines)[:-1]
    assert len(full) > 2
    assert 60 <= sum(full) / len(full) <= 75


def test_right_to_left_is_set_right_to_left(reader: Reader) -> None:
    reader.look(PAGES["arabic"], 390)
    assert reader.run("return getComputedStyle(document.querySelector('.prose')).direction") == "rtl"
    assert reader.run("return getComputedStyle(document.querySelector('h1')).direction") == "rtl"


# --- the dark ----------------------------------------------------------------------------------------------


def test_pages_are_dark_where_the_reader_wants_that(reader: Reader) -> None:
    colours = "const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]"
    reader.look(ARTICLE)
    light = reader.run(colours)
    reader.look(ARTICLE, is_dark=True)
    dark = reader.run(colours)
    assert light == ["rgb(255, 255, 255)", "rgb(22, 20, 18)"]
    assert dark == ["rgb(19, 18, 17)", "rgb(236, 232, 226)"]


# --- weight and calm ---------------------------------------------------------------------------------------


def test_the_first_view_of_an_article_is_light_and_comes_from_one_host(reader: Reader, site: Path) -> None:
    reader.look(ARTICLE)
    reader.run("return document.fonts.ready")
    loaded = reader.run("return performance.getEntriesByType('resource').map(e => e.name)")
    assert [name for name in loaded if not name.startswith(reader.host + "/")] == []
    parts = [ARTICLE + "index.html"] + [name.removeprefix(reader.host) for name in loaded]
    weights = {
        part: len(data if part.endswith(".woff2") else gzip.compress(data, 9))
        for part in parts
        if part.endswith((".html", ".css", ".js", ".woff2"))
        for data in [(site / part.lstrip("/")).read_bytes()]
    }
    assert sum(part.endswith(".woff2") for part in weights) >= 3
    assert sum(weights.values()) <= 120 * 1024, weights


SHIFTS = """
    return new Promise((told) => {
      const found = [];
      new PerformanceObserver((list) => found.push(...list.getEntries().map((e) => e.value)))
        .observe({ type: "layout-shift", buffered: true });
      setTimeout(told, 300, found);
    });
"""
"""How far what had been painted has moved since the page was opened (the parts of Cumulative Layout Shift)."""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_a_page_loads(reader: Reader, width: int) -> None:
    for path in ("/", "/news/", ARTICLE, PAGES["tall"], "/jobs/"):
        reader.command("Network.clearBrowserCache")
        reader.look(path, width)
        assert reader.run(SHIFTS) == [], path


def test_what_moves_is_found(reader: Reader) -> None:
    reader.look(ARTICLE)
    reader.run("const box = document.createElement('div'); box.style.height = '99px'; document.body.prepend(box)")
    assert len(reader.run(SHIFTS)) == 1


# --- paper -------------------------------------------------------------------------------------------------

A4, LETTER = (8.27, 11.69), (8.5, 11.0)


def printed(reader: Reader, folder: Path, path: str, size: tuple[float, float] = A4) -> Path:
    reader.look(path)
    file = folder / "printed.pdf"
    file.write_bytes(reader.paper(*size))
    return file


@pytest.mark.parametrize("size", [A4, LETTER], ids=["A4", "Letter"])
def test_the_print_page_has_all_that_paper_needs(reader: Reader, tmp_path: Path, size: tuple[float, float]) -> None:
    pdf = printed(reader, tmp_path, f"{ARTICLE}print.html", size)
    pages = texts(pdf)
    numbers = [page.split()[-1] for page in pages]
    assert numbers == [f"{number}/{len(pages)}" for number in range(1, len(pages) + 1)]
    said = words(pdf)
    for text in ("Everything at once", "Translated by Jonas Wikander", "A caption", "A note.", "Because."):
        assert text in said
    # The address of a link behind it, and at the end where all this comes from.
    assert "a link (https://host.example/a/very/long/address/" in said
    assert "https://tiny.example/news/2026/10/everything/" in words(pdf)[-300:]
    assert "https://handelsbladet.example/a" in words(pdf)[-300:]
    assert "Back to the article" not in said


def test_the_article_itself_prints_as_well(reader: Reader, tmp_path: Path) -> None:
    sheets = len(texts(printed(reader, tmp_path, f"{ARTICLE}print.html")))
    pdf = printed(reader, tmp_path, ARTICLE)
    assert len(texts(pdf)) <= sheets
    said = words(pdf)
    assert "Because." in said
    for text in ("Text size", "Fashion Job", "Related", "About this site", "Skip to"):
        assert text not in said


@pytest.mark.parametrize("name", ["headline", "tall", "table", "word", "arabic", "long", "bare"])
def test_nothing_is_cut_on_paper(reader: Reader, tmp_path: Path, name: str) -> None:
    reader.look(f"{PAGES[name]}print.html")
    on_screen = reader.run("return document.querySelector('article').innerText.replace(/\\s+/g, '')")
    pdf = printed(reader, tmp_path, f"{PAGES[name]}print.html")
    on_paper = "".join(words(pdf).split())
    if name == "long":
        assert on_paper.count("Clothissoldbythemetre") == on_screen.count("Clothissoldbythemetre") == 1800
    elif name == "table":
        assert [on_paper.count(word) for word in ("Column", "Another", "Value", "value")] == [12] * 4
    elif name == "tall":
        assert len(texts(pdf)) <= 2
    elif name == "word":
        assert on_paper.count(WORD[:30]) == on_screen.count(WORD[:30])


def test_a_reader_of_large_text_prints_the_same_sheets(reader: Reader, tmp_path: Path) -> None:
    before = texts(printed(reader, tmp_path, ARTICLE))
    press_size(reader, "x-large")
    assert texts(printed(reader, tmp_path, ARTICLE)) == before
