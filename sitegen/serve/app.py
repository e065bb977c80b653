"""The preview as a web application: the pages as a static host would send them, and the channel to the open ones."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from html import escape
from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sitegen.plan.policy import for_every_answer
from sitegen.plan.variants import VARIANTS
from sitegen.problems import Problem, show
from sitegen.serve.listen import Hosts
from sitegen.serve.preview import Preview
from sitegen.serve.replies import reply
from sitegen.serve.state import Page, State

OURS = "/__sitegen"
"""The preview's own addresses begin with this; no page's can, for a page's have no underscore at their start."""
FRESH = {"cache-control": "no-cache", "cross-origin-resource-policy": "same-origin"}
"""A browser asks before it uses what it kept, and no foreign page may show a picture of a draft."""
KEPT = tuple(f"/{variant.file}" for variant in VARIANTS if variant.standalone)
"""Files that a reader keeps: they are sent without the preview's script."""
_FOLDER = files("sitegen.serve") / "client"
CLIENT = {file.name: file.read_bytes() for file in _FOLDER.iterdir() if file.name.endswith(".js")}
NOT_BUILT = (_FOLDER / "not-built.html").read_text("utf-8")


def make_app(preview: Preview, hosts: Hosts) -> ASGIApp:
    """The application: it serves the preview and answers only to those who mean these hosts.

    What is told to open pages is told to nobody else: they name a token that stands in each page, and that no foreign
    page can read.
    """
    token = secrets.token_urlsafe(24)

    async def page(request: Request) -> Response:
        return _reply(request, await preview.page(request.scope["path"]), preview.state, token)

    async def events(request: Request) -> Response:
        if not _is_from_page(request, token):
            return PlainTextResponse("This is for the pages of the preview alone.\n", 403)
        stream = _events(preview, request.query_params.get("page", "/"))
        return StreamingResponse(stream, headers={"cache-control": "no-store"}, media_type="text/event-stream")

    async def about(request: Request) -> Response:
        if not _is_from_page(request, token):
            return PlainTextResponse("This is for the pages of the preview alone.\n", 403)
        found = await preview.about(request.query_params.get("page", "/"))
        headers = {"cache-control": "no-store", "cross-origin-resource-policy": "same-origin"}
        return Response(found or b"null", headers=headers, media_type="application/json")

    async def client(request: Request) -> Response:
        data = CLIENT.get(request.path_params["name"])
        if data is None:
            return PlainTextResponse("There is no such script.\n", 404)
        return Response(data, headers=FRESH, media_type="text/javascript")

    routes = [
        Route(f"{OURS}/events", events),
        Route(f"{OURS}/about", about),
        Route(f"{OURS}/{{name}}", client),
        Route("/{path:path}", page),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guarded), Middleware(OnlyHosts, hosts=hosts)])


def _is_from_page(request: Request, token: str) -> bool:
    """Whether a request comes from one of our pages: it names the token, and the browser names no other origin."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    if site != "same-origin" or origin not in (None, f"http://{request.headers['host']}"):
        return False
    return secrets.compare_digest(request.query_params.get("token", "").encode(), token.encode())


GUARDS = (
    (b"content-security-policy", for_every_answer().encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
)
"""No page of others can show the preview in a frame, and no browser takes a file for another kind than it is."""


class Guarded:
    """Adds GUARDS to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *GUARDS]}
            await send(message)

        await self._app(scope, receive, guarded)


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


def _reply(request: Request, page: Page, state: State, token: str) -> Response:
    if not state.pages.files or (state.is_partial and page.found.status == 404):
        # What is missing may be what the problems are about.
        return HTMLResponse(_nothing_yet(page.edition, state.problems, token), 503, FRESH)
    found = page.found
    if found.location:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(found.location + query, found.status, FRESH)
    if not found.file:
        return PlainTextResponse("There is no such page, and no 404.html either.\n", 404, FRESH)
    if page.problems and not page.data:
        return HTMLResponse(_nothing_yet(page.edition, page.problems, token), 503, FRESH)
    data = page.data
    if found.file.endswith(".html") and not found.file.endswith(KEPT):
        data = _with_client(data, page.edition, token)
    return reply(data, found.file, found.status, request.headers, FRESH)


def _with_client(html: bytes, edition: str, token: str) -> bytes:
    """A page with the preview's script in it, at its end."""
    data = f'data-edition="{edition}" data-channel="{OURS}" data-token="{token}"'
    tag = f'<script type="module" src="{OURS}/preview.js" {data}></script>'
    before, end, after = html.rpartition(b"</body>")
    return before + tag.encode() + end + after if end else html + tag.encode()


def _nothing_yet(edition: str, problems: Sequence[Problem], token: str) -> bytes:
    """The page that stands in for one that cannot be made; without scripts it lists the problems itself."""
    html = NOT_BUILT.replace("PROBLEMS", escape(show(problems)))
    return _with_client(html.encode(), edition, token)


async def _events(preview: Preview, path: str) -> AsyncIterator[str]:
    """Server-sent events (HTML Standard, 9.2): what the page at a path is now, then after every look."""
    yield "retry: 500\n\n"
    last = ""
    async for message in preview.followed(path):
        if message != last:
            yield f"data: {message}\n\n" if message else ": still here\n\n"
        last = message or last
