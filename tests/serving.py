"""A real server as its own process, for tests that ask it things; with what it said."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ae_models.base.paths import ROOT


@dataclass
class Answer:
    """What came back: the status, each header as it was sent (small letters), the text."""

    status: int
    headers: list[tuple[str, str]]
    text: str

    def __getitem__(self, name: str) -> str:
        """Return the one header of a name; "" where there is none."""
        found = [value for header, value in self.headers if header == name]
        assert len(found) < 2, f"{name} is there {len(found)} times: {found}"
        return found[0] if found else ""


@dataclass
class Server:
    """A server that runs."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def ask(self, path: str, *, method: str = "GET", at: str = "", **headers: str) -> Answer:
        """Ask for something; headers in Python's spelling, ``if_none_match``; ``at`` another server of this port."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"{at or self.address}{path}", headers=named, method=method)
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            said = [(name.lower(), value) for name, value in answer.headers.items()]
            return Answer(answer.status, said, answer.read().decode("utf-8", "replace"))


@contextmanager
def serving(
    folder: Path, *arguments: str, port: int = 0, through: Sequence[str] = (), **environment: str
) -> Iterator[Server]:
    """Start a server with ``folder`` for its store and log, and end it; arguments and environment are its own.

    ``through`` is what Python is told before ``-m streamlit``.
    """
    port, log = port or free_port(), folder / "server.log"
    command = [sys.executable, *through, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
    made = {**os.environ, "AE_MODELS_HOME": str(folder / "home"), "AE_MODELS_READY": "training", **environment}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--server.port", str(port), *arguments], cwd=ROOT, env=made, stdout=file, stderr=file
        )
    try:
        _wait(process, port, log)
        yield Server(port, log, process)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0 and "is open" in log.read_text():
                return
        time.sleep(0.05)
    raise AssertionError(f"the server did not start: {log.read_text()[-2000:]}")


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
