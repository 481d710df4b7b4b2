"""Laying a drawing in a frame as MNIST's digits lie: fitted into a box, anti-aliased, centred by its mass.

MNIST's makers fitted each digit into 20 x 20 pixels, keeping its proportions, and laid its centre of mass on the centre
of 28 x 28. The page does the same in JavaScript (``centring.js``); one list of examples tests both.

References
----------
LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition", section III.
"""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray, UserError

TRACE = 1 / 64  # of the darkest ink: fainter is paper
_TIE = 1e-6  # pixels: a symmetrical drawing lies half way between two places, and rounding must not choose


def centred(ink: FloatArray, size: tuple[int, int], box: int) -> FloatArray:
    """Return ink ``(h, w)`` in [0, 1], 0 for paper, laid in a frame ``(height, width)``.

    The ink's bounding box is scaled so that its longer side is ``box`` pixels, each new pixel the mean of what it
    covers. It is then moved by whole pixels so that its centre of mass is within half a pixel of
    ``(height / 2, width / 2)``, in the coordinates in which pixel 0 lies at 0; less where ink would leave the frame.

    Parameters
    ----------
    ink : (h, w) array
    size : (height, width)
    box : int
        At most the smaller side of the frame.

    Raises
    ------
    UserError
        If there is no ink.

    Examples
    --------
    >>> centred(np.array([[0, 0, 0], [0, 1, 0]], "f"), (4, 4), 3)
    array([[0., 0., 0., 0.],
           [0., 1., 1., 1.],
           [0., 1., 1., 1.],
           [0., 1., 1., 1.]], dtype=float32)
    """
    top, bottom, left, right = _bounding_box(ink)
    cut = ink[top:bottom, left:right].astype(np.float64)
    scale = box / max(cut.shape)
    height, width = (max(1, int(side * scale + 0.5)) for side in cut.shape)
    small = _covering(cut.shape[0], height) @ cut @ _covering(cut.shape[1], width).T
    y = _start(small.sum(axis=1), size[0])
    x = _start(small.sum(axis=0), size[1])
    framed = np.zeros(size, np.float32)
    framed[y : y + height, x : x + width] = small
    return framed


def box_of(images: FloatArray) -> int:
    """Return the side of the box that images ``(n, c, h, w)`` fill: the median over images of their longer side.

    20 for MNIST, whatever the size of the frame.
    """
    ink = images.max(axis=1) > TRACE  # (n, h, w)
    sides = [_extent(ink.any(axis=axis)) for axis in (1, 2)]
    return max(1, int(np.median(np.maximum(*sides))))


def _extent(touched: np.ndarray) -> np.ndarray:
    """Return the distance from the first to the last True of each row, both counted."""
    n = touched.shape[1]
    found: np.ndarray = np.where(touched.any(axis=1), n - touched.argmax(axis=1) - touched[:, ::-1].argmax(axis=1), 0)
    return found


def _bounding_box(ink: FloatArray) -> tuple[int, int, int, int]:
    dark = ink > TRACE * float(ink.max(initial=0))
    if not dark.any():
        raise UserError("there is no ink: draw something, or take another picture")
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _covering(n: int, m: int) -> np.ndarray:
    """Return weights ``(m, n)``: the share of each of n old pixels in the mean of each of m new ones; rows sum to 1."""
    edges = np.arange(m + 1) * (n / m)
    old = np.arange(n)
    overlap = np.minimum(edges[1:, None], old + 1) - np.maximum(edges[:-1, None], old)
    return np.asarray(np.maximum(overlap, 0) * (m / n))


def _start(mass: np.ndarray, frame: int) -> int:
    """Return where a piece with this mass along one side begins in the frame."""
    centre = float(mass @ np.arange(len(mass)) / mass.sum())
    return int(min(max(np.floor(frame / 2 - centre + 0.5 + _TIE), 0), frame - len(mass)))
