"""The preview as a web application: the pages as a static host would send them, and the channel to the open ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import escape
from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sitegen.plan.variants import VARIANTS
from sitegen.problems import show
from sitegen.serve.listen import Hosts
from sitegen.serve.preview import Page, Preview, State
from sitegen.serve.replies import reply

OURS = "/__sitegen"
"""The preview's own addresses begin with this; no page's can, for a page's have no underscore at their start."""
FRESH = {"cache-control": "no-cache", "cross-origin-resource-policy": "same-origin"}
"""A browser asks before it uses what it kept, and no foreign page may show a picture of a draft."""
KEPT = tuple(f"/{variant.file}" for variant in VARIANTS if variant.standalone)
"""Files that a reader keeps: they are sent without the preview's script."""
CLIENT = (files("sitegen.serve") / "client" / "preview.js").read_bytes()
NOT_BUILT = (files("sitegen.serve") / "client" / "not-built.html").read_text("utf-8")


def make_app(preview: Preview, hosts: Hosts) -> ASGIApp:
    """The application: it serves the preview and answers only to those who mean these hosts."""

    async def page(request: Request) -> Response:
        return _reply(request, await preview.page(request.scope["path"]), preview.state)

    async def events(request: Request) -> Response:
        stream = _events(preview, request.query_params.get("page", "/"))
        return StreamingResponse(stream, headers={"cache-control": "no-store"}, media_type="text/event-stream")

    async def client(request: Request) -> Response:
        return Response(CLIENT, headers=FRESH, media_type="text/javascript")

    routes = [
        Route(f"{OURS}/events", events),
        Route(f"{OURS}/preview.js", client),
        Route("/{path:path}", page),
    ]
    return Starlette(routes=routes, middleware=[Middleware(OnlyHosts, hosts=hosts)])


class OnlyHosts:
    """Refuses every request that does not name one of our hosts."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host"]
        came_to = (scope.get("server") or ("",))[0]
        if scope["type"] != "http" or (len(named) == 1 and self._hosts.means_us(named[0], came_to)):
            await self._app(scope, receive, send)
            return
        text = f"This preview answers only to http://{min(self._hosts.named)}/\n"
        await PlainTextResponse(text, 421)(scope, receive, send)


def _reply(request: Request, page: Page, state: State) -> Response:
    if not state.pages.files:
        return HTMLResponse(_nothing_yet(state), 503, FRESH)
    found = page.found
    if found.location:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(found.location + query, found.status, FRESH)
    if not found.file:
        return PlainTextResponse("There is no such page, and no 404.html either.\n", 404, FRESH)
    if page.problems and not page.data:
        html = NOT_BUILT.replace("PROBLEMS", escape(show(page.problems)))
        return HTMLResponse(_with_client(html.encode(), ""), 503, FRESH)
    data = page.data
    if found.file.endswith(".html") and not found.file.endswith(KEPT):
        data = _with_client(data, page.edition)
    return reply(data, found.file, found.status, request.headers, FRESH)


def _with_client(html: bytes, edition: str) -> bytes:
    """A page with the preview's script in it, at its end."""
    tag = f'<script src="{OURS}/preview.js" data-edition="{edition}" data-events="{OURS}/events" defer></script>'
    before, end, after = html.rpartition(b"</body>")
    return before + tag.encode() + end + after if end else html + tag.encode()


def _nothing_yet(state: State) -> bytes:
    """The page that stands in while there has been no good look; without scripts it lists the problems itself."""
    html = NOT_BUILT.replace("PROBLEMS", escape(show(state.problems)))
    return _with_client(html.encode(), "")


async def _events(preview: Preview, path: str) -> AsyncIterator[str]:
    """Server-sent events (HTML Standard, 9.2): what the page at a path is now, then after every look."""
    yield "retry: 500\n\n"
    last = ""
    async for message in preview.followed(path):
        if message != last:
            yield f"data: {message}\n\n" if message else ": still here\n\n"
        last = message or last
