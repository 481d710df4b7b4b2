"""What the lesson about learning keeps: a map through its training, five trainings, PCAs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ae_models import recipes
from ae_models.analysis.families import Run
from ae_models.analysis.seed_stability import (
    axis_likeness,
    chance_of_class,
    laid_share,
    mean_pair,
    nearest_rows,
    pca_of_parts,
    rows_shared,
    same_class,
)
from ae_models.base import FloatArray, IntArray, UserError
from ae_models.base.procrustes import procrustes
from ae_models.projections import store as maps
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.lessons.caches import lessons as kept
from ae_models.ui.shared.run_data import codes

FILM = "mnist-dense-2d"
FIVE = ("mnist-ladder-2d", *(f"mnist-seed{seed}-2d" for seed in (1, 2, 3, 4)))
N_SHOWN, NEAREST, PARTS = 1_500, 10, 3
N_FILMED = 2_000  # images whose map is kept through training
_MOMENTS = 26


@dataclass(frozen=True, eq=False)
class TrainingFilm:
    """A map through training, laid on its end: points ``(moments, n, 2)``; how often nearest ones share a class."""

    points: FloatArray
    labels: IntArray
    names: tuple[str, ...]
    steps: tuple[int, ...]
    captions: tuple[str, ...]
    same: FloatArray  # (moments,)


def film() -> TrainingFilm:
    """Return the film of the model of the first screen."""
    return _film(*kept.shipped_run(FILM))


@cached()
def _film(store: RunStore, record: RunRecord) -> TrainingFilm:
    taken = recipes.snapshots_of(store, record)
    images = kept.heldout_of(record)
    places = None if taken is None else maps.rows_of(images.ids, taken.ids)
    if taken is None or places is None or images.labels is None:
        raise UserError(f"the model “{FILM}” keeps no film of its training: this lesson needs it")
    n = len(taken.steps)
    moments = np.unique(np.linspace(0, n - 1, min(_MOMENTS, n)).astype(int))
    points, labels = taken.points[moments].astype(np.float32), images.labels[places]
    return TrainingFilm(
        points[:, :N_SHOWN],
        labels[:N_SHOWN],
        images.class_names,
        tuple(taken.steps[moment] for moment in moments),
        tuple(taken.captions[moment] for moment in moments),
        np.array([same_class(shown, labels) for shown in points], np.float32),
    )


@dataclass(frozen=True, eq=False)
class Five:
    """Maps ``(n, 2)`` of the same images by one method, as they are and laid on the first; how alike they are."""

    raw: Sequence[FloatArray]
    laid: Sequence[FloatArray]
    explained: float  # by another one, laid on it
    axes: float  # as they stand
    shared: float  # of the nearest neighbours
    same: Sequence[float]  # nearest of the same class, of each


def five() -> tuple[Mapping[str, Five], IntArray, float]:
    """Return five autoencoders' maps and PCA's of three parts, the classes of their images, and chance."""
    return _five(kept.shipped(*FIVE))


@cached()
def _five(runs: list[Run]) -> tuple[Mapping[str, Five], IntArray, float]:
    images = kept.heldout_of(runs[0][1])
    chosen = np.random.default_rng(0).choice(len(images), N_SHOWN, replace=False)
    shown = np.sort(chosen)
    own = [codes(store, record, "heldout").values[shown] for store, record in runs]
    straight = pca_of_parts(images.images().reshape(len(images), -1), PARTS)
    assert images.labels is not None  # MNIST has labels
    labels = images.labels[shown]
    found = {"ae": _alike(own, labels), "pca": _alike([points[shown] for points in straight], labels)}
    return found, labels, chance_of_class(labels)


def _alike(points: Sequence[FloatArray], labels: IntArray) -> Five:
    return Five(
        raw=points,
        laid=[points[0], *(procrustes(one, points[0]) for one in points[1:])],
        explained=mean_pair(points, laid_share),
        axes=mean_pair(points, axis_likeness),
        shared=mean_pair([nearest_rows(one, NEAREST) for one in points], rows_shared),
        same=[same_class(one, labels) for one in points],
    )
