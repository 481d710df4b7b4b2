"""MATLAB's MAT files up to version 7: EMNIST's struct, SVHN's X and y, plain matrices."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from ae_models.base import UserError
from ae_models.datasets.readers.arrays import Named, parts
from ae_models.datasets.readers.limits import Budget
from ae_models.datasets.readers.names import shown, words
from ae_models.datasets.readers.raw import Hint, Part, Values

_COMPRESSED, _PART = 15, 1 << 20
_BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
    struct.error,
    zlib.error,
    MemoryError,
    RecursionError,
)
_NUMERIC = ("double", "single", "logical", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)))
_MOST_CELLS, _DEEP = 10_000, 10
_MATRIX, _CELL, _STRUCT, _OBJECT = 14, 1, 2, 3  # of elements, and of what a matrix may be made of


def read(content: bytes, name: str, budget: Budget) -> list[Part]:
    """Return the rows of a MAT file.

    Raises ``UserError`` when it is damaged, unpacks to too much, or holds no matrix of images.
    """
    _count_unpacked(content, name, budget)
    from scipy.io import loadmat, whosmat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            listed = [(key, kind, shape) for key, shape, kind in whosmat(io.BytesIO(content))]
            wanted = [key for key, kind, shape in listed if kind in _NUMERIC or (key, kind) == ("dataset", "struct")]
            found: dict[str, Any] = loadmat(io.BytesIO(content), simplify_cells=True, variable_names=wanted)
    except _BROKEN:
        raise UserError(f"{shown(name)}: the MAT file is damaged or cut short") from None
    if isinstance(found.get("dataset"), dict):
        return _emnist(found["dataset"], name)
    matrices = {
        key: np.asarray(value)
        for key, value in found.items()
        if not key.startswith("__") and isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size
    }
    if not any(array.ndim >= 2 and min(array.shape) > 1 for array in matrices.values()):
        names = ", ".join(shown(key) for key, _, _ in listed[:20])
        raise UserError(f"{shown(name)}: holds no matrix of numbers (its names: {names})")
    return parts([Named(name, key, array, "MAT") for key, array in _rows_first(matrices).items()])


def _count_unpacked(content: bytes, name: str, budget: Budget) -> None:
    """Count what each element becomes, compressed ones a piece at a time, before scipy makes arrays of them."""
    order = "<" if content[126:128] == b"IM" else ">"
    place = 128
    while place + 8 <= len(content):
        kind, n_bytes = struct.unpack(order + "II", content[place : place + 8])
        body = memoryview(content)[place + 8 : place + 8 + n_bytes]
        if len(body) < n_bytes:
            raise UserError(f"{shown(name)}: the MAT file is damaged or cut short")
        if kind == _COMPRESSED:
            _check_compressed(body, order, name, budget)
        elif kind == _MATRIX:
            budget.spend(n_bytes, shown(name))
            _check_cells(body, order, name, 0)
        place += 8 + n_bytes


def _check_compressed(body: memoryview, order: str, name: str, budget: Budget) -> None:
    unpacker = zlib.decompressobj()
    kept: list[bytes] = []
    try:
        part = unpacker.decompress(body, _PART)
        with_parts = len(part) > 19 and part[16 if order == "<" else 19] in (_CELL, _STRUCT, _OBJECT)
        while part:
            budget.spend(len(part), shown(name))
            if with_parts:
                kept.append(part)
            part = unpacker.decompress(unpacker.unconsumed_tail, _PART)
    except zlib.error:
        raise UserError(f"{shown(name)}: the MAT file is damaged or cut short") from None
    _check_cells(memoryview(b"".join(kept))[8:], order, name, 0)


def _check_cells(body: memoryview, order: str, name: str, deep: int) -> None:
    """Raise ``UserError`` where a struct, or cells, promise more parts than are read: scipy makes room for all at once.

    ``body`` is what stands in a matrix's element: its flags, sizes and name, and the elements of its parts.
    """
    elements = list(_elements(body, order))
    if not elements or len(elements[0][1]) < 8:
        return
    flags = struct.unpack(order + "I", elements[0][1][:4])[0] & 0xFF
    if flags not in (_CELL, _STRUCT, _OBJECT):
        return
    sizes = elements[1][1] if len(elements) > 1 else b""
    n_parts = math.prod(struct.unpack(f"{order}{len(sizes) // 4}i", bytes(sizes[: len(sizes) // 4 * 4])))
    if not 0 <= n_parts <= _MOST_CELLS or deep > _DEEP:
        raise UserError(
            f"{shown(name)}: holds {n_parts:,} cells, where at most {_MOST_CELLS:,}, {_DEEP} deep, are read"
        )
    for kind, inner in elements[2:]:
        if kind == _MATRIX:
            _check_cells(inner, order, name, deep + 1)


def _elements(body: memoryview, order: str) -> Iterator[tuple[int, memoryview]]:
    """Yield the kind and the content of each element that stands in another."""
    place = 0
    while place + 8 <= len(body):
        kind, n_bytes = struct.unpack(order + "II", body[place : place + 8])
        if kind >> 16:  # a small one: its size stands in the upper half, its content in the tag
            yield kind & 0xFFFF, body[place + 4 : place + 4 + min(kind >> 16, 4)]
            place += 8
        else:
            yield kind, body[place + 8 : place + 8 + n_bytes]
            place += 8 + n_bytes + (-n_bytes % 8)


def _emnist(dataset: dict[str, Any], name: str) -> list[Part]:
    """Return EMNIST's training and test rows; its images are stored column by column."""
    found = []
    names = {int(row[0]): "/".join(chr(int(code)) for code in row[1:]) for row in _mapping(dataset.get("mapping"))}
    for split in ("train", "test"):
        rows = dataset.get(split)
        images = rows.get("images") if isinstance(rows, dict) else None
        if not isinstance(rows, dict) or not isinstance(images, np.ndarray) or images.ndim != 2:
            raise UserError(f"{shown(name)}: its struct 'dataset' has no {split}.images")
        labels = np.asarray(rows["labels"]).ravel() if "labels" in rows else None
        if labels is not None and len(labels) != len(images):
            raise UserError(f"{shown(name)}: {len(labels):,} labels for the {len(images):,} images of {split}")
        hints = {
            "transposed": Hint("yes", "EMNIST's MAT stores images column by column"),
            "kind": Hint("images", "EMNIST"),
        }
        found.append(Part(f"{name}/{split}", "MAT", images, labels, split, names, hints=hints))
    return found


def _mapping(value: Any) -> list[Any]:
    table = np.asarray(value) if value is not None else np.empty((0, 2))
    return list(table) if table.ndim == 2 and table.shape[1] in (2, 3) and table.dtype.kind in "iuf" else []


def _rows_first(matrices: dict[str, Values]) -> dict[str, Values]:
    """Turn matrices that have their rows last (``X`` of SVHN, ``data`` of old MNIST files) so that rows come first.

    The number of rows is that of the labels, where there are any.
    """
    flat = {key: array for key, array in matrices.items() if array.ndim == 1 or min(array.shape) == 1}
    counts = {array.size for key, array in flat.items() if set(words(key)) & {"y", "label", "labels", "gnd", "target"}}
    counts = counts or {array.size for array in flat.values()}
    turned = {}
    for key, array in matrices.items():
        if key in flat:
            turned[key] = array.ravel()
        elif array.shape[-1] in counts and array.shape[0] not in counts:
            turned[key] = np.moveaxis(array, -1, 0)
        else:
            turned[key] = array
    return turned
