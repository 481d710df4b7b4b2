"""What can be laid over a flat map of a code: distance off the data, round trips, the decoder's stretch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ae_models.base import Decoder, Encoder, FloatArray
from ae_models.latent import Bounds, Support, distances_to, round_trips
from ae_models.recipes.walking import grid_codes, stretch_over

LINES = 64  # of a field
ARROWS = 21  # a side
_ROOM = 0.15  # of a coordinate's range, beyond it on each side: maps show as much


def widened(bounds: Sequence[Bounds]) -> tuple[Bounds, ...]:
    """Return bounds that reach 15 % of their width further on each side.

    Examples
    --------
    >>> widened([Bounds(0.0, 10.0, 0.0, 0.0, 1.0)])[0].low
    -1.5
    """
    return tuple(
        replace(one, low=one.low - _ROOM * (one.high - one.low), high=one.high + _ROOM * (one.high - one.low))
        for one in bounds
    )


def off_field(codes: FloatArray, bounds: Sequence[Bounds], dims: tuple[int, int], limits: Support) -> FloatArray:
    """Return how far off the data the nodes of a lattice are, ``(64 * 64,)``, row by row from the top left.

    The distance to the ``k``-th nearest code, in units of the distance up to which a place is on the data: 1 and less
    is on the data. Coordinates that the lattice does not span stand at their mean.
    """
    nodes = grid_codes(codes, widened(bounds), base=codes.mean(axis=0), dims=dims, n=LINES)
    return np.asarray(distances_to(nodes, codes, limits.k) / max(limits.near, 1e-12), np.float32)


def stretch_field(decoder: Decoder, codes: FloatArray, bounds: Sequence[Bounds], dims: tuple[int, int]) -> FloatArray:
    """Return the logarithm of the stretch beyond its median on the data at the same nodes, then its error: (4097,)."""
    found, median = stretch_over(decoder, codes, widened(bounds), base=codes.mean(axis=0), dims=dims, n=LINES)
    return np.append(found.log - np.float32(median), np.float32(found.error)).astype(np.float32)


def arrows_field(
    encoder: Encoder, decoder: Decoder, codes: FloatArray, bounds: Sequence[Bounds], dims: tuple[int, int]
) -> FloatArray:
    """Return arrows z to encode(decode(z)) at 21 x 21 nodes, ``(441, 4)``: from x, y to x, y of the map."""
    nodes = grid_codes(codes, widened(bounds), base=codes.mean(axis=0), dims=dims, n=ARROWS)
    back = round_trips(encoder, decoder, nodes)
    return np.concatenate([nodes[:, list(dims)], back[:, list(dims)]], axis=1).astype(np.float32)
