"""A run's code space: the codes of its held-out images and what is computed of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ae_models.analysis.map_values import errors_of, noise_of
from ae_models.base import ByteArray, FloatArray, ImageDataset
from ae_models.latent import (
    Bounds,
    Support,
    clusters,
    code_bounds,
    dims_that_matter,
    method_of,
    neighbour_distances,
    support,
)
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.runs.serving import codes_of


@dataclass(frozen=True, eq=False)
class SpacePayload:
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
    def of(cls, key: str, title: str, run: tuple[RunStore, RunRecord], images: ImageDataset, k: int) -> SpacePayload:
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
