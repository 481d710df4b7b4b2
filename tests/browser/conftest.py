"""A real server and a real Chromium. Required where LATENT_LAB_BROWSER=required; else left out with the reason.

One server, one browser and one visitor for all tests. Loading a page costs seconds, so three pages stand open and are
brought back to their first view between tests (``mnist``, ``digits``, ``space``); ``visit`` is a page of a test's own.
A test fails where the console reports an error, or anything is asked of another host. All of it ends with the last test
of this folder: while it stands, Playwright's event loop runs in the main thread, and no other test could start one.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import NoReturn

import pytest

from tests.browser.page import LIMIT, Visit

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-rasterization",  # WebGL alone needs a graphics card; all else is faster without one made of software
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HOW = "no Chromium: 'apt install chromium', or 'python -m playwright install chromium', or set LATENT_LAB_CHROMIUM"


def _executable(playwright) -> str | None:
    named = os.environ.get("LATENT_LAB_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def _without(why: str) -> NoReturn:
    if os.environ.get("LATENT_LAB_BROWSER") == "required":
        pytest.fail(why)
    pytest.skip(why)


class Patient:
    """A browser whose pages wait for what they look for, however busy the machine is."""

    def __init__(self, browser) -> None:
        self._browser = browser

    def new_context(self, **options):
        """Make a visitor with cookies of its own."""
        context = self._browser.new_context(**options)
        context.set_default_timeout(1000 * LIMIT)
        return context


@pytest.fixture(scope="package")
def chromium():
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _without("no Playwright: 'python -m pip install -r tests/requirements.txt'")

    with sync_playwright() as playwright:
        executable = _executable(playwright)
        if executable is None:
            _without(HOW)
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield Patient(browser)
        browser.close()


@pytest.fixture(scope="package")
def home(tmp_path_factory):
    """Where the server keeps own runs: a test may put one there."""
    return tmp_path_factory.mktemp("home")


def _started(home: Path, log_path: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server; return it and its address. A port found free may be taken a moment later: then another one."""
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
    environment = {**os.environ, "AE_MODELS_HOME": str(home), "AE_MODELS_READY": "training"}
    environment.pop("AE_MODELS_DATA", None)  # what ships: the same pages everywhere, and nothing is computed of 60,000
    for _ in range(5):
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            port = str(probe.getsockname()[1])
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                [*command, "--server.port", port], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + LIMIT
        while process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/_stcore/health"):
                return process, f"http://localhost:{port}"
            time.sleep(0.1)
        process.kill()
        process.wait()
    pytest.fail(f"the server did not start: {log_path.read_text()[-2000:]}")


@pytest.fixture(scope="package")
def server(tmp_path_factory, home):
    log_path = tmp_path_factory.mktemp("log") / "server.log"
    process, address = _started(home, log_path)
    yield address
    process.terminate()
    process.wait(LIMIT)
    said = log_path.read_text()
    assert "Traceback" not in said, said[said.index("Traceback") :][:3000]


@pytest.fixture(scope="package")
def visitor(chromium, server):
    """One visitor's browser at 1440 x 900, in the light theme: what was fetched once is kept."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server, color_scheme="light")
    yield context
    context.close()


@pytest.fixture
def visit(visitor, server):
    """A page of this test's own; nothing is loaded yet."""
    made = Visit(visitor.new_page(), server)
    yield made
    made.page.close()
    assert made.errors == []


@pytest.fixture(scope="package")
def standing():
    """Pages that stand open, by address."""
    return {}


def _standing(address, request, standing, visitor, server):
    from playwright.sync_api import Error

    if address in standing:
        try:
            standing[address].reset()
        except Error:  # the test before left it in pieces
            standing.pop(address).page.close()
    if address not in standing:
        standing[address] = Visit(visitor.new_page(), server).open(address)
    made, failed = standing[address], request.session.testsfailed
    yield made
    errors = list(made.errors)
    if errors or request.session.testsfailed > failed:  # the next test gets a fresh one
        standing.pop(address).page.close()
    assert errors == []


@pytest.fixture
def mnist(request, standing, visitor, server):
    """The first page as everybody meets it: 10,000 images of MNIST on flat maps."""
    yield from _standing("/", request, standing, visitor, server)


@pytest.fixture
def digits(request, standing, visitor, server):
    """360 images on flat maps: fast, and few enough to look at one by one."""
    yield from _standing("/?data=digits", request, standing, visitor, server)


@pytest.fixture
def space(request, standing, visitor, server):
    """The same 360 images on maps in space."""
    yield from _standing("/?data=digits&dim=3", request, standing, visitor, server)
