"""The neighbours of one image: who is near among the images, who is near on a map, who was kept and who is false."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, UserError
from ae_models.base.neighbors import nearest_rows


@dataclass(frozen=True, eq=False)
class Moved:
    """Neighbours of one image on one map.

    Parameters
    ----------
    rows : (k,) array of int
        The nearest on the map, nearest first, without the image itself.
    kept : (k,) array of bool
        Which of them are among the k nearest images too; the others are false neighbours.
    lost : array of int
        The nearest images that are not among them.
    """

    rows: npt.NDArray[np.intp]
    kept: npt.NDArray[np.bool_]
    lost: npt.NDArray[np.intp]


def neighbours_of(row: int, points: FloatArray, k: int) -> npt.NDArray[np.intp]:
    """Return the ``k`` rows nearest to one row, nearest first, without itself; equal distances keep the file's order.

    Raises
    ------
    UserError
        When there are not that many others, or no such row.
    """
    if not 0 <= row < len(points):
        raise UserError(f"the image must be one of {len(points):,}: got {row}")
    if not 1 <= k < len(points):
        raise UserError(f"k must be at least 1 and below the {len(points):,} images: got {k}")
    found, _ = nearest_rows(points[row], points, k + 1)
    others: npt.NDArray[np.intp] = found[found != row][:k]
    return others


def moved(row: int, images: FloatArray, points: FloatArray, k: int) -> Moved:
    """Return what a map made of the ``k`` neighbours of one image.

    Parameters
    ----------
    images : (n, n_pixels) array
    points : (n, d) array
    """
    true, near = neighbours_of(row, images, k), neighbours_of(row, points, k)
    return Moved(near, np.isin(near, true), true[~np.isin(true, near)])
