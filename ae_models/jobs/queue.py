"""All jobs in memory, as pages read them, and their way to the log."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ae_models.base import UserError
from ae_models.jobs.live import Live, Message, taken
from ae_models.jobs.log import JobLog
from ae_models.jobs.record import ACTIVE, QUICK, WAITING, DamagedJob, Job
from ae_models.jobs.turns import in_turn

_log = logging.getLogger(__name__)
_MOST_LIVES = 32  # kept in memory; the log has the others
_FORGET_QUICK = 600.0  # seconds after which a measurement is forgotten
_A_SLEEP = 5.0  # seconds between two writings, which are a fifth of a second apart
_MOST_PATIENCE = 30.0  # seconds in which another server should have heard a request


class JobQueue:
    """Jobs and what was watched of them. Every method may be called from any thread and none waits for long."""

    def __init__(self, engine: str, log: JobLog) -> None:
        self.engine, self.log = engine, log
        self.damaged: list[DamagedJob] = []  # as of the last look at the store
        self.trouble = ""  # why the log cannot be written, in words
        self._flushed = 0.0
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._lives: OrderedDict[str, Live] = OrderedDict()
        self._unsaved: set[str] = set()
        self._unsaved_lives: set[str] = set()
        self._asked: dict[str, float] = {}  # jobs of other servers that were asked to stop from here, and when

    def all(self) -> list[Job]:
        """Return every job, oldest first, those that wait with their place."""
        with self._lock:
            jobs = sorted(self._jobs.values(), key=lambda job: job.created)
        turns = in_turn([job for job in jobs if job.state in WAITING], self.last_turns())
        places = {job.id: place for place, job in enumerate(turns, start=1)}
        return [replace(job, place=places[job.id]) if job.id in places else job for job in jobs]

    def last_turns(self) -> dict[str, float]:
        """Return when each owner's last turn was, in seconds since 1970, of those whose jobs are known."""
        with self._lock:
            begun = [job for job in self._jobs.values() if job.started and job.recipe not in QUICK]
        return {job.owner: job.started for job in sorted(begun, key=lambda job: job.started)}

    def get(self, job_id: str) -> Job | None:
        """Return one job, or None."""
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None or job.state not in WAITING:
            return job
        return next((other for other in self.all() if other.id == job_id), None)

    def put(self, job: Job) -> None:
        """Add a job or replace it, and write it down now; ``UserError`` when that cannot be done."""
        self.log.heard(job.id)  # an old request to stop is not about this one
        self.log.save(job)
        with self._lock:
            self._jobs[job.id] = job

    def change(self, job_id: str, **values: Any) -> Job | None:
        """Change fields of a job of ours; it is written down at the next ``flush``. None where it is not ours."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.engine != self.engine:
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
        live = self.log.watched(job_id) if known else Live()
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
            if job_id not in self._jobs or self._jobs[job_id].engine != self.engine:
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
        """Write down what changed. What cannot be written stays in memory, and ``trouble`` says why.

        After a sleep (a laptop was closed) others may have taken our jobs up: it looks before it writes.
        """
        before, self._flushed = self._flushed, time.time()
        if before and self._flushed - before > _A_SLEEP:
            self.rescan()
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
                self.log.save(job, live)
                self.trouble = ""
            except UserError as mistake:
                self.trouble = str(mistake)
                self.keep(job.id)

    def remove(self, job_id: str) -> None:
        """Forget a job."""
        with self._lock:
            self._jobs.pop(job_id, None)
            self._lives.pop(job_id, None)
            self._unsaved.discard(job_id)
            self._unsaved_lives.discard(job_id)
        self.log.remove(job_id)

    def fresh(self, job_id: str) -> Job | None:
        """Return a job as its file says now where another server has it: before it is changed from here."""
        known = self.get(job_id)
        if known is None or known.engine == self.engine:
            return known
        found = self.log.read(job_id)
        if found is None:
            return known if self.log.has(job_id) else None
        self._adopt(found, self.log.lives(found.engine))
        return self.get(job_id)

    def ask_elsewhere(self, job: Job) -> Job:
        """Ask the server that has a job to stop it."""
        self.log.ask_to_stop(job.id)
        asked = replace(job, state="stopping", line="its server was asked to stop it", seconds_left=None)
        with self._lock:
            self._asked[job.id] = time.monotonic()
            self._jobs[job.id] = asked
        return asked

    @property
    def awaits(self) -> bool:
        """Whether another server was asked for something a moment ago, and has not answered yet."""
        now = time.monotonic()
        with self._lock:
            for key, when in list(self._asked.items()):
                if key not in self._jobs or self._jobs[key].is_over or now - when > _MOST_PATIENCE:
                    del self._asked[key]
            return bool(self._asked)

    def asked_to_stop(self) -> list[Job]:
        """Return our jobs that were asked to stop from another server; each is told once."""
        with self._lock:
            mine = {key: job for key, job in self._jobs.items() if job.engine == self.engine}
        if all(job.is_over for job in mine.values()):
            return []
        asked = [mine[key] for key in self.log.asked_to_stop() if key in mine]
        for job in asked:
            self.log.heard(job.id)
        return [job for job in asked if not job.is_over]

    def rescan(self) -> None:
        """Read what other servers wrote into the same store; a job whose server is gone is interrupted.

        What another server took up, or took from the list, is no longer ours.
        """
        self.log.sign(self.engine)
        whole, self.damaged = self.log.look()
        found = {job.id: job for job in whole}
        alive = {name: self.log.lives(name) for name in {job.engine for job in found.values()} - {self.engine}}
        now = time.time()
        for job in found.values():
            if job.recipe in QUICK and job.is_over and now - job.ended > _FORGET_QUICK:
                with suppress(UserError):  # in a store that nobody can write it stays
                    self.remove(job.id)
            elif job.engine != self.engine:
                self._adopt(job, alive.get(job.engine, False))
        with self._lock:
            gone = [
                key
                for key, job in self._jobs.items()
                if key not in found and key not in self._unsaved and (job.engine != self.engine or job.is_over)
            ]
        for key in gone:
            if not self.log.has(key):  # a file that cannot be read at this moment is not a job that is gone
                with self._lock:
                    self._jobs.pop(key, None)
                    self._lives.pop(key, None)

    def _adopt(self, job: Job, alive: bool) -> None:
        """Take over what the store says of a job that another server has, or had."""
        with self._lock:
            known = self._jobs.get(job.id)
            if known is not None and known.engine == self.engine:  # taken up elsewhere; or here, since it was read
                job = self.log.read(job.id) or known
                if job.engine == self.engine:
                    return
            if not job.is_over and not alive:
                if known is not None and known.is_over and known.engine == job.engine:
                    return  # it is known already, and cannot be written down
                job = orphaned(job)
                self._unsaved.add(job.id)
                self.log.heard(job.id)
            elif known == job or (job.id in self._asked and not job.is_over):
                return  # nothing new; or our request is on its way
            self._jobs[job.id] = job
            if known is not None and job.id not in self._unsaved_lives:
                self._lives.pop(job.id, None)  # another server watched on


def orphaned(job: Job) -> Job:
    """Return a job whose server is gone, as what it is now."""
    if job.recipe != "train":
        return replace(job, state="failed", ended=time.time(), error="the server was restarted while this was going on")
    kept = job.kept
    words = f"the server was restarted; epoch {kept} is kept" if kept else "the server was restarted"
    return replace(job, state="interrupted", ended=time.time(), seconds_left=None, error=words)
