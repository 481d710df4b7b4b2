"""All jobs in memory, as pages read them, and their way to the journal."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from ae_models.base import Mistake
from ae_models.jobs.journal import Journal
from ae_models.jobs.live import Live, Message, taken
from ae_models.jobs.record import ACTIVE, QUICK, WAITING, Job

_log = logging.getLogger(__name__)
_MOST_LIVES = 32  # kept in memory; the journal has the others
_FORGET_QUICK = 600.0  # seconds after which a measurement is forgotten


class Book:
    """Jobs and what was watched of them. Every method may be called from any thread and none waits for long."""

    def __init__(self, engine: str, journal: Journal) -> None:
        self.engine, self.journal = engine, journal
        self.trouble = ""  # why the journal cannot be written, in words
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._lives: OrderedDict[str, Live] = OrderedDict()
        self._unsaved: set[str] = set()
        self._unsaved_lives: set[str] = set()

    def all(self) -> list[Job]:
        """Return every job, oldest first, those that wait with their place."""
        with self._lock:
            jobs = sorted(self._jobs.values(), key=lambda job: job.created)
        place = 0
        for number, job in enumerate(jobs):
            if job.state in WAITING:
                place += 1
                jobs[number] = replace(job, place=place)
        return jobs

    def get(self, job_id: str) -> Job | None:
        """Return one job, or None."""
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None or job.state not in WAITING:
            return job
        return next((other for other in self.all() if other.id == job_id), None)

    def put(self, job: Job) -> None:
        """Add a job or replace it, and write it down now; ``Mistake`` when that cannot be done."""
        self.journal.save(job)
        with self._lock:
            self._jobs[job.id] = job

    def change(self, job_id: str, **values: Any) -> Job | None:
        """Change fields of a job; it is written down at the next ``flush``."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None:
                return None
            changed = replace(job, **values)
            self._jobs[job_id] = changed
            if {"state", "kept", "run", "embedding", "error", "result", "started"} & set(values):
                self._unsaved.add(job_id)
            return changed

    def live(self, job_id: str) -> Live:
        """Return what was watched of a job; an empty one for a job that showed nothing."""
        with self._lock:
            if job_id in self._lives:
                self._lives.move_to_end(job_id)
                return self._lives[job_id]
            known = job_id in self._jobs
        live = self.journal.watched(job_id) if known else Live()
        with self._lock:
            if job_id not in self._lives and known:
                self._lives[job_id] = live
                idle = [key for key in self._lives if self._jobs[key].state not in ACTIVE]
                for key in idle[: max(0, len(self._lives) - _MOST_LIVES)]:
                    if key not in self._unsaved_lives:
                        del self._lives[key]
            return self._lives.get(job_id, live)

    def take(self, message: Message) -> None:
        """Add one of a worker's messages to what was watched."""
        job_id = message["job"]
        before = self.live(job_id)
        with self._lock:
            if job_id not in self._jobs:
                return
            self._lives[job_id] = taken(self._lives.get(job_id, before), message)
            if message["kind"] == "epoch":
                self._unsaved.add(job_id)
                self._unsaved_lives.add(job_id)

    def keep(self, job_id: str) -> None:
        """Have a job and what was watched of it written down at the next ``flush``."""
        with self._lock:
            self._unsaved.add(job_id)
            if job_id in self._lives:
                self._unsaved_lives.add(job_id)

    def flush(self) -> None:
        """Write down what changed. What cannot be written stays in memory, and ``trouble`` says why."""
        with self._lock:
            waiting = [
                (self._jobs[key], self._lives.get(key) if key in self._unsaved_lives else None)
                for key in self._unsaved
                if key in self._jobs
            ]
            self._unsaved.clear()
            self._unsaved_lives.clear()
        for job, live in waiting:
            try:
                self.journal.save(job, live)
                self.trouble = ""
            except Mistake as mistake:
                self.trouble = str(mistake)
                self.keep(job.id)

    def remove(self, job_id: str) -> None:
        """Forget a job."""
        with self._lock:
            self._jobs.pop(job_id, None)
            self._lives.pop(job_id, None)
            self._unsaved.discard(job_id)
            self._unsaved_lives.discard(job_id)
        self.journal.remove(job_id)

    def rescan(self) -> None:
        """Read what other servers wrote into the same store; a job whose server is gone is interrupted.

        A checkpoint that no job belongs to was left by the command line: it is listed as interrupted, too.
        """
        self.journal.sign(self.engine)
        found = {job.id: job for job in self.journal.load()}
        alive = {name: self.journal.lives(name) for name in {job.engine for job in found.values()} - {self.engine}}
        now = time.time()
        for job in found.values():
            if job.recipe in QUICK and job.is_over and now - job.ended > _FORGET_QUICK:
                self.remove(job.id)
                continue
            with self._lock:
                known = self._jobs.get(job.id)
                if known is not None and (known.engine == self.engine or known == job):
                    continue
                if not job.is_over and not alive.get(job.engine, False):
                    job = orphaned(job)
                    self._unsaved.add(job.id)
                self._jobs[job.id] = job
                if known is not None and job.id not in self._unsaved_lives:
                    self._lives.pop(job.id, None)  # another server watched on
        with self._lock:
            gone = [key for key, job in self._jobs.items() if job.engine != self.engine and key not in found]
            for key in gone:
                self._jobs.pop(key)
                self._lives.pop(key, None)


def orphaned(job: Job) -> Job:
    """Return a job whose server is gone, as what it is now."""
    if job.recipe != "train":
        return replace(job, state="failed", ended=time.time(), error="the server was restarted while this was going on")
    kept = job.kept
    words = f"the server was restarted; epoch {kept} is kept" if kept else "the server was restarted"
    return replace(job, state="interrupted", ended=time.time(), seconds_left=None, error=words)
