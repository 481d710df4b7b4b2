"""Trained on: begins with the weights of a finished run, under a fresh schedule; the old run stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load

from ae_models.base import UserError
from ae_models.recipes import TrainRequest, order_on, train
from ae_models.runs import own_runs

pytestmark = pytest.mark.slow

SETTINGS = {"widths": "16", "epochs": 3, "batch_size": 128, "threads": 1, "snapshots": False}


def order(**more: Any) -> TrainRequest:
    return TrainRequest.of("dense", "digits", settings={**SETTINGS, **more})


def weights(run_id: str) -> dict[str, torch.Tensor]:
    record = own_runs().read(run_id)
    return dict(load(own_runs().file(record, "weights.safetensors")))


def apart(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> float:
    assert left.keys() == right.keys()
    return max(float((left[name] - right[name]).abs().max()) for name in left)


def test_it_is_a_training_of_its_own_from_the_old_weights(home: Path, trained: Any, digits: Any) -> None:
    first = train(order())
    before = weights(first.id)
    second = train(order_on(first.id, 2))
    assert apart(weights(first.id), before) == 0
    assert (second.parent.run, second.parent.epochs) == (first.id, 3)  # type: ignore[union-attr]
    assert second.training["epochs"] == 2

    by_hand = trained(digits, **{**SETTINGS, "epochs": 2}, fit_with={"weights": before})
    assert apart(weights(second.id), by_hand.model.state_dict()) <= 1e-6
    # What differs from one longer training: the schedule and the optimiser's moments begin afresh.
    assert apart(weights(second.id), weights(train(order(epochs=5)).id)) > 1e-3
    afresh = trained(digits, **{**SETTINGS, "epochs": 2})
    assert second.test.sse < first.test.sse < afresh.history[-1]["heldout_sse"]

    third = train(order_on(second.id, 1))
    assert (third.parent.run, third.parent.epochs) == (second.id, 5)  # type: ignore[union-attr]


def test_without_a_number_it_has_as_many_epochs_again(home: Path) -> None:
    first = train(order(epochs=2))
    again = order_on(first.id)
    assert (again.training.epochs, again.start) == (2, first.id)
    assert TrainRequest.from_dict(again.to_dict()) == again


@pytest.mark.parametrize(
    ("run_id", "words"),
    [
        ("digits-dense-2d", "no weights to train on from"),
        ("digits-pca-2d", "no weights to train on from"),
        ("nothing-there", "unknown run"),
        ("../etc", "unknown run"),
    ],
)
def test_what_cannot_be_trained_on_is_said(home: Path, run_id: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        order_on(run_id)
    assert "\n" not in str(caught.value)


def test_other_images_are_refused(home: Path) -> None:
    first = train(order(epochs=1))
    fewer = order_on(first.id).to_dict()
    fewer["parts"][-1]["n_images"] = 500
    with pytest.raises(UserError, match="trained on other images"):
        train(TrainRequest.from_dict(fewer))
