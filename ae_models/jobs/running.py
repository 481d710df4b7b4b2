"""The jobs that are with workers: what a worker says of them, and what follows when one ends or its worker dies."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from ae_models.jobs import ending
from ae_models.jobs.live import Message
from ae_models.jobs.pool import Worker
from ae_models.jobs.queue import JobQueue
from ae_models.jobs.record import QUICK, Job
from ae_models.jobs.work import Task
from ae_models.jobs.workers import KnownWorkers

_log = logging.getLogger(__name__)
_GRACE = 1.5  # seconds a task has to hear that it should stop, before its process is ended
_MISSED = 7.0  # seconds without a worker after which its job is given up; a nanny's new worker has another address
_TO_KEEP = 60.0  # seconds a task that heard it has to keep what it learned


@dataclass
class Running:
    """A job that is with a worker."""

    task: Task
    worker: Worker
    future: Any = None
    asked: float = 0.0  # when it was asked to stop
    heard: bool = False
    started: bool = False
    seen: float = 0.0  # when its worker was last there
    killed: str = ""  # why its process was ended by us
    died: bool = False  # its worker did, by whatever cause


class RunningJobs:
    """A table of them. Every method may be called from any thread: what comes back comes from the connection's own.

    Parameters
    ----------
    queue : JobQueue
        Where each change is noted.
    workers : KnownWorkers
    stir : callable
        Called when a job has ended: the next one may have its turn.
    """

    def __init__(self, queue: JobQueue, workers: KnownWorkers, stir: Callable[[], None]) -> None:
        self._queue, self._workers, self._stir = queue, workers, stir
        self._lock = threading.RLock()
        self._running: dict[str, Running] = {}
        self._attempts: dict[str, int] = {}
        self._sent_again: set[str] = set()  # jobs that have not begun since

    def busy(self) -> set[str]:
        """Return the addresses of workers that have a job."""
        with self._lock:
            return {one.worker.address for one in self._running.values()}

    def owners(self) -> set[str]:
        """Return whose jobs are running, those of a second apart."""
        with self._lock:
            jobs = [self._queue.get(job_id) for job_id in self._running]
        return {job.owner for job in jobs if job is not None and job.recipe not in QUICK}

    def next_attempt(self, job_id: str) -> int:
        """Return how often a job will have been sent with this time."""
        with self._lock:
            self._attempts[job_id] = self._attempts.get(job_id, 0) + 1
            return self._attempts[job_id]

    def add(self, task: Task, worker: Worker) -> Running:
        """Note that a job is on its way to a worker."""
        with self._lock:
            self._running[task.job] = Running(task, worker, seen=time.monotonic())
            return self._running[task.job]

    def ask_to_stop(self, job_id: str) -> Task | None:
        """Note that a job was asked to stop; None where it does not run, or was asked before."""
        with self._lock:
            running = self._running.get(job_id)
            if running is None or running.asked:
                return None
            running.asked = time.monotonic()
            return running.task

    def take_unhearing(self) -> list[str]:
        """Return the workers, by address, whose job had its time to hear that it should stop; each of them once."""
        now = time.monotonic()
        with self._lock:
            unhearing = [
                one
                for one in self._running.values()
                if one.asked and not one.killed and now - one.asked > (_TO_KEEP if one.heard else _GRACE)
            ]
            for one in unhearing:
                one.killed = "stopped"
        return [one.worker.address for one in unhearing]

    def leave_what_others_took(self) -> list[str]:
        """Let go of jobs that another server took up, and return their workers by address.

        It took them up because this one had given no sign of life for too long.
        """
        with self._lock:
            jobs = {job_id: self._queue.get(job_id) for job_id in self._running}
            lost = [key for key, job in jobs.items() if job is not None and job.engine != self._queue.engine]
            return [self._running.pop(key).worker.address for key in lost]

    def interrupt_missed(self, there: Collection[str]) -> None:
        """Give up jobs whose worker is gone while the scheduler, one with other settings than ours, waits for it."""
        now = time.monotonic()
        with self._lock:
            for one in self._running.values():
                if one.worker.address in there:
                    one.seen = now
            gone = [one for one in self._running.values() if one.started and now - one.seen > _MISSED]
            for one in gone:
                del self._running[one.task.job]
        for one in gone:
            if one.future is not None:
                one.future.cancel()
            self._interrupted(one.task.job, ending.WORKER_GONE)

    def interrupt_all(self, words: str) -> None:
        """Give up all of them."""
        with self._lock:
            running, self._running = list(self._running.values()), {}
        for one in running:
            self._interrupted(one.task.job, words)

    def heard(self, message: Message) -> None:
        """Take in what a worker says of a job; nothing where it is not about the last sending."""
        job_id, kind = message["job"], message["kind"]
        with self._lock:
            running = self._running.get(job_id)
            if running is None or running.task.attempt != message["attempt"]:
                return
            if kind == "started":
                self._begun(running, message["worker"])
            elif kind == "heard":
                running.heard = True
            state = "stopping" if running.asked else "running"
        if kind == "started":
            where = f"{message['worker']}, process {message['process']}"
            self._queue.change(job_id, state=state, worker=where, line="starting")
        elif kind == "progress":
            values = {name: message[name] for name in ("share", "line", "seconds_left")}
            self._queue.change(job_id, state=state, **values)
        elif kind == "kept":
            self._queue.change(job_id, kept=message["epochs"])
        elif kind == "heard":
            self._queue.change(job_id, line="keeping what was learned")
        elif kind == "map":
            self._queue.take(message)
            self._queue.change(job_id, preview=True)
        elif kind == "holds":
            self._workers.note_map(running.worker.address, message["name"])
        elif kind == "run":
            self._queue.change(job_id, run=message["id"])
        else:
            self._queue.take(message)

    def _begun(self, running: Running, address: str) -> None:
        running.worker = self._workers.find(address) or replace(running.worker, address=address)
        running.started, running.seen = True, time.monotonic()
        self._sent_again.discard(running.task.job)
        if running.task.recipe == "project":
            self._workers.note_map(running.worker.address, "")  # it lets go of its map before it fits another

    def out_of_memory(self, event: dict[str, Any]) -> None:
        """Note that a worker is being ended because it holds too much."""
        with self._lock:
            for one in self._running.values():
                if one.worker.address == event.get("worker"):
                    one.killed = "memory"

    def ended(self, job_id: str, attempt: int, future: Any, *, connected: bool) -> None:
        """Note the end of a job from its future; one that its worker never began is sent once more."""
        with self._lock:
            running = self._running.get(job_id)
        if running is None or running.task.attempt != attempt:
            return
        job = self._queue.get(job_id)
        changes = {} if job is None else self._changes(job, running, future, connected)
        with self._lock:
            if self._running.get(job_id) is not running:
                return
            del self._running[job_id]
            if job is not None:
                self._end(job_id, changes if running.started else self._unless_never_begun(job, running, changes))
        self._stir()

    def _changes(self, job: Job, running: Running, future: Any, connected: bool) -> ending.Changes:
        try:
            return self._end_of(job, running, future, connected)
        except Exception as error:  # noqa: BLE001 - a job must come to an end
            _log.exception("the end of job %s could not be read", job.id)
            return ending.over(job, "failed", f"its end could not be read ({type(error).__name__})")

    def _end_of(self, job: Job, running: Running, future: Any, connected: bool) -> ending.Changes:
        if future.status == "finished":
            return ending.finished(future.result())
        if future.status != "error":
            return ending.interrupted(job, ending.DROPPED if connected else ending.NO_ANSWER)
        error = future.exception()
        if ending.is_of_a_dead_worker(error):
            self._workers.gone(running.worker.address)
            running.died = True
        return ending.broken(job, error, killed=running.killed, memory=running.worker.memory)

    def _unless_never_begun(self, job: Job, running: Running, changes: ending.Changes) -> ending.Changes:
        """Return what follows from the death of a worker that had not begun a job: once, that it waits again."""
        if not running.died or running.killed:
            return changes
        if running.asked:
            return ending.over(job, "stopped", "")
        if job.id in self._sent_again:
            return changes
        self._sent_again.add(job.id)
        return {"state": "queued", "started": 0.0, "line": ""}

    def _interrupted(self, job_id: str, words: str) -> None:
        job = self._queue.get(job_id)
        if job is not None:
            self._end(job_id, ending.interrupted(job, words))

    def _end(self, job_id: str, changes: ending.Changes) -> None:
        if self._queue.change(job_id, **changes) is not None and changes["state"] != "queued":
            self._sent_again.discard(job_id)
            self._queue.keep(job_id)
            self._queue.log.heard(job_id)
