"""What one number of a code does: how far it moves the picture, what losing it costs, how much it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray
from ae_models.base.squared_errors import sse

DEAD = 1e-3  # of the strongest unit's weight: below it, a picture does not change visibly


@dataclass(frozen=True, eq=False)
class SwitchOff:
    """What it costs to set units to their mean over the data.

    Parameters
    ----------
    base : float
        SSE with all units on: summed over pixels, averaged over images.
    costs : (latent_dim,) array
        How much the SSE grows with this one unit off. Below 0 where the unit does harm.
    together : float
        How much it grows with all units off. Equal to ``costs.sum()`` for PCA, whose effects add up; not for a net.
    """

    base: float
    costs: npt.NDArray[np.float64]
    together: float


def switch_off(decode: Callable[[FloatArray], FloatArray], codes: FloatArray, images: FloatArray) -> SwitchOff:
    r"""Return the cost of each unit: :math:`SSE(x, D(z_{i \to \bar z_i})) - SSE(x, D(z))`.

    Parameters
    ----------
    decode : callable
        Codes ``(n, latent_dim)`` to images ``(n, c, h, w)``.
    codes : (n, latent_dim) array
    images : (n, c, h, w) array
        What the decoder should answer.

    Examples
    --------
    >>> images = np.array([[3, 0], [-3, 1]], "f")[:, None, None]
    >>> found = switch_off(lambda codes: codes[:, None, None], images[:, 0, 0], images)
    >>> found.base, found.costs, found.together
    (0.0, array([9.  , 0.25]), 9.25)
    """
    mean = codes.mean(axis=0)
    base = sse(images, decode(codes))

    def grown(dims: int | slice) -> float:
        changed = codes.copy()
        changed[:, dims] = mean[dims]
        return sse(images, decode(changed)) - base

    return SwitchOff(base, np.array([grown(dim) for dim in range(codes.shape[1])]), grown(slice(None)))


def dead_units(weights: FloatArray) -> tuple[int, ...]:
    """Return the units whose weight (see ``dim_weights``) is below a thousandth of the strongest one's.

    Examples
    --------
    >>> dead_units(np.array([5, 0.004, 0.01], "f"))
    (1,)
    """
    return tuple(int(dim) for dim in np.flatnonzero(weights < DEAD * weights.max(initial=0)))


def kl_per_dim(means: FloatArray, spreads: FloatArray) -> FloatArray:
    r"""Return the divergence from the standard normal of each unit, averaged over images, ``(latent_dim,)``, in nats.

    :math:`\frac12 (\mu^2 + \sigma^2 - 1 - \ln \sigma^2)`; 0 for a unit that says nothing.

    Parameters
    ----------
    means, spreads : (n, latent_dim) arrays
        Of the posterior; ``spreads`` are standard deviations.

    References
    ----------
    Kingma & Welling 2014, "Auto-encoding variational Bayes", appendix B.

    Examples
    --------
    >>> kl_per_dim(np.array([[0, 2]], "f"), np.array([[1, 1]], "f"))
    array([0., 2.], dtype=float32)
    """
    variance = np.square(spreads, dtype=np.float64)
    divergence = 0.5 * (np.square(means, dtype=np.float64) + variance - 1 - np.log(np.maximum(variance, 1e-30)))
    return np.asarray(divergence.mean(axis=0), np.float32)
