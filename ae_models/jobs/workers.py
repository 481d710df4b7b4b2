"""The workers that are known of: which may take a job, which is ready for which kind, which map each has in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection

from ae_models.jobs.pool import Worker


class KnownWorkers:
    """What the scheduler said last, and what was done since. Every method may be called from any thread.

    A worker whose process is being ended takes nothing more: what is sent to it dies with it. It is left out until it
    is gone; the process that replaces it has another address, or is known to be another one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._there: list[Worker] = []
        self._ending: set[str] = set()
        self._maps: dict[str, str] = {}  # address -> name of the map in its memory

    def update(self, found: list[Worker]) -> None:
        """Take over what the scheduler says now."""
        addresses = {worker.address for worker in found}
        with self._lock:
            self._there = [worker for worker in found if worker.takes_tasks]
            self._ending &= addresses
            self._maps = {address: name for address, name in self._maps.items() if address in addresses}

    def clear(self) -> None:
        """Forget all of them: the scheduler is gone."""
        self.update([])

    def all(self) -> list[Worker]:
        """Return those that may take a job now or later."""
        with self._lock:
            return [worker for worker in self._there if worker.address not in self._ending]

    def free(self, busy: Collection[str]) -> list[Worker]:
        """Return those that may take a job now."""
        return [worker for worker in self.all() if worker.address not in busy]

    def find(self, address: str) -> Worker | None:
        """Return the worker of an address; None where the scheduler has not told of it yet."""
        with self._lock:
            return next((worker for worker in self._there if worker.address == address), None)

    def ending(self, address: str) -> None:
        """Note that a worker's process is being ended."""
        with self._lock:
            self._ending.add(address)

    def gone(self, address: str) -> None:
        """Note that a worker's process has ended; whoever is at this address later is a new one."""
        with self._lock:
            self._ending.discard(address)
            self._there = [worker for worker in self._there if worker.address != address]
            self._maps.pop(address, None)

    def note_map(self, address: str, name: str) -> None:
        """Note which map a worker has in its memory; "" for none."""
        with self._lock:
            self._maps[address] = name

    def with_map(self, name: str, busy: Collection[str]) -> str | None:
        """Return the address of a free worker that has a map in its memory; None where there is none."""
        free = self.free(busy)
        with self._lock:
            return next((worker.address for worker in free if self._maps.get(worker.address) == name), None)


_QUIET = 60.0  # seconds without any job before a worker compiles for maps: that keeps a core busy for a while
_QUIET_AND_ASKED = 2.0  # the same where somebody looks at the form for maps
_STAGE = {"train": "training", "measure": "training", "project": "maps"}


class Readiness:
    """What was begun on each worker and what is done; not locked, one thread asks it.

    Every worker gets ready for training at once; for maps one of them does, while nothing else is to do, because that
    takes most of a minute and half a gigabyte: soon where somebody looks at the form for maps, else later. A worker
    that is not ready for a job can do it all the same, only later.
    """

    def __init__(self, stages: Collection[str]) -> None:
        self.stages = stages
        self._begun: set[tuple[str, str]] = set()
        self._done: set[tuple[str, str]] = set()
        self._quiet_since = time.monotonic()
        self._asked = False

    def ask(self) -> None:
        """Note that somebody will want a map."""
        self._asked = True

    def done(self, address: str, stage: str) -> None:
        """Note that a worker is ready for something."""
        self._done.add((address, stage))

    def next(self, workers: list[Worker], busy: Collection[str], n_waiting: int) -> tuple[str, str] | None:
        """Return a worker's address and what it should get ready for now; None when nothing should begin."""
        now = time.monotonic()
        if busy or n_waiting:
            self._quiet_since = now
        for worker in workers:
            if self._may(worker.address, "training"):
                return self._begin(worker.address, "training")
        chosen = {address for address, stage in self._begun if stage == "maps"}
        quiet = _QUIET_AND_ASKED if self._asked else _QUIET
        if now - self._quiet_since < quiet or any(worker.address in chosen for worker in workers):
            return None
        for worker in workers:
            if (worker.address, "training") in self._done and self._may(worker.address, "maps"):
                return self._begin(worker.address, "maps")
        return None

    def _may(self, address: str, stage: str) -> bool:
        return stage in self.stages and (address, stage) not in self._begun

    def _begin(self, address: str, stage: str) -> tuple[str, str]:
        self._begun.add((address, stage))
        return address, stage

    def best(self, recipe: str, free: list[Worker]) -> Worker:
        """Return the free worker that suits a recipe best: ready for it, and not compiling for something else."""
        compiling = self._begun - self._done

        def rank(worker: Worker) -> tuple[bool, bool]:
            ready = (worker.address, _STAGE[recipe]) in self._done
            return not ready, any(address == worker.address for address, _ in compiling)

        return min(free, key=rank)
