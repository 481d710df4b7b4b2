"""What a running server answers to whom, and what every answer says about itself: over HTTP and over WebSockets."""

import asyncio
import base64
import re
import socket
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from ae_models.base.paths import ROOT
from ae_models.ui.shared.canvas.assets import canvas_url
from tests.serving import Server, serving

pytestmark = pytest.mark.slow
STREAM = "/_stcore/stream"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A server as the README starts it."""
    with serving(tmp_path_factory.mktemp("own"), AE_MODELS_HOSTS="", AE_MODELS_FRAME_ANCESTORS="") as server:
        yield server


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A server that others reach, below a path, with names of its own and a course page that may frame it."""
    with serving(
        tmp_path_factory.mktemp("school"),
        *("--server.address", "0.0.0.0", "--server.baseUrlPath", "lab"),
        AE_MODELS_HOSTS="lab.school.org, *.course.org",
        AE_MODELS_FRAME_ANCESTORS="https://course.school.org, https://*.course.org:8443",
    ) as server:
        yield server


def shake(server: Server, path: str = STREAM, **headers: str) -> tuple[int, str]:
    """Open a WebSocket: 101 and "" where it opens, else the status and what was said."""

    async def tried() -> tuple[int, str]:
        named = {name.title(): value for name, value in headers.items()}
        host = named.pop("Host", "")
        address = f"ws://{host or f'localhost:{server.port}'}{path}"
        try:
            async with connect(
                address, host="127.0.0.1", port=server.port, additional_headers=named, proxy=None, open_timeout=60
            ):
                return 101, ""
        except InvalidStatus as refused:
            return refused.response.status_code, bytes(refused.response.body or b"").decode()

    return asyncio.run(tried())


@pytest.mark.parametrize("host", ["evil.org", "evil.org:8501", "192.168.1.5", "localhost.evil.org", "[fd00::1]"])
def test_a_name_that_is_not_ours_is_refused_in_a_line_that_names_the_setting(own, host):
    for path in ("/", "/train", "/_stcore/host-config", canvas_url("painter/maps.js")[1:], "/latent-lab/arrays/0123"):
        answer = own.ask(path, host=host)
        assert answer.status == 421
        assert answer.text.count("\n") == 1
        assert "AE_MODELS_HOSTS" in answer.text
        assert answer["content-type"].startswith("text/plain")
        assert answer["set-cookie"] == ""
    status, said = shake(own, host=host.partition(":85")[0])
    assert status == 403
    assert "AE_MODELS_HOSTS" in said


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8501", "[::1]:8501", "lab.localhost"])
def test_a_server_of_this_computer_answers_to_its_names(own, host):
    assert own.ask("/", host=host).status == 200


def test_a_host_header_that_is_none_is_refused(own):
    for host in ("a b", "user@localhost", "localhost/x"):
        assert own.ask("/", host=host).status == 400
    for raw in ("", "Host: localhost\r\nHost: evil.org\r\n"):
        with socket.create_connection(("127.0.0.1", own.port), timeout=60) as line:
            line.sendall(f"GET / HTTP/1.1\r\n{raw}Connection: close\r\n\r\n".encode())
            assert line.recv(1000).split()[1] == b"400"


def test_only_the_names_that_are_set_are_answered_over_http_and_websocket(school):
    for host in ("lab.school.org", "lab.school.org:8501", "a.course.org", "LAB.SCHOOL.ORG"):
        assert school.ask("/lab/", host=host).status == 200
        name = host.lower()
        assert shake(school, f"/lab{STREAM}", host=name, origin=f"https://{name}") == (101, "")
    for host in ("localhost", "127.0.0.1", "course.org", "school.org", "evil.org"):
        assert school.ask("/lab/", host=host).status == 421
        assert shake(school, f"/lab{STREAM}", host=host)[0] == 403


def test_whoever_watches_a_container_by_its_address_learns_that_it_lives(school):
    for host in ("10.2.3.4", "localhost", "lab.school.org"):
        assert school.ask("/lab/_stcore/health", host=host).status == 200
    assert school.ask("/lab/_stcore/health", host="evil.org").status == 421


def test_pages_of_other_origins_open_no_websocket_and_change_nothing(own):
    here = f"localhost:{own.port}"
    assert shake(own, host=here) == (101, "")  # no browser: no page
    assert shake(own, host=here, origin=f"http://{here}") == (101, "")
    for origin in (
        "http://evil.org",
        "http://localhost",
        "http://localhost:1",
        "http://127.0.0.1:8501",
        "null",
        "http://[",
    ):
        assert shake(own, host=here, origin=origin)[0] == 403
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = own.ask("/_stcore/upload_file/a/b", method=method, origin=origin)
            assert answer.status == 403
            assert answer.text.count("\n") == 1
        reading = own.ask("/_stcore/health", origin=origin)
        assert reading.status == 200
        assert reading["access-control-allow-origin"] == ""  # the browser hands it to nobody
    assert "403" not in own.log.read_text()
    own_page = own.ask("/_stcore/upload_file/a/b", method="DELETE", origin="null", sec_fetch_site="same-origin")
    assert "page of" not in own_page.text  # Streamlit's own check of its token goes on


@pytest.mark.parametrize(
    "path", ["metrics", "metrics/", "script-health-check", "agent/openapi.json", "agent/interact", "agent/mcp"]
)
def test_what_tells_of_the_process_is_shut(own, school, path):
    for answer in (own.ask(f"/_stcore/{path}"), school.ask(f"/lab/_stcore/{path}", host="lab.school.org")):
        assert (answer.status, answer.text) == (404, "no such page\n")
    assert own.ask(f"/_stcore/{path}", method="POST").status == 404


EVERY = [
    *("/", "/train", "/index.html", "/favicon.png", "/manifest.json", "/static/js/none.js", "/media/none.png"),
    *("/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/component/none/x.js", "//evil.org", "/..%2fapp"),
    *("/_stcore/bidi-components/none/x.js", "/latent-lab/arrays/0", "/latent-lab/canvas/0/painter/maps.js", "/train/"),
]


@pytest.mark.parametrize("path", [*EVERY, canvas_url("painter/maps.js")[1:]])
def test_every_answer_bears_the_headers_once(own, school, path):
    answers = [
        own.ask(path),
        own.ask(path, method="HEAD"),
        own.ask(path, method="OPTIONS"),
        own.ask(path, host="x.org"),
    ]
    answers.append(school.ask(f"/lab{path}", host="lab.school.org"))
    for answer in answers:
        policy = answer["content-security-policy"]
        assert "object-src 'none'" in policy
        assert "base-uri 'self'" in policy
        assert "frame-ancestors 'self'" in policy
        assert answer["x-content-type-options"] == "nosniff"
        assert answer["referrer-policy"] == "no-referrer"
    assert {answer["x-frame-options"] for answer in answers[:-1]} == {"SAMEORIGIN"}
    assert answers[-1]["x-frame-options"] == ""  # it could not name the course
    framers = "frame-ancestors 'self' https://course.school.org https://*.course.org:8443;"
    assert framers in answers[-1]["content-security-policy"]


def test_a_page_loads_from_here_only_and_runs_no_script_that_stands_in_it_but_streamlits(own):
    policy = own.ask("/")["content-security-policy"]
    page = (Path(find_spec("streamlit").origin).parent / "static" / "index.html").read_bytes()
    inline = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    assert inline
    for script in inline:
        assert f"'sha256-{base64.b64encode(sha256(script).digest()).decode()}'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "http" not in policy
    assert f"ws://localhost:{own.port}" in policy
    assert "default-src 'none'" in own.ask("/favicon.png")["content-security-policy"]


def test_caches_stay_as_they_were_and_a_kept_page_keeps_its_policy(own):
    page = own.ask("/")
    assert page["cache-control"] == "no-cache"
    again = own.ask("/", if_none_match=page["etag"])
    assert again.status == 304
    assert again["content-security-policy"] == page["content-security-policy"]  # it replaces the kept one
    assert "immutable" in own.ask(canvas_url("painter/maps.js")[1:])["cache-control"]


def test_no_question_of_an_outer_address_and_a_line_of_advice_where_others_reach_it(own, school, tmp_path):
    assert "AE_MODELS_HOSTS" not in own.log.read_text().partition("refused")[0]
    assert "is not set" not in school.log.read_text()
    with serving(tmp_path, "--server.address", "0.0.0.0", AE_MODELS_HOSTS="") as server:
        said = server.log.read_text()
        assert "AE_MODELS_HOSTS is not set" in said
        assert f"http://localhost:{server.port}" in said
        assert "External" not in said
        assert server.ask("/", host="any.name.org").status == 200
    with serving(tmp_path, "--server.address", "0.0.0.0", AE_MODELS_HOSTS="*") as server:
        assert "is not set" not in server.log.read_text()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AE_MODELS_HOSTS", "https://lab.org"),
        ("AE_MODELS_FRAME_ANCESTORS", "*"),
        ("AE_MODELS_FRAME_ANCESTORS", "course.org"),
        ("AE_MODELS_FRAME_ANCESTORS", "https://course.org/page"),
        ("AE_MODELS_FRAME_ANCESTORS", "https://a.org; script-src *"),
    ],
)
def test_a_setting_that_cannot_be_right_ends_the_start_in_a_line(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    code = "from ae_models.ui.server import middleware; middleware()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{variable} must be")
    assert done.stderr.count("\n") == 1
