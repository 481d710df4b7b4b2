"""How much a map bends distances, at the size that suits it best."""

from __future__ import annotations

from typing import Any

import numpy as np

from ae_models.metrics.estimates import over_samples
from ae_models.metrics.pairs import RESAMPLES, Matrix, interval_over_images, pairs_of
from ae_models.metrics.values import Material, Metric, Value

STRESS = Metric(
    f"{__name__}:stress",
    "Distances bent (stress)",
    "how much distances on the map differ from those between the {samples}, at the map's best size",
    group="global",
    direction="lower",
    chance="measured: the same map with its rows shuffled",
    unit="none",
    formula="min over a of sqrt(sum (D - a d)^2 / sum D^2) = sqrt(1 - (sum D d)^2 / (sum D^2 sum d^2))",
    reference="Kruskal 1964; Smelser, Miller & Kobourov 2024",
    says="At its best size the map bends distances by {percent}.",
    needs=("points",),
)


def stress(material: Material) -> Value:
    """Return the stress of the map after scaling it so that the stress is least.

    Raw stress rewards small maps: scaling a map changes it, though the picture stays the same. The best scale is
    a = sum D d / sum d^2, so that scaling, moving and turning the map change nothing. 0 keeps all distances.
    """
    pairs = pairs_of(material)
    images, points = pairs.images, pairs.points
    parts = [images * points, images**2, points**2]
    return Value(
        value=_stress(images, points),
        chance=_stress(images, pairs.shuffled),
        chance_n=len(pairs.rows),
        n=pairs.n,
        of="pairs",
        seed=material.seed,
        interval=interval_over_images(parts, _of_sums, material.seed),
        interval_how=over_samples(material, RESAMPLES),
        note=pairs.note(material),
    )


def _stress(images: Matrix, points: Matrix) -> float:
    return float(_of_sums([np.vdot(images, points), np.vdot(images, images), np.vdot(points, points)]))


def _of_sums(sums: Any) -> Any:
    return np.sqrt(np.maximum(1 - sums[0] ** 2 / np.maximum(sums[1] * sums[2], 1e-300), 0))
