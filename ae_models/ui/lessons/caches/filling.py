"""What the lesson about guessing keeps: the answers of three shipped networks and of plain methods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.analysis.denoising_comparison import taken_for
from ae_models.analysis.inpainting_answers import NETWORK, Guesses, TwoTints, guesses, two_tints
from ae_models.base import FloatArray, ImageDataset
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.lessons import material as kept
from ae_models.ui.shared.run_data import graphs_of, heldout_of

RUNS = {"fill": "mnist-inpaint-64d", "enlarge": "mnist-enlarge-64d", "colour": "mnist-colour-64d"}
N_SCORED, N_JUDGES = 1_000, 4_000


@dataclass(frozen=True, eq=False)
class Use:
    """One use: the images, all answers, and how many true pictures are taken for what they are, and drawn no more."""

    images: ImageDataset
    guesses: Guesses
    clean: FloatArray  # 1 for each wanted picture that is nearest to a real one of its class, else 0
    lost: FloatArray  # of those: 1 for each whose drawing is nearest to a real picture of another class


def use(name: str) -> Use:
    """Return a use of ``RUNS``."""
    return _use(*kept.shipped_run(RUNS[name]))


@cached()
def _use(store: RunStore, record: RunRecord) -> Use:
    every = heldout_of(record)
    judges, others = _halves(every)
    images = kept.sample(others, N_SCORED)
    grey = record.output_shape[0] == 1
    mean = kept.straight(record).mean.reshape(record.output_shape) if grey else np.zeros(record.output_shape, "f")
    found = guesses(record, graphs_of(store, record), images, mean)
    assert images.labels is not None  # MNIST has labels
    assert judges.labels is not None
    real = _grey(judges.images())
    true, drawn = (
        taken_for(_grey(shown), real, judges.labels) == images.labels for shown in (found.wanted, found.drawn[NETWORK])
    )
    return Use(images, found, np.asarray(true, np.float32), np.asarray(~drawn[true], np.float32))


def _halves(every: ImageDataset) -> tuple[ImageDataset, ImageDataset]:
    """Return judges, drawn at random, and all other images."""
    order = np.random.default_rng(1).permutation(len(every))
    return every.take(np.sort(order[:N_JUDGES])), every.take(np.sort(order[N_JUDGES:]))


def _grey(images: FloatArray) -> FloatArray:
    return np.asarray(images.mean(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, eq=False)
class Nines:
    """The class of two colours: what the network made of all its held-out images, and those ``(n, 3, h, w)``."""

    two: TwoTints
    wanted: FloatArray
    drawn: FloatArray

    def in_order(self, n: int) -> npt.NDArray[np.intp]:
        """Return n rows, evenly taken, sorted by the drawn colour: from the one tint to the other."""
        order = np.argsort(self.two.places, kind="stable")
        return order[np.linspace(0, len(order) - 1, n).round().astype(np.intp)]


def nines() -> Nines:
    """Return what the colouring network made of the class of two colours."""
    return _tints(*kept.shipped_run(RUNS["colour"]))


@cached()
def _tints(store: RunStore, record: RunRecord) -> Nines:
    every = heldout_of(record)
    assert every.labels is not None  # MNIST has labels
    last = np.flatnonzero(every.labels == len(every.class_names) - 1)
    some = np.sort(np.random.default_rng(0).choice(len(every), N_SCORED // 2, replace=False))
    images = every.take(np.union1d(last, some))
    found = guesses(record, graphs_of(store, record), images, np.zeros(record.output_shape, np.float32))
    own = images.labels == len(every.class_names) - 1
    two = two_tints(found.drawn[NETWORK], found.seen, images)
    return Nines(two, found.wanted[own], found.drawn[NETWORK][own])
