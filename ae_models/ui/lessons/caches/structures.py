"""What the lesson about maps keeps: data of known structure, what each map of it keeps, who wins by which metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ae_models.analysis.default_contestants import lineup
from ae_models.base import FloatArray
from ae_models.recipes import Comparison
from ae_models.recipes.known_structures import METHODS, Structure, principal_map, stored_map, structure
from ae_models.ui.cache import cached
from ae_models.ui.shared import scoring
from ae_models.ui.shared.run_data import run_list

SCORES = ("trustworthiness", "continuity", "neighbour_recall", "knn_1", "silhouette", "spearman", "sse")
K = 5


@dataclass(frozen=True, eq=False)
class Mapped:
    """A structure, its maps by method (PCA's too), and how well each keeps the order of distances (Spearman)."""

    known: Structure
    maps: Mapping[str, FloatArray]
    order: Mapping[str, float]


@cached()
def mapped(name: str, near: str, seed: int) -> Mapped:
    """Return a structure with its maps of one setting."""
    known = structure(name)
    maps = {"pca": principal_map(known.points)} | {method: stored_map(name, method, near, seed) for method in METHODS}
    return Mapped(known, maps, {method: _order_kept(known.points, points) for method, points in maps.items()})


def _order_kept(points: FloatArray, on_map: FloatArray) -> float:
    """Return Spearman's correlation between distances of pairs among points and on a map, of 300 points at most."""
    rows = np.unique(np.linspace(0, len(points) - 1, min(len(points), 300)).astype(np.intp))
    there, here = (_distances(each[rows]) for each in (points, on_map))
    return float(np.corrcoef(_ranks(there), _ranks(here))[0, 1])


def _distances(points: FloatArray) -> FloatArray:
    squares = np.square(points, dtype=np.float64).sum(axis=1)
    wide = points.astype(np.float64)
    between = squares[:, None] + squares[None, :] - 2 * wide @ wide.T
    return np.asarray(np.sqrt(np.maximum(between, 0))[np.triu_indices(len(points), 1)], np.float32)


def _ranks(values: FloatArray) -> FloatArray:
    ranks = np.empty(len(values), np.float32)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values), dtype=np.float32)
    return ranks


def scores(dataset: str) -> Comparison:
    """Return the maps that ship of a data set, by the metrics of the lesson: figures that ship too."""
    shipped = [run for run in run_list().runs if run[1].origin == "shipped"]
    own, others = lineup(shipped, dataset, 2)
    return scoring.comparison(dataset, own, others, 2, SCORES, K)
