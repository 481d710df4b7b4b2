"""The line that is shown for an order gives that order when it is typed."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from ae_models.__main__ import _parser
from ae_models.cli.lines import line_of
from ae_models.cli.working import _order
from ae_models.recipes import TrainRequest

ORDERS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("dense", {}, {}),
    ("linear", {}, {"tied": True, "output": "sigmoid", "latent_dim": 7}),
    ("dense", {"penalty": "l2"}, {"strength": (0.05, 0.3), "learning_rate": 1e-3, "seed": 5}),
    (
        "conv",
        {"corruption": "occlusion", "penalty": "contractive"},
        {"channels": (4, 8), "size": 3, "snapshots": False},
    ),
    ("variational", {"corruption": "gaussian-noise"}, {"beta": 4.0, "body": "conv", "sigma": 0.25, "warm_up": 0.0}),
    ("published", {"name": 'Ada\'s "run" $HOME; rm -rf /'}, {"epochs": 3, "n_images": 1000, "batch_size": 17}),
]


@pytest.mark.parametrize(("model", "choices", "settings"), ORDERS, ids=str)
def test_typed_again_it_is_the_same_order(model: str, choices: Any, settings: Any) -> None:
    order = TrainRequest.of(model, "digits", **choices, settings=settings)
    words = shlex.split(line_of(order))
    assert words[:3] == ["python", "-m", "ae_models"]
    arguments = _parser().parse_args(words[3:])
    assert _order(arguments) == order


def test_defaults_are_left_out() -> None:
    assert "--set" not in line_of(TrainRequest.of("dense", "digits"))
    assert "--corruption" not in line_of(TrainRequest.of("dense", "digits"))


def test_the_bundled_images_are_asked_for_where_the_full_ones_are_here(full_data: Any) -> None:
    order = TrainRequest.of("dense", "mnist", variant="bundled")
    assert _order(_parser().parse_args(shlex.split(line_of(order))[3:])) == order
    assert "--variant" not in line_of(TrainRequest.of("dense", "mnist"))
