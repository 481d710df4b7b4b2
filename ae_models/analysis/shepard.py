"""The Shepard diagram as a density: distances on a map against distances between the images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, UserError

ROWS, BINS = 500, 80


@dataclass(frozen=True, eq=False)
class ImagePairs:
    """Distances between some images and all of them: what every map of those images is held against.

    Parameters
    ----------
    rows : (m,) array of int
        The images that were asked, of ``n``.
    distances : (m, n) array
        Euclidean, between pixels.
    seed : int
    """

    rows: npt.NDArray[np.intp]
    distances: FloatArray
    seed: int

    @property
    def n_pairs(self) -> int:
        """How many pairs of two different images there are."""
        return self.distances.size - len(self.rows)


@dataclass(frozen=True, eq=False)
class ShepardDensity:
    """How many pairs lie where.

    Parameters
    ----------
    counts : (bins, bins) array of int
        First axis: distance on the map; second: distance between the images.
    most : float
        Both axes run from 0 to this.
    scale : float
        The map's distances were multiplied by this, which brings them nearest to those of the images.
    beyond : int
        Pairs farther apart on the map than ``most``: not in ``counts``.
    """

    counts: npt.NDArray[np.int64]
    most: float
    scale: float
    beyond: int


def image_pairs(flat: FloatArray, *, rows: int = ROWS, seed: int = 0) -> ImagePairs:
    """Return distances between ``rows`` images drawn with ``seed`` (all, where there are fewer) and all images.

    Parameters
    ----------
    flat : (n, n_pixels) array

    Raises
    ------
    UserError
        For fewer than two images, or a pixel that is no finite number.
    """
    if len(flat) < 2:
        raise UserError(f"distances need two images at least: got {len(flat)}")
    if not np.isfinite(flat).all():
        raise UserError("distances need finite pixels: some are not")
    chosen = np.sort(np.random.default_rng(seed).permutation(len(flat))[:rows])
    return ImagePairs(chosen, _distances(flat, chosen), seed)


def shepard(pairs: ImagePairs, points: FloatArray, *, bins: int = BINS) -> ShepardDensity:
    r"""Return the Shepard diagram of a map, its distances scaled by :math:`a = \sum D d / \sum d^2`.

    D are distances between images, d those on the map; a is the size at which their squared difference is least.

    Parameters
    ----------
    points : (n, d) array
        Row i belongs to image i.

    Raises
    ------
    UserError
        For points that are not finite, or that all coincide.

    References
    ----------
    Shepard 1962; de Leeuw & Mair 2015, "Shepard diagram".
    """
    if not np.isfinite(points).all():
        raise UserError("the map has points that are no finite numbers")
    on_map = _distances(points, pairs.rows)
    size = float(np.einsum("ij,ij->", on_map, on_map, dtype=np.float64))
    if size <= 0:
        raise UserError("all points of the map coincide: there are no distances")
    scale = float(np.einsum("ij,ij->", pairs.distances, on_map, dtype=np.float64)) / size
    most = float(pairs.distances.max()) * 1.02 or 1.0
    step = most / bins
    x = np.minimum(pairs.distances / step, bins - 1).astype(np.int32)
    y = (on_map * (scale / step)).astype(np.int32)
    inside = y < bins
    inside[np.arange(len(pairs.rows)), pairs.rows] = False  # an image and itself are no pair
    counts = np.bincount(y[inside] * bins + x[inside], minlength=bins * bins).reshape(bins, bins)
    return ShepardDensity(counts.astype(np.int64), most, scale, pairs.n_pairs - int(counts.sum()))


def _distances(points: FloatArray, rows: npt.NDArray[np.intp]) -> FloatArray:
    """Return distances ``(m, n)`` by ``|a|^2 - 2ab + |b|^2`` in double precision about the mean."""
    wide = points.astype(np.float64) - points.mean(axis=0, dtype=np.float64)
    norms = np.einsum("ij,ij->i", wide, wide)
    squared = norms[rows, None] + norms[None] - 2.0 * (wide[rows] @ wide.T)
    squared[np.arange(len(rows)), rows] = 0.0
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)), np.float32)
