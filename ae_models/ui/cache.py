"""The one cache of the server: results by what they were made of, all of them under one budget of bytes.

``@cached()`` keeps what a function returns. The key is made of its arguments: a run and a data set count by the digest
of their content, plain values by themselves. Results are shared by all visitors: nobody may change one. What several
visitors ask for at once is made once. When all results together weigh more than the budget, the least recently used go.
``CACHE.weights()`` says what is kept.
"""

from __future__ import annotations

import inspect
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, fields, is_dataclass
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
import streamlit as st
from pydantic import BaseModel

from ae_models import datasets
from ae_models.base import ImageDataset, UserError
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.weighing import Weight, weigh

P = ParamSpec("P")
T = TypeVar("T")
MEGABYTE = 1_000_000
BUDGET = 256  # megabytes, where AE_MODELS_CACHE says nothing
_PLAIN = (str, int, float, bool, bytes, type(None))
_log = logging.getLogger(__name__)


@dataclass
class _Entry:
    value: Any
    name: str
    weight: Weight
    stays_until: float  # seconds of the clock before which it is not dropped


@dataclass
class _Turn:
    """Who makes a result now, and how many wait for it."""

    lock: AbstractContextManager[object] = field(default_factory=RLock)
    askers: int = 0


class Cache:
    """Results by key within a budget of bytes; every method may be called from any thread.

    Parameters
    ----------
    budget : int
        Bytes that all results together may take. The newest one stays even where it is larger alone.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._turns: dict[Hashable, _Turn] = {}
        self._lock = RLock()
        self._small = 0
        self._blocks: dict[int, list[int]] = {}  # by id: bytes, and how many results share it
        self._growing: dict[int, list[Any]] = {}  # by id: the object, and how many results share it

    def get(self, key: Hashable, make: Callable[[], T], *, name: str = "") -> T:
        """Return the result of ``key``, made now where it is not there; an exception keeps nothing.

        Parameters
        ----------
        key : hashable
        make : callable
            Called by one thread at a time; others who ask for the same key wait for its result.
        name : str
            What the result is, for ``weights``.
        """
        found = self._found(key)
        if found is None:
            with self._turn(key):
                found = self._found(key) or self.put(key, make(), name=name)
        return cast(T, found.value)

    def put(self, key: Hashable, value: Any, *, name: str = "", seconds: float = 0.0) -> _Entry:
        """Keep a result; for the first ``seconds`` it is not dropped."""
        entry = _Entry(value, name, weigh(value), time.monotonic() + seconds)
        with self._lock:
            self._remove(key)
            self._entries[key] = entry
            self._add(entry.weight)
            self._drop_oldest()
        return entry

    def find(self, key: Hashable) -> Any:
        """Return the result of ``key``, or None where it is not there."""
        found = self._found(key)
        return None if found is None else found.value

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._entries

    @property
    def weight(self) -> int:
        """Bytes that all results take together; what several of them share counts once."""
        with self._lock:
            growing = sum(int(each.weight) for each, _ in self._growing.values())
            return self._small + sum(size for size, _ in self._blocks.values()) + growing

    def weights(self) -> dict[str, tuple[int, int]]:
        """Return how many results of each name are kept, and their bytes; what two names share counts for both."""
        found: dict[str, tuple[int, int]] = {}
        with self._lock:
            for entry in self._entries.values():
                count, weight = found.get(entry.name, (0, 0))
                found[entry.name] = count + 1, weight + entry.weight.total
        return dict(sorted(found.items(), key=lambda item: -item[1][1]))

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            for key in list(self._entries):
                self._remove(key)

    def _found(self, key: Hashable) -> _Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    @contextmanager
    def _turn(self, key: Hashable) -> Iterator[None]:
        """Let one thread at a time make the result of a key, also where the one before it failed."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.askers += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.askers -= 1
                if not turn.askers:
                    del self._turns[key]

    def _drop_oldest(self) -> None:
        """Drop the least recently used until the rest fits. Results grow when a part is made on first use."""
        now = time.monotonic()
        total = self.weight
        for key, entry in list(self._entries.items())[:-1]:
            if total <= self.budget:
                return
            if entry.stays_until <= now:
                self._remove(key)
                total = self.weight
                _log.debug("dropped %s; %d results of %d bytes are kept", entry.name, len(self._entries), total)

    def _add(self, weight: Weight) -> None:
        self._small += weight.small
        for name, size in weight.blocks.items():
            self._blocks.setdefault(name, [size, 0])[1] += 1
        for name, each in weight.growing.items():
            self._growing.setdefault(name, [each, 0])[1] += 1

    def _remove(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self._small -= entry.weight.small
        shared: tuple[tuple[dict[int, Any], dict[int, list[Any]]], ...] = (
            (entry.weight.blocks, self._blocks),
            (entry.weight.growing, self._growing),
        )
        for own, kept in shared:
            for name in own:
                kept[name][1] -= 1
                if not kept[name][1]:
                    del kept[name]


def budget() -> int:
    """Return the bytes that ``AE_MODELS_CACHE`` allows (megabytes there); ``UserError`` for what is no such number."""
    given = os.environ.get("AE_MODELS_CACHE", "").strip()
    if not given:
        return BUDGET * MEGABYTE
    if not given.isdecimal() or len(given) > 9 or not 16 <= int(given) <= 1_000_000:
        raise UserError(f"AE_MODELS_CACHE must be a whole number of megabytes from 16 to 1,000,000: got '{given[:40]}'")
    return int(given) * MEGABYTE


CACHE = Cache(BUDGET * MEGABYTE)


def cached(*, spinner: str = "", seen: Callable[..., Any] | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function returns, by its arguments.

    An argument whose name begins with an underscore is no part of the key: it must follow from the others. One that is
    called ``dataset`` and is a name counts with the stamp of the data set of that name.

    Parameters
    ----------
    spinner : str
        What stands in the page while a result is made.
    seen : callable, optional
        What else the result depends on, as the files of a folder: called with the same arguments at each call.

    Raises
    ------
    TypeError
        At a call with an argument that does not name its content, as an array: pass what names it instead.
    """

    def decorated(function: Callable[P, T]) -> Callable[P, T]:
        name = f"{function.__module__}.{function.__qualname__}".removeprefix("ae_models.ui.")
        signature = inspect.signature(function)

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> T:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            parts = [_part(word, value) for word, value in bound.arguments.items() if not word.startswith("_")]
            key = (name, *parts, None if seen is None else key_of(seen(*args, **kwargs)))

            def make() -> T:
                with st.spinner(spinner) if spinner else nullcontext():
                    return function(*args, **kwargs)

            return CACHE.get(key, make, name=name)

        return asked

    return decorated


def _part(word: str, value: Any) -> Hashable:
    if word == "dataset" and isinstance(value, str):
        return value, datasets.stamp(value)
    return key_of(value)


def key_of(value: Any) -> Hashable:
    """Return what names a value: a digest of its content, or the value itself where it is plain.

    Raises ``TypeError`` for a value that does not name its content.
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, RunRecord):
        return "run", value.digest
    if isinstance(value, RunStore):
        return "store", str(value.root)
    if isinstance(value, ImageDataset):
        return "data", value.digest
    if isinstance(value, BaseModel):
        return type(value).__name__, value.model_dump_json()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, np.generic):
        return cast(Hashable, value.item())
    if isinstance(value, tuple | list):
        return tuple(key_of(item) for item in value)
    if isinstance(value, frozenset | set):
        return frozenset(key_of(item) for item in value)
    if isinstance(value, Mapping):
        return tuple((key_of(key), key_of(item)) for key, item in value.items())
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, *(key_of(getattr(value, entry.name)) for entry in fields(value))
    raise TypeError(f"a cached call was given a {type(value).__name__}, which does not name its content")
