"""Whether a value is of the type that an annotation names, all the way down."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

_PLAIN = (int, float, str, bytes, bool, type(None))


def fits(value: Any, expected: Any) -> bool:
    """Say whether a value is of a type: plain values, lists, tuples, dicts, unions, arrays, dataclasses and theirs.

    Integers stand for floats too, True and False for nothing but bool.

    Examples
    --------
    >>> fits((1, "a"), tuple[int, str]), fits((1, 2), tuple[int, str]), fits({"a": [1.5, 2]}, dict[str, list[float]])
    (True, False, True)
    >>> fits(np.zeros(3), np.ndarray), fits(True, int), fits(None, int | None)
    (True, False, True)
    """
    if expected is Any:
        return True
    if expected is None or expected is type(None):
        return value is None
    if expected is float:
        return type(value) in (int, float)
    if expected in _PLAIN:
        return type(value) is expected
    if is_dataclass(expected):
        return type(value) is expected and _fields_fit(value, expected)
    return _fits_made_of(value, expected, get_origin(expected) or expected, get_args(expected))


def _fields_fit(value: Any, of: Any) -> bool:
    """Say whether each field that a dataclass's constructor takes holds what its annotation names."""
    return all(fits(getattr(value, name), kind) for name, kind in _kinds(of))


@cache
def _kinds(of: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(of)
    return tuple((each.name, hints[each.name]) for each in fields(of) if each.init)


def _fits_made_of(value: Any, expected: Any, origin: Any, arguments: tuple[Any, ...]) -> bool:
    if origin in (Union, types.UnionType):
        return any(fits(value, kind) for kind in arguments)
    if origin is Literal:
        return any(type(value) is type(choice) and value == choice for choice in arguments)
    if origin is np.ndarray:
        return isinstance(value, np.ndarray) and _fits_numbers(value.dtype, arguments)
    if origin is list:
        return type(value) is list and all(fits(part, *arguments) for part in value)
    if origin is dict:
        key, kind = arguments
        return type(value) is dict and all(fits(name, key) and fits(part, kind) for name, part in value.items())
    if origin is tuple and type(value) is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return all(fits(part, arguments[0]) for part in value)
        return len(value) == len(arguments) and all(map(fits, value, arguments))
    return False


def _fits_numbers(dtype: Any, arguments: tuple[Any, ...]) -> bool:
    """Say whether an array's numbers are those of ``np.ndarray[shape, np.dtype[kind]]``."""
    if len(arguments) != 2:
        return True
    wanted = get_args(arguments[1])[0]
    kinds = get_args(wanted) if get_origin(wanted) in (Union, types.UnionType) else (wanted,)
    return any(kind is Any or dtype.type is kind for kind in kinds)
