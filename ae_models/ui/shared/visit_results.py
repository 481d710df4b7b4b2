"""What one visit's files became: a few results, for a while, gone with the visit; all visits together have a bound."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any
from weakref import WeakSet

import numpy as np
import streamlit as st

MOST_BYTES = 2 << 30  # of all visits together; large arrays lie in files that have no name any more
SECONDS = 20 * 60.0
_KEY = "visit-results"


class VisitResults:
    """The newest result of each kind, by what it was made of."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Hashable, Any, int, float]] = {}

    def get(self, kind: str, key: Hashable) -> Any:
        """Return the result that was made of ``key``; None where there is none, or it was let go."""
        with _lock:
            found = self._kept.get(kind)
            return found[1] if found is not None and found[0] == key else None

    def put(self, kind: str, key: Hashable, value: Any) -> None:
        """Keep a result in place of the last one of its kind; the oldest of all visits go where there are too many."""
        with _lock:
            _all.add(self)
            self._kept[kind] = (key, value, n_bytes(value), time.monotonic())
            _drop_oldest()


_lock = Lock()
_all: WeakSet[VisitResults] = WeakSet()


def _drop_oldest() -> None:
    entries = [(entry[3], entry[2], results, kind) for results in _all for kind, entry in results._kept.items()]
    entries.sort(key=lambda each: each[0])
    total, old = sum(each[1] for each in entries), time.monotonic() - SECONDS
    for when, size, results, kind in entries[:-1]:  # never the one that just came
        if when >= old and total <= MOST_BYTES:
            break
        del results._kept[kind]
        total -= size


def of_this_visit() -> VisitResults:
    """Return the results of the visit whose page is drawn."""
    found = st.session_state.get(_KEY)
    if not isinstance(found, VisitResults):
        found = st.session_state[_KEY] = VisitResults()
    return found


def n_bytes(value: Any) -> int:
    """Return the bytes of arrays and files in a value.

    Examples
    --------
    >>> n_bytes((np.zeros(3), {"a": b"four", "b": 5}))
    28
    """
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(map(n_bytes, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(n_bytes, value))
    if is_dataclass(value):
        return sum(n_bytes(getattr(value, each.name)) for each in fields(value))
    return 0
