"""A few child processes in which everything is opened that a visitor sends: what it costs is theirs, not the server's.

They start when first needed, one more is kept ready while one works, and each that dies is replaced. Pages, plain
scripts and tests take the one pool from ``current()``; the server closes it at its end.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from threading import Condition, Lock
from typing import Any

from ae_models.base import UserError, paths
from ae_models.datasets.readers import UPLOADS
from ae_models.datasets.readers.limits import size
from ae_models.datasets.readers.names import shown
from ae_models.jobs import opening, plain_values
from ae_models.jobs.plain_values import fits
from ae_models.jobs.sandbox_child import Child, Ended, TooLarge, TooLong, command, sweep
from ae_models.jobs.turns import Turn, next_turn

IMPORTS = "AE_MODELS_IMPORTS"
MEMORY = 3 * UPLOADS.unpacked_bytes
"""Bytes of memory that one import may take: what it unpacks, what is made of it, and what is held out of that."""
SECONDS = {
    "look": UPLOADS.seconds,
    "take": UPLOADS.seconds,
    "try_model": UPLOADS.seconds,
    "keep_model": 600.0,  # every held-out image is encoded and decoded
    "open_zip": UPLOADS.seconds,
    "place": UPLOADS.seconds,
    "picture": 20.0,
}
_IDLE = 180.0  # seconds after which a child that nobody asks ends
_ONE = 2 << 30  # bytes of the machine's memory for each child
_LOG = logging.getLogger(__name__)


def most_of_environment() -> int:
    """Return how many imports may run at once: ``AE_MODELS_IMPORTS``, by default 2 to 4 as the memory allows."""
    text = os.environ.get(IMPORTS, "").strip()
    if text:
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 64):
            raise UserError(f"{IMPORTS} must be a whole number from 1 to 64: got '{text[:40]}'")
        return int(text)
    import psutil

    return max(2, min(4, int(psutil.virtual_memory().total // _ONE)))


class Sandbox:
    """A pool of child processes.

    Parameters
    ----------
    most : int, optional
        How many run at once; by default what the environment says.
    memory : int
        Bytes that one import may take.
    arguments : sequence of str, optional
        What starts a child.
    watched : bool, optional
        Whether memory is watched from here; by default where the system has no limit of its own.
    """

    def __init__(
        self,
        most: int | None = None,
        memory: int = MEMORY,
        arguments: Sequence[str] = (),
        watched: bool = not sys.platform.startswith("linux"),
    ) -> None:
        self.most, self.memory = most or most_of_environment(), memory
        self._watched = memory if watched else 0
        self._arguments = list(arguments) or command(0 if watched else memory, _IDLE)
        self._free: list[Child] = []
        self._busy: dict[Child, Turn] = {}
        self._waiting: list[Turn] = []
        self._changed = Condition()
        self._closed = False

    def prewarm(self) -> None:
        """Start a child where none is ready: somebody looks at a page that takes files."""
        with self._changed:
            self._keep_one_ready()

    def call(
        self,
        name: str,
        *arguments: Any,
        what: str,
        visitor: str = "",
        address: str = "",
        seconds: float | None = None,
        waiting: Callable[[float], None] | None = None,
    ) -> Any:
        """Have a child do one of ``opening.CALLS`` and return what it answers, checked.

        Parameters
        ----------
        what : str
            What a message calls the thing: a file's name.
        visitor : str
            Whose it is: one thing of a visitor is opened at a time, the next one waits.
        address : str
            A name for where it comes from: half of the children at most work for one while others wait; "" for unknown.
        seconds : float, optional
            The most it may take once it has begun; by default ``SECONDS``.
        waiting : callable, optional
            Called a few times a second, with no lock held, with the seconds since it began (0 while it waits for its
            turn); what it raises ends the wait and the child.

        Raises
        ------
        UserError
            In one line: what the child found wrong, or which limit it met.
        """
        seconds = SECONDS[name] if seconds is None else seconds
        root = paths.writable(paths.home() / "cache" / "imports")
        child = self._take(Turn(visitor, address), waiting)
        folder = Path(mkdtemp(prefix="import-", dir=root)).resolve()
        usable = False
        try:
            plain_values.write(list(arguments), folder, "request", opening.TABLE)
            child = self._ask(child, _request(name, folder, seconds), seconds, waiting)
            answer = plain_values.read(folder, "answer", dict[str, Any], opening.TABLE, self.memory)
            usable = True
        except TooLong:
            raise UserError(f"{shown(what)}: took more than {seconds:g} seconds and was given up") from None
        except (TooLarge, Ended) as error:
            raise UserError(f"{shown(what)}: {self._ended(error)}") from None
        except plain_values.NotPlain as error:
            _LOG.error("a child that opened a file answered nonsense: %s", error)
            raise UserError(f"{shown(what)}: could not be read: its reader gave no sound answer") from None
        except OSError as error:
            raise UserError(f"{shown(what)}: could not be read: {error.strerror or error} in {root}") from None
        finally:
            self._give_back(child, usable)
            shutil.rmtree(folder, ignore_errors=True)
        return _sound(answer, name, what)

    def _ended(self, error: Exception) -> str:
        if isinstance(error, TooLarge):
            return f"takes more than {size(self.memory)} of memory, the most that one import may use"
        return f"its reader ended: it may have asked for more than the {size(self.memory)} of memory that it may use"

    def _ask(
        self, child: Child, request: dict[str, object], seconds: float, waiting: Callable[[float], None] | None
    ) -> Child:
        """Ask a child; one that ended before it began (nobody had asked it for long) is replaced once."""
        try:
            child.ask(request, seconds, waiting)
        except Ended as ended:
            if ended.begun:
                raise
            fresh = self._start()
            with self._changed:
                self._busy[fresh] = self._busy.pop(child)
            child.kill()
            try:
                fresh.ask(request, seconds, waiting)
            except BaseException:
                self._give_back(fresh, False)
                raise
            return fresh
        return child

    def _take(self, turn: Turn, waiting: Callable[[float], None] | None) -> Child:
        """Wait for a turn and return a child of one's own; the others' turns come in their order."""
        with self._changed:
            self._waiting.append(turn)
        try:
            while True:
                with self._changed:
                    if self._closed:
                        raise UserError("the server is about to end")
                    if next_turn(self._waiting, self._busy.values(), self.most) is turn:
                        child = self._ready() or self._start()
                        self._busy[child] = turn
                        self._keep_one_ready()
                        return child
                    self._changed.wait(0.2)
                if waiting is not None:
                    waiting(0.0)
        finally:
            with self._changed:
                self._waiting.remove(turn)
                self._changed.notify_all()

    def _ready(self) -> Child | None:
        """Return a free child, one that is ready first."""
        self._forget_dead()
        self._free.sort(key=lambda child: child.ready)
        return self._free.pop() if self._free else None

    def _forget_dead(self) -> None:
        for child in [child for child in self._free if not child.alive]:
            self._free.remove(child)
            child.kill()  # what is left of it: a pipe

    def _start(self) -> Child:
        try:
            return Child(self._arguments, self._watched)
        except OSError as error:
            raise UserError(f"no process could be started to open the file ({error.strerror})") from None

    def _keep_one_ready(self) -> None:
        """Start a spare; it gets ready by itself. Called with the lock held."""
        self._forget_dead()
        if not self._closed and not self._free and len(self._busy) < self.most:
            self._free.append(self._start())

    def _give_back(self, child: Child, usable: bool) -> None:
        with self._changed:
            if self._busy.pop(child, None) is None:
                return
            if usable and child.alive and not self._closed and len(self._free) < self.most:
                self._free.append(child)
            else:
                child.kill()
            self._keep_one_ready()
            self._changed.notify_all()

    def close(self) -> None:
        """End all children; what still waits is told so."""
        with self._changed:
            self._closed = True
            children = [*self._free, *self._busy]
            self._free = []
            self._changed.notify_all()
        for child in children:
            child.close()


def _request(name: str, folder: Path, seconds: float) -> dict[str, object]:
    full = paths.full_data()
    environment = {
        "AE_MODELS_HOME": str(paths.home().resolve()),
        "AE_MODELS_DATA": "" if full is None else str(full.resolve()),
    }
    return {"call": name, "folder": str(folder), "seconds": seconds, "environment": environment}


def _sound(answer: dict[str, Any], name: str, what: str) -> Any:
    """Return what a child answered; ``UserError`` where it says what is wrong, or its answer is not sound."""
    if set(answer) == {"answer"} and fits(answer["answer"], opening.ANSWERS[name]):
        try:
            opening.check(answer["answer"])
        except UserError as mistake:
            raise UserError(f"{shown(what)}: {mistake}") from None
        return answer["answer"]
    if isinstance(answer.get("mistake"), str):
        words = answer["mistake"][:2_000]
        raise UserError(words if answer.get("whole") == "yes" else f"{shown(what)}: {words}")
    if isinstance(answer.get("fault"), str):
        _LOG.error("reading a visitor's file failed: %s", str(answer.get("trace"))[:8_000])
        raise UserError(f"{shown(what)}: could not be read, by an error that is ours ({shown(answer['fault'])})")
    _LOG.error("a child that opened a file answered another thing than %s", name)
    raise UserError(f"{shown(what)}: could not be read: its reader gave no sound answer")


_current: Sandbox | None = None
_lock = Lock()


def current() -> Sandbox:
    """Return the pool of this process, made at the first call."""
    global _current
    with _lock:
        if _current is None:
            sweep(paths.home() / "cache" / "imports")
            _current = Sandbox()
        return _current


def close() -> None:
    """End the pool of this process, if there is one."""
    global _current
    with _lock:
        pool, _current = _current, None
    if pool is not None:
        pool.close()


atexit.register(close)
