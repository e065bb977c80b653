"""What foreign pages and rude clients can do to the preview: nothing."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import pytest

from sitegen.serve.connection import SLOWEST
from sitegen.serve.listen import listen
from tests.preview import PATIENCE, Running, eventually, serving
from tests.site import ARTICLE, write_files, write_site

pytestmark = pytest.mark.slow

PAGE = "/news/2026/10/first/"
CHANNEL = ("/__sitegen/events", "/__sitegen/about")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    files = {"secret.txt": "secret", "content/secret.txt": "secret", "content/articles/news/hidden.txt": "secret"}
    with serving(write_site(tmp_path_factory.mktemp("attacked"), files)) as running:
        yield running


def talk(served: Running, data: bytes) -> bytes:
    """Sends bytes and reads all that comes back, until the server has nothing more to say or hangs up."""
    parts = []
    with closing(socket.create_connection(("127.0.0.1", served.port), PATIENCE)) as line:
        # Whoever is refused while still sending hears of it as a broken line.
        with suppress(OSError):
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while part := line.recv(65536):
                parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/news/../../../secret.txt", "/..\\secret.txt"),
        *("/%5c..%5csecret.txt", "/%00", "/index.html%00", "/index.html%00.png", "//etc/passwd", "/%2fetc/passwd"),
        *("/.sitegen-stage/", "/%ff%fe", "/" + "a" * 5000, "/%252e%252e/secret.txt", "/%c0%ae%c0%ae/secret.txt"),
        *("/..;/secret.txt", "/./../secret.txt", "/secret.txt", "/content/secret.txt", "/.sitegen/cache.sqlite"),
        *("/sitegen.toml", "/__sitegen/../../secret.txt", "/__sitegen/%2e%2e/server.py", "/__sitegen/not-built.html"),
        *("/news/hidden.txt", "/file:///etc/passwd", "/C:/secret.txt", "/news/2026/10/first/../../../../../secret.txt"),
        "/%e2%80%ae",
        "/~root/",
        "/index.html/",
        "/proc/self/environ",
        "/%2e/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_no_spelling_of_a_path_leaves_the_site(served: Running, path: str) -> None:
    reply = served.get(path)
    assert reply.status == 404
    assert "secret" not in reply.text.replace("secret.txt", "")
    assert "root:" not in reply.text


def test_an_address_of_another_server_in_the_request_line_is_none_of_ours(served: Running) -> None:
    for target in (b"http://evil.example/", b"http://evil.example/../secret.txt", b"*", b"secret.txt"):
        host = b"127.0.0.1:%d" % served.port
        said = talk(served, b"GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % (target, host))
        assert b"\nsecret" not in said
    assert served.get(PAGE).status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:80", "", "a@b"])
def test_a_foreign_host_is_refused(served: Running, host: str) -> None:
    for path in ("/", PAGE, *CHANNEL, "/__sitegen/preview.js"):
        assert served.get(path, Host=host).status == 421


def test_no_host_and_two_hosts_are_refused(served: Running) -> None:
    right = b"Host: 127.0.0.1:%d\r\n" % served.port
    for hosts in (b"", right + b"Host: evil.example\r\n", right + right):
        said = talk(served, b"GET / HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n")
        assert said.startswith((b"HTTP/1.1 400", b"HTTP/1.1 421"))


def test_the_channel_is_for_our_own_pages_alone(served: Running) -> None:
    token = served.token
    assert len(token) > 20
    ours, foreign = f"http://127.0.0.1:{served.port}", "http://evil.example"
    about = f"/__sitegen/about?page={PAGE}"
    assert served.get(f"{about}&token={token}").status == 200
    assert served.get(f"{about}&token={token}", Origin=ours, Sec_Fetch_Site="same-origin").status == 200
    for path in CHANNEL:
        for asked in ("", "&token=", f"&token={token[:-1]}", f"&token={token}x", "&token=%ff"):
            assert served.get(f"{path}?page={PAGE}{asked}").status == 403
        for headers in (
            {"Origin": foreign},
            {"Origin": "null"},
            {"Origin": f"http://localhost:{served.port}"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
        ):
            assert served.get(f"{path}?page={PAGE}&token={token}", **headers).status == 403


def test_each_preview_has_another_token(served: Running, tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(write_site(tmp_path_factory.mktemp("other"))) as other:
        assert other.token != served.token


def test_nothing_is_given_to_pages_of_other_origins(served: Running) -> None:
    for path in ("/", PAGE, "/nothing", "/__sitegen/preview.js", f"/__sitegen/about?page=/&token={served.token}"):
        reply = served.get(path, Origin="http://evil.example", Access_Control_Request_Method="GET")
        assert not any(name.lower().startswith("access-control") for name in reply.headers)
        if reply.status != 403:
            assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert served.get("/", "OPTIONS", Origin="http://evil.example").status == 405
    assert served.token.encode() not in served.get("/__sitegen/preview.js").body


def test_headers_without_end_are_refused(served: Running) -> None:
    start = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % served.port
    for much in (b"X: " + b"a" * 3_000_000, b"".join(b"X%d: a\r\n" % i for i in range(200_000)), b"\xff\x00" * 100_000):
        said = talk(served, start + much)
        assert said == b"" or said.startswith(b"HTTP/1.1 4")
    assert served.get(PAGE).status == 200


def test_slow_clients_hold_nobody_up(served: Running) -> None:
    with ExitStack() as lines:
        for number in range(200):
            line = lines.enter_context(closing(socket.create_connection(("127.0.0.1", served.port), PATIENCE)))
            # Some have begun a request, some ask for the channel and never read.
            begun = b"GET / HT" if number % 2 else b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-" % served.port
            line.sendall(begun)
        assert served.get(PAGE).status == 200


def test_what_arrives_too_slowly_is_ended(served: Running) -> None:
    """Neither a request that is never finished is waited for, nor a reader that takes nothing of an answer."""
    host = b"Host: 127.0.0.1:%d\r\n" % served.port
    begun = (b"", b"GET / HT", b"GET / HTTP/1.1\r\n" + host, b"POST / HTTP/1.1\r\n%sContent-Length: 9\r\n\r\nab" % host)
    with ExitStack() as lines:
        every = []
        for data in begun:
            every.append(lines.enter_context(closing(socket.create_connection(("127.0.0.1", served.port), PATIENCE))))
            every[-1].sendall(data)
        ended = [line.makefile("rb") for line in every]
        started = time.monotonic()
        for line in ended:
            # Its end is all that comes, but for an answer to what was asked before that.
            with suppress(OSError):
                line.read()
            line.close()
        assert SLOWEST - 1 <= time.monotonic() - started < PATIENCE


def test_no_page_can_be_shown_in_a_frame_of_others(served: Running) -> None:
    for path in ("/", PAGE, "/nothing", "/__sitegen/preview.js", "/__sitegen/about"):
        reply = served.get(path)
        assert reply.headers["Content-Security-Policy"].endswith("; frame-ancestors 'none'")
        assert (reply.headers["X-Frame-Options"], reply.headers["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_small_answers_are_not_held_back() -> None:
    """asyncio turns Nagle's algorithm off only on sockets that name their protocol."""
    with listen("127.0.0.1", 0) as bound, socket.create_connection(bound.getsockname()):
        taken, _ = bound.accept()
        with taken:
            assert (bound.proto, taken.proto) == (socket.IPPROTO_TCP, socket.IPPROTO_TCP)


def test_a_thousand_connections_are_held_and_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = write_site(tmp_path_factory.mktemp("many"))
    with serving(root) as served, ExitStack() as lines:
        asked = (
            f"GET /__sitegen/events?page={PAGE}&token={served.token} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n"
        )
        every = []
        for _ in range(1000):
            line = lines.enter_context(closing(socket.create_connection(("127.0.0.1", served.port), PATIENCE)))
            line.sendall(asked.encode())
            every.append(line)
        told = [0] * len(every)

        def follow(number: int) -> None:
            with suppress(OSError):
                while part := every[number].recv(65536):
                    told[number] += part.count(b"data: ")

        # Each is told what its page is now, and then of the change; one in a hundred is read.
        for number in range(0, len(every), 100):
            threading.Thread(target=follow, args=(number,), daemon=True).start()
        assert eventually(lambda: all(told[number] >= 1 for number in range(0, len(every), 100)))
        write_files(root, {"content/articles/news/first.md": ARTICLE.replace("The text", "Another text")})
        assert eventually(lambda: "Another text of it." in served.get(PAGE).text)
        assert eventually(lambda: all(told[number] >= 2 for number in range(0, len(every), 100)))
        assert served.end() == 0
