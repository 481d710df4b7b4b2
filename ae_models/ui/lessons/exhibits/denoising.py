"""Denoising: the same noisy digits through an autoencoder that learned it, PCA, a filter, and one that did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.classical_baselines import median_filtered
from ae_models.analysis.copying_capacity import LinearDenoiser, linear_denoiser
from ae_models.analysis.denoising_comparison import KINDS, LEVELS, Answer, errors_by_level, spoiled, taken_for
from ae_models.base import FloatArray, ImageDataset
from ae_models.base.squared_errors import squared_errors
from ae_models.figures.curves import Axes, Marks, curves
from ae_models.runs import RunRecord
from ae_models.runs.scoring import seen_and_wanted
from ae_models.ui.cache import cached
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared.run_data import graphs_of, rows

DATA = ("mnist",)
DENOISER, CLEAN, PCA, MEDIAN = "Denoising autoencoder", "Autoencoder, clean images only", "PCA", "Median filter"
RUNS = {DENOISER: "mnist-denoise-64d", CLEAN: "mnist-ladder-64d"}
STRAIGHT = "Straight map, trained to undo it"
N_SCORED, N_JUDGES = 500, 4_000
ASKED = ("gaussian-noise", 50)  # what the denoiser was trained with
_KEYS = {
    "straight": STRAIGHT,
    "denoiser": DENOISER,
    "pca": PCA,
    "median": MEDIAN,
    "clean": CLEAN,
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
    record = kept.shipped_run(RUNS[DENOISER])[1]
    asked, here = by_level(ASKED[0]), by_level(kind)
    images, mean = scored(), nothing_learned()
    place = LEVELS.index(level)
    judged = recognised(kind, level)
    values: dict[str, str | int | float] = {
        "n": len(images),
        "k": record.latent_dim,
        "kinds": KINDS[kind][0].upper() + KINDS[kind][1:],
        "level": level / 100,
        "mean": mean,
        "now_nothing": float(squared_errors(images.images(), spoiled(kind, level, images)).mean(dtype=np.float64)),
        **_judged(judged),
        "asked_nothing": float(squared_errors(images.images(), spoiled(*ASKED, images)).mean(dtype=np.float64)),
        "whole_denoiser": not_cut_off()[DENOISER],
        "whole_pca": not_cut_off()[PCA],
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
        f"Noisy pixels are cut off at 0 and 1. Judges are {N_JUDGES:,} other held-out images.",
    )


def _judged(found: Recognised) -> dict[str, float | str]:
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
    images = scored()
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
    lines = {"with noise": seen, **{name: answer(seen) for name, answer in answers().items()}}
    errors = {name: squared_errors(originals, line) for name, line in lines.items()}
    short = {
        DENOISER: "denoising\nautoencoder",
        STRAIGHT: "straight map,\ntrained too",
        CLEAN: "autoencoder,\nclean only",
    }
    rows = {"original": originals, **{short.get(name, name): line for name, line in lines.items()}}
    figure = stage.grid(rows, {short.get(name, name): line for name, line in errors.items()}, side=66)
    table = pd.DataFrame({"image": some.ids, **{f"{name}, SSE": line for name, line in errors.items()}})
    stage.figure("pictures", figure, table)


def _curve(stage: Stage) -> None:
    found = by_level(str(stage["kind"]))
    mean = nothing_learned()
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


def answers() -> dict[str, Answer]:
    """Return who cleans: an autoencoder and a straight map that learned it, PCA, a median filter, one that did not."""
    runs = dict(zip(RUNS, kept.shipped(*RUNS.values()), strict=True))
    by_run = {name: graphs_of(*run) for name, run in runs.items()}
    record = runs[DENOISER][1]
    straight = kept.straight(record).cut(record.latent_dim)
    denoiser = _trained(record)
    return {
        DENOISER: by_run[DENOISER].reconstruct,
        STRAIGHT: lambda seen: denoiser(seen.reshape(len(seen), -1)).reshape(seen.shape),
        PCA: lambda seen: straight.decode(straight.encode(seen)),
        MEDIAN: median_filtered,
        CLEAN: by_run[CLEAN].reconstruct,
    }


@cached()
def _trained(record: RunRecord) -> LinearDenoiser:
    """Return the straight map of as many numbers with the least error on noisy digits, none of them scored."""
    fitted = rows("mnist", "bundled", "train")
    seen = seen_and_wanted(record.corruption, fitted, slice(0, len(fitted)))[0]
    flat = fitted.images().reshape(len(fitted), -1)
    return linear_denoiser(seen.reshape(len(fitted), -1), flat, record.latent_dim)


def scored() -> ImageDataset:
    """Return the images that errors are measured on: a random sample of those that nobody here was fitted on."""
    return kept.sample(rows("mnist", "bundled", "heldout"), N_SCORED)


def nothing_learned() -> float:
    """Return the error of the mean training image on them: what is to be had without looking."""
    images = scored().images()
    mean = kept.straight(kept.shipped_run(RUNS[DENOISER])[1]).mean
    return float(np.square(images.reshape(len(images), -1) - mean).sum(axis=1).mean(dtype=np.float64))


def _shipped_runs(*_: object) -> object:
    """Return what all of this follows from: the shipped data stay as they are."""
    return kept.shipped(*RUNS.values())


@cached(seen=_shipped_runs)
def by_level(kind: str) -> Mapping[str, FloatArray]:
    """Return the errors of all who clean, at every level of a kind of noise."""
    return errors_by_level(kind, scored(), answers())


@dataclass(frozen=True, eq=False)
class Recognised:
    """Which images are nearest to a real image of their own class, 1 or 0 each ``(n,)``: clean, spoiled, cleaned."""

    clean: FloatArray
    spoiled: FloatArray
    cleaned: FloatArray


@cached(seen=_shipped_runs)
def recognised(kind: str, level: int) -> Recognised:
    """Return how many digits are still the same digit, by the nearest of 4,000 other real images."""
    judges, images = kept.sample(rows("mnist", "bundled", "train"), N_JUDGES), scored()
    seen = spoiled(kind, level, images)
    assert images.labels is not None  # MNIST has labels
    assert judges.labels is not None
    real, own = judges.images(), images.labels
    shares = [
        np.asarray(taken_for(shown, real, judges.labels) == own, np.float32)
        for shown in (images.images(), seen, answers()[DENOISER](seen))
    ]
    return Recognised(*shares)


@cached(seen=_shipped_runs)
def not_cut_off() -> Mapping[str, float]:
    """Return the errors of all who clean where Gaussian noise of deviation 0.5 is not cut off at 0 and 1."""
    clean = scored().images()
    seen = clean + 0.5 * np.random.default_rng(0).standard_normal(clean.shape, dtype=np.float32)
    found = {name: squared_errors(clean, answer(seen)) for name, answer in answers().items()}
    return {name: float(errors.mean(dtype=np.float64)) for name, errors in found.items()}
