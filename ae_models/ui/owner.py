"""Whose browser this is: a cookie with no name behind it. No accounts; it only tells one visitor's jobs from others'.

The cookie's value never leaves this file: jobs carry a digest of it, which a shared store may hold.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware

_NAME = "latent_lab_owner"
_VALUE = re.compile(r"[0-9a-f]{32}")
_YEAR = 365 * 24 * 3600


def owner() -> str:
    """Return whose page this is, for ``Engine``; "" where the browser keeps no cookies or there is no browser."""
    return owner_of(st.context.cookies.to_dict().get(_NAME, ""))


def owner_of(value: str) -> str:
    """Return what jobs carry of a cookie's value; "" for one that is not ours.

    Examples
    --------
    >>> len(owner_of("0" * 32)), owner_of("../etc")
    (16, '')
    """
    return sha256(f"owner {value}".encode()).hexdigest()[:16] if _VALUE.fullmatch(value) else ""


class Cookies:
    """ASGI middleware: a browser that asks for a page and has no cookie yet is given one, 128 random bits."""

    def __init__(self, app: Any, path: str) -> None:
        self.app, self.path = app, path or "/"

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
                        f"{_NAME}={secrets.token_hex(16)}; Path={self.path}; Max-Age={_YEAR}; HttpOnly; "
                        f"SameSite=Lax{secure}",
                    )
            await send(message)

        await self.app(scope, receive, give)


def _known(headers: Headers) -> bool:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(_NAME)
    except CookieError:
        return False
    return morsel is not None and bool(_VALUE.fullmatch(morsel.value))


def owner_cookies(base_path: str) -> Middleware:
    """Return the middleware for a server below this path."""
    return Middleware(Cookies, path=base_path)
