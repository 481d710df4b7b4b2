"""Whose browser this is: a cookie with no name behind it. No accounts; it only tells one visitor's things from others'.

The cookie's value never leaves this file: what a visitor makes carries a digest of it, which a shared store may hold.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, MutableMapping
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import config, runtime

from ae_models.base import Visitor
from ae_models.ui import desk, server_owner
from ae_models.ui.serving import rooted

NAME = "latent_lab_owner"  # as in earlier versions: browsers keep it, and proxies hash it
_VALUE = re.compile(r"[0-9a-f]{32}")
_YEAR = 365 * 24 * 3600


def visitor() -> Visitor:
    """Return whose page this is: its id, and whether everything here may be changed from it.

    Without a server, as in a test of a page, it is one's own desk. Where there is one, a visit that has just been
    closed says nothing of itself and may change nothing.
    """
    headers = {name.lower(): value for name, value in st.context.headers.to_dict().items()}
    if not headers:
        return Visitor(may_change_all=not _served())
    cookies = st.context.cookies.to_dict()
    client = st.context.ip_address or "127.0.0.1"  # Streamlit gives none for loopback
    return visitor_of(cookies, headers, client)


def visitor_of(cookies: Mapping[str, str], headers: Mapping[str, str], client: str | None) -> Visitor:
    """Return who asks with these cookies and headers (by their names in small letters), from this address."""
    why_not = desk.why_not_own_desk(listening(), client, headers)
    return Visitor(
        id_of(cookies.get(NAME, "")),
        not why_not or server_owner.is_signed_in(cookies.get(server_owner.NAME, "")),
        desk.address_key(client, headers),
    )


def listening() -> str:
    """Return the address that this server is bound to; "" for all."""
    return str(config.get_option("server.address") or "")


def _served() -> bool:
    """Say whether a real server runs this script; tests of pages put something else in its place."""
    return runtime.exists() and type(runtime.get_instance()) is runtime.Runtime


def id_of(value: str) -> str:
    """Return what is kept of a cookie's value with all that its holder makes; "" for one that is not ours.

    Examples
    --------
    >>> len(id_of("0" * 32)), id_of("../etc")
    (16, '')
    """
    return sha256(f"owner {value}".encode()).hexdigest()[:16] if _VALUE.fullmatch(value) else ""


class VisitorCookies:
    """ASGI middleware: a browser that asks for a page and has no cookie yet is given one, 128 random bits."""

    def __init__(self, app: Any, base_path: str) -> None:
        self.app, self.path = app, base_path or "/"

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Pass everything on; add the cookie to an answer that is a page."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or _known(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return

        async def give(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if headers.get("content-type", "").startswith("text/html"):
                    secure = "; Secure" if scope.get("scheme") == "https" else ""
                    headers.append(
                        "Set-Cookie",
                        f"{NAME}={secrets.token_hex(16)}; Path={self.path}; Max-Age={_YEAR}; HttpOnly; "
                        f"SameSite=Lax{secure}",
                    )
            await send(message)

        await self.app(scope, receive, give)


def _known(headers: Headers) -> bool:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(NAME)
    except CookieError:
        return False
    return morsel is not None and bool(_VALUE.fullmatch(morsel.value))


async def _who(request: Request) -> Response:
    """Say what the asking browser may change, and why: so can a proxy be checked for what it hands on."""
    headers = dict(request.headers.items())
    client = request.client.host if request.client else None
    asking = visitor_of(request.cookies, headers, client)
    why_not = desk.why_not_own_desk(listening(), client, headers)
    found = {"known": bool(asking.id), "may_change_all": asking.may_change_all, "own_desk": not why_not, "why": why_not}
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def visitor_routes(base_path: str) -> list[BaseRoute]:
    """Return the route that says how a visitor is seen, below Streamlit's ``server.baseUrlPath``."""
    return [Route(f"{rooted(base_path)}/latent-lab/visitor", _who)]
