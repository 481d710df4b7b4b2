"""What a decoder adds to an image per unit of each number of the code, where it is linear, and what PCA adds."""

from __future__ import annotations

import numpy as np

from ae_models import datasets
from ae_models.base import FloatArray, UserError
from ae_models.kinds import kind_of
from ae_models.recipes.mapping import fit_pca
from ae_models.runs import Graphs, RunRecord
from ae_models.runs.serving import find_pca


def decoder_directions(graphs: Graphs, record: RunRecord, codes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a linear decoder's directions and PCA's, ``(k, n_pixels)`` each; ``UserError`` when it is not linear."""
    k, n_pixels = record.latent_dim, int(np.prod(record.output_shape))
    if k >= n_pixels:
        raise UserError(
            f"a code of {k} numbers spans all of the {n_pixels} {kind_of(record.output_shape).parts}: there is no angle"
        )
    origin = codes.mean(axis=0, keepdims=True)
    steps = np.maximum(codes.std(axis=0), 1e-6)
    at = graphs.decode(origin).reshape(1, -1)
    mine = graphs.decode(origin + np.diag(steps).astype(np.float32)).reshape(k, -1) - at
    tried = codes[:: max(len(codes) // 50, 1)]
    foretold = at + (tried - origin) / steps @ mine
    missed = np.abs(graphs.decode(tried).reshape(len(tried), -1) - foretold).max()
    if not missed <= 1e-3 * max(float(np.abs(foretold).max()), 1.0):
        raise UserError("its decoder is not linear: it draws on no flat sheet")
    return mine, pca_directions(record.dataset.name, record.dataset.fitted_on.digest, k)


def pca_directions(dataset: str, fitted_digest: str, k: int) -> FloatArray:
    """Return what PCA of the same training images adds per unit of each number, ``(k, n_pixels)``."""
    found = find_pca(dataset, fitted_digest, k)
    if found is None:
        splits = datasets.load(dataset)
        if splits.train.digest == fitted_digest:
            fit_pca(splits, k)
            found = find_pca(dataset, fitted_digest, k)
    if found is None:
        raise UserError(
            f"no PCA of {k} numbers of the same training {datasets.kind_of(dataset).samples} is here to compare with"
        )
    graphs = Graphs(*found)
    zero = np.zeros((1, k), np.float32)
    directions = graphs.decode(np.eye(k, dtype=np.float32)) - graphs.decode(zero)
    return np.asarray(directions.reshape(k, -1), np.float32)
