"""Which job goes to which worker and when, and what is done when a job ends, a worker dies or a scheduler is gone."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from ae_models.base import FloatArray, UserError
from ae_models.jobs import ending
from ae_models.jobs.leftovers import sweep
from ae_models.jobs.limits import JobLimits
from ae_models.jobs.live import Message
from ae_models.jobs.pool import Pool, Worker, WorkerPlan
from ae_models.jobs.queue import JobQueue
from ae_models.jobs.readiness import Readiness
from ae_models.jobs.record import QUICK, WAITING, Condition, Job
from ae_models.jobs.turns import in_turn
from ae_models.jobs.work import Task
from ae_models.runs import unfinished_runs

_log = logging.getLogger(__name__)
_TICK = 0.2
_LOOK_AROUND = 4.0  # seconds between two looks at the store and at who else lives
_LISTEN = 1.0  # seconds between two looks at what other servers ask for, and at their answers
_TRY_AGAIN = 3.0
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


class Dispatcher:
    """The thread that gives waiting jobs to workers."""

    def __init__(self, book: JobQueue, plan: WorkerPlan, limits: JobLimits, wait: float) -> None:
        self.book, self.plan, self.limits, self._wait = book, plan, limits, wait
        self.condition = Condition("starting", "the workers are starting")
        self._pool: Pool | None = None
        self._workers: list[Worker] = []
        self._running: dict[str, Running] = {}
        self._attempts: dict[str, int] = {}
        self._readiness = Readiness(plan.warm)
        self._holds: dict[str, str] = {}  # address of a worker -> name of the map in its memory
        self._lock = threading.RLock()
        self._wake, self._stir, self._closing = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="jobs")

    def start(self) -> None:
        """Begin; the workers are started when they are first asked for, or a while later."""
        self._thread.start()
        threading.Thread(target=self._sign, daemon=True, name="jobs-alive").start()

    def wake(self) -> None:
        """Start the workers now, if they are not."""
        self._wake.set()

    def get_ready_for_maps(self) -> None:
        """Have a worker compile what fits maps, as soon as nothing else is to do."""
        self._readiness.ask()
        self._wake.set()

    def stir(self) -> None:
        """Look at the queue now."""
        self._wake.set()
        self._stir.set()

    def close(self) -> None:
        """End the workers on this machine; jobs in progress are interrupted."""
        self._closing.set()
        self._wake.set()
        self._stir.set()
        if self._thread.is_alive():
            self._thread.join(15)

    def holds(self, name: str) -> bool:
        """Whether a worker keeps this map in its memory and has nothing else to do."""
        return self._holder(name) is not None

    def place(self, name: str, rows: FloatArray, wait: float) -> FloatArray | None:
        """Have the worker that holds a map place flat images; None where none does, or it is busy or slow."""
        worker, pool = self._holder(name), self._pool
        return None if worker is None or pool is None else pool.place(name, rows, worker, wait)

    def _holder(self, name: str) -> str | None:
        with self._lock:
            busy = self._busy()
            free = (worker.address for worker in self._workers if worker.address not in busy)
            return next((address for address in free if self._holds.get(address) == name), None)

    def _busy(self) -> set[str]:
        """Return the addresses of workers that have a job; call it with the lock held."""
        return {one.worker.address for one in self._running.values()}

    def ask_to_stop(self, job_id: str) -> None:
        """Ask a running job to stop; where it cannot hear, its process is ended."""
        with self._lock:
            running = self._running.get(job_id)
            if running is None or running.asked:
                return
            running.asked = time.monotonic()
            pool = self._pool
        self.book.change(job_id, state="stopping", line="stopping", seconds_left=None)
        if pool is not None:
            threading.Thread(target=pool.ask_to_stop, args=(running.task,), daemon=True).start()
        self.stir()

    # The thread.

    def _sign(self) -> None:
        """Give signs of life, also while the other thread waits for workers or for a scheduler."""
        while not self._closing.wait(_LOOK_AROUND):
            self.book.journal.sign(self.book.engine)

    def _work(self) -> None:
        self.book.journal.sign(self.book.engine)
        sweep()
        self.book.rescan()
        self._wake.wait(self._wait)
        looked = listened = time.monotonic()
        while not self._closing.is_set():
            try:
                if self._connected():
                    self._dispatch()
                    self._end_what_does_not_hear()
                    self._get_ready()
                self.book.flush()
                now = time.monotonic()
                if now - listened > _LISTEN:
                    listened = now
                    self._listen()
                if now - looked > (_LISTEN if self.book.awaits else _LOOK_AROUND):
                    looked = now
                    self.book.rescan()
                    self._leave_what_others_took()
                    self._count_workers()
            except Exception:  # noqa: BLE001 - this thread must live as long as the server
                _log.exception("the job engine stumbled, and goes on")
                self._closing.wait(1)
            self._stir.wait(_TICK)
            self._stir.clear()
        self._let_go()

    def _listen(self) -> None:
        """Stop what was asked to stop at another server of this store."""
        for job in self.book.asked_to_stop():
            if job.state in WAITING:
                self.book.change(job.id, state="stopped", ended=time.time(), place=0)
            else:
                self.ask_to_stop(job.id)

    def _leave_what_others_took(self) -> None:
        """End the task of a job that another server took up: this one had given no sign of life for too long."""
        with self._lock:
            jobs = {one.task.job: self.book.get(one.task.job) for one in self._running.values()}
            lost = [key for key, job in jobs.items() if job is not None and job.engine != self.book.engine]
            addresses = [self._running.pop(key).worker.address for key in lost]
        for address in addresses:
            if self._pool is not None:
                threading.Thread(target=self._pool.kill, args=(address,), daemon=True).start()

    def _connected(self) -> bool:
        if self._pool is not None and self._pool.alive:
            return True
        if self._pool is not None:
            self._lost()
        pool = Pool(self.plan)
        try:
            pool.open()
            pool.listen(f"jobs-{self.book.engine}", self._heard)
            pool.listen("worker-restart-memory", self._out_of_memory)
        except UserError as mistake:
            self.condition = Condition("lost", f"{mistake}; trying again")
            pool.close()
            self._closing.wait(_TRY_AGAIN)
            return False
        except Exception as error:  # noqa: BLE001 - whatever starting processes may raise
            _log.exception("the workers cannot be started")
            self.condition = Condition("failed", f"the workers cannot be started ({type(error).__name__}: see the log)")
            pool.close()
            self._closing.wait(10 * _TRY_AGAIN)
            return False
        self._pool = pool
        self._count_workers()
        return True

    def _count_workers(self) -> None:
        if self._pool is None or not self._pool.alive:
            return
        found = self._pool.workers()
        if found is None:
            return
        self._workers = [worker for worker in found if worker.takes_tasks]
        self._miss({worker.address for worker in found})
        n, threads = len(self._workers), max((worker.threads for worker in self._workers), default=0)
        words = f"{n} worker{'s' * (n != 1)}" if n else "no worker is there yet: jobs wait for one"
        if self.book.trouble:
            words += f"; jobs cannot be written down: {self.book.trouble}"
        self.condition = Condition("ready", words, n, threads)

    def _miss(self, there: set[str]) -> None:
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

    def _lost(self) -> None:
        self.condition = Condition("lost", f"the scheduler {self.plan.scheduler} does not answer; trying again")
        with self._lock:
            running, self._running = list(self._running.values()), {}
            pool, self._pool, self._workers = self._pool, None, []
        for one in running:
            self._interrupted(one.task.job, ending.NO_ANSWER)
        if pool is not None:
            pool.close()

    def _let_go(self) -> None:
        with self._lock:
            running, self._running = list(self._running.values()), {}
        for one in running:
            self._interrupted(one.task.job, "the server was shut down")
        self.book.flush()
        if self._pool is not None:
            self._pool.close()
        self.book.journal.sign_off(self.book.engine)

    def _dispatch(self) -> None:
        with self._lock:
            busy = self._busy()
            owners = {
                job.owner for job_id in self._running if (job := self.book.get(job_id)) and job.recipe not in QUICK
            }
        free = [worker for worker in self._workers if worker.address not in busy]
        waiting = [job for job in self.book.all() if job.state in WAITING and job.engine == self.book.engine]
        for job in in_turn(waiting, self.book.last_turns()):
            if not free:
                return
            if job.recipe in QUICK or job.owner not in owners:
                worker = self._readiness.best(job.recipe, free)
                free.remove(worker)
                self._send(job, worker)
                if job.recipe not in QUICK:
                    owners.add(job.owner)

    def _send(self, job: Job, worker: Worker) -> None:
        assert self._pool is not None
        attempt = self._attempts[job.id] = self._attempts.get(job.id, 0) + 1
        topic, resume = f"jobs-{self.book.engine}", job.id in unfinished_runs().ids()
        task = Task(job.recipe, job.order, job.id, attempt, topic, self.limits, resume, job.owner)
        with self._lock:
            running = self._running[job.id] = Running(task, worker, seen=time.monotonic())
        self.book.change(
            job.id, state="starting", line="on its way to a worker", started=time.time(), ended=0.0, error=""
        )
        running.future = self._pool.submit(task, worker.address, lambda future: self._ended(job.id, attempt, future))

    def _get_ready(self) -> None:
        with self._lock:
            busy = self._busy()
        n_waiting = sum(job.state in WAITING for job in self.book.all())
        chosen = self._readiness.next(self._workers, busy, n_waiting)
        if chosen is not None and self._pool is not None:
            self._pool.warm(*chosen, f"jobs-{self.book.engine}")

    def _end_what_does_not_hear(self) -> None:
        now = time.monotonic()
        with self._lock:
            deaf = [
                one
                for one in self._running.values()
                if one.asked and not one.killed and now - one.asked > (_TO_KEEP if one.heard else _GRACE)
            ]
            for one in deaf:
                one.killed = "stopped"
        for one in deaf:
            if self._pool is not None:
                threading.Thread(target=self._pool.kill, args=(one.worker.address,), daemon=True).start()

    # What comes back, from the connection's own threads.

    def _heard(self, message: Message) -> None:
        job_id, kind = message["job"], message["kind"]
        if kind == "warm":
            self._readiness.done(message["worker"], message["stage"])
            return
        with self._lock:
            running = self._running.get(job_id)
            if running is None or running.task.attempt != message["attempt"]:
                return
            if kind == "started":
                running.worker = next((w for w in self._workers if w.address == message["worker"]), running.worker)
                running.started, running.seen = True, time.monotonic()
                if running.task.recipe == "project":
                    self._holds.pop(running.worker.address, None)  # it lets go of its map before it fits another
            elif kind == "heard":
                running.heard = True
            state = "stopping" if running.asked else "running"
        if kind == "started":
            where = f"{message['worker']}, process {message['process']}"
            self.book.change(job_id, state=state, worker=where, line="starting")
        elif kind == "progress":
            values = {name: message[name] for name in ("share", "line", "seconds_left")}
            self.book.change(job_id, state=state, **values)
        elif kind == "kept":
            self.book.change(job_id, kept=message["epochs"])
        elif kind == "heard":
            self.book.change(job_id, line="keeping what was learned")
        elif kind == "map":
            self.book.take(message)
            self.book.change(job_id, preview=True)
        elif kind == "holds":
            self._holds[running.worker.address] = message["name"]
        elif kind == "run":
            self.book.change(job_id, run=message["id"])
        else:
            self.book.take(message)

    def _out_of_memory(self, event: dict[str, Any]) -> None:
        with self._lock:
            for one in self._running.values():
                if one.worker.address == event.get("worker"):
                    one.killed = "memory"

    def _ended(self, job_id: str, attempt: int, future: Any) -> None:
        with self._lock:
            running = self._running.get(job_id)
            if running is None or running.task.attempt != attempt:
                return
            del self._running[job_id]
        job = self.book.get(job_id)
        if job is None:
            return
        try:
            if future.status == "finished":
                changes = ending.finished(future.result())
            elif future.status == "error":
                memory = running.worker.memory
                changes = ending.broken(job, future.exception(), killed=running.killed, memory=memory)
            else:
                lost = self._pool is None or not self._pool.alive
                changes = ending.interrupted(job, ending.NO_ANSWER if lost else ending.DROPPED)
        except Exception as error:  # noqa: BLE001 - a job must come to an end
            _log.exception("the end of job %s could not be read", job_id)
            changes = ending.over(job, "failed", f"its end could not be read ({type(error).__name__})")
        self._end(job_id, changes)
        self.stir()

    def _interrupted(self, job_id: str, words: str) -> None:
        job = self.book.get(job_id)
        if job is not None:
            self._end(job_id, ending.interrupted(job, words))

    def _end(self, job_id: str, changes: ending.Changes) -> None:
        if self.book.change(job_id, **changes) is not None:
            self.book.keep(job_id)
            self.book.journal.heard(job_id)
