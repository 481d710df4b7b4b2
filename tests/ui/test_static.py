"""Streamlit's scripts on their way to the browser: which are packed, what is said of them, what goes on as it came."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ae_models.ui.static import PackedScripts, plot_script

JS = Path(find_spec("streamlit").origin).parent / "static" / "static" / "js"
SCRIPT = min(JS.glob("*.js"), key=lambda path: path.stat().st_size)


async def beyond(request):
    """What Streamlit itself would answer."""
    return PlainTextResponse("as it came", headers={"x-beyond": request.method})


def ask(path: str, *, base: str = "", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and bytes of an answer, as they would cross the wire."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    app = Starlette(
        routes=[Route("/{rest:path}", beyond, methods=["GET", "POST", "HEAD"])],
        middleware=[Middleware(PackedScripts, base_path=base)],
    )
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": b"",
        "http_version": "1.1",
    }
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    with ThreadPoolExecutor(1) as thread:  # a browser test may have left its event loop running in this one
        thread.submit(lambda: asyncio.run(app({**scope, "headers": raw}, receive, send))).result()
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, body


@pytest.mark.parametrize(("base", "prefix"), [("", ""), ("lab/", "/lab"), ("/a/b", "/a/b")])
def test_a_script_is_packed_for_who_takes_gzip(base, prefix):
    status, headers, body = ask(f"{prefix}/static/js/{SCRIPT.name}", base=base, accept_encoding="gzip, deflate, br")
    assert status == 200
    assert gzip.decompress(body) == SCRIPT.read_bytes()
    assert headers["content-encoding"] == "gzip"
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert headers["x-content-type-options"] == "nosniff"
    # Its name holds a hash of it: kept for ever, so no second question with an ETag ever comes.
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "etag" not in headers


def test_it_is_packed_once_and_smaller():
    largest = max(JS.glob("*.js"), key=lambda path: path.stat().st_size)
    first, second = (ask(f"/static/js/{largest.name}", accept_encoding="gzip")[2] for _ in range(2))
    assert first == second  # no time of packing in it
    assert len(first) < 0.5 * largest.stat().st_size


def test_a_part_is_not_cut_out_of_packed_bytes():
    """Who asks for a range gets the whole, as a server may answer: 200, not 206."""
    status, headers, body = ask(f"/static/js/{SCRIPT.name}", accept_encoding="gzip", range="bytes=0-9")
    assert status == 200
    assert "content-range" not in headers
    assert gzip.decompress(body) == SCRIPT.read_bytes()


@pytest.mark.parametrize("accepted", [None, "identity", "br", "deflate", "gzip;q=0", "br, gzip; q=0.0"])
def test_who_takes_no_gzip_gets_streamlits_own_answer(accepted):
    headers = {} if accepted is None else {"accept_encoding": accepted}
    assert ask(f"/static/js/{SCRIPT.name}", **headers)[2] == b"as it came"


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP", "gzip;q=0.5", "deflate, gzip;q=1.0, *;q=0.5"])
def test_gzip_is_found_among_others(accepted):
    assert ask(f"/static/js/{SCRIPT.name}", accept_encoding=accepted)[1]["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/_stcore/health",
        "/static/js/",
        "/static/js/nothing-of-this-name.js",
        "/static/js/../index.html",
        "/static/js/../../../__init__.py",
        f"/static/js/./{SCRIPT.name}",
        f"/static/js//{SCRIPT.name}",
        f"/static/js/{JS}/{SCRIPT.name}",
        f"/static/js/{SCRIPT.name}.map",
        f"/static/js/{SCRIPT.name}/",
        f"/static/js/{SCRIPT.name.upper()}X",
        f"/static/css/{SCRIPT.name}",
        f"/other/static/js/{SCRIPT.name}",
        f"/{SCRIPT.name}",
    ],
)
def test_anything_else_goes_on(path):
    status, headers, body = ask(path, accept_encoding="gzip")
    assert (status, body) == (200, b"as it came")
    assert headers["x-beyond"] == "GET"


def test_below_a_base_path_the_root_is_somebody_elses():
    assert ask(f"/static/js/{SCRIPT.name}", base="lab", accept_encoding="gzip")[2] == b"as it came"


@pytest.mark.parametrize("method", ["POST", "HEAD"])
def test_only_what_is_fetched_is_answered(method):
    headers = ask(f"/static/js/{SCRIPT.name}", method=method, accept_encoding="gzip")[1]
    assert headers["x-beyond"] == method


def test_what_is_not_http_goes_on():
    heard = []

    async def app(scope, receive, send):
        heard.append(scope["type"])

    made = PackedScripts(app, base_path="")
    with ThreadPoolExecutor(1) as thread:
        for kind in ("lifespan", "websocket"):
            scope = {"type": kind, "path": f"/static/js/{SCRIPT.name}", "headers": [(b"accept-encoding", b"gzip")]}
            thread.submit(lambda scope=scope: asyncio.run(made(scope, None, None))).result()
    assert heard == ["lifespan", "websocket"]


def test_this_streamlit_has_the_script_that_draws_figures():
    assert plot_script() in {path.name for path in JS.glob("PlotlyChart.*.js")}
