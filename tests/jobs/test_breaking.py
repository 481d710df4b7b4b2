"""When things break: a killed worker, a loss that runs away, a full disk, too little memory. Said in words, kept."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from ae_models.base import OPERATOR, Visitor
from ae_models.jobs import Engine, Job
from ae_models.runs import own_runs, unfinished_runs
from tests.jobs.conftest import is_over, lasting, order, process_of, ready, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX"),
]


def running(engine: Engine, owner: str, **settings: Any) -> Job:
    """Start a long training and wait until two of its epochs are kept."""
    job = engine.submit("train", lasting(**settings), Visitor(owner))
    return until(engine, job, lambda now: now.kept >= 2 and now.worker)


def test_a_killed_worker_is_said_and_the_last_epoch_goes_on(engine: Engine, store: Path) -> None:
    job, other = running(engine, "ann"), running(engine, "bob")
    kept = engine.get(job.id).kept  # type: ignore[union-attr]
    os.kill(process_of(job), signal.SIGKILL)
    ended = until(engine, job, is_over)
    assert ended.state == "interrupted"
    assert ended.error == (
        f"its worker process ended: it was killed, or the machine ran out of memory; epoch {ended.kept} is kept"
    )
    assert ended.kept >= kept
    assert engine.live(job.id).epochs[-1]["epoch"] >= ended.kept
    assert engine.get(other.id).state == "running"  # type: ignore[union-attr]

    ready(engine, workers=2)  # the pool healed
    engine.stop(other.id, OPERATOR)
    until(engine, other, is_over)
    engine.go_on(job.id, Visitor("ann"))
    until(engine, job, lambda now: now.kept > ended.kept)
    rows = engine.live(job.id).epochs
    assert [row["epoch"] for row in rows] == list(range(1, len(rows) + 1))
    engine.stop(job.id, OPERATOR)
    until(engine, job, is_over)


def test_a_loss_that_runs_away_is_said_and_the_last_good_epoch_is_a_run(engine: Engine) -> None:
    wild = {"learning_rate": 1.0, "warm_up": 0.0, "epochs": 5, "batch_size": 8192, "n_images": 100, "latent_dim": 64}
    asked = order("bent-encoder", widths=",".join(["768"] * 8), **wild)  # one step an epoch, each 25 times the first
    job = until(engine, engine.submit("train", asked, Visitor("cat")), is_over)
    assert job.state == "failed"
    assert "not finite" in job.error
    assert "try a smaller learning_rate" in job.error
    assert 1 <= job.kept < 5
    record = own_runs().read(job.run)
    assert record.stopped is not None
    assert (record.stopped.epoch, record.stopped.checkpoint) == (job.kept, job.id)
    assert record.test.sse == pytest.approx(engine.live(job.id).epochs[-1]["heldout_sse"], rel=1e-3)


@contextmanager
def full(store: Path, job: Job) -> Iterator[None]:
    """No byte more for the workers: the small file system is filled, or files may not grow."""
    if os.path.ismount(store):
        ballast = store / "ballast"
        with ballast.open("wb", buffering=0) as stream, suppress(OSError):
            for size in (2**20, 2**12):
                while stream.write(b"\0" * size) == size:
                    pass
        try:
            yield
        finally:
            ballast.unlink()
    elif hasattr(psutil.Process, "rlimit"):
        worker = psutil.Process(process_of(job))
        before = worker.rlimit(psutil.RLIMIT_FSIZE)
        worker.rlimit(psutil.RLIMIT_FSIZE, (100, before[1]))
        try:
            yield
        finally:
            worker.rlimit(psutil.RLIMIT_FSIZE, before)
    else:
        pytest.skip("neither a small file system nor a limit on a process's files can be had here")


def test_a_full_disk_is_said_and_leaves_no_half_run(engine: Engine, store: Path) -> None:
    job = running(engine, "dan")
    before = set(own_runs().ids())
    with full(store, job):
        ended = until(engine, job, is_over)
        assert ended.state == "failed"
        assert "could not be written" in ended.error or "cannot write" in ended.error
        assert str(store) in ended.error
        assert set(own_runs().ids()) == before
        order_kept, checkpoint = unfinished_runs().read(job.id)  # the last whole epoch is whole
        assert order_kept == job.order
        assert len(checkpoint) > 1_000
    assert [path for part in ("runs", "unfinished") for path in (store / part).rglob(".*")] == []
    assert ended.can_go_on
    engine.go_on(job.id, Visitor("dan"))
    until(engine, job, lambda now: now.kept > ended.kept)
    engine.stop(job.id, Visitor("dan"))
    assert until(engine, job, is_over).state == "stopped"
    assert own_runs().list()[1] == []


def test_a_job_that_needs_more_memory_than_a_worker_has_fails_in_words(engine: Engine) -> None:
    asked = lasting(dataset="mnist", widths="8192,8192", batch_size=64)
    job = until(engine, engine.submit("train", asked, Visitor("eve")), is_over)
    assert job.state == "failed"
    assert job.error == "it needed more than the worker's memory of 1.0 GB: a smaller network or batch may do"
    ready(engine, workers=2)
    small = until(engine, engine.submit("train", order(epochs=1), Visitor("eve")), is_over)
    assert small.state == "done", small.error
