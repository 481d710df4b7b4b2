"""Neighbourhoods of every size, from the co-ranking matrix: Q_NX, R_NX and the area under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ae_models.metrics.estimates import mean_interval, over_samples
from ae_models.metrics.ranks import Neighbourhood
from ae_models.metrics.values import Material, Metric, Value

Curve = npt.NDArray[np.float64]

Q_LOCAL = Metric(
    f"{__name__}:q_local",
    "Local quality (Q_NX)",
    "neighbours kept, averaged over the small neighbourhoods where the map is better than chance by most",
    group="neighbourhood",
    direction="higher",
    chance="measured: the same map with its rows shuffled",
    unit="share",
    formula="mean of Q_NX(K) for K = 1 .. argmax (Q_NX(K) - K / (n - 1))",
    reference="Lee & Verleysen 2009",
    says="In small neighbourhoods, {percent} of the neighbours are kept.",
    needs=("ranks",),
)

R_NX = Metric(
    f"{__name__}:r_nx",
    "Neighbours kept above chance (R_NX)",
    "neighbours kept, measured so that a random map has 0 and a perfect one 1",
    group="neighbourhood",
    direction="higher",
    low=-1.0,
    chance="measured: the same map with its rows shuffled; about 0",
    unit="none",
    formula="R_NX(k) = ((n - 1) Q_NX(k) - k) / (n - 1 - k)",
    reference="Lee & Verleysen 2009; Lee, Peluffo-Ordóñez & Verleysen 2015",
    says="With {k} neighbours the map is {percent} of the way from chance to perfect.",
    needs=("ranks",),
)

R_NX_AUC = Metric(
    f"{__name__}:r_nx_auc",
    "All neighbourhood sizes (AUC of R_NX)",
    "neighbours kept above chance, over every neighbourhood size, small ones counting most",
    group="neighbourhood",
    direction="higher",
    low=-1.0,
    chance="measured: the same map with its rows shuffled; about 0",
    unit="none",
    formula="sum over K = 1 .. n - 2 of R_NX(K) / K, divided by sum of 1 / K",
    reference="Lee, Peluffo-Ordóñez & Verleysen 2015",
    says="Over all neighbourhood sizes the map is {percent} of the way from chance to perfect.",
    needs=("ranks",),
)


def q_nx_curve(found: Neighbourhood) -> Curve:
    """Return Q_NX(K) for K = 1 .. n - 1: the mean share of K nearest images among K nearest points; the last is 1.

    References
    ----------
    Lee & Verleysen 2009, "Quality assessment of dimensionality reduction: rank-based criteria".
    """
    sizes = np.arange(1, found.n)
    return np.asarray(np.cumsum(found.pairs) / (sizes * len(found.rows)), np.float64)


def r_nx_curve(found: Neighbourhood) -> Curve:
    """Return R_NX(K) for K = 1 .. n - 2: Q_NX freed of chance, ((n - 1) Q_NX(K) - K) / (n - 1 - K).

    1 is perfect, 0 is what a random map has on average, below 0 is worse.
    """
    sizes = np.arange(1, found.n - 1)
    return np.asarray(((found.n - 1) * q_nx_curve(found)[:-1] - sizes) / (found.n - 1 - sizes), np.float64)


def r_nx_area(found: Neighbourhood) -> float:
    """Return the area under R_NX(K) with K on a logarithmic axis: the mean weighted by 1 / K.

    References
    ----------
    Lee, Peluffo-Ordóñez & Verleysen 2015, "Multi-scale similarities in stochastic neighbour embedding".
    """
    weights = 1 / np.arange(1, found.n - 1)
    return float((r_nx_curve(found) * weights).sum() / weights.sum())


def local_size(found: Neighbourhood) -> int:
    """Return the K where Q_NX(K) - K / (n - 1) is largest: how far a map's local quality reaches."""
    sizes = np.arange(1, found.n)
    return int(np.argmax(q_nx_curve(found) - sizes / (found.n - 1))) + 1


def q_local(material: Material) -> Value:
    """Return the mean of Q_NX(K) for K up to where the map is better than chance by most."""
    size = local_size(material.ranks)
    return _value(
        material, lambda found: float(q_nx_curve(found)[: local_size(found)].mean()), f"neighbourhoods up to {size:,}"
    )


def r_nx(material: Material) -> Value:
    """Return R_NX(k)."""
    found: Neighbourhood = material.ranks
    value = _value(material, lambda found: float(r_nx_curve(found)[found.k - 1]), f"k = {found.k}")
    low, high = mean_interval(found.kept / found.k, material.seed)
    stretch = (found.n - 1) / (found.n - 1 - found.k)
    ends = tuple(stretch * end - found.k / (found.n - 1 - found.k) for end in (low, high))
    return replace(value, k=found.k, interval=(ends[0], ends[1]), interval_how=over_samples(material))


def r_nx_auc(material: Material) -> Value:
    """Return the area under R_NX with weights 1 / K, over all K from 1 to n - 2."""
    return _value(material, r_nx_area, f"all neighbourhood sizes up to {material.ranks.n - 2:,}")


def _value(material: Material, figure: Callable[[Neighbourhood], float], note: str) -> Value:
    found: Neighbourhood = material.ranks
    return Value(
        value=figure(found),
        chance=None if found.chance is None else figure(found.chance),
        chance_n=0 if found.chance is None else len(found.chance.rows),
        n=found.n,
        of=material.kind.samples,
        seed=material.seed,
        curve=_curve(found),
        note=note,
    )


def _curve(found: Neighbourhood, points: int = 200) -> dict[str, npt.NDArray[np.float64]]:
    """Return the curves at up to ``points`` sizes, evenly spread on a logarithmic axis."""
    sizes = np.unique(np.rint(np.geomspace(1, found.n - 2, points)).astype(np.int64))
    return {
        "k": sizes.astype(np.float64),
        "q_nx": q_nx_curve(found)[sizes - 1],
        "r_nx": r_nx_curve(found)[sizes - 1],
    }
