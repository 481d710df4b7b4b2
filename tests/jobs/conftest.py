"""A real engine with two worker processes and a store of its own, for all tests of this folder.

The store is a small file system of its own where this process may mount one: it can be filled.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ae_models.base import OPERATOR
from ae_models.jobs import Engine, Job, JobLimits, running
from ae_models.jobs.pool import WorkerPlan
from ae_models.recipes import TrainRequest

TMPFS_MB = 192
LONG = 2_000  # epochs: the most that an order may ask for
GIGABYTE = 2**30
GRACE = running._GRACE  # what a server has, where these tests wait longer
PLAN = WorkerPlan(workers=2, threads=1, memory=GIGABYTE, warm=(), low_priority=False)


def order(model: str = "dense", dataset: str = "digits", **settings: Any) -> dict[str, Any]:
    """A tiny training: 1,437 images of 8 x 8, 16 units, one thread."""
    small = {"widths": "16"} if model == "dense" else {}
    return TrainRequest.of(model, dataset, settings={**small, "epochs": 3, "threads": 1, **settings}).to_dict()


def lasting(**settings: Any) -> dict[str, Any]:
    """A training that lasts until a test stops or breaks it: 720,000 steps, twelve minutes at a thousand a second.

    Its epochs are short, 360 steps, so that what is kept of it comes soon.
    """
    return order(**{"epochs": LONG, "batch_size": 4, **settings})


def until(engine: Engine, job: Job | str, fits: Callable[[Job], Any], seconds: float = 900) -> Job:
    """Wait until a job is as asked; what it was instead is told."""
    job_id, end = job if isinstance(job, str) else job.id, time.monotonic() + seconds
    while time.monotonic() < end:
        now = engine.get(job_id)
        assert now is not None
        if fits(now):
            return now
        assert not now.is_over, f"it is over: {now.state}, {now.error}"
        time.sleep(0.02)
    pytest.fail(f"after {seconds:g} s: {engine.get(job_id)}; {engine.condition()}")


def eventually(fits: Callable[[], Any], seconds: float = 900) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not fits():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_over(job: Job) -> bool:
    return job.is_over


def ready(engine: Engine, workers: int, seconds: float = 900) -> None:
    """Wait until the engine has its workers."""
    end = time.monotonic() + seconds
    while engine.condition().workers < workers or engine.condition().state != "ready":
        assert time.monotonic() < end, engine.condition()
        time.sleep(0.05)


def process_of(job: Job) -> int:
    """The worker process that a job runs in."""
    return int(job.worker.rpartition(" ")[2])


@pytest.fixture(scope="package")
def store() -> Iterator[Path]:
    """``AE_MODELS_HOME`` of these tests and of the workers."""
    folder = Path(tempfile.mkdtemp(prefix="latent-lab-jobs-"))  # not pytest's: it cannot clear away what is mounted
    mounted = False
    if sys.platform == "linux":
        command = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MB}m", "latent-lab", str(folder)]
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AE_MODELS_HOME", str(folder))
        patch.delenv("AE_MODELS_DATA", raising=False)
        patch.setattr(running, "_GRACE", 60.0)  # a busy worker may be long in hearing that it should stop
        for name in ("AE_MODELS_SCHEDULER", "AE_MODELS_WORKERS", "AE_MODELS_MEMORY"):
            patch.delenv(name, raising=False)
        yield folder
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def engine(store: Path) -> Iterator[Engine]:
    """Two workers of one thread each on this machine."""
    made = Engine(PLAN, JobLimits())
    made.start()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _nothing_is_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that fails on the way leaves no training behind that would keep the workers from the next one."""
    yield
    if "engine" in request.fixturenames:
        engine = request.getfixturevalue("engine")
        for job in engine.jobs():
            if not job.is_over:
                engine.stop(job.id, OPERATOR)
                until(engine, job, is_over)
