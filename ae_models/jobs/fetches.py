"""Fetching public sets: each in a process of its own, so that neither its size nor its end touches the pages.

What a process says on stderr is its progress; a download that was ended goes on from there when it is asked for again.
"""

from __future__ import annotations

import atexit
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from ae_models.base import OPERATOR, UserError, Visitor
from ae_models.datasets.readers.public import PUBLIC
from ae_models.recipes.fetching import public_set

_BAR = re.compile(r"(\d+)%\s*\|[^|]*\|,?\s*(.*)")
_AT_ONCE = 2


@dataclass
class Fetch:
    """One download: whose it is, the share done, what was said last, and at the end whether it worked."""

    name: str
    owner: str = ""
    share: float = 0.0
    line: str = "starting"
    state: str = "running"  # running, done, failed, stopped
    process: Any = field(default=None, repr=False)


class Fetches:
    """The downloads of a server, by name; one at a time of each, two in all."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = command or (sys.executable, "-m", "ae_models", "datasets", "--json", "--download")
        self._lock = threading.Lock()
        self._known: dict[str, Fetch] = {}
        atexit.register(self.close)

    def all(self) -> list[Fetch]:
        """Return what was fetched since the server started, newest last."""
        with self._lock:
            return list(self._known.values())

    def start(self, name: str, by: Visitor) -> Fetch:
        """Begin to fetch a set, which will be the asking visitor's; one that is being fetched goes on.

        Raises ``UserError`` for an unknown name, and for a visitor who could not be known again.
        """
        if not by.id and not by.may_change_all:
            raise UserError("this browser keeps no cookies, so nothing could be known as yours: allow them, and reload")
        if name not in PUBLIC and name not in LISTED:
            public_set(name)  # raises, with the names
        with self._lock:
            found = self._known.get(name)
            if found is not None and found.state == "running":
                return found
            if sum(each.state == "running" for each in self._known.values()) >= _AT_ONCE:
                raise UserError(f"{_AT_ONCE} sets are being fetched already: wait until one of them is here")
            made = Fetch(name, by.id)
            made.process = subprocess.Popen(
                [*self._command, name, *(("--owner", by.id) if by.id else ())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            self._known.pop(name, None)
            self._known[name] = made
        threading.Thread(target=self._follow, args=(made,), daemon=True, name=f"fetch-{name}").start()
        return made

    def stop(self, name: str, by: Visitor) -> None:
        """End a download; what came of it is kept and gone on with. ``UserError`` where it is another person's."""
        with self._lock:
            found = self._known.get(name)
            if found is not None and found.state == "running":
                by.check(found.owner, f"the download of '{name}'")
                found.state, found.line = "stopped", "stopped: it goes on from there when you fetch it again"
                found.process.terminate()

    def forget(self, name: str, by: Visitor) -> None:
        """Take what became of a download off the list; ``UserError`` where it is another person's."""
        with self._lock:
            found = self._known.get(name)
            if found is not None and found.state != "running":
                by.check(found.owner, f"the download of '{name}'")
                del self._known[name]

    def close(self) -> None:
        """End all of them."""
        for each in self.all():
            self.stop(each.name, OPERATOR)

    def _follow(self, fetch: Fetch) -> None:
        last = ""
        with fetch.process as process:
            for line in _lines(process.stderr):
                found = _BAR.search(line)
                if found:
                    fetch.share, fetch.line = min(int(found[1]) / 100, 1.0), found[2].strip() or fetch.line
                elif line.strip():
                    last = line.strip()
        code = process.returncode
        with self._lock:
            if fetch.state != "running":
                return
            if code == 0:
                fetch.state, fetch.share, fetch.line = "done", 1.0, "here"
            else:
                fetch.state = "failed"
                fetch.line = (
                    last if code == 2 and last else f"the download ended with code {code}: see the server's log"
                )


LISTED = ("mnist", "fashion-mnist", "kmnist")
"""Sets of ``DATASETS`` whose full files can be fetched."""


def _lines(stream: IO[bytes]) -> Any:
    """Give what was written between line ends, and between the returns of a progress bar; the last one as it grows."""
    rest = b""
    while part := stream.read1(4096):  # type: ignore[attr-defined]
        lines = re.split(rb"[\r\n]", rest + part)
        rest = lines[-1]  # a bar's return comes before its next words, not after them
        for line in lines:
            yield line.decode("utf-8", "replace")


FETCHES = Fetches()
"""Those of this server."""
