"""What the lesson about noise keeps: errors over noise, and what is left of the digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ae_models import datasets
from ae_models.base import FloatArray, ImageDataset
from ae_models.recipes.cleaning import Answer, errors_by_level, spoiled, taken_for
from ae_models.recipes.plain import median_filtered
from ae_models.ui.cache import graphs_of
from ae_models.ui.caches import lessons as kept

DENOISER, CLEAN, PCA, MEDIAN = "Denoising autoencoder", "Autoencoder, clean images only", "PCA", "Median filter"
RUNS = {DENOISER: "mnist-denoise-64d", CLEAN: "mnist-ladder-64d"}
N_SCORED, N_JUDGES = 300, 4_000


def answers() -> dict[str, Answer]:
    """Return who cleans: the autoencoder that learned it, PCA, a median filter, an autoencoder that did not."""
    runs = dict(zip(RUNS, kept.shipped(*RUNS.values()), strict=True))
    by_run = {name: graphs_of(*run) for name, run in runs.items()}
    record = runs[DENOISER][1]
    straight = kept.straight(record).cut(record.latent_dim)
    return {
        DENOISER: by_run[DENOISER].reconstruct,
        PCA: lambda seen: straight.decode(straight.encode(seen)),
        MEDIAN: median_filtered,
        CLEAN: by_run[CLEAN].reconstruct,
    }


def scored() -> ImageDataset:
    """Return the held-out images that errors are measured on."""
    return kept.heldout_of(kept.shipped_run(RUNS[DENOISER])[1]).take(np.arange(N_SCORED))


def nothing_learned() -> float:
    """Return the error of the mean training image on them: what is to be had without looking."""
    images = scored().images()
    mean = kept.straight(kept.shipped_run(RUNS[DENOISER])[1]).mean
    return float(np.square(images.reshape(len(images), -1) - mean).sum(axis=1).mean(dtype=np.float64))


def by_level(kind: str) -> Mapping[str, FloatArray]:
    """Return the errors of all who clean, at every level of a kind of noise."""
    return _by_level(kind, _made_of())


def _made_of() -> tuple[str, ...]:
    return (*(record.created for _, record in kept.shipped(*RUNS.values())), datasets.stamp("mnist"))


@st.cache_resource(max_entries=8, show_spinner=False)
def _by_level(kind: str, made_of: tuple[str, ...]) -> Mapping[str, FloatArray]:
    return errors_by_level(kind, scored(), answers())


@dataclass(frozen=True)
class Judged:
    """Shares of images that are nearest to a real image of their own class: clean, spoiled, cleaned."""

    clean: float
    spoiled: float
    cleaned: float


@st.cache_resource(max_entries=40, show_spinner=False)
def _judged(kind: str, level: int, made_of: tuple[str, ...]) -> Judged:
    every = kept.heldout_of(kept.shipped_run(RUNS[DENOISER])[1])
    judges, images = every.take(np.arange(len(every) - N_JUDGES, len(every))), scored()
    seen = spoiled(kind, level, images)
    assert images.labels is not None  # MNIST has labels
    assert judges.labels is not None
    real, own = judges.images(), images.labels
    shares = [
        float(np.mean(taken_for(shown, real, judges.labels) == own))
        for shown in (images.images(), seen, answers()[DENOISER](seen))
    ]
    return Judged(*shares)


def judged(kind: str, level: int) -> Judged:
    """Return how many digits are still the same digit, by the nearest of 4,000 other real images."""
    return _judged(kind, level, _made_of())
