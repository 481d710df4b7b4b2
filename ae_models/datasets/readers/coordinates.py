"""Ready-made coordinates or codes: a table of numbers with a row an image, perhaps with the images' ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, IntArray, UserError
from ae_models.datasets.readers import table
from ae_models.datasets.readers.archive import members
from ae_models.datasets.readers.arrays import parse_npy
from ae_models.datasets.readers.items import Item, Problems, unpacked
from ae_models.datasets.readers.limits import LIMITS, Budget, Limits
from ae_models.datasets.readers.names import shown
from ae_models.datasets.readers.prepare import whole_numbers
from ae_models.datasets.readers.raw import Values
from ae_models.datasets.readers.recognise import kind_of

MOST_DIMENSIONS = 1_024
_IDS, _POINTS = ("id", "ids", "index"), ("points", "codes", "embedding", "x", "z")


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Points ``(n, k)`` and, where the file has them, the ids of their images ``(n,)``."""

    name: str
    points: FloatArray
    ids: IntArray | None


def coordinates(items: Sequence[Item], limits: Limits = LIMITS) -> Coordinates:
    """Return the points in one NPY, NPZ or CSV file.

    Raises ``UserError`` when it is of another kind, has no rows of numbers, or one is not finite.
    """
    if len(items) != 1:
        raise UserError(f"one file of coordinates is read at a time: got {len(items)}")
    budget = Budget(limits)
    item = unpacked(items[0], budget)
    name, kind = shown(item.name), kind_of(item)
    ids: Values | None = None
    if kind == "npy":
        values = parse_npy(item.content(budget), name, budget)
    elif kind == "zip":
        values, ids = _from_npz(item, budget)
    elif kind == "table":
        values, ids = _from_table(item, budget)
    else:
        raise UserError(f"{name}: is {kind}, where coordinates come as NPY, NPZ or CSV")
    return Coordinates(name, _checked(values, name, budget), None if ids is None else _whole(ids, name))


def _from_npz(item: Item, budget: Budget) -> tuple[Values, Values | None]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        inside = members(item, budget.limits, Problems(), stack)
        arrays = {
            member.name.removesuffix(".npy"): parse_npy(member.content(budget), shown(member.name), budget)
            for member in inside
            if member.name.endswith(".npy")
        }
    named = [arrays[key] for key in _POINTS if key in arrays] or [a for a in arrays.values() if a.ndim == 2]
    if not named:
        raise UserError(f"{shown(item.name)}: holds no array of points: call it 'points' or 'codes'")
    return named[0], next((arrays[key] for key in _IDS if key in arrays), None)


def _from_table(item: Item, budget: Budget) -> tuple[Values, Values | None]:
    part = table.read(item, budget, Problems(), "none", keep_ids=True)
    names = [name.lower() for name in part.columns or ()]
    place = next((names.index(name) for name in _IDS if name in names), None)
    if place is None:
        return part.values, None
    return np.delete(part.values, place, axis=1), part.values[:, place]


def _checked(values: Values, name: str, budget: Budget) -> FloatArray:
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2 or values.dtype.kind not in "biuf":
        raise UserError(f"{name}: holds {values.ndim} sizes of {values.dtype}, where rows of numbers are read")
    if not 1 <= values.shape[1] <= MOST_DIMENSIONS:
        raise UserError(f"{name}: {values.shape[1]:,} numbers a row, where 1 to {MOST_DIMENSIONS:,} are read")
    budget.rows(len(values), name)
    budget.spend(4 * values.size, name)
    with np.errstate(over="ignore"):
        points = values.astype(np.float32)
    bad = ~np.isfinite(points).all(axis=1)
    if bad.any():
        raise UserError(f"{name}: row {int(np.argmax(bad))} (counted from 0) holds a value that is no finite number")
    return points


def _whole(ids: Values, name: str) -> IntArray:
    found = whole_numbers(ids.ravel())
    if found is None or len(np.unique(found)) < len(found):
        raise UserError(f"{name}: ids are whole numbers, and none stands in it twice")
    return found
