"""Whose file is opened next: one of a visitor at a time, and half of the children for one address while others wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass


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
