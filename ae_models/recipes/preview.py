"""A coarse map within seconds, while the full one is being fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import FloatArray, IntArray, Splits
from ae_models.base.config import Config
from ae_models.kinds import kind_of
from ae_models.projections import PROJECTIONS
from ae_models.runs.scoring import flat

_ROWS = 1_500  # training images of the coarse map
_WORTH_IT = 3_000  # with fewer training images the full map is there as soon
_NEAREST = 3
_BLOCK = 500


@dataclass(frozen=True, eq=False)
class Preview:
    """Where held-out images lie on the coarse map: ``points`` (n, dims) of images ``ids`` (n,); ``note`` says how."""

    points: FloatArray
    ids: IntArray
    note: str


def preview(method: str, config: Config, splits: Splits) -> Preview | None:
    """Return a coarse map of the held-out images, or None where the full one is there as soon.

    It is fitted with the same settings on 1,500 training images, evenly taken. Each held-out image is put at the mean
    place of its three nearest of them, weighted by the inverse of their distances.
    """
    if method == "pca" or len(splits.train) < _WORTH_IT:
        return None
    some = splits.train.take(np.round(np.linspace(0, len(splits.train) - 1, _ROWS)).astype(np.intp))
    coarse: Any = PROJECTIONS.load(method)(config)
    rows = flat(some)
    try:
        coarse.check(*rows.shape)
    except ValueError:  # a setting that only suits more images
        return None
    placed = coarse.fit(rows).points
    points = np.concatenate(
        [
            _among(flat(splits.heldout.take(np.arange(start, min(start + _BLOCK, len(splits.heldout))))), rows, placed)
            for start in range(0, len(splits.heldout), _BLOCK)
        ]
    )
    samples = kind_of(splits.train.shape).samples
    note = f"a preview: fitted on {_ROWS:,} of {len(splits.train):,} training {samples}, the others placed near them"
    return Preview(points, splits.heldout.ids, note)


def _among(queries: FloatArray, rows: FloatArray, places: FloatArray) -> FloatArray:
    """Return the weighted mean place ``(n, dims)`` of each query's nearest rows."""
    squares = np.maximum(
        np.square(queries).sum(axis=1)[:, None] + np.square(rows).sum(axis=1) - 2 * queries @ rows.T, 1e-6
    )
    near = np.argpartition(squares, _NEAREST, axis=1)[:, :_NEAREST]  # (n, 3)
    weights = 1 / np.sqrt(np.take_along_axis(squares, near, axis=1))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray(np.einsum("nk,nkd->nd", weights, places[near]), np.float32)
