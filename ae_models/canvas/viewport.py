"""How a map lies: what a flat map shows of its numbers, and where the camera of a map in space stands."""

from __future__ import annotations

import math

import numpy as np

FARTHEST = 1e6  # further out is no place on a map
ZOOM, CAMERA = 4, 9  # numbers of a viewport

Viewport = tuple[float, ...]  # of a flat map: left, right, bottom, top; of one in space: eye, centre, up
Viewports = tuple[Viewport | None, ...]  # one a map; None: as it lies by itself


def is_viewport(values: Viewport, size: int) -> bool:
    """Say whether numbers are a viewport: a zoom has a width and a height, a camera does not stand in itself.

    Examples
    --------
    >>> is_viewport((0, 1, 2, 3), ZOOM), is_viewport((1, 0, 2, 3), ZOOM), is_viewport((0, 1), ZOOM)
    (True, False, False)
    """
    if len(values) != size or not all(math.isfinite(value) and abs(value) <= FARTHEST for value in values):
        return False
    if size == ZOOM:
        return values[0] < values[1] and values[2] < values[3]
    eye, centre, up = np.reshape(values, (3, 3))
    return bool(np.linalg.norm(np.cross(eye - centre, up)) > 1e-9)
