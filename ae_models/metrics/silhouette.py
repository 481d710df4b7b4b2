"""Do the classes form separate islands on the map? Over all pairs, in blocks: 50,000 points in seconds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, IntArray
from ae_models.metrics.checks import classes_of, map_of, mixed
from ae_models.metrics.estimates import mean_value
from ae_models.metrics.values import Material, Metric, NoValue, Value

SILHOUETTE = Metric(
    f"{__name__}:silhouette",
    "Islands (silhouette)",
    "do the classes form separate islands on the map?",
    group="labels",
    direction="higher",
    low=-1.0,
    chance="measured: the same map with its rows shuffled; a little below 0",
    unit="none",
    formula="mean of (b - a) / max(a, b): a, mean distance to the own class; b, to the nearest other class",
    reference="Rousseeuw 1987",
    says="Separation of the classes: {value}, where 1 is far islands and 0 is overlap.",
    per_point=True,
    needs=("points", "labels"),
)


CHANCE_IMAGES = 1_000
_ROWS, _COLUMNS = 256, 1_024  # a block of distances stays in the processor's cache


def silhouette(material: Material) -> Value:
    """Return the mean silhouette of the points with the class labels as clusters; Euclidean distances.

    1 is far and tight islands, 0 overlap, below 0 points nearer to another class than to their own.
    """
    points, labels = map_of(material), classes_of(material)
    if len(np.unique(labels)) >= len(labels):
        raise NoValue(material.kind.say("every {sample} is a class of its own: nothing forms an island"))
    some = mixed(material)[:CHANCE_IMAGES]
    chance, drawn = None, labels[: len(some)]
    if 2 <= len(np.unique(drawn)) < len(drawn):
        chance = float(silhouettes(points[some], drawn).mean())
    return mean_value(silhouettes(points, labels), material, chance=chance, chance_n=len(some))


def silhouettes(points: FloatArray, labels: IntArray, threads: int = 1) -> npt.NDArray[np.float64]:
    """Return the silhouette of each point, ``(n,)`` in [-1, 1], over all pairs of ``points (n, d)``.

    scikit-learn needs minutes for 50,000 points. Here distances live for a block only, and their sums over classes
    are a matrix product. Squares are exact to float64, distances are kept in float32: within 1e-5 of scikit-learn.
    A point alone in its class has 0, and so has one whose own and nearest other class are both at distance 0.

    Parameters
    ----------
    points : (n, d) array
        Finite numbers.
    labels : (n,) array of int
        Classes, at least two.
    threads : int
        Blocks worked on at once.

    Raises
    ------
    ValueError
        When all labels are alike: there is no other class.
    """
    from threadpoolctl import threadpool_limits

    names, own = np.unique(labels, return_inverse=True)
    if len(names) < 2:
        raise ValueError(f"silhouettes need at least 2 classes: got {len(names)}")
    exact = points.reshape(len(points), -1).astype(np.float64)
    exact -= exact.mean(axis=0)  # the nearer to 0, the fewer digits are lost below
    squares = (exact**2).sum(axis=1)
    members = np.eye(len(names), dtype=np.float32)[own]  # (n, n_classes)
    sizes = np.bincount(own).astype(np.float64)
    starts = range(0, len(exact), _ROWS)

    def block(start: int) -> npt.NDArray[np.float64]:
        rows = slice(start, start + _ROWS)
        mine = np.arange(len(own[rows])), own[rows]
        means = _class_sums(exact[rows], squares[rows], exact, squares, members)
        alone = sizes[own[rows]] < 2
        inside = means[mine] / np.maximum(sizes[own[rows]] - 1, 1)
        means /= sizes
        means[mine] = np.inf
        outside = means.min(axis=1)
        larger = np.maximum(inside, outside)
        found = np.divide(outside - inside, larger, out=np.zeros_like(larger), where=larger > 0)
        return np.where(alone, 0.0, found)

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(block, starts)))


def _class_sums(
    some: npt.NDArray[np.float64],
    some_squares: npt.NDArray[np.float64],
    every: npt.NDArray[np.float64],
    every_squares: npt.NDArray[np.float64],
    members: FloatArray,
) -> npt.NDArray[np.float64]:
    """Return sums of the distances from ``some`` points to all members of each class, ``(m, n_classes)``."""
    sums = np.zeros((len(some), members.shape[1]))
    for start in range(0, len(every), _COLUMNS):
        columns = slice(start, start + _COLUMNS)
        squared = some @ every[columns].T  # (m, columns)
        squared *= -2
        squared += every_squares[columns]
        squared += some_squares[:, None]
        distances = squared.astype(np.float32)
        np.maximum(distances, 0, out=distances)
        np.sqrt(distances, out=distances)
        sums += distances @ members[columns]
    return sums
