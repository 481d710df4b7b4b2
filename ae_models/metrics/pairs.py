"""Distances of pairs among images and on a map: of all images, or of a seeded sample that the figure names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.metrics.checks import map_of, mixed
from ae_models.metrics.orders import Index, PixelOrders, PointOrders
from ae_models.metrics.values import Material, NoValue

SAMPLE = 1_500
RESAMPLES = 200
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Distances among some images, ``(m, m)`` each.

    Parameters
    ----------
    rows : (m,) array
        Which images: all of them up to 1,500, else 1,500 drawn with the seed.
    images : (m, m) array
        Euclidean distances of raw pixels.
    points, shuffled : (m, m) arrays
        Euclidean distances on the map, and on the map with its rows shuffled.
    """

    rows: Index
    images: Matrix
    points: Matrix
    shuffled: Matrix

    @property
    def n(self) -> int:
        """How many pairs there are."""
        return len(self.rows) * (len(self.rows) - 1) // 2

    def note(self, material: Material) -> str:
        """Return what the pairs are, in words."""
        return material.kind.say("{pairs:,} pairs of {n:,} {samples}", pairs=self.n, n=len(self.rows))


def pairs_of(material: Material) -> Pairs:
    """Return the pairs of a material; ``NoValue`` when there are too few, or the images are all the same."""
    points, n = map_of(material), len(material.images)
    if n < 3:
        raise NoValue(material.kind.say("it compares pairs and takes at least 3 {samples}: got {n}", n=n))
    rows = np.arange(n) if n <= SAMPLE else np.sort(mixed(material)[:SAMPLE])
    shuffle = np.random.default_rng(material.seed + 1).permutation(len(rows))
    pixels = material.images.pixels[rows].reshape(len(rows), -1)
    every = np.arange(len(rows))
    images = np.sqrt(PixelOrders(pixels).squared(every).astype(np.float64))
    if not images.any():
        raise NoValue(material.kind.say("all {samples} are the same: there are no distances to compare"))
    map_distances = np.sqrt(PointOrders(points[rows]).squared(every))
    np.fill_diagonal(map_distances, 0)
    if not map_distances.any():
        raise NoValue("all sampled points of the map coincide")
    return Pairs(rows, images, map_distances, map_distances[np.ix_(shuffle, shuffle)])


def interval_over_images(
    parts: list[Matrix], figure: Callable[[list[npt.NDArray[np.float64]]], npt.NDArray[np.float64]], seed: int
) -> tuple[float, float]:
    """Return a 95 % bootstrap interval of a figure of sums over pairs, drawing *images*: their pairs come with them.

    Parameters
    ----------
    parts : list of (m, m) arrays
        What is summed over pairs, symmetric.
    figure : callable
        Makes the figure of those sums; it is given one array of sums (a resample each) for each part.
    """
    m = len(parts[0])
    counts = np.random.default_rng(seed).multinomial(m, np.full(m, 1 / m), RESAMPLES).T.astype(np.float64)
    sums = [np.einsum("ij,ij->j", counts, part @ counts) for part in parts]
    low, high = np.percentile(figure(sums), [2.5, 97.5])
    return float(low), float(high)
