"""Trustworthiness: are the neighbours on the map real neighbours? An answer for each image and for all."""

from __future__ import annotations

from ae_models.metrics.shares import neighbour_value, penalty_share
from ae_models.metrics.values import Material, Metric, Value

TRUSTWORTHINESS = Metric(
    f"{__name__}:trustworthiness",
    "Trustworthiness",
    "are the neighbours you see on the map real neighbours?",
    group="neighbourhood",
    direction="higher",
    chance="measured: the same map with its rows shuffled; about .50",
    unit="none",
    formula="1 - 2 / (n k (2n - 3k - 1)) sum over i, over j near i on the map only, of (r(i, j) - k)",
    reference="Venna & Kaski 2001; Kaski et al. 2003",
    says="Neighbours on the map are real neighbours to {value}; a shuffled map has {chance}.",
    per_point=True,
    needs=("ranks",),
    decimals=4,
)


def trustworthiness(material: Material) -> Value:
    r"""Return 1 less a penalty for every neighbour on the map that is none among the images.

    :math:`T(k) = 1 - \frac{2}{nk(2n - 3k - 1)} \sum_i \sum_{j \in U_k(i)} (r(i, j) - k)`, where :math:`U_k(i)` are
    those of the k nearest points of i on the map that are not among its k nearest images, and r(i, j) is the rank of j
    among the images. 1 is perfect, a shuffled map has about .5, 0 is the worst that can be. Ties: see ``orders.py``.

    References
    ----------
    Venna & Kaski 2001, "Neighborhood preservation in nonlinear projection methods: an experimental study".
    """
    return neighbour_value(material, lambda found: penalty_share(found, found.intruders))
