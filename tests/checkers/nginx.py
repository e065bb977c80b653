"""A real nginx on 127.0.0.1, set up as docs/hosting.md tells operators to."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.checkers.programs import program

_DOCUMENT = Path(__file__).parents[2] / "docs/hosting.md"
_CONFIG = """\
{user}daemon off;
worker_processes 1;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{}}
http {{
    include {types};
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    keepalive_requests 100000;
    {server}
}}
"""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def nginx(root: Path, port: int, work: Path, prefix: str = "/") -> Iterator[None]:
    """Serves a folder at http://127.0.0.1:`port`/ for as long as the block lasts; `prefix` is where the site lies."""
    binary = program("nginx")
    work.mkdir()
    config = work / "nginx.conf"
    # Started by root, nginx would serve as another user, who may not read the test's folder.
    user = "" if os.getuid() else "user root;\n"
    types = _types(binary)
    server_block = _server(root, port, prefix, types)
    config.write_text(_CONFIG.format(user=user, types=types, work=work, server=server_block), "utf-8")
    command = [str(part) for part in (binary, "-p", work, "-c", config, "-e", work / "error.log")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(server, port, work)
            yield
        finally:
            server.terminate()


def ask(port: int, path: str) -> tuple[int, dict[str, str]]:
    """The status and the headers of the answer to a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders())
    finally:
        connection.close()


def _types(binary: Path) -> Path:
    """The table of content types that comes with nginx, beside its settings."""
    built = subprocess.run([binary, "-V"], capture_output=True, text=True, timeout=10, check=True).stderr
    settings = re.search(r"--conf-path=(\S+)", built)
    assert settings, built
    return Path(settings[1]).with_name("mime.types")


def _server(root: Path, port: int, prefix: str, types: Path) -> str:
    """The blocks of the document for this folder, port and path; `types` is nginx's own table of content types."""
    text = _DOCUMENT.read_text("utf-8")
    start = text.index("    server {")
    block = text[text.index("    map $uri") : text.index("\n    }\n", start)] + "\n    }"
    block = block.replace("include mime.types;", f"include {types};").replace("^/(assets", f"^{prefix}(assets")
    block = re.sub(r"listen .*;", f"listen 127.0.0.1:{port};", block)
    block = re.sub(r"root .*;", f"root {root};", block)
    return re.sub(r"/(?=404\.html)", prefix, block)


def _wait(server: subprocess.Popen[bytes], port: int, work: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError((work / "error.log").read_text("utf-8"))
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)
    raise RuntimeError("nginx did not start within 10 s")
