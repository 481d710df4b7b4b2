"""A real server, and visitors who speak to it as a browser does, without one (``benchmarks/_stream.py``)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from ae_models.base.paths import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from _common import Server
from _stream import Session
from sessions import cookies

KEPT_SECONDS = 3  # a session whose visitor left
FILES = 256  # that the server may have open


class Visited:
    """A server of these tests, its process, and visits to it."""

    def __init__(self, server: Server) -> None:
        self.server, self.process = server, psutil.Process(server.process.pid)

    def log(self) -> str:
        return str(self.server.log_tail(100_000))

    def visitor(self, page: str, again: str = "") -> Session:
        return Session(self.server.port, page, cookies(self.server.port), again)

    def visit(self, *pages: str) -> None:
        """Look at pages, each as a visitor of its own who then leaves; a page that shows an exception is an error."""

        async def one(page: str) -> None:
            async with self.visitor(page) as session:
                await session.rerun()

        async def each() -> None:
            for page in pages:
                await one(page)

        asyncio.run(each())

    def together(self, *pages: str) -> None:
        """Look at pages, all at the same time, and then leave together."""

        async def all_of_them() -> None:
            async with AsyncExitStack() as here:
                sessions = [await here.enter_async_context(self.visitor(page)) for page in pages]
                await asyncio.gather(*(session.rerun() for session in sessions))

        asyncio.run(all_of_them())

    def descriptors(self) -> int:
        return int(self.process.num_fds())


@contextmanager
def _few_files() -> Iterator[None]:
    """What starts here may open 256 files, as much as some systems allow."""
    if sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="package")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    settings: dict[str, Any] = {
        "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(KEPT_SECONDS),
        "AE_MODELS_READY": "none",
        "AE_MODELS_WORKERS": "1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        patch.delenv("AE_MODELS_SCHEDULER", raising=False)
        with ExitStack() as until_the_end:
            with _few_files():
                server = until_the_end.enter_context(Server(Path(ROOT / "dashboard.py")))
            server.wait_until_healthy()
            made = Visited(server)
            yield made
            assert "Traceback" not in made.log(), made.log()[-3000:]
