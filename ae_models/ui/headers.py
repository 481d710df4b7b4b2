"""What every answer says to the browser about itself: who may frame it, what it may load, and that its type holds.

Streamlit writes styles into the page, components come as ``blob:`` modules, Plotly compiles its shaders' glue and the
decoders are WebAssembly: hence ``unsafe-inline`` for styles and ``unsafe-eval``. Scripts inside the page are still
refused, but for Streamlit's own, which is named by its hash, and nothing is fetched from or sent to another host.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ae_models.base import UserError

VARIABLE = "AE_MODELS_FRAME_ANCESTORS"
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*(:[0-9]{1,5})?")
_STARTS = ("http.response.start", "websocket.http.response.start")


@dataclass(frozen=True)
class Policy:
    """What the answers of one server allow; ``framed_by`` are the origins besides its own that may frame its pages."""

    framed_by: tuple[str, ...] = ()

    @classmethod
    def of_environment(cls) -> Policy:
        """Read ``AE_MODELS_FRAME_ANCESTORS``, origins between commas or blanks; ``UserError`` for another value."""
        origins = os.environ.get(VARIABLE, "").replace(",", " ").lower().split()
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise UserError(
                    f"{VARIABLE} must be origins with commas between, as 'https://course.school.org' or "
                    f"'https://*.school.org': got '{origin[:60]}'"
                )
        return cls(tuple(origins))

    def _everywhere(self) -> str:
        framers = " ".join(["'self'", *self.framed_by])
        return f"frame-ancestors {framers}; object-src 'none'; base-uri 'self'"

    def page(self, host: str) -> str:
        """Return the Content-Security-Policy of a page, asked for at a host (old browsers want its WebSocket named)."""
        sockets = f" ws://{host} wss://{host}" if re.fullmatch(r"[A-Za-z0-9._\[\]:-]+", host) else ""
        return "; ".join(
            [
                "default-src 'self'",
                f"script-src 'self' blob: 'unsafe-eval' {_inline_scripts()}",
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "media-src 'self' data: blob:",
                "font-src 'self' data:",
                "worker-src 'self' blob:",
                f"connect-src 'self' data: blob:{sockets}",
                "form-action 'self'",
                self._everywhere(),
            ]
        )

    def other(self) -> str:
        """Return the policy of whatever is no page: opened by itself, it runs and loads nothing."""
        return f"default-src 'none'; {self._everywhere()}"

    def apply(self, headers: MutableHeaders, status: int, host: str) -> None:
        """Put the headers on an answer; what it says itself stays."""
        # "Not modified" has no type, and what it says replaces what the browser kept with its page.
        is_page = status == 304 or headers.get("content-type", "").startswith("text/html")
        headers.setdefault("Content-Security-Policy", self.page(host) if is_page else self.other())
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        if not self.framed_by:  # for older browsers; it cannot name others
            headers.setdefault("X-Frame-Options", "SAMEORIGIN")


@cache
def _inline_scripts() -> str:
    """Return the hashes of the scripts that stand in Streamlit's page, as a policy names them."""
    spec = find_spec("streamlit")
    page = Path(spec.origin).parent / "static" / "index.html" if spec and spec.origin else None
    scripts = re.findall(rb"<script>(.*?)</script>", page.read_bytes(), re.DOTALL) if page else []
    return " ".join(f"'sha256-{base64.b64encode(sha256(script).digest()).decode()}'" for script in scripts)


class SecureHeaders:
    """ASGI middleware, outside of all others: every answer bears the headers, that to an error of ours among them."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self.app, self.policy = app, policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and add the headers to what comes back."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        host = Headers(scope=scope).get("host", "")
        started = False

        async def add(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] in _STARTS:
                self.policy.apply(MutableHeaders(scope=message), message["status"], host)
            await send(message)

        try:
            await self.app(scope, receive, add)
        except Exception:
            if scope["type"] == "http" and not started:
                await PlainTextResponse("Internal Server Error", status_code=500)(scope, receive, add)
            raise
