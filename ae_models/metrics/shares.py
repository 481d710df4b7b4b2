"""From counts of the shared pass to the figures of single images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ae_models.metrics.estimates import mean_value
from ae_models.metrics.orders import Index
from ae_models.metrics.ranks import Neighbourhood
from ae_models.metrics.values import Material, Value

PerPoint = npt.NDArray[np.float64]


def penalty_share(found: Neighbourhood, penalties: Index) -> PerPoint:
    """Return 1 - penalty / the largest there can be, ``(m,)``, each from 0 to 1.

    At worst a point's k neighbours have the ranks n - k to n - 1: together k (2n - 3k - 1) / 2 above k.
    """
    return np.asarray(1 - penalties * (2 / (found.k * (2 * found.n - 3 * found.k - 1))), np.float64)


def neighbour_value(material: Material, share: Callable[[Neighbourhood], PerPoint]) -> Value:
    """Return the mean over images of a share, with the chance level of the same map with its rows shuffled."""
    found: Neighbourhood = material.ranks
    chance = found.chance
    return mean_value(
        share(found),
        material,
        chance=None if chance is None else float(share(chance).mean()),
        chance_n=0 if chance is None else len(chance.rows),
        k=found.k,
        note=f"k = {found.k}",
    )
