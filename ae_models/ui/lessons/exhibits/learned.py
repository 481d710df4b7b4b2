"""Learned automatically: a map forms; five random starts make five maps; PCA's axes are not chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

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
from ae_models.figures.curves import Axes, Marks, curves
from ae_models.figures.flipbook import flipbook
from ae_models.figures.maps import structure_maps
from ae_models.metrics.estimates import share_interval
from ae_models.projections import store as maps
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared.run_data import codes, heldout_of

DATA = ("mnist",)
FILM = "mnist-dense-2d"
FIVE = ("mnist-ladder-2d", *(f"mnist-seed{seed}-2d" for seed in (1, 2, 3, 4)))
N_SHOWN, NEAREST, PARTS = 1_500, 10, 3
N_FILMED = 2_000  # images whose map is kept through training
_MOMENTS = 26
DRAWN, FILMED = 600, 900  # dots of each of eight maps, of the film
_LAID = {"raw": "as they are", "laid": "turned onto the first"}
_SAME, _TURNED = 0.98, 0.9  # shares explained: above the first as they stand, above the second after turning
VERDICTS = {
    "same": "They are the same.",
    "turned": "They are the same but for turning.",
    "other": "They differ, however they are turned.",
}


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: whether maps lie as they are, or on one another."""
    tip = "Moved, turned, flipped and scaled as a whole, so that it lies on the first map as nearly as it can."
    return (Control("maps", "The five maps", tuple(_LAID), "raw", _LAID.__getitem__, tip=tip),)


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return how alike five maps are, and how often the nearest dot is of the same class."""
    found, labels, chance = five_maps()
    own, straight, film = found["ae"], found["pca"], training_film()
    records = [record for _, record in kept.shipped(*FIVE)]
    errors = [record.test.sse for record in records]
    right = "same" if own.axes > _SAME else "turned" if own.explained > _TURNED else "other"
    laid = chosen["maps"] == "laid"
    record = records[0]
    return Facts(
        values={
            "low": min(errors),
            "high": max(errors),
            "verdict": VERDICTS[right],
            **_likeness(own, straight, len(labels)),
            "same_first": 100 * float(film.same[0]),
            "same_last": 100 * float(film.same[-1]),
            "same_pm": _half(float(film.same[-1]), N_FILMED),
            "parts": PARTS,
            "same_five_pm": _half(max(own.same), len(labels)),
            "same_low": 100 * min(own.same),
            "same_high": 100 * max(own.same),
            "chance": 100 * chance,
            "laid": "Each lies on the first as well as it can." if laid else "Each as its training left it.",
        },
        right=right,
        run=FILM,
        train={"data": dataset, "model": record.model.name, "code": "2", "seed": str(len(FIVE))},
        notes=f"Figures of maps are of {len(labels):,} random held-out digits, of which {DRAWN} are drawn. The five "
        f"networks were trained on {record.dataset.fitted_on.n:,} others, alike but for the seed, 0 to "
        f"{len(FIVE) - 1}: first weights and order of the batches. PCA’s parts are of "
        f"{record.test.n:,} held-out digits and share none. ± is a 95 % interval over images. The film’s shares "
        "are of 2,000.",
    )


def _likeness(own: Five, straight: Five, n: int) -> dict[str, float]:
    """Return how alike the five maps are, and PCA's of three parts."""
    return {
        "explained": 100 * own.explained,
        "axes": own.axes,
        "shared": 100 * own.shared,
        "shared_chance": 100 * NEAREST / (n - 1),
        "shared_pca": 100 * straight.shared,
        "nearest": NEAREST,
        "explained_pca": 100 * straight.explained,
        "axes_pca": straight.axes,
    }


def _half(share: float, n: int) -> float:
    """Return half the 95 % interval of a share seen on n images, in per cent."""
    low, high = share_interval(round(share * n), n)
    return 50 * (high - low)


def render(stage: Stage) -> None:
    """Draw the film, what it tells of classes, the five maps, and PCA's."""
    found, labels, chance = five_maps()
    film = training_film()
    left, right = st.columns([7, 5])
    with left:
        table = pd.DataFrame({"moment": film.captions, "nearest of the same class, %": 100 * film.same})
        figure = flipbook(
            film.points[:, :FILMED], film.labels[:FILMED], film.names, film.captions, dark=stage.dark, height=480
        )
        stage.figure("film", figure, table)
    with right:
        _same(stage, film, chance)
    _maps(stage, found, labels)
    for column, section in zip(st.columns([7, 5]), ("pca", "stays"), strict=True):
        with column, st.container(border=True, height="stretch", key=f"panel-learned-{section}"):
            stage.say(section)


def _maps(stage: Stage, found: Mapping[str, Five], labels: Any) -> None:
    maps, rows = {}, []
    errors = [record.test.sse for _, record in kept.shipped(*FIVE)]
    for method, called, most in (("ae", "Autoencoder, seed", len(FIVE)), ("pca", "PCA, part", PARTS)):
        five = found[method]
        shown = five.aligned if stage["maps"] == "laid" else five.raw
        for place in range(most):
            name = f"{called} {place + (method == 'pca')}"
            maps[name] = shown[place]
            error = errors[place] if method == "ae" else None
            rows.append((name, error, 100 * five.same[place]))
    table = pd.DataFrame(rows, columns=["map", "held-out SSE", "nearest of the same class, %"])
    maps = {name: points[:DRAWN] for name, points in maps.items()}
    stage.figure("five", structure_maps(maps, labels[:DRAWN], classes=True, dark=stage.dark, height=235), table)


def _same(stage: Stage, film: TrainingFilm, chance: float) -> None:
    steps = [max(step, 0.5) for step in film.steps]
    figure = curves(
        steps,
        {"nearest dot of the same class": 100 * film.same},
        Axes("training step", "%"),
        Marks({"chance": 100 * chance}, levels_at="right"),
        dark=stage.dark,
        height=380,
    )
    ticks = [1, 10, 100, 1000]
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{tick:,}" for tick in ticks], tickangle=0)
    figure.update_yaxes(range=[0, 100])
    table = pd.DataFrame({"step": film.steps, "nearest of the same class, %": 100 * film.same})
    stage.figure("same", figure, table)


@dataclass(frozen=True, eq=False)
class TrainingFilm:
    """A map through training, laid on its end: points ``(moments, n, 2)``; how often nearest ones share a class."""

    points: FloatArray
    labels: IntArray
    names: tuple[str, ...]
    steps: tuple[int, ...]
    captions: tuple[str, ...]
    same: FloatArray  # (moments,)


def training_film() -> TrainingFilm:
    """Return the film of the model of the first screen."""
    return _film(*kept.shipped_run(FILM))


@cached()
def _film(store: RunStore, record: RunRecord) -> TrainingFilm:
    taken = recipes.snapshots_of(store, record)
    images = heldout_of(record)
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
    aligned: Sequence[FloatArray]
    explained: float  # by another one, laid on it
    axes: float  # as they stand
    shared: float  # of the nearest neighbours
    same: Sequence[float]  # nearest of the same class, of each


def five_maps() -> tuple[Mapping[str, Five], IntArray, float]:
    """Return five autoencoders' maps and PCA's of three parts, the classes of their images, and chance."""
    return _five(kept.shipped(*FIVE))


@cached()
def _five(runs: list[Run]) -> tuple[Mapping[str, Five], IntArray, float]:
    images = heldout_of(runs[0][1])
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
        aligned=[points[0], *(procrustes(one, points[0]) for one in points[1:])],
        explained=mean_pair(points, laid_share),
        axes=mean_pair(points, axis_likeness),
        shared=mean_pair([nearest_rows(one, NEAREST) for one in points], rows_shared),
        same=[same_class(one, labels) for one in points],
    )
