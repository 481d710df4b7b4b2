"""One child process as the server sees it: started, asked, watched, ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from ae_models.base import paths

_STEP = 0.2  # seconds between two looks at the clock, the memory, and whoever waits
_MOST_LINE = 100
_START = 120.0  # seconds that a start may take; it is none of the visitor's time
_SECRETS = ("AE_MODELS_ADMIN_TOKEN", "STREAMLIT_SERVER_COOKIE_SECRET")
_ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
    "MALLOC_ARENA_MAX": "1",  # each more takes 64 MB of address space
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # another takes a gigabyte of address space at once
    "ORT_DISABLE_TELEMETRY": "1",
    "PYTHONIOENCODING": "utf-8",
}


class Ended(Exception):
    """The child ended before it answered. ``begun``: it had begun with what it was asked."""

    def __init__(self, begun: bool) -> None:
        super().__init__("the child ended")
        self.begun = begun


class TooLong(Exception):
    """The child took longer than it may."""


class TooLarge(Exception):
    """The child took more memory than it may."""


def command(memory: int, idle: float) -> list[str]:
    """Return what starts a child; ``memory`` 0 sets no limit of the system's."""
    return [sys.executable, "-P", "-m", "ae_models.jobs.sandboxed", str(memory), str(idle)]


class Child:
    """A process that waits for requests. Its end is noticed by a thread of its own, which ends with it.

    Parameters
    ----------
    arguments : sequence of str
        From ``command``.
    watched : int
        Bytes of memory above those after its start that it may take before it is killed; 0 where the system sees to
        that.
    """

    def __init__(self, arguments: Sequence[str], watched: int = 0) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in _SECRETS}
        path = os.pathsep.join(filter(None, [str(paths.ROOT), environment.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, **_ENVIRONMENT, "PYTHONPATH": path},
        )
        self.ready = False  # whether it has loaded what it needs
        self._watched, self._base = watched, 0
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        Thread(target=self._listen, daemon=True, name="sandbox-child").start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream, suppress(OSError, ValueError):
            while line := stream.readline(_MOST_LINE):
                if line == b"ready\n":
                    self._base = self._memory() if self._watched else 0
                    self.ready = True
                else:
                    self._lines.put(line)
        self.process.wait()
        self._lines.put(b"")

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def ask(self, request: dict[str, object], seconds: float, waiting: Callable[[float], None] | None) -> None:
        """Send a request and wait until it is answered in its folder.

        Parameters
        ----------
        seconds : float
            The most that it may take, once the child has begun.
        waiting : callable, optional
            Called a few times a second with the seconds since it began; what it raises ends the wait.

        Raises
        ------
        Ended, TooLong, TooLarge
            The child is of no use after any of them, nor after what ``waiting`` raised: ``kill`` it.
        """
        begun = False
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self.process.stdin.flush()
        except (OSError, ValueError):
            raise Ended(begun) from None
        start = time.monotonic()
        while True:
            line = self._next(seconds if begun else _START, start, waiting if begun else None)
            if line == b"":
                raise Ended(begun)
            if line == b"begun\n":
                begun, start = True, time.monotonic()
            elif line == b"done\n":
                return
            else:
                raise Ended(True)  # it says what no child of ours says

    def _next(self, seconds: float, start: float, waiting: Callable[[float], None] | None) -> bytes:
        while True:
            left = start + seconds - time.monotonic()
            if left <= 0:
                raise TooLong
            with suppress(Empty):
                return self._lines.get(timeout=min(_STEP, left))
            if self._watched and self._base and self._memory() > self._base + self._watched:
                raise TooLarge
            if waiting is not None:
                waiting(time.monotonic() - start)

    def _memory(self) -> int:
        import psutil

        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def kill(self) -> None:
        """End the process at once, whatever it does; its thread sees to the rest."""
        with suppress(OSError):
            self.process.kill()
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()

    def close(self) -> None:
        """End the process and wait until it has."""
        self.kill()
        self.process.wait()


def sweep(folder: Path, older: float = 3_600.0) -> None:
    """Remove what a server that was killed left of its requests."""
    import shutil

    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                if path.is_dir() and time.time() - path.stat().st_mtime > older:
                    shutil.rmtree(path, ignore_errors=True)
