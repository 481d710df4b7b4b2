"""Whose turn it is: of the jobs that wait, going round by owner; of the files that wait to be opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Turn:
    """One file that waits or is being opened: whose, and from where; "" for unknown."""

    visitor: str
    address: str = ""


def next_turn(waiting: Sequence[Turn], busy: Collection[Turn], most: int) -> Turn | None:
    """Return whose turn it is, where one of ``most`` children is free; None where nobody's.

    It is the first one's that may begin, of an address that holds less than half of the children. Where all that wait
    are of addresses that hold half or more, the first of them begins: no child stands idle.

    Examples
    --------
    >>> school, home = [Turn("ann", "school"), Turn("bob", "school"), Turn("cid", "school")], Turn("dan", "home")
    >>> next_turn([school[1], home], busy=school[:1], most=2) is home
    True
    >>> next_turn([school[1]], busy=school[:1], most=2) is school[1]
    True
    """
    if len(busy) >= most:
        return None
    visitors = {each.visitor for each in busy if each.visitor}
    held = Counter(each.address for each in busy if each.address)
    free = [each for each in waiting if each.visitor not in visitors]
    within = [each for each in free if held[each.address] < max(1, most // 2)]
    return next(iter(within or free), None)
