"""What a worker does with a task: one recipe by its name, told about as it goes. Heavy rooms are imported inside."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import UserError
from ae_models.jobs.limits import JobLimits
from ae_models.jobs.live import packed

_OFTEN = 0.25  # seconds between two lines of progress
ONE_AT_A_TIME = threading.Lock()  # random numbers and thread counts belong to the process


@dataclass(frozen=True)
class Task:
    """A job as it travels to a worker: plain values. ``attempt`` counts how often it was sent."""

    recipe: str
    order: dict[str, Any]
    job: str
    attempt: int
    topic: str
    limits: JobLimits
    resume: bool = False  # take up the checkpoint that is kept under the job's id
    owner: str = ""  # of what it makes

    @property
    def name(self) -> str:
        """What the scheduler calls it; no other sending has the same."""
        return f"{self.topic}-{self.job}-{self.attempt}"

    @property
    def flag(self) -> str:
        """Name of the flag that asks it to stop."""
        return f"stop-{self.name}"


Outcome = dict[str, Any]
"""What became of a task: ``state`` and other fields of ``Job`` that follow from it."""


class Reporter:
    """Tells the server what a task does, and knows whether it was asked to stop."""

    def __init__(self, task: Task) -> None:
        from distributed import get_client, get_worker

        self.task = task
        self._worker: Any = get_worker()
        self._client: Any = get_client()
        self._over, self._asked, self._abandoned = threading.Event(), threading.Event(), threading.Event()
        self._start = time.monotonic()
        self._first: tuple[float, float] | None = None
        self._said = 0.0
        self._heard = self.out_of_time = False
        minutes = task.limits.minutes
        self._deadline = None if minutes is None else self._start + 60 * minutes

    @property
    def threads(self) -> int:
        """The processor threads that a job may use here."""
        return int(self._worker.state.nthreads)

    def __enter__(self) -> Reporter:
        """Say that it begins; ``Restarted`` where it had begun before."""
        from distributed import Event

        begun = Event(f"begun-{self.task.name}", client=self._client)
        if begun.is_set():
            raise Restarted
        begun.set()
        threading.Thread(target=self._listen, daemon=True, name=self.task.flag).start()
        self.say("started", worker=self._worker.address, process=os.getpid())
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _listen(self) -> None:
        from distributed import Event

        flag = Event(self.task.flag, client=self._client)
        while not self._over.is_set():
            try:
                if flag.wait(timeout=1):
                    self._asked.set()
                    return
            except Exception:  # noqa: BLE001 - the connection broke
                self._abandoned.set()
                return
            if not self._wanted():
                self._abandoned.set()
                return

    def _wanted(self) -> bool:
        """Whether anybody still waits for the task: a scheduler elsewhere outlives a server that is killed."""
        known = self._worker.state.tasks.get(self.task.name)
        return known is not None and known.state != "cancelled"

    def should_stop(self) -> bool:
        """Whether the task was asked to stop, or its time is up; ``Abandoned`` where nobody waits for it any more."""
        if self._abandoned.is_set():
            raise Abandoned
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.out_of_time = True
        stop = self.out_of_time or self._asked.is_set()
        if stop and not self._heard:
            self._heard = True
            self.say("heard")
        return stop

    def say(self, kind: str, **values: Any) -> None:
        """Send one message; arrays travel as bytes."""
        plain = {name: packed(value) if isinstance(value, np.ndarray) else value for name, value in values.items()}
        message = {"job": self.task.job, "attempt": self.task.attempt, "kind": kind, **plain}
        self._worker.log_event(self.task.topic, message)

    def watch(self, kind: str, values: dict[str, Any]) -> None:
        """Pass on what a training shows of itself; see ``recipes.Watch``. A glimpse tells how far it is, too."""
        self.say(kind, **values)
        if kind == "glimpse":
            epoch, n_epochs = float(values["row"]["epoch"]), int(self.task.order["parts"][-1]["epochs"])
            self.progress(epoch / n_epochs, f"epoch {min(int(epoch) + 1, n_epochs)} of {n_epochs}")

    def progress(self, share: float, line: str) -> None:
        """Pass on progress, at most four times a second, with an estimate of the time left."""
        now = time.monotonic()
        if self._first is None:
            self._first = (now, share)
        if now - self._said < _OFTEN and share < 1:
            return
        self._said = now
        since, done = now - self._first[0], share - self._first[1]
        left = since / done * (1 - share) if done > 0.002 and since > 1 else None
        self.say("progress", share=float(share), line=line, seconds_left=left)


class TaskStopped(Exception):
    """The task was asked to stop where only progress is told."""


class Restarted(Exception):
    """The task had begun before, on a worker that died: a scheduler elsewhere may send it on by itself."""


class Abandoned(Exception):
    """Nobody waits for the task any more. What its last whole epoch left is kept; nothing more is written."""


def perform(task: Task) -> Outcome:
    """Do a task and return what became of it; a user's mistake is an outcome, any other exception is raised."""
    with ONE_AT_A_TIME, Reporter(task) as reporter:
        try:
            return RECIPES[task.recipe](task, reporter)
        except TaskStopped:
            return {"state": "stopped", "error": task.limits.time_is_up if reporter.out_of_time else ""}
        except UserError as mistake:
            return {"state": "failed", "error": _one_line(mistake)}


def _request(task: Task, reporter: Reporter) -> Any:
    """Return the request with this worker's threads, after the checks that need a network."""
    from ae_models import recipes

    request = recipes.TrainRequest.from_dict(task.order).with_threads(reporter.threads)
    task.limits.check_epochs(request.training.epochs)
    task.limits.check_parameters(recipes.outline(request)[0])
    return request


def _train(task: Task, reporter: Reporter) -> Outcome:
    from ae_models import recipes

    request = _request(task, reporter)
    settings: dict[str, Any] = {"should_stop": reporter.should_stop, "watch": reporter.watch, "keep": True}
    settings["owner"] = task.owner
    try:
        if task.resume:
            record = recipes.resume(task.job, reporter.progress, **settings)
        else:
            record = recipes.train(request, reporter.progress, to=recipes.Destination(run_id=task.job), **settings)
    except recipes.Interrupted as stopped:
        words = task.limits.time_is_up if reporter.out_of_time else ""
        return {"state": "stopped", "kept": stopped.epochs, "error": words, **_about(stopped.kept)}
    except recipes.Diverged as diverged:
        return {"state": "failed", "error": _one_line(diverged), **_about(diverged.kept)}
    return {"state": "done", **_about(record)}


def _about(record: Any) -> Outcome:
    return {} if record is None else {"run": record.id, "result": record.test.model_dump()}


def _one_line(mistake: UserError) -> str:
    return " ".join(str(mistake).split())


def _measure(task: Task, reporter: Reporter) -> Outcome:
    from ae_models import recipes

    request = _request(task, reporter)
    return {"state": "done", "result": recipes.measure(request, should_stop=reporter.should_stop).to_dict()}


def _project(task: Task, reporter: Reporter) -> Outcome:
    from ae_models import recipes
    from ae_models.jobs import prewarm

    def progress(share: float, line: str) -> None:
        if reporter.should_stop():
            raise TaskStopped
        reporter.progress(share, line)

    def show(coarse: recipes.Preview) -> None:
        reporter.say("map", points=coarse.points.astype(np.float16), ids=coarse.ids, note=coarse.note)

    def hold(name: str, fitted: Any) -> None:
        prewarm.keep_map(name, fitted)
        reporter.say("holds", name=name)

    request = recipes.ProjectionRequest.from_dict(task.order)
    while not prewarm.FITTING.acquire(timeout=0.2):
        progress(0.0, "getting ready: the first map after a start takes a minute longer")
    try:
        prewarm.drop_map()
        embedding, name = recipes.fit_map(request, progress, show=show, hold=hold)
    finally:
        prewarm.FITTING.release()
    about = {"seconds": embedding.seconds, "n": len(embedding.ids), "version": embedding.version}
    return {"state": "done", "embedding": name, "result": about}


RECIPES: dict[str, Callable[[Task, Reporter], Outcome]] = {"train": _train, "measure": _measure, "project": _project}
