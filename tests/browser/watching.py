"""What a server and its processes do that nobody should see them do: connections, questions of names, files.

Three watchers, since each misses something. Every Python process writes down what it connects to and whom it asks for
(an audit hook). What goes out through a proxy, native code's too, comes to a listener of ours instead. And the open
sockets of all processes are looked at again and again.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import psutil

HOOK = """
import os, sys

def _watch(event, arguments):
    if event == "socket.connect" or event == "socket.sendto":
        address = arguments[1]
        what = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        what = arguments[0]
    elif event == "import" and arguments[0] == "onnxruntime":
        what = "onnxruntime:" + os.environ.get("ORT_DISABLE_TELEMETRY", "on")
    else:
        return
    if what:
        what = what.decode() if isinstance(what, bytes) else what
        line = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(line, f"{event} {what}\\n".encode())
        os.close(line)

sys.addaudithook(_watch)
"""


class Watch:
    """The watchers; ``environment`` is for whom they watch."""

    def __init__(self, folder: Path, proxy: socket.socket) -> None:
        self.log, self.home, self.temporary = folder / "audit.log", folder / "user", folder / "tmp"
        for made in (self.home, self.temporary, folder / "hook"):
            made.mkdir()
        (folder / "hook" / "sitecustomize.py").write_text(HOOK)
        self.through_proxy: list[str] = []
        self.sockets: set[str] = set()
        trap = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        self.environment = {
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), trap),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1,::1"),
            **{name: str(self.home) for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")},
            **{f"XDG_{kind}_HOME": str(self.home / kind) for kind in ("CACHE", "CONFIG", "DATA", "STATE")},
            **{name: str(self.temporary) for name in ("TMPDIR", "TEMP", "TMP")},
            "PYTHONPATH": str(folder / "hook"),
            "WATCH_LOG": str(self.log),
        }

    def heard(self) -> list[str]:
        """Return every line of the audit hooks."""
        return self.log.read_text().splitlines() if self.log.exists() else []

    def abroad(self) -> list[str]:
        """Return what went anywhere but to this computer."""
        named = [line for line in self.heard() if not _is_here(line.partition(" ")[2])]
        return [*named, *self.through_proxy, *(f"socket to {address}" for address in sorted(self.sockets))]

    def files(self) -> list[str]:
        """Return the files in the user's folder and, but for Dask's, in that for temporary ones."""
        made = [path for folder in (self.home, self.temporary) for path in folder.rglob("*") if path.is_file()]
        return sorted(str(path) for path in made if "dask-scratch-space" not in path.parts)

    def look(self, process: int) -> None:
        """Look at the open sockets of a process and of all that it started."""
        try:
            parent = psutil.Process(process)
            for one in (parent, *parent.children(recursive=True)):
                for held in one.net_connections("inet"):
                    if held.raddr and not _is_here(held.raddr.ip):
                        self.sockets.add(held.raddr.ip)
        except psutil.Error:  # it ended meanwhile
            return


def _is_here(name: str) -> bool:
    if name == "localhost" or name.startswith("onnxruntime:"):
        return True
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or address.is_unspecified or bool(mapped and mapped.is_loopback)


@contextmanager
def watching(folder: Path) -> Iterator[Watch]:
    """Watch; what is asked of the proxy is written down and refused."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        watch, over = Watch(folder, proxy), threading.Event()
        proxy.settimeout(0.1)

        def listen() -> None:
            while not over.is_set():
                try:
                    line, _ = proxy.accept()
                except TimeoutError:
                    continue
                with line:
                    line.settimeout(60)
                    first = line.recv(1000).partition(b"\r\n")[0]
                    watch.through_proxy.append(f"through a proxy: {first.decode('latin-1')}")

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield watch
        finally:
            over.set()
            listener.join()


@contextmanager
def looking(watch: Watch, process: int) -> Iterator[None]:
    """Look at the sockets of a process and its children ten times a second."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            watch.look(process)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield
    finally:
        over.set()
        looker.join()
