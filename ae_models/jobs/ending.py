"""How a job came to its end, in words: what its worker, the scheduler or nobody at all said."""

from __future__ import annotations

import logging
import time
from typing import Any

from ae_models.jobs.record import Job
from ae_models.runs import own_runs

WORKER_GONE = "its worker process ended: it was killed, or the machine ran out of memory"
NO_ANSWER = "the scheduler does not answer any more"
DROPPED = "the scheduler dropped it"

_log = logging.getLogger(__name__)
Changes = dict[str, Any]
"""Fields of ``Job`` with their new values."""


def finished(outcome: Changes) -> Changes:
    """Return what follows from what a worker gave back; see ``work.Outcome``."""
    if outcome.get("run") and outcome["run"] not in own_runs():
        outcome = {
            "state": "failed",
            "error": f"run '{outcome['run']}' is not in this server's store: workers and server need the same "
            "AE_MODELS_HOME",
        }
    changes: Changes = {"preview": False, "line": "", "seconds_left": None, "ended": time.time()}
    if outcome["state"] == "done":
        changes |= {"share": 1.0, "kept": 0}
    return changes | outcome


def broken(job: Job, error: BaseException | None, *, killed: str, memory: int) -> Changes:
    """Return what follows from an error that a worker, or the scheduler in its place, raised.

    Parameters
    ----------
    job : Job
    error : Exception
        Known by its name: ``distributed`` is not imported here.
    killed : str
        Why we ended the worker's process, "stopped" or "memory"; "" where we did not.
    memory : int
        What the worker had, bytes; 0 where that is not known.
    """
    name = type(error).__name__
    if killed == "memory" or isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        limit = f" of {memory / 2**30:.1f} GB" if memory else ""
        return over(job, "failed", f"it needed more than the worker's memory{limit}: a smaller network or batch may do")
    if is_of_a_dead_worker(error):
        return over(job, "stopped", "") if killed == "stopped" else interrupted(job, WORKER_GONE)
    if name == "Restarted":
        return interrupted(job, WORKER_GONE)
    if name == "Abandoned":
        return interrupted(job, DROPPED)
    _log.error("job %s failed", job.id, exc_info=error)
    return over(job, "failed", f"an error of ours ({name}); the server's log has the details")


def is_of_a_dead_worker(error: BaseException | None) -> bool:
    """Whether the scheduler says that a task's worker died while it had the task."""
    return type(error).__name__ == "KilledWorker"


def interrupted(job: Job, words: str) -> Changes:
    """Return what follows where something from outside ended a job: a training can go on, others have failed."""
    return over(job, "interrupted" if job.recipe == "train" else "failed", words)


def over(job: Job, state: str, words: str) -> Changes:
    """Return an end in this state, with what is kept."""
    if job.kept and words:
        words = f"{words}; epoch {job.kept} is kept"
    return {"state": state, "error": words, "line": "", "seconds_left": None, "ended": time.time()}
