"""Cells that hold lists of numbers: an embedding, the pixels of an image, as parquet files keep them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ae_models.base import UserError
from ae_models.datasets.readers.limits import Budget
from ae_models.datasets.readers.raw import Values, together
from ae_models.datasets.readers.table import smaller

_DEEP = 3  # lists in lists: height, width, channels


def are_lists(kind: Any) -> bool:
    """Say whether cells of this Arrow type are lists of numbers, at most three deep."""
    depth = 0
    while _is_list(kind):
        kind, depth = kind.value_type, depth + 1
    from pyarrow import types

    return 0 < depth <= _DEEP and bool(types.is_integer(kind) or types.is_floating(kind))


class Cells:
    """Cells of lists, all of one length, read a batch at a time."""

    def __init__(self, budget: Budget, name: str) -> None:
        self._budget, self._name = budget, name
        self._blocks: list[Values] = []
        self._rows = 0
        self._shape: tuple[int, ...] | None = None

    def add(self, column: Any) -> None:
        """Take in an Arrow column of lists; ``UserError`` naming the row of a missing value, or of another length."""
        if not len(column):
            return
        values, own = _array(column, self._name, self._rows)
        if self._shape is not None and own != self._shape:
            raise UserError(
                f"{self._name}: row {self._rows} (counted from 0) has lists of another length than those before"
            )
        self._shape = own
        self._budget.spend(values.nbytes, self._name)
        self._blocks.append(values)
        self._rows += len(column)

    def all(self) -> Values:
        """Return all cells as an array ``(n, ...)``."""
        return together(self._blocks, self._budget, self._name) if self._blocks else np.empty((0, 1), np.uint8)


def _array(column: Any, name: str, first: int) -> tuple[Values, tuple[int, ...]]:
    """Return the values of one column, and the shape of a row."""
    n, flat = len(column), column
    sizes: list[int] = []
    while _is_list(flat.type):
        if flat.null_count:
            raise UserError(f"{name}: holds cells without a list")
        lengths = _lengths(flat)
        odd = np.flatnonzero(lengths != lengths[0])
        if len(odd):
            row = first + int(odd[0]) // max(1, int(np.prod(sizes)))
            raise UserError(
                f"{name}: row {row} (counted from 0) has a list of {lengths[odd[0]]}, where the first has {lengths[0]}"
            )
        sizes.append(int(lengths[0]))
        flat = flat.flatten()
    if flat.null_count:
        raise UserError(f"{name}: holds lists with missing values")
    values = flat.to_numpy(zero_copy_only=False)
    kept = smaller(values.astype(np.float64, copy=False))
    return kept.reshape(n, *sizes), tuple(sizes)


def _lengths(column: Any) -> Values:
    from pyarrow import compute

    found: Values = compute.list_value_length(column).to_numpy(zero_copy_only=False)
    return found


def _is_list(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))
