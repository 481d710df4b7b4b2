"""Continuity: are real neighbours still neighbours on the map? An answer for each image and for all."""

from __future__ import annotations

from ae_models.metrics.shares import neighbour_value, penalty_share
from ae_models.metrics.values import Material, Metric, Value

CONTINUITY = Metric(
    f"{__name__}:continuity",
    "Continuity",
    "are real neighbours still neighbours on the map?",
    group="neighbourhood",
    direction="higher",
    chance="measured: the same map with its rows shuffled; about .50",
    unit="none",
    formula="1 - 2 / (n k (2n - 3k - 1)) sum over i, over j near i in the {samples} only, of (map rank - k)",
    reference="Venna & Kaski 2001; Kaski et al. 2003",
    says="Real neighbours stay together on the map to {value}; a shuffled map has {chance}.",
    per_point=True,
    needs=("ranks",),
    decimals=4,
)


def continuity(material: Material) -> Value:
    r"""Return 1 less a penalty for every neighbour among the images that the map has put away.

    It is trustworthiness with images and map exchanged: :math:`C(k) = 1 - \frac{2}{nk(2n - 3k - 1)} \sum_i
    \sum_{j \in V_k(i)} (\hat r(i, j) - k)`, where :math:`V_k(i)` are those of the k nearest images of i that are not
    among its k nearest points, and :math:`\hat r` is the rank on the map.

    References
    ----------
    Venna & Kaski 2001, "Neighborhood preservation in nonlinear projection methods: an experimental study".
    """
    return neighbour_value(material, lambda found: penalty_share(found, found.lost))
