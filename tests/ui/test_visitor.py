"""The cookie that tells one visitor's jobs from another's: given once, kept, out of reach of scripts."""

import asyncio
import re

import pytest

from ae_models.ui.visitor import VisitorCookies, id_of

NAME = "latent_lab_owner"


def asked(cookie: str = "", *, kind: str = "text/html; charset=utf-8", method: str = "GET", **more: str) -> str | None:
    """Ask a server with the middleware for something of a kind; what it sets as a cookie, or None."""
    sent = []

    async def answers(scope, receive, send):
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind.encode())]}
        await send(start)
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    scope = {"type": "http", "method": method, "scheme": more.get("scheme", "http"), "path": "/"}
    scope["headers"] = [(b"cookie", cookie.encode())] if cookie else []
    asyncio.run(VisitorCookies(answers, more.get("path", ""))(scope, receive, send))
    return next((value.decode() for name, value in sent[0]["headers"] if name.lower() == b"set-cookie"), None)


def test_a_page_gives_a_cookie_that_no_script_reads_and_no_other_site_sends():
    value, *attributes = asked().split("; ")
    assert re.fullmatch(NAME + "=[0-9a-f]{32}", value)
    assert set(attributes) == {"Path=/", f"Max-Age={365 * 24 * 3600}", "HttpOnly", "SameSite=Lax"}


def test_over_tls_it_is_secure_and_below_a_path_it_stays_there():
    assert {"Secure", "Path=/lab"} <= set(asked(scheme="https", path="/lab").split("; "))


def test_it_is_kept_and_each_visitor_has_another():
    first, second = (asked().partition(";")[0] for _ in range(2))
    assert first != second
    assert asked(first) is None
    assert asked(f"a=1; {first}; b=2") is None


def test_only_a_page_gives_one():
    assert asked(kind="application/json") is None
    assert asked(kind="image/png") is None
    assert asked(method="POST") is None
    assert asked(method="HEAD") is not None


@pytest.mark.parametrize("value", ["", "x", "0" * 31, "0" * 33, "G" * 32, "../../etc/passwd", "<script>", "²" * 32])
def test_a_value_that_is_not_ours_is_replaced_and_is_nobody(value):
    assert NAME in asked(f"{NAME}={value}")
    assert id_of(value) == ""


def test_what_jobs_carry_is_no_cookie():
    first, second = id_of("0" * 32), id_of("1" * 32)
    assert first != second
    assert first == id_of("0" * 32)
    assert "0" * 8 not in first
    assert re.fullmatch("[0-9a-f]{16}", first)
