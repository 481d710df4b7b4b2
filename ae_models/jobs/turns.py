"""Whose turn it is: waiting jobs in the order in which they will start, going round by owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ae_models.jobs.record import QUICK, Job


def in_turn(waiting: Iterable[Job], last: Mapping[str, float]) -> list[Job]:
    """Return waiting jobs in the order of their turns.

    Quick ones go first. Of the others the next is always one of the owner whose last turn is longest ago; an owner's
    own go in the order they came.

    Parameters
    ----------
    waiting : jobs
    last : mapping
        When the last turn of each owner was, in seconds; an owner who had none is not in it.

    Examples
    --------
    >>> jobs = [Job(name, name[0], "train", "", {}, created=n) for n, name in enumerate(("a1", "a2", "a3", "b1"))]
    >>> [job.id for job in in_turn(jobs, {})]
    ['a1', 'b1', 'a2', 'a3']
    """
    came = sorted(waiting, key=lambda job: job.created)
    turns = [job for job in came if job.recipe in QUICK]
    left = [job for job in came if job.recipe not in QUICK]
    since = dict(last)
    latest = max(since.values(), default=0.0)
    while left:
        job = min(left, key=lambda job: (since.get(job.owner, 0.0), job.created))
        left.remove(job)
        turns.append(job)
        latest += 1
        since[job.owner] = latest
    return turns
