"""Nothing connects to anybody: not the server, not its workers, not the command line, not the pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import pytest

from ae_models.base.paths import ROOT, SHIPPED
from tests.browser.watching import looking, watching
from tests.serving import serving

pytestmark = pytest.mark.browser
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
PAGES = ("/", "/draw", "/walk", "/compare", "/lessons", "/bring", "/models", "/train?data=digits&epochs=2")
LONG = 120_000
GRAPH = SHIPPED / "runs" / "digits-dense-2d" / "decoder.onnx"
VIOLATED = """
addEventListener("securitypolicyviolation", broken =>
  console.error("policy", broken.violatedDirective, broken.blockedURI, broken.sourceFile, broken.lineNumber))
"""


def python(watch, code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **watch.environment}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_watchers_see_what_they_should(tmp_path):
    with watching(tmp_path) as watch:
        code = (
            "import socket, urllib.request\n"
            "for ask in (lambda: socket.create_connection(('192.0.2.1', 9), timeout=0.01),\n"
            "            lambda: socket.gethostbyname('name.invalid'),\n"
            "            lambda: urllib.request.urlopen('http://proxied.invalid/', timeout=60)):\n"
            "    try: ask()\n"
            "    except OSError: pass\n"
        )
        python(watch, code)
        seen = "\n".join(watch.abroad())
    for expected in ("socket.connect 192.0.2.1", "gethostbyname name.invalid", "GET http://proxied.invalid/"):
        assert expected in seen


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere ONNX Runtime keeps its number in another place")
def test_onnx_runtime_by_itself_would_leave_a_number_and_after_our_package_it_does_not(tmp_path):
    session = f"import onnxruntime; onnxruntime.InferenceSession({str(GRAPH)!r}, providers=['CPUExecutionProvider'])"

    def left(name: str, before: str, seconds: int) -> list[str]:
        (tmp_path / name).mkdir()
        with watching(tmp_path / name) as watch:
            done = python(watch, f"{before}{session}; import time; time.sleep({seconds})")
            assert done.returncode == 0, done.stderr
            return watch.files()

    # It writes in a thread of its own, some time after the session was made: stay until it has.
    seconds = next((seconds for seconds in (0, 2, 8, 30) if left(f"alone-{seconds}", "", seconds)), None)
    if seconds is None:
        pytest.skip("ONNX Runtime left nothing here by itself within 30 seconds")
    assert left("after", "import ae_models; ", seconds + 2) == []


def test_the_command_line_switches_it_off_before_it_is_imported(tmp_path):
    with watching(tmp_path) as watch:
        code = "from ae_models.__main__ import main; main(['decode', 'digits-dense-2d', '--at', '0', '0', '--json'])"
        done = python(watch, code)
        assert done.returncode == 0, done.stderr
        assert set(watch.heard()) == {"import onnxruntime:1"}
        assert watch.abroad() == watch.files() == []


def files_of_the_repository() -> set[str]:
    kept = (path for path in ROOT.rglob("*") if not any(part.startswith(".") for part in path.relative_to(ROOT).parts))
    return {str(path) for path in kept if "__pycache__" not in path.parts and "local" not in path.parts}


def test_a_server_that_trains_and_shows_every_page_asks_nobody_and_leaves_nothing(chromium, tmp_path):
    before = files_of_the_repository()
    asked, errors = [], []
    with (
        watching(tmp_path) as watch,
        serving(tmp_path, "--server.address", "0.0.0.0", AE_MODELS_HOSTS="localhost", **watch.environment) as server,
        looking(watch, server.process.pid),
    ):
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server.address)
        context.add_init_script(VIOLATED)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda opened: asked.append(opened.url))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        server.ask("/_stcore/health", origin="http://other.example")  # Streamlit alone would look up its outer address
        for address in PAGES:
            page.goto(address, timeout=LONG)
            page.wait_for_selector(APP, timeout=LONG)
            page.wait_for_load_state("networkidle", timeout=LONG)
        page.get_by_role("button", name="Start training").click()
        page.wait_for_url(re.compile(r"[?&]job="), timeout=LONG)
        end = time.monotonic() + 600
        while not list((tmp_path / "home" / "runs").glob("*/run.json")):
            assert time.monotonic() < end, server.log.read_text()[-2000:]
            page.wait_for_timeout(200)
        context.close()
    here = re.compile(rf"(https?|wss?)://localhost:{server.port}/|data:|blob:http://localhost:{server.port}/")
    assert [url for url in asked if not here.match(url)] == []
    assert [said for said in errors if said.startswith("policy") or "Content Security Policy" in said] == []
    assert watch.abroad() == []
    assert watch.files() == []
    imported = [line for line in watch.heard() if line.startswith("import onnxruntime:")]
    assert len(imported) >= 2  # the server and a worker
    assert set(imported) == {"import onnxruntime:1"}
    assert files_of_the_repository() - before == set()
