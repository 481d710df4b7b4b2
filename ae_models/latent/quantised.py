"""A code written down in a few bits: the nearest of the values that so many bits can name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, IntArray, UserError
from ae_models.latent.bounds import Bounds

MOST_BITS = 16


@dataclass(frozen=True, eq=False)
class Quantised:
    """Codes in ``bits`` bits a number: ``levels`` from 0 to ``2 ** bits - 1``, and the ``values`` that they mean.

    ``low``, ``high`` and ``steps`` ``(latent_dim,)`` are each number's range and the distance between two levels.
    ``n_bytes`` is what one code takes, all its bits side by side, rounded up to whole bytes.
    """

    levels: IntArray
    values: FloatArray
    low: FloatArray
    high: FloatArray
    steps: FloatArray
    bits: int
    n_bytes: int


def quantised(codes: FloatArray, bits: int, bounds: Sequence[Bounds]) -> Quantised:
    """Write codes ``(n, latent_dim)`` in ``bits`` bits a number, over the range in which 99 % of the images lie.

    A value within the range moves by at most half a step; one beyond it moves to its end.

    Examples
    --------
    >>> limits = [Bounds(0.0, 3.0, 0.0, 3.0, 0.1)]
    >>> found = quantised(np.array([[1.4], [9.0]], "f"), 2, limits)
    >>> found.levels.ravel(), found.values.ravel(), found.steps, found.n_bytes
    (array([1, 3], dtype=int32), array([1., 3.], dtype=float32), array([1.], dtype=float32), 1)
    """
    if not 1 <= bits <= MOST_BITS:
        raise UserError(f"bits must be from 1 to {MOST_BITS}: got {bits}")
    low, high = (np.array([getattr(limit, end) for limit in bounds], np.float64) for end in ("low", "high"))
    steps = (high - low) / (2**bits - 1)
    levels = np.clip(np.rint((codes - low) / steps), 0, 2**bits - 1)
    n_bytes = -(-codes.shape[1] * bits // 8)
    return Quantised(
        levels=levels.astype(np.int32),
        values=(low + levels * steps).astype(np.float32),
        low=low.astype(np.float32),
        high=high.astype(np.float32),
        steps=steps.astype(np.float32),
        bits=bits,
        n_bytes=n_bytes,
    )
