"""A reverse proxy that strips a prefix, as many course servers have one: the server behind it knows nothing of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

PREFIX = "/user/ann/lab"


@dataclass
class Proxy:
    """Hands on what is below ``PREFIX``, HTTP and WebSockets, and notes what was asked of it elsewhere."""

    server: int
    port: int = 0
    outside: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}{PREFIX}"

    async def handle(self, browser: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        """Pass one request on: a connection holds one, so what follows it is a WebSocket's or nothing."""
        with closing(answers), suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            request, *headers = (await browser.readuntil(b"\r\n\r\n"))[:-4].decode("latin-1").split("\r\n")
            method, path, version = request.split(" ")
            if not path.startswith(f"{PREFIX}/"):
                self.outside.append(path)
                return answers.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            if not any(header.lower().startswith("upgrade:") for header in headers):
                headers = [header for header in headers if not header.lower().startswith("connection:")]
                headers.append("Connection: close")
            lines = [f"{method} {path.removeprefix(PREFIX)} {version}", *headers, "X-Forwarded-For: 192.0.2.7"]
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server)
            with closing(writer):
                writer.write("\r\n".join([*lines, "\r\n"]).encode("latin-1"))
                await asyncio.gather(_pipe(browser, writer), _pipe(reader, answers))

    async def run(self, started: Future[Callable[[], object]]) -> None:
        """Serve until somebody calls what ``started`` is given, from any thread."""
        loop, end = asyncio.get_running_loop(), asyncio.Event()
        listening = await asyncio.start_server(self.handle, "127.0.0.1", 0, limit=2**20)
        self.port = listening.sockets[0].getsockname()[1]
        started.set_result(lambda: loop.call_soon_threadsafe(end.set))
        await end.wait()
        listening.close()


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await source.read(2**16):
            target.write(part)
            await target.drain()
    target.close()


@contextmanager
def stripping(server: int) -> Iterator[Proxy]:
    """Put the proxy before a server's port."""
    proxy, started = Proxy(server), Future[Callable[[], object]]()
    thread = threading.Thread(target=lambda: asyncio.run(proxy.run(started)))
    thread.start()
    end = started.result(60)
    try:
        yield proxy
    finally:
        end()
        thread.join()
