"""Who is answered at all: a host that is ours, a page that is ours, an address that is meant for visitors.

Streamlit looks at ``Host`` for WebSockets only, and lets any page of this computer open one. Asked by a page that it
does not know, it also asks the network for its own outer address: no such question comes that far.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from streamlit import config

from ae_models.ui.desk import is_loopback
from ae_models.ui.hosts import VARIABLE, Hosts, is_address, name_in

_SAFE = ("GET", "HEAD", "OPTIONS")
_CLOSED = ("metrics", "script-health-check", "agent")  # below /_stcore: figures of the process, a page without a page
_log = logging.getLogger(__name__)


class Gate:
    """ASGI middleware: refuses what is not for this server with one plain line; everything else goes on as it came."""

    def __init__(self, app: ASGIApp, base_path: str, hosts: Hosts) -> None:
        self.app, self.hosts = app, hosts
        self.core = f"{base_path}/_stcore/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or a WebSocket on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        refused = self._host_refused(scope) or self._closed(scope) or _origin_refused(scope)
        if refused is None:
            return await self.app(_as_own_page(scope), receive, send)
        status, line = refused
        if scope["type"] == "http":
            headers = {"Cache-Control": "no-store"}
            return await PlainTextResponse(f"{line}\n", status_code=status, headers=headers)(scope, receive, send)
        _log.warning("refused a WebSocket: %s", line)
        await _denied(WebSocket(scope, receive, send), line)

    def _host_refused(self, scope: Scope) -> tuple[int, str] | None:
        hosts = Headers(scope=scope).getlist("host")
        name = name_in(hosts[0]) if len(hosts) == 1 else None
        if name is None:
            return 400, f"a request must name one host, and it must be one of {VARIABLE}"
        if self.hosts.answers(name):
            return None
        # Whoever watches over a container asks by its address, and learns "ok" and nothing else.
        if scope["path"] == f"{self.core}health" and (is_address(name) or is_loopback(name)):
            return None
        return 421, f"this server does not answer to '{name[:100]}': whoever runs it can add that name to {VARIABLE}"

    def _closed(self, scope: Scope) -> tuple[int, str] | None:
        first = scope["path"].removeprefix(self.core).partition("/")[0]
        if scope["path"].startswith(self.core) and first in _CLOSED:
            return 404, "no such page"
        return None


def _origin_refused(scope: Scope) -> tuple[int, str] | None:
    """Refuse a WebSocket, and whatever may change something, that a page of another origin asks for."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None or (scope["type"] == "http" and scope["method"] in _SAFE):
        return None
    if is_same_origin(headers) or _is_let_in(origin):
        return None
    host = headers.get("host", "")
    return 403, f"a page of {origin[:100]!r} may not use this server, which is '{host[:100]}' to its own pages"


def is_same_origin(headers: Headers) -> bool:
    """Say whether a request that has an ``Origin`` comes from a page of this server.

    Browsers that say so themselves (``Sec-Fetch-Site``, which no script can write) are believed.
    """
    return headers.get("sec-fetch-site") == "same-origin" or _names_host(headers)


def _names_host(headers: Headers) -> bool:
    try:
        named = urlsplit(headers.get("origin", "")).netloc
    except ValueError:  # no address at all
        return False
    return named.lower() == headers.get("host", "").lower() != ""


def _is_let_in(origin: str) -> bool:
    """Say whether Streamlit's own settings let a page of another origin in."""
    return not config.get_option("server.enableCORS") or origin in config.get_option("server.corsAllowedOrigins")


def _as_own_page(scope: Scope) -> Scope:
    """Return a WebSocket's scope with our own origin, once that is settled: Streamlit then has nothing to look up."""
    headers = Headers(scope=scope)
    if scope["type"] != "websocket" or "origin" not in headers or _names_host(headers):
        return scope
    own = f"{'https' if scope['scheme'] == 'wss' else 'http'}://{headers['host']}".encode("latin-1")
    return {**scope, "headers": [(name, own if name == b"origin" else value) for name, value in scope["headers"]]}


async def _denied(socket: WebSocket, line: str) -> None:
    """End a WebSocket before it is open: 403, with the line where the server can send one."""
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(PlainTextResponse(f"{line}\n", status_code=403))
    else:
        await socket.close(1008)
