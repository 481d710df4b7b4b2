"""Learned automatically: a map forms; five random starts make five maps; PCA's axes are not chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ae_models.figures.curves import Axes, Marks, curves
from ae_models.figures.flipbook import flipbook
from ae_models.figures.structure_maps import structure_maps
from ae_models.metrics.estimates import share_interval
from ae_models.ui.lessons.caches import learned
from ae_models.ui.lessons.caches import lessons as kept
from ae_models.ui.lessons.stage import Control, Facts, Stage

DATA = ("mnist",)
DRAWN, FILMED = 600, 900  # dots of each of eight maps, of the film
_LAID = {"raw": "as they are", "laid": "turned onto the first"}
_SAME, _TURNED = 0.98, 0.9  # shares explained: above the first as they stand, above the second after turning


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: whether maps lie as they are, or on one another."""
    tip = "Moved, turned, flipped and scaled as a whole, so that it lies on the first map as nearly as it can."
    return (Control("maps", "The five maps", tuple(_LAID), "raw", _LAID.__getitem__, tip=tip),)


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return how alike five maps are, and how often the nearest dot is of the same class."""
    found, labels, chance = learned.five()
    own, straight, film = found["ae"], found["pca"], learned.film()
    records = [record for _, record in kept.shipped(*learned.FIVE)]
    errors = [record.test.sse for record in records]
    right = "same" if own.axes > _SAME else "turned" if own.explained > _TURNED else "other"
    laid = chosen["maps"] == "laid"
    record = records[0]
    return Facts(
        values={
            "low": min(errors),
            "high": max(errors),
            "verdict": {
                "same": "They are the same.",
                "turned": "They are the same but for turning.",
                "other": "They differ, however they are turned.",
            }[right],
            "explained": 100 * own.explained,
            "axes": own.axes,
            "shared": 100 * own.shared,
            "shared_chance": 100 * learned.NEAREST / (len(labels) - 1),
            "shared_pca": 100 * straight.shared,
            "nearest": learned.NEAREST,
            "explained_pca": 100 * straight.explained,
            "axes_pca": straight.axes,
            "same_first": 100 * float(film.same[0]),
            "same_last": 100 * float(film.same[-1]),
            "same_pm": _half(float(film.same[-1]), learned.N_FILMED),
            "parts": learned.PARTS,
            "same_five_pm": _half(max(own.same), len(labels)),
            "same_low": 100 * min(own.same),
            "same_high": 100 * max(own.same),
            "chance": 100 * chance,
            "laid": "Each lies on the first as well as it can." if laid else "Each as its training left it.",
        },
        right=right,
        run=learned.FILM,
        train={"data": dataset, "model": record.model.name, "code": "2", "seed": str(len(learned.FIVE))},
        notes=f"Figures of maps are of {len(labels):,} random held-out digits, of which {DRAWN} are drawn. The five "
        f"networks were trained on {record.dataset.fitted_on.n:,} others, alike but for the seed, 0 to "
        f"{len(learned.FIVE) - 1}: first weights and order of the batches. PCA’s parts are of "
        f"{record.test.n:,} held-out digits and share none. ± is a 95 % interval over images. The film’s shares "
        "are of 2,000.",
    )


def _half(share: float, n: int) -> float:
    """Return half the 95 % interval of a share seen on n images, in per cent."""
    low, high = share_interval(round(share * n), n)
    return 50 * (high - low)


def render(stage: Stage) -> None:
    """Draw the film, what it tells of classes, the five maps, and PCA's."""
    found, labels, chance = learned.five()
    film = learned.film()
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


def _maps(stage: Stage, found: Mapping[str, learned.Five], labels: Any) -> None:
    maps, rows = {}, []
    errors = [record.test.sse for _, record in kept.shipped(*learned.FIVE)]
    for method, called, most in (("ae", "Autoencoder, seed", len(learned.FIVE)), ("pca", "PCA, part", learned.PARTS)):
        five = found[method]
        shown = five.laid if stage["maps"] == "laid" else five.raw
        for place in range(most):
            name = f"{called} {place + (method == 'pca')}"
            maps[name] = shown[place]
            error = errors[place] if method == "ae" else None
            rows.append((name, error, 100 * five.same[place]))
    table = pd.DataFrame(rows, columns=["map", "held-out SSE", "nearest of the same class, %"])
    maps = {name: points[:DRAWN] for name, points in maps.items()}
    stage.figure("five", structure_maps(maps, labels[:DRAWN], classes=True, dark=stage.dark, height=235), table)


def _same(stage: Stage, film: learned.TrainingFilm, chance: float) -> None:
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
