"""Who may change everything: the desk's rules, the token's page, and what a visitor is told, over real HTTP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit import config

from ae_models.ui.desk import address_key, why_not_own_desk
from ae_models.ui.server_owner import NAME, server_owner_routes
from ae_models.ui.visitor import VisitorCookies, visitor_routes

TOKEN = "a-long-random-token"
LONG = 20


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The routes on a real server, bound to loopback; its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = Starlette(
        routes=[*server_owner_routes(""), *visitor_routes("")], middleware=[Middleware(VisitorCookies, base_path="")]
    )
    running = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
    thread.start()
    end = time.monotonic() + 60
    while not running.started:
        assert time.monotonic() < end
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join(30)
    listening.close()


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AE_MODELS_ADMIN_TOKEN", TOKEN)


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that says it is bound to loopback, whatever the settings here are."""
    before = config.get_option("server.address")
    config.set_option("server.address", "localhost")
    yield
    config.set_option("server.address", before)


def seen(server: str, **headers: str) -> dict:
    return requests.get(f"{server}/latent-lab/visitor", headers=headers, timeout=LONG).json()


def sign_in(server: str, token: str, **headers: str) -> requests.Response:
    return requests.post(
        f"{server}/latent-lab/server-owner",
        {"token": token},
        headers={"Origin": server, **headers},
        timeout=LONG,
        allow_redirects=False,
    )


def test_a_visit_from_this_machine_is_ones_own_desk(server: str, bound: None) -> None:
    assert seen(server) == {"known": False, "may_change_all": True, "own_desk": True, "why": ""}


@pytest.mark.parametrize(
    "header",
    [
        {"Forwarded": "for=127.0.0.1"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "localhost"},
        {"X-Forwarded-Proto": "http"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"Host": "lab.example.org"},
        {"Origin": "https://lab.example.org"},
    ],
    ids=lambda header: next(iter(header)),
)
def test_whatever_shows_a_proxy_or_another_host_is_no_desk(server: str, bound: None, header: dict) -> None:
    found = seen(server, **header)
    assert (found["may_change_all"], found["own_desk"]) == (False, False)
    assert found["why"]


def test_a_server_that_listens_beyond_this_machine_has_no_desk(server: str) -> None:
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        assert seen(server)["own_desk"] is False
    finally:
        config.set_option("server.address", before)
    assert why_not_own_desk("", "127.0.0.1", {"host": "localhost"})
    assert why_not_own_desk("localhost", "192.168.1.7", {"host": "localhost"})


def test_the_token_is_typed_once_and_a_cookie_that_no_script_reads_stands_for_it(server: str, bound: None) -> None:
    proxy = {"X-Forwarded-For": "10.0.0.1"}
    answer = sign_in(server, TOKEN)
    assert answer.status_code == 303
    given = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in given.split(";")}
    assert TOKEN not in given
    cookie = given.split(";")[0]
    assert seen(server, Cookie=cookie, **proxy)["may_change_all"] is True
    assert seen(server, **proxy)["may_change_all"] is False
    for broken in (cookie[:-1], cookie + "0", f"{NAME}=", f"{NAME}={TOKEN}", f"{NAME}=9999999999.x.y"):
        assert seen(server, Cookie=broken, **proxy)["may_change_all"] is False


def test_another_token_or_none_ends_it(server: str, bound: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = sign_in(server, TOKEN).headers["Set-Cookie"].split(";")[0]
    for other in ("another", "", "  "):
        monkeypatch.setenv("AE_MODELS_ADMIN_TOKEN", other)
        assert seen(server, Cookie=cookie, Via="1.1 proxy")["may_change_all"] is False
    assert sign_in(server, "").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_not_taken(server: str, headers: dict) -> None:
    answer = sign_in(server, TOKEN, **headers)
    assert answer.status_code == 403
    assert NAME not in answer.headers.get("Set-Cookie", "")


def test_a_wrong_token_gives_no_cookie_and_what_was_sent_is_not_shown(server: str) -> None:
    answer = sign_in(server, "<script>wrong")
    assert answer.status_code == 403
    assert "This is not the token" in answer.text
    assert "wrong" not in answer.text.replace("wrong token", "")
    assert NAME not in answer.headers.get("Set-Cookie", "")
    assert sign_in(server, "x" * 10_000).status_code == 413


def test_many_tries_at_once_are_turned_away(server: str) -> None:
    codes = []
    threads = [threading.Thread(target=lambda: codes.append(sign_in(server, "wrong").status_code)) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(codes) == 30
    assert set(codes) <= {403, 429}
    assert 429 in codes
    assert sign_in(server, TOKEN).status_code == 303


def test_one_can_sign_out(server: str) -> None:
    address = f"{server}/latent-lab/server-owner"
    answer = requests.post(address, {"leave": "1"}, headers={"Origin": server}, timeout=LONG, allow_redirects=False)
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["Set-Cookie"]


def test_an_address_is_told_from_another_and_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address_key("10.0.0.1", {}) == address_key("10.0.0.1", {}) != address_key("10.0.0.2", {})
    assert address_key("2001:db8::1", {}) == address_key("2001:db8::2", {}) != address_key("2001:db8:1::1", {})
    forged = [address_key(address, {"x-forwarded-for": address}) for address in ("1.2.3.4", "5.6.7.8")]
    assert forged[0] == forged[1]
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1")
    assert address_key("1.2.3.4", {"x-forwarded-for": "1.2.3.4"}) == address_key("1.2.3.4", {})
