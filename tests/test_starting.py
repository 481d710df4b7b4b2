"""The first training of one's own data: the defaults where images are many, enough steps where they are few."""

import math

import pytest

from ae_models import datasets
from ae_models.base.config import TrainConfig
from ae_models.recipes.train_request import STEPS, first_order


@pytest.mark.parametrize("n", [60_000, 40_000])
def test_many_images_are_trained_on_with_the_defaults(n, monkeypatch):
    monkeypatch.setattr(type(datasets.source("mnist")), "sizes", lambda _self: (n, 10_000))
    training = first_order("mnist").training
    assert (training.epochs, training.batch_size) == (TrainConfig().epochs, TrainConfig().batch_size)


@pytest.mark.parametrize("n", [10, 142, 480, 1_437, 5_000])
def test_few_images_get_enough_steps(n, monkeypatch):
    monkeypatch.setattr(type(datasets.source("digits")), "sizes", lambda _self: (n, 5))
    training = first_order("digits", 3).training
    steps = training.epochs * math.ceil(n / training.batch_size)
    assert steps >= min(STEPS, 400 * math.ceil(n / training.batch_size))
    assert steps <= 2 * STEPS
    assert first_order("digits", most_epochs=7).training.epochs == 7  # what the server's owner allows
