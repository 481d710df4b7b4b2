"""Whether a point of the code space is on the data: as near to codes of real images as those are to one another.

That says nothing of a picture: of one, the error counts too (``is_unlike``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray

K = 5
ON_DATA = 0.95
IN_GAP = 0.995
USUAL = 0.95  # an error that at most so large a share of real images stay below is as usual
_QUERIES = 1_000  # enough for two quantiles; all 10,000 would cost a second at the first visit
_AT_ONCE = 250


@dataclass(frozen=True)
class Support:
    """How far from the codes a point may lie, by the distance to its ``k``-th nearest code.

    Up to ``near``, within which 95 % of held-out images have their ``k``-th neighbour: on the data. Up to ``far``
    (99.5 %): in a gap. Beyond: off the data. Distances are between codes, never between pixels: those reward blur.
    """

    k: int
    near: float
    far: float

    def verdict(self, distance: float, nearest: float = float("inf")) -> str:
        """Return ``"on"``, ``"gap"`` or ``"off"`` for a distance to the ``k``-th nearest code.

        Where the nearest is 0 away, the point is the code of a real image: ``"on"``, however alone that one lies.

        Examples
        --------
        >>> [Support(5, 0.5, 2.0).verdict(distance) for distance in (0.5, 1.0, 2.5)]
        ['on', 'gap', 'off']
        >>> Support(5, 0.5, 2.0).verdict(1.0, nearest=0.0)
        'on'
        """
        if distance <= self.near or nearest == 0:
            return "on"
        return "gap" if distance <= self.far else "off"


def is_unlike(verdict: str, worse: float | None) -> bool:
    """Return whether an image is unlike the data: by its code or by its error; both have to be as usual.

    Parameters
    ----------
    verdict : str
        ``Support.verdict`` of its code.
    worse : float or None
        The share of real images with a smaller error; None where it has no error.

    Examples
    --------
    >>> is_unlike("on", 0.5), is_unlike("on", 0.96), is_unlike("gap", 0.5)
    (False, True, True)
    """
    return verdict != "on" or (worse is not None and worse > USUAL)


def support(codes: FloatArray, k: int = K) -> Support:
    """Return the thresholds that the codes ``(n, latent_dim)`` of held-out images set.

    They are quantiles of the distance from a code to its ``k``-th nearest *other* code, over at most 1,000 rows
    spread evenly over all. Fewer than two codes set no threshold: everything is on the data.
    """
    if len(codes) < 2:
        return Support(k, float("inf"), float("inf"))
    rows = np.unique(np.linspace(0, len(codes) - 1, min(len(codes), _QUERIES)).astype(np.intp))
    distances = neighbour_distances(codes, k, rows)
    near, far = np.quantile(distances, [ON_DATA, IN_GAP])
    return Support(min(k, len(codes) - 1), float(near), float(far))


def neighbour_distances(codes: FloatArray, k: int = K, rows: np.ndarray | None = None) -> FloatArray:
    """Return the distance from codes ``(n, latent_dim)`` to their ``k``-th nearest other code, ``(len(rows),)``.

    Where there are fewer than ``k`` others, the farthest of them counts. ``rows`` None means all.

    Examples
    --------
    >>> neighbour_distances(np.array([[0], [1], [3], [7]], "f"), 2)
    array([3., 2., 3., 6.], dtype=float32)
    """
    wide = codes.astype(np.float64)  # |a|^2 - 2ab + |b|^2 cancels: single precision would lose near neighbours
    norms = np.einsum("ij,ij->i", wide, wide)
    chosen = np.arange(len(codes)) if rows is None else rows
    place = min(k, len(codes) - 1)
    found = np.empty(len(chosen), np.float32)
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        squared = norms[part, None] + norms[None] - 2.0 * (wide[part] @ wide.T)
        squared[np.arange(len(part)), part] = -1.0  # itself, first even among equals
        kth = np.partition(squared, place, axis=1)[:, place]
        found[start : start + _AT_ONCE] = np.sqrt(np.maximum(kth, 0.0))
    return found


def distances_to(places: FloatArray, codes: FloatArray, k: int = K) -> FloatArray:
    """Return the distance from places ``(m, latent_dim)`` to their ``k``-th nearest code, ``(m,)``.

    Where there are fewer than ``k`` codes, the farthest of them counts.

    Examples
    --------
    >>> distances_to(np.array([[2.0]], "f"), np.array([[0], [1], [3], [7]], "f"), 3)
    array([2.], dtype=float32)
    """
    wide, codes = places.astype(np.float64), codes.astype(np.float64)
    norms = np.einsum("ij,ij->i", codes, codes)
    place = min(k, len(codes)) - 1
    found = np.empty(len(places), np.float32)
    for start in range(0, len(places), _AT_ONCE):
        part = wide[start : start + _AT_ONCE]
        squared = np.einsum("ij,ij->i", part, part)[:, None] + norms[None] - 2.0 * (part @ codes.T)
        found[start : start + _AT_ONCE] = np.sqrt(np.maximum(np.partition(squared, place, axis=1)[:, place], 0.0))
    return found
