"""The server's owner: who holds ``AE_MODELS_ADMIN_TOKEN`` may change everything. The token is typed once, on a page.

The page is ours and static, and its form is taken by a plain route: a script of Streamlit's cannot set a cookie that
scripts cannot read. What the browser keeps is no token, but a time and a nonce, signed with it.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ae_models.ui.serving import base, rooted

NAME = "latent_lab_server_owner"
TOKEN = "AE_MODELS_ADMIN_TOKEN"
ADDRESS = "latent-lab/server-owner"
_HOURS = 12
_MOST_BODY = 4_096
_SLOWLY, _AT_ONCE = 1.0, 8  # seconds that a wrong token takes to be refused, and how many may be on their way
_PAGE = Path(__file__).parent / "server_owner.html"
_WORDS = {
    "ask": "Type the token that this server was started with.",
    "wrong": "This is not the token.",
    "busy": "Too many tries at the same time. Wait a moment.",
    "strange": "This form was sent from somewhere else. Open this page and send it from here.",
    "nobody": "This server was started without a token, so nobody can sign in here.",
    "here": "You are signed in as the server’s owner.",
}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # without it a browser does not say where a form comes from
    "X-Content-Type-Options": "nosniff",
}
_wrong = 0  # tokens that are being refused now


def has_token() -> bool:
    """Say whether anybody can be the server's owner."""
    return bool(_token())


def is_signed_in(cookie: str) -> bool:
    """Say whether a cookie's value was given out for this server's token, and is not too old."""
    ends, _, rest = cookie.partition(".")
    nonce, _, signature = rest.partition(".")
    if not _token() or not ends.isascii() or not ends.isdigit() or len(ends) > 12:
        return False
    fits = hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(ends, nonce).encode())
    return fits and int(ends) > time.time()


def _token() -> str:
    return os.environ.get(TOKEN, "").strip()


def _signature(ends: str, nonce: str) -> str:
    key = hmac.digest(_token().encode(), b"latent lab, the server's owner", "sha256")
    return hmac.digest(key, f"{ends}.{nonce}".encode("utf-8", "replace"), "sha256").hex()


def _given() -> str:
    ends, nonce = str(int(time.time()) + _HOURS * 3600), secrets.token_hex(16)
    return f"{ends}.{nonce}.{_signature(ends, nonce)}"


def is_own_form(headers: Headers) -> bool:
    """Say whether a form was sent from a page of this server: by what the browser, and no script, says of it."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None and site is None:
        return False
    try:
        same = origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False
    return same and site in (None, "same-origin")


async def _page(request: Request) -> Response:
    if not has_token():
        return _answer("nobody", 404)
    return _answer("here" if is_signed_in(request.cookies.get(NAME, "")) else "ask")


async def _sent(request: Request) -> Response:
    if not has_token():
        return _answer("nobody", 404)
    if not is_own_form(request.headers):
        return _answer("strange", 403)
    form = await _form(request)
    if form is None:
        return _answer("wrong", 413)
    if "leave" in form:
        gone = RedirectResponse("server-owner", 303, _HEADERS)
        gone.delete_cookie(NAME, base() or "/", httponly=True, samesite="strict")
        return gone
    return await _tried(request, form.get("token", ""))


async def _tried(request: Request, token: str) -> Response:
    global _wrong
    if _wrong >= _AT_ONCE:
        return _answer("busy", 429)
    if not hmac.compare_digest(token.strip().encode("utf-8", "replace"), _token().encode("utf-8", "replace")):
        _wrong += 1
        try:
            await asyncio.sleep(_SLOWLY)
        finally:
            _wrong -= 1
        return _answer("wrong", 403)
    taken = RedirectResponse("../models", 303, _HEADERS)
    secure = request.url.scheme == "https" or request.headers.get("origin", "").startswith("https:")
    taken.set_cookie(NAME, _given(), _HOURS * 3600, path=base() or "/", httponly=True, samesite="strict", secure=secure)
    return taken


async def _form(request: Request) -> dict[str, str] | None:
    """Return the fields of a small form; None where it is none, or too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BODY:
            return None
    try:
        found = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=4, strict_parsing=bool(body))
    except ValueError:
        return None
    return {name: values[-1] for name, values in found.items()}


def _answer(words: str, status: int = 200) -> Response:
    """Return our page with one of its sentences; nothing of what was sent stands in it."""
    shown = {"ask": "in", "wrong": "in", "busy": "in", "strange": "in", "here": "out"}.get(words, "none")
    content = _PAGE.read_text(encoding="utf-8").replace("{said}", _WORDS[words]).replace("{shown}", shown)
    return HTMLResponse(content, status, _HEADERS)


def server_owner_routes(base_path: str) -> list[BaseRoute]:
    """Return the routes of the page, below Streamlit's ``server.baseUrlPath``."""
    address = f"{rooted(base_path)}/{ADDRESS}"
    return [Route(address, _page), Route(address, _sent, methods=["POST"])]
