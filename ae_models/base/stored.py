"""Reading what lies in the store as if a stranger had written it: plain files, plain values, arrays that are bounded.

Anybody's run, data set or job may be broken, or made to break others. What is read here never blocks, never takes more
memory than was allowed, and gives values that can be shown, compared and written again.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import UserError

_MOST_DEPTH = 24  # lists in lists
_MOST_WHOLE = 2**63 - 1
_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")  # Windows has the last one only
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}
UNREADABLE = (  # what a damaged zip or array file may raise
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,  # encrypted; NotImplementedError, an unknown packing, is one too
    EOFError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    MemoryError,  # a header that nests too deep
)


def read_file(path: Path, most: int) -> bytes:
    """Return the content of a plain file of at most ``most`` bytes.

    Raises
    ------
    UserError
        Naming the file, where it is a link, a pipe, a socket, a device or a folder (none of them is opened), or larger.
    FileNotFoundError, OSError
        As ``open`` does.
    """
    _check_plain(path, path.lstat(), most)
    flags = os.O_RDONLY
    for name in _FLAGS:
        flags |= getattr(os, name, 0)
    with open(os.open(path, flags), "rb") as stream:
        found = os.fstat(stream.fileno())
        _check_plain(path, found, most)  # it may have changed meanwhile
        content = stream.read(found.st_size + 1)
    if len(content) > most:
        raise UserError(f"{path.name} is larger than {most:,} bytes")
    return content


def file_size(path: Path) -> int:
    """Return the size of a plain file; raises as ``read_file`` does, and opens nothing."""
    found = path.lstat()
    _check_plain(path, found, found.st_size)
    return found.st_size


def _check_plain(path: Path, found: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UserError(f"{path.name} is {_KINDS.get(stat.S_IFMT(found.st_mode), 'something odd')}, not a file")
    if found.st_size > most:
        raise UserError(f"{path.name} is larger than {most:,} bytes")


def remove_file(path: Path) -> None:
    """Remove a file, or whatever stands in its place; ``UserError`` where that cannot be done."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{path.name} could not be removed ({error.strerror})") from None


def folders(root: Path, pattern: str) -> list[str]:
    """Return the names below ``root`` that are like ``pattern`` and folders, or links that stand in for one, sorted."""
    try:
        with os.scandir(root) as entries:
            return sorted(
                entry.name
                for entry in entries
                if re.fullmatch(pattern, entry.name) and (entry.is_dir(follow_symlinks=False) or entry.is_symlink())
            )
    except OSError:
        return []


def is_folder(path: Path) -> bool:
    """Say whether there is a folder, or a link where one should be."""
    return path.is_symlink() or path.is_dir()


def plain_json(content: bytes) -> Any:
    """Return the value of a JSON text whose parts can all be shown, compared and written again.

    Raises
    ------
    ValueError
        Where it is no JSON, nests deeper than 24, or has a number that is not finite or not below 2**63, or half of a
        letter (a lone surrogate), which no file and no page can hold.
    """
    try:
        found = json.loads(content.decode("utf-8"), parse_constant=_no_constant, parse_int=_whole, parse_float=_finite)
    except RecursionError:
        raise ValueError("it nests too deep") from None
    waiting = [(found, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _MOST_DEPTH:
            raise ValueError("it nests too deep")
        if isinstance(value, str):
            whole_letters(value)
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _whole(digits: str) -> int:
    number = int(digits) if len(digits) <= 20 else _MOST_WHOLE + 1
    if abs(number) > _MOST_WHOLE:
        raise ValueError(f"{digits[:20]} has too many digits")
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is too large")
    return number


def plain_arrays(
    content: bytes, wanted: Mapping[str, str], *, most: int, optional: Mapping[str, str] | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Return arrays of an NPZ file after looking at what their headers promise; no pickle is read.

    Parameters
    ----------
    content : bytes
    wanted, optional : mapping
        Name and kinds (letters of ``dtype.kind``) of each array; what else the file holds is not read. Those of
        ``optional`` may be missing.
    most : int
        Bytes that all arrays of the file may have in memory.

    Raises
    ------
    UserError
        Saying which array is missing, of another kind, or too large.
    ValueError
        Where the file cannot be read; so do the errors that a damaged zip may raise: all are turned into this one.
    """
    kinds = {**wanted, **(optional or {})}
    try:
        total = _promised(content, kinds)
        if total > most:
            raise UserError(f"is larger than {most:,} bytes when unpacked")
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            there = {name: stored[name] for name in kinds if name in stored.files}
    except UserError:
        raise
    except UNREADABLE as error:
        raise ValueError(f"is not what NumPy writes: {type(error).__name__}") from None
    for name in wanted:
        if name not in there:
            raise UserError(f"has no array '{name}'")
    return there


def _promised(content: bytes, kinds: Mapping[str, str]) -> int:
    """Return how many bytes all arrays of an NPZ have, by their headers; no header may say more than there is."""
    total, seen = 0, set()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for entry in packed.infolist():
            name = entry.filename.removesuffix(".npy")
            if name in seen:
                raise ValueError("an array twice")
            seen.add(name)
            shape, kind = promised(packed, entry.filename)
            if name in kinds and kind.kind not in kinds[name]:
                raise UserError(f"has an array '{name}' of {kind}")
            total += math.prod(shape) * kind.itemsize
    return total


def promised(packed: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return shape and kind of an array in a zip, by its header, which must not say more than there is."""
    entry = packed.getinfo(name)
    with packed.open(entry) as stream:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError("an array of another version")
        shape, _, kind = np.lib.format.read_array_header_1_0(stream)
    if kind.hasobject or min(shape, default=0) < 0 or math.prod(shape) * kind.itemsize > entry.file_size:
        raise ValueError("objects, or less than it says")
    return shape, kind


def whole_letters(text: str) -> str:
    """Return a text; ``ValueError`` where it holds half of a letter (a lone surrogate), which no page can show."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("has half of a letter, which cannot be shown") from None
    return text


def is_finite(array: npt.NDArray[Any]) -> bool:
    """Say whether all values of an array are numbers that a float32 holds."""
    return float(np.abs(array).max(initial=0)) < 3e38
