"""What a corruption promises, and random numbers that depend on the image's id and nothing else."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, IntArray, Shape


class Corruption(Protocol):
    """Turns clean images, which the network should answer, into what it sees."""

    def input_shape(self, shape: Shape) -> Shape:
        """Return the shape of what the network sees, for images of ``shape``; ``UserError`` if they do not suit."""
        ...

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return what the network sees of target images ``(n, c, h, w)``."""
        ...


def uniform(ids: IntArray, n: int, seed: int) -> npt.NDArray[np.float64]:
    """Return ``(len(ids), n)`` numbers in [0, 1), drawn from each image's id and the seed alone.

    The same image gets the same numbers in any batch, on any machine: a counter is mixed by SplitMix64, the
    generator of Steele, Lea & Flood 2014 ("Fast splittable pseudorandom number generators"), here without a state.

    Examples
    --------
    >>> one = uniform(np.array([7], "i"), 3, seed=0)
    >>> many = uniform(np.array([1, 7], "i"), 3, seed=0)
    >>> bool((one[0] == many[1]).all())
    True
    """
    stream = _mix(ids.astype(np.uint64) + (np.uint64(seed) << np.uint64(32)))
    counter = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits: npt.NDArray[np.uint64] = _mix(stream[:, None] + counter)
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(ids: IntArray, n: int, seed: int) -> FloatArray:
    """Return ``(len(ids), n)`` standard normal numbers from ``uniform``, by Box & Muller 1958."""
    half = -(-n // 2)
    u = uniform(ids, 2 * half, seed)
    radius = np.sqrt(-2.0 * np.log1p(-u[:, :half]))
    angle = 2.0 * np.pi * u[:, half:]
    both = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return both[:, :n].astype(np.float32)


def _mix(z: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


class SameSize:
    """A corruption whose inputs have the shape of the images."""

    def input_shape(self, shape: Shape) -> Shape:
        """Return ``shape``."""
        return shape
