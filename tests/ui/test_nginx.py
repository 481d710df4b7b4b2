"""The nginx example of docs/serving.md, as it stands there, before a real server: headers, cookie, WebSocket."""

import asyncio
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from ae_models.base.paths import ROOT
from ae_models.ui.shared.canvas.assets import canvas_url
from tests.serving import Answer, free_port, serving

EXAMPLE = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "serving.md").read_text(), re.DOTALL)[1]
NAME = "lab.school.org"
AROUND = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {example}
}}
"""
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not NGINX or not shutil.which("openssl"), reason="needs nginx and openssl: 'apt install nginx-light openssl'"
    ),
]


class Proxy:
    """nginx as the docs have it, on ports of its own."""

    def __init__(self, folder: Path, server: int) -> None:
        self.folder, self.plain, self.secure = folder, free_port(), free_port()
        self.example = EXAMPLE
        for told, here in (
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{self.secure} ssl;"),
            ("/etc/ssl/certs/lab.school.org.pem", f"{folder}/lab.pem"),
            ("/etc/ssl/private/lab.school.org.key", f"{folder}/lab.key"),
            ("http://127.0.0.1:8501;", f"http://127.0.0.1:{server};"),
        ):
            assert self.example.count(told) == 1, told
            self.example = self.example.replace(told, here)
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
        command += [
            "-addext",
            f"subjectAltName=DNS:{NAME}",
            "-keyout",
            f"{folder}/lab.key",
            "-out",
            f"{folder}/lab.pem",
        ]
        subprocess.run(command, check=True, capture_output=True)
        self.trust = ssl.create_default_context(cafile=f"{folder}/lab.pem")

    @property
    def host(self) -> str:
        return f"{NAME}:{self.secure}"

    def start(self) -> subprocess.Popen[bytes]:
        configuration = self.folder / "nginx.conf"
        configuration.write_text(AROUND.format(folder=self.folder, example=self.example))
        command = [NGINX, "-p", str(self.folder), "-c", str(configuration)]
        with (self.folder / "said").open("wb") as said:
            process = subprocess.Popen(command, stdout=said, stderr=said)
        end = time.monotonic() + 30
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.secure)) == 0:
                    return process
            time.sleep(0.05)
        process.kill()
        raise AssertionError((self.folder / "said").read_text())

    def ask(self, path: str, *, method: str = "GET", secure: bool = True, **headers: str) -> Answer:
        """Ask as a browser would that looks for the name and finds this computer."""
        named = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        line = HTTPSConnection(NAME, self.secure, context=self.trust) if secure else HTTPConnection(NAME, self.plain)
        made = socket.create_connection(("127.0.0.1", line.port), timeout=60)
        line.sock = self.trust.wrap_socket(made, server_hostname=NAME) if secure else made
        try:
            line.request(method, path, headers=named)
            answer = line.getresponse()
            said = [(name.lower(), value) for name, value in answer.getheaders()]
            return Answer(answer.status, said, answer.read().decode("latin-1"))
        finally:
            line.close()

    def shake(self, **headers: str) -> int:
        """Open the page's WebSocket: 101, or the status that refuses it."""

        async def tried() -> int:
            address = f"wss://{self.host}/lab/_stcore/stream"
            try:
                async with connect(
                    address,
                    host="127.0.0.1",
                    port=self.secure,
                    ssl=self.trust,
                    server_hostname=NAME,
                    additional_headers={name.title(): value for name, value in headers.items()},
                    proxy=None,
                    open_timeout=60,
                ):
                    return 101
            except InvalidStatus as refused:
                return refused.response.status_code

        return asyncio.run(tried())


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """The example before a server that was started as the docs say."""
    folder = tmp_path_factory.mktemp("nginx")
    os.chmod(folder, 0o755)
    with serving(folder, "--server.baseUrlPath", "lab", AE_MODELS_HOSTS=NAME) as server:
        made = Proxy(folder, server.port)
        process = made.start()
        yield made
        process.terminate()
        process.wait(20)


def test_a_page_comes_through_with_each_header_once(proxy):
    page = proxy.ask("/lab/")
    assert page.status == 200
    assert "<title>Streamlit</title>" in page.text
    policy = page["content-security-policy"]  # fails where it is there twice
    assert "frame-ancestors 'self'" in policy
    assert f"wss://{proxy.host}" in policy
    assert page["x-content-type-options"] == "nosniff"
    assert page["referrer-policy"] == "no-referrer"
    assert page["x-frame-options"] == "SAMEORIGIN"
    assert page["strict-transport-security"] == "max-age=31536000"


def test_the_cookie_is_for_tls_and_for_this_path_only(proxy):
    given = proxy.ask("/lab/")["set-cookie"].split("; ")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/lab"} <= set(given)
    assert proxy.ask("/lab/", cookie=given[0])["set-cookie"] == ""


def test_its_own_page_opens_the_websocket_and_no_other_does(proxy):
    assert proxy.shake(origin=f"https://{proxy.host}") == 101
    assert proxy.shake(origin="https://evil.org") == 403
    assert proxy.shake(origin=f"https://{NAME}:1") == 403


def test_another_name_is_refused_behind_the_proxy_too(proxy):
    answer = proxy.ask("/lab/", Host="evil.org")
    assert answer.status == 421
    assert "AE_MODELS_HOSTS" in answer.text


def test_files_are_kept_for_ever_and_come_compressed(proxy):
    address = canvas_url("painter/maps.js")[1:]
    answer = proxy.ask(f"/lab{address}", accept_encoding="gzip")
    assert answer.status == 200
    assert "immutable" in answer["cache-control"]
    assert answer["content-encoding"] == "gzip"


def test_plain_http_and_the_bare_path_lead_to_the_page(proxy):
    moved = proxy.ask("/lab/train?data=digits", secure=False, Host=NAME)
    assert (moved.status, moved["location"]) == (301, f"https://{NAME}/lab/train?data=digits")
    assert proxy.ask("/lab")["location"].endswith("/lab/")
    assert proxy.ask("/lab/_stcore/metrics").status == 404


def test_a_visitor_does_not_write_who_is_asking(proxy):
    forwarded = re.findall(r"proxy_set_header (X-Forwarded-For|Forwarded) +([^;]+);", EXAMPLE)
    assert dict(forwarded) == {"X-Forwarded-For": "$remote_addr", "Forwarded": '""'}
