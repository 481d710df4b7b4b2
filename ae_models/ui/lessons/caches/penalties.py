"""What the lesson about penalties keeps: codes under each penalty, and clouds under each beta."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ae_models.analysis.penalty_effects import STRENGTHS, gaussian_kl, penalised
from ae_models.base import FloatArray, IntArray
from ae_models.base.squared_errors import squared_errors
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.lessons import material as kept
from ae_models.ui.shared.run_data import graphs_of, heldout_of

BETAS = {0: "mnist-ladder-2d", 1: "mnist-variational-2d", 100: "mnist-variational-collapsed-2d"}
PENALTIES = ("none", *STRENGTHS)
NUMBERS, N_SCORED, N_SAMPLES = 64, 1_000, 10


@dataclass(frozen=True, eq=False)
class Cloud:
    """Codes of held-out images ``(n, 2)`` with their clouds' deviations, what is drawn of ten, and of random codes."""

    codes: FloatArray
    spreads: FloatArray | None
    labels: IntArray
    sees: FloatArray
    draws: FloatArray
    samples: FloatArray  # drawn from the standard Gaussian
    errors: FloatArray  # (10,)
    sse: float  # of all held-out images, as everywhere
    kept: float  # R^2 against the mean image
    filled: float  # share of the Gaussian's draws that lie in one of the clouds; NaN where there are none
    kl: float  # nats; NaN where there are no clouds


def cloud(beta: int) -> Cloud:
    """Return the shipped model of a beta; 0 is an autoencoder without clouds."""
    return _cloud(*kept.shipped_run(BETAS[beta]))


@cached()
def _cloud(store: RunStore, record: RunRecord) -> Cloud:
    graphs, every = graphs_of(store, record), heldout_of(record)
    images = kept.sample(every, N_SCORED)
    codes = graphs.encode(images.images())
    spreads = graphs.spread(images.images()) if graphs.has_noise else None
    shown = kept.in_order(images, kept.one_of_each(images))
    sees, draws = images.images(shown), graphs.decode(codes[shown])
    nothing = float(kept.straight_curve(record)[0])
    random = np.random.default_rng(0).standard_normal((N_SAMPLES, record.latent_dim), dtype=np.float32)
    assert images.labels is not None  # MNIST has labels
    return Cloud(
        codes,
        spreads,
        images.labels.astype(np.intp),
        sees,
        draws,
        graphs.decode(random),
        squared_errors(sees, draws),
        record.test.sse,
        1 - record.test.sse / nothing,
        covered(codes, spreads),
        float("nan") if spreads is None else gaussian_kl(codes, spreads),
    )


def covered(codes: FloatArray, spreads: FloatArray | None, n: int = 1_000) -> float:
    """Return how many of n draws of the standard Gaussian lie within two deviations of a cloud ``(m, d)``."""
    if spreads is None:
        return float("nan")
    drawn = np.random.default_rng(0).standard_normal((n, codes.shape[1]), dtype=np.float32)
    away = np.square((drawn[:, None] - codes[None]) / spreads[None]).sum(axis=2)  # (n, m)
    return float((away.min(axis=1) <= 4).mean())


@dataclass(frozen=True, eq=False)
class Penalised:
    """Codes ``(n, k)`` under a penalty, on PCA's sheet; what is drawn of ten images; errors."""

    codes: FloatArray
    labels: IntArray
    sees: FloatArray
    draws: FloatArray
    errors: FloatArray  # (10,)
    sse: float
    at_work: float  # numbers of a code that are not 0


def under(name: str, step: int) -> Penalised:
    """Return what a penalty of ``PENALTIES`` does, in one of four steps of strength, 1 the weakest."""
    return _under(kept.shipped_run(BETAS[0])[1], name, step if name in STRENGTHS else 1)


@cached()
def _under(record: RunRecord, name: str, step: int) -> Penalised:
    images = kept.sample(heldout_of(record), N_SCORED)
    straight = kept.straight(record).cut(NUMBERS)
    strength = STRENGTHS[name][step - 1] if name in STRENGTHS else 0.0
    codes = penalised(name, straight.encode(images.images()), strength)
    shown = kept.in_order(images, kept.one_of_each(images))
    sees, draws = images.images(shown), straight.decode(codes[shown])
    assert images.labels is not None  # MNIST has labels
    return Penalised(
        codes,
        images.labels.astype(np.intp),
        sees,
        draws,
        squared_errors(sees, draws),
        float(squared_errors(images.images(), straight.decode(codes)).mean(dtype=np.float64)),
        float((codes != 0).sum(axis=1).mean()),
    )
