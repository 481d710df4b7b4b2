"""A worker whose process is ended takes nothing more, and what it was sent and never began is sent once more."""

from __future__ import annotations

import sys
import threading
from typing import Any

import psutil
import pytest

from ae_models.base import OPERATOR, Visitor
from ae_models.jobs import Engine, Job, running
from ae_models.jobs.pool import Pool
from tests.jobs.conftest import GRACE, eventually, is_over, lasting, order, process_of, ready, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills and suspends processes as POSIX does"),
]


def working(engine: Engine, owner: str) -> Job:
    job = engine.submit("train", lasting(), Visitor(owner))
    return until(engine, job, lambda now: now.state == "running" and now.worker)


def stop(engine: Engine, *jobs: Job) -> None:
    for job in jobs:
        engine.stop(job.id, OPERATOR)
    for job in jobs:
        until(engine, job, is_over)


def is_gone(process: int) -> bool:
    return not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE


def test_a_task_that_does_not_hear_is_ended_and_a_new_process_works_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(engine, workers=2)
    deaf, other = working(engine, "ann"), working(engine, "bob")
    psutil.Process(process_of(deaf)).suspend()
    waiting = engine.submit("train", order(epochs=1), Visitor("cat"))
    monkeypatch.setattr(running, "_GRACE", GRACE)
    engine.stop(deaf.id, Visitor("ann"))
    ended = until(engine, deaf, is_over)
    assert (ended.state, ended.error) == ("stopped", "")
    eventually(lambda: is_gone(process_of(deaf)))
    done = until(engine, waiting, is_over)
    assert (done.state, done.error) == ("done", "")
    assert process_of(done) not in (process_of(deaf), process_of(other))
    monkeypatch.undo()
    stop(engine, other)
    ready(engine, workers=2)


def test_a_worker_that_is_being_ended_is_sent_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task hears just as its process is to be ended: the worker has nothing to do, and dies all the same."""
    ready(engine, workers=2)
    late, other = working(engine, "ann"), working(engine, "bob")
    begun, may_go_on = threading.Event(), threading.Event()
    kill = Pool.kill

    def slow_kill(pool: Pool, address: str) -> bool:
        begun.set()
        assert may_go_on.wait(300)
        return kill(pool, address)

    monkeypatch.setattr(Pool, "kill", slow_kill)
    monkeypatch.setattr(running, "_GRACE", 0.0)
    engine.stop(late.id, Visitor("ann"))
    assert begun.wait(300)
    monkeypatch.setattr(running, "_GRACE", 60.0)
    assert until(engine, late, is_over).state == "stopped"
    first, second = (engine.submit("train", lasting(), Visitor(owner)) for owner in ("gus", "hal"))
    stop(engine, other)
    until(engine, first, lambda now: now.state == "running")  # on the other worker, and so the queue was looked at
    assert engine.get(second.id).state == "queued"  # type: ignore[union-attr]
    may_go_on.set()
    going = until(engine, second, lambda now: now.state == "running" and now.worker)
    assert process_of(going) != process_of(late)
    stop(engine, first, second)
    ready(engine, workers=2)


def processing(engine: Engine, job: Job) -> str:
    """Return the worker that the scheduler gave a job, by address; "" while none has it."""
    client: Any = engine._dispatcher._pool._client  # type: ignore[union-attr]
    had = client.processing()
    return next((address for address, keys in had.items() if any(job.id in str(key) for key in keys)), "")


def suspended_workers(engine: Engine) -> dict[str, psutil.Process]:
    """Return the processes of both workers by their addresses, free and made to stand still."""
    ready(engine, workers=2)
    one, two = working(engine, "ann"), working(engine, "bob")
    stop(engine, one, two)
    processes = {job.worker.partition(",")[0]: psutil.Process(process_of(job)) for job in (one, two)}
    for process in processes.values():
        process.suspend()
    return processes


def test_a_job_that_its_worker_never_began_is_sent_once_more(engine: Engine) -> None:
    processes = suspended_workers(engine)
    job, twice = (engine.submit("train", order(epochs=1), Visitor(owner)) for owner in ("cat", "dan"))
    eventually(lambda: processing(engine, job) and processing(engine, twice))
    processes[processing(engine, job)].kill()
    processes[processing(engine, twice)].kill()
    for each in (job, twice):
        done = until(engine, each, is_over)
        assert (done.state, done.error) == ("done", "")
        assert process_of(done) not in {process.pid for process in processes.values()}
    ready(engine, workers=2)


def test_it_is_not_sent_a_third_time(engine: Engine) -> None:
    processes = suspended_workers(engine)
    job = engine.submit("train", order(epochs=1), Visitor("cat"))
    eventually(lambda: processing(engine, job))
    first = processing(engine, job)
    processes[first].kill()
    eventually(lambda: processing(engine, job) not in ("", first))
    processes[processing(engine, job)].kill()
    ended = until(engine, job, is_over)
    assert (ended.state, ended.error) == (
        "interrupted",
        "its worker process ended: it was killed, or the machine ran out of memory",
    )
    ready(engine, workers=2)
