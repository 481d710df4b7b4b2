"""How many of the nearest pictures are nearest on the map too."""

from __future__ import annotations

from ae_models.metrics.shares import neighbour_value
from ae_models.metrics.values import Material, Metric, Value

NEIGHBOUR_RECALL = Metric(
    f"{__name__}:neighbour_recall",
    "Neighbours kept (recall at k)",
    "of each {picture}'s nearest {pictures}, how many are nearest on the map too?",
    group="neighbourhood",
    direction="higher",
    chance="measured: the same map with its rows shuffled; about k / (n - 1)",
    unit="share",
    formula="Q_NX(k): mean over {samples} of |near in the {samples} and on the map| / k",
    reference="Lee & Verleysen 2009",
    says="Of each {picture}'s {k} nearest {pictures}, {of_k} on average are among its {k} nearest on the map.",
    per_point=True,
    needs=("ranks",),
)


def neighbour_recall(material: Material) -> Value:
    """Return the mean share of each image's k nearest images that are among its k nearest points: Q_NX(k)."""
    return neighbour_value(material, lambda found: found.kept / found.k)
