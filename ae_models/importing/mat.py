"""MATLAB's MAT files up to version 7: EMNIST's struct, SVHN's X and y, plain matrices."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import Any

import numpy as np

from ae_models.base import Mistake
from ae_models.importing.limits import Budget
from ae_models.importing.names import shown, words
from ae_models.importing.raw import Hint, Part, Values
from ae_models.importing.roles import Named, parts

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
)


def read(content: bytes, name: str, budget: Budget) -> list[Part]:
    """Return the rows of a MAT file.

    Raises ``Mistake`` when it is damaged, unpacks to too much, or holds no matrix of images.
    """
    _count_unpacked(content, name, budget)
    from scipy.io import loadmat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: dict[str, Any] = loadmat(io.BytesIO(content), simplify_cells=True)
    except _BROKEN:
        raise Mistake(f"{shown(name)}: the MAT file is damaged or cut short") from None
    if isinstance(found.get("dataset"), dict):
        return _emnist(found["dataset"], name)
    matrices = {
        key: np.asarray(value)
        for key, value in found.items()
        if not key.startswith("__") and isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size
    }
    if not any(array.ndim >= 2 and min(array.shape) > 1 for array in matrices.values()):
        raise Mistake(f"{shown(name)}: holds no matrix of numbers (its names: {', '.join(map(shown, found))})")
    return parts([Named(name, key, array, "MAT") for key, array in _rows_first(matrices).items()])


def _count_unpacked(content: bytes, name: str, budget: Budget) -> None:
    """Count what the compressed elements unpack to, a piece at a time, before scipy unpacks them."""
    little = content[126:128] == b"IM"
    place = 128
    while place + 8 <= len(content):
        kind, n_bytes = struct.unpack("<II" if little else ">II", content[place : place + 8])
        body = content[place + 8 : place + 8 + n_bytes]
        if len(body) < n_bytes:
            raise Mistake(f"{shown(name)}: the MAT file is damaged or cut short")
        if kind == _COMPRESSED:
            unpacker = zlib.decompressobj()
            try:
                part = unpacker.decompress(body, _PART)
                while part:
                    budget.spend(len(part), shown(name))
                    part = unpacker.decompress(unpacker.unconsumed_tail, _PART)
            except zlib.error:
                raise Mistake(f"{shown(name)}: the MAT file is damaged or cut short") from None
        place += 8 + n_bytes


def _emnist(dataset: dict[str, Any], name: str) -> list[Part]:
    """Return EMNIST's training and test rows; its images are stored column by column."""
    found = []
    names = {int(row[0]): "/".join(chr(int(code)) for code in row[1:]) for row in _mapping(dataset.get("mapping"))}
    for split in ("train", "test"):
        rows = dataset.get(split)
        images = rows.get("images") if isinstance(rows, dict) else None
        if not isinstance(rows, dict) or not isinstance(images, np.ndarray) or images.ndim != 2:
            raise Mistake(f"{shown(name)}: its struct 'dataset' has no {split}.images")
        labels = np.asarray(rows["labels"]).ravel() if "labels" in rows else None
        if labels is not None and len(labels) != len(images):
            raise Mistake(f"{shown(name)}: {len(labels):,} labels for the {len(images):,} images of {split}")
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
