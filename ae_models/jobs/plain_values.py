"""Values on their way to a child process and back: JSON and raw numbers in two files. Nothing is ever unpickled.

What may travel is None, bool, int, float, str, bytes, list, tuple, dict, arrays of numbers or text, and the dataclasses
of an explicit table. What comes back is checked against the type that was expected, and bounded in size.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import re
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

MOST_TEXT = 32 << 20  # bytes of the JSON: fifty thousand names of files left out are five million
_ALIGNED = 64
_MAPPED = 1 << 20  # bytes from which numbers are mapped from their file in place of being read
_KINDS = re.compile(r"[|<](?:b1|[iu][1248]|f[248]|U\d{1,4})")
_ODD_FLOATS = ("nan", "inf", "-inf")


class NotPlain(ValueError):
    """What was read is not what was expected; or a value cannot travel."""


def write(value: Any, folder: Path, name: str, table: Mapping[str, type]) -> None:
    """Write a value as ``name.json`` and ``name.bin``; the JSON is renamed into place last."""
    with (folder / f"{name}.bin").open("wb") as numbers:
        text = json.dumps(_taken_apart(value, numbers, table), allow_nan=False)
    beside = folder / f"{name}.json.new"
    beside.write_text(text, encoding="ascii")
    beside.rename(folder / f"{name}.json")


def read(folder: Path, name: str, expected: Any, table: Mapping[str, type], most_bytes: int) -> Any:
    """Return a value that was written by ``write``.

    Arrays are read-only; large ones stay in their file, which may be deleted meanwhile where the system allows it.

    Raises
    ------
    NotPlain
        When the files are damaged or too large, or hold anything but a value of the type ``expected``.
    """
    try:
        text = _bounded(folder / f"{name}.json", MOST_TEXT)
        content = _content(folder / f"{name}.bin", most_bytes)
        found = _put_together(json.loads(text, parse_constant=_no_constant), content, table)
    except NotPlain:
        raise
    except (OSError, ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise NotPlain(f"{name}: {type(error).__name__}") from None
    if not fits(found, expected):
        raise NotPlain(f"{name}: {type(found).__name__} of another form than expected")
    return found


def _no_constant(name: str) -> float:
    raise NotPlain(f"{name} is no number")


def _bounded(path: Path, most: int) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise NotPlain(f"{path.name}: more than {most:,} bytes")
    return content


def _content(path: Path, most: int) -> memoryview:
    with _regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > most:
            raise NotPlain(f"{path.name}: {size:,} bytes, where at most {most:,} may come")
        if size < _MAPPED or os.name == "nt":  # Windows deletes no file that is mapped
            return memoryview(stream.read(size))
        return memoryview(mmap.mmap(stream.fileno(), size, access=mmap.ACCESS_READ))


@contextmanager
def _regular(path: Path) -> Iterator[BinaryIO]:
    if not path.is_file() or path.is_symlink():
        raise NotPlain(f"{path.name}: no file")
    with path.open("rb") as stream:
        yield stream


def _taken_apart(value: Any, numbers: BinaryIO, table: Mapping[str, type]) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, list):
        return [_taken_apart(part, numbers, table) for part in value]
    if isinstance(value, tuple):
        return {"tuple": [_taken_apart(part, numbers, table) for part in value]}
    if isinstance(value, dict):
        pairs = [[_taken_apart(part, numbers, table) for part in pair] for pair in value.items()]
        return {"dict": pairs}
    if isinstance(value, bytes):
        return {"bytes": [_put(memoryview(value), numbers), len(value)]}
    if isinstance(value, np.ndarray):
        return {"array": _array_apart(value, numbers)}
    return _object_apart(value, numbers, table)


def _object_apart(value: Any, numbers: BinaryIO, table: Mapping[str, type]) -> Any:
    name = type(value).__name__
    if table.get(name) is not type(value):
        raise NotPlain(f"{name} is not in the table of what may travel")
    named: Any = value
    parts = {each.name: getattr(named, each.name) for each in fields(named) if each.init}
    return {"object": [name, {key: _taken_apart(part, numbers, table) for key, part in parts.items()}]}


def _array_apart(array: Any, numbers: BinaryIO) -> list[Any]:
    kind = array.dtype.newbyteorder("<").str
    if not _KINDS.fullmatch(kind):
        raise NotPlain(f"an array of {array.dtype} cannot travel")
    straight = np.ascontiguousarray(array, dtype=kind)
    flat: Any = straight.reshape(-1).view(np.uint8) if straight.size else np.zeros(0, np.uint8)
    return [kind, list(array.shape), _put(memoryview(flat), numbers)]


def _put(content: memoryview, numbers: BinaryIO) -> int:
    start = -(-numbers.tell() // _ALIGNED) * _ALIGNED
    numbers.write(b"\x00" * (start - numbers.tell()))
    numbers.write(content)
    return start


def _put_together(value: Any, content: memoryview, table: Mapping[str, type]) -> Any:
    if isinstance(value, list):
        return [_put_together(part, content, table) for part in value]
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        raise NotPlain("an entry with another number of keys than one")
    key, given = next(iter(value.items()))
    if key == "float" and given in _ODD_FLOATS:
        return float(given)
    if key == "tuple" and isinstance(given, list):
        return tuple(_put_together(part, content, table) for part in given)
    if key == "dict" and isinstance(given, list):
        return {_put_together(name, content, table): _put_together(part, content, table) for name, part in given}
    if key == "bytes":
        start, size = given
        return bytes(_part(content, start, size))
    if key == "array":
        return _array(content, *given)
    if key == "object":
        name, parts = given
        return _object(name, parts, content, table)
    raise NotPlain(f"an entry called {str(key)[:40]!r}")


def _part(content: memoryview, start: Any, size: Any) -> memoryview:
    if type(start) is not int or type(size) is not int or not 0 <= start <= start + size <= len(content):
        raise NotPlain("numbers beyond the end of their file")
    return content[start : start + size]


def _array(content: memoryview, kind: Any, shape: Any, start: Any) -> Any:
    if not isinstance(kind, str) or not _KINDS.fullmatch(kind):
        raise NotPlain(f"an array of {str(kind)[:40]!r}")
    if not isinstance(shape, list) or len(shape) > 8 or not all(type(size) is int and size >= 0 for size in shape):
        raise NotPlain("an array of no shape")
    dtype = np.dtype(kind)
    size = math.prod(shape) * dtype.itemsize
    made = np.frombuffer(_part(content, start, size), np.uint8).view(dtype) if size else np.zeros(0, dtype)
    made = made.reshape(shape)
    made.flags.writeable = False
    return made


def _object(name: Any, values: Any, content: memoryview, table: Mapping[str, type]) -> Any:
    wanted = table.get(name) if isinstance(name, str) else None
    if wanted is None or not isinstance(values, dict):
        raise NotPlain(f"an object {str(name)[:40]!r} that is not in the table")
    names = {each.name for each in fields(wanted) if each.init}
    if set(values) != names:
        raise NotPlain(f"{name} with other fields than its own")
    return wanted(**{key: _put_together(part, content, table) for key, part in values.items()})


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
