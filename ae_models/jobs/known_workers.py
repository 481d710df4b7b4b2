"""The workers that are known of: which of them may take a job, which are being ended, which map each has in memory."""

from __future__ import annotations

import threading
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
