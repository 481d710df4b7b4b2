"""What the lesson about copying keeps: linear copies of every size, what three networks copy, and a memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ae_models.analysis.copying_capacity import (
    LinearCopier,
    LinearDenoiser,
    Memory,
    linear_copier,
    linear_denoiser,
    memory,
)
from ae_models.analysis.nested_pca import read_straight
from ae_models.base import FloatArray
from ae_models.base.squared_errors import squared_errors
from ae_models.corruptions import corruption
from ae_models.corruptions.noise import GaussianNoiseConfig
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.lessons import material as kept
from ae_models.ui.shared.run_data import graphs_of, rows

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 800, 1000)
NETWORKS = {
    "copier": ("Linear", "mnist-copier-800d"),
    "relu": ("ReLU", "mnist-relu-800d"),
    "sparse": ("25 of 800 at a time", "mnist-sparse-800d"),
}
NOISY = "Linear, trained with noise"
SIGMA = 0.5
N_FITTED, N_SCORED = 4_000, 300


@dataclass(frozen=True, eq=False)
class Copies:
    """Pictures of three kinds ``(n, 1, 28, 28)``, what linear maps make of them, and everybody's errors."""

    kinds: Mapping[str, FloatArray]
    noisy: FloatArray  # the digits with noise
    copier: LinearCopier
    denoiser: LinearDenoiser
    by_size: Mapping[str, FloatArray]  # (len(SIZES),) a kind
    errors: Mapping[str, Mapping[str, float]]  # of each network on each kind; "mean" is the mean image
    active: Mapping[str, float]  # units of a code that are not 0, of each network
    cleaned: Mapping[str, float]  # of noisy digits: the error as they come, of the copier, of the one with noise

    def answer(self, name: str, images: FloatArray) -> FloatArray:
        """Return what a network makes of images."""
        if name == NOISY:
            return self.denoiser(images.reshape(len(images), -1)).reshape(images.shape)
        return graphs_of(*kept.shipped_run(NETWORKS[name][1])).reconstruct(images)


def _shipped_runs(*_: object) -> object:
    """Return what all of this follows from: the shipped data stay as they are."""
    return kept.shipped(*(run_id for _, run_id in NETWORKS.values()))


@cached(seen=_shipped_runs)
def copies() -> Copies:
    """Return all of it, for what ships."""
    fitted = kept.sample(rows("mnist", "bundled", "train"), N_FITTED)
    digits = kept.sample(rows("mnist", "bundled", "heldout"), N_SCORED)
    flat = fitted.images().reshape(N_FITTED, -1)
    copier = linear_copier(flat)
    spoil = corruption("gaussian-noise", GaussianNoiseConfig(sigma=SIGMA))
    denoiser = linear_denoiser(spoil.inputs(fitted.images(), fitted.ids, seed=0).reshape(N_FITTED, -1), flat)
    varies = (flat.max(axis=0) > flat.min(axis=0)).reshape(1, *digits.shape)
    noise = np.random.default_rng(0).random((N_SCORED, *digits.shape), dtype=np.float32) * varies
    clothes = kept.sample(rows("fashion-mnist", "full", "heldout"), N_SCORED).images()
    kinds = {"digits": digits.images(), "clothes": clothes, "noise": np.asarray(noise, np.float32)}
    served = {name: graphs_of(*kept.shipped_run(run_id)) for name, (_, run_id) in NETWORKS.items()}

    def mean_error(images: FloatArray, drawn: FloatArray) -> float:
        return float(squared_errors(images, drawn).mean(dtype=np.float64))

    errors, active = {}, {}
    for name, graphs in served.items():
        codes = {kind: graphs.encode(images) for kind, images in kinds.items()}
        errors[name] = {kind: mean_error(kinds[kind], graphs.decode(found)) for kind, found in codes.items()}
        active[name] = float((np.abs(codes["digits"]) > 1e-6).sum(axis=1).mean())
    by_denoiser = {
        kind: denoiser(images.reshape(len(images), -1)).reshape(images.shape) for kind, images in kinds.items()
    }
    errors[NOISY] = {kind: mean_error(images, by_denoiser[kind]) for kind, images in kinds.items()}
    errors["mean"] = {
        kind: float(copier.errors(images.reshape(len(images), -1), [0])[0]) for kind, images in kinds.items()
    }
    noisy = spoil.inputs(digits.images(), digits.ids, seed=0)
    cleaned = {
        "nothing": mean_error(digits.images(), noisy),
        "copier": mean_error(digits.images(), served["copier"].reconstruct(noisy)),
        "sparse": mean_error(digits.images(), served["sparse"].reconstruct(noisy)),
        NOISY: mean_error(digits.images(), denoiser(noisy.reshape(N_SCORED, -1)).reshape(noisy.shape)),
    }
    by_size = {kind: copier.errors(images.reshape(len(images), -1), SIZES) for kind, images in kinds.items()}
    return Copies(kinds, noisy, copier, denoiser, by_size, errors, active, cleaned)


def units(name: str, n: int) -> FloatArray:
    """Return the pictures ``(n, 1, 28, 28)`` of the n units of a network that digits use most."""
    return _units(*kept.shipped_run(NETWORKS[name][1]), n)


@cached()
def _units(store: RunStore, record: RunRecord, n: int) -> FloatArray:
    drawn = read_straight(store, record).components.reshape(-1, *record.output_shape)
    codes = graphs_of(store, record).encode(copies().kinds["digits"])
    used = (codes.var(axis=0) * np.square(drawn).sum(axis=(1, 2, 3))).argsort()[::-1]
    return np.asarray(drawn[used[:n]], np.float32)


@dataclass(frozen=True, eq=False)
class Remembered:
    """A decoder of one number that knows some digits by heart, and what it makes of digits that it never saw."""

    known: FloatArray  # (n, p)
    drawn: FloatArray
    strange: FloatArray
    strange_drawn: FloatArray
    straight: float  # the error of PCA with one number on the strangers
    mean: float


@cached(seen=_shipped_runs)
def remembered(n: int) -> Remembered:
    """Return a memory of so many digits."""
    found = copies()
    known = rows("mnist", "bundled", "train").images(slice(0, n)).reshape(n, -1)
    strange = found.kinds["digits"].reshape(N_SCORED, -1)
    row = found.copier.axes[:, 0]  # the encoder: one row of weights

    def encode(images: FloatArray) -> FloatArray:
        return np.asarray((images.astype(np.float64) - found.copier.mean) @ row, np.float64)

    decoder: Memory = memory(encode(known), known)
    straight, mean = (float(found.copier.errors(strange, [k])[0]) for k in (1, 0))
    return Remembered(known, decoder.draw(encode(known)), strange, decoder.draw(encode(strange)), straight, mean)
