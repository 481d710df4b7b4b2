"""How much memory a value keeps alive, so that the cache can stay within its budget."""

from __future__ import annotations

import mmap
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

_BLOCK = 4_096  # bytes from which an array or a string of bytes is counted once, however many results share it
_MOST_OBJECTS = 200_000  # that one value is asked about; what comes after them is not counted
_NUMBERS = (int, float, bool, type(None), np.generic)


@dataclass
class Weight:
    """What a value keeps alive: small objects together, large blocks one by one, and objects that grow.

    Parameters
    ----------
    small : int
        Bytes of all small objects.
    blocks : dict of id to bytes
        Memory of arrays and bytes, which other values may share.
    growing : dict of id to object
        Objects with a ``weight`` of their own that is asked again each time, as of graphs that are opened on first use.
    """

    small: int = 0
    blocks: dict[int, int] = field(default_factory=dict)
    growing: dict[int, Any] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Bytes of all of it now."""
        return self.small + sum(self.blocks.values()) + sum(int(each.weight) for each in self.growing.values())


def weigh(value: Any) -> Weight:
    """Return what a value keeps alive, by one walk through it.

    A view weighs what it looks at, a function what it has captured. Of an object with a ``weight`` only the public
    attributes are walked: its weight says what its private ones take.

    Examples
    --------
    >>> weigh([np.zeros(10_000, np.uint8)[:5]]).blocks.values()
    dict_values([10000])
    """
    found, seen, waiting = Weight(), {0}, [value]
    while waiting and len(seen) < _MOST_OBJECTS:
        each = waiting.pop()
        if id(each) not in seen:
            seen.add(id(each))
            waiting += _count(found, each)
    return found


def _count(found: Weight, value: Any) -> list[Any]:
    """Count one object and return what it holds."""
    if isinstance(value, np.ndarray):
        return _count_array(found, value)
    if isinstance(value, str | bytes | bytearray):
        _count_block(found, value, len(value))
        return []
    if isinstance(value, memoryview):
        return [value.obj]
    if isinstance(value, Mapping):
        return _items(found, list(value.values()))
    if isinstance(value, tuple | list | set | frozenset):
        return _items(found, list(value))
    if isinstance(value, FunctionType):
        return [cell.cell_contents for cell in value.__closure__ or () if _is_filled(cell)]
    if isinstance(value, MethodType):
        return [value.__self__]
    if isinstance(value, partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, ModuleType | type):
        return []
    return _count_object(found, value)


def _count_array(found: Weight, array: np.ndarray[Any, Any]) -> list[Any]:
    owner: Any = array
    while isinstance(owner, np.ndarray) and owner.base is not None:
        owner = owner.base
    if isinstance(owner, np.ndarray):
        _count_block(found, owner, owner.nbytes)
        return []
    return [] if isinstance(owner, mmap.mmap) else [owner]


def _count_block(found: Weight, owner: Any, size: int) -> None:
    if size < _BLOCK:
        found.small += size + 64
    else:
        found.blocks[id(owner)] = size


def _count_object(found: Weight, value: Any) -> list[Any]:
    attributes = getattr(value, "__dict__", {})
    found.small += sys.getsizeof(value)
    if not isinstance(getattr(value, "weight", None), int):
        return list(attributes.values())
    found.growing[id(value)] = value
    return [item for name, item in attributes.items() if not name.startswith("_")]


def _items(found: Weight, items: list[Any]) -> list[Any]:
    found.small += 64 + 8 * len(items)
    if items and all(isinstance(item, _NUMBERS) for item in items[:100]):
        found.small += 32 * len(items)
        return []
    return items


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False
