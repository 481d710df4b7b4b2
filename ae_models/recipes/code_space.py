"""A run's code space: what is computed of its held-out images, and what can be laid over a flat map of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ae_models.analysis.map_values import errors_of, noise_of
from ae_models.base import ByteArray, Decoder, Encoder, FloatArray, ImageDataset
from ae_models.latent import (
    Bounds,
    Support,
    clusters,
    code_bounds,
    dims_that_matter,
    distances_to,
    method_of,
    neighbour_distances,
    round_trips,
    support,
)
from ae_models.recipes.walking import grid_codes, stretch_over
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.runs.serving import codes_of


@dataclass(frozen=True, eq=False)
class ScoredSpace:
    """A code space of all held-out images, and what a canvas asks of it."""

    key: str
    title: str
    store: RunStore
    record: RunRecord
    graphs: Graphs
    codes: FloatArray  # (n, latent_dim)
    bounds: tuple[Bounds, ...]
    limits: Support
    order: tuple[int, ...]
    errors: FloatArray  # (n,)
    distances: FloatArray  # (n,)
    noise: FloatArray | None  # (n, latent_dim)
    clusters: ByteArray  # (n,)
    method: str  # that found them

    @classmethod
    def of(cls, key: str, title: str, run: tuple[RunStore, RunRecord], images: ImageDataset, k: int) -> ScoredSpace:
        """Return the code space of a run's held-out images, in ``k`` clusters."""
        store, record = run
        graphs, codes = Graphs(store, record), codes_of(store, record, images)
        bounds, limits = code_bounds(codes), support(codes)
        return cls(
            key=key,
            title=title,
            store=store,
            record=record,
            graphs=graphs,
            codes=codes,
            bounds=bounds,
            limits=limits,
            order=dims_that_matter(graphs.decode, bounds),
            errors=errors_of(graphs, record, images, codes),
            distances=neighbour_distances(codes, limits.k).astype(np.float32),
            noise=noise_of(graphs, record, images) if graphs.has_noise else None,
            clusters=clusters(codes, k),
            method=method_of(len(codes), codes.shape[1], k),
        )


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
