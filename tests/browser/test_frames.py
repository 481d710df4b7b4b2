"""Who may frame the page: itself and the origins that are set; and no page of another origin opens its WebSocket."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.serving import serving

pytestmark = pytest.mark.browser
LONG = 120_000
SHAKE = """address => new Promise(done => {
  const socket = new WebSocket(address)
  socket.onopen = () => done("open")
  socket.onerror = () => done("refused")
})"""


@pytest.fixture
def course():
    """Another origin of this computer: ``framing(address)`` says which page of it shows an address in a frame."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            address = self.path.partition("?")[2]
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<h1>Course</h1><iframe src='{address}' width=1400 height=800></iframe>".encode())

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as other:
        runner = threading.Thread(target=other.serve_forever)
        runner.start()
        yield f"http://localhost:{other.server_port}"
        other.shutdown()
        runner.join()


def test_a_page_of_another_origin_frames_it_only_where_it_is_named(chromium, tmp_path, course):
    for named in ("", course):
        folder = tmp_path / ("named" if named else "own")
        folder.mkdir()
        with serving(folder, AE_MODELS_HOSTS="", AE_MODELS_FRAME_ANCESTORS=named) as server:
            page = chromium.new_context().new_page()
            framed = f"{course}/?{server.address}/lessons"
            if named:
                page.goto(framed)
                title = page.frame_locator("iframe").get_by_text("The subject in exhibits").first
                title.wait_for(timeout=LONG)
            else:
                with page.expect_console_message(lambda message: "frame-ancestors" in message.text, timeout=LONG):
                    page.goto(framed)
            stream = f"ws://localhost:{server.port}/_stcore/stream"
            assert page.evaluate(SHAKE, stream) == "refused"
            page.goto(f"{server.address}/lessons")
            assert page.evaluate(SHAKE, stream) == "open"
            page.context.close()
