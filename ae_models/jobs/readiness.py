"""Which worker is ready for which kind of job, and which to get ready next."""

from __future__ import annotations

import time
from collections.abc import Collection

from ae_models.jobs.pool import Worker

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
