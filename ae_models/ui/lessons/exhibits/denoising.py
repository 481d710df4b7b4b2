"""Denoising: the same noisy digits through an autoencoder that learned it, PCA, a filter, and one that did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.denoising_comparison import KINDS, LEVELS, spoiled
from ae_models.base import FloatArray
from ae_models.base.squared_errors import squared_errors
from ae_models.figures.curves import Axes, Marks, curves
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.tint import ink
from ae_models.ui.lessons.caches import cleaning
from ae_models.ui.lessons.caches import lessons as kept
from ae_models.ui.lessons.stage import Control, Facts, Stage

DATA = ("mnist",)
ASKED = ("gaussian-noise", 50)  # what the denoiser was trained with
_KEYS = {
    "straight": cleaning.STRAIGHT,
    "denoiser": cleaning.DENOISER,
    "pca": cleaning.PCA,
    "median": cleaning.MEDIAN,
    "clean": cleaning.CLEAN,
}
_TIP = "Gaussian noise: its standard deviation, where a pixel is 0 to 1. The others: the share of pixels."


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: how much noise, and which."""
    return (
        Control("kind", "Noise", tuple(KINDS), ASKED[0], KINDS.__getitem__),
        Control("level", "How much", LEVELS, ASKED[1], lambda level: f"{level / 100:.1f}", kind="slider", tip=_TIP),
    )


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return the errors of all who clean, now and at the noise that was asked about."""
    kind, level = str(chosen["kind"]), int(chosen["level"])
    record = kept.shipped_run(cleaning.RUNS[cleaning.DENOISER])[1]
    asked, here = cleaning.by_level(ASKED[0]), cleaning.by_level(kind)
    images, mean = cleaning.scored(), cleaning.nothing_learned()
    place = LEVELS.index(level)
    judged = cleaning.judged(kind, level)
    values: dict[str, str | int | float] = {
        "n": len(images),
        "k": record.latent_dim,
        "kinds": KINDS[kind][0].upper() + KINDS[kind][1:],
        "level": level / 100,
        "mean": mean,
        "now_nothing": float(squared_errors(images.images(), spoiled(kind, level, images)).mean(dtype=np.float64)),
        **_judged(judged),
        "asked_nothing": float(squared_errors(images.images(), spoiled(*ASKED, images)).mean(dtype=np.float64)),
        "whole_denoiser": cleaning.not_cut_off()[cleaning.DENOISER],
        "whole_pca": cleaning.not_cut_off()[cleaning.PCA],
    }
    for key, name in _KEYS.items():
        values[f"asked_{key}"] = float(asked[name][LEVELS.index(ASKED[1])])
        values[f"now_{key}"] = float(here[name][place])
        values[f"zero_{key}"] = float(here[name][0])
        values[f"crosses_{key}"] = _crossing(here[name], mean)
    worst = max(("clean", "pca", "median"), key=lambda key: float(values[f"asked_{key}"]))
    return Facts(
        values=values,
        right=worst,
        run=record.id,
        train={"data": dataset, "model": record.model.name, "code": str(record.latent_dim), "corruption": kind},
        notes=f"Errors (SSE) are of {len(images)} random held-out images against the clean ones; ± is a 95 % "
        f"interval over them. Both autoencoders have the same layers, {record.latent_dim} numbers and were fitted on "
        f"the same {record.dataset.fitted_on.n:,} images as PCA; the denoising one with Gaussian noise of "
        f"{record.corruption.config['sigma']}, the straight map with the same noise on 8,000 other held-out ones. "
        f"Noisy pixels are cut off at 0 and 1. Judges are {cleaning.N_JUDGES:,} other held-out images.",
    )


def _judged(found: cleaning.Judged) -> dict[str, float | str]:
    """Return shares of digits taken for what they are, in per cent, and whether cleaning made a difference."""
    values: dict[str, float | str] = {}
    for name, hits in (("clean", found.clean), ("spoiled", found.spoiled), ("cleaned", found.cleaned)):
        values[f"judged_{name}"] = 100 * float(hits.mean())
        values[f"judged_{name}_pm"] = kept.plus_minus(hits)
    changed = found.cleaned - found.spoiled  # the same images: their own differences
    error = 1.96 * float(changed.std()) / np.sqrt(len(changed))
    more = float(changed.mean())
    values["judged_says"] = (
        "No difference that these images could show" if abs(more) <= error else "More" if more > 0 else "Fewer"
    )
    return values


def _crossing(errors: FloatArray, mean: float) -> str:
    """Return from which level on errors are above the mean image's, in words."""
    above = np.flatnonzero(errors > mean)
    if not len(above):
        return f"stays below it up to {LEVELS[-1] / 100:.1f}"
    return f"is above it at {LEVELS[above[0]] / 100:.1f}"


def opening(stage: Stage) -> None:
    """Draw digits, clean and noisy."""
    some = _shown()
    stage.strip([some.images(), spoiled(*ASKED, some)])


def _shown(n: int = 8) -> Any:
    images = cleaning.scored()
    return images.take(kept.in_order(images, kept.one_of_each(images))[:n])


def render(stage: Stage) -> None:
    """Draw the pictures, the errors over noise, and what they are taken for."""
    _pictures(stage)
    left, right = st.columns([7, 5])
    with left:
        _curve(stage)
    with right:
        for section in ("price", "judged"):
            with st.container(border=True, key=f"panel-denoising-{section}"):
                stage.say(section)


def _pictures(stage: Stage) -> None:
    some = _shown(10)
    originals = some.images()
    seen = spoiled(str(stage["kind"]), int(stage["level"]), some)
    lines = {"with noise": seen, **{name: answer(seen) for name, answer in cleaning.answers().items()}}
    errors = {name: squared_errors(originals, line) for name, line in lines.items()}
    short = {
        cleaning.DENOISER: "denoising\nautoencoder",
        cleaning.STRAIGHT: "straight map,\ntrained too",
        cleaning.CLEAN: "autoencoder,\nclean only",
    }
    figure = picture_grid(
        ink(np.stack([originals, *lines.values()]), stage.dark),
        rows=["original", *(short.get(name, name) for name in lines)],
        columns=[""] * len(some),
        notes=[[""] * len(some), *([f"{error:.0f}" for error in line] for line in errors.values())],
        dark=stage.dark,
        side=66,
    )
    table = pd.DataFrame({"image": some.ids, **{f"{name}, SSE": line for name, line in errors.items()}})
    stage.figure("pictures", figure, table)


def _curve(stage: Stage) -> None:
    found = cleaning.by_level(str(stage["kind"]))
    mean = cleaning.nothing_learned()
    places = [level / 100 for level in LEVELS]
    figure = curves(
        places,
        found,
        Axes(
            "noise (standard deviation)" if stage["kind"] == "gaussian-noise" else "share of pixels",
            "error (SSE an image)",
            top=2 * mean,
        ),
        Marks({"the mean digit": mean}, place=int(stage["level"]) / 100),
        dark=stage.dark,
    )
    stage.figure("curve", figure, pd.DataFrame({"noise": places, **found}))
