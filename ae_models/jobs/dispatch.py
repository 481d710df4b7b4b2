"""Which job goes to which worker and when, and what is done when a worker does not hear or a scheduler is gone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ae_models.base import FloatArray, UserError
from ae_models.jobs import ending
from ae_models.jobs.leftovers import sweep
from ae_models.jobs.limits import JobLimits
from ae_models.jobs.live import Message
from ae_models.jobs.pool import Pool, Worker, WorkerPlan
from ae_models.jobs.queue import JobQueue
from ae_models.jobs.record import QUICK, WAITING, Condition, Job
from ae_models.jobs.running import RunningJobs
from ae_models.jobs.turns import in_turn
from ae_models.jobs.work import Task
from ae_models.jobs.workers import KnownWorkers, Readiness
from ae_models.runs import unfinished_runs

_log = logging.getLogger(__name__)
_TICK = 0.2
_LOOK_AROUND = 4.0  # seconds between two looks at the store and at who else lives
_LISTEN = 1.0  # seconds between two looks at what other servers ask for, and at their answers
_TRY_AGAIN = 3.0


class Dispatcher:
    """The thread that gives waiting jobs to workers."""

    def __init__(self, queue: JobQueue, plan: WorkerPlan, limits: JobLimits, wait: float) -> None:
        self.queue, self.plan, self.limits, self._wait = queue, plan, limits, wait
        self.condition = Condition("starting", "the workers are starting")
        self._pool: Pool | None = None
        self._workers = KnownWorkers()
        self._running = RunningJobs(queue, self._workers, self.stir)
        self._readiness = Readiness(plan.warm)
        self._looked = self._listened = 0.0
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

    def has_map(self, name: str) -> bool:
        """Whether a worker keeps this map in its memory and has nothing else to do."""
        return self._workers.with_map(name, self._running.busy()) is not None

    def place(self, name: str, rows: FloatArray, wait: float) -> FloatArray | None:
        """Have the worker that holds a map place flat images; None where none does, or it is busy or slow."""
        worker, pool = self._workers.with_map(name, self._running.busy()), self._pool
        return None if worker is None or pool is None else pool.place(name, rows, worker, wait)

    def ask_to_stop(self, job_id: str) -> None:
        """Ask a running job to stop; where it cannot hear, its process is ended. One that waits is stopped at once."""
        task, pool = self._running.ask_to_stop(job_id), self._pool
        if task is not None:
            self.queue.change(job_id, state="stopping", line="stopping", seconds_left=None)
            if pool is not None:
                threading.Thread(target=pool.ask_to_stop, args=(task,), daemon=True).start()
        elif (job := self.queue.get(job_id)) is not None and job.state in WAITING:
            self.queue.change(job_id, state="stopped", ended=time.time(), place=0)
        self.stir()

    # The thread.

    def _sign(self) -> None:
        """Give signs of life, also while the other thread waits for workers or for a scheduler."""
        while not self._closing.wait(_LOOK_AROUND):
            self.queue.log.sign(self.queue.engine)

    def _work(self) -> None:
        with self._going_on():
            self.queue.log.sign(self.queue.engine)
            sweep()
            self.queue.rescan()
        self._wake.wait(self._wait)
        self._looked = self._listened = time.monotonic()
        while not self._closing.is_set():
            with self._going_on():
                if self._connected():
                    self._dispatch()
                    self._kill(self._running.take_unhearing())
                    self._get_ready()
                self.queue.flush()
                self._look_around()
            self._stir.wait(_TICK)
            self._stir.clear()
        self._let_go()

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        """Note what went wrong and go on: this thread must live as long as the server."""
        try:
            yield
        except Exception:  # noqa: BLE001 - whatever it was
            _log.exception("the job engine stumbled, and goes on")
            self._closing.wait(1)

    def _look_around(self) -> None:
        """See, now and then, what other servers of this store do and ask for, and which workers there are."""
        now = time.monotonic()
        if now - self._listened > _LISTEN:
            self._listened = now
            for job in self.queue.asked_to_stop():
                self.ask_to_stop(job.id)
        if now - self._looked > (_LISTEN if self.queue.awaits else _LOOK_AROUND):
            self._looked = now
            self.queue.rescan()
            self._kill(self._running.leave_what_others_took())
            self._count_workers()

    def _kill(self, addresses: list[str]) -> None:
        """End the processes of workers, in the background: that takes seconds, in which they take no job."""
        for address in addresses:
            self._workers.ending(address)
            threading.Thread(target=self._kill_one, args=(self._pool, address), daemon=True).start()

    def _kill_one(self, pool: Pool | None, address: str) -> None:
        if pool is not None and pool.kill(address):
            self._workers.gone(address)
            self.stir()

    def _connected(self) -> bool:
        if self._pool is not None and self._pool.alive:
            return True
        if self._pool is not None:
            self._lost()
        pool = Pool(self.plan)
        try:
            pool.open()
            pool.listen(f"jobs-{self.queue.engine}", self._heard)
            pool.listen("worker-restart-memory", self._running.out_of_memory)
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
        self._workers.update(found)
        self._running.interrupt_missed({worker.address for worker in found})
        there = self._workers.all()
        n, threads = len(there), max((worker.threads for worker in there), default=0)
        words = f"{n} worker{'s' * (n != 1)}" if n else "no worker is there yet: jobs wait for one"
        if self.queue.trouble:
            words += f"; jobs cannot be written down: {self.queue.trouble}"
        self.condition = Condition("ready", words, n, threads)

    def _lost(self) -> None:
        self.condition = Condition("lost", f"the scheduler {self.plan.scheduler} does not answer; trying again")
        pool, self._pool = self._pool, None
        self._workers.clear()
        self._running.interrupt_all(ending.NO_ANSWER)
        if pool is not None:
            pool.close()

    def _let_go(self) -> None:
        self._running.interrupt_all("the server was shut down")
        self.queue.flush()
        if self._pool is not None:
            self._pool.close()
        self.queue.log.sign_off(self.queue.engine)

    def _dispatch(self) -> None:
        free, owners = self._workers.free(self._running.busy()), self._running.owners()
        waiting = [job for job in self.queue.all() if job.state in WAITING and job.engine == self.queue.engine]
        for job in in_turn(waiting, self.queue.last_turns()):
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
        attempt, topic = self._running.next_attempt(job.id), f"jobs-{self.queue.engine}"
        resume = job.id in unfinished_runs().ids()
        task = Task(job.recipe, job.order, job.id, attempt, topic, self.limits, resume, job.owner)
        running = self._running.add(task, worker)
        self.queue.change(
            job.id, state="starting", line="on its way to a worker", started=time.time(), ended=0.0, error=""
        )
        running.future = self._pool.submit(task, worker.address, lambda future: self._ended(job.id, attempt, future))

    def _get_ready(self) -> None:
        n_waiting = sum(job.state in WAITING for job in self.queue.all())
        chosen = self._readiness.next(self._workers.all(), self._running.busy(), n_waiting)
        if chosen is not None and self._pool is not None:
            self._pool.warm(*chosen, f"jobs-{self.queue.engine}")

    # What comes back, from the connection's own threads.

    def _heard(self, message: Message) -> None:
        if message["kind"] == "warm":
            self._readiness.done(message["worker"], message["stage"])
        else:
            self._running.heard(message)

    def _ended(self, job_id: str, attempt: int, future: Any) -> None:
        connected = self._pool is not None and self._pool.alive
        self._running.ended(job_id, attempt, future, connected=connected)
