"""What takes seconds and shows its progress: Streamlit's own caches cannot report from inside."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


class Results:
    """Results by key, the longest unused dropped first. What several visitors ask for at once is made once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the result of this key, made now where it is not kept; an exception keeps nothing."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]  # type: ignore[no-any-return]
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._results:
                    return self._results[key]  # type: ignore[no-any-return]
            made = make()
            with self._lock:
                self._results[key] = made
                self._making.pop(key, None)
                while len(self._results) > self.most:
                    self._results.popitem(last=False)
            return made

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._results


@st.cache_resource(max_entries=1, show_spinner=False)
def _kept() -> Results:
    return Results(64)


def is_kept(key: Hashable) -> bool:
    """Say whether ``with_progress`` of this key would answer at once."""
    return key in _kept()


def with_progress(key: Hashable, what: str, make: Callable[[Callable[[float, str], None]], T]) -> T:
    """Return ``make(progress)``, kept under ``key``; while it is being made a bar stands in the page."""
    kept = _kept()
    if key in kept:
        return kept.get(key, lambda: make(_silent))
    place = st.empty()
    bar = place.progress(0.0, text=what)

    def progress(share: float, line: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text=f"{what}: {line}" if line else what)

    try:
        return kept.get(key, lambda: make(progress))
    finally:
        place.empty()


def _silent(share: float, line: str) -> None:
    """Tell nobody."""
