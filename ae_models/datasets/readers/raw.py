"""What was read, before anything is made of it: values as they stand in the file, labels, and what is known of both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.base import UserError
from ae_models.datasets.readers.limits import Budget, Limits, check_made
from ae_models.datasets.readers.names import shown

Values = npt.NDArray[Any]
ORDER = {"train": 0, None: 0, "valid": 1, "test": 2}
"""The order of the splits in a ``Raw``."""


@dataclass(frozen=True)
class Hint:
    """What a format or a name says of its content: a value, why, and how sure that is."""

    value: str
    why: str
    confidence: str = "sure"  # sure, likely, unsure


@dataclass(eq=False)
class Part:
    """Rows of one file, or of files that belong together.

    Parameters
    ----------
    name : str
        Shown in messages.
    format : str
        What a person calls it: "IDX", "CSV".
    values : (n, h, w), (n, h, w, c), (n, c, h, w) or (n, d) array
        As they stand in the file.
    labels : (n,) array of numbers or text, or None
    split : str, optional
        ``train``, ``test`` or ``valid``.
    class_names : dict, optional
        Class number to name, where the file knows.
    columns : tuple of str, optional
        Names of the ``d`` numbers of a table.
    hints : dict
        By the name of the guess that they settle: "transposed", "kind".
    """

    name: str
    format: str
    values: Values
    labels: Values | None = None
    split: str | None = None
    class_names: dict[int, str] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    hints: dict[str, Hint] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Raw:
    """All rows of one import, checked to be finite and to belong together.

    ``is_test`` marks rows that came as a test set; ``ids`` is each row's place in its file.
    """

    format: str
    values: Values
    labels: Values | None
    is_test: npt.NDArray[np.bool_] | None
    ids: npt.NDArray[np.int32]
    class_names: dict[int, str]
    columns: tuple[str, ...] | None
    hints: dict[str, Hint]
    notes: list[str]
    sources: list[tuple[str, int]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.values)


def words_of(cells: Sequence[str], budget: Budget, name: str) -> Values:
    """Return words as an array, which takes four bytes a letter of the longest for each: counted before it is made."""
    budget.spend(4 * max(map(len, cells), default=1) * len(cells), name)
    return np.array(cells, "U")


def at_once(values: Values, numbers: int = 1 << 21) -> int:
    """Return how many rows have about so many numbers: what is worked out a part at a time takes little memory."""
    return max(1, numbers // max(1, math.prod(values.shape[1:])))


def together(blocks: list[Values], budget: Budget, name: str) -> Values:
    """Return blocks of rows as one array of a type that holds them all; each block is let go when it is copied."""
    kind = np.result_type(*{block.dtype for block in blocks})
    made = (sum(map(len, blocks)), *blocks[0].shape[1:])
    more = math.prod(made) * kind.itemsize - sum(block.nbytes for block in blocks)
    budget.spend(max(0, more), name)
    if len(blocks) == 1:
        return blocks.pop()
    joined = np.empty(made, kind)
    end = len(joined)
    while blocks:
        block = blocks.pop()
        joined[end - len(block) : end] = block
        end -= len(block)
        budget.tick(name)
    return joined


def join(parts: list[Part], limits: Limits) -> Raw:
    """Return the rows of all parts as one; training and validation rows first, then test rows.

    Raises ``UserError`` when shapes differ, labels are missing for some, there are too few or too many rows, or a value
    is no finite number.
    """
    parts = sorted(parts, key=lambda part: ORDER[part.split])
    if not any(len(part.values) for part in parts):
        raise UserError(f"{shown(parts[0].name)}: holds no rows")
    parts = _labelled_alike([part for part in parts if len(part.values)])
    first = parts[0]
    for part in parts:
        if part.values.shape[1:] != first.values.shape[1:]:
            raise UserError(
                f"{shown(part.name)}: rows of {_text(part.values.shape[1:])}, where {shown(first.name)} "
                f"has rows of {_text(first.values.shape[1:])}"
            )
        _finite(part)
    n = sum(len(part.values) for part in parts)
    _check_rows(n, shown(first.name), limits)
    values = [part.values for part in parts]
    kind = np.result_type(*{array.dtype for array in values})
    check_made(n * math.prod(values[0].shape[1:]) * kind.itemsize, limits, shown(first.name))
    is_test = np.concatenate([np.full(len(part.values), part.split == "test") for part in parts])
    labels = [part.labels for part in parts if part.labels is not None]  # of all parts or of none
    notes = [note for part in parts for note in part.notes]
    if any(part.split == "valid" for part in parts):
        notes.append("validation rows were put to the training rows")
    ids = np.concatenate(
        [
            np.arange(int((~is_test).sum()), dtype=np.int32),
            np.arange(int(is_test.sum()), dtype=np.int32),
        ]
    )
    return Raw(
        format=first.format,
        values=_joined(values),
        labels=np.concatenate(labels) if labels else None,
        is_test=is_test if 0 < int(is_test.sum()) < n else None,
        ids=ids,
        class_names={number: name for part in parts for number, name in part.class_names.items()},
        columns=first.columns,
        hints={key: hint for part in parts for key, hint in part.hints.items()},
        notes=list(dict.fromkeys(notes)),
    )


def _joined(values: list[Values]) -> Values:
    """Return arrays as one; the whole itself where they are the slices of one array, in its order."""
    whole = values[0].base
    if len(values) > 1 and isinstance(whole, np.ndarray) and all(array.base is whole for array in values):
        places = [array.__array_interface__["data"][0] for array in values]
        if places[0] == whole.__array_interface__["data"][0] and sum(array.nbytes for array in values) == whole.nbytes:
            ends = [place + array.nbytes for place, array in zip(places, values, strict=True)]
            if ends[:-1] == places[1:] and whole.flags.c_contiguous and whole.shape[1:] == values[0].shape[1:]:
                return whole
    return values[0] if len(values) == 1 else np.concatenate(values)


def _labelled_alike(parts: list[Part]) -> list[Part]:
    """Return the parts that are used: all where all or none have labels; a test file without them is left out."""
    labelled = [part for part in parts if part.labels is not None]
    if not labelled or len(labelled) == len(parts):
        return parts
    bare = next(part for part in parts if part.labels is None)
    if bare.split != "test":
        raise UserError(f"{shown(bare.name)}: has no labels, where {shown(labelled[0].name)} has some")
    # Kaggle's test file: rows without an answer cannot be scored against labels.
    labelled[0].notes.append(f"{shown(bare.name)} has no labels and was left out; import it alone to see it")
    return labelled


def _check_rows(n: int, name: str, limits: Limits) -> None:
    if n < limits.min_images:
        few = "1 row is too few" if n == 1 else f"{n} rows are too few"
        raise UserError(f"{name}: {few}: at least {limits.min_images} are needed")
    if n > limits.images:
        raise UserError(f"{name}: {n:,} rows, where at most {limits.images:,} are read")


def _finite(part: Part) -> None:
    if part.values.dtype.kind != "f":
        return
    step = at_once(part.values)
    for start in range(0, len(part.values), step):
        rows = part.values[start : start + step].reshape(len(part.values[start : start + step]), -1)
        bad = ~np.isfinite(rows).all(axis=1)
        if bad.any():
            row = int(np.argmax(bad))
            value = rows[row][~np.isfinite(rows[row])][0]
            raise UserError(f"{shown(part.name)}: row {start + row} (counted from 0) holds {value}, which is no number")


def _text(shape: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in shape) + (" numbers" if len(shape) == 1 else "")
