"""A linear autoencoder is PCA: how it gets there; what penalties do to its axes; and where bends begin to pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.linear_course import SEEDS, STEPS
from ae_models.analysis.nonlinear_half import KINDS, Bent, bent_runs
from ae_models.base import FloatArray
from ae_models.figures.axis_angles import axis_angles
from ae_models.figures.curves import above_the_baseline, over_steps
from ae_models.kinds.glossary import tip
from ae_models.recipes.linear_courses import SIZES, Course, Courses, courses
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared import comparing
from ae_models.ui.shared.figure_words import count
from ae_models.ui.shared.linear import angle_table, error_histories, in_degrees, in_short, short, spanned
from ae_models.ui.shared.run_data import run_list

DATA = ("digits", "mnist")
BENT, BENT_K = "mnist", 2  # of which networks ship that bend in one half
SAME = 1e-3  # of PCA's error: less of a difference is none


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: the size of the code, and the weights before training."""
    return (
        Control("k", "Numbers in the code", SIZES, 2, tip=tip("code")),
        Control("seed", "Random start", SEEDS, 0, tip=tip("random start")),
    )


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return what three linear autoencoders learned, and what bends change."""
    k = int(chosen["k"])
    trained = _trained(dataset, chosen)
    free, equal, unequal = trained.by_penalty.values()
    pca_baseline, above = trained.floor, float(free.above[-1])
    below = np.flatnonzero(free.angles < 1)
    bends = {bent.kind: bent.shown for bent in _bends()}
    straight = float(kept.straight_curve(_bends()[0].record)[BENT_K])
    return Facts(
        values={
            "k": count(k),
            "floor": pca_baseline,
            "above": in_short(max(above, 0.0)),
            "steps": STEPS,
            "n": trained.n,
            "when": f"after {free.steps[below[0]]:,} steps" if len(below) else "not within these steps",
            "angle": in_degrees(float(free.angles[-1])),
            **_axes_values(free, equal, unequal),
            "equal_costs": float(equal.above[-1]),
            "unequal_costs": float(unequal.above[-1]),
            "nonlinear_baseline": straight,
            "bent_k": count(BENT_K),
            "bent_none": bends["none"],
            "bent_encoder": bends["encoder"],
            "bent_decoder": bends["decoder"],
            "bent_both": bends["both"],
            "passed": courses(BENT, BENT_K, 0).floor,  # PCA of the held-out images themselves
        },
        right="same" if abs(above) < SAME * pca_baseline else "above" if above > 0 else "below",
        run=next(bent.record.id for bent in _bends() if bent.kind == "none"),
        train={"data": dataset, "model": "linear", "code": str(k), "penalty": "l2", "epochs": "30"},
        notes=f"Trained on all {trained.n:,} images at once (full-batch Adam, {STEPS:,} steps) and scored on them: "
        "this is about what training finds. They ship; Compare, Linear = PCA, trains them while you watch. "
        f"{_fitted(dataset, trained.n)}The bent networks: {_bends()[0].record.test.n:,} held-out images, seed 0 on "
        "the chart.",
    )


def _axes_values(free: Course, equal: Course, unequal: Course) -> dict[str, str]:
    """Return how far the axes of each end from PCA's, in words."""
    return {
        "free_columns": spanned(free.columns[-1]),
        "free_singular": spanned(free.singular[-1]),
        "equal_columns": spanned(equal.columns[-1]),
        "equal_singular": spanned(equal.singular[-1]),
        "unequal_columns": spanned(unequal.columns[-1]),
        "equal_are": _are(equal.singular[-1]),
        "unequal_are": _are(unequal.columns[-1]),
    }


def opening(stage: Stage) -> None:
    """Draw what PCA's numbers stand for: nothing is given away."""
    images = comparing.all_images(stage.dataset)
    stage.strip([images.images(np.arange(6)), images.images(np.arange(6, 12))])


def render(stage: Stage) -> None:
    """Draw the angle falling, the axes, and what bends do."""
    named = _trained(stage.dataset, stage.chosen).by_penalty
    left, right = st.columns([5, 7])
    with left:
        _angle(stage, named)
    with right:
        _axes(stage, named)
    _bent(stage)


def _trained(dataset: str, chosen: Mapping[str, Any]) -> Courses:
    return courses(dataset, int(chosen["k"]), int(chosen["seed"]))


def _fitted(dataset: str, n: int) -> str:
    """Return which images these are, where they are test images elsewhere."""
    return f"They are the {n:,} test images, which nothing else here is fitted on. " if dataset == "mnist" else ""


def _are(angles: FloatArray) -> str:
    return "are PCA’s axes" if float(angles.max()) < 1 else "are on their way to PCA’s axes"


def _bends() -> tuple[Bent, ...]:
    """Return the shipped networks without bends, with bends in one half, in both."""
    return bent_runs([run for run in run_list().runs if run[1].origin == "shipped"], BENT, BENT_K)


def _angle(stage: Stage, named: dict[str, Course]) -> None:
    steps = next(iter(named.values())).steps
    lines = {short(name): story.angles for name, story in named.items()}
    figure = over_steps(steps, lines, y="largest angle to PCA’s sheet", unit="°", dark=stage.dark, height=380)
    stage.figure("angle", figure, pd.DataFrame({"step": steps, **lines}))


def _axes(stage: Stage, named: dict[str, Course]) -> None:
    panels = {
        short(name).replace("a different L2 for each unit", "different L2"): (story.columns, story.singular)
        for name, story in named.items()
    }
    steps = next(iter(named.values())).steps
    stage.figure("axes", axis_angles(steps, panels, dark=stage.dark), angle_table(named))


def _bent(stage: Stage) -> None:
    bends = _bends()
    pca_baseline = float(kept.straight_curve(bends[0].record)[BENT_K])
    table = pd.DataFrame(
        {
            "bends": [KINDS[bent.kind] for bent in bends],
            "held-out SSE": [bent.record.test.sse for bent in bends],
            "over seeds": [bent.shown for bent in bends],
            "less PCA’s": [bent.record.test.sse - pca_baseline for bent in bends],
        }
    )
    name = f"PCA: {pca_baseline:.2f}"
    figure = above_the_baseline(error_histories(bends), pca_baseline, name, dark=stage.dark)
    stage.figure("bends", figure, table)
