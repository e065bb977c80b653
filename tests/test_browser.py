"""The preview in a browser: what a writer sees after saving, and what is left as it was."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser import Browser, chromium
from tests.preview import serving
from tests.site import ARTICLE, CONFIG, write_files, write_site

pytestmark = pytest.mark.slow

FIRST = "content/articles/news/first.md"
PAGE = "/news/2026/10/first/"
PARAGRAPHS = "\n\n".join(f"Paragraph {number} of a long text, with words enough for a line." for number in range(80))
LONG = f"{ARTICLE}\n{PARAGRAPHS}\n"
CONFIG_WITH_THEME = CONFIG.replace('title = "Tiny"', 'title = "Tiny"\ntheme = "mine"')


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def save_in_place(path: Path, text: str) -> None:
    """As VS Code does: the same file, emptied and written."""
    with path.open("w", encoding="utf-8") as file:
        file.flush()
        file.write(text)


def save_as_vim(path: Path, text: str) -> None:
    """As vim does with `backupcopy=no`: a probe, the old file renamed, a new one written, the old one removed."""
    probe, backup = path.parent / "4913", path.with_name(path.name + "~")
    probe.write_text("")
    probe.unlink()
    path.rename(backup)
    path.write_text(text, "utf-8")
    backup.unlink()


def save_atomically(path: Path, text: str) -> None:
    """As many editors do: another file, renamed over the old one."""
    other = path.with_name(f".{path.name}.tmp")
    other.write_text(text, "utf-8")
    other.replace(path)


def save_by_git(path: Path, text: str) -> None:
    """As `git checkout` does, of a branch on which the text is another one."""

    def git(*arguments: str) -> None:
        settings = ("-c", "user.name=W", "-c", "user.email=w@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *settings, *arguments], cwd=path.parent, check=True, capture_output=True)

    git("init", "-q", "-b", "main", ".")
    git("add", path.name)
    git("commit", "-qm", "one")
    git("checkout", "-q", "-b", "other")
    before = path.read_text("utf-8")
    work = path.with_name("first.md.new")
    work.write_text(text, "utf-8")
    subprocess.run(
        ["git", "update-index", "--cacheinfo", f"100644,{_blob(path.parent, work)},{path.name}"],
        cwd=path.parent,
        check=True,
    )
    work.unlink()
    git("commit", "-qm", "two")
    assert path.read_text("utf-8") == before
    git("checkout", "-q", "-f", "other")


def _blob(folder: Path, file: Path) -> str:
    run = subprocess.run(
        ["git", "hash-object", "-w", file.name], cwd=folder, check=True, capture_output=True, text=True
    )
    return run.stdout.strip()


@pytest.mark.parametrize("save", [save_in_place, save_as_vim, save_atomically, save_by_git])
def test_an_edited_text_is_seen_where_the_writer_is_while_the_rest_stays(
    tmp_path: Path, browser: Browser, save: Callable[[Path, str], None]
) -> None:
    if save is save_by_git and shutil.which("git") is None:
        pytest.skip("git is not installed")
    with serving(write_site(tmp_path, {FIRST: LONG})) as served:
        browser.open(served.url(PAGE))
        browser.run(
            'window.scrollTo({ top: 900, behavior: "instant" });'
            "window.kept = [...document.querySelectorAll('p')].find((p) => p.textContent.startsWith('Paragraph 40 '));"
            "getSelection().setBaseAndExtent(window.kept.firstChild, 3, window.kept.firstChild, 12)"
        )
        save(tmp_path / FIRST, LONG.replace("Paragraph 41 of a long", "Paragraph 41 of a changed"))
        assert browser.sees("Paragraph 41 of a changed text")
        assert browser.run("return [Math.round(scrollY), getSelection().toString(), window.kept.isConnected]") == [
            900,
            "agraph 40",
            True,
        ]
        save_in_place(tmp_path / FIRST, LONG.replace("Paragraph 40 of", "Paragraph 40 of the edited"))
        assert browser.sees("Paragraph 40 of the edited a long text")
        assert browser.run("return getSelection().toString()") == "agraph 40"
        assert browser.is_untouched


def test_paragraphs_that_come_go_and_move_leave_the_others_alone(tmp_path: Path, browser: Browser) -> None:
    parts = [f"Part {number} of the text." for number in range(12)]
    with serving(write_site(tmp_path, {FIRST: "\n\n".join((ARTICLE, *parts))})) as served:
        browser.open(served.url(PAGE))
        told = "[...document.querySelectorAll('p')].map((p) => p.textContent).filter((t) => t.startsWith('Part'))"
        browser.run("document.querySelectorAll('p').forEach((p) => { p.seen = true })")
        seen = "[...document.querySelectorAll('p')].filter((p) => p.seen && p.textContent.startsWith('Part')).length"
        for wanted, kept in (
            ([*parts[:4], "Part new of the text.", *parts[4:]], 12),
            (parts[3:], 9),
            ([*parts[8:], *parts[:8]], 5),
            (["Part 11 of another text.", parts[5]], 1),
            (parts, 1),
        ):
            write_files(tmp_path, {FIRST: "\n\n".join((ARTICLE, *wanted))})
            assert browser.eventually(f"JSON.stringify({told}) === JSON.stringify({wanted})"), wanted
            assert browser.run(f"return {seen}") >= kept
        assert browser.is_untouched
        fresh = served.get(PAGE).text
        browser.run(f"window.fresh = new DOMParser().parseFromString({json.dumps(fresh)}, 'text/html')")
        assert browser.run("return document.body.isEqualNode(window.fresh.body)")


def test_styles_are_exchanged_without_loading_the_page(tmp_path: Path, browser: Browser) -> None:
    own = {
        "themes/mine/theme.toml": 'extends = "default"\nstyles = ["css/own.css"]\n',
        "themes/mine/static/css/own.css": "body { outline: 3px solid rgb(1, 2, 3) }",
        "sitegen.toml": CONFIG_WITH_THEME,
    }
    with serving(write_site(tmp_path, {**own, FIRST: LONG})) as served:
        browser.open(served.url(PAGE))
        colour = "getComputedStyle(document.body).outlineColor"
        assert browser.run(f"return {colour}") == "rgb(1, 2, 3)"
        browser.run('window.scrollTo({ top: 500, behavior: "instant" })')
        write_files(tmp_path, {"themes/mine/static/css/own.css": "body { outline: 3px solid rgb(9, 8, 7) }"})
        assert browser.eventually(f"{colour} === 'rgb(9, 8, 7)'")
        assert browser.eventually("document.querySelectorAll('link[rel=stylesheet]').length === 1")
        assert browser.run("return Math.round(scrollY)") == 500
        assert browser.is_untouched


def test_a_template_is_seen_too_and_a_new_program_is_loaded(tmp_path: Path, browser: Browser) -> None:
    foot = "themes/default/templates/shared/footer.html"
    with serving(write_site(tmp_path, {FIRST: LONG})) as served:
        browser.open(served.url(PAGE))
        write_files(tmp_path, {foot: "<footer>Another foot</footer>"})
        assert browser.sees("Another foot")
        assert browser.is_untouched
        write_files(tmp_path, {"themes/default/static/js/own.js": "document.title = 'It ran'"})
        write_files(tmp_path, {foot: "<footer>Foot {{ inline('js/own.js') }}</footer>"})
        assert browser.eventually("document.title === 'It ran'")
        assert not browser.is_untouched


def test_problems_are_shown_over_the_last_good_page_until_they_are_mended(tmp_path: Path, browser: Browser) -> None:
    with serving(write_site(tmp_path), "--editor", "vscode") as served:
        browser.open(served.url(PAGE))
        write_files(tmp_path, {FIRST: ARTICLE.replace("title", "titel")})
        assert browser.wait(lambda: f"{FIRST}:2:1" in browser.overlay())
        assert "titel" in browser.overlay()
        assert "did you mean" in browser.overlay()
        assert browser.sees("The text of it.")
        link = "document.querySelector('sitegen-problems').shadowRoot.querySelector('a').href"
        assert browser.run(f"return {link}") == f"vscode://file{(tmp_path / FIRST).resolve()}:2:1"
        browser.press(Keys.ESCAPE)
        assert browser.wait(lambda: not browser.overlay())
        write_files(tmp_path, {FIRST: ARTICLE.replace("title", "titlee")})
        assert browser.wait(lambda: "titlee" in browser.overlay())
        write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
        assert browser.wait(lambda: not browser.overlay())
        assert browser.sees("Another text of it.")
        assert browser.is_untouched


def test_a_site_that_was_never_good_comes_to_be_seen_when_it_is_mended(tmp_path: Path, browser: Browser) -> None:
    with serving(write_site(tmp_path, {FIRST: ARTICLE.replace("title", "titel")})) as served:
        browser.open(served.url(PAGE))
        assert browser.wait(lambda: f"{FIRST}:2:1" in browser.overlay())
        assert browser.is_untouched
        write_files(tmp_path, {FIRST: ARTICLE})
        assert browser.sees("The text of it.")
        assert browser.wait(lambda: not browser.overlay())


def test_a_page_of_a_deleted_article_goes_to_the_404_page_and_comes_back(tmp_path: Path, browser: Browser) -> None:
    with serving(write_site(tmp_path)) as served:
        browser.open(served.url(PAGE))
        (tmp_path / FIRST).unlink()
        assert browser.wait(lambda: served.get("/nothing").text.partition("<h1")[2].partition("</h1>")[0] != "")
        assert browser.eventually("!document.body.innerText.includes('The text of it.')")
        assert browser.run("return location.pathname") == PAGE
        write_files(tmp_path, {FIRST: ARTICLE})
        assert browser.sees("The text of it.")


def test_a_page_of_a_moved_article_goes_where_its_old_address_leads(tmp_path: Path, browser: Browser) -> None:
    with serving(write_site(tmp_path)) as served:
        browser.open(served.url(PAGE))
        moved = ARTICLE.replace("title", f"aliases: [{PAGE}]\ntitle")
        write_files(tmp_path, {"content/articles/news/second.md": moved})
        (tmp_path / FIRST).unlink()
        assert browser.eventually("location.pathname === '/news/2026/10/second/'")
        assert browser.sees("The text of it.")


def test_the_inspector_tells_where_a_page_comes_from_and_why_it_was_made_anew(tmp_path: Path, browser: Browser) -> None:
    with serving(write_site(tmp_path, {FIRST: ARTICLE})) as served:
        browser.open(served.url(PAGE))
        assert browser.button() == "Preview"
        assert browser.inspector() == ""
        browser.press(Keys.ALT, "i")
        assert browser.wait(lambda: FIRST in browser.inspector())
        for part in ("words", "min to read", "article.html", "base.html", "shared/sidebar.html", "not since"):
            assert part in browser.inspector()
        write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
        assert browser.wait(lambda: "its text" in browser.inspector())
        browser.press(Keys.ESCAPE)
        assert browser.wait(lambda: browser.inspector() == "")
        browser.run("document.querySelector('sitegen-inspector').shadowRoot.querySelector('button').click()")
        assert browser.wait(lambda: FIRST in browser.inspector())


def test_what_is_not_published_says_so(tmp_path: Path, browser: Browser) -> None:
    soon = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    texts = {
        "content/articles/news/draft.md": ARTICLE.replace("title", "draft: true\ntitle"),
        "content/articles/news/soon.md": ARTICLE.replace("2026-10-01", soon),
    }
    with serving(write_site(tmp_path, texts), "--drafts") as served:
        browser.open(served.url("/news/2026/10/draft/"))
        assert browser.wait(lambda: browser.button() == "Draft")
        own = "getComputedStyle(document.querySelector('a[href=\"/news/2026/10/draft/\"]'), '::after').content"
        assert browser.run(f"return {own}") == "none"
        browser.open(served.url(f"/news/{soon[:4]}/{soon[5:7]}/soon/"))
        assert browser.wait(lambda: browser.button() == f"Scheduled for {soon}")
        browser.open(served.url(PAGE))
        assert browser.wait(lambda: browser.button() == "Preview")
        browser.open(served.url("/news/"))
        shown = "getComputedStyle(document.querySelector('main a[href=\"{}\"]'), '::after').content"
        assert browser.eventually(shown.format("/news/2026/10/draft/") + " === '\"Draft\"'")
        assert browser.run(f"return {shown.format(PAGE)}") == "none"


def test_an_address_with_signs_from_elsewhere_is_followed_too(tmp_path: Path, browser: Browser) -> None:
    with serving(write_site(tmp_path)) as served:
        for number, path in enumerate(("/größe/", "/%ff", "/a%2fb", "/100%")):
            browser.open(served.url(path))
            write_files(tmp_path, {"themes/default/templates/404.html": f"<p>Lost for the {number}th time</p>"})
            assert browser.sees(f"Lost for the {number}th time"), path


def test_many_tabs_do_not_stop_each_other(tmp_path: Path, browser: Browser) -> None:
    with serving(write_site(tmp_path)) as served:
        browser.open(served.url(PAGE))
        first = browser.driver.current_window_handle
        for _ in range(8):
            browser.driver.switch_to.new_window("tab")
            browser.open(served.url(PAGE))
        write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
        assert browser.sees("Another text of it.")
        for handle in browser.driver.window_handles:
            if handle != first:
                browser.driver.switch_to.window(handle)
                browser.driver.close()
        browser.driver.switch_to.window(first)
        assert browser.sees("Another text of it.")


def test_a_preview_that_ends_is_missed_and_the_next_one_found(tmp_path: Path, browser: Browser) -> None:
    with serving(write_site(tmp_path)) as served:
        port = str(served.port)
        browser.open(served.url(PAGE))
        assert browser.wait(lambda: browser.button() == "Preview")
    assert browser.wait(lambda: browser.button() == "The preview has ended")
    write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
    with serving(tmp_path, "--port", port):
        assert browser.sees("Another text of it.")
        assert browser.wait(lambda: browser.button() == "Preview")
