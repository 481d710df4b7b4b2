"""What the lesson about noise keeps: errors over noise, and what is left of the digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ae_models.analysis.classical_baselines import median_filtered
from ae_models.analysis.copying_capacity import LinearDenoiser, linear_denoiser
from ae_models.analysis.denoising_comparison import Answer, errors_by_level, spoiled, taken_for
from ae_models.base import FloatArray, ImageDataset
from ae_models.base.squared_errors import squared_errors
from ae_models.runs import RunRecord
from ae_models.runs.scoring import seen_and_wanted
from ae_models.ui.cache import cached
from ae_models.ui.lessons.caches import lessons as kept
from ae_models.ui.shared.run_data import graphs_of, rows

DENOISER, CLEAN, PCA, MEDIAN = "Denoising autoencoder", "Autoencoder, clean images only", "PCA", "Median filter"
RUNS = {DENOISER: "mnist-denoise-64d", CLEAN: "mnist-ladder-64d"}
STRAIGHT = "Straight map, trained to undo it"
N_SCORED, N_JUDGES = 500, 4_000


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
class Judged:
    """Which images are nearest to a real image of their own class, 1 or 0 each ``(n,)``: clean, spoiled, cleaned."""

    clean: FloatArray
    spoiled: FloatArray
    cleaned: FloatArray


@cached(seen=_shipped_runs)
def judged(kind: str, level: int) -> Judged:
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
    return Judged(*shares)


@cached(seen=_shipped_runs)
def not_cut_off() -> Mapping[str, float]:
    """Return the errors of all who clean where Gaussian noise of deviation 0.5 is not cut off at 0 and 1."""
    clean = scored().images()
    seen = clean + 0.5 * np.random.default_rng(0).standard_normal(clean.shape, dtype=np.float32)
    found = {name: squared_errors(clean, answer(seen)) for name, answer in answers().items()}
    return {name: float(errors.mean(dtype=np.float64)) for name, errors in found.items()}
