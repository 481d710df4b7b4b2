"""How an end is told: every way a job may end, its state and its words, without any process."""

from __future__ import annotations

from pathlib import Path

import pytest

from ae_models.jobs import ending
from ae_models.jobs.record import Job
from ae_models.jobs.work import Abandoned, Restarted

GONE = "its worker process ended: it was killed, or the machine ran out of memory; epoch 3 is kept"
MEMORY = "it needed more than the worker's memory of 2.0 GB: a smaller network or batch may do; epoch 3 is kept"


class KilledWorker(Exception):
    """As ``distributed`` calls it."""


@pytest.mark.parametrize(
    ("error", "killed", "state", "words"),
    [
        (KilledWorker(), "", "interrupted", GONE),
        (KilledWorker(), "stopped", "stopped", ""),
        (KilledWorker(), "memory", "failed", MEMORY),
        (MemoryError(), "", "failed", MEMORY),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes"), "", "failed", MEMORY),
        (Restarted(), "", "interrupted", GONE),
        (Abandoned(), "", "interrupted", "the scheduler dropped it; epoch 3 is kept"),
        (ZeroDivisionError("secret"), "", "failed", "an error of ours (ZeroDivisionError)"),
    ],
)
def test_an_error_is_told(error: Exception, killed: str, state: str, words: str) -> None:
    job = Job("a-job-123456", "ann", "train", "A", {}, state="running", kept=3)
    changes = ending.broken(job, error, killed=killed, memory=2**31)
    assert changes["state"] == state
    assert changes["error"].startswith(words)
    assert "secret" not in changes["error"]
    assert changes["ended"] > 0


def test_a_map_that_was_interrupted_has_failed() -> None:
    job = Job("a-job-123456", "ann", "project", "A", {}, state="running")
    assert ending.interrupted(job, ending.NO_ANSWER)["state"] == "failed"


def test_a_run_that_is_not_in_the_store_is_told(home: Path) -> None:
    changes = ending.finished({"state": "done", "run": "somewhere-else-123456"})
    assert changes["state"] == "failed"
    assert "need the same AE_MODELS_HOME" in changes["error"]
    assert ending.finished({"state": "done"})["share"] == 1.0
