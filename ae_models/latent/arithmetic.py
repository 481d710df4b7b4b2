"""A - B + C: what a difference between two codes does to a third, and whether it means anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, UserError

_PAIRS = 200


def edited(a: FloatArray, b: FloatArray, c: FloatArray, strength: float = 1.0) -> FloatArray:
    """Return ``c + strength * (a - b)``; ``c`` exactly where ``a`` is ``b``.

    The same sentence for codes and for pixels. At strength 0 nothing changes.

    References
    ----------
    Radford, Metz & Chintala 2016, "Unsupervised representation learning with deep convolutional GANs", section 6.3.2.

    Examples
    --------
    >>> edited(np.array([3, 1], "f"), np.array([1, 1], "f"), np.array([0, 5], "f"))
    array([2., 5.], dtype=float32)
    """
    return np.asarray(c + np.float32(strength) * (a - b), np.float32)


@dataclass(frozen=True)
class DirectionScore:
    """How well one direction stands for the way from one group to another, in cosines: -1 to 1, higher is better.

    ``score`` is the mean cosine between the direction and steps from single images of B to single images of A.
    ``chance`` is the mean of the same figure for directions between two random images; ``beaten`` the share of those
    with a lower one, 0 to 1.
    """

    score: float
    chance: float
    beaten: float


def direction_score(
    direction: FloatArray, a: FloatArray, b: FloatArray, everyone: FloatArray, seed: int
) -> DirectionScore:
    """Score a direction between groups of codes ``a`` and ``b`` ``(n, latent_dim)`` against random pairs.

    Parameters
    ----------
    direction : (latent_dim,) array
        ``A - B``; of any length but 0.
    a, b, everyone : (n, latent_dim) arrays
        Codes of images like A, of images like B, and of all images; at least two of all.
    seed : int

    Raises
    ------
    UserError
        If the direction is 0 or there are too few images.

    Examples
    --------
    >>> a, b = np.array([[5, 0]], "f"), np.array([[1, 0]], "f")
    >>> direction_score(np.array([1, 0], "f"), a, b, np.array([[0, 0], [0, 1], [0, 2]], "f"), 0).score
    1.0
    """
    if not np.any(direction):
        raise UserError("A and B have the same code: there is no direction between them")
    if len(a) < 1 or len(b) < 1 or len(everyone) < 2:
        raise UserError(f"a direction needs an A, a B and two images: got {len(a)}, {len(b)} and {len(everyone)}")
    generator = np.random.default_rng(seed)
    steps = _unit(a[generator.integers(len(a), size=_PAIRS)] - b[generator.integers(len(b), size=_PAIRS)])
    first, second = generator.integers(len(everyone), size=(2, _PAIRS))
    random = _unit(everyone[first] - everyone[second])
    score = float((_unit(direction[None]) @ steps.T).mean())
    by_chance = (random @ steps.T).mean(axis=1)
    return DirectionScore(round(score, 6), float(by_chance.mean()), float((by_chance < score).mean()))


def _unit(rows: FloatArray) -> FloatArray:
    """Return rows of length 1; a row of 0 stays 0."""
    wide = rows.astype(np.float64)
    norms = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.asarray(wide / np.where(norms > 0, norms, 1))
