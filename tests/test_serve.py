"""`sitegen serve`: what a writer sees in the browser and in the terminal."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

import sitegen.engine.live
from sitegen.cli import main
from sitegen.engine.build import build
from sitegen.engine.earlier import find_earlier
from sitegen.engine.live import Live
from sitegen.engine.options import Options
from sitegen.engine.places import Place, cache_place
from sitegen.engine.shown import Early, Served
from sitegen.render.renderer import Renderer
from sitegen.serve.listen import Address, Hosts, ListenError, address_of, listen
from sitegen.serve.preview import Preview
from sitegen.serve.state import Looked
from tests.preview import PATIENCE, Running, eventually, serving
from tests.site import ARTICLE, CONFIG, NOW, build_site, let_settle, tree, write_files, write_site

pytestmark = pytest.mark.slow

FIRST = "content/articles/news/first.md"
PAGE = "/news/2026/10/first/"
BROKEN = ARTICLE.replace("title", "titel")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A preview of a site that no test changes."""
    root = write_site(tmp_path_factory.mktemp("served"), {"secret.txt": "secret", "content/secret.txt": "secret"})
    with serving(root) as running:
        yield running


def test_pages_come_as_a_static_host_would_send_them(served: Running) -> None:
    page = served.get(PAGE)
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "The text of it." in page.text
    moved = served.get(PAGE.rstrip("/") + "?a=b")
    assert (moved.status, moved.headers["Location"]) == (301, PAGE + "?a=b")
    missing = served.get("/nothing/here")
    assert missing.status == 404
    assert "<html" in missing.text
    assert served.get(PAGE, "HEAD").body == b""
    assert served.get(PAGE, "POST").status == 405


def test_assets_come_with_their_type_and_can_be_asked_for_again_and_in_part(served: Running) -> None:
    style = served.get(PAGE).text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    sheet = served.get(style)
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert served.get(style, If_None_Match=sheet.headers["ETag"]).status == 304
    part = served.get(style, Range="bytes=2-5")
    assert (part.status, part.body) == (206, sheet.body[2:6])


def test_every_page_has_the_script_but_not_the_file_that_a_reader_keeps(served: Running) -> None:
    for name in ("", "print.html", "large.html"):
        assert served.get(PAGE + name).text.count("/__sitegen/preview.js") == 1
    assert "__sitegen" not in served.get(PAGE + "download.html").text
    assert served.get("/__sitegen/preview.js").headers["Content-Type"].startswith("text/javascript")


def test_the_names_of_this_machine_are_accepted(served: Running) -> None:
    assert served.get("/", Host=f"localhost:{served.port}").status == 200
    assert served.get("/", Host=f"LOCALHOST:{served.port}").status == 200


def test_an_edit_is_told_to_the_open_page_and_served(tmp_path: Path) -> None:
    with serving(write_site(tmp_path)) as served, served.events(PAGE) as events:
        before = next(events)
        write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
        after = next(event for event in events if event["edition"] != before["edition"])
        page = served.get(PAGE).text
        assert "Another text of it." in page
        assert f'data-edition="{after["edition"]}"' in page
        assert eventually(lambda: f"{FIRST}: " in served.output)


def test_an_edit_that_is_undone_shows_the_old_text_again(tmp_path: Path) -> None:
    with serving(write_site(tmp_path)) as served:
        for text in ("The second text", "The third text", "The second text", "The text"):
            write_files(tmp_path, {FIRST: ARTICLE.replace("The text", text)})
            assert eventually(partial(shows, served, f"{text} of it."))


def shows(served: Running, text: str) -> bool:
    return text in served.get(PAGE).text


def test_a_cache_that_loses_a_text_is_healed(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))

    async def look() -> None:
        preview = make_preview(tmp_path, [])
        running = asyncio.create_task(preview.run())
        await preview.settled()
        with closing(sqlite3.connect(cache_place(tmp_path).path)) as store, store:
            store.execute("delete from html")
        assert b"The text of it." in (await preview.page(PAGE)).data
        running.cancel()

    asyncio.run(look())


def test_an_edit_of_something_else_is_not_told_to_an_open_page(tmp_path: Path) -> None:
    with (
        serving(write_site(tmp_path, {"content/articles/news/note.txt": "a"})) as served,
        served.events(PAGE) as events,
    ):
        before = next(events)
        write_files(tmp_path, {"content/articles/news/note.txt": "b"})
        assert eventually(lambda: "note.txt: " in served.output)
        write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
        assert next(events)["edition"] != before["edition"]
        assert "Another text" in served.get(PAGE).text


def test_a_template_and_the_configuration_are_watched_too(tmp_path: Path) -> None:
    with serving(write_site(tmp_path)) as served, served.events() as events:
        seen = next(events)
        write_files(tmp_path, {"themes/default/templates/404.html": "first lost page"})
        assert eventually(lambda: "first lost page" in served.get("/nothing").text)
        write_files(tmp_path, {"themes/default/templates/404.html": "second lost page"})
        assert eventually(lambda: "second lost page" in served.get("/nothing").text)
        write_files(tmp_path, {"sitegen.toml": CONFIG.replace("Tiny", "Mighty").replace(".example/", ".example/sub/")})
        assert eventually(lambda: served.get("/sub/").status == 200)
        assert "Mighty" in served.get("/sub/").text
        assert next(events)["edition"] != seen["edition"]


def test_problems_are_told_while_the_last_good_pages_stay_and_mended_means_gone(tmp_path: Path) -> None:
    with serving(write_site(tmp_path)) as served, served.events(PAGE) as events:
        before = next(events)
        write_files(tmp_path, {FIRST: BROKEN})
        wrong = next(event for event in events if event["problems"])
        assert wrong["edition"] == before["edition"]
        unknown = wrong["problems"][-1]
        assert (unknown["file"], unknown["line"], unknown["column"]) == (FIRST, 2, 1)
        assert unknown["hint"] == 'did you mean "title"?' or "did you mean" in unknown["message"]
        assert "The text of it." in served.get(PAGE).text
        assert eventually(lambda: f"{FIRST}:2:1: " in served.output)
        write_files(tmp_path, {FIRST: ARTICLE})
        assert next(event for event in events if not event["problems"]) == before


def test_a_site_that_was_never_good_says_what_is_wrong_until_it_is_mended(tmp_path: Path) -> None:
    with serving(write_site(tmp_path, {FIRST: BROKEN})) as served, served.events(PAGE) as events:
        before = next(events)
        reply = served.get(PAGE)
        assert reply.status == 503
        assert f"{FIRST}:2:1:" in reply.text
        assert "/__sitegen/preview.js" in reply.text
        write_files(tmp_path, {FIRST: ARTICLE})
        assert next(event for event in events if not event["problems"])["edition"] != before["edition"]
        assert served.get(PAGE).status == 200


def test_the_last_good_pages_of_an_earlier_run_stay_too(tmp_path: Path) -> None:
    folder = str(tmp_path / "preview")
    below = {"sitegen.toml": CONFIG.replace(".example/", ".example/sub/")}
    with serving(write_site(tmp_path, below), "--output", folder):
        assert eventually((tmp_path / "preview/index.html").exists)
    write_files(tmp_path, {FIRST: BROKEN})
    with serving(tmp_path, "--output", folder) as served:
        assert served.get("/sub" + PAGE).status == 200
        assert "/sub/ (Ctrl-C" in served.output


def test_a_terminal_that_is_gone_ends_the_preview_instead_of_leaving_it_deaf(tmp_path: Path) -> None:
    site, command = str(write_site(tmp_path)), [sys.executable, "-m", "sitegen", "serve", "--port", "0", "--site"]
    with subprocess.Popen([*command, site], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        assert any("The site is at" in line for line in iter(process.stdout.readline, ""))
        process.stdout.close()
        write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
        assert process.wait(PATIENCE) != 0


def test_the_content_folder_may_vanish_and_come_back(tmp_path: Path) -> None:
    with serving(write_site(tmp_path)) as served, served.events() as events:
        next(events)
        shutil.rmtree(tmp_path / "content")
        assert next(event for event in events if event["problems"])
        write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
        assert next(event for event in events if not event["problems"])
        assert eventually(lambda: "Another text" in served.get(PAGE).text)


def test_ctrl_c_ends_it_at_once_although_pages_are_open(tmp_path: Path) -> None:
    with serving(write_site(tmp_path)) as served, served.events(PAGE) as events:
        next(events)
        assert served.end() == 0
        assert list(events) == []
    assert "Traceback" not in served.output


def test_drafts_are_shown_and_never_reach_the_published_folder(tmp_path: Path) -> None:
    draft = {"content/articles/news/draft.md": ARTICLE.replace("title", "draft: true\ntitle")}
    build_site(write_site(tmp_path, draft))
    published = tree(tmp_path / "output")
    with serving(tmp_path, "--drafts") as served:
        assert served.get("/news/2026/10/draft/").status == 200
    assert tree(tmp_path / "output") == published


def test_the_pages_on_disk_are_those_that_a_build_makes(tmp_path: Path) -> None:
    with serving(write_site(tmp_path), "--output", str(tmp_path / "preview")):
        assert eventually((tmp_path / "preview/index.html").exists)
        assert not (tmp_path / "output").exists()
        build_site(tmp_path, now=datetime.now(UTC))
        assert eventually(lambda: tree(tmp_path / "preview") == tree(tmp_path / "output"))
    assert not any(b"__sitegen" in data for data in tree(tmp_path / "output").values())


def test_the_published_folder_is_refused(tmp_path: Path) -> None:
    build_site(write_site(tmp_path), output="public")
    published = tree(tmp_path)
    for folder in ("output", "public"):
        call = ["serve", "--port", "0", "--site", str(tmp_path), "--output", str(tmp_path / folder)]
        said = CliRunner().invoke(main, call)
        assert (said.exit_code, folder in said.output) == (1, True)
    assert tree(tmp_path) == published


def test_drafts_that_are_not_shown_are_said_once(tmp_path: Path) -> None:
    draft = {"content/articles/news/hidden.md": ARTICLE.replace("published:", "draft: true\npublished:")}
    with serving(write_site(tmp_path, draft)) as served:
        assert eventually(lambda: "1 draft not shown; --drafts shows it" in served.output)


def test_a_build_may_take_a_previews_folder_and_its_drafts_go(tmp_path: Path) -> None:
    draft = {"content/articles/news/draft.md": ARTICLE.replace("title", "draft: true\ntitle")}
    with serving(write_site(tmp_path, draft), "--drafts", "--output", str(tmp_path / "place")):
        assert eventually((tmp_path / "place/news/2026/10/draft").exists)
    build_site(tmp_path, output="place")
    assert not (tmp_path / "place/news/2026/10/draft").exists()


def test_a_port_in_use_is_said_plainly_and_a_free_one_offered(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        said = CliRunner().invoke(main, ["serve", "--site", str(write_site(tmp_path)), "--port", str(port)])
    assert said.exit_code == 1
    assert f"port {port} is in use" in said.output
    assert "--port" in said.output


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "a" * 70, ""])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(ListenError, match=r"--host 127\.0\.0\.1"):
        listen(host, 0).close()


def test_it_is_for_this_machine_alone_unless_another_address_is_asked_for() -> None:
    with listen("localhost", 0) as bound:
        assert address_of(bound).ip.is_loopback
        assert address_of(bound).reached() == str(address_of(bound))
    for host in ("0.0.0.0", "::"):
        everywhere = Address(host, 8000)
        assert not everywhere.ip.is_loopback
        assert everywhere.reached().endswith(":8000")
        assert not everywhere.reached().startswith(("0.0.0.0", "[::]"))


def test_whoever_names_another_host_is_not_meant() -> None:
    hosts = Hosts(Address("127.0.0.1", 8000))
    assert hosts.means_us("LOCALHOST:8000", "127.0.0.1")
    assert hosts.means_us("127.0.0.1:8000", "127.0.0.1")
    assert not hosts.means_us("localhost", "127.0.0.1")
    assert not hosts.means_us("192.0.2.1:8000", "192.0.2.1")
    assert Hosts(Address("127.0.0.1", 80)).means_us("localhost", "127.0.0.1")
    assert Hosts(Address("::1", 8000)).means_us("[::1]:8000", "::1")
    everywhere = Hosts(Address("0.0.0.0", 8000))
    assert everywhere.means_us("192.0.2.1:8000", "192.0.2.1")
    assert not everywhere.means_us("192.0.2.2:8000", "192.0.2.1")
    assert not everywhere.means_us("evil.example:8000", "192.0.2.1")
    everywhere = Hosts(Address("::", 8000))
    assert everywhere.means_us("[2001:db8::1]:8000", "2001:DB8::1")
    assert everywhere.means_us("192.0.2.1:8000", "::ffff:192.0.2.1")


def make_preview(root: Path, looked: list[Looked]) -> Preview:
    return Preview(Options(write_site(root), root / "preview", now=NOW, preview=True), looked.append)


def test_a_burst_of_changes_is_one_look(tmp_path: Path) -> None:
    looked: list[Looked] = []

    async def burst() -> None:
        preview = make_preview(tmp_path, looked)
        running = asyncio.create_task(preview.run())
        for number in range(1000):
            preview.notice(f"content/articles/news/{number % 7}.md")
            if number % 100 == 0:
                await asyncio.sleep(0.001)
        await preview.settled()
        running.cancel()

    asyncio.run(burst())
    assert [len(each.changed) for each in looked] == [7]


def test_a_request_waits_for_what_changed_before_it_and_for_nothing_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    real = Live.look

    async def edit() -> None:
        preview = make_preview(tmp_path, [])
        loop = asyncio.get_running_loop()

        def look_and_change(live: Live, changed: Collection[str], early: Callable[[Early], None]) -> None:
            started.append(1)
            if len(started) < 5:
                loop.call_soon_threadsafe(preview.notice, FIRST)
            real(live, changed, early)

        monkeypatch.setattr(Live, "look", look_and_change)
        running = asyncio.create_task(preview.run())
        preview.notice(FIRST)
        await preview.settled()
        assert len(started) <= 2  # The change made meanwhile may have begun its own look, and was not waited for.
        while len(started) < 5:
            await preview.settled()
        running.cancel()

    asyncio.run(edit())


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device", "page.html"), ZeroDivisionError("a bug")])
def test_a_look_that_fails_by_itself_is_a_problem_and_the_preview_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    looked: list[Looked] = []

    def fail(*_: object) -> None:
        raise failure

    async def edit() -> None:
        preview = make_preview(tmp_path, looked)
        running = asyncio.create_task(preview.run())
        preview.notice(FIRST)
        await preview.settled()
        good = preview.state
        with monkeypatch.context() as patched:
            patched.setattr(sitegen.engine.live, "list_inputs", fail)
            write_files(tmp_path, {"sitegen.toml": CONFIG.replace("Tiny", "Mighty")})
            preview.notice("sitegen.toml")
            await preview.settled()
        assert preview.state.problems
        assert preview.state.pages == good.pages
        preview.notice(FIRST)
        await preview.settled()
        assert preview.state.problems == ()
        # What changed while nobody could look is not forgotten.
        assert b"Mighty" in (await preview.page(PAGE)).data
        running.cancel()

    asyncio.run(edit())
    assert [len(each.problems) for each in looked[1:2]] == [1]


def test_a_page_that_sitegen_itself_fails_to_make_is_told_of_in_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Looked] = []

    async def ask() -> None:
        preview = make_preview(tmp_path, looked)
        running = asyncio.create_task(preview.run())
        await preview.settled()
        with monkeypatch.context() as patched:
            patched.setattr(Renderer, "article", lambda *_: 1 / 0)
            page = await preview.page(PAGE)
        assert "ZeroDivisionError" in page.problems[0].message
        assert "Traceback" in looked[-1].trace
        running.cancel()

    asyncio.run(ask())


def test_of_a_site_that_was_never_good_there_is_nothing_to_be_told(tmp_path: Path) -> None:
    async def ask() -> None:
        preview = Preview(make_options(write_site(tmp_path, {"sitegen.toml": "title ="})), lambda looked: None)
        running = asyncio.create_task(preview.run())
        assert await asyncio.wait_for(preview.about(PAGE), PATIENCE) is None
        running.cancel()

    asyncio.run(ask())


def make_options(root: Path, **more: object) -> Options:
    return Options(root, root / "preview", preview=True, **more)  # type: ignore[arg-type]


def is_current(*asked: Options) -> bool:
    earlier = find_earlier(*asked)
    assert earlier is not None
    try:
        return earlier.is_current()
    finally:
        earlier.end()


def test_a_build_is_shown_at_once_while_it_is_what_a_build_would_make_now(tmp_path: Path) -> None:
    write_site(tmp_path)
    let_settle()
    build_site(tmp_path)
    published = Options(tmp_path, tmp_path / "output", now=NOW)
    preview = make_options(tmp_path, now=NOW)
    assert is_current(preview, published)
    page = tmp_path / "output/news/2026/10/first/index.html"
    good = page.read_bytes()
    for path, data in ((page, b"edited"), (tmp_path / FIRST, BROKEN.encode())):
        before = path.read_bytes()
        path.write_bytes(data)
        assert not is_current(preview, published)
        path.write_bytes(before)
        let_settle()
        build_site(tmp_path)
        assert is_current(preview, published)
    assert not is_current(preview, replace(published, drafts=True))
    assert not is_current(preview, replace(published, now=NOW.replace(year=2025)))
    earlier = find_earlier(preview, published)
    assert earlier is not None
    assert earlier.shelf.file("news/2026/10/first/index.html") == Served(
        copy_of=Place(tmp_path / "output", "news/2026/10/first/index.html")
    )
    assert "news/2026/10/other/index.html" not in earlier.shelf.files
    assert earlier.shelf.file("../sitegen.toml") is None
    assert page.read_bytes() == good
    earlier.end()


def test_the_latest_of_several_builds_is_shown(tmp_path: Path) -> None:
    preview, published = make_options(write_site(tmp_path), now=NOW), Options(tmp_path, tmp_path / "output", now=NOW)
    assert find_earlier(preview, published) is None
    for options in (preview, published, preview):
        write_files(tmp_path, {FIRST: ARTICLE + options.output.name})
        build(options)
        earlier = find_earlier(preview, published)
        assert earlier is not None
        assert earlier.shelf.folder == options.output
        earlier.end()


def test_a_page_of_an_earlier_run_that_is_up_to_date_waits_for_nothing(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    looked: list[Looked] = []

    async def start() -> None:
        published = Options(tmp_path, tmp_path / "output", now=NOW)
        earlier = find_earlier(published)
        assert earlier is not None
        preview = Preview(make_options(tmp_path, now=NOW), looked.append, earlier.shelf)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(preview.page(PAGE), 0.05)
        preview.trust()
        shelved = await preview.page(PAGE)
        assert looked == []
        running = asyncio.create_task(preview.run())
        preview.notice(FIRST)
        made = await preview.page(PAGE)
        assert (made.data, made.edition, len(looked)) == (shelved.data, shelved.edition, 1)
        running.cancel()
        earlier.end()

    asyncio.run(start())


def test_a_scheduled_article_appears_and_an_expiring_one_goes_at_their_moments(tmp_path: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=3)).isoformat(timespec="milliseconds")
    comes = ARTICLE.replace("2026-10-01", soon)
    goes = ARTICLE.replace("published:", f"expires: {soon}\npublished:")
    texts = {"content/articles/news/comes.md": comes, "content/articles/news/goes.md": goes}
    with serving(write_site(tmp_path, texts)) as served, served.events("/news/2026/10/goes/") as events:
        before = next(events)
        page = f"/news/{soon[:4]}/{soon[5:7]}/comes/"
        assert [served.get(path).status for path in (page, "/news/2026/10/goes/")] == [404, 200]
        assert next(events)["edition"] != before["edition"]
        assert served.get(page).status == 200
        assert "goes" not in served.get("/news/").text
        assert eventually(lambda: "its time has come: " in served.output)


def test_output_is_kept_up_to_date_where_that_is_wanted(tmp_path: Path) -> None:
    page = tmp_path / "output/news/2026/10/first/index.html"
    with serving(write_site(tmp_path), "--write"):
        assert eventually(page.exists)
        write_files(tmp_path, {FIRST: ARTICLE.replace("The text", "Another text")})
        assert eventually(lambda: b"Another text" in page.read_bytes())
        assert eventually((tmp_path / ".sitegen/preview/site/index.html").exists)
    assert not any(b"__sitegen" in data for data in tree(tmp_path / "output").values())
    said = CliRunner().invoke(main, ["serve", "--site", str(tmp_path), "--write", "--drafts"])
    assert said.exit_code == 2
    assert "drafts must not get among what is published" in said.output


def test_a_folder_with_strangers_is_left_alone_and_it_is_said(tmp_path: Path) -> None:
    write_site(tmp_path, {"preview/precious.txt": "precious"})
    with serving(tmp_path, "--output", str(tmp_path / "preview")) as served:
        assert eventually(lambda: "precious.txt" in served.output)
        assert served.get(PAGE).status == 200
    assert tree(tmp_path / "preview") == {"precious.txt": b"precious"}


def test_outside_of_a_site_the_preview_does_not_start(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sitegen", "serve", "--port", "0", "--site", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert "there is no sitegen.toml here" in done.stderr and "sitegen init DIR" in done.stderr
    assert not any(tmp_path.iterdir())
