"""A published site as a reader's browser meets it: served as a static host does, on paper, in the dark, on a phone."""

from __future__ import annotations

import base64
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.browser import Browser, chromium

HOSTING = (Path(__file__).parent.parent / "docs/hosting.md").read_text("utf-8")
POLICY = HOSTING.partition("Content-Security-Policy: ")[2].partition("\n")[0]
"""What hosting.md says pages may load."""


class _Bare(SimpleHTTPRequestHandler):
    """A host that sends no headers of its operator's."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Quiet(_Bare):
    def end_headers(self) -> None:
        # As hosting.md recommends: what has its digest in its name is kept for ever.
        kept = self.path.startswith(("/assets/", "/media/"))
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if kept else "max-age=0")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A browser that leaves a page drops what it was loading.
        pass


@contextmanager
def hosted(folder: Path, *, has_headers: bool = True) -> Iterator[str]:
    """Serves a folder, with the headers of hosting.md; the address of its front page, without the last `/`."""
    handler = _Quiet if has_headers else _Bare
    server = _Server(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Reader(Browser):
    """A browser on a published site. `host` is where it stands."""

    host = ""

    def command(self, name: str, **values: Any) -> Any:
        """One command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, values)

    def look(self, path: str, width: int = 1280, height: int = 900, *, is_dark: bool = False, media: str = "") -> None:
        """Opens a page in a window of this size, in CSS pixels; a phone's where it is narrow."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.command("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.open(self.host + path)

    def scripts(self, are_on: bool) -> None:
        """Switches scripts on or off for the pages that are opened from now on."""
        self.command("Emulation.setScriptExecutionDisabled", value=not are_on)

    def forget(self) -> None:
        """A reader who was never here: nothing stored, nothing kept."""
        self.command("Storage.clearDataForOrigin", origin=self.host, storageTypes="all")
        self.command("Network.clearBrowserCache")

    def paper(self, width: float = 8.27, height: float = 11.69) -> bytes:
        """The open page printed to PDF; the paper's size in inches, A4 by default."""
        made = self.command(
            "Page.printToPDF", paperWidth=width, paperHeight=height, printBackground=False, preferCSSPageSize=False
        )
        return base64.b64decode(made["data"])

    def picture(self, width: int, height: int) -> bytes:
        """The page's first pixels as PNG."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        made = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(made["data"])


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """A reader's browser on the site in this folder."""
    with hosted(folder) as host, chromium() as browser:
        reader = Reader(browser.driver)
        reader.host = host
        reader.command("Network.enable")
        yield reader
