"""Where the codes of real images lie, one coordinate at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray

INSIDE = 0.99  # the share of images between the two limits of a coordinate
_STEPS = 5
BEYOND = 0.5  # a slider goes this much further on each side, in units of the distance between the limits


@dataclass(frozen=True)
class Bounds:
    """Limits of one coordinate of the code: 99 % of the images lie between ``low`` and ``high``.

    A slider runs from ``start`` to ``stop``, beyond the limits on both sides, in steps of ``step``.
    """

    low: float
    high: float
    start: float
    stop: float
    step: float

    def holds(self, value: float) -> bool:
        """Say whether a value is within the limits."""
        return self.low <= value <= self.high


def code_bounds(codes: FloatArray) -> tuple[Bounds, ...]:
    """Return the limits of each coordinate, from the 0.5 % and 99.5 % quantiles of the codes ``(n, latent_dim)``.

    A coordinate that never varies gets limits one unit apart, so that it can still be moved.

    Examples
    --------
    >>> code_bounds(np.linspace(0, 100, 101, dtype="f")[:, None])[0]
    Bounds(low=0.5, high=99.5, start=-49.0, stop=149.0, step=0.1)
    """
    low, high = np.quantile(codes, [(1 - INSIDE) / 2, (1 + INSIDE) / 2], axis=0)
    return tuple(_bounds(float(a), float(b)) for a, b in zip(low, high, strict=True))


def _bounds(low: float, high: float) -> Bounds:
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    width = high - low
    step = 10.0 ** np.floor(np.log10(width / 100))  # 100 to 1,000 steps between the limits
    start = np.floor((low - BEYOND * width) / step) * step
    stop = np.ceil((high + BEYOND * width) / step) * step
    return Bounds(round(low, 9), round(high, 9), round(float(start), 9), round(float(stop), 9), round(float(step), 9))


def leading_dims(codes: FloatArray, n: int) -> tuple[int, ...]:
    """Return the ``n`` coordinates that vary most over the codes ``(n_images, latent_dim)``, in their own order.

    Examples
    --------
    >>> leading_dims(np.array([[0, 5, 1], [0, -5, 2]], "f"), 2)
    (1, 2)
    """
    if codes.shape[1] <= n:
        return tuple(range(codes.shape[1]))
    most = np.argsort(-codes.var(axis=0), kind="stable")[:n]
    return tuple(sorted(int(dim) for dim in most))


def dim_weights(decode: Callable[[FloatArray], FloatArray], bounds: Sequence[Bounds]) -> FloatArray:
    """Return how much each coordinate changes the picture, ``(latent_dim,)``: 0 for one that does nothing.

    A coordinate's weight is the variance of the decoded image, summed over pixels, along five steps between its two
    limits while all others stand in the middle of theirs.

    Parameters
    ----------
    decode : callable
        Codes ``(n, latent_dim)`` to images ``(n, c, h, w)``.
    bounds : sequence of Bounds
        One a coordinate.

    Examples
    --------
    >>> weighted = lambda codes: (codes * np.array([1, 3, 2], "f"))[:, None, None]
    >>> dim_weights(weighted, [Bounds(-1, 1, -2, 2, 0.1)] * 3)
    array([0.5, 4.5, 2. ], dtype=float32)
    """
    middle = np.array([(limit.low + limit.high) / 2 for limit in bounds], np.float32)
    codes = np.tile(middle, (len(bounds), _STEPS, 1))  # (latent_dim, steps, latent_dim)
    for dim, limit in enumerate(bounds):
        codes[dim, :, dim] = np.linspace(limit.low, limit.high, _STEPS)
    images = decode(codes.reshape(-1, len(bounds))).reshape(len(bounds), _STEPS, -1)
    weights: FloatArray = images.var(axis=1).sum(axis=1)
    return weights


def dims_that_matter(decode: Callable[[FloatArray], FloatArray], bounds: Sequence[Bounds]) -> tuple[int, ...]:
    """Return all coordinates, that with the largest weight (see ``dim_weights``) first; equal ones keep their order.

    Examples
    --------
    >>> weighted = lambda codes: (codes * np.array([1, 3, 2], "f"))[:, None, None]
    >>> dims_that_matter(weighted, code_bounds(np.eye(3, dtype="f")))
    (1, 2, 0)
    """
    return tuple(int(dim) for dim in np.argsort(-dim_weights(decode, bounds), kind="stable"))
