"""What does not go together is told in one line, before torch is needed."""

from __future__ import annotations

from typing import Any

import pytest

from ae_models.autoencoders import ARCHITECTURES, PENALTIES
from ae_models.base import UserError
from ae_models.corruptions import CORRUPTIONS
from ae_models.recipes import TrainRequest

GOES_WRONG = {
    "the KL term and L1": ({"model": "variational", "penalty": "l1"}, {}, "KL term"),
    "the KL term and sparse codes": ({"model": "variational", "penalty": "k-sparse"}, {"k": 1}, "KL term"),
    "three strengths, two units": ({"penalty": "l2"}, {"strength": "1,2,3"}, "strength must be one number or one for"),
    "more units than there are": ({"penalty": "k-sparse"}, {"k": 3}, "k must be at most latent_dim"),
    "tied weights, two shapes": ({"model": "linear", "corruption": "downsample"}, {"tied": "true"}, "tied weights"),
    "cross-entropy of any number": ({"model": "linear"}, {"loss": "bce"}, "output=sigmoid"),
    "three halvings of 8 x 8": ({"model": "conv", "dataset": "digits"}, {"channels": "8,8,8,8"}, "channels"),
    "too few pixels left": ({"dataset": "digits", "corruption": "downsample"}, {}, "super-resolution needs"),
    "a factor that does not divide": ({"corruption": "downsample"}, {"factor": 3}, "factor must divide"),
    "a square that does not fit": ({"corruption": "occlusion"}, {"size": 29}, "size must be at most 28"),
}


@pytest.mark.parametrize(("names", "settings", "why"), GOES_WRONG.values(), ids=GOES_WRONG.keys())
def test_what_does_not_go_together(names: dict[str, Any], settings: dict[str, Any], why: str) -> None:
    chosen = {"model": "dense", "dataset": "mnist", **names}
    with pytest.raises(UserError, match=why) as caught:
        TrainRequest.of(chosen.pop("model"), chosen.pop("dataset"), **chosen, settings=settings)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("model", ARCHITECTURES)
def test_everything_else_combines(model: str, subtests: pytest.Subtests) -> None:
    for corruption in CORRUPTIONS:
        dataset = "mnist-tinted" if corruption == "grey-scale" else "mnist"
        for penalty in PENALTIES:
            if model != "variational" or penalty in ("none", "l2"):
                with subtests.test(corruption=corruption, penalty=penalty):
                    settings = {"latent_dim": 12, "epochs": 1}
                    order = TrainRequest.of(model, dataset, corruption=corruption, penalty=penalty, settings=settings)
                    assert TrainRequest.from_dict(order.to_dict()) == order
                    assert order.design.latent_dim == 12
