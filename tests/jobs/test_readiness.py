"""Which worker gets ready for what, and when: compiling for maps waits until nothing else is to do."""

from __future__ import annotations

import pytest

from ae_models.jobs import workers
from ae_models.jobs.pool import Worker
from ae_models.jobs.workers import Readiness

WORKERS = [Worker("one", 1, 0), Worker("two", 1, 0)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(workers.time, "monotonic", lambda: now[0])
    return now


def trained(ready: Readiness) -> Readiness:
    """Both workers are ready to train."""
    for _ in WORKERS:
        address, stage = ready.next(WORKERS, (), 0)  # type: ignore[misc]
        assert stage == "training"
        ready.done(address, stage)
    return ready


def test_maps_wait_for_a_quiet_minute_and_one_worker_compiles(clock: list[float]) -> None:
    ready = trained(Readiness(("training", "maps")))
    clock[0] += 59
    assert ready.next(WORKERS, (), 0) is None
    clock[0] += 2
    assert ready.next(WORKERS, (), 0) == ("one", "maps")
    assert ready.next(WORKERS, (), 0) is None  # the other stays small


def test_somebody_before_the_form_hurries_it_and_a_job_puts_it_off(clock: list[float]) -> None:
    ready = trained(Readiness(("training", "maps")))
    ready.ask()
    clock[0] += 3
    assert ready.next(WORKERS, ("one",), 0) is None  # a job runs
    clock[0] += 1
    assert ready.next(WORKERS, (), 1) is None  # one waits
    clock[0] += 3
    assert ready.next(WORKERS, (), 0) == ("one", "maps")


def test_a_job_goes_to_the_worker_that_is_ready_for_it(clock: list[float]) -> None:
    ready = trained(Readiness(("training", "maps")))
    ready.ask()
    clock[0] += 3
    assert ready.next(WORKERS, (), 0) == ("one", "maps")
    assert ready.best("train", WORKERS).address == "two"  # the first compiles
    ready.done("one", "maps")
    assert ready.best("project", WORKERS).address == "one"


def test_a_worker_that_is_new_gets_ready_and_nothing_asked_for_is_nothing_begun(clock: list[float]) -> None:
    ready = trained(Readiness(("training",)))
    assert ready.next([*WORKERS, Worker("three", 1, 0)], (), 0) == ("three", "training")
    clock[0] += 1000
    assert ready.next(WORKERS, (), 0) is None
    assert Readiness(()).next(WORKERS, (), 0) is None
