"""The engine: what pages ask for. It takes orders and answers from memory; others do the work."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from ae_models.base import FloatArray, UserError, Visitor
from ae_models.jobs.dispatch import Dispatcher
from ae_models.jobs.limits import JobLimits
from ae_models.jobs.live import Live
from ae_models.jobs.log import JobLog, new_engine
from ae_models.jobs.pool import WorkerPlan
from ae_models.jobs.queue import JobQueue
from ae_models.jobs.record import QUICK, WAITING, Condition, DamagedJob, Job
from ae_models.jobs.work import RECIPES
from ae_models.recipes import ProjectionRequest, TrainRequest, order_on
from ae_models.runs import new_id, own_runs, unfinished_runs

_TITLE = 120


class Engine:
    """Runs jobs on workers; one for a server.

    One running job for each owner; the others wait, and turns go round by owner. All methods may be called from any
    thread and return at once, but for ``place``; what pages read is in memory.

    Parameters
    ----------
    plan, limits : optional
        By default what the environment says; a value there that cannot be right raises ``UserError``.
    wait : float
        Seconds after ``start`` before the workers are started, if nobody asks for them: the first page comes first.
    """

    def __init__(self, plan: WorkerPlan | None = None, limits: JobLimits | None = None, *, wait: float = 0.0) -> None:
        self.limits = limits or JobLimits.of_environment()
        self._addresses: dict[str, str] = {}  # of jobs that wait: names of addresses, in memory only
        self._queue = JobQueue(new_engine(), JobLog.here())
        self._dispatcher = Dispatcher(self._queue, plan or WorkerPlan.of_environment(), self.limits, wait)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._dispatcher.start()

    def close(self) -> None:
        """End the workers on this machine. Trainings in progress are interrupted and can be gone on with."""
        self._dispatcher.close()

    def condition(self) -> Condition:
        """Return how the engine is; asking starts workers that wait for the first page."""
        self._dispatcher.wake()
        return self._dispatcher.condition

    def expect_maps(self) -> None:
        """Say that somebody will want a map: the first one after a start takes a minute longer."""
        self._dispatcher.get_ready_for_maps()

    def submit(self, recipe: str, order: dict[str, Any], by: Visitor, title: str = "") -> Job:
        """Order a piece of work; it waits for its turn.

        Parameters
        ----------
        recipe : str
            ``train`` or ``measure`` with ``TrainRequest.to_dict()``, ``project`` with ``ProjectionRequest.to_dict()``.
        by : Visitor
            Whose it will be; one without an id raises ``UserError``.
        title : str
            What to call it; by default what the order says.

        Raises
        ------
        UserError
            When the order is not possible or not allowed on this server; nothing was ordered.
        """
        if recipe not in RECIPES:
            raise UserError(f"unknown recipe '{recipe}': choose from {', '.join(RECIPES)}")
        checked = self._checked(recipe, order)
        name = title or str(checked.get("name") or "") or f"{checked['dataset']}-{checked.get('model', recipe)}"
        return self._ordered(Job(new_id(name), by.id, recipe, (title or name)[:_TITLE], checked), by)

    def has_map(self, name: str) -> bool:
        """Whether the fitted map ``name`` is in the memory of a worker that has nothing else to do."""
        return self._dispatcher.has_map(name)

    def place(self, name: str, rows: FloatArray, wait: float = 2.0) -> FloatArray | None:
        """Return where a fitted map puts flat images ``(n, n_pixels)`` that it never saw: points ``(n, dim)``.

        It is the method's own ``transform``, on the worker that fitted the map. None where no worker holds it, or none
        answers within ``wait`` seconds. This call waits, as no other does.
        """
        return self._dispatcher.place(name, rows, wait)

    def stop(self, job_id: str, by: Visitor) -> Job:
        """Ask a job to stop; one that waits is taken from the queue.

        A training that runs stops within two seconds and keeps what it learned: as a run, and as the checkpoint of its
        last whole epoch. A job of another server of the same store is asked
        through the store, and stops within a few seconds; where that server is gone, the job is interrupted by then.
        Raises ``UserError`` for a job that ``by`` may not change.
        """
        job = self._changed_by(job_id, by)
        if job.engine != self._queue.engine:
            return job if job.is_over else self._queue.ask_elsewhere(job)
        self._dispatcher.ask_to_stop(job_id)
        return self._queue.get(job_id) or job

    def go_on(self, job_id: str, by: Visitor, *, epochs: int | None = None) -> Job:
        """Take up a training that was stopped or interrupted, under its own id and with its history; or train on.

        Where a checkpoint is kept it goes on from there, and ends as an unbroken one would have. A finished run is
        trained on from its weights: a new job, a new run, for anybody.

        Parameters
        ----------
        job_id : str
            Of a job that is over; or of a checkpoint that the command line left; or of a finished run.
        epochs : int, optional
            For a finished run: how many more; by default as many as its order had.

        Raises
        ------
        UserError
            When it is not over, another person's, or there is nothing to go on from.
        """
        job = self._queue.fresh(job_id)
        if job is not None and not job.is_over:
            raise UserError(f"job '{job_id}' is not over: it is {job.state}")
        resumed = self._checkpoint_of(job_id, job)
        if resumed is not None:
            return self._taken_up(resumed, by)
        if job is not None and job.recipe == "train" and not job.run:
            return self._taken_up(job_id, by)  # nothing was kept: from the beginning
        run_id = job.run if job is not None and job.run else job_id
        order = order_on(run_id, epochs)
        return self.submit("train", order.to_dict(), by, job.title if job else order.name)

    def _checkpoint_of(self, job_id: str, job: Job | None) -> str | None:
        """Return the checkpoint that belongs to a job, or to the run that was kept of it; None when it has none."""
        kept = unfinished_runs().ids()
        if job_id in kept:
            return job_id
        run_id = job.run if job else job_id
        if run_id in own_runs():
            stopped = own_runs().read(run_id).stopped
            if stopped is not None and stopped.checkpoint in kept:
                return stopped.checkpoint
        return None

    def _taken_up(self, job_id: str, by: Visitor) -> Job:
        job = self._queue.fresh(job_id)
        by.check(job.owner if job else "", f"job '{job_id}'")
        if job is None:  # the command line left it
            order = self._checked("train", unfinished_runs().read(job_id)[0])
            job = Job(job_id, by.id, "train", str(order["name"] or job_id)[:_TITLE], order)
        elif not job.is_over:
            raise UserError(f"job '{job_id}' goes on already: it is {job.state}")
        owner, share = job.owner or by.id, job.share if job_id in unfinished_runs().ids() else 0.0
        fresh = replace(job, state="queued", owner=owner, share=share, ended=0.0, run="", result={}, line="", error="")
        return self._ordered(fresh, by)

    def jobs(self, owner: str | None = None) -> list[Job]:
        """Return all jobs, or one owner's, the oldest first; those that wait with their place in the queue."""
        return [job for job in self._queue.all() if owner is None or job.owner == owner]

    def get(self, job_id: str) -> Job | None:
        """Return one job as it is now; None when there is none of this id."""
        return self._queue.get(job_id)

    def live(self, job_id: str) -> Live:
        """Return what was watched of a training up to now, from its first moment; an empty one for other jobs."""
        return self._queue.live(job_id)

    def forget(self, job_id: str, by: Visitor) -> None:
        """Take a job that is over from the list, with its checkpoint; the run it wrote stays."""
        job = self._changed_by(job_id, by)
        if not job.is_over:
            raise UserError(f"job '{job_id}' is not over: stop it first")
        self._queue.remove(job_id)
        if job.recipe == "train":
            unfinished_runs().remove(job_id)

    def damaged(self) -> list[DamagedJob]:
        """Return the files of jobs that cannot be read, as of the last look at the store."""
        return list(self._queue.damaged)

    def forget_damaged(self, job_id: str, by: Visitor) -> None:
        """Take a job that cannot be read out of the store; ``UserError`` where it is none, or another person's."""
        found = {bad.id: bad for bad in self._queue.log.look()[1]}
        if job_id not in found:
            raise UserError(f"job '{job_id[:64]}' is not there any more, or can be read again")
        by.check(found[job_id].owner, f"job '{job_id}'")
        self._queue.remove(job_id)
        self._queue.damaged = [bad for bad in self._queue.damaged if bad.id != job_id]

    def _changed_by(self, job_id: str, by: Visitor) -> Job:
        job = self._queue.fresh(job_id)
        if job is None:
            raise UserError(f"there is no job '{job_id}'")
        by.check(job.owner, f"job '{job_id}'")
        return job

    def _checked(self, recipe: str, order: dict[str, Any]) -> dict[str, Any]:
        """Return the order as plain values after every check that needs no network."""
        if recipe == "project":
            return ProjectionRequest.from_dict(order).to_dict()
        checked = TrainRequest.from_dict(order)
        if recipe == "train":
            self.limits.check_epochs(checked.training.epochs)
        return checked.to_dict()

    def _check_waiting(self, job: Job, by: Visitor) -> None:
        """Raise ``UserError`` where an owner, an address or all together have as many jobs waiting as are allowed."""
        quick = job.recipe in QUICK  # of a second each: counted apart, so that measuring takes no place from training
        waiting = [other for other in self.jobs() if other.state in WAITING and (other.recipe in QUICK) == quick]
        of_address = sum(self._addresses.get(other.id) == by.address for other in waiting) if by.address else 0
        known = {other.id for other in self.jobs() if other.state in WAITING}
        self._addresses = {job_id: address for job_id, address in self._addresses.items() if job_id in known}
        self.limits.check_waiting(sum(other.owner == job.owner for other in waiting), of_address, len(waiting))

    def _ordered(self, job: Job, by: Visitor) -> Job:
        if not job.owner:
            raise UserError("this browser keeps no cookies, so no job could be known as yours: allow them, and reload")
        self._check_waiting(job, by)
        if by.address:
            self._addresses[job.id] = by.address
        self._queue.put(replace(job, created=job.created or time.time(), engine=self._queue.engine))
        self._dispatcher.stir()
        return self._queue.get(job.id) or job
