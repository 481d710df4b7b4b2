"""Do pairs that are far apart in the images lie far apart on the map? By ranks of distances."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.metrics.estimates import by_class, over_samples
from ae_models.metrics.pairs import RESAMPLES, Matrix, interval_over_images, pairs_of
from ae_models.metrics.values import Material, Metric, NoValue, Value

SPEARMAN = Metric(
    f"{__name__}:spearman",
    "Far stays far (Spearman)",
    "do pairs that are far apart in the {samples} lie far apart on the map?",
    group="global",
    direction="higher",
    low=-1.0,
    chance="measured: the same map with its rows shuffled; about 0",
    unit="none",
    formula="Pearson correlation of the ranks of {sample} and map distances; ties share their mean rank",
    reference="Spearman 1904; Sidney & Castellan 1988",
    says="Order of distances: {value}, where 1 is the same order and 0 none.",
    per_point=True,
    needs=("points",),
)


def spearman(material: Material) -> Value:
    """Return the rank correlation of the distances between images and those on the map, over pairs.

    Only the order of distances counts: a map may be scaled and moved. The figure of one image is the same for its
    distances to the sampled images; images that are not in the sample have none.
    """
    from scipy.stats import rankdata

    pairs = pairs_of(material)
    upper = np.triu_indices(len(pairs.rows), 1)
    ranks = [rankdata(distances[upper]) for distances in (pairs.images, pairs.points, pairs.shuffled)]
    if np.ptp(ranks[0]) == 0 or np.ptp(ranks[1]) == 0:
        raise NoValue("all distances are the same: they have no order")
    images, points, shuffled = (_square(rank - rank.mean(), upper, len(pairs.rows)) for rank in ranks)
    every = _per_image(material, pairs.rows, pairs.images, pairs.points)
    return Value(
        value=_correlation(images, points),
        chance=_correlation(images, shuffled),
        chance_n=len(pairs.rows),
        n=pairs.n,
        of="pairs",
        seed=material.seed,
        interval=interval_over_images([images * points, images**2, points**2], _of_sums, material.seed),
        interval_how=over_samples(material, RESAMPLES),
        per_point=every.astype(np.float32),
        by_class=by_class(every, material),
        note=pairs.note(material),
    )


def _square(values: npt.NDArray[Any], upper: tuple[npt.NDArray[np.intp], ...], m: int) -> Matrix:
    matrix = np.zeros((m, m))
    matrix[upper] = values
    return matrix + matrix.T


def _correlation(one: Matrix, other: Matrix) -> float:
    return float(_of_sums([np.vdot(one, other), np.vdot(one, one), np.vdot(other, other)]))


def _of_sums(sums: Any) -> Any:
    return sums[0] / np.sqrt(np.maximum(sums[1] * sums[2], 1e-300))


def _per_image(material: Material, rows: npt.NDArray[np.intp], images: Matrix, points: Matrix) -> Matrix:
    """Return the rank correlation of each sampled image's own distances, ``(n,)``; NaN elsewhere."""
    from scipy.stats import rankdata

    others = ~np.eye(len(rows), dtype=bool)
    one, other = (rankdata(part[others].reshape(len(rows), -1), axis=1) for part in (images, points))
    one, other = one - one.mean(axis=1, keepdims=True), other - other.mean(axis=1, keepdims=True)
    found = np.full(len(material.images), np.nan)
    sums = [np.einsum("ij,ij->i", first, second) for first, second in ((one, other), (one, one), (other, other))]
    with np.errstate(invalid="ignore", divide="ignore"):  # an image as far from all others has no order
        found[rows] = np.where(sums[1] * sums[2] > 0, sums[0] / np.sqrt(sums[1] * sums[2]), np.nan)
    return found
