"""Headless Chromium's visits to a server, and every byte that crosses the wire meanwhile.

The bytes are counted in a relay between the browser and the server, both ways, headers and WebSocket included, also
those of workers. The browser's own account (``Network.loadingFinished``, WebSocket frames) names the heaviest answers
and stands beside the count as a check.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from _common import BenchmarkError

# Software WebGL: a headless machine has no other.
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PAINTED = """performance.timeOrigin + performance.getEntriesByName("latent-lab:first-map")[0].startTime"""
IN_HAND = ".ll-maps[data-ready='true']"
PAINT_TIMEOUT = 120.0
QUIET_SECONDS, QUIET_TIMEOUT = 2.0, 30.0


class Relay:
    """A TCP relay on its own port and thread; ``count`` is the number of bytes passed so far, both ways."""

    def __init__(self, target_port: int) -> None:
        self.count = 0
        self.last = time.perf_counter()
        self._target = target_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Relay:
        """Start listening on ``port``."""
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self.port = int(server.sockets[0].getsockname()[1])
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        """Stop; connections still open are cut."""
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @staticmethod
    async def _cancel_all() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):  # the other side left, or the relay stops
            back_reader, back_writer = await asyncio.open_connection("localhost", self._target)
            await asyncio.gather(self._pump(reader, back_writer), self._pump(back_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(1 << 18):
                self.count += len(chunk)
                self.last = time.perf_counter()
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass  # the other side left
        finally:
            writer.close()


@dataclass(frozen=True)
class Visit:
    """One visit: when dots were seen, when Plotly had them, bytes on the wire, the browser's own sum, the heaviest."""

    painted: float
    in_hand: float
    wire_bytes: int
    browser_bytes: int
    heaviest: list[tuple[str, int]]


class _Account:
    """What the browser says it received: encoded bytes an answer, and the payload of WebSocket frames."""

    def __init__(self, devtools: Any) -> None:
        self._names: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.frames = 0
        devtools.on("Network.requestWillBeSent", lambda e: self._names.update({e["requestId"]: e["request"]["url"]}))
        devtools.on("Network.loadingFinished", self._finished)
        for event in ("Network.webSocketFrameReceived", "Network.webSocketFrameSent"):
            devtools.on(event, self._frame)
        devtools.send("Network.enable")

    def _finished(self, event: dict[str, Any]) -> None:
        name = self._names.get(event["requestId"], "?").partition("://")[2].partition("/")[2]
        self.sizes[name] = self.sizes.get(name, 0) + int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        payload = frame["payloadData"]
        self.frames += len(base64.b64decode(payload)) if frame["opcode"] == 2 else len(payload)


def find_browser(named: str | None = None) -> str | None:
    """Return the path of Chromium (or Chrome): the one named, the first on the search path, or None."""
    for name in [named] if named else NAMES:
        if found := shutil.which(name):
            return found
    return None


def why_no_browser(named: str | None = None) -> str | None:
    """Return why no page can be painted here, or None when it can."""
    try:
        import playwright.sync_api  # noqa: F401  (an optional tool of the benchmark)
    except ImportError:
        return "Playwright is not installed"
    if find_browser(named) is None:
        return f"no browser {named}" if named else "no Chromium on the search path (name one with --browser)"
    return None


@contextmanager
def browser(named: str | None = None) -> Iterator[Any]:
    """Yield a fresh browser context with an empty cache on disk, as a first visitor has."""
    from playwright.sync_api import sync_playwright

    with TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True) as profile, sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            profile,
            executable_path=find_browser(named),
            headless=True,
            args=FLAGS,
            viewport={"width": 1440, "height": 900},
        )
        try:
            yield context
        finally:
            context.close()


def visit(context: Any, relay: Relay) -> Visit:
    """Open the app in a new page, wait for the first map and then for quiet on the wire, and close it."""
    from playwright.sync_api import Error

    before = relay.count
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    account = _Account(context.new_cdp_session(page))
    try:
        page.goto(f"http://localhost:{relay.port}/", wait_until="commit")
        page.wait_for_selector(IN_HAND, state="attached", timeout=PAINT_TIMEOUT * 1e3)
    except Error as error:
        told = "; the page's console: " + " | ".join(errors) if errors else ""
        raise BenchmarkError(f"no map was painted: {error.message.splitlines()[0]}{told}") from error
    in_hand = time.perf_counter()
    # By the page's own mark: while Plotly is at work the page cannot be asked.
    painted = in_hand - (time.time() - page.evaluate(PAINTED) / 1e3)
    while time.perf_counter() - in_hand < QUIET_TIMEOUT and time.perf_counter() - relay.last < QUIET_SECONDS:
        page.wait_for_timeout(100)
    wire = relay.count - before
    page.close()
    heaviest = sorted(account.sizes.items(), key=lambda item: -item[1])[:5]
    return Visit(painted, in_hand, wire, sum(account.sizes.values()) + account.frames, heaviest)
