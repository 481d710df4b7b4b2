"""Procrustes: aligning one set of points with another by moving, turning, reflecting and scaling it as a whole."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray


def procrustes(points: FloatArray, onto: FloatArray) -> FloatArray:
    r"""Return ``points`` moved, turned (or reflected) and scaled so that they lie on ``onto`` as nearly as they can.

    Minimises :math:`\sum_i \lVert s\, p_i R + t - q_i \rVert^2` over scale s, orthogonal R and shift t; row i of one
    set belongs to row i of the other. Points that all coincide are moved only.

    Parameters
    ----------
    points, onto : (n, d) arrays

    References
    ----------
    Schönemann 1966, "A generalized solution of the orthogonal Procrustes problem"; Gower & Dijksterhuis 2004.

    Examples
    --------
    >>> square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], "f")
    >>> turned = square @ np.array([[0, 2], [-2, 0]], "f") + 5
    >>> bool(np.allclose(procrustes(turned, square), square, atol=1e-5))
    True
    """
    p, q = points.astype(np.float64), onto.astype(np.float64)
    p_mean, q_mean = p.mean(axis=0), q.mean(axis=0)
    p, q = p - p_mean, q - q_mean
    size = (p**2).sum()
    if size < 1e-12:
        return np.asarray(p + q_mean, np.float32)
    left, singular, right = np.linalg.svd(p.T @ q)
    return np.asarray(p @ (left @ right) * (singular.sum() / size) + q_mean, np.float32)


def carried(more: FloatArray, points: FloatArray, aligned: FloatArray) -> FloatArray:
    """Return ``more`` points moved as ``points`` were when they were ``aligned``; ``(m, d)``, ``(n, d)``, ``(n, d)``.

    The move is read from the points themselves, by least squares over all affine ones: exact for what ``procrustes``
    did, where the points span the plane.

    Examples
    --------
    >>> square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], "f")
    >>> bool(np.allclose(carried(square[:1] + 0.5, square, 3 * square + 1), [[2.5, 2.5]]))
    True
    """
    ones = np.ones((len(points), 1))
    move, *_ = np.linalg.lstsq(np.hstack([points.astype(np.float64), ones]), aligned.astype(np.float64), rcond=None)
    return np.asarray(np.hstack([more.astype(np.float64), np.ones((len(more), 1))]) @ move, np.float32)
