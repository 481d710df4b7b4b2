"""The same thing done five times: how alike the maps are, and whether a map tells classes that nobody told it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from ae_models.base import FloatArray, IntArray
from ae_models.base.procrustes import procrustes

_Map = TypeVar("_Map")


def laid_share(points: FloatArray, onto: FloatArray) -> float:
    r"""Return what of one map ``(n, d)`` another one explains when it is turned, flipped, moved and scaled onto it.

    :math:`1 - \sum\lVert\hat q - q\rVert^2 / \sum\lVert q - \bar q\rVert^2`: 1 is the same map, 0 nothing in common.
    """
    target = onto.astype(np.float64)
    left = np.square(procrustes(points, onto) - target).sum()
    return float(1 - left / max(np.square(target - target.mean(axis=0)).sum(), 1e-12))


def axis_likeness(points: FloatArray, other: FloatArray) -> float:
    """Return how alike the axes of two maps ``(n, d)`` are as they stand: the least absolute correlation of a pair."""
    d = points.shape[1]
    return float(min(abs(np.corrcoef(points[:, dim], other[:, dim])[0, 1]) for dim in range(d)))


def nearest_rows(points: FloatArray, k: int) -> IntArray:
    """Return the ``k`` nearest other rows of each of the points ``(n, d)``, d being small: ``(n, k)``."""
    from scipy.spatial import cKDTree

    found = cKDTree(points).query(points, k + 1)[1]
    own = found == np.arange(len(points))[:, None]
    own[~own.any(axis=1), -1] = True  # several points in one place: leave the last one out
    return np.asarray(found[~own].reshape(len(points), k))


def neighbours_shared(points: FloatArray, other: FloatArray, k: int = 10) -> float:
    """Return the share of the k nearest neighbours on one map that are so on the other; chance is k / (n - 1)."""
    return rows_shared(nearest_rows(points, k), nearest_rows(other, k))


def rows_shared(ours: IntArray, theirs: IntArray) -> float:
    """Return the share of neighbours ``(n, k)`` in one list that are in the other one, row by row."""
    return float((ours[:, :, None] == theirs[:, None, :]).any(axis=2).mean())


def same_class(points: FloatArray, labels: IntArray) -> float:
    """Return the share of points ``(n, d)`` whose nearest other point is of their class."""
    return float(np.mean(labels[nearest_rows(points, 1)[:, 0]] == labels))


def pca_of_parts(rows: FloatArray, n_parts: int, k: int = 2, seed: int = 0) -> list[FloatArray]:
    """Return the codes ``(n, k)`` of all rows under PCA fitted on random parts of them that share no row."""
    found = []
    for chosen in np.array_split(np.random.default_rng(seed).permutation(len(rows)), n_parts):
        part = rows[chosen]
        centred = part - part.mean(axis=0)
        axes = _leading_axes(centred.T @ centred, k)
        found.append(np.asarray((rows - part.mean(axis=0)) @ axes, np.float32))
    return found


def _leading_axes(covariance: FloatArray, k: int, steps: int = 100) -> FloatArray:
    """Return the eigenvectors ``(p, k)`` of the largest eigenvalues, by orthogonal iteration on a few more."""
    block = min(k + 4, len(covariance))
    axes = np.linalg.qr(covariance[:, np.argsort(-np.diag(covariance))[:block]])[0]
    for _ in range(steps):
        axes = np.linalg.qr(covariance @ axes)[0]
    _, turned = np.linalg.eigh(axes.T @ covariance @ axes)
    return np.asarray((axes @ turned[:, ::-1])[:, :k], np.float32)


def chance_of_class(labels: IntArray) -> float:
    """Return how often two different images drawn at random are of one class."""
    counts = np.unique(labels, return_counts=True)[1].astype(np.float64)
    n = len(labels)
    return float((counts * (counts - 1)).sum() / (n * (n - 1)))


def mean_pair(maps: Sequence[_Map], measure: Callable[[_Map, _Map], float]) -> float:
    """Return the mean of ``measure(a, b)`` over all ordered pairs of different maps."""
    return float(np.mean([measure(a, b) for a in maps for b in maps if a is not b]))
