"""What the lesson about guessing keeps: the answers of three shipped networks and of plain methods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from ae_models import datasets
from ae_models.base import FloatArray, ImageDataset
from ae_models.recipes.cleaning import taken_for
from ae_models.recipes.guessing import NETWORK, Guesses, TwoTints, guesses, two_tints
from ae_models.ui.cache import graphs_of
from ae_models.ui.caches import lessons as kept

RUNS = {"fill": "mnist-inpaint-64d", "enlarge": "mnist-enlarge-64d", "colour": "mnist-colour-64d"}
N_SCORED, N_JUDGES = 1_000, 4_000


@dataclass(frozen=True, eq=False)
class Use:
    """One use: the images, all answers, and how many true pictures are taken for what they are, and drawn no more."""

    images: ImageDataset
    guesses: Guesses
    clean: float  # share of the wanted pictures that are nearest to a real one of their class
    lost: float  # share of those whose drawing is nearest to a real picture of another class


def use(name: str) -> Use:
    """Return a use of ``RUNS``."""
    record = kept.shipped_run(RUNS[name])[1]
    return _use(name, record.created, datasets.stamp(record.dataset.name))


@st.cache_resource(max_entries=6, show_spinner=False)
def _use(name: str, created: str, stamp: str) -> Use:
    store, record = kept.shipped_run(RUNS[name])
    every = kept.heldout_of(record)
    images = every.take(np.arange(N_SCORED))
    grey = record.output_shape[0] == 1
    mean = kept.straight(record).mean.reshape(record.output_shape) if grey else np.zeros(record.output_shape, "f")
    found = guesses(record, graphs_of(store, record), images, mean)
    judges = every.take(np.arange(len(every) - N_JUDGES, len(every)))
    assert images.labels is not None  # MNIST has labels
    assert judges.labels is not None
    real = _grey(judges.images())
    true, drawn = (
        taken_for(_grey(shown), real, judges.labels) == images.labels for shown in (found.wanted, found.drawn[NETWORK])
    )
    return Use(images, found, float(true.mean()), float(1 - drawn[true].mean()))


def _grey(images: FloatArray) -> FloatArray:
    return np.asarray(images.mean(axis=1, keepdims=True), np.float32)


def tints() -> TwoTints:
    """Return what the colouring network made of all held-out images of the class of two colours."""
    record = kept.shipped_run(RUNS["colour"])[1]
    return _tints(record.created, datasets.stamp(record.dataset.name))


@st.cache_resource(max_entries=2, show_spinner=False)
def _tints(created: str, stamp: str) -> TwoTints:
    store, record = kept.shipped_run(RUNS["colour"])
    every = kept.heldout_of(record)
    assert every.labels is not None  # MNIST has labels
    last = np.flatnonzero(every.labels == len(every.class_names) - 1)
    some = np.arange(N_SCORED // 2)
    images = every.take(np.union1d(last, some))
    found = guesses(record, graphs_of(store, record), images, np.zeros(record.output_shape, np.float32))
    return two_tints(found.drawn[NETWORK], found.seen, images)
