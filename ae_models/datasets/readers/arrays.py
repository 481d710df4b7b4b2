"""Arrays with names become images with labels, of a training or a test set; NPY's header is judged before its array."""

from __future__ import annotations

import io
import math
import tokenize
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import UserError
from ae_models.datasets.readers.limits import Budget, size
from ae_models.datasets.readers.names import shown, split_of, words
from ae_models.datasets.readers.raw import Part, Values

_KINDS = "biufUS"  # truth values, integers, floats, text


def parse_npy(content: bytes, name: str, budget: Budget) -> Values:
    """Return the array in the bytes of an NPY file: a view of them where the byte order is this machine's.

    Raises ``UserError`` for Python objects, records, complex numbers, sizes beyond the bounds and files cut short.
    """
    stream = io.BytesIO(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = np.lib.format.read_magic(stream)
            readers: dict[tuple[int, int], Any] = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }
            shape, by_columns, element = readers[version](stream)
    except (ValueError, KeyError, EOFError, TypeError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError):
        raise UserError(f"{name}: the header of the NPY array is damaged") from None
    if element.hasobject:
        raise UserError(f"{name}: holds Python objects (pickles), which can run code and are never read")
    if element.kind not in _KINDS:
        raise UserError(f"{name}: holds {element}, where numbers are read")
    expected = math.prod(shape) * element.itemsize
    most = budget.limits.unpacked_bytes
    if expected > most:
        raise UserError(f"{name}: an array of {size(expected)}, where at most {size(most)} are read")
    there = len(content) - stream.tell()
    if there != expected:
        word = "is cut short" if there < expected else "is too long"
        raise UserError(f"{name}: {word}: {there:,} bytes of values, where its shape {shape} needs {expected:,}")
    found: Values = np.ndarray(shape, element, content, stream.tell(), order="F" if by_columns else "C")
    if found.dtype.isnative:
        return found
    budget.spend(found.nbytes, name)
    return found.astype(found.dtype.newbyteorder("="))


_LABELS = {"label", "labels", "y", "target", "targets", "class", "classes", "gnd", "category"}
_IMAGES = {"image", "images", "img", "imgs", "x", "data", "pixels", "fea", "features", "vectors", "embeddings"}


@dataclass(eq=False)
class Named:
    """An array, the name of its file and, inside of that, its own name."""

    file: str
    key: str
    array: Values
    format: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.file}/{self.key}" if self.key else self.file

    @property
    def split(self) -> str | None:
        """``train``, ``test`` or ``valid`` where its own name or its file's says so."""
        return (split_of(self.key) if self.key else None) or split_of(self.file)

    @property
    def is_labels(self) -> bool:
        """Whether it holds labels: its name says so, or it has one number a row."""
        known = set(words(self.key or self.file))
        known |= set() if known & (_LABELS | _IMAGES) else set(words(self.file))
        if known & _LABELS:
            return True
        flat = self.array.ndim == 1 or (self.array.ndim == 2 and self.array.shape[1] == 1)
        return flat and not known & _IMAGES


def parts(arrays: list[Named]) -> list[Part]:
    """Return a part for each split, images and labels put together.

    Raises ``UserError`` when images are missing, or counts disagree.
    """
    usable = [named for named in arrays if named.array.ndim]
    if not usable:
        raise UserError(f"{shown(arrays[0].name)}: holds a single number, and no rows")
    splits = list(dict.fromkeys(named.split for named in usable))
    found = []
    for split in splits:
        mine = [named for named in usable if named.split == split]
        images = [named for named in mine if not named.is_labels]
        labels = [named for named in mine if named.is_labels]
        if not images:
            raise UserError(f"{shown(labels[0].name)}: labels without images: give the file of the images too")
        found.append(_part(images, labels, split))
    return found


def _part(images: list[Named], labels: list[Named], split: str | None) -> Part:
    first, notes = images[0], []
    same = [named for named in images if named.array.shape[1:] == first.array.shape[1:]]
    if len(same) < len(images):
        largest = max(images, key=lambda named: named.array.size)
        others = [shown(named.name) for named in images if named is not largest]
        notes.append(f"{shown(largest.name)} was taken for the images; not read: {', '.join(others)}")
        first, same = largest, [largest]
    for named in same:
        if named.array.ndim not in (2, 3, 4):
            raise UserError(f"{shown(named.name)}: has {named.array.ndim} sizes, where images have 2 to 4")
        if named.array.dtype.kind not in "biuf":
            raise UserError(f"{shown(named.name)}: holds text where numbers are read")
    values = first.array if len(same) == 1 else np.concatenate([named.array for named in same])
    chosen = None
    if labels:
        fitting = [named for named in labels if len(named.array) == len(values)]
        if len(labels) > 1 and len(same) == 1 and fitting:
            labels = fitting[:1]
        one_a_row = [_one_a_row(named, notes) for named in labels]
        known = [array for array in one_a_row if array is not None]
        chosen = np.concatenate(known) if known else None
    if chosen is not None and len(chosen) != len(values):
        raise UserError(
            f"{shown(labels[0].name)}: {len(chosen):,} labels for the {len(values):,} images of {shown(first.name)}"
        )
    return Part(first.name, first.format, values, chosen, split, notes=notes)


def _one_a_row(named: Named, notes: list[str]) -> Values | None:
    array = named.array
    if array.ndim == 1:
        return array
    if array.ndim == 2 and array.shape[1] == 1:
        return array[:, 0]
    if array.ndim == 2 and named.format == "IDX":  # QMNIST: class, then who wrote it and where
        notes.append(f"{shown(named.name)}: the first of its {array.shape[1]} numbers a row is the class")
        return array[:, 0]
    is_one_hot = array.ndim == 2 and bool(np.isin(array, (0, 1)).all()) and bool((array.sum(axis=1) == 1).all())
    if is_one_hot:
        return np.asarray(np.argmax(array, axis=1))
    notes.append(f"{shown(named.name)}: several labels a row, and one is shown at most: imported without labels")
    return None
