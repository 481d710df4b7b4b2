"""What takes seconds and shows its progress, kept in the one cache."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from ae_models.ui.cache import CACHE, key_of

T = TypeVar("T")


def is_kept(key: tuple[Any, ...]) -> bool:
    """Say whether ``with_progress`` of this key would answer at once."""
    return _full(key) in CACHE


def with_progress(key: tuple[Any, ...], what: str, make: Callable[[Callable[[float, str], None]], T]) -> T:
    """Return ``make(progress)``, kept under ``key``; while it is being made a bar stands in the page.

    Parameters
    ----------
    key : tuple
        A word for what it is, then all that it is made of: runs, data sets and plain values (``cache.key_of``).
    what : str
        What stands in the bar.
    make : callable
    """
    full, name = _full(key), str(key[0])
    if full in CACHE:
        return CACHE.get(full, lambda: make(_silent), name=name)
    place = st.empty()
    bar = place.progress(0.0, text=what)

    def progress(share: float, line: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text=f"{what}: {line}" if line else what)

    try:
        return CACHE.get(full, lambda: make(progress), name=name)
    finally:
        place.empty()


def _full(key: tuple[Any, ...]) -> Hashable:
    return "with progress", key_of(key)


def _silent(share: float, line: str) -> None:
    """Tell nobody."""
